"""What a ledger clock refuses, and what to do instead."""

from processes.errors import Conflict, InvalidInput, Unmet


class BeforeStart(InvalidInput):
    """An act dated before the clock was started."""

    code = "ledger_clock.before_start"
    vi = "Thời điểm {at} trước khi bắt đầu tính giờ ({start}). Nhập thời điểm sau khi tiếp nhận."
    en = "{at} is before the clock was started ({start}). Give a moment after reception."


class ClockWentBack(InvalidInput):
    """An act dated before one that was already recorded."""

    code = "ledger_clock.went_back"
    vi = "Thời điểm {at} trước lần ghi gần nhất ({last}). Nhập thời điểm sau đó."
    en = "{at} is before what was last recorded ({last}). Give a later moment."


class AlreadyPaused(Conflict):
    """The clock stands already."""

    code = "ledger_clock.already_paused"
    vi = "Đã tạm dừng tính giờ từ {since}. Kết thúc lần tạm dừng đó trước khi tạm dừng lần nữa."
    en = "The clock is paused since {since}. End that pause before beginning another."


class NotPaused(Conflict):
    """There is no pause to end."""

    code = "ledger_clock.not_paused"
    vi = "Đồng hồ đang chạy, không có lần tạm dừng nào để kết thúc. Tải lại hồ sơ để xem."
    en = "The clock is running: there is no pause to end. Reload the dossier to see."


class ClockStopped(Conflict):
    """Handling is over; its time is settled."""

    code = "ledger_clock.stopped"
    vi = "Đã ngừng tính giờ từ {at}, thời gian không thay đổi được nữa. Tải lại hồ sơ để xem."
    en = "The clock was stopped at {at}; its time can no longer change. Reload the dossier to see."


class PausedCannotExtend(Unmet):
    """A due time cannot be put off while none is running."""

    code = "ledger_clock.paused_cannot_extend"
    vi = "Đang tạm dừng tính giờ nên chưa có ngày hẹn để gia hạn. Tiếp tục xử lý trước đã."
    en = "The clock is paused, so there is no due time to extend. Resume first."


class SecondExtension(Unmet):
    """The due time was already put off as often as allowed (NĐ 61/2018 art. 19.9: once)."""

    code = "ledger_clock.second_extension"
    vi = "Đã gia hạn {times} lần, chỉ được gia hạn {at_most} lần. Trả kết quả theo ngày đã hẹn."
    en = "Extended {times} times already, {at_most} allowed. Return the result as promised."


class ExtensionNotLater(InvalidInput):
    """An extension gives more time, not less."""

    code = "ledger_clock.extension_not_later"
    vi = "Ngày hẹn mới {due} phải sau ngày hẹn hiện tại {current} và sau lúc này. Chọn lại."
    en = "The new due time {due} must be after {current} and after now. Choose a later one."


class DueOutsideHours(InvalidInput):
    """A promise that falls where the office is closed."""

    code = "ledger_clock.due_outside_hours"
    vi = "Ngày hẹn {due} ngoài giờ làm việc. Chọn một thời điểm trong giờ, sau giờ mở cửa."
    en = "The due time {due} is outside office hours. Choose a moment within them, after opening."


class OnlySupplementRestarts(InvalidInput):
    """Only a supplement has the limit counted again from zero (NĐ 61/2018 art. 19.4)."""

    code = "ledger_clock.only_supplement_restarts"
    vi = "Chỉ bổ sung hồ sơ mới được tính lại thời hạn từ đầu. Chọn “tính tiếp phần còn lại”."
    en = "Only a supplement has the limit counted anew. Choose to continue with the rest."


class UnreadableClock(InvalidInput):
    """Stored data that no ledger clock wrote."""

    code = "ledger_clock.unreadable"
    vi = "Không đọc được dữ liệu tính giờ đã lưu ({detail}). Báo người quản trị hệ thống."
    en = "The stored clock cannot be read ({detail}). Tell the administrator."
