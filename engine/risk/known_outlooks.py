"""Outlooks as the tables keep them, and as the office keeps them in memory for a while."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, select

from engine.office import Office
from engine.risk.outlook import Curve, Outlook, Past
from engine.store.prepared import Prepared
from engine.store.risk_tables import step_history

KEPT = timedelta(minutes=5)
"""How old what is kept in memory may be: the past does not change faster."""

Outlooks = Mapping[str, Outlook]
"""By step: of those steps of a procedure that have a past."""


@dataclass(frozen=True, slots=True)
class _Kept:
    outlooks: Outlooks
    looked_at: datetime


def outlooks_of(
    office: Office, connection: Connection, agency_id: str, procedure_id: UUID
) -> Outlooks:
    """The outlooks of a procedure's steps; at most one statement in KEPT."""
    now = office.clock.now()
    kept: _Kept | None = office.outlooks.get((agency_id, procedure_id))
    if kept is None or not kept.looked_at <= now < kept.looked_at + KEPT:
        given = {"of_agency": agency_id, "of_procedure": procedure_id}
        kept = _Kept(_read(_OF_PROCEDURE.rows(connection, given)), now)
        office.outlooks.put((agency_id, procedure_id), kept)
    return kept.outlooks


def _read(rows: Sequence[Any]) -> Outlooks:
    return {row.element_id: from_data(row.outlook) for row in rows}


def to_data(outlook: Outlook) -> dict[str, Any]:
    """As a document; `from_data` is its inverse."""
    data: dict[str, Any] = {"own": _past(outlook.own), "own_curve": _curve(outlook.own_curve)}
    if outlook.whole is not None:
        data |= {"whole": _past(outlook.whole), "whole_curve": _curve(outlook.whole_curve)}
    return data


def from_data(data: Mapping[str, Any]) -> Outlook:
    own, curve = _read_past(data["own"]), _read_curve(data["own_curve"])
    if "whole" not in data:
        return Outlook(own, None, curve, None)
    return Outlook(own, _read_past(data["whole"]), curve, _read_curve(data["whole_curve"]))


def _past(past: Past) -> list[Any]:
    return [past.n, list(past.own), list(past.after)]


def _read_past(data: Any) -> Past:
    n, own, after = data
    return Past(n, tuple(own), tuple(after))


def _curve(curve: Curve | None) -> Any:
    return None if curve is None else [list(curve.allowed), list(curve.ages)]


def _read_curve(data: Any) -> Curve | None:
    return None if data is None else Curve(tuple(data[0]), tuple(data[1]))


_OF_PROCEDURE = Prepared(
    select(step_history.c.element_id, step_history.c.outlook).where(
        step_history.c.agency_id == bindparam("of_agency"),
        step_history.c.procedure_id == bindparam("of_procedure"),
    )
)
