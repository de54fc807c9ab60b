"""What to know before believing a rate: habits of entry that make figures look better.

Each flag is a share of the period's records with its interval, and is raised above `tolerated`:
- asked_last_hour: supplements asked for in the last working hour before the due time promised;
- back_dated: dossiers whose receipt lies more than an hour before the first thing recorded of them;
- month_end_bulk: of dossiers finished, those finished on a last working day of a month, beyond the
  share that this many of the period's working days would have;
- within_seconds: runs ended less than ten seconds after their start;
- no_handling: runs ended without any handling time.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
import pyarrow as pa

from analysis.comparison.intervals import Interval, wilson
from analysis.facts.facts import Facts
from analysis.queues.local_day import DAY_US, day_number, offset_us
from analysis.queues.missing import SUPPLEMENT_KINDS
from analysis.queues.open_hours import SECOND_US, NoOpenHours, OpenHours
from analysis.queues.scope import Scope
from analysis.rate import Rate

HOUR_US = 3_600_000_000
_HOUR_WS = 3600
SECONDS_US = 10_000_000
_BULK = 3  # times what an even month would have


class Habit(StrEnum):
    """What was looked for."""

    ASKED_LAST_HOUR = "asked_last_hour"
    BACK_DATED = "back_dated"
    MONTH_END_BULK = "month_end_bulk"
    WITHIN_SECONDS = "within_seconds"
    NO_HANDLING = "no_handling"


TOLERATED: Mapping[Habit, float] = {
    Habit.ASKED_LAST_HOUR: 0.05,
    Habit.BACK_DATED: 0.01,
    Habit.WITHIN_SECONDS: 0.05,
    Habit.NO_HANDLING: 0.05,
}
"""Shares up to which nothing is said; at the month's end it is three times an even day."""


@dataclass(frozen=True, slots=True)
class Flag:
    """One habit: how often, of how many, and up to which share it is tolerated."""

    habit: Habit
    rate: Rate
    interval: Interval
    tolerated: float

    @property
    def raised(self) -> bool:
        """Whether even the low end of the interval is more than is tolerated."""
        return self.rate.part > 0 and self.interval.low > self.tolerated


def data_quality(facts: Facts, scope: Scope, hours: Mapping[str, OpenHours]) -> tuple[Flag, ...]:
    """The flags to stand beside every rate of the period, one of each habit.

    hours: of each agency, NoOpenHours where one is missing; as far as due times lie, and until the
    working day after now: that a day is the last of its month is told by the next one.
    """
    return tuple(_flags(facts, scope, hours))


def _flags(facts: Facts, scope: Scope, hours: Mapping[str, OpenHours]) -> Iterator[Flag]:
    asked, whole = asked_last_hour(facts, scope, hours)
    yield _flag(Habit.ASKED_LAST_HOUR, len(asked), whole)
    yield _flag(Habit.BACK_DATED, *_back_dated(facts, scope))
    part, whole, share = _month_end(facts, scope, hours)
    yield Flag(Habit.MONTH_END_BULK, Rate(part, whole), wilson(part, whole), min(1.0, share))
    seconds, nothing, ended = _quick(facts, scope)
    yield _flag(Habit.WITHIN_SECONDS, seconds, ended)
    yield _flag(Habit.NO_HANDLING, nothing, ended)


def _flag(habit: Habit, part: int, whole: int) -> Flag:
    return Flag(habit, Rate(part, whole), wilson(part, whole), TOLERATED[habit])


@dataclass(frozen=True, slots=True)
class Request:
    """A supplement that was asked for. number: of those of its dossier, from 1. until_us: None
    while it is waited for.
    """

    dossier_id: str
    number: int
    since_us: int
    until_us: int | None


def supplements_asked(facts: Facts, scope: Scope) -> list[Request]:
    """Those of the period, of dossiers to which a due time was promised."""
    return [_request(row) for row in _asked(facts, scope).to_pylist()]


