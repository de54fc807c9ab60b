"""On time, early, late: how many dossiers, per unit and month (domain facts 1.6, 5.1).

A finished dossier was judged when handling finished; open ones past due are shown beside, never
inside, the denominator of the finished.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, case, func, select

from analysis.period import Period
from analysis.rate import Rate
from analysis.source import (
    agency_is,
    dossier,
    ended_in,
    finished_in,
    of_procedure,
    step_run,
    unit_names,
)
from analysis.working_month import month_of


@dataclass(frozen=True, slots=True)
class Verdicts:
    """How many were early, on time, late, or had no limit to be judged by.

    late_ws: working seconds of lateness in all.
    """

    early: int = 0
    on_time: int = 0
    late: int = 0
    unjudged: int = 0
    late_ws: int = 0

    @property
    def judged(self) -> int:
        return self.early + self.on_time + self.late

    @property
    def rate(self) -> Rate:
        """Early or on time, of those judged; shares by named rules: `reports.three_shares`."""
        return Rate(self.early + self.on_time, self.judged)


@dataclass(frozen=True, slots=True)
class Group:
    """Verdicts of one procedure, unit, step or month; `key` finds it, `name` shows it."""

    key: str
    name: str
    verdicts: Verdicts


@dataclass(frozen=True, slots=True)
class Open:
    """Dossiers still being handled: within their limit, past it, paused."""

    within: int
    overdue: int
    paused: int

    @property
    def total(self) -> int:
        return self.within + self.overdue + self.paused


def on_time_by_month(
    connection: Connection, agency_id: str, period: Period, procedure_id: UUID | None = None
) -> tuple[Group, ...]:
    """Per month of finishing, in order; keys are yyyymm."""
    month = month_of(dossier.c.finished_at, period)
    query = (
        select(month.label("month"), *_verdict_columns(dossier))
        .where(finished_in(agency_id, period), *of_procedure(dossier, procedure_id))
        .group_by(month)
        .order_by(month)
    )
    return tuple(
        Group(str(row.month), f"{row.month % 100:02d}/{row.month // 100}", _verdicts(row))
        for row in connection.execute(query)
    )


def on_time_by_unit(
    connection: Connection, agency_id: str, period: Period, procedure_id: UUID | None = None
) -> tuple[Group, ...]:
    """Per unit: the step runs it ended, each against its own limit."""
    names = {row.code: row.name for row in connection.execute(unit_names(agency_id))}
    query = (
        select(step_run.c.unit, *_verdict_columns(step_run))
        .where(ended_in(agency_id, period), *of_procedure(step_run, procedure_id))
        .group_by(step_run.c.unit)
    )
    groups = [
        Group(row.unit or "", names.get(row.unit, row.unit or "–"), _verdicts(row))
        for row in connection.execute(query)
    ]
    return _most_late_first(groups)


def still_open(
    connection: Connection, agency_id: str, at: datetime, procedure_id: UUID | None = None
) -> Open:
    """Dossiers still being handled at a moment (which should be now)."""
    this = agency_is(dossier, agency_id), dossier.c.finished_at.is_(None)
    unfinished = select(func.count()).where(*this, *of_procedure(dossier, procedure_id))
    standing = dossier.c.due_at.is_(None), dossier.c.clock.is_not(None)
    row = connection.execute(
        select(  # each by itself: the index of due times knows most of it
            unfinished.scalar_subquery().label("total"),
            unfinished.where(dossier.c.due_at < at).scalar_subquery().label("overdue"),
            unfinished.where(*standing).scalar_subquery().label("paused"),
        )
    ).one()
    overdue_number, paused = int(row.overdue), int(row.paused)
    return Open(int(row.total) - overdue_number - paused, overdue_number, paused)


def _number(condition: Any) -> Any:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def _verdict_columns(table: Any) -> list[Any]:
    counted = [
        _number(table.c.result == result).label(result) for result in ("early", "on_time", "late")
    ]
    return [
        *counted,
        _number(table.c.result.is_(None)).label("unjudged"),
        func.coalesce(func.sum(table.c.late_ws), 0).label("late_ws"),
    ]


def _verdicts(row: Any) -> Verdicts:
    return Verdicts(
        int(row.early), int(row.on_time), int(row.late), int(row.unjudged), int(row.late_ws)
    )


def _most_late_first(groups: list[Group]) -> tuple[Group, ...]:
    return tuple(sorted(groups, key=lambda g: (-g.verdicts.late, -g.verdicts.late_ws, g.key)))
