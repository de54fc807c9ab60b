"""The worklist (hộp việc): what waits for an officer, what is due first on top; one statement."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, and_, case, false, func, literal, or_, select, tuple_

from engine.actor import Actor
from engine.dossiers.outcome import OpenedStep
from engine.store.columns import to_microseconds
from engine.store.tables import account, dossier, procedure, step_run
from processes.search_key import search_key

_NEVER = 2**62  # sorts steps without a due time, and paused ones, last
OPEN = "open"


@dataclass(frozen=True, slots=True)
class Waiting:
    """One open step as a row of the worklist."""

    step_run_id: UUID
    dossier_id: UUID
    dossier_code: str
    applicant: str
    procedure_name: str
    procedure_code: str
    element_id: str
    name: str
    unit: str | None
    position: str | None
    holder_id: UUID | None
    holder: str | None
    enabled_at: datetime
    due_at: datetime | None
    limit_ws: int | None
    dossier_due_at: datetime | None
    dossier_state: str
    paused_since: datetime | None
    escalated_at: datetime | None
    sent_back_from: str | None
    attempt: int


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page of the worklist ended; the next begins after it."""

    due: int
    step_run_id: UUID


@dataclass(frozen=True, slots=True)
class Counts:
    """The numbers above the list."""

    total: int
    late: int
    today: int
    paused: int


def worklist(
    connection: Connection,
    actor: Actor,
    *,
    only: str = "all",
    search: str = "",
    until: datetime | None = None,
    at: datetime | None = None,
    after: Place | None = None,
    most: int = 50,
) -> tuple[Waiting, ...]:
    """Open steps of the actor's positions, and those the actor has claimed.

    only: all | mine | late (needs `at`) | today (needs `at`, `until`) | paused.
    """
    rank = func.coalesce(step_run.c.due_at, literal(_NEVER))
    query = (
        select(
            step_run,
            dossier.c.code.label("dossier_code"),
            dossier.c.applicant,
            dossier.c.due_at.label("dossier_due_at"),
            dossier.c.state.label("dossier_state"),
            procedure.c.name.label("procedure_name"),
            procedure.c.code.label("procedure_code"),
            account.c.name.label("holder"),
        )
        .select_from(step_run)
        .join(dossier, _same(dossier, "dossier_id"))
        .join(procedure, _same(procedure, "procedure_id"))
        .outerjoin(
            account,
            and_(
                account.c.agency_id == step_run.c.agency_id,
                account.c.account_id == step_run.c.holder_id,
            ),
        )
        .where(_mine(actor), *_filters(only, actor, at, until))
        .order_by(rank, step_run.c.step_run_id)
        .limit(most)
    )
    for word in search_key(search).split()[:10]:
        query = query.where(
            or_(
                dossier.c.search.contains(word, autoescape=True),
                procedure.c.search.contains(word, autoescape=True),
            )
        )
    if after is not None:
        query = query.where(
            tuple_(rank, step_run.c.step_run_id)
            > tuple_(literal(after.due), literal(after.step_run_id, step_run.c.step_run_id.type))
        )
    return tuple(
        Waiting(**{name: getattr(row, name) for name in Waiting.__slots__})
        for row in connection.execute(query)
    )


def place_of(row: Waiting) -> Place:
    """The place after a row, for the next page."""
    return Place(_NEVER if row.due_at is None else to_microseconds(row.due_at), row.step_run_id)


def counts(connection: Connection, actor: Actor, at: datetime, until: datetime) -> Counts:
    """How much waits for the actor: in all, late, due by `until`, paused; one statement."""

    def number(condition: Any) -> Any:
        return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)

    row = connection.execute(
        select(
            func.count().label("total"),
            number(step_run.c.due_at < at).label("late"),
            number(and_(step_run.c.due_at >= at, step_run.c.due_at <= until)).label("today"),
            number(step_run.c.paused_since.is_not(None)).label("paused"),
        ).where(_mine(actor))
    ).one()
    return Counts(int(row.total), int(row.late), int(row.today), int(row.paused))


def open_steps(connection: Connection, agency_id: str) -> tuple[tuple[UUID, OpenedStep], ...]:
    """Every open step of the agency with its dossier, whoever it waits for."""
    rows = connection.execute(
        select(step_run).where(step_run.c.agency_id == agency_id, step_run.c.state == OPEN)
    )
    return tuple(
        (
            row.dossier_id,
            OpenedStep(
                row.step_run_id, row.element_id, row.name, row.unit, row.position, row.due_at
            ),
        )
        for row in rows
    )


def _same(table: Any, column: str) -> Any:
    return and_(
        table.c.agency_id == step_run.c.agency_id,
        table.c[column] == step_run.c[column],
    )


def _mine(actor: Actor) -> Any:
    held = [
        and_(
            step_run.c.position == position,
            or_(step_run.c.unit.is_(None), step_run.c.unit == unit_code),
        )
        for unit_code, position in sorted(actor.holdings)
    ]
    return and_(
        step_run.c.agency_id == actor.agency_id,
        step_run.c.state == OPEN,
        or_(
            step_run.c.holder_id == actor.account_id,
            and_(step_run.c.holder_id.is_(None), or_(*held) if held else false()),
        ),
    )


def _filters(
    only: str, actor: Actor, at: datetime | None, until: datetime | None
) -> tuple[Any, ...]:
    if only == "mine":
        return (step_run.c.holder_id == actor.account_id,)
    if only == "late":
        return (step_run.c.due_at < at,)
    if only == "today":
        return (step_run.c.due_at >= at, step_run.c.due_at <= until)
    if only == "paused":
        return (step_run.c.paused_since.is_not(None),)
    return ()
