"""The one door to the engine's tables: finished step runs and dossiers as analysis reads them.

Only reads, only of one agency. Times of the engine are integer microseconds, working time is
integer seconds; here they stay integers so that sums are exact and the same on every database.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, and_, select, type_coerce
from sqlalchemy.sql import ColumnElement, Select

from analysis.period import Period
from engine.store.reminder_tables import message
from engine.store.signature_tables import signing
from engine.store.tables import (
    account,
    agency,
    component_reuse,
    document,
    dossier,
    dossier_component,
    office_document,
    position,
    procedure,
    procedure_version,
    step_run,
    unit,
)

__all__ = [
    "account",
    "agency_is",
    "calendar_microseconds",
    "component_reuse",
    "document",
    "dossier",
    "dossier_component",
    "ended_in",
    "finished_in",
    "message",
    "of_procedure",
    "office_document",
    "position_names",
    "procedure",
    "procedure_names",
    "procedure_version",
    "signing",
    "step_run",
    "unit",
    "unit_names",
]

ENDED_STATES = ("completed", "sent_back")
"""Runs of steps that somebody ended; cancelled runs tell nothing about the step."""


def agency_is(table: Any, agency_id: str) -> ColumnElement[bool]:
    """Rows of the one agency."""
    return table.c.agency_id == agency_id  # type: ignore[no-any-return]  # tables are untyped


def finished_in(agency_id: str, period: Period) -> ColumnElement[bool]:
    """Dossiers whose handling finished in the period."""
    return and_(
        agency_is(dossier, agency_id),
        dossier.c.finished_at >= period.start,
        dossier.c.finished_at < period.end,
    )


def ended_in(agency_id: str, period: Period) -> ColumnElement[bool]:
    """Step runs that somebody ended in the period; the month narrows the rows read."""
    return and_(
        agency_is(step_run, agency_id),
        step_run.c.month >= period.first.year * 100 + period.first.month,
        step_run.c.month <= period.last.year * 100 + period.last.month,
        step_run.c.ended_at >= period.start,
        step_run.c.ended_at < period.end,
        step_run.c.state.in_(ENDED_STATES),
    )


def of_procedure(table: Any, procedure_id: UUID | None) -> Sequence[ColumnElement[bool]]:
    """Only the one procedure, where one is asked for."""
    return () if procedure_id is None else (table.c.procedure_id == procedure_id,)


def calendar_microseconds(earlier: Any, later: Any) -> ColumnElement[int]:
    """Calendar time between two columns, as integer microseconds."""
    return type_coerce(later, BigInteger) - type_coerce(earlier, BigInteger)


def procedure_names(agency_id: str) -> Select[Any]:
    """Id, code and name of every procedure of the agency."""
    return select(procedure.c.procedure_id, procedure.c.code, procedure.c.name).where(
        agency_is(procedure, agency_id)
    )


def agency_names() -> Select[Any]:
    """Code and name of every agency of the database."""
    return select(agency.c.agency_id, agency.c.name)


def unit_names(agency_id: str) -> Select[Any]:
    """Code and name of every unit of the agency."""
    return select(unit.c.code, unit.c.name).where(agency_is(unit, agency_id))


def position_names(agency_id: str) -> Select[Any]:
    """Code and name of every position (chức danh) of the agency."""
    return select(position.c.code, position.c.name).where(agency_is(position, agency_id))
