"""Acts that are written together: each whole or not at all, a bad one alone."""

import pytest
from sqlalchemy import bindparam, insert, select, update

from engine.store.database import Database, StaleState
from engine.store.gathered import Gathered, write_all
from engine.store.migrations import upgrade
from engine.store.prepared import Prepared
from engine.store.tables import agency, counter

NEW = Prepared(insert(counter), ("agency_id", "series", "last"))
FOUND = Prepared(insert(agency), ("agency_id", "name"))
COUNT = Prepared(
    update(counter).where(
        counter.c.series == bindparam("of_series"), counter.c.last == bindparam("stood")
    ),
    ("last",),
)


@pytest.fixture
def database(empty_database_url):
    upgrade(empty_database_url)
    opened = Database(empty_database_url)
    opened.write(
        lambda transaction: transaction.execute(
            insert(counter), [{"agency_id": "a", "series": each, "last": 1} for each in "xyz"]
        )
    )
    yield opened
    opened.close()


def counting(connection, series, stood, *, agency_id=None):
    act = Gathered(connection)
    if agency_id is not None:
        act.change(FOUND, {"agency_id": agency_id, "name": "A"})
    act.change(COUNT, {"of_series": series, "stood": stood, "last": stood + 1}, must=True)
    return act


def written(database, *given):
    def command(transaction):
        return write_all(
            transaction.connection,
            [counting(transaction.connection, *each[:2], **each[2]) for each in given],
        )

    return database.write(command)


def counters(database):
    with database.read() as connection:
        rows = connection.execute(select(counter.c.series, counter.c.last))
        return {row.series: row.last for row in rows}


def agencies(database):
    with database.read() as connection:
        return sorted(connection.execute(select(agency.c.agency_id)).scalars())


def test_all_are_written(database):
    assert written(database, *((each, 1, {}) for each in "xyz")) == [None] * 3
    assert counters(database) == {"x": 2, "y": 2, "z": 2}


def test_one_that_somebody_else_was_faster_with_fails_alone_and_whole(database):
    given = [("x", 1, {"agency_id": "b"}), ("y", 7, {"agency_id": "c"}), ("z", 1, {})]
    first, stale, last = written(database, *given)
    assert (first, last) == (None, None)
    assert isinstance(stale, StaleState)
    assert counters(database) == {"x": 2, "y": 1, "z": 2}
    assert agencies(database) == ["b"]


def test_one_that_the_database_refuses_fails_alone_and_whole(database):
    given = [("x", 1, {"agency_id": "b"}), ("y", 1, {"agency_id": "b"}), ("z", 1, {})]
    first, refused, last = written(database, *given)
    assert (first, last) == (None, None)
    assert type(refused).__name__ == "IntegrityError"
    assert counters(database) == {"x": 2, "y": 1, "z": 2}


def test_what_is_gathered_is_not_written_in_passing(database):
    with database.read() as connection, pytest.raises(RuntimeError):
        Gathered(connection).execute(insert(counter), {})
