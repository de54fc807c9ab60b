"""What an event log is here: cases, their events in order, and what the reading found."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

from processes.finding import Finding

LogFormat = Literal["xes", "csv", "ocel"]


class Event(NamedTuple):
    """One line of a log. Times are whole microseconds of UTC since 1970; None where not told.

    A named tuple and not a dataclass: a log has millions, and this one is built 3 times faster.
    started_us, enabled_us: only where the line itself carries them (interval logs).
    transition: lifecycle word as the log writes it ("complete", "start", "In Progress").
    instance: which run of the activity the line belongs to.
    """

    activity: str
    at_us: int | None
    transition: str | None = None
    resource: str | None = None
    group: str | None = None
    instance: str | None = None
    started_us: int | None = None
    enabled_us: int | None = None


@dataclass(frozen=True, slots=True)
class Trace:
    """The events of one case, ordered by time; equal times keep the order of the file.

    deadline_us, planned_end_us, ended_us: dates of the case itself, microseconds of UTC.
    """

    case_id: str
    events: tuple[Event, ...]
    deadline_us: int | None = None
    planned_end_us: int | None = None
    ended_us: int | None = None


@dataclass(frozen=True, slots=True)
class EventLog:
    """A log as it was read; nothing is dropped without a finding that counts it.

    name: of the file, without its folder. part_of: the whole log, where this is a part of one.
    """

    name: str
    format: LogFormat
    traces: tuple[Trace, ...]
    findings: tuple[Finding, ...] = ()
    part_of: "EventLog | None" = None
