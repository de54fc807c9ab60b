"""One bit turned over anywhere in a journal, an event taken out, two exchanged: each is found."""

import sqlite3
from contextlib import closing

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from engine.dossiers.claim import claim, release
from engine.journal import Break, verify
from engine.store.tables import journal
from tests.engine.drawing import CLERK
from tests.faults.permit import a_minute, receive_permit

COLUMNS = tuple(column.name for column in journal.columns)
WHICH = 'WHERE "dossier_id" = ? AND "seq" = ?'
EVENTS = 6


@pytest.fixture(scope="module")
def written(permits, tmp_path_factory):
    """Two dossiers with six events each, and the file that holds them."""
    from engine.clock import SetClock  # noqa: PLC0415
    from engine.ids import seeded_ids  # noqa: PLC0415
    from engine.office import Office  # noqa: PLC0415
    from engine.store.database import Database  # noqa: PLC0415
    from tests.engine.offices import START, Ward  # noqa: PLC0415

    files, people = permits
    clock = SetClock(START)
    database = Database(files.fresh(tmp_path_factory.mktemp("written")))
    ward = Ward(Office(database, clock, seeded_ids(2)), clock, people)
    for _ in range(2):
        run = receive_permit(ward).opened[0].step_run_id
        for act in (claim, release, claim, release, claim):
            a_minute(ward)
            act(ward.office, ward.holder(*CLERK), run)
    yield ward
    database.close()


def events(ward):
    with ward.office.database.read() as connection:
        rows = connection.execute(select(journal).order_by(journal.c.dossier_id, journal.c.seq))
        return rows.all()


def found(ward):
    with ward.office.database.read() as connection:
        return verify(connection)[1]


class File:
    """The database file in the hands of somebody who can write it."""

    def __init__(self, ward):
        self.path = ward.office.database.url.removeprefix("sqlite:///")

    def __enter__(self):
        self.connection = sqlite3.connect(self.path)
        self.before = self.connection.execute("SELECT * FROM journal").fetchall()
        return self.connection

    def __exit__(self, *_):
        with closing(self.connection):
            self.connection.commit()

    def put_right(self):
        with closing(sqlite3.connect(self.path)) as connection:
            connection.execute("DELETE FROM journal")
            marks = ", ".join("?" * len(COLUMNS))
            connection.executemany(f"INSERT INTO journal VALUES ({marks})", self.before)
            connection.commit()


def turned(value, bit):
    """The value with one bit of what is stored turned over, and the SQL that stores it."""
    if isinstance(value, int):
        return value ^ (1 << bit % 40), "?"
    raw = bytearray(value.encode() if isinstance(value, str) else value)
    raw[bit // 8 % len(raw)] ^= 1 << bit % 8
    return bytes(raw), "CAST(? AS TEXT)" if isinstance(value, str) else "?"


@pytest.mark.parametrize("column", COLUMNS)
@settings(max_examples=12, suppress_health_check=list(HealthCheck), deadline=None)
@given(number=st.integers(0, 2 * EVENTS - 1), bit=st.integers(0, 4000))
def test_one_bit_turned_over_is_found(written, column, number, bit):
    event = events(written)[number]
    this = event.dossier_id.hex, event.seq
    file = File(written)
    with file as connection:
        read = f'SELECT "{column}" FROM journal {WHICH}'
        (value,) = connection.execute(read, this).fetchone()
        altered, shown = turned(value, bit)
        connection.execute(
            f'UPDATE OR REPLACE journal SET "{column}" = {shown} {WHICH}', (altered, *this)
        )
    breaks = found(written)
    file.put_right()
    assert breaks
    if column not in ("agency_id", "dossier_id", "seq"):
        assert breaks == (Break(event.agency_id, event.dossier_id, event.seq),)
    assert found(written) == ()


@settings(max_examples=12, suppress_health_check=list(HealthCheck), deadline=None)
@given(number=st.integers(0, 2 * EVENTS - 1))
def test_an_event_taken_out_is_found_where_it_is_missing(written, number):
    event = events(written)[number]
    file = File(written)
    with file as connection:
        connection.execute(f"DELETE FROM journal {WHICH}", (event.dossier_id.hex, event.seq))
    breaks = found(written)
    file.put_right()
    seq = 0 if event.seq == EVENTS else event.seq + 1
    assert breaks == (Break(event.agency_id, event.dossier_id, seq),)


@settings(max_examples=12, suppress_health_check=list(HealthCheck), deadline=None)
@given(pair=st.lists(st.integers(0, 2 * EVENTS - 1), min_size=2, max_size=2, unique=True))
def test_two_events_exchanged_are_found(written, pair):
    one, other = (events(written)[number] for number in pair)
    file = File(written)
    with file as connection:
        keys = [(each.dossier_id.hex, each.seq) for each in (one, other)]
        steps = ((keys[0], ("", 99)), (keys[1], keys[0]), (("", 99), keys[1]))
        for was, is_now in steps:
            connection.execute(
                f'UPDATE journal SET "dossier_id" = ?, "seq" = ? {WHICH}', (*is_now, *was)
            )
    breaks = found(written)
    file.put_right()
    assert {each.dossier_id for each in breaks} == {one.dossier_id, other.dossier_id}
    first = min(one.seq, other.seq) if one.dossier_id == other.dossier_id else one.seq
    assert Break(one.agency_id, one.dossier_id, first) in breaks


def test_events_of_a_dossier_that_is_gone_and_a_dossier_without_events_are_found(written):
    event = events(written)[0]
    file = File(written)
    with file as connection:
        connection.execute(
            "UPDATE journal SET agency_id = 'X' WHERE dossier_id = ?", (event.dossier_id.hex,)
        )
    breaks = found(written)
    file.put_right()
    assert set(breaks) == {
        Break("X", event.dossier_id, 0),
        Break(event.agency_id, event.dossier_id, 0),
    }
