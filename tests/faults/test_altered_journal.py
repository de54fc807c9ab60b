"""One bit turned over anywhere in a journal, an event taken out, two exchanged: each is found."""

import sqlite3
from contextlib import closing, contextmanager

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from engine.clock import SetClock
from engine.dossiers.claim import claim, release
from engine.ids import seeded_ids
from engine.journal import Break, verify
from engine.office import Office
from engine.store.database import Database
from engine.store.tables import journal
from tests.engine.drawing import CLERK
from tests.engine.offices import START, Ward
from tests.faults.permit import a_minute, receive_permit

COLUMNS = tuple(column.name for column in journal.columns)
WHICH = 'WHERE "dossier_id" = ? AND "seq" = ?'
EVENTS = 6


@pytest.fixture(scope="module")
def written(permits, tmp_path_factory):
    """Two dossiers with six events each."""
    files, people = permits
    clock = SetClock(START)
    database = Database(files.fresh(tmp_path_factory.mktemp("written")))
    ward = Ward(Office(database, clock, seeded_ids(2)), clock, people)
    for _ in range(2):
        run = receive_permit(ward).opened[0].step_run_id
        for act in (claim, release, claim, release, claim):
            a_minute(ward)
            act(ward.office, ward.holder(*CLERK), run)
    ward.events = read(ward)
    yield ward
    database.close()


def read(ward):
    with ward.office.database.read() as connection:
        rows = connection.execute(select(journal).order_by(journal.c.dossier_id, journal.c.seq))
        return rows.all()


def found(ward):
    with ward.office.database.read() as connection:
        return verify(connection)[1]


@contextmanager
def in_the_file(ward):
    """The database file in the hands of somebody who can write it; put right at the end."""
    with closing(sqlite3.connect(ward.office.database.url.removeprefix("sqlite:///"))) as file:
        before = file.execute("SELECT * FROM journal").fetchall()

        def alter(statement, values):
            file.execute(statement, values)
            file.commit()

        try:
            yield alter
        finally:
            file.execute("DELETE FROM journal")
            file.executemany(
                f"INSERT INTO journal VALUES ({', '.join('?' * len(COLUMNS))})", before
            )
            file.commit()


def turned(value, bit):
    """The value with one bit of what is stored turned over, and the SQL that stores it."""
    if isinstance(value, int):
        return value ^ (1 << bit % 40), "?"
    raw = bytearray(value.encode() if isinstance(value, str) else value)
    raw[bit // 8 % len(raw)] ^= 1 << bit % 8
    return bytes(raw), "CAST(? AS TEXT)" if isinstance(value, str) else "?"


FEW = settings(max_examples=4, suppress_health_check=list(HealthCheck), deadline=None)


@pytest.mark.parametrize("column", COLUMNS)
@FEW
@given(number=st.integers(0, 2 * EVENTS - 1), bit=st.integers(0, 4000))
def test_one_bit_turned_over_is_found(written, column, number, bit):
    event = written.events[number]
    raw = event.dossier_id.hex, event.seq
    with in_the_file(written) as alter:
        value = stored(written, column, raw)
        altered, shown = turned(value, bit)
        alter(f'UPDATE OR REPLACE journal SET "{column}" = {shown} {WHICH}', (altered, *raw))
        breaks = found(written)
    assert breaks
    if column not in ("agency_id", "dossier_id", "seq"):
        assert breaks == (Break(event.agency_id, event.dossier_id, event.seq),)


def stored(ward, column, raw):
    with ward.office.database.read() as connection:
        read = f'SELECT "{column}" FROM journal {WHICH}'
        return connection.exec_driver_sql(read, raw).scalar_one()


@FEW
@given(number=st.integers(0, 2 * EVENTS - 1))
def test_an_event_taken_out_is_found_where_it_is_missing(written, number):
    event = written.events[number]
    with in_the_file(written) as alter:
        alter(f"DELETE FROM journal {WHICH}", (event.dossier_id.hex, event.seq))
        breaks = found(written)
    seq = 0 if event.seq == EVENTS else event.seq + 1
    assert breaks == (Break(event.agency_id, event.dossier_id, seq),)


@FEW
@given(pair=st.lists(st.integers(0, 2 * EVENTS - 1), min_size=2, max_size=2, unique=True))
def test_two_events_exchanged_are_found(written, pair):
    one, other = (written.events[number] for number in pair)
    keys = [(each.dossier_id.hex, each.seq) for each in (one, other)]
    with in_the_file(written) as alter:
        for was, becomes in ((keys[0], ("", 99)), (keys[1], keys[0]), (("", 99), keys[1])):
            alter(f'UPDATE journal SET "dossier_id" = ?, "seq" = ? {WHICH}', (*becomes, *was))
        breaks = found(written)
    assert {each.dossier_id for each in breaks} == {one.dossier_id, other.dossier_id}
    first = min(one.seq, other.seq) if one.dossier_id == other.dossier_id else one.seq
    assert Break(one.agency_id, one.dossier_id, first) in breaks


def test_events_of_a_dossier_that_is_gone_and_a_dossier_without_events_are_found(written):
    event = written.events[0]
    with in_the_file(written) as alter:
        moved = "UPDATE journal SET agency_id = 'X' WHERE dossier_id = ?"
        alter(moved, (event.dossier_id.hex,))
        breaks = found(written)
    gone = Break("X", event.dossier_id, 0)
    assert set(breaks) == {gone, Break(event.agency_id, event.dossier_id, 0)}
    assert found(written) == ()
