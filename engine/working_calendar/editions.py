"""Editions of an office's calendar: what it and its units count by from a moment on.

An edition never changes. Every dossier says by which edition it is counted, so an act is exact
however late a process hears of a new one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, func, insert, select

from engine.calendar import Calendar
from engine.store.database import Transaction
from engine.store.tables import calendar, calendar_edition, calendar_layer
from engine.working_calendar.layer import Layer, calendars_of

FIRST = 1


@dataclass(frozen=True, slots=True)
class Grounds:
    """Why an edition came into force: in words, by which decision, and who approved it."""

    reason: str
    decision_no: str = ""
    change_id: UUID | None = None
    approved_by: UUID | None = None


@dataclass(frozen=True, slots=True)
class Edition:
    """What an office counts by: its own calendar, and those of units with a layer of their own."""

    number: int
    since: datetime
    office: Calendar
    units: Mapping[str, Calendar]
    grounds: Grounds

    def calendar_of(self, unit: str | None) -> Calendar:
        """The calendar by which a unit's steps are counted."""
        return self.units.get(unit or "", self.office)


def number_in_force(connection: Connection, agency_id: str, at: datetime) -> int | None:
    """The number of the edition in force at a moment: of those that have begun, the last."""
    begun = calendar_edition.c.agency_id == agency_id, calendar_edition.c.since <= at
    newest = select(func.max(calendar_edition.c.number)).where(*begun)
    found: int | None = connection.execute(newest).scalar_one()
    return found


def edition(connection: Connection, agency_id: str, number: int) -> Edition | None:
    """The edition of that number; None where there is none."""
    row = connection.execute(
        select(calendar_edition).where(
            calendar_edition.c.agency_id == agency_id, calendar_edition.c.number == number
        )
    ).one_or_none()
    if row is None:
        return None
    stored = connection.execute(
        select(calendar.c.version, calendar.c.data).where(
            calendar.c.agency_id == agency_id,
            calendar.c.version.in_(set(row.versions.values())),
        )
    )
    by_version = {version: Calendar.from_data(data) for version, data in stored}
    made = {unit: by_version[version] for unit, version in row.versions.items()}
    grounds = Grounds(row.reason, row.decision_no, row.change_id, row.approved_by)
    return Edition(number, row.since, made.pop(""), made, grounds)


def layers_of(connection: Connection, agency_id: str, number: int) -> tuple[Layer, ...]:
    """The layers of which an edition was made, the country's first."""
    found = connection.execute(
        select(calendar_layer.c.data).where(
            calendar_layer.c.agency_id == agency_id, calendar_layer.c.edition == number
        )
    ).scalars()
    return in_order(Layer.from_data(data) for data in found)


def in_order(layers: Any) -> tuple[Layer, ...]:
    """Layers as people read them: from the country down, units by their code."""
    from_country = ("country", "city", "office", "unit")
    return tuple(sorted(layers, key=lambda each: (from_country.index(each.level), each.unit)))


def keep_edition(
    transaction: Transaction,
    agency_id: str,
    layers: tuple[Layer, ...],
    since: datetime,
    grounds: Grounds,
) -> int:
    """Put layers in force as the next edition; its number.

    Errors: those of composing. Who is faster by a hair takes the number; the other is repeated.
    """
    made = calendars_of(layers)
    newest = select(func.max(calendar_edition.c.number)).where(
        calendar_edition.c.agency_id == agency_id
    )
    number = (transaction.execute(newest).scalar_one() or 0) + 1
    _keep_contents(transaction, agency_id, made, since, grounds.reason)
    transaction.execute(
        insert(calendar_edition),
        {
            "agency_id": agency_id,
            "number": number,
            "since": since,
            "versions": {unit: each.version for unit, each in made.items()},
            "reason": grounds.reason,
            "decision_no": grounds.decision_no,
            "change_id": grounds.change_id,
            "approved_by": grounds.approved_by,
        },
    )
    for each in layers:
        transaction.execute(
            insert(calendar_layer),
            {
                "agency_id": agency_id,
                "edition": number,
                "level": str(each.level),
                "unit": each.unit,
                "data": each.to_data(),
            },
        )
    return number


def _keep_contents(
    transaction: Transaction,
    agency_id: str,
    made: Mapping[str, Calendar],
    since: datetime,
    reason: str,
) -> None:
    """What each calendar holds, once: an earlier one that comes back is known already."""
    wanted = {each.version: each for each in made.values()}
    known = transaction.execute(
        select(calendar.c.version).where(
            calendar.c.agency_id == agency_id, calendar.c.version.in_(wanted)
        )
    )
    for version in set(wanted) - set(known.scalars()):
        transaction.execute(
            insert(calendar),
            {
                "agency_id": agency_id,
                "version": version,
                "data": wanted[version].to_data(),
                "in_force_from": since,
                "reason": reason,
            },
        )
