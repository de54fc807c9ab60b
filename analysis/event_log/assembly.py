"""How lines become a log: names shared, times read, cases ordered, oddities counted."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import tzinfo
from itertools import islice, pairwise
from operator import eq
from unicodedata import normalize

from analysis.event_log.columns import Role
from analysis.event_log.findings import Tally, shown
from analysis.event_log.invalid_log import LogTimesUnreadable, LogTooLarge, LogWithoutEvents
from analysis.event_log.limits import LogLimits
from analysis.event_log.log import Event, EventLog, LogFormat, Trace
from analysis.event_log.outliers import note_outliers
from analysis.event_log.step_runs import BEFORE_THE_END
from analysis.event_log.time_stamp import DAY_US, DateOrder, Instant, date_parts, read_instant

_ROUNDED = re.compile(r"\d[.,]\d+E\+\d+", re.ASCII)
"""A long number as a spreadsheet shows it, digits lost."""


_SLASHES = frozenset("/.-")
_FIRST, _MONTHS = -(2**62), 12


class Assembly:
    """Collects one log while its file is read, whatever the format.

    zone: of time stamps that name none. order: of dates written with slashes; where the file was
    not asked (None) the day is first, and such dates are told.
    """

    def __init__(
        self,
        name: str,
        limits: LogLimits,
        zone: tzinfo,
        order: DateOrder | None = None,
    ) -> None:
        self.tally = Tally()
        self._name, self._limits, self._zone = name, limits, zone
        self._order, self._asked = order or DateOrder.DAY_FIRST, order is not None
        self._shared: dict[str, str] = {}
        self._instances = 0
        self._instances_pair = self._lifecycle = False
        self._traces: list[Trace] = []
        self._case_ids: set[str] = set()
        self._events = 0
        self._times_read = 0
        self._unreadable = ""

    def event(
        self, case_id: str, told: Mapping[Role, str], line: int | None = None
    ) -> Event | None:
        """One event of a case from what its line tells; None (and counted) without activity."""
        self._events += 1
        if self._events > self._limits.events:
            raise LogTooLarge(name=self._name, bound="events", most=self._limits.events)
        if not (activity := self._share(told.get(Role.ACTIVITY))):
            self.tally.note(
                "log-event-without-activity", case_id, "?" if line is None else str(line)
            )
            return None
        event = Event(
            activity,
            self._time(case_id, told.get(Role.TIME), of_event=True),
            self._share(told.get(Role.TRANSITION)),
            self._share(told.get(Role.RESOURCE)),
            self._share(told.get(Role.GROUP)),
            self._checked(told.get(Role.INSTANCE)),
            self._time(case_id, told.get(Role.STARTED)),
            self._time(case_id, told.get(Role.ENABLED)),
        )
        if event.at_us is None and _moment(event) is None and not told.get(Role.TIME, "").strip():
            self.tally.note("log-time-missing", case_id)
        return event

    def case(self, case_id: str, events: Iterable[Event], dates: Mapping[Role, str]) -> None:
        """One whole case; `dates` are its own: deadline, planned end, end."""
        case_id = named(self._checked(case_id) or "")
        if _ROUNDED.fullmatch(case_id):
            self.tally.note("log-case-name-rounded", case_id, case_id)
        if case_id in self._case_ids:
            self.tally.note("log-case-name-repeated", case_id)
        self._case_ids.add(case_id)
        if not (ordered := self._ordered(case_id, list(events))):
            self.tally.note("log-case-without-events", case_id)
            return
        self._see_instances(ordered)
        self._traces.append(
            Trace(
                case_id,
                ordered,
                self._due(case_id, dates.get(Role.DEADLINE)),
                self._due(case_id, dates.get(Role.PLANNED_END)),
                self._time(case_id, dates.get(Role.ENDED)),
            )
        )

    def log(self, form: LogFormat) -> EventLog:
        """The log, once every case is in it."""
        if not self._traces:
            raise LogWithoutEvents(name=self._name)
        if self._unreadable and not self._times_read:
            raise LogTimesUnreadable(name=self._name, text=shown(self._unreadable))
        if self._instances and self._lifecycle and not self._instances_pair:
            self.tally.note("log-instance-of-events", n=self._instances)
            self._traces = [_without_instances(trace) for trace in self._traces]
        note_outliers(self._traces, self.tally)
        return EventLog(self._name, form, tuple(self._traces), self.tally.findings())

    def _ordered(self, case_id: str, events: list[Event]) -> tuple[Event, ...]:
        """By time; an event without one stays behind the event that the file has before it."""
        moments: list[int] = []
        for event in events:
            at = event.at_us if event.at_us is not None else _moment(event)
            moments.append(at if at is not None else moments[-1] if moments else _FIRST)
        if any(one > next_ for one, next_ in pairwise(moments)):
            self.tally.note("log-events-out-of-order", case_id)
            order = sorted(range(len(events)), key=moments.__getitem__)
            events = [events[place] for place in order]
        if again := sum(map(eq, events, islice(events, 1, None))):
            self.tally.note("log-event-repeated", case_id, n=again)
        return tuple(events)

    def _see_instances(self, events: Sequence[Event]) -> None:
        """Whether two events of a step name the same run of it; whether any should."""
        if self._instances_pair:
            return
        of = [(event.activity, event.instance) for event in events if event.instance is not None]
        self._instances += len(of)
        self._instances_pair = len(set(of)) < len(of)
        if of and not self._lifecycle:
            ways: tuple[set[str], set[str]] = set(), set()
            for event in events:
                ways[(event.transition or "").casefold() in BEFORE_THE_END].add(event.activity)
            self._lifecycle = not ways[0].isdisjoint(ways[1])

    def _time(self, case_id: str, text: str | None, *, of_event: bool = False) -> int | None:
        instant = self._instant(case_id, text)
        if instant is None:
            return None
        if of_event and instant.whole_day:
            self.tally.note("log-time-date-only", case_id, text or "")
        return instant.us

    def _due(self, case_id: str, text: str | None) -> int | None:
        """A due date without a time of day is kept by whoever finishes on that day."""
        instant = self._instant(case_id, text)
        if instant is None:
            return None
        return instant.us + DAY_US - 1 if instant.whole_day else instant.us

    def _instant(self, case_id: str, text: str | None) -> Instant | None:
        if not text or not (text := text.strip()):
            return None
        instant = read_instant(text, self._zone, self._order)
        if instant is None:
            self._unreadable = self._unreadable or text
            self.tally.note("log-time-unreadable", case_id, text)
            return None
        self._times_read += 1
        if not self._asked and not _SLASHES.isdisjoint(text[1:3]) and _fits_both(text):
            self.tally.note("log-date-order-assumed", case_id, text)
        if not instant.zoned:
            self.tally.note("log-time-without-zone", None, str(self._zone))
        return instant

    def _share(self, text: str | None) -> str | None:
        """The same text as one object: names repeat, and a log has millions of them."""
        if text is None:
            return None
        if (known := self._shared.get(text)) is not None:
            return known
        if not (checked := self._checked(text)):
            return None
        name = named(checked)
        if name != text and name in self._shared:
            self.tally.note("log-name-spelt-twice", None, name)
        name = self._shared.setdefault(name, name)
        self._shared[text] = name
        return name

    def _checked(self, text: str | None) -> str | None:
        if text is not None and len(text) > self._limits.name_length:
            raise LogTooLarge(
                name=self._name, bound="characters/name", most=self._limits.name_length
            )
        return None if text is None or text == "" or text.isspace() else text


def named(text: str) -> str:
    """A name as it is compared: without blanks around it, letters and accents put together."""
    text = text.strip()
    return text if text.isascii() else normalize("NFC", text)


def _fits_both(text: str) -> bool:
    parts = date_parts(text)
    return parts is not None and max(parts) <= _MONTHS


def _moment(event: Event) -> int | None:
    """When an event without an end was last heard of."""
    return event.enabled_us if event.started_us is None else event.started_us


def _without_instances(trace: Trace) -> Trace:
    return replace(trace, events=tuple(event._replace(instance=None) for event in trace.events))
