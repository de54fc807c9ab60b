"""What a person brought before and need not bring again: components of their earlier dossiers.

The same person is who has the same identity number in the same agency, and nothing else; the same
component has the same code and is kept in the same source by both procedures (`qt:component
reusable`). The newest dossier that has it is the one that is offered; a destroyed one has nothing.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, and_, select

from engine.actor import Actor
from engine.dossiers.documents import CURRENT
from engine.office import Office
from engine.store.tables import applicant_number, document, dossier, dossier_component
from processes.component import PAPER_FORMS, Component
from processes.data_entry import is_storable
from processes.procedure import Procedure

_LOOKED_AT = 30  # dossiers of the person, the newest


@dataclass(frozen=True, slots=True)
class Reusable:
    """A component as an earlier dossier has it.

    copies: (form, number) of papers; files: how many electronic ones.
    """

    component: str
    name: str
    dossier_id: UUID
    code: str
    received_at: datetime
    copies: tuple[tuple[str, int], ...]
    files: int


def reusable(
    office: Office,
    connection: Connection,
    actor: Actor,
    procedure: Procedure,
    identity_number: str,
    *,
    apart_from: UUID | None = None,
) -> tuple[Reusable, ...]:
    """What is offered for the procedure, in its order. apart_from: the dossier it is offered to."""
    wanted = [component for component in procedure.components if component.reusable_source]
    if not wanted or not identity_number or not is_storable(identity_number):
        return ()
    offers: dict[str, Reusable] = {}
    for row in _earlier(connection, actor.agency_id, identity_number, apart_from):
        version = office.version(connection, actor.agency_id, row.version_id)
        there = [
            each
            for each in wanted
            if each.code not in offers and same_component(each, version.procedure)
        ]
        if there:
            offers |= _brought(connection, row, there)
        if len(offers) == len(wanted):
            break
    return tuple(offers[each.code] for each in wanted if each.code in offers)


def same_component(wanted: Component, procedure: Procedure) -> bool:
    """Whether the other procedure asks for the very same, kept in the same source."""
    found = procedure.component(wanted.code)
    return (
        found is not None
        and wanted.reusable_source is not None
        and found.reusable_source == wanted.reusable_source
    )


def _earlier(
    connection: Connection, agency_id: str, identity_number: str, apart_from: UUID | None
) -> list[Any]:
    """The person's dossiers, the newest first: ids grow with time."""
    columns = (
        dossier.c.agency_id,
        dossier.c.dossier_id,
        dossier.c.code,
        dossier.c.received_at,
        dossier.c.version_id,
    )
    query = (
        select(*columns)
        .join(
            applicant_number,
            and_(
                applicant_number.c.agency_id == dossier.c.agency_id,
                applicant_number.c.dossier_id == dossier.c.dossier_id,
            ),
        )
        .where(
            applicant_number.c.agency_id == agency_id,
            applicant_number.c.identity_number == identity_number,
            dossier.c.applicant != "",
        )
        .order_by(applicant_number.c.dossier_id.desc())
        .limit(_LOOKED_AT)
    )
    if apart_from is not None:
        query = query.where(applicant_number.c.dossier_id != apart_from)
    return list(connection.execute(query))


def _brought(connection: Connection, row: Any, wanted: list[Component]) -> dict[str, Reusable]:
    this = row.agency_id, row.dossier_id
    copies = paper_copies(connection, *this)
    files = current_files(connection, *this)
    found = {}
    for each in wanted:
        papers, own = copies.get(each.code, ()), [f for f in files if f.component == each.code]
        if papers or own:
            stated = (row.dossier_id, row.code, row.received_at, papers, len(own))
            found[each.code] = Reusable(each.code, each.name, *stated)
    return found


def paper_copies(
    connection: Connection, agency_id: str, dossier_id: UUID
) -> dict[str, tuple[tuple[str, int], ...]]:
    """The papers that a dossier has: by component, (form, number)."""
    rows = connection.execute(
        select(dossier_component)
        .where(
            dossier_component.c.agency_id == agency_id,
            dossier_component.c.dossier_id == dossier_id,
            dossier_component.c.form.in_([form.value for form in PAPER_FORMS]),
            dossier_component.c.number > 0,
        )
        .order_by(dossier_component.c.form)
    )
    found: dict[str, tuple[tuple[str, int], ...]] = {}
    for row in rows:
        found[row.component] = (*found.get(row.component, ()), (row.form, row.number))
    return found


def current_files(connection: Connection, agency_id: str, dossier_id: UUID) -> list[Any]:
    """The documents of a dossier that count, in the order they came."""
    return list(
        connection.execute(
            select(document)
            .where(
                document.c.agency_id == agency_id,
                document.c.dossier_id == dossier_id,
                document.c.state == CURRENT,
            )
            .order_by(document.c.number)
        )
    )
