"""Offices with the permit procedure: founded once on SQLite and copied for each test."""

import pytest

from engine.clock import SetClock
from engine.ids import seeded_ids
from engine.office import Office
from engine.store.database import Database
from engine.store.migrations import upgrade
from tests.api.desk import found_in
from tests.databases import SQLiteFiles
from tests.engine.offices import START, Ward
from tests.faults.permit import open_permits


@pytest.fixture(scope="session")
def permits(tmp_path_factory):
    """A SQLite file with the office, to copy; and its people."""
    people = []

    def found(url):
        upgrade(url)
        ward = open_permits(url)
        people.append(ward.actors)
        ward.office.database.close()

    files = SQLiteFiles(tmp_path_factory.mktemp("permit_file"), found)
    return files, people[0]


@pytest.fixture
def open_permit_ward(permits, tmp_path_factory):
    """Opens a fresh copy of the office whenever it is called."""
    files, people = permits
    opened = []

    def fresh() -> Ward:
        url = files.fresh(tmp_path_factory.mktemp("permit"))
        clock = SetClock(START)
        ward = Ward(Office(Database(url), clock, seeded_ids(2)), clock, people)
        opened.append(ward)
        return ward

    yield fresh
    for ward in opened:
        ward.office.database.close()


@pytest.fixture
def sqlite_permits(open_permit_ward):
    return open_permit_ward()


@pytest.fixture
def postgresql_permits(postgresql_url):
    ward = open_permits(postgresql_url)
    yield ward
    ward.office.database.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def permit_ward(request):
    """Once on each kind of database."""
    return request.getfixturevalue(f"{request.param}_permits")


@pytest.fixture(scope="session")
def desk_files(tmp_path_factory):
    """The small office behind its doors, to copy."""
    return SQLiteFiles(tmp_path_factory.mktemp("desks"), found_in)
