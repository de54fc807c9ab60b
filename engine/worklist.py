"""The worklist (hộp việc): what waits for an officer, what is due first on top; one statement."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Connection,
    and_,
    func,
    literal,
    literal_column,
    or_,
    select,
    tuple_,
    type_coerce,
    union_all,
)

from engine.actor import Actor
from engine.dossiers.outcome import OpenedStep
from engine.store.columns import to_microseconds
from engine.store.tables import account, dossier, procedure, step_run
from processes.search_key import search_key

_NEVER = 2**62  # the place of steps without a due time, and of paused ones: last
OPEN = "open"
MOST_COUNTED = 1_000  # nobody reads further than that, and counting on costs more and more


@dataclass(frozen=True, slots=True)
class Waiting:
    """One open step as a row of the worklist.

    instance, instances, item: of a repeated step, which of how many it is, and for what.
    """

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
    dossier_limit_ws: int | None
    dossier_finished_at: datetime | None
    dossier_extensions: int
    dossier_state: str
    paused_since: datetime | None
    escalated_at: datetime | None
    sent_back_from: str | None
    attempt: int
    instance: int | None
    instances: int | None
    item: str | None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page of the worklist ended; the next begins after it."""

    due: int
    step_run_id: UUID


@dataclass(frozen=True, slots=True)
class Counts:
    """The numbers above the list; MOST_COUNTED stands for so many or more."""

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
    found = _first_of(_piles(actor, only), _filters(only, at, until), search, after, most)
    query = (
        select(
            step_run,
            dossier.c.code.label("dossier_code"),
            dossier.c.applicant,
            dossier.c.due_at.label("dossier_due_at"),
            dossier.c.limit_ws.label("dossier_limit_ws"),
            dossier.c.finished_at.label("dossier_finished_at"),
            dossier.c.extensions.label("dossier_extensions"),
            dossier.c.state.label("dossier_state"),
            procedure.c.name.label("procedure_name"),
            procedure.c.code.label("procedure_code"),
            account.c.name.label("holder"),
        )
        .select_from(found)
        .join(
            step_run,
            and_(
                step_run.c.agency_id == actor.agency_id,
                step_run.c.step_run_id == found.c.step_run_id,
            ),
        )
        .join(dossier, _same(dossier, "dossier_id"))
        .join(procedure, _same(procedure, "procedure_id"))
        .outerjoin(
            account,
            and_(
                account.c.agency_id == step_run.c.agency_id,
                account.c.account_id == step_run.c.holder_id,
            ),
        )
        .order_by(found.c.due_at.is_(None), found.c.due_at, found.c.step_run_id)
    )
    return tuple(
        Waiting(**{name: getattr(row, name) for name in Waiting.__slots__})
        for row in connection.execute(query)
    )


def place_of(row: Waiting) -> Place:
    """The place after a row, for the next page."""
    return Place(_NEVER if row.due_at is None else to_microseconds(row.due_at), row.step_run_id)


def counts(connection: Connection, actor: Actor, at: datetime, until: datetime) -> Counts:
    """How much waits for the actor: in all, late, due by `until`, paused; one statement.

    Each is counted up to MOST_COUNTED and no further, so that it costs the same however much waits.
    """
    due = step_run.c.due_at
    parts = {
        "total": (),
        "late": (due < at,),
        "today": (due >= at, due <= until),
        # What stands has no due time: that says where it lies in the index.
        "paused": (due.is_(None), step_run.c.paused_since.is_not(None)),
    }
    piles = [pile for pile, _ in _piles(actor)]
    row = connection.execute(select(*(_number(piles, part) for part in parts.values()))).one()
    return Counts(*(min(int(number), MOST_COUNTED) for number in row))


