"""How lines become a log: names shared, times read, cases ordered, oddities counted."""

from collections.abc import Iterable, Mapping
from datetime import tzinfo
from itertools import pairwise

from analysis.event_log.columns import Role
from analysis.event_log.findings import Tally, shown
from analysis.event_log.invalid_log import LogTimesUnreadable, LogTooLarge, LogWithoutEvents
from analysis.event_log.limits import LogLimits
from analysis.event_log.log import Event, EventLog, LogFormat, Trace
from analysis.event_log.outliers import note_outliers
from analysis.event_log.time_stamp import DAY_US, DateOrder, Instant, read_instant


class Assembly:
    """Collects one log while its file is read, whatever the format.

    zone: of time stamps that name none. order: of dates written with slashes.
    """

    def __init__(
        self,
        name: str,
        limits: LogLimits,
        zone: tzinfo,
        order: DateOrder = DateOrder.DAY_FIRST,
    ) -> None:
        self.tally = Tally()
        self._name, self._limits, self._zone, self._order = name, limits, zone, order
        self._shared: dict[str, str] = {}
        self._traces: list[Trace] = []
        self._case_ids: set[str] = set()
        self._events = 0
        self._times_read = 0
        self._unreadable = ""

    def event(self, case_id: str, told: Mapping[Role, str]) -> Event | None:
        """One event of a case from what its line tells; None (and counted) without activity."""
        self._events += 1
        if self._events > self._limits.events:
            raise LogTooLarge(name=self._name, bound="events", most=self._limits.events)
        if not (activity := self._share(told.get(Role.ACTIVITY))):
            self.tally.note("log-event-without-activity", case_id)
            return None
        at_us = self._time(case_id, told.get(Role.TIME))
        if not told.get(Role.TIME, "").strip():
            self.tally.note("log-time-missing", case_id)
        return Event(
            activity,
            at_us,
            self._share(told.get(Role.TRANSITION)),
            self._share(told.get(Role.RESOURCE)),
            self._share(told.get(Role.GROUP)),
            self._checked(told.get(Role.INSTANCE)),
            self._time(case_id, told.get(Role.STARTED)),
            self._time(case_id, told.get(Role.ENABLED)),
        )

    def case(self, case_id: str, events: Iterable[Event], dates: Mapping[Role, str]) -> None:
        """One whole case; `dates` are its own: deadline, planned end, end."""
        case_id = self._checked(case_id) or ""
        if case_id in self._case_ids:
            self.tally.note("log-case-name-repeated", case_id)
        self._case_ids.add(case_id)
        if not (ordered := self._ordered(case_id, list(events))):
            self.tally.note("log-case-without-events", case_id)
            return
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
        note_outliers(self._traces, self.tally)
        return EventLog(self._name, form, tuple(self._traces), self.tally.findings())

    def _ordered(self, case_id: str, events: list[Event]) -> tuple[Event, ...]:
        times = [event.at_us for event in events if event.at_us is not None]
        if len(times) < len(events):
            return tuple(events)  # where one has no time, only the file knows the order
        if any(one > next_ for one, next_ in pairwise(times)):
            self.tally.note("log-events-out-of-order", case_id)
            events.sort(key=_time_of)
        return tuple(events)

    def _time(self, case_id: str, text: str | None) -> int | None:
        instant = self._instant(case_id, text)
        return None if instant is None else instant.us

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
        if not instant.zoned:
            self.tally.note("log-time-without-zone", None, str(self._zone))
        return instant

    def _share(self, text: str | None) -> str | None:
        """The same text as one object: names repeat, and a log has millions of them."""
        if not (text := self._checked(text)):
            return None
        return self._shared.setdefault(text, text)

    def _checked(self, text: str | None) -> str | None:
        if text is not None and len(text) > self._limits.name_length:
            raise LogTooLarge(
                name=self._name, bound="characters/name", most=self._limits.name_length
            )
        return None if text is None or text == "" or text.isspace() else text


def _time_of(event: Event) -> int:
    assert event.at_us is not None
    return event.at_us
