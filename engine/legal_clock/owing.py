"""Dossiers that owe the applicant the result, or an apology and a new date: what is due first.

Heads see those of the office; who handles dossiers sees those in whose open steps they are at work.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, and_, func, select

from engine.accounts import names
from engine.actor import Actor, Role
from engine.calendar import Calendar
from engine.legal_clock.duty import Duty, duty, is_same_day, owed
from engine.office import Office
from engine.store.tables import dossier, procedure, step_run

MOST = 200
MOST_COUNTED = 100


@dataclass(frozen=True, slots=True)
class Owing:
    """One dossier. owes: what; steps: open ones with who holds them, "" where nobody does."""

    dossier_id: UUID
    code: str
    applicant: str
    procedure_name: str
    due_at: datetime
    owes: Duty
    steps: tuple[tuple[str, str], ...]


def owing(
    office: Office, connection: Connection, actor: Actor, calendar: Calendar, at: datetime
) -> tuple[Owing, ...]:
    """What is owed now, the first 200."""
    rows = connection.execute(
        select(
            dossier,
            procedure.c.name.label("procedure_name"),
            is_same_day().label("same_day"),
        )
        .join(
            procedure,
            and_(
                procedure.c.agency_id == dossier.c.agency_id,
                procedure.c.procedure_id == dossier.c.procedure_id,
            ),
        )
        .where(*_concerning(actor, calendar, at))
        .order_by(dossier.c.due_at, dossier.c.dossier_id)
        .limit(MOST)
    ).all()
    steps = _open_steps(connection, actor, [row.dossier_id for row in rows])
    found = []
    for row in rows:
        version = office.version(connection, actor.agency_id, row.version_id)
        may_extend = row.extensions < version.procedure.extensions_at_most
        this = row.due_at, row.limit_ws, calendar, at
        owes = duty(*this, may_extend=may_extend, same_day=row.same_day)
        if owes is not None:
            who = (row.dossier_id, row.code, row.applicant, row.procedure_name, row.due_at)
            found.append(Owing(*who, owes, tuple(steps.get(row.dossier_id, ()))))
    return tuple(found)


def count_owing(connection: Connection, actor: Actor, calendar: Calendar, at: datetime) -> int:
    """How many, counted up to MOST_COUNTED."""
    some = select(dossier.c.dossier_id).where(*_concerning(actor, calendar, at))
    query = select(func.count()).select_from(some.limit(MOST_COUNTED).subquery())
    return int(connection.execute(query).scalar_one())


def _concerning(actor: Actor, calendar: Calendar, at: datetime) -> list[Any]:
    conditions = [
        dossier.c.agency_id == actor.agency_id,
        dossier.c.state == "open",
        owed(calendar, at),
    ]
    if actor.roles.isdisjoint((Role.HEAD, Role.ADMIN)):
        mine = select(step_run.c.dossier_id).where(
            step_run.c.agency_id == actor.agency_id,
            step_run.c.state == "open",
            step_run.c.holder_id == actor.account_id,
        )
        conditions.append(dossier.c.dossier_id.in_(mine))  # few: found by the holder's index
    return conditions


def _open_steps(
    connection: Connection, actor: Actor, dossiers: list[UUID]
) -> dict[UUID, list[tuple[str, str]]]:
    people = names(connection, actor.agency_id)
    rows = connection.execute(
        select(step_run.c.dossier_id, step_run.c.name, step_run.c.holder_id)
        .where(
            step_run.c.agency_id == actor.agency_id,
            step_run.c.dossier_id.in_(dossiers),
            step_run.c.state == "open",
        )
        .order_by(step_run.c.enabled_at, step_run.c.token)
    )
    found: dict[UUID, list[tuple[str, str]]] = {}
    for row in rows:
        holder = people.get(row.holder_id, "") if row.holder_id else ""
        found.setdefault(row.dossier_id, []).append((row.name, holder))
    return found
