"""The ledger clock: the time account of a dossier or a step, with every pause and its ground.

A value: each operation gives a new one. It keeps moments in UTC and whole seconds; what it works
out with a calendar is in the calendar's zone. The due time is worked out, not kept: on another
calendar it is another, and only `original_due` and the extensions, which were promised, stand.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from typing import Any, Self

from engine.calendar import Calendar
from engine.clock import aware
from engine.legal_clock.due_time import (
    Terms,
    budget_by,
    days_put_off,
    due_by,
    due_time,
    effective_start,
    hand_over_cutoff,
)
from engine.legal_clock.pause import Extension, Pause, PauseKind, epoch, moment, moment_or_none
from engine.legal_clock.punctuality import USUAL_RULE, Punctuality, PunctualityRule
from engine.legal_clock.refusals import (
    AlreadyPaused,
    BeforeStart,
    ClockStopped,
    ClockWentBack,
    DueOutsideHours,
    ExtensionNotLater,
    NotPaused,
    OnlySupplementRestarts,
    PausedCannotExtend,
    SecondExtension,
    UnreadableClock,
)
from processes.procedure import DayCount, SupplementPolicy
from processes.time_limit import TimeLimit, Unit


@dataclass(frozen=True, slots=True)
class LedgerClock:
    """Working time allowed, used and left.

    terms: the limit and how it is counted. budget: working seconds allowed in the present count;
    for a dated limit what the calendar gave when the count began. consumed: used of it up to
    `running_since`, from which time is used, None while paused. counted_from: when the present
    count began, later than started_at after a restart. dated: the count ends with a day, as the
    terms say, until an extension promises a moment; postponed_days: by which pauses moved that day.
    """

    terms: Terms
    started_at: datetime
    original_due: datetime
    counted_from: datetime
    running_since: datetime | None
    budget: int
    consumed: int = 0
    dated: bool = False
    postponed_days: int = 0
    pauses: tuple[Pause, ...] = ()
    extensions: tuple[Extension, ...] = ()
    stopped_at: datetime | None = None

    # Acts

    @classmethod
    def start(
        cls,
        calendar: Calendar,
        at: datetime,
        limit: TimeLimit,
        *,
        day_count: DayCount = DayCount.EXACT,
        cutoff: time | None = None,
    ) -> Self:
        """Begin to count a limit for what arrived at a moment."""
        at, terms = _moment(at), Terms(limit, day_count, cutoff)
        opening, dated = _opening(calendar, at, terms), terms.is_dated
        budget = budget_by(calendar, at, terms)
        due = due_by(calendar, at, terms) if dated else calendar.add(opening, budget)
        return cls(
            terms=terms,
            started_at=at,
            original_due=_moment(due),
            counted_from=at,
            running_since=opening,
            budget=budget,
            dated=dated,
        )

    def pause(
        self,
        calendar: Calendar,
        at: datetime,
        kind: PauseKind,
        *,
        charged_to: str | None = None,
        legal_ground: str = "",
        reason: str = "",
    ) -> Self:
        """Stand still from a moment on."""
        at = self._after_last(calendar, at)
        self._require_going(calendar)
        if self.running_since is None:
            raise AlreadyPaused(since=_shown(calendar, self.pauses[-1].since))
        due = _moment(self._due(calendar, self.running_since))
        pause = Pause(kind, at, None, due, charged_to, legal_ground, reason)
        consumed = self.consumed_at(calendar, at)
        return replace(self, running_since=None, consumed=consumed, pauses=(*self.pauses, pause))

    def resume(
        self,
        calendar: Calendar,
        at: datetime,
        policy: SupplementPolicy = SupplementPolicy.CONTINUE,
    ) -> Self:
        """Go on: with the rest of the limit, or (reset, supplements only) from zero again.

        A dated limit goes on as many of its days later as it stood; "trong ngày" begins anew.
        """
        at = self._after_last(calendar, at)
        self._require_going(calendar)
        if self.running_since is not None:
            raise NotPaused
        restarts = policy is SupplementPolicy.RESET
        if restarts and self.pauses[-1].kind is not PauseKind.CITIZEN_SUPPLEMENT:
            raise OnlySupplementRestarts
        pause = replace(self.pauses[-1], until=at, restarts=restarts)
        resumed = self._restarted(calendar, at) if restarts else self._continued(calendar, at)
        return replace(resumed, pauses=(*self.pauses[:-1], pause))

    def stand_again(self, calendar: Calendar, pause: Pause) -> Self:
        """Stand for what another clock stood for, and go on where that one went on."""
        stands = self.pause(
            calendar,
            pause.since,
            pause.kind,
            charged_to=pause.charged_to,
            legal_ground=pause.legal_ground,
            reason=pause.reason,
        )
        if pause.until is None:
            return stands
        policy = SupplementPolicy.RESET if pause.restarts else SupplementPolicy.CONTINUE
        return stands.resume(calendar, pause.until, policy)

    def extend(
        self,
        calendar: Calendar,
        at: datetime,
        to: datetime | TimeLimit,
        *,
        at_most: int = 1,
        reason: str = "",
    ) -> Self:
        """Put off the due time, to a moment or by a further limit, at most so many times.

        From then on the rest is working time up to the promised moment, whatever the terms were.
        """
        at = self._after_last(calendar, at)
        self._require_going(calendar)
        if len(self.extensions) >= at_most:
            raise SecondExtension(times=len(self.extensions), at_most=at_most)
        if self.running_since is None:
            raise PausedCannotExtend
        current = self._due(calendar, self.running_since)
        due = _moment(
            to
            if isinstance(to, datetime)
            else due_time(calendar, current, to, day_count=self.terms.day_count)
        )
        if due <= max(current, at):
            raise ExtensionNotLater(due=_shown(calendar, due), current=_shown(calendar, current))
        allowed = calendar.elapsed(self.running_since, due)
        if calendar.add(self.running_since, allowed) != due:
            raise DueOutsideHours(due=_shown(calendar, due))
        extension = Extension(at, _moment(current), due, reason)
        return replace(
            self,
            budget=self.consumed + allowed,
            dated=False,
            extensions=(*self.extensions, extension),
        )

    def stop(self, calendar: Calendar, at: datetime) -> Self:
        """Handling is over; a pause that lasts ends with it."""
        at = self._after_last(calendar, at)
        self._require_going(calendar)
        calendar.clock_at(at)  # a moment the calendar does not know could never be judged
        if self.running_since is not None:
            return replace(self, stopped_at=at)
        ended = replace(self.pauses[-1], until=at)
        return replace(self, stopped_at=at, pauses=(*self.pauses[:-1], ended))

    # Questions; a moment before the last recorded act is answered as of that act

    @property
    def limit(self) -> TimeLimit:
        return self.terms.limit

    @property
    def stopped(self) -> bool:
        return self.stopped_at is not None

    @property
    def paused(self) -> bool:
        return self.running_since is None and not self.stopped

    @property
    def extended_due(self) -> datetime | None:
        """The due time last promised by an extension."""
        return self.extensions[-1].due if self.extensions else None

    @property
    def as_of(self) -> datetime:
        """The moment of the last recorded act: the next cannot be earlier."""
        pauses = [when for p in self.pauses for when in (p.since, p.until) if when]
        extended = [extension.at for extension in self.extensions]
        stopped = [self.stopped_at] if self.stopped_at else []
        return max(self.started_at, self.counted_from, *pauses, *extended, *stopped)

    def due_at(self, calendar: Calendar) -> datetime | None:
        """When the limit ends; None while nothing runs towards it (paused, or stopped paused)."""
        return None if self.running_since is None else self._due(calendar, self.running_since)

    def due_if_resumed(
        self,
        calendar: Calendar,
        at: datetime,
        policy: SupplementPolicy = SupplementPolicy.CONTINUE,
    ) -> datetime | None:
        """When the limit would end if a pause ended at a moment."""
        return self.resume(calendar, at, policy).due_at(calendar)

    def consumed_at(self, calendar: Calendar, at: datetime) -> int:
        """Working seconds used of the present count."""
        if self.running_since is None:
            return self.consumed
        used = calendar.elapsed(self.running_since, self._no_later(at))
        return self.consumed + max(0, used)

    def remaining(self, calendar: Calendar, at: datetime) -> int:
        """Working seconds left until due, negative when late."""
        if not self.dated:
            return self.budget - self.consumed_at(calendar, at)
        if self.running_since is None:
            return calendar.elapsed(self.pauses[-1].since, self.pauses[-1].due_before)
        counted = max(self.running_since, self._no_later(at))
        return calendar.elapsed(counted, self._due(calendar, self.running_since))

    def is_late(self, calendar: Calendar, at: datetime) -> bool:
        """Whether the due time has passed, even by closed time; when paused: had passed."""
        due, judged = self._due_and_moment(calendar, at)
        return judged > due

    def late_working_seconds(self, calendar: Calendar, at: datetime) -> int:
        """Working seconds past the due time, 0 when not late or late by closed time only."""
        due, judged = self._due_and_moment(calendar, at)
        return 0 if judged <= due else calendar.elapsed(due, judged)

    def paused_working_seconds(self, calendar: Calendar, at: datetime) -> int:
        """Working seconds of all pauses, the lasting one up to a moment."""
        return sum(
            max(0, calendar.elapsed(pause.since, pause.until or at)) for pause in self.pauses
        )

    def judge(
        self, calendar: Calendar, at: datetime, rule: PunctualityRule = USUAL_RULE
    ) -> Punctuality:
        """Early, on time or late as of a moment, or of the stop; paused: of when it paused."""
        due, judged = self._due_and_moment(calendar, at)
        return rule.judge(calendar, self.terms.limit, due, judged)

    # Written and read

    def to_data(self) -> dict[str, Any]:
        """Compact and JSON-able; moments are epoch seconds. `from_data` is its inverse."""
        data: dict[str, Any] = {
            **self.terms.to_data(),
            "started": epoch(self.started_at),
            "due": epoch(self.original_due),
            "from": epoch(self.counted_from),
            "budget": self.budget,
        }
        optional = {
            "running": self.running_since and epoch(self.running_since),
            "used": self.consumed or None,
            "dated": self.dated or None,
            "postponed": self.postponed_days or None,
            "pauses": [pause.to_data() for pause in self.pauses] or None,
            "extensions": [extension.to_data() for extension in self.extensions] or None,
            "stopped": self.stopped_at and epoch(self.stopped_at),
        }
        return data | {name: value for name, value in optional.items() if value is not None}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """Read what `to_data` wrote (UnreadableClock)."""
        try:
            return cls(
                terms=Terms.from_data(data),
                started_at=moment(data["started"]),
                original_due=moment(data["due"]),
                counted_from=moment(data["from"]),
                running_since=moment_or_none(data.get("running")),
                budget=int(data["budget"]),
                consumed=int(data.get("used", 0)),
                dated=bool(data.get("dated", False)),
                postponed_days=int(data.get("postponed", 0)),
                pauses=tuple(Pause.from_data(pause) for pause in data.get("pauses", ())),
                extensions=tuple(Extension.from_data(each) for each in data.get("extensions", ())),
                stopped_at=moment_or_none(data.get("stopped")),
            )
        except (KeyError, TypeError, ValueError, ArithmeticError, OSError) as unreadable:
            raise UnreadableClock(detail=repr(unreadable)) from unreadable

    # Inside

    def _restarted(self, calendar: Calendar, at: datetime) -> Self:
        return replace(
            self,
            counted_from=at,
            running_since=_opening(calendar, at, self.terms),
            budget=budget_by(calendar, at, self.terms),
            consumed=0,
            dated=self.terms.is_dated,
            postponed_days=0,
        )

    def _continued(self, calendar: Calendar, at: datetime) -> Self:
        same_day = self.dated and self.terms.limit.unit is Unit.SAME_DAY
        counted_from = at if same_day else self.counted_from
        late_start = _opening(calendar, counted_from, self.terms)  # paused before it began to count
        put_off = 0
        if self.dated and not same_day:
            put_off = days_put_off(calendar, self.terms, self.pauses[-1].since, at)
        return replace(
            self,
            counted_from=counted_from,
            running_since=max(late_start, _moment(calendar.next_open(at))),
            postponed_days=self.postponed_days + put_off,
        )

    def _due(self, calendar: Calendar, running_since: datetime) -> datetime:
        if self.dated:
            return due_by(calendar, self.counted_from, self.terms, self.postponed_days)
        left = self.budget - self.consumed
        if left < 0:  # it was late already when it paused, and stays as late
            return calendar.subtract(running_since, -left)
        return calendar.add(running_since, left)

    def _due_and_moment(self, calendar: Calendar, at: datetime) -> tuple[datetime, datetime]:
        if self.running_since is None:
            return self.pauses[-1].due_before, self.pauses[-1].since
        return self._due(calendar, self.running_since), self._no_later(at)

    def _no_later(self, at: datetime) -> datetime:
        """A moment, or that of the stop when it is past."""
        return min(_moment(at), self.stopped_at) if self.stopped_at else _moment(at)

    def _after_last(self, calendar: Calendar, at: datetime) -> datetime:
        at, last = _moment(at), self.as_of
        if at < self.started_at:
            raise BeforeStart(at=_shown(calendar, at), start=_shown(calendar, self.started_at))
        if at < last:
            raise ClockWentBack(at=_shown(calendar, at), last=_shown(calendar, last))
        return at

    def _require_going(self, calendar: Calendar) -> None:
        if self.stopped_at is not None:
            raise ClockStopped(at=_shown(calendar, self.stopped_at))


def _opening(calendar: Calendar, at: datetime, terms: Terms) -> datetime:
    return _moment(effective_start(calendar, at, hand_over_cutoff(terms)))


def _moment(at: datetime) -> datetime:
    return aware(at).astimezone(UTC).replace(microsecond=0)


def _shown(calendar: Calendar, at: datetime) -> str:
    return f"{calendar.local(at):%H:%M:%S %d/%m/%Y}"
