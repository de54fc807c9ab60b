"""All that a form can say of a dossier, read from one consistent state of the database."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select

from engine.actor import Actor
from engine.calendar import Calendar
from engine.calendar_change.moved_promise import MovedPromise, moved_promise
from engine.dossier_file import DossierFile, dossier_file
from engine.forms.kinds import SAID, FormKind
from engine.forms.words import day_words
from engine.journal import Event, events_of
from engine.office import Office
from engine.registers.reception_numbers import register_settings_in_force
from engine.registers.register_settings import RegisterSettings
from engine.store.tables import agency, position, unit
from engine.working_calendar.editions import FIRST


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Who writes: the agency above, the one that issues, and where."""

    agency: str
    above: str
    place: str

    @property
    def stated_place(self) -> str:
        """The place in the date line; without one the agency's name says it."""
        place = self.place or self.agency.removeprefix("UBND ").removeprefix("Ủy ban nhân dân ")
        return place[:1].upper() + place[1:]


@dataclass(frozen=True)
class Scene:
    """A dossier as its forms see it at a moment.

    calendar_at_reception: by which the appointment was made. at: when the form is issued.
    """

    file: DossierFile
    letterhead: Letterhead
    units: Mapping[str, str]
    positions: Mapping[str, str]
    events: tuple[Event, ...]
    settings: RegisterSettings
    promise: MovedPromise | None
    calendar_at_reception: Calendar
    issuer_name: str
    at: datetime

    @property
    def today(self) -> datetime:
        """The moment of issue in the office's local time."""
        return self.local(self.at)

    def local(self, at: datetime) -> datetime:
        return self.file.calendar.local(at)

    def person(self, account_id: UUID | None) -> str:
        """An officer's name."""
        return self.file.people.get(account_id, "Hệ thống") if account_id else ""

    def unit(self, code: str | None) -> str:
        return self.units.get(code or "", code or "")

    @property
    def desk(self) -> str:
        """Who received: the unit, or the agency where no unit is stated."""
        return self.unit(self.file.row.receiving_unit) or self.letterhead.agency

    @property
    def received(self) -> Event:
        """The first event of the dossier."""
        return self.events[0]

    def last(self, kind: str) -> Event | None:
        """The newest event of a kind."""
        return next((event for event in reversed(self.events) if event.kind == kind), None)


def read_scene(
    office: Office, connection: Connection, actor: Actor, dossier_id: UUID, at: datetime
) -> Scene:
    """The dossier and its surroundings (NoSuchDossier)."""
    agency_id = actor.agency_id
    events = events_of(connection, agency_id, dossier_id)
    counted_by = int(events[0].body.get("calendar", FIRST)) if events else FIRST
    return Scene(
        file=dossier_file(office, connection, actor, dossier_id),
        letterhead=read_letterhead(connection, agency_id),
        units=_names(connection, unit, agency_id),
        positions=_names(connection, position, agency_id),
        events=events,
        settings=register_settings_in_force(office, connection, agency_id),
        promise=moved_promise(connection, actor, dossier_id),
        calendar_at_reception=office.edition_numbered(connection, agency_id, counted_by).office,
        issuer_name=actor.name,
        at=at,
    )


def read_letterhead(connection: Connection, agency_id: str) -> Letterhead:
    """Who the agency is."""
    row = connection.execute(select(agency).where(agency.c.agency_id == agency_id)).one()
    return Letterhead(row.name, row.parent_name, row.place)


def head_facts(
    kind: FormKind, letterhead: Letterhead, today: datetime, *, of_desk: str = ""
) -> dict[str, Any]:
    """What stands on every form; number, template and code are put in when it is issued.

    of_desk: the unit that issues on the agency's behalf, "" = the agency itself.
    """
    above, office = letterhead.above, letterhead.agency
    if of_desk and of_desk != letterhead.agency:
        above, office = letterhead.agency, of_desk
    return {
        "title": SAID[kind].vi,
        "description": SAID[kind].vi,
        "agency": letterhead.agency,
        "parent": above,
        "office": office,
        "place_date": f"{letterhead.stated_place}, {day_words(today)}",
        "day": [today.year, today.month, today.day],
        "code": "",
        "number": "",
        "form": "",
        "basis": "",
        "replaces": "",
    }


def applicant_lines(scene: Scene, first: str) -> list[list[str]]:
    """Who applies and how to reach them, label and value."""
    row = scene.file.row
    contact = row.applicant_contact
    return [
        [first, row.applicant],
        ["Địa chỉ", contact.get("address", "")],
        ["Số điện thoại", contact.get("phone", "")],
        ["Email", contact.get("email", "")],
    ]


def _names(connection: Connection, table: Any, agency_id: str) -> dict[str, str]:
    rows = connection.execute(
        select(table.c.code, table.c.name).where(table.c.agency_id == agency_id)
    )
    return {row.code: row.name for row in rows}
