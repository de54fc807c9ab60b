"""What an office owes the applicant on the last day: the result, or an apology and a new date.

NĐ 61/2018 art. 19.9: at the latest one day before the time runs out the office tells the applicant
that it will be late, why, and when (form 04); the date is put off at most once, so after that
nothing is left but the result.
"""

from datetime import datetime, time, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, Text, and_, not_, or_, type_coerce

from engine.calendar import Calendar, OutsideCalendar
from engine.store.tables import dossier
from processes.time_limit import Unit

ONE_DAY = 8 * 3600
"""A working day in working seconds (TT 01/2018 practice)."""


class Duty(StrEnum):
    """What is owed now."""

    RESULT_OR_APOLOGY = "result_or_apology"
    RESULT = "result"


def duty(
    due_at: datetime | None,
    limit_ws: int | None,
    calendar: Calendar,
    at: datetime,
    *,
    may_extend: bool,
    same_day: bool = False,
) -> Duty | None:
    """What is owed for an unfinished dossier that is due then; None where nothing runs, or not yet.

    limit_ws: its whole limit in working seconds. One that is no longer than a working day, or
    “trong ngày” (same_day), has no day before: there the duty begins when the time has run out.
    """
    if due_at is None or limit_ws is None:
        return None
    has_day_before = limit_ws > ONE_DAY and not same_day
    begun = due_at < at or (has_day_before and due_at <= owed_by(calendar, at))
    if not begun:
        return None
    return Duty.RESULT_OR_APOLOGY if may_extend else Duty.RESULT


def owed_by(calendar: Calendar, at: datetime) -> datetime:
    """What is due up to then is due within one working day."""
    try:
        return calendar.add(at, ONE_DAY)
    except OutsideCalendar:
        # Less than a working day of it is left: nothing that it knows is due later than its end.
        return datetime.combine(calendar.last_day + timedelta(days=1), time.min, calendar.tz)


def owed(calendar: Calendar, at: datetime) -> ColumnElement[bool]:
    """The dossiers for which something is owed: `duty` as a condition of a statement."""
    # One range of due times first: they are found by their index, however much is open.
    near = dossier.c.due_at <= max(at, owed_by(calendar, at))
    longer = and_(dossier.c.limit_ws > ONE_DAY, not_(is_same_day()))
    return and_(dossier.c.finished_at.is_(None), near, or_(longer, dossier.c.due_at < at))


def is_same_day() -> ColumnElement[bool]:
    """Whether the limit is “trong ngày” and was not put off.

    Handed in after 15:00 it is longer than a working day, and has no day before all the same. The
    clock is kept as text in one spelling, in which words of people have their quotes escaped.
    """
    spelt = type_coerce(dossier.c.clock, Text)
    stated = spelt.contains(f',"{Unit.SAME_DAY}"]', autoescape=True)
    return and_(dossier.c.extensions == 0, stated)
