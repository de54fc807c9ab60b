"""`quytrinh migrate`: the newest schema, the coming months, and what lies outside of all."""

from uuid import UUID

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from api.cli import app
from api.passing_time import PassingTime
from engine.office import Office
from engine.store.database import Database
from engine.store.partitions import AHEAD, MONTHLY, Month
from tests.engine.offices import START, Ward
from tests.faults.permit import open_permits, receive_permit


def run(*arguments):
    return CliRunner().invoke(app, ["migrate", *arguments])


def parts(url):
    database = Database(url)
    query = "SELECT relname FROM pg_class WHERE relispartition AND relkind = 'r' ORDER BY 1"
    with database.read() as connection:
        found = list(connection.execute(text(query)).scalars())
    database.close()
    return found


def test_a_new_database_has_the_newest_schema_and_the_coming_months(empty_database_url):
    done = run("--database", empty_database_url)
    assert done.exit_code == 0, done.output
    assert done.stdout.splitlines() == ["Lược đồ đã mới nhất. / The schema is the newest."]
    if empty_database_url.startswith("postgresql"):
        assert len(parts(empty_database_url)) == (AHEAD + 2) * len(MONTHLY)


def test_months_of_rows_outside_are_made_and_what_has_no_month_is_named(postgresql_url):
    ward = open_permits(postgresql_url)
    receive_permit(ward)
    other = UUID("aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa")
    office = Office(ward.office.database, ward.clock, lambda _at: other)
    receive_permit(Ward(office, ward.clock, ward.actors))
    ward.office.database.close()
    done = run("--database", postgresql_url)
    assert done.exit_code == 0, done.output
    assert "journal: 1 dòng ngoài các tháng" in done.stdout
    assert Month(2026, 3).part_of("journal") in parts(postgresql_url)


@pytest.fixture
def office(postgresql_url):
    ward = open_permits(postgresql_url)
    yield ward
    ward.office.database.close()


def test_a_worker_makes_the_coming_months_when_it_starts_and_day_after_day(office, postgresql_url):
    worker = PassingTime(office.office, 5)
    assert parts(postgresql_url) == ["dossier_component_other", "journal_other"]
    worker.look()
    assert len(parts(postgresql_url)) == (AHEAD + 2) * len(MONTHLY)
    office.clock.set(START.replace(month=4))
    worker.look()
    assert Month(2026, 7).part_of("journal") in parts(postgresql_url)
    assert worker.failures == 0


def test_timers_do_not_stand_where_months_cannot_be_made(office):
    """Somebody reads the journal for longer than a worker waits."""
    database = Database(office.office.database.url)
    with database.read() as connection:
        connection.execute(text("LOCK TABLE journal IN SHARE MODE"))
        worker = PassingTime(office.office, 5)
        worker.look()
        assert worker.last_success is not None
    database.close()
