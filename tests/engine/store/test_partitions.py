"""On PostgreSQL the journal lies in parts by month: made ahead, and nothing is ever refused."""

import threading
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from alembic import command
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text

from engine.ids import uuid7
from engine.journal import verify
from engine.office import Office
from engine.store import migrations
from engine.store.database import Database
from engine.store.partitions import (
    AHEAD,
    MONTHLY,
    Month,
    gather_months,
    make_months,
    make_months_ahead,
    month_of,
    months_ahead,
    months_outside,
)
from engine.store.tables import metadata
from tests.engine.offices import START, Ward
from tests.faults.condition import dump
from tests.faults.permit import open_permits, receive_permit

MARCH = Month(2026, 3)
BIRTH = datetime(2026, 3, 2, tzinfo=UTC)


def moments():
    return st.datetimes(datetime(2000, 1, 1), datetime(2099, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001


@given(moments(), st.integers(0, 2**74 - 1))
def test_a_month_is_a_range_of_ids(at, chance):
    this, month = uuid7(at, chance), Month.of(at)
    assert month_of(this) == month
    assert month.first_id() <= this < month.next().first_id()


def test_what_is_no_moment_has_no_month():
    assert month_of(UUID("aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa")) is None
    assert month_of(uuid7(datetime(2500, 1, 1, tzinfo=UTC), 0)) is None


def test_the_year_turns():
    coming = list(months_ahead(datetime(2026, 11, 30, 23, 0, tzinfo=UTC)))
    assert [(month.year, month.number) for month in coming] == [
        (2026, 11), (2026, 12), (2027, 1), (2027, 2),
    ]  # fmt: skip


@pytest.fixture
def ward(postgresql_url):
    ward = open_permits(postgresql_url)
    yield ward
    ward.office.database.close()


def parts(database):
    """Part -> number of rows, of the journal."""
    with database.read() as connection:
        query = "SELECT tableoid::regclass::text AS part, count(*) FROM journal GROUP BY 1"
        return dict(connection.execute(text(query)).all())


def test_without_its_month_nothing_is_refused_and_making_it_puts_all_in_place(ward):
    outcome = receive_permit(ward)
    assert parts(ward.office.database) == {"journal_other": 1}
    with ward.office.database.read() as connection:
        assert months_outside(connection) == {
            "journal": {MARCH: 1},
            "dossier_component": {MARCH: 2},
        }
    before = dump(ward.office)
    assert make_months_ahead(ward.office.database, START) == (AHEAD + 1) * len(MONTHLY)
    assert parts(ward.office.database) == {"journal_2026_03": 1}
    with ward.office.database.read() as connection:
        assert months_outside(connection) == {}
        assert verify(connection) == (1, ())
    assert dump(ward.office) == before
    receive_permit(ward)
    assert parts(ward.office.database) == {"journal_2026_03": 2}
    assert outcome.code in str(before)


def test_making_them_again_makes_nothing(ward):
    database = ward.office.database
    assert make_months_ahead(database, START) > 0
    assert make_months_ahead(database, START) == 0
    assert make_months_ahead(database, START + timedelta(days=31)) == len(MONTHLY)


def test_many_at_once_make_each_part_once(ward):
    made = []

    def make():
        database = Database(ward.office.database.url)
        made.append(make_months_ahead(database, START))
        database.close()

    threads = [threading.Thread(target=make) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(made) == (AHEAD + 1) * len(MONTHLY)
    assert len(made) == 4


def test_an_event_is_looked_for_in_one_part_only(ward):
    months = [Month(year, number) for year in (2025, 2026) for number in range(1, 13)]
    ward.office.database.write(lambda t: make_months(t.connection, months))
    outcome = receive_permit(ward)
    query = "SELECT body FROM journal WHERE agency_id = :a AND dossier_id = :d AND seq = 1"
    this = {"a": ward.agency_id, "d": outcome.dossier_id}
    with ward.office.database.read() as connection:
        plan = connection.execute(text(f"EXPLAIN {query}"), this).scalars().all()
    named = [line for line in plan if "journal_" in line]
    assert named
    assert all("journal_2026_03" in line for line in named)


def test_a_dossier_that_is_not_there_has_no_journal(ward):
    """The foreign key holds in every part."""
    make_months_ahead(ward.office.database, START)
    strange = {"a": ward.agency_id, "d": uuid7(BIRTH, 1)}
    put = (
        "INSERT INTO journal (agency_id, dossier_id, seq, at, kind, body, hash)"
        " VALUES (:a, :d, 1, 0, 'x', '{}', '')"
    )
    with pytest.raises(Exception, match="violates foreign key constraint"):
        ward.office.database.write(lambda t: t.execute(text(put), strange))


def test_sqlite_knows_no_parts(sqlite_url):
    database = Database(sqlite_url)
    assert make_months_ahead(database, START) == 0
    with database.read() as connection:
        assert make_months(connection, [MARCH]) == 0
        assert months_outside(connection) == {}
    database.close()


def test_an_office_of_before_keeps_every_row_through_the_migration_and_back(ward):
    """Rows of two months, and one whose id is no moment."""
    people, database, url = ward.actors, ward.office.database, ward.office.database.url
    receive_permit(ward)
    ward.at(2026, 4, 1, 9)
    receive_permit(ward)
    old = Office(database, ward.clock, lambda _at: UUID("aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa"))
    receive_permit(Ward(old, ward.clock, people))
    before = rows(database)
    config = migrations._config(url)
    command.downgrade(config, "0009")
    assert rows(database) == before
    command.upgrade(config, "head")
    assert rows(database) == before
    assert parts(database) == {"journal_2026_03": 1, "journal_2026_04": 1, "journal_other": 1}
    with database.read() as connection:
        assert verify(connection) == (3, ())
        assert months_outside(connection)["journal"] == {None: 1}


def rows(database):
    with database.read() as connection:
        return {
            table: sorted(map(repr, connection.execute(select(metadata.tables[table]))))
            for table in MONTHLY
        }


def test_months_of_which_rows_lie_outside_are_made_when_asked_for(ward):
    receive_permit(ward)
    database = ward.office.database
    assert gather_months(database) == len(MONTHLY)
    assert parts(database) == {"journal_2026_03": 1}
    assert gather_months(database) == 0
