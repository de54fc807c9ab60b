"""The clock of a dossier or a step in one sentence, for people.

"Còn 1 ngày 3 giờ làm việc; tạm dừng 2 ngày chờ bổ sung."
"""

from collections.abc import Iterator
from datetime import datetime

from engine.calendar import Calendar
from engine.legal_clock.ledger_clock import LedgerClock
from engine.legal_clock.pause import Pause, PauseKind
from engine.legal_clock.picture import ClockPicture, MarkKind
from engine.legal_clock.punctuality import Punctuality
from engine.legal_clock.spoken_time import (
    days_stood,
    spoken_left,
    spoken_pause,
    spoken_stand,
    spoken_working_time,
)
from processes.errors import Language

NO_LIMIT = (
    "Quy trình không đặt thời hạn cho hồ sơ này.",
    "The procedure sets no time limit for this dossier.",
)
UNREADABLE = (
    "Không đọc được dữ liệu tính giờ đã lưu. Báo người quản trị hệ thống.",
    "The stored clock cannot be read. Tell the administrator.",
)
_ENDED = {
    Punctuality.EARLY: ("Xong trước hạn", "Done early"),
    Punctuality.ON_TIME: ("Xong đúng hạn", "Done on time"),
    Punctuality.LATE: ("Xong quá hạn", "Done late"),
}


def clock_sentence(
    clock: LedgerClock,
    calendar: Calendar,
    at: datetime,
    picture: ClockPicture,
    language: Language,
    *,
    result: Punctuality | None = None,
) -> str:
    """What is left or how it ended; why it stood; what put the due time off.

    result: the verdict as it was stored when handling ended, which stands.
    """
    said = [_head(clock, calendar, at, picture, language, result)]
    said += _pauses(clock, calendar, at, language)
    said += _moved(clock, calendar, picture, language)
    return "; ".join(said) + "."


def _head(
    clock: LedgerClock,
    calendar: Calendar,
    at: datetime,
    picture: ClockPicture,
    language: Language,
    result: Punctuality | None,
) -> str:
    english = language == "en"
    if clock.stopped:
        verdict = result or clock.judge(calendar, at)
        head = _ENDED[verdict][english]
        if verdict is Punctuality.LATE:
            late = clock.late_working_seconds(calendar, at)
            amount = spoken_working_time(late, language)
            return f"{head}{' by' if english else ''} {amount}" if late else head
        used = spoken_working_time(picture.consumed, language)
        if not picture.budget:
            return head
        allowed = spoken_working_time(picture.budget, language)
        return f"{head}, {f'{used} of {allowed} used' if english else f'dùng {used} / {allowed}'}"
    if picture.restarts:
        whole = spoken_working_time(picture.left, language)
        return (
            f"The limit will be counted from zero when it goes on: {whole}"
            if english
            else f"Khi tiếp tục, thời hạn tính lại từ đầu: {whole}"
        )
    if picture.late and picture.left >= 0:
        return "Past the due time" if english else "Quá hạn"
    return spoken_left(picture.left, language)


def _pauses(
    clock: LedgerClock, calendar: Calendar, at: datetime, language: Language
) -> Iterator[str]:
    """The pause that lasts, then those that are over, by what was waited for."""
    over: dict[PauseKind, int] = {}
    lasting: Pause | None = None
    for pause in clock.pauses:
        if pause.until is None:
            lasting = pause
        else:
            over[pause.kind] = over.get(pause.kind, 0) + days_stood(calendar, pause, at)
    if lasting is not None:
        yield spoken_pause(calendar, lasting, at, language)
    for kind, days in over.items():
        said = spoken_stand(kind, days, language)
        if language == "vi":
            yield f"đã {said}"
        else:
            yield said.replace("today", "within a day")


def _moved(
    clock: LedgerClock, calendar: Calendar, picture: ClockPicture, language: Language
) -> Iterator[str]:
    english = language == "en"
    restarts = [pause.until for pause in clock.pauses if pause.restarts and pause.until]
    if restarts:
        day = f"{calendar.local(restarts[-1]):%d/%m/%Y}"
        yield f"counted from zero since {day}" if english else f"tính lại từ đầu từ {day}"
    if clock.extensions:
        due = f"{calendar.local(clock.extensions[-1].due):%H:%M %d/%m/%Y}"
        yield f"extended to {due}" if english else f"đã gia hạn đến {due}"
    limit = picture.mark(MarkKind.LIMIT)
    untouched = not clock.pauses and not clock.extensions
    if untouched and limit and limit.moment and limit.moment != clock.original_due:
        was = f"{calendar.local(clock.original_due):%H:%M %d/%m/%Y}"
        yield (
            f"the calendar moved the due time from {was}"
            if english
            else f"lịch làm việc dời hạn từ {was}"
        )
