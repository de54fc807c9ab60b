"""The head's morning list: what of their units is at risk by tonight, and in whose hands it is.

It lies in an index by unit and latest safe moment, so a page costs the same however much is open.
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

from engine.actor import Actor, Role
from engine.store.columns import to_microseconds
from engine.store.tables import account, dossier, holding, procedure, step_run
from engine.worklist import MOST_COUNTED, Place

NOBODY = "nobody"
"""In place of a holder: what nobody has taken up."""


@dataclass(frozen=True, slots=True)
class AtRisk:
    """One open step of the list; as a row of the worklist, and in whose hands it is."""

    step_run_id: UUID
    dossier_id: UUID
    dossier_code: str
    applicant: str
    procedure_id: UUID
    procedure_name: str
    element_id: str
    name: str
    unit: str | None
    position: str | None
    holder_id: UUID | None
    holder: str | None
    enabled_at: datetime
    due_at: datetime | None
    safe_at: datetime
    limit_ws: int | None
    dossier_due_at: datetime | None
    dossier_finished_at: datetime | None
    dossier_state: str
    paused_since: datetime | None
    paused_ws: int
    instance: int | None
    instances: int | None
    item: str | None


@dataclass(frozen=True, slots=True)
class InHands:
    """How much of the list is in whose hands; holder_id None: nobody's. Up to MOST_COUNTED."""

    holder_id: UUID | None
    holder: str | None
    number: int


@dataclass(frozen=True, slots=True)
class Led:
    """What a head leads: units, and of their people the positions and the accounts.

    Steps that the diagram gives to a position in any unit are led where their people are.
    """

    agency_id: str
    units: frozenset[str] = frozenset()
    positions: frozenset[str] = frozenset()
    people: frozenset[UUID] = frozenset()


def led_by(connection: Connection, actor: Actor, at: datetime) -> Led:
    """The units in which a head holds a position, with their people at a moment (NotAllowed)."""
    actor.require(Role.HEAD, who="lãnh đạo đơn vị (head)")
    units = frozenset(unit for unit, _ in actor.holdings)
    rows = connection.execute(
        select(holding.c.position, holding.c.account_id).where(
            holding.c.agency_id == actor.agency_id,
            holding.c.unit.in_(sorted(units)),
            holding.c.valid_from <= at,
            or_(holding.c.valid_to.is_(None), holding.c.valid_to > at),
        )
    ).all()
    return Led(
        actor.agency_id,
        units,
        frozenset(row.position for row in rows),
        frozenset(row.account_id for row in rows),
    )


def at_risk(
    connection: Connection,
    led: Led,
    until: datetime,
    *,
    holder: UUID | str | None = None,
    after: Place | None = None,
    most: int = 50,
) -> tuple[AtRisk, ...]:
    """Open steps of the units that are safe no longer than until then, the most pressing first.

    holder: only what is in their hands, or in nobody's (NOBODY).
    """
    found = _found(led, until, _of_holder(holder), after, most)
    query = (
        select(
            step_run,
            dossier.c.code.label("dossier_code"),
            dossier.c.applicant,
            dossier.c.due_at.label("dossier_due_at"),
            dossier.c.finished_at.label("dossier_finished_at"),
            dossier.c.state.label("dossier_state"),
            procedure.c.name.label("procedure_name"),
            account.c.name.label("holder"),
        )
        .select_from(found)
        .join(
            step_run,
            and_(
                step_run.c.agency_id == led.agency_id, step_run.c.step_run_id == found.c.step_run_id
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
        .order_by(found.c.safe_at, found.c.step_run_id)
    )
    return tuple(
        AtRisk(**{name: getattr(row, name) for name in AtRisk.__slots__})
        for row in connection.execute(query)
    )


def place_of(row: AtRisk) -> Place:
    """The place after a row, for the next page."""
    return Place(to_microseconds(row.safe_at), row.step_run_id)


def in_whose_hands(connection: Connection, led: Led, until: datetime) -> tuple[InHands, ...]:
    """By holder how much there is, who has most first; no more than MOST_COUNTED are looked at."""
    found = _found(led, until, (), None, MOST_COUNTED)
    number = func.count().label("number")
    rows = connection.execute(
        select(step_run.c.holder_id, account.c.name.label("holder"), number)
        .select_from(found)
        .join(
            step_run,
            and_(
                step_run.c.agency_id == led.agency_id, step_run.c.step_run_id == found.c.step_run_id
            ),
        )
        .outerjoin(
            account,
            and_(
                account.c.agency_id == led.agency_id, account.c.account_id == step_run.c.holder_id
            ),
        )
        .group_by(step_run.c.holder_id, account.c.name)
        .order_by(number.desc(), account.c.name)
    )
    return tuple(InHands(row.holder_id, row.holder, int(row.number)) for row in rows)


def _found(
    led: Led,
    until: datetime,
    filters: tuple[Any, ...],
    after: Place | None,
    most: int,
) -> Any:
    """Of each part the first so many, then of all."""
    safe, run = step_run.c.safe_at, step_run.c.step_run_id
    firsts = []
    for pile, order in _piles(led):
        one = select(safe, run).where(pile, safe.is_not(None), safe <= until, *filters)
        if after is not None:
            place = literal(after.at, BigInteger), literal(after.step_run_id, run.type)
            one = one.where(tuple_(type_coerce(safe, BigInteger), run) > tuple_(*place))
        part = one.order_by(*order, safe, run).limit(most).subquery()
        firsts.append(select(part.c.safe_at, part.c.step_run_id))
    every = union_all(*firsts).subquery()
    return select(every).order_by(every.c.safe_at, every.c.step_run_id).limit(most).subquery()


def _piles(led: Led) -> list[tuple[Any, tuple[Any, ...]]]:
    """Parts that do not overlap and each lie together in an index, and what leads its order.

    A unit's steps; of those of no unit the free ones of each position, and what each person holds.
    """
    this = step_run.c
    is_open = and_(this.agency_id == led.agency_id, this.state == literal_column("'open'"))
    free = and_(this.unit.is_(None), this.holder_id.is_(None))
    return [
        *((and_(is_open, this.unit == unit), ()) for unit in sorted(led.units) or [""]),
        *(
            (and_(is_open, this.position == position, free), (this.unit, this.holder_id))
            for position in sorted(led.positions)
        ),
        *(
            (and_(is_open, this.holder_id == person, this.unit.is_(None)), ())
            for person in sorted(led.people)
        ),
    ]


def _of_holder(holder: UUID | str | None) -> tuple[Any, ...]:
    if holder is None:
        return ()
    if holder == NOBODY:
        return (step_run.c.holder_id.is_(None),)
    return (step_run.c.holder_id == holder,)


def _same(table: Any, column: str) -> Any:
    return and_(table.c.agency_id == step_run.c.agency_id, table.c[column] == step_run.c[column])
