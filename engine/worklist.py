"""The worklist (hộp việc): what waits for an officer, what is at risk first on top; one statement.

The order is that of the latest safe moments (`engine.risk`). What is late or due today stands in
the order of its due time.
"""

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
from engine.legal_clock.duty import is_same_day
from engine.store.columns import to_microseconds
from engine.store.tables import account, dossier, procedure, step_run
from processes.data_entry import is_storable
from processes.dossier_code import read_code
from processes.search_key import search_key

_NEVER = 2**62  # the place of steps for which nothing runs, and of paused ones: last
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
    procedure_id: UUID
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
    safe_at: datetime | None
    limit_ws: int | None
    dossier_due_at: datetime | None
    dossier_limit_ws: int | None
    dossier_finished_at: datetime | None
    dossier_extensions: int
    version_id: UUID
    dossier_same_day: bool
    dossier_state: str
    paused_since: datetime | None
    paused_ws: int
    escalated_at: datetime | None
    sent_back_from: str | None
    attempt: int
    instance: int | None
    instances: int | None
    item: str | None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page of the worklist ended; the next begins after it.

    at: the moment that it is sorted by, in microseconds.
    """

    at: int
    step_run_id: UUID


@dataclass(frozen=True, slots=True)
class Counts:
    """The numbers above the list; MOST_COUNTED stands for so many or more.

    risk: of those at high risk, with those that are late already.
    """

    total: int
    late: int
    today: int
    paused: int
    risk: int


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

    only: all | mine | risk (needs `at`) | late (needs `at`) | today (needs `at`, `until`) | paused.
    """
    found = _first_of(_Asked(only, _filters(only, at, until), search, after, most), actor)
    query = (
        select(
            step_run,
            dossier.c.code.label("dossier_code"),
            dossier.c.applicant,
            dossier.c.due_at.label("dossier_due_at"),
            dossier.c.limit_ws.label("dossier_limit_ws"),
            dossier.c.finished_at.label("dossier_finished_at"),
            dossier.c.extensions.label("dossier_extensions"),
            is_same_day().label("dossier_same_day"),
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
        .order_by(found.c.sorted_at.is_(None), found.c.sorted_at, found.c.step_run_id)
    )
    return tuple(
        Waiting(**{name: getattr(row, name) for name in Waiting.__slots__})
        for row in connection.execute(query)
    )


def place_of(row: Waiting, only: str = "all") -> Place:
    """The place after a row of such a list, for the next page."""
    at = row.due_at if only in _BY_DUE else row.safe_at
    return Place(_NEVER if at is None else to_microseconds(at), row.step_run_id)


def counts(connection: Connection, actor: Actor, at: datetime, until: datetime) -> Counts:
    """How much waits for the actor: in all, late, due by `until`, paused; one statement.

    Each is counted up to MOST_COUNTED and no further, so that it costs the same however much waits.
    """
    parts = {
        "total": (),
        **{only: _filters(only, at, until) for only in ("late", "today", "paused", "risk")},
    }
    piles = [pile for pile, _ in _piles(actor, "all")]
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


def _piles(actor: Actor, only: str) -> list[tuple[Any, tuple[Any, ...]]]:
    """What waits for the actor, in parts that do not overlap and each lie together in an index.

    What they have claimed; of each position they hold what is free in their unit and in any unit.
    With each the order it lies in. Unit and holder are the same throughout what is free: they are
    named because PostgreSQL does not conclude from IS NULL that the rest is in order.
    """
    order = _sorted_by(only), step_run.c.step_run_id
    of_agency = step_run.c.agency_id == actor.agency_id
    held = and_(of_agency, _IS_OPEN, step_run.c.holder_id == actor.account_id)
    if only == "mine":
        return [(held, order)]
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
    as_indexed = step_run.c.unit, step_run.c.holder_id, *order
    return [(held, order), *((pile, as_indexed) for pile in free)]


@dataclass(frozen=True, slots=True)
class _Asked:
    """Which page of which list."""

    only: str
    filters: tuple[Any, ...]
    search: str
    after: Place | None
    most: int


def _sorted_by(only: str) -> Any:
    return step_run.c.due_at if only in _BY_DUE else step_run.c.safe_at


def _first_of(asked: _Asked, actor: Actor) -> Any:
    """Moment and id of what stands first after a place: the first of each pile, then of all.

    No pile is read further than a page, however much lies there; for what nothing runs stands
    last and is a part of its own, for the databases do not agree where it belongs.
    """
    firsts = []
    at = _sorted_by(asked.only)
    for pile, order in _piles(actor, asked.only):
        for part in _parts(asked, at):
            one = select(at.label("sorted_at"), step_run.c.step_run_id)
            one = _searched(one.where(pile, *asked.filters, *part), asked.search)
            ordered = one.order_by(*order).limit(asked.most).subquery()
            firsts.append(select(ordered.c.sorted_at, ordered.c.step_run_id))
    every = union_all(*firsts).subquery()
    first = every.c.sorted_at.is_(None), every.c.sorted_at, every.c.step_run_id
    return select(every).order_by(*first).limit(asked.most).subquery()


def _parts(asked: _Asked, at: Any) -> list[tuple[Any, ...]]:
    """Conditions of what is sorted by a moment, then of what has none, after the place.

    What is paused has none, what is late, due or at risk has one: the other part is left out.
    """
    run, after = step_run.c.step_run_id, asked.after
    if after is None:
        timed: tuple[Any, ...] = (at.is_not(None),)
        rest: tuple[Any, ...] = (at.is_(None),)
    elif after.at == _NEVER:
        return [(at.is_(None), run > after.step_run_id)]
    else:
        place = literal(after.at, BigInteger), literal(after.step_run_id, run.type)
        timed = (tuple_(type_coerce(at, BigInteger), run) > tuple_(*place),)
        rest = (at.is_(None),)
    if asked.only == "paused":
        return [rest]
    return [timed] if asked.only in _TIMED else [timed, rest]


def _searched(query: Any, search: str) -> Any:
    """Only what every word of the search is found in, at the dossier or the procedure.

    A code in whichever spelling finds its dossier.
    """
    reading = read_code(search) if is_storable(search) else None
    if reading is not None and reading.code is not None:
        query = query.join(dossier, _same(dossier, "dossier_id"))
        return query.where(dossier.c.code.in_(reading.candidates))
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


_BY_DUE = ("late", "today")
_TIMED = (*_BY_DUE, "risk")


def _filters(only: str, at: datetime | None, until: datetime | None) -> tuple[Any, ...]:
    due, safe = step_run.c.due_at, step_run.c.safe_at
    if only == "late":
        return (due < at,)
    if only == "today":
        return (due >= at, due <= until)
    if only == "risk":
        return (safe <= at,)
    if only == "paused":  # what stands has no moment: that says where it lies in the index
        return (safe.is_(None), step_run.c.paused_since.is_not(None))
    return ()
