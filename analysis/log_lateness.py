"""Which cases of a log ended after the date they were due."""

from collections.abc import Sequence
from dataclasses import dataclass

from analysis.log_ends import CaseEnds, EndedBy
from analysis.quantile import Spread


@dataclass(frozen=True, slots=True)
class Lateness:
    """Cases against one kind of due date; open ones are never in the denominator.

    n: cases that ended and were due; late + on_time. On time includes the due instant itself.
    open: cases that are due and have not ended; open_overdue: due before the last time in the log.
    untimed: due and over, and no time says since when. overrun: by how much the late ones were
    late, None where none was. ended_by: what says that a case has ended.
    """

    n: int
    late: int
    on_time: int
    open: int
    open_overdue: int
    untimed: int
    overrun: Spread | None
    ended_by: EndedBy


def lateness(due: Sequence[int | None], ends: CaseEnds) -> Lateness | None:
    """How many cases kept their date; None where no case carries one. due: of each case."""
    dated = [
        (at, end, still)
        for at, end, still in zip(due, ends.at_us, ends.open, strict=True)
        if at is not None
    ]
    if not dated:
        return None
    overruns = [end - at for at, end, _ in dated if end is not None and end > at]
    closed = sum(end is not None for _, end, _ in dated)
    going_on = [at for at, _, still in dated if still]
    until = ends.until_us
    return Lateness(
        n=closed,
        late=len(overruns),
        on_time=closed - len(overruns),
        open=len(going_on),
        open_overdue=sum(until is not None and until > at for at in going_on),
        untimed=len(dated) - closed - len(going_on),
        overrun=Spread.of(overruns),
        ended_by=ends.by,
    )
