"""What is said of a file that its judge could not finish with."""

from processes.errors import Conflict, InvalidInput


class TakesTooLong(InvalidInput):
    """Judging was stopped when its time was over."""

    code = "judging.too_long"
    vi = (
        "Kiểm tra tệp quá {seconds} giây nên đã dừng. Bỏ bớt phần không cần hoặc tách sơ đồ thành "
        "nhiều quy trình rồi tải lên lại."
    )
    en = (
        "Checking the file took more than {seconds} seconds and was stopped. Leave out what is not "
        "needed or split the diagram into several procedures, and upload it again."
    )


class TakesTooMuchMemory(InvalidInput):
    """Judging needed more memory than a file may take."""

    code = "judging.too_much_memory"
    vi = (
        "Kiểm tra tệp cần quá {megabytes} MB bộ nhớ nên đã dừng. Tách sơ đồ thành nhiều quy trình "
        "rồi tải lên lại."
    )
    en = (
        "Checking the file took more than {megabytes} MB of memory and was stopped. Split the "
        "diagram into several procedures and upload it again."
    )


class JudgeFailed(InvalidInput):
    """The check itself broke down on this file: a defect of ours, told as such."""

    code = "judging.failed"
    vi = (
        "Phần mềm gặp lỗi khi kiểm tra tệp này ({reason}), tệp chưa được nhận. Gửi tệp cho người "
        "quản trị, hoặc lưu lại bằng công cụ vẽ BPMN rồi thử lại."
    )
    en = (
        "The software failed while checking this file ({reason}), so it was not accepted. Send the "
        "file to the administrator, or save it again in a BPMN tool and try once more."
    )


class JudgesBusy(Conflict):
    """Too many files are being judged at once."""

    code = "judging.busy"
    vi = "Đang có quá nhiều tệp chờ kiểm tra. Thử lại sau ít phút."
    en = "Too many files are waiting to be checked. Try again in a few minutes."
