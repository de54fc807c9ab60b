"""The part of a log that began in a period, so that two periods of one log can be compared."""

from dataclasses import replace
from datetime import date

from analysis.event_log.invalid_log import LogPartEmpty
from analysis.event_log.log import EventLog, Trace
from analysis.period import Period
from engine.store.columns import to_microseconds


def begun_in(log: EventLog, period: Period) -> EventLog:
    """The cases whose first moment lies in the period, whole (LogPartEmpty).

    Cases without any time are in no period. Findings stay those of the whole file.
    """
    begin, end = to_microseconds(period.start), to_microseconds(period.end)
    traces = tuple(
        trace
        for trace in log.traces
        if (first := _first(trace)) is not None and begin <= first < end
    )
    if not traces:
        raise LogPartEmpty(name=log.name, first=_day(period.first), last=_day(period.last))
    return replace(log, traces=traces, part_of=log.part_of or log)


def _first(trace: Trace) -> int | None:
    times = [
        us
        for event in trace.events
        for us in (event.at_us, event.started_us, event.enabled_us)
        if us is not None
    ]
    return min(times, default=None)


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"
