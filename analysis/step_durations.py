"""How long each step takes: waiting, handling and paused apart, in working and in calendar time.

Percentiles are the element ceil(n q) of the sorted values: one definition on every database.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, case, func, select

from analysis.period import Period
from analysis.source import (
    calendar_microseconds,
    ended_in,
    of_procedure,
    procedure_names,
    step_run,
    unit_names,
)

_QUANTILES = (50, 80, 95)
_TIMES = ("waiting", "handling", "paused", "sojourn")


@dataclass(frozen=True, slots=True)
class Spread:
    """Working seconds: mean, and the elements ceil(n q) for q = 0.50, 0.80, 0.95."""

    mean: float
    p50: int
    p80: int
    p95: int


@dataclass(frozen=True, slots=True)
class StepDurations:
    """One step of one procedure over a period.

    n: runs that ended; returned: runs that were sent back from here; reworked: runs after the
    first; late: runs past their limit; late_ws: by how much in all; limit_ws: the largest limit
    stated; sojourn = waiting + handling; calendar_seconds: mean of enabled to ended by the wall.
    """

    procedure_id: UUID
    procedure_code: str
    procedure_name: str
    element_id: str
    name: str
    unit: str
    n: int
    waiting: Spread
    handling: Spread
    paused: Spread
    sojourn: Spread
    calendar_seconds: float
    limit_ws: int | None
    early: int
    on_time: int
    late: int
    late_ws: int
    returned: int
    reworked: int

    @property
    def pressure(self) -> float | None:
        """p95 of the sojourn against the limit; above 1 the limit is often broken."""
        return self.sojourn.p95 / self.limit_ws if self.limit_ws else None


def step_durations(
    connection: Connection, agency_id: str, period: Period, procedure_id: UUID | None = None
) -> tuple[StepDurations, ...]:
    """Every step that ended in the period, those that cost most lateness first."""
    spreads = _spreads(connection, agency_id, period, procedure_id)
    procedures = {r.procedure_id: r for r in connection.execute(procedure_names(agency_id))}
    units = {r.code: r.name for r in connection.execute(unit_names(agency_id))}
    found = [
        _durations(row, spreads[row.procedure_id, row.element_id], procedures, units)
        for row in connection.execute(_totals(agency_id, period, procedure_id))
    ]
    return tuple(sorted(found, key=lambda s: (-s.late_ws, -s.late, s.procedure_code, s.element_id)))


def _totals(agency_id: str, period: Period, procedure_id: UUID | None) -> Any:
    def number(condition: Any) -> Any:
        return func.sum(case((condition, 1), else_=0))

    spent = calendar_microseconds(step_run.c.enabled_at, step_run.c.ended_at)
    return (
        select(
            step_run.c.procedure_id,
            step_run.c.element_id,
            func.max(step_run.c.name).label("name"),
            func.max(step_run.c.unit).label("unit"),
            func.count().label("n"),
            func.sum(spent).label("calendar_us"),
            func.max(step_run.c.limit_ws).label("limit_ws"),
            number(step_run.c.result == "early").label("early"),
            number(step_run.c.result == "on_time").label("on_time"),
            number(step_run.c.result == "late").label("late"),
            func.coalesce(func.sum(step_run.c.late_ws), 0).label("late_ws"),
            number(step_run.c.state == "sent_back").label("returned"),
            number(step_run.c.attempt > 1).label("reworked"),
        )
        .where(ended_in(agency_id, period), *of_procedure(step_run, procedure_id))
        .group_by(step_run.c.procedure_id, step_run.c.element_id)
    )


def _spreads(
    connection: Connection, agency_id: str, period: Period, procedure_id: UUID | None
) -> dict[tuple[UUID, str], dict[str, Spread]]:
    """Spreads of the four times of every step: one ranking statement a time."""
    found: dict[tuple[UUID, str], dict[str, Spread]] = {}
    columns = {
        "waiting": step_run.c.waiting_ws,
        "handling": step_run.c.handling_ws,
        "paused": step_run.c.paused_ws,
        "sojourn": step_run.c.waiting_ws + step_run.c.handling_ws,
    }
    for time in _TIMES:
        query = _ranked(columns[time], agency_id, period, procedure_id)
        for row in connection.execute(query):
            found.setdefault((row.procedure_id, row.element_id), {})[time] = Spread(
                float(row.total) / row.n, int(row.p50), int(row.p80), int(row.p95)
            )
    return found


def _ranked(value: Any, agency_id: str, period: Period, procedure_id: UUID | None) -> Any:
    step = (step_run.c.procedure_id, step_run.c.element_id)
    ranked = (
        select(
            *step,
            value.label("value"),
            func.row_number().over(partition_by=step, order_by=value).label("rank"),
            func.count().over(partition_by=step).label("n"),
        )
        .where(
            ended_in(agency_id, period),
            step_run.c.waiting_ws.is_not(None),
            *of_procedure(step_run, procedure_id),
        )
        .subquery()
    )

    def element(percent: int) -> Any:
        # rank = ceil(n * percent / 100) in whole numbers, so that no rounding can move it
        place = (ranked.c.n * percent + 99) // 100
        return func.max(case((ranked.c.rank == place, ranked.c.value))).label(f"p{percent}")

    return select(
        ranked.c.procedure_id,
        ranked.c.element_id,
        func.max(ranked.c.n).label("n"),
        func.sum(ranked.c.value).label("total"),
        *(element(percent) for percent in _QUANTILES),
    ).group_by(ranked.c.procedure_id, ranked.c.element_id)


def _durations(row: Any, spreads: dict[str, Spread], procedures: Any, units: Any) -> StepDurations:
    drawn = procedures[row.procedure_id]
    return StepDurations(
        procedure_id=row.procedure_id,
        procedure_code=drawn.code,
        procedure_name=drawn.name,
        element_id=row.element_id,
        name=row.name,
        unit=units.get(row.unit, row.unit or "–"),
        n=int(row.n),
        **{time: spreads[time] for time in _TIMES},
        calendar_seconds=float(row.calendar_us) / row.n / 1_000_000,
        limit_ws=None if row.limit_ws is None else int(row.limit_ws),
        early=int(row.early),
        on_time=int(row.on_time),
        late=int(row.late),
        late_ws=int(row.late_ws),
        returned=int(row.returned),
        reworked=int(row.reworked),
    )
