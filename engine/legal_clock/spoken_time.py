"""Working time as people say it: "Còn 1 ngày 3 giờ làm việc", "Trễ 2 ngày làm việc".

A working day is eight hours. Two units at most, cut off, never rounded up: nobody is promised
time that is not there.
"""

from datetime import datetime

from engine.calendar import Calendar
from engine.legal_clock.ledger_clock import LedgerClock
from engine.legal_clock.pause import Pause, PauseKind
from engine.legal_clock.punctuality import Punctuality
from processes.errors import Language

_MINUTE, _HOUR, _DAY = 60, 3600, 8 * 3600
_UNITS = {
    "vi": {_DAY: ("ngày", "ngày"), _HOUR: ("giờ", "giờ"), _MINUTE: ("phút", "phút")},
    "en": {_DAY: ("day", "days"), _HOUR: ("hour", "hours"), _MINUTE: ("minute", "minutes")},
}
_WAITED_FOR = {
    PauseKind.CITIZEN_SUPPLEMENT: ("chờ bổ sung", "waiting for a supplement"),
    PauseKind.CITIZEN_PAYMENT: (
        "chờ thực hiện nghĩa vụ tài chính",
        "waiting for the financial obligation",
    ),
    PauseKind.TAX: ("chờ cơ quan thuế", "waiting for the tax office"),
    PauseKind.OTHER_UNIT: ("chờ đơn vị khác", "waiting for another unit"),
    PauseKind.COUNCIL: ("chờ họp hội đồng", "waiting for the council"),
    PauseKind.FORCE_MAJEURE: ("vì bất khả kháng", "because of force majeure"),
}
_VERDICTS = {
    Punctuality.EARLY: ("Trước hạn", "Early"),
    Punctuality.ON_TIME: ("Đúng hạn", "On time"),
    Punctuality.LATE: ("Quá hạn", "Late"),
}


def spoken_working_time(seconds: int, language: Language) -> str:
    """An amount of working time.

    >>> spoken_working_time(11 * 3600, "vi")
    '1 ngày 3 giờ làm việc'
    """
    if seconds < _MINUTE:
        return "chưa đến 1 phút làm việc" if language == "vi" else "less than a working minute"
    days, rest = divmod(seconds, _DAY)
    hours, minutes = rest // _HOUR, rest % _HOUR // _MINUTE
    counted = {_DAY: days, _HOUR: hours, _MINUTE: 0 if days else minutes}
    parts = [
        f"{number} {_UNITS[language][unit][number != 1]}"
        for unit, number in counted.items()
        if number
    ]
    if language == "vi":
        return f"{' '.join(parts)} làm việc"
    first, *others = parts
    number, unit = first.split(" ")
    return " ".join([number, "working", unit, *others])


def spoken_left(seconds: int, language: Language) -> str:
    """Working time left until the due time; negative seconds are late, zero is due."""
    if seconds == 0:
        return "Đến hạn" if language == "vi" else "Due now"
    amount = spoken_working_time(abs(seconds), language)
    if seconds > 0:
        return f"Còn {amount}" if language == "vi" else f"{_capital(amount)} left"
    return f"Trễ {amount}" if language == "vi" else f"{_capital(amount)} late"


def spoken_pause(calendar: Calendar, pause: Pause, at: datetime, language: Language) -> str:
    """How long a clock has stood, in calendar days, and for what."""
    return spoken_stand(pause.kind, days_stood(calendar, pause, at), language)


def days_stood(calendar: Calendar, pause: Pause, at: datetime) -> int:
    """Calendar days from the day a pause began to the day it ended, or to that of a moment."""
    until = calendar.local(pause.until or at).date()
    return max(0, (until - calendar.local(pause.since).date()).days)


def spoken_stand(kind: PauseKind, days: int, language: Language) -> str:
    """So many calendar days of pauses of one kind; 0: within a day."""
    vi, en = _WAITED_FOR[kind]
    if language == "vi":
        return f"tạm dừng {f'{days} ngày' if days else 'trong ngày'} {vi}"
    length = f"{days} {'day' if days == 1 else 'days'}" if days else "today"
    return f"paused {length} {en}"


def waited_for(kind: PauseKind, language: Language) -> str:
    """What a pause waits for: "chờ bổ sung"."""
    return _WAITED_FOR[kind][language == "en"]


def describe(clock: LedgerClock, calendar: Calendar, at: datetime, language: Language) -> str:
    """One line on a clock: what is left of it, why it stands, or how it ended."""
    if clock.stopped:
        return _VERDICTS[clock.judge(calendar, at)][language == "en"]
    if clock.paused:
        return _capital(spoken_pause(calendar, clock.pauses[-1], at, language))
    left = clock.remaining(calendar, at)
    if left == 0 and clock.is_late(calendar, at):  # due at closing time, which is past
        return _VERDICTS[Punctuality.LATE][language == "en"]
    return spoken_left(left, language)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