def asked_last_hour(
    facts: Facts, scope: Scope, hours: Mapping[str, OpenHours]
) -> tuple[list[Request], int]:
    """Those asked for in the last hour before the due time; how many there were in all."""
    asked = _asked(facts, scope)
    agencies = np.array(asked["agency_id"].to_pylist(), dtype=object)
    since, due = (
        np.array(asked[name].to_pylist(), dtype=np.int64) for name in ("since_us", "due_us")
    )
    late = np.zeros(len(since), dtype=np.bool_)
    for agency in sorted(set(agencies.tolist())):
        own = agencies == agency
        known = _hours_of(hours, agency)
        left = known.clock(due[own]) - known.clock(since[own])
        told = (since[own] <= due[own]) & (due[own] // SECOND_US <= known.closes[-1])
        late[own] = told & (left <= _HOUR_WS)
    return [_request(row) for row in asked.filter(pa.array(late)).to_pylist()], len(since)


def _asked(facts: Facts, scope: Scope) -> pa.Table:
    where, values = scope.dossiers()
    kinds = ", ".join(f"'{kind}'" for kind in SUPPLEMENT_KINDS)
    sql = f"""
        select p.agency_id, cast(p.dossier_id as varchar) as id, p.number, p.since_us, p.until_us,
            d.original_due_us as due_us
        from (
            select *, row_number() over (
                partition by agency_id, dossier_id order by since_us, kind
            ) as number
            from pause_fact where kind in ({kinds})
        ) p join (select * from dossier_fact where {where}) d
            on d.agency_id = p.agency_id and d.dossier_id = p.dossier_id
        where d.original_due_us is not null
            and p.since_us >= $start_us and p.since_us < $end_us
        order by id, p.number
    """  # noqa: S608  # conditions of ours
    return facts.arrow(sql, **values, start_us=scope.start_us, end_us=scope.end_us)


def _request(row: Mapping[str, Any]) -> Request:
    return Request(row["id"], row["number"], row["since_us"], row["until_us"])


def _hours_of(hours: Mapping[str, OpenHours], agency: str) -> OpenHours:
    if agency not in hours:
        raise NoOpenHours(agency=agency)
    return hours[agency]


def _back_dated(facts: Facts, scope: Scope) -> tuple[int, int]:
    where, values = scope.dossiers("received_us")
    sql = f"""
        with first_run as (
            select agency_id, dossier_id, min(enabled_us) as first_us
            from step_interval group by agency_id, dossier_id
        )
        select count(*) as whole,
            count(case when f.first_us - d.received_us > $hour_us then 1 end) as part
        from (select * from dossier_fact where {where}) d
        join first_run f on f.agency_id = d.agency_id and f.dossier_id = d.dossier_id
    """  # noqa: S608  # conditions of ours
    row = facts.rows(sql, **values, hour_us=HOUR_US)[0]
    return row["part"], row["whole"]


def _month_end(
    facts: Facts, scope: Scope, hours: Mapping[str, OpenHours]
) -> tuple[int, int, float]:
    """Finished on last working days, finished in all, and three times the even share of those."""
    where, values = scope.dossiers("finished_us")
    offset = offset_us(facts.zone, scope.start_us)
    day = day_number("finished_us", offset)
    sql = (
        f"select agency_id, {day} as day, count(*) as n from dossier_fact where {where} "  # noqa: S608  # conditions of ours
        f"group by agency_id, {day}"
    )
    rows = facts.rows(sql, **values)
    part = whole = ends = days = 0
    last_of: dict[str, set[int]] = {}
    for agency in sorted({row["agency_id"] for row in rows}):
        first, beyond = ((at + offset) // DAY_US for at in (scope.start_us, scope.end_us))
        beyond = min(beyond, (facts.at_us + offset) // DAY_US + 1)  # days to come have no share
        working = _hours_of(hours, agency).days
        last_of[agency] = _last_days(working)
        within = working[(working >= first) & (working < beyond)].tolist()
        days += len(within)
        ends += len(last_of[agency].intersection(within))
    for row in rows:
        whole += row["n"]
        part += row["n"] if row["day"] in last_of[row["agency_id"]] else 0
    return part, whole, _BULK * ends / days if days else 1.0


def bulk_finished(facts: Facts, scope: Scope, hours: Mapping[str, OpenHours]) -> list[str]:
    """The ids of the dossiers finished on last working days of months."""
    where, values = scope.dossiers("finished_us")
    day = day_number("finished_us", offset_us(facts.zone, scope.start_us))
    rows = facts.rows(
        f"select cast(dossier_id as varchar) as id, agency_id, {day} as day "  # noqa: S608  # conditions of ours
        f"from dossier_fact where {where} order by dossier_id",
        **values,
    )
    agencies = {row["agency_id"] for row in rows}
    last_of = {agency: _last_days(_hours_of(hours, agency).days) for agency in agencies}
    return [row["id"] for row in rows if row["day"] in last_of[row["agency_id"]]]


def _last_days(working: Any) -> set[int]:
    """Of working days, the last of each month that is followed by a day of another."""
    months = np.array(working, dtype="datetime64[D]").astype("datetime64[M]")
    return set(working[:-1][months[:-1] != months[1:]].tolist())


def _quick(facts: Facts, scope: Scope) -> tuple[int, int, int]:
    """Runs ended within seconds, without handling time, and in all."""
    where, values = scope.steps("ended_us")
    sql = f"""
        select count(*) as whole,
            count(case when started_us is not null and ended_us - started_us < $seconds_us
                then 1 end) as quick,
            count(case when coalesce(handling_ws, 0) = 0 then 1 end) as nothing
        from step_interval where state = 'completed' and {where}
    """  # noqa: S608  # conditions of ours
    row = facts.rows(sql, **values, seconds_us=SECONDS_US)[0]
    return row["quick"], row["nothing"], row["whole"]
