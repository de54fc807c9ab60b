"""The rooms of one procedure's analysis, and what every one of them shows at its head."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from analysis.facts.facts import Facts
from analysis.queues.scope import Scope
from analysis.source import position_names, unit_names
from api.pages.analysis.filters import Filters, filters_of, require_reader
from api.pages.frame import address
from api.pages.visit import Visit
from engine.procedures import Listed, by_code
from engine.store.columns import from_microseconds

ROOMS = {
    "": ("Tổng quan", "Overview"),
    "waits": ("Chờ và xử lý", "Waiting and handling"),
    "queue": ("Hàng đợi", "Queue"),
    "components": ("Thành phần thiếu", "Missing components"),
    "spread": ("Bao lâu thì xong", "How long it takes"),
    "compare": ("So sánh", "Compare"),
    "what-if": ("Nếu thay đổi", "What if"),
}


@dataclass(frozen=True)
class Room:
    """One room as it is visited: of which procedure, in which period.

    units, positions: the name of each code.
    """

    name: str
    procedure: Listed
    filters: Filters
    scope: Scope
    units: Mapping[str, str]
    positions: Mapping[str, str]

    @property
    def action(self) -> str:
        """Its address, without what it looks at."""
        return room_address(self.procedure.code, self.name)


def room_of(seen: Visit, name: str, code: str, days: int, first: str, last: str) -> Room:
    """The room, if the visitor may enter it (NotAllowed, NoSuchProcedure)."""
    require_reader(seen)
    filters = filters_of(seen, days, first, last)
    with seen.office.database.read() as connection:
        procedure = by_code(connection, seen.actor, code)
        agency_id = seen.actor.agency_id
        units = {u.code: u.name for u in connection.execute(unit_names(agency_id))}
        positions = {p.code: p.name for p in connection.execute(position_names(agency_id))}
    scope = Scope.of(filters.period, procedure_code=procedure.code)
    return Room(name, procedure, filters, scope, units, positions)


def room_address(code: str, name: str) -> str:
    return f"/analysis/{code}/{name}" if name else f"/analysis/{code}"


def tabs_of(seen: Visit, code: str, current: str, filters: Filters) -> list[tuple[str, str, bool]]:
    """The rooms as tabs, each with the same period."""
    return [
        (address(room_address(code, name), **filters.query), seen.t(*words), name == current)
        for name, words in ROOMS.items()
    ]


def head(seen: Visit, room: Room, facts: Facts) -> dict[str, Any]:
    """What the template of every room needs."""
    return {
        "nav": "analysis",
        "errors": list(room.filters.errors),
        "filters": room.filters,
        "procedure": room.procedure,
        "units": room.units,
        "positions": room.positions,
        "action": room.action,
        "room_title": seen.t(*ROOMS[room.name]),
        "sides": tabs_of(seen, room.procedure.code, room.name, room.filters),
        "fresh": fresh(facts),
    }


def fresh(facts: Facts) -> datetime:
    """Until when the facts know everything, in the office's zone."""
    return from_microseconds(facts.fresh_us).astimezone(facts.zone)
