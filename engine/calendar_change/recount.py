"""A clock counted again on another calendar, as if that one had been known from the start.

What was promised stands: the first due time and the extensions; what follows from the calendar
is worked out anew. On its own calendar a clock comes out as it is.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from engine.calendar import Calendar
from engine.legal_clock.due_time import effective_start
from engine.legal_clock.ledger_clock import LedgerClock
from engine.legal_clock.pause import Extension, epoch, moment

_PLAIN_LACKS = frozenset({"pauses", "extensions", "stopped", "dated", "used"})


@dataclass(frozen=True, slots=True)
class ChangedSpan:
    """From which epoch second to which two calendars differ at most."""

    first: int
    beyond: int

    def touches(self, begin: int, end: int) -> bool:
        """Whether something between two moments may be counted otherwise."""
        return begin < self.beyond and self.first < end


@lru_cache(maxsize=256)
def changed_span(before: Calendar, after: Calendar) -> ChangedSpan | None:
    """The days on which two calendars differ, and all between them; None where no day differs."""
    changed = list(_differing(before, after))
    if not changed:
        return None
    first = datetime.combine(changed[0], time.min, after.tz)
    beyond = datetime.combine(changed[-1] + timedelta(days=1), time.min, after.tz)
    if before.zone != after.zone or before.first_day != after.first_day:
        return ChangedSpan(0, epoch(beyond))
    return ChangedSpan(epoch(first), epoch(beyond))


def _differing(before: Calendar, after: Calendar) -> Iterator[date]:
    """Days that only one of them knows count as different."""
    first, last = (
        pick(getattr(before, name), getattr(after, name))
        for pick, name in ((min, "first_day"), (max, "last_day"))
    )
    for offset in range((last - first).days + 1):
        day = first + timedelta(days=offset)
        both = all(each.first_day <= day <= each.last_day for each in (before, after))
        if not both or before.zone != after.zone or _hours(before, day) != _hours(after, day):
            yield day


def _hours(calendar: Calendar, day: date) -> Any:
    return calendar.sessions_on(day)


def recounted(clock: LedgerClock, calendar: Calendar) -> LedgerClock:
    """The clock on a calendar. A stopped clock was judged and stays as it is.

    A due time that an extension promised on a day that is now off moves to the close of the next
    working day (Civil Code 2015 art. 148.5). Errors: OutsideCalendar.
    """
    if clock.stopped:
        return clock
    terms = clock.terms
    made = LedgerClock.start(
        calendar, clock.started_at, terms.limit, day_count=terms.day_count, cutoff=terms.cutoff
    )
    made = replace(made, original_due=clock.original_due)
    waiting = list(clock.extensions)
    for pause in clock.pauses:
        while waiting and waiting[0].at <= pause.since:
            made = _extended(made, calendar, waiting.pop(0))
        made = made.stand_again(calendar, pause)
    for extension in waiting:
        made = _extended(made, calendar, extension)
    return made


def recounted_data(
    data: Mapping[str, Any], calendar: Calendar
) -> tuple[dict[str, Any], int | None]:
    """`recounted` for a stored clock: what is to be stored, and the due time in epoch seconds.

    Most clocks run on an exact limit and never stood: those are counted as they are stored.
    """
    if is_plain(data):
        running = opening_of(data, calendar)
        return {**data, "running": running}, calendar.add_epoch(running, data["budget"])
    clock = recounted(LedgerClock.from_data(data), calendar)
    due = clock.due_at(calendar)
    return clock.to_data(), None if due is None else epoch(due)


def is_plain(data: Mapping[str, Any]) -> bool:
    """Whether a stored clock runs on an exact limit from its beginning and never stood."""
    return "running" in data and data["from"] == data["started"] and not _marked(data)


def opening_of(data: Mapping[str, Any], calendar: Calendar) -> int:
    """From which epoch second a plain stored clock runs."""
    if "cutoff" not in data:
        return calendar.next_open_epoch(data["from"])
    return _handed_over(calendar, data["from"], data["cutoff"])


@lru_cache(10_000)  # a dossier and its first step begin together
def _handed_over(calendar: Calendar, at: int, cutoff: str) -> int:
    return epoch(effective_start(calendar, moment(at), time.fromisoformat(cutoff)))


def _marked(data: Mapping[str, Any]) -> bool:
    return not _PLAIN_LACKS.isdisjoint(data)


def _extended(clock: LedgerClock, calendar: Calendar, extension: Extension) -> LedgerClock:
    assert clock.running_since is not None  # only what runs is extended
    due = _kept_promise(calendar, extension.due)
    allowed = calendar.elapsed(clock.running_since, due)
    return replace(
        clock,
        budget=clock.consumed + allowed,
        dated=False,
        extensions=(*clock.extensions, extension),
    )


def _kept_promise(calendar: Calendar, due: datetime) -> datetime:
    """A promised moment, or the close of the day to which a day off puts it."""
    day = calendar.local(due).date()
    if calendar.is_working_day(day) and due > calendar.start_of_day(day):
        return due
    return calendar.end_of_day(calendar.next_working_day(day))