def _number(piles: list[Any], part: tuple[Any, ...]) -> Any:
    """How many of all piles are of this part; of no pile more than MOST_COUNTED are looked at."""
    looked = [
        select(literal_column("1").label("one")).where(pile, *part).limit(MOST_COUNTED).subquery()
        for pile in piles
    ]
    every = union_all(*(select(one.c.one) for one in looked)).subquery()
    return select(func.count()).select_from(every).scalar_subquery()


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


def _piles(actor: Actor, only: str = "all") -> list[tuple[Any, tuple[Any, ...]]]:
    """What waits for the actor, in parts that do not overlap and each lie together in an index.

    What they have claimed; of each position they hold what is free in their unit and in any unit.
    With each the order it lies in, due first. Unit and holder are the same throughout what is
    free: they are named because PostgreSQL does not conclude from IS NULL that the rest is in
    order.
    """
    due = step_run.c.due_at, step_run.c.step_run_id
    of_agency = step_run.c.agency_id == actor.agency_id
    held = and_(of_agency, _IS_OPEN, step_run.c.holder_id == actor.account_id)
    if only == "mine":
        return [(held, due)]
    units = {(position, unit) for unit, position in actor.holdings}
    anywhere = {(position, None) for position, _ in units}
    free = [
        and_(
            of_agency,
            _IS_OPEN,
            step_run.c.position == position,
            step_run.c.unit.is_(None) if unit is None else step_run.c.unit == unit,
            step_run.c.holder_id.is_(None),
        )
        for position, unit in sorted(units | anywhere, key=lambda each: (each[0], each[1] or ""))
    ]
    as_indexed = step_run.c.unit, step_run.c.holder_id, *due
    return [(held, due), *((pile, as_indexed) for pile in free)]


def _first_of(
    piles: list[Any], filters: tuple[Any, ...], search: str, after: Place | None, most: int
) -> Any:
    """Due time and id of what stands first after a place: the first of each pile, then of all.

    No pile is read further than a page, however much lies there; what has no due time stands
    last and is a part of its own, for the databases do not agree where it belongs.
    """
    firsts = []
    for pile, order in piles:
        for part in _parts(after):
            one = select(step_run.c.due_at, step_run.c.step_run_id).where(pile, *filters, *part)
            one = _searched(one, search).order_by(*order).limit(most).subquery()
            firsts.append(select(one.c.due_at, one.c.step_run_id))
    every = union_all(*firsts).subquery()
    first = every.c.due_at.is_(None), every.c.due_at, every.c.step_run_id
    return select(every).order_by(*first).limit(most).subquery()


def _parts(after: Place | None) -> list[tuple[Any, ...]]:
    """Conditions of what has a due time, then of what has none, where it stands after the place."""
    due, run = step_run.c.due_at, step_run.c.step_run_id
    if after is None:
        return [(due.is_not(None),), (due.is_(None),)]
    if after.due == _NEVER:
        return [(due.is_(None), run > after.step_run_id)]
    place = literal(after.due, BigInteger), literal(after.step_run_id, run.type)
    later = tuple_(type_coerce(due, BigInteger), run) > tuple_(*place)
    return [(later,), (due.is_(None),)]


def _searched(query: Any, search: str) -> Any:
    """Only what every word of the search is found in, at the dossier or the procedure."""
    words = search_key(search).split()[:10]
    if not words:
        return query
    query = query.join(dossier, _same(dossier, "dossier_id"))
    query = query.join(procedure, _same(procedure, "procedure_id"))
    for word in words:
        query = query.where(
            or_(
                dossier.c.search.contains(word, autoescape=True),
                procedure.c.search.contains(word, autoescape=True),
            )
        )
    return query


_IS_OPEN = step_run.c.state == literal_column("'open'")  # as the indexes of open steps say it


def _filters(only: str, at: datetime | None, until: datetime | None) -> tuple[Any, ...]:
    if only == "late":
        return (step_run.c.due_at < at,)
    if only == "today":
        return (step_run.c.due_at >= at, step_run.c.due_at <= until)
    if only == "paused":
        return (step_run.c.paused_since.is_not(None),)
    return ()
