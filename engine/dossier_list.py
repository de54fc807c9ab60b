"""Dossiers as a list, the newest first, and how many are in each state; of one agency only."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    func,
    literal,
    literal_column,
    or_,
    select,
    tuple_,
    union_all,
)

from engine.actor import Actor
from engine.dossiers.in_hand import CLOSED, FINISHED, OPEN, PAUSED, RETURNED
from engine.store.tables import dossier, procedure
from processes.data_entry import is_storable
from processes.dossier_code import read_code
from processes.search_key import search_key


@dataclass(frozen=True, slots=True)
class DossierRow:
    """A dossier as a row of a list."""

    dossier_id: UUID
    code: str
    applicant: str
    procedure_code: str
    procedure_name: str
    case_code: str
    state: str
    national_status: str
    outcome: str | None
    result: str | None
    received_at: datetime
    due_at: datetime | None
    original_due_at: datetime | None
    finished_at: datetime | None
    returned_at: datetime | None


@dataclass(frozen=True, slots=True)
class DossierPlace:
    """Where a page of dossiers ended; the next (older) one begins after it."""

    received_at: datetime
    dossier_id: UUID


def dossiers(
    connection: Connection,
    actor: Actor,
    *,
    search: str = "",
    state: str = "",
    procedure_id: UUID | None = None,
    late_at: datetime | None = None,
    owing: ColumnElement[bool] | None = None,
    after: DossierPlace | None = None,
    most: int = 50,
) -> tuple[DossierRow, ...]:
    """Dossiers of the agency, the newest first; one statement.

    late_at: only those late: finished late, or still open and past due at that time. owing: only
    those for which something is owed, as `engine.legal_clock.duty.owed` says.
    """
    conditions = [dossier.c.agency_id == actor.agency_id, *_found_by(actor, search)]
    if state:
        conditions.append(dossier.c.state == state)
    if procedure_id is not None:
        conditions.append(dossier.c.procedure_id == procedure_id)
    if owing is not None:
        conditions.append(owing)
    if after is not None:
        place = tuple_(
            literal(after.received_at, dossier.c.received_at.type),
            literal(after.dossier_id, dossier.c.dossier_id.type),
        )
        conditions.append(tuple_(dossier.c.received_at, dossier.c.dossier_id) < place)
    kinds = [()] if late_at is None else [(_FINISHED_LATE,), _overdue(late_at)]
    return tuple(
        DossierRow(**{name: getattr(row, name) for name in DossierRow.__slots__})
        for row in connection.execute(_newest([(*conditions, *kind) for kind in kinds], most))
    )


_NEWEST = dossier.c.received_at.desc(), dossier.c.dossier_id.desc()
_LISTED = (
    dossier.c.agency_id,
    *(column for column in dossier.c if column.name in DossierRow.__slots__),
)
_UNFINISHED = dossier.c.finished_at.is_(None)
_FINISHED_LATE = dossier.c.result == literal_column("'late'")  # as its index says it


def _overdue(at: datetime) -> tuple[ColumnElement[bool], ...]:
    return _UNFINISHED, dossier.c.due_at < at


def _some(kind: tuple[ColumnElement[bool], ...], most: int) -> Select[Any]:
    """The newest of one kind, in the order of an index; what is overdue by when it was due.

    Of that there is little: PostgreSQL is kept (by an offset) from going back through everything
    that was received until it has found enough.
    """
    found = select(*_LISTED, dossier.c.procedure_id).where(*kind)
    if all(part is not _UNFINISHED for part in kind):
        return found.order_by(*_NEWEST).limit(most)
    overdue = found.offset(0).subquery()
    newest = overdue.c.received_at.desc(), overdue.c.dossier_id.desc()
    return select(overdue).order_by(*newest).limit(most)


def _newest(kinds: list[tuple[ColumnElement[bool], ...]], most: int) -> Select[Any]:
    """The newest of dossiers of several kinds that have none in common.

    The newest of each kind first, then their procedures' names: a database that does not know how
    few procedures there are goes through them one by one.
    """
    each = [_some(kind, most).subquery() for kind in kinds]
    found = each[0] if len(each) == 1 else union_all(*map(select, each)).subquery()
    its_procedure = and_(
        procedure.c.agency_id == found.c.agency_id,
        procedure.c.procedure_id == found.c.procedure_id,
    )
    named = procedure.c.code.label("procedure_code"), procedure.c.name.label("procedure_name")
    return (
        select(found, *named)
        .join(procedure, its_procedure)
        .order_by(found.c.received_at.desc(), found.c.dossier_id.desc())
        .limit(most)
    )


def _found_by(actor: Actor, search: str) -> list[ColumnElement[bool]]:
    """A code in any spelling finds its dossier; other words stand in what is searched."""
    reading = read_code(search) if is_storable(search) else None
    if reading is not None and reading.code is not None:
        return [dossier.c.code.in_(reading.candidates)]
    return [
        or_(
            dossier.c.search.contains(word, autoescape=True),
            dossier.c.procedure_id.in_(
                select(procedure.c.procedure_id).where(
                    procedure.c.agency_id == actor.agency_id,
                    procedure.c.search.contains(word, autoescape=True),
                )
            ),
        )
        for word in search_key(search).split()[:10]
    ]


MOST_COUNTED = 10_000
"""Of each state up to so many are counted: what was returned grows for ever."""


def counts_by_state(connection: Connection, actor: Actor) -> dict[str, int]:
    """How many dossiers the agency has in each state, counted up to MOST_COUNTED; those it has."""
    of_state = {
        state: select(literal_column("1").label("one"))
        .where(dossier.c.agency_id == actor.agency_id, dossier.c.state == state)
        .limit(MOST_COUNTED)
        .subquery()
        for state in (OPEN, PAUSED, FINISHED, RETURNED, CLOSED)
    }
    row = connection.execute(
        select(
            *(
                select(func.count()).select_from(some).scalar_subquery().label(state)
                for state, some in of_state.items()
            )
        )
    )
    return {state: int(number) for state, number in row.mappings().one().items() if number}
