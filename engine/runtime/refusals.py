"""Why a running dossier does not go on as asked."""

from processes.errors import Conflict, Unmet


class RunsAway(Unmet):
    """The diagram loops without ever asking a person."""

    code = "runtime.runs_away"
    vi = "Quy trình lặp tự động không dừng tại “{element}”. Báo người thiết kế sửa sơ đồ."
    en = "The procedure loops by itself without end at '{element}'. Ask the designer to mend it."


class NoWayOn(Unmet):
    """No condition out of a gateway holds, and no flow is the default."""

    code = "runtime.no_way_on"
    vi = (
        "Không điều kiện nào ở “{element}” đúng với dữ liệu đã nhập và không có luồng mặc định, "
        "nên hồ sơ chưa đi tiếp được. Kiểm tra dữ liệu, hoặc báo người thiết kế sửa sơ đồ."
    )
    en = (
        "No condition at '{element}' holds for what was entered and there is no default flow, so "
        "the dossier cannot go on. Check the entries, or ask the designer to mend the diagram."
    )


class NotOpen(Conflict):
    """The step is not (or no longer) open in this dossier."""

    code = "step.not_open"
    vi = "Bước này không còn mở: đã có người hoàn thành hoặc hồ sơ đã đổi trạng thái."
    en = "This step is no longer open: somebody completed it or the dossier has moved on."


class NothingWaits(NotOpen):
    """Nothing in the dossier waits for what has come."""

    code = "event.nothing_waits"
    vi = "Hồ sơ không chờ “{name}” lúc này. Đang chờ: {waits}."
    en = "The dossier does not wait for '{name}' now. It waits for: {waits}."


class CannotSendBack(Unmet):
    """The diagram does not allow going back there from here."""

    code = "step.cannot_send_back"
    vi = (
        "Không thể trả lại bước “{element}” từ bước này: các nhánh song song sẽ mất đồng bộ. "
        "Chọn bước khác trong danh sách."
    )
    en = (
        "Cannot send back to '{element}' from here: parallel branches would get out of step. "
        "Choose another step from the list."
    )
