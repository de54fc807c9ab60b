"""What the doors themselves refuse, before any act of the office is asked for."""

from processes.errors import Conflict, InvalidInput, NotAllowed, NotFound, RuleError


class InvalidRequest(InvalidInput):
    """Fields of the request are missing, unknown or of the wrong type; they are listed."""

    code = "request.invalid"
    vi = "Yêu cầu có {number} trường chưa đúng: {names}. Sửa các trường đó rồi gửi lại."
    en = "{number} fields of the request are not valid: {names}. Mend them and send again."


class BadRequest(InvalidInput):
    """The request cannot be read at all."""

    code = "request.unreadable"
    vi = "Không đọc được yêu cầu: {detail_vi}"
    en = "The request cannot be read: {detail_en}"


class BodyTooLarge(InvalidInput):
    """More bytes than any request of ours has."""

    code = "request.too_large"
    vi = "Nội dung gửi lên vượt quá {limit} byte. Thu nhỏ tệp rồi gửi lại."
    en = "The body is larger than {limit} bytes. Make the file smaller and send it again."


class RangeNotThere(InvalidInput):
    """A part of a file that lies behind its end."""

    code = "request.range"
    vi = "Tệp chỉ có {size} byte, không có phần được yêu cầu. Tải lại từ đầu."
    en = "The file has {size} bytes only and not the part that was asked for. Download it anew."


class WrongMediaType(InvalidInput):
    """The body is of a kind that this address does not take."""

    code = "request.media_type"
    vi = "Không nhận nội dung kiểu “{given}” ở đây. Gửi một trong: {expected}."
    en = "Bodies of type '{given}' are not taken here. Send one of: {expected}."


class NoSuchAddress(NotFound):
    """There is nothing at that address."""

    code = "address.not_found"
    vi = "Không có gì ở địa chỉ {path}. Kiểm tra lại đường dẫn."
    en = "There is nothing at {path}. Check the address."


class WrongMethod(InvalidInput):
    """The address does not know that method."""

    code = "address.wrong_method"
    vi = "Địa chỉ {path} không nhận phương thức {method}."
    en = "{path} does not take the method {method}."


class ForeignPage(NotAllowed):
    """A page of another site, or a forged form, sent the request."""

    code = "session.foreign_page"
    vi = (
        "Yêu cầu không đến từ trang của hệ thống nên bị từ chối. Tải lại trang rồi thử lại; "
        "chương trình máy thì gửi tiêu đề X-CSRF-Token hoặc Authorization: Bearer."
    )
    en = (
        "The request did not come from a page of this system and was refused. Reload the page and "
        "try again; programs send the header X-CSRF-Token or Authorization: Bearer."
    )


class LoginsBusy(NotAllowed):
    """So many people log in at once that another would have to wait too long."""

    code = "login.busy"
    vi = "Đang có quá nhiều lượt đăng nhập cùng lúc. Chờ vài giây rồi thử lại."
    en = "Too many people are logging in at once. Wait a few seconds and try again."


class StateChanged(Conflict):
    """Others changed the same thing again and again while this was tried."""

    code = "state.changed"
    vi = "Nhiều người cùng thao tác trên hồ sơ này, lần này chưa ghi được. Tải lại rồi thử lại."
    en = "Others act on this dossier at the same time; nothing was written. Reload and try again."


class DatabaseUnavailable(RuleError):
    """The database does not answer."""

    code = "database.unavailable"
    vi = "Cơ sở dữ liệu tạm thời không trả lời. Thử lại sau ít phút; mã sự cố {id}."
    en = "The database does not answer at present. Try again in a few minutes; incident {id}."


class NotReady(RuleError):
    """The server runs, but cannot do its work yet or any more."""

    code = "server.not_ready"
    vi = "Máy chủ chưa sẵn sàng: {detail_vi}"
    en = "The server is not ready: {detail_en}"


class Failure(RuleError):
    """Something that nobody foresaw; it is in the log under the id."""

    code = "server.failure"
    vi = "Hệ thống gặp sự cố ngoài dự kiến. Báo quản trị mã sự cố {id}."
    en = "Something unexpected happened. Tell the administrator the incident id {id}."
