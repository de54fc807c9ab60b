"""Before a version is in force: every limit it states can be armed on the office's calendar.

A limit that ends after the calendar would fail when the first dossier comes to it; so it is said to
the designer, with the step and the day on which the calendar ends.
"""

from collections.abc import Iterator
from datetime import datetime, time

from sqlalchemy import Connection

from engine.calendar import Calendar, OutsideCalendar
from engine.legal_clock.due_time import due_time
from engine.office import NoCalendar, Office
from engine.working_calendar.office_hours import spoken_date
from processes.errors import Unmet
from processes.procedure import DayCount, Procedure
from processes.time_limit import TimeLimit


class LimitCannotBeArmed(Unmet):
    """A limit that the calendar does not reach."""

    code = "procedure.limit_cannot_be_armed"
    vi = (
        "Không hẹn giờ được cho {what_vi}: thời hạn {limit_vi} dài quá lịch làm việc "
        "(đến {last_day}). Rút ngắn thời hạn, hoặc kéo dài lịch rồi ban hành lại."
    )
    en = (
        "The limit of {what_en} cannot be armed: {limit_en} goes beyond the calendar "
        "(to {last_day}). Shorten the limit, or lengthen the calendar, and publish again."
    )


def require_armable(
    office: Office, connection: Connection, agency_id: str, procedure: Procedure
) -> None:
    """Refuse a procedure with a limit that could not be armed today.

    Where the office has no calendar yet nothing can be received either. Errors: LimitCannotBeArmed.
    """
    try:
        calendar = office.calendar(connection, agency_id)
    except NoCalendar:
        return
    start = max(
        office.clock.now(), datetime.combine(calendar.first_day, time.min, tzinfo=calendar.tz)
    )
    for what_vi, what_en, limit, day_count in _limits(procedure):
        if limit.amount > 0 and not _reaches(calendar, start, limit, day_count):
            raise LimitCannotBeArmed(
                what_vi=what_vi,
                what_en=what_en,
                limit_vi=limit.format("vi"),
                limit_en=limit.format("en"),
                last_day=spoken_date(calendar.last_day),
            )


def _limits(procedure: Procedure) -> Iterator[tuple[str, str, TimeLimit, DayCount]]:
    for case in procedure.cases:
        if case.limit is not None:
            of_case = f"trường hợp “{case.name}”", f"case '{case.name}'"
            yield *of_case, case.limit, procedure.day_count
    for step in procedure.steps:
        for limit in step.limits.values():
            yield f"bước “{step.name}”", f"step '{step.name}'", limit, DayCount.EXACT


def _reaches(calendar: Calendar, start: datetime, limit: TimeLimit, day_count: DayCount) -> bool:
    try:
        due_time(calendar, start, limit, day_count=day_count)
    except (OutsideCalendar, OverflowError, ValueError):  # or further than there are dates
        return False
    return True
