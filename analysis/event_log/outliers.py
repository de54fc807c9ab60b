"""Times that cannot belong to the log: header defaults of 1970, a typed 1948, the year 9999."""

from collections.abc import Iterable, Sequence

from analysis.event_log.findings import Tally
from analysis.event_log.log import Trace
from analysis.event_log.time_stamp import DAY_US, write_instant

FAR_US = 20 * 365 * DAY_US
"""Further than 20 years from the median event: no case of an office takes that long."""

_NEAR_EPOCH_US = DAY_US  # exporters write the epoch in their own zone
_YEAR_US = 365 * DAY_US


def note_outliers(traces: Sequence[Trace], tally: Tally) -> None:
    """Count events and case dates that stand far away; they stay in the log."""
    times = sorted(
        event.at_us for trace in traces for event in trace.events if event.at_us is not None
    )
    if not times:
        return
    median = times[len(times) // 2]
    for trace in traces:
        for event in trace.events:
            for us in (event.at_us, event.started_us, event.enabled_us):
                if us is not None and is_outlier(us, median):
                    tally.note("log-time-outlier", trace.case_id, write_instant(us))
        _note_dates(trace, median, tally)


def is_outlier(us: int, median: int) -> bool:
    """Whether a time is far from the median, or is the epoch itself in a log of other years."""
    if abs(us - median) > FAR_US:
        return True
    return abs(us) <= _NEAR_EPOCH_US and abs(median) > _YEAR_US


def _note_dates(trace: Trace, median: int, tally: Tally) -> None:
    dates: Iterable[int | None] = (trace.deadline_us, trace.planned_end_us, trace.ended_us)
    far = [us for us in dates if us is not None and is_outlier(us, median)]
    if far:
        tally.note("log-case-date-outlier", trace.case_id, write_instant(far[0]))
