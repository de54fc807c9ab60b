"""The office that is measured: three units, an officer in each, the procedures in force."""

import time
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bench.procedure import CHAINS, LANES, diagram
from engine.accounts import actors, found_office
from engine.actor import Actor
from engine.calendar_vn import vietnam
from engine.calendars import keep_calendar
from engine.ids import unguessable_ids
from engine.office import Office
from engine.procedures import publish, upload
from engine.store.database import Database
from engine.store.migrations import upgrade

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


def open_office(url: str) -> Office:
    """The product on a database, as `quytrinh serve` opens it but for the clock."""
    return Office(Database(url), OfficeHoursClock(), unguessable_ids())


def found(url: str) -> None:
    """Make a new office in an empty database, with a procedure for each length of chain."""
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
        for lane in LANES
    ]
    stated = {
        "agency": {"code": AGENCY, "name": "Cơ quan đo thử"},
        "units": [{"code": lane.unit, "name": lane.name} for lane in LANES],
        "positions": [{"code": lane.position, "name": lane.name} for lane in LANES],
        "officers": officers,
    }
    passwords = {lane.position: PASSWORD for lane in LANES}
    office.database.write(
        lambda transaction: found_office(transaction, stated, passwords, _LONG_AGO, ids)
    )
    office.database.write(
        lambda transaction: keep_calendar(transaction, AGENCY, calendar, _LONG_AGO, "bench")
    )
    designer = next(iter(people(office).values()))
    for steps in CHAINS:
        draft = upload(office, designer, diagram(steps), f"chain-{steps}.bpmn")
        publish(office, designer, draft.version_id)
    office.database.close()


def people(office: Office) -> dict[str, Actor]:
    """The officers by the position they hold, which is also their login."""
    with office.database.read() as connection:
        return actors(connection, AGENCY, office.clock.now())
