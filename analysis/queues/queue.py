"""How many stood in the queue, day by day, and whether the figures agree with each other.

Q(t) = #{enabled <= t} - #{left the queue <= t}; a run leaves the queue when it is started, or ended
without having been. Calendar time, because a queue stands at night too. Little's law says that the
mean queue is the rate of arrivals times the mean wait; it holds in the long run, so a gap of more
than a tenth says that the queue grew or shrank through the period or that times are not true.
Sources: Little 1961; Senderovich et al., queue mining.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from analysis.facts.facts import Facts
from analysis.queues.scope import Scope

DAY_US = 86_400_000_000
_ALARM_PERCENT = 10
_PLACE = ("procedure_code", "element_id", "unit")


@dataclass(frozen=True, slots=True)
class Little:
    """Little's check. Queue and arrivals a day; mean_wait_us of the arrivals of the period.

    Waits that are not over are counted until the facts were read.
    """

    mean_queue: float
    arrivals_a_day: float
    mean_wait_us: float

    @property
    def expected_queue(self) -> float:
        """What the mean queue would be if nothing changed through the period."""
        return self.arrivals_a_day * self.mean_wait_us / DAY_US

    @property
    def alarm(self) -> bool:
        """Whether the two are more than a tenth apart."""
        gap = abs(self.mean_queue - self.expected_queue)
        return gap * 100 > _ALARM_PERCENT * max(self.mean_queue, self.expected_queue)


@dataclass(frozen=True, slots=True)
class QueueDay:
    """One day of a queue. waiting, in_hand: at its end. queue_us: the area under Q(t), exact."""

    day: int
    arrived: int
    started: int
    ended: int
    waiting: int
    in_hand: int
    queue_us: int


@dataclass(frozen=True, slots=True)
class Queue:
    """The queue before one step in one unit. at_first: how many waited when the period began."""

    procedure_code: str
    element_id: str
    unit: str | None
    name: str
    at_first: int
    days: tuple[QueueDay, ...]
    little: Little

    @property
    def most(self) -> int:
        """The longest queue at the end of a day."""
        return max(day.waiting for day in self.days)

    @property
    def grows(self) -> bool:
        """Whether more waited at the end than at the beginning, by more than a tenth."""
        last = self.days[-1].waiting
        return (last - self.at_first) * 100 > _ALARM_PERCENT * max(self.at_first, 1)


def queues(facts: Facts, scope: Scope) -> tuple[Queue, ...]:
    """The queue of each step and unit through the period, the longest on average first.

    Every day of the period up to the reading of the facts is there; day 0 is its first.
    """
    until = min(scope.end_us, facts.at_us)
    if until <= scope.start_us:
        return ()
    where, values = _present(scope, until)
    values = {**values, "start_us": scope.start_us, "at_us": facts.at_us}
    places = facts.rows(_places(where), **values)
    by_day: dict[tuple[Any, ...], dict[int, Mapping[str, Any]]] = {}
    for row in facts.rows(_by_day(where), **values, day_us=DAY_US):
        by_day.setdefault(_place(row), {})[row["day"]] = row
    days = -(-(until - scope.start_us) // DAY_US)
    made = (
        _queue(place, by_day.get(_place(place), {}), days, until - scope.start_us)
        for place in places
    )
    return tuple(sorted(made, key=_longest))


def _longest(queue: Queue) -> tuple[Any, ...]:
    place = (queue.procedure_code, queue.element_id, queue.unit or "")
    return (-sum(day.queue_us for day in queue.days), *place)


def _present(scope: Scope, until: int) -> tuple[str, dict[str, Any]]:
    """Runs that stood in the period at all."""
    where, values = scope.steps()
    stood = "enabled_us < $until_us and coalesce(ended_us, $until_us) >= $start_us"
    return f"{where} and {stood}", values | {"until_us": until}


def _runs(where: str) -> str:
    """Each run with when it left the queue and was done, as far as that has happened by then."""
    return f"""
        select {", ".join(_PLACE)}, name, enabled_us,
            case when coalesce(started_us, ended_us) < $until_us
                then coalesce(started_us, ended_us) end as left_us,
            case when ended_us < $until_us then ended_us end as done_us,
            started_us, coalesce(started_us, ended_us, $at_us) - enabled_us as wait_us
        from step_interval where {where}
    """  # noqa: S608  # conditions of ours


def _places(where: str) -> str:
    of = ", ".join(_PLACE)
    before = "enabled_us < $start_us"
    return f"""
        select {of}, max(name) as name,
            count(case when {before} and coalesce(left_us, $start_us) >= $start_us
                then 1 end) as waiting,
            count(case when {before} and left_us < $start_us then 1 end) as in_hand,
            count(case when not ({before}) then 1 end) as arrivals,
            cast(coalesce(sum(case when not ({before}) then wait_us end), 0) as bigint) as wait_us
        from ({_runs(where)}) as runs group by {of} order by {of}
    """  # noqa: S608  # conditions of ours


def _by_day(where: str) -> str:
    """What came and went on each day, and the moments within it, as offsets from its beginning."""
    of = ", ".join(_PLACE)
    happened = " union all ".join(
        f"select {of}, '{kind}' as kind, {moment} - $start_us as since, "  # noqa: S608  # names of ours
        f"case when started_us is null then 0 else 1 end as taken "
        f"from runs where {moment} >= $start_us"
        for kind, moment in (
            ("arrived", "enabled_us"),
            ("left", "left_us"),
            ("done", "done_us"),
        )
    )
    counted = ", ".join(
        f"count(case when kind = '{kind}' then 1 end) as {kind}"
        for kind in ("arrived", "left", "done")
    )
    offsets = ", ".join(
        f"cast(coalesce(sum(case when kind = '{kind}' then within_us end), 0) as bigint) "
        f"as {kind}_us"
        for kind in ("arrived", "left")
    )
    return f"""
        with runs as ({_runs(where)}), happened as ({happened}), placed as (
            select {of}, kind, taken, since % $day_us as within_us,
                cast((since - since % $day_us) / $day_us as bigint) as day
            from happened
        )
        select {of}, day, {counted}, {offsets},
            count(case when kind = 'left' and taken = 1 then 1 end) as started,
            count(case when kind = 'done' and taken = 1 then 1 end) as finished
        from placed group by {of}, day
    """  # noqa: S608  # conditions of ours


def _place(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(row[key] for key in _PLACE)


def _queue(
    place: Mapping[str, Any], rows: Mapping[int, Mapping[str, Any]], days: int, length_us: int
) -> Queue:
    waiting, in_hand = place["waiting"], place["in_hand"]
    made: list[QueueDay] = []
    for day in range(days):
        row, of_day = rows.get(day), min(DAY_US, length_us - day * DAY_US)
        area = waiting * of_day
        if row is None:
            made.append(QueueDay(day, 0, 0, 0, waiting, in_hand, area))
            continue
        area += row["arrived"] * of_day - row["arrived_us"] - row["left"] * of_day + row["left_us"]
        waiting += row["arrived"] - row["left"]
        in_hand += row["started"] - row["finished"]
        counted = (row["arrived"], row["started"], row["done"])
        made.append(QueueDay(day, *counted, waiting, in_hand, area))
    return Queue(
        place["procedure_code"],
        place["element_id"],
        place["unit"],
        place["name"],
        place["waiting"],
        tuple(made),
        _little(place, made, length_us),
    )


def _little(place: Mapping[str, Any], days: Sequence[QueueDay], length_us: int) -> Little:
    arrivals = place["arrivals"]
    return Little(
        mean_queue=sum(day.queue_us for day in days) / length_us,
        arrivals_a_day=arrivals * DAY_US / length_us,
        mean_wait_us=place["wait_us"] / arrivals if arrivals else 0.0,
    )
