"""Which cases of a log ended after the date they were due."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from analysis.event_log.log import Trace
from analysis.quantile import Spread

EndedBy = Literal["case", "last_event"]


@dataclass(frozen=True, slots=True)
class Lateness:
    """Cases against one kind of due date; open ones are never in the denominator.

    n: cases that ended and were due; late + on_time. On time includes the due instant itself.
    open: cases that are due and have not ended; open_overdue: due before the last event.
    overrun: by how much the late ones were late, None where none was.
    ended_by: whether ends are dates of the cases or, where the log has none, their last events.
    """

    n: int
    late: int
    on_time: int
    open: int
    open_overdue: int
    overrun: Spread | None
    ended_by: EndedBy


def lateness(
    traces: Sequence[Trace], due: Callable[[Trace], int | None], last_us: int | None
) -> Lateness | None:
    """How many cases kept the date that `due` picks; None where no case carries one.

    last_us: the last event of the log, up to which open cases are judged.
    """
    dated = [(trace, at) for trace in traces if (at := due(trace)) is not None]
    if not dated:
        return None
    by_case = any(trace.ended_us is not None for trace in traces)
    ends = [(trace.ended_us if by_case else _last_event(trace), at) for trace, at in dated]
    overruns = [end - at for end, at in ends if end is not None and end > at]
    closed = sum(end is not None for end, _ in ends)
    overdue = sum(end is None and last_us is not None and last_us > at for end, at in ends)
    return Lateness(
        n=closed,
        late=len(overruns),
        on_time=closed - len(overruns),
        open=len(ends) - closed,
        open_overdue=overdue,
        overrun=Spread.of(overruns),
        ended_by="case" if by_case else "last_event",
    )


def _last_event(trace: Trace) -> int | None:
    return max((e.at_us for e in trace.events if e.at_us is not None), default=None)
