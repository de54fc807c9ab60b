"""The office that is measured: three units, an officer in each, the procedures in force."""

import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from bench.procedure import CHAINS, LANES, diagram
from engine.accounts import actors, found_office, hash_password
from engine.actor import Actor
from engine.clock import Clock
from engine.ids import unguessable_ids
from engine.office import Office
from engine.procedures import publish, upload
from engine.store.database import Database
from engine.store.migrations import upgrade
from engine.working_calendar.kept import keep_calendar
from engine.working_calendar.viet_nam import vietnam
from processes.step import Assignment

START = datetime(2026, 3, 2, 8, 0, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))  # a Monday, office opens
_LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
AGENCY = "BENCH"
PASSWORD = "mat-khau-do-thu"


class OfficeHoursClock:
    """Runs like any clock, but begins in office hours, whenever the benchmark is run."""

    def __init__(self) -> None:
        self._begun = time.monotonic()

    def now(self) -> datetime:
        return START.astimezone(UTC) + timedelta(seconds=time.monotonic() - self._begun)


def open_office(url: str, clock: Clock | None = None) -> Office:
    """The product on a database, as `quytrinh serve` opens it but for the clock."""
    return Office(Database(url), clock or OfficeHoursClock(), unguessable_ids())


def found(url: str) -> None:
    """Make a new office in an empty database, with a procedure for each length of chain."""
    found_with(url, LANES, [diagram(steps) for steps in CHAINS])


def found_with(url: str, lanes: Sequence[Assignment], diagrams: Sequence[bytes]) -> None:
    """Make a new office: a unit, a position and an officer for each lane, and the procedures."""
    upgrade(url)
    office = open_office(url)
    ids = unguessable_ids()
    calendar = vietnam(2024, 2028)
    officers = [
        {
            "login": lane.position,
            "name": lane.name,
            "roles": ["staff", "designer"],
            "holdings": [{"unit": lane.unit, "position": lane.position}],
        }
        for lane in lanes
    ]
    stated = {
        "agency": {"code": AGENCY, "name": "Cơ quan đo thử"},
        "units": [{"code": lane.unit, "name": lane.name} for lane in lanes],
        "positions": [{"code": lane.position, "name": lane.name} for lane in lanes],
        "officers": officers,
    }
    hashed = cache(hash_password)  # it is the same for all, and made to take long
    passwords = {lane.position: PASSWORD for lane in lanes}
    office.database.write(
        lambda transaction: found_office(transaction, stated, passwords, _LONG_AGO, ids, hashed)
    )
    office.database.write(
        lambda transaction: keep_calendar(transaction, AGENCY, calendar, _LONG_AGO, "bench")
    )
    designer = people(office)[lanes[0].position]
    for drawn in diagrams:
        draft = upload(office, designer, drawn, "chain.bpmn")
        publish(office, designer, draft.version_id)
    office.database.close()


def people(office: Office) -> dict[str, Actor]:
    """The officers by the position they hold, which is also their login."""
    with office.database.read() as connection:
        return actors(connection, AGENCY, office.clock.now())
