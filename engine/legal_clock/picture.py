"""The clock of a dossier or a step as a picture: what its working time went to, and what is left.

Everything lies on one axis, the working seconds since the count began: what steps used, pauses,
what is left, and marks for now and the due times. A value; nothing here reads a clock.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from engine.calendar import Calendar, OutsideCalendar
from engine.legal_clock.due_time import effective_start, hand_over_cutoff
from engine.legal_clock.ledger_clock import LedgerClock
from engine.legal_clock.pause import Pause, PauseKind
from engine.legal_clock.statutory_measure import Measure
from processes.procedure import SupplementPolicy
from processes.time_limit import Unit

_MOST_DAYS = 24
_STEPS = (1, 2, 5, 10, 20, 50, 100, 250, 500, 1000, 2500)


class PartKind(StrEnum):
    """What a stretch of working time was."""

    USED = "used"
    OVER = "over"  # used, past the limit
    PAUSED = "paused"
    VOID = "void"  # used, but the limit was counted again from zero afterwards
    UNCOUNTED = "uncounted"  # open office time before the count begins: handed in after 15:00
    LEFT = "left"


class MarkKind(StrEnum):
    """A moment on the axis."""

    NOW = "now"
    ENDED = "ended"
    LIMIT = "limit"
    ORIGINAL = "original"
    STATUTORY = "statutory"  # due by QĐ 766


@dataclass(frozen=True, slots=True)
class Stretch:
    """A step that was open; until: None while it is."""

    name: str
    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class PicturePart:
    """A part of the bar. begin, end: working seconds since the count began.

    since, until: its moments; None where they lie ahead and no calendar knows them yet. steps: the
    names of the steps open in it, several where they were open side by side.
    """

    kind: PartKind
    begin: int
    end: int
    since: datetime | None = None
    until: datetime | None = None
    steps: tuple[str, ...] = ()
    pause: Pause | None = None

    @property
    def seconds(self) -> int:
        return self.end - self.begin


@dataclass(frozen=True, slots=True)
class Mark:
    """A moment, and where it lies."""

    kind: MarkKind
    at: int
    moment: datetime | None


@dataclass(frozen=True, slots=True)
class DayTick:
    """Where a working day begins."""

    day: date
    at: int


@dataclass(frozen=True, slots=True)
class ClockPicture:
    """budget, consumed, left: working seconds of the present count; left is negative when late.

    late: also by closed time only. difference: what was consumed by the calendar that counted then
    and not by the present one; 0 but for what ended before the calendar was changed.
    extended: the due time was put off. restarts: while it is paused: it will be counted from zero.
    """

    parts: tuple[PicturePart, ...]
    marks: tuple[Mark, ...]
    days: tuple[DayTick, ...]
    budget: int
    consumed: int
    left: int
    difference: int
    paused: bool
    stopped: bool
    late: bool
    extended: bool
    restarts: bool

    @property
    def length(self) -> int:
        """Of the axis, never 0."""
        ends = [part.end for part in self.parts] + [mark.at for mark in self.marks]
        return max(1, *ends)

    @property
    def shown_consumed(self) -> int:
        """What the drawn parts say was consumed; with the difference it is `consumed`."""
        counted = (PartKind.USED, PartKind.OVER)
        return sum(part.seconds for part in self.parts if part.kind in counted)

    def mark(self, kind: MarkKind) -> Mark | None:
        return next((mark for mark in self.marks if mark.kind is kind), None)

    def of_kind(self, kind: PartKind) -> tuple[PicturePart, ...]:
        return tuple(part for part in self.parts if part.kind is kind)


def clock_picture(
    clock: LedgerClock,
    calendar: Calendar,
    at: datetime,
    steps: Sequence[Stretch] = (),
    *,
    measure: Measure | None = None,
    policy: SupplementPolicy = SupplementPolicy.CONTINUE,
) -> ClockPicture:
    """The picture as of a moment, or of the stop. policy: how a supplement lets it go on."""
    until = clock.stopped_at or max(at, clock.as_of)
    going, restarts = _if_resumed(clock, calendar, until, policy)
    left = going.remaining(calendar, until)
    passed = _slices(_past(clock, calendar, until), calendar, clock.started_at, steps)
    passed = _with_over(passed, calendar, -left)
    ahead = _ahead(going, calendar, until, passed[-1].end if passed else 0, left)
    parts = (*passed, *ahead)
    consumed = clock.consumed_at(calendar, until)
    picture = ClockPicture(
        parts=parts,
        marks=(),
        days=(),
        budget=going.budget,
        consumed=consumed,
        left=left,
        difference=0,
        paused=clock.paused,
        stopped=clock.stopped,
        late=clock.is_late(calendar, until),
        extended=bool(clock.extensions),
        restarts=restarts,
    )
    marked = replace(
        picture,
        difference=consumed - picture.shown_consumed,
        marks=_marks(clock, going, calendar, until, parts, measure),
    )
    return replace(marked, days=_days(calendar, clock.started_at, marked.length))


# What was


def _if_resumed(
    clock: LedgerClock, calendar: Calendar, until: datetime, policy: SupplementPolicy
) -> tuple[LedgerClock, bool]:
    """The clock as it would go on now; and whether that would be from zero."""
    if not clock.paused:
        return clock, False
    supplement = clock.pauses[-1].kind is PauseKind.CITIZEN_SUPPLEMENT
    restarts = supplement and policy is SupplementPolicy.RESET
    used = SupplementPolicy.RESET if restarts else SupplementPolicy.CONTINUE
    try:
        going = clock.resume(calendar, until, used)
        going.due_at(calendar)
    except OutsideCalendar:  # it would end after the calendar does: what is left is known all same
        return clock, False
    return going, restarts


def _past(clock: LedgerClock, calendar: Calendar, until: datetime) -> list[PicturePart]:
    """Used and paused in the order it happened, positions not yet filled in."""
    found: list[PicturePart] = []
    cursor = counted_from = clock.started_at
    for pause in clock.pauses:
        found += _running(clock, calendar, counted_from, cursor, pause.since)
        cursor = pause.until or until
        found.append(_stretch(PartKind.PAUSED, pause.since, cursor, pause))
        if pause.restarts:
            found = [_voided(part) for part in found]
        if pause.restarts or _day_anew(clock):
            counted_from = cursor
    if not (clock.pauses and clock.pauses[-1].until is None):
        found += _running(clock, calendar, counted_from, cursor, until)
    return found


def _day_anew(clock: LedgerClock) -> bool:
    """“Trong ngày” begins its day anew after each pause."""
    return clock.dated and clock.terms.limit.unit is Unit.SAME_DAY


def _running(
    clock: LedgerClock, calendar: Calendar, counted_from: datetime, since: datetime, until: datetime
) -> Iterator[PicturePart]:
    opening = effective_start(calendar, counted_from, hand_over_cutoff(clock.terms))
    begins = min(max(opening, since), max(since, until))
    if begins > since:
        yield _stretch(PartKind.UNCOUNTED, since, begins)
    if until > begins:
        yield _stretch(PartKind.USED, begins, until)


def _stretch(
    kind: PartKind, since: datetime, until: datetime, pause: Pause | None = None
) -> PicturePart:
    return PicturePart(kind, 0, 0, since, until, (), pause)


def _voided(part: PicturePart) -> PicturePart:
    return replace(part, kind=PartKind.VOID) if part.kind is PartKind.USED else part


def _slices(
    past: Sequence[PicturePart], calendar: Calendar, start: datetime, steps: Sequence[Stretch]
) -> list[PicturePart]:
    """Used parts cut where steps open and end, all parts with their place on the axis.

    Places are readings of the working clock, so that they add up whatever the cuts are.
    """
    found: list[PicturePart] = []
    for part in past:
        for piece in _cut(part, steps):
            begin, end = (calendar.elapsed(start, at) for at in (piece.since, piece.until) if at)
            placed = replace(piece, begin=begin, end=end)
            if placed.seconds == 0 and placed.kind is not PartKind.PAUSED:
                continue
            if found and _continues(found[-1], placed):
                found[-1] = replace(found[-1], end=placed.end, until=placed.until)
            else:
                found.append(placed)
    return found


def _cut(part: PicturePart, steps: Sequence[Stretch]) -> Iterator[PicturePart]:
    if part.kind not in (PartKind.USED, PartKind.VOID) or part.since is None or part.until is None:
        yield part
        return
    since, until = part.since, part.until
    bounds = {bound for step in steps for bound in (step.since, step.until) if bound}
    inner = sorted(bound for bound in bounds if since < bound < until)
    for begin, end in zip([since, *inner], [*inner, until], strict=True):
        names = [s.name for s in steps if s.since <= begin and (s.until is None or s.until >= end)]
        yield replace(part, since=begin, until=end, steps=tuple(dict.fromkeys(names)))


def _continues(before: PicturePart, after: PicturePart) -> bool:
    same = before.kind is after.kind and before.steps == after.steps
    return same and before.kind is not PartKind.PAUSED and before.end == after.begin


def _with_over(parts: list[PicturePart], calendar: Calendar, late: int) -> list[PicturePart]:
    """The last so many used seconds lie past the limit."""
    found: list[PicturePart] = []
    for part in reversed(parts):
        if part.kind is not PartKind.USED or late <= 0:
            found.append(part)
            continue
        over = min(late, part.seconds)
        late -= over
        if over == part.seconds:
            found.append(replace(part, kind=PartKind.OVER))
            continue
        middle = part.end - over
        at = None if part.since is None else calendar.add(part.since, middle - part.begin)
        found.append(replace(part, kind=PartKind.OVER, begin=middle, since=at))
        found.append(replace(part, end=middle, until=at))
    return found[::-1]


# What comes


def _ahead(
    going: LedgerClock, calendar: Calendar, until: datetime, begin: int, left: int
) -> Iterator[PicturePart]:
    opens = going.running_since
    if opens is not None and opens > until and not going.stopped:
        waits = calendar.elapsed(until, opens)
        if waits > 0:
            yield PicturePart(PartKind.UNCOUNTED, begin, begin + waits, until, opens)
            begin += waits
    if left > 0:
        since = opens if opens is not None and opens > until else until
        yield PicturePart(PartKind.LEFT, begin, begin + left, since, going.due_at(calendar))


def _marks(
    clock: LedgerClock,
    going: LedgerClock,
    calendar: Calendar,
    until: datetime,
    parts: Sequence[PicturePart],
    measure: Measure | None,
) -> tuple[Mark, ...]:
    """Now or the end, the limit, and the other due times where they lie elsewhere."""
    start = clock.started_at
    here = calendar.elapsed(start, until)
    limit = Mark(MarkKind.LIMIT, _limit_place(parts, here), going.due_at(calendar))
    found = [Mark(MarkKind.ENDED if clock.stopped else MarkKind.NOW, here, until), limit]
    first = calendar.elapsed(start, clock.original_due)
    if first != limit.at:
        found.append(Mark(MarkKind.ORIGINAL, first, clock.original_due))
    if measure is not None:
        place = calendar.elapsed(start, measure.due) + _asked_still(clock, calendar, until)
        if place != limit.at:
            found.append(Mark(MarkKind.STATUTORY, place, measure.due))
    return tuple(found)


def _asked_still(clock: LedgerClock, calendar: Calendar, until: datetime) -> int:
    """Working time of a supplement that lasts: the measure will take it off too."""
    if not clock.paused or clock.pauses[-1].kind is not PauseKind.CITIZEN_SUPPLEMENT:
        return 0
    return calendar.elapsed(clock.pauses[-1].since, until)


def _limit_place(parts: Sequence[PicturePart], here: int) -> int:
    over = next((part.begin for part in parts if part.kind is PartKind.OVER), None)
    if over is not None:
        return over
    left = next((part.end for part in parts if part.kind is PartKind.LEFT), None)
    return here if left is None else left


def _days(calendar: Calendar, start: datetime, length: int) -> tuple[DayTick, ...]:
    """Where working days begin, every so many of them where there are too many to be seen."""
    found: list[DayTick] = []
    day = calendar.local(start).date()
    while day < calendar.last_day:
        try:
            day = calendar.next_working_day(day + timedelta(days=1))
        except OutsideCalendar:  # no further working day is known
            break
        at = calendar.elapsed(start, calendar.start_of_day(day))
        if at >= length:
            break
        found.append(DayTick(day, at))
    each = next((step for step in _STEPS if len(found) <= step * _MOST_DAYS), _STEPS[-1])
    return tuple(found[::each])
