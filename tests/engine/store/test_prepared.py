"""Prepared statements mean what SQLAlchemy's own do: same values, same errors, same transaction."""

import asyncio
import threading
from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError

from engine.store.database import Database, DatabaseStopped, StaleState
from engine.store.prepared import Prepared
from engine.store.tables import agency, counter, idempotency

ROW = {
    "agency_id": "a",
    "account_id": UUID(int=7),
    "key": "k",
    "command": "complete",
    "request_hash": bytes(range(32)),
    "answer": {"tên": "Lê Văn Tám", "số": [1, None]},
    "at": datetime(2026, 3, 2, 1, 0, 0, 5, tzinfo=UTC),
}
ENTER = Prepared(insert(idempotency), tuple(ROW))
FIND = Prepared(
    select(idempotency).where(
        idempotency.c.key == bindparam("of_key"), idempotency.c.at <= bindparam("until")
    )
)
FOUND = Prepared(insert(agency), ("agency_id", "name"))
RENAME = Prepared(update(agency).where(agency.c.agency_id == bindparam("of_agency")), ("name",))


@pytest.fixture
def database(database_url):
    opened = Database(database_url)
    yield opened
    opened.close()


def names(database):
    with database.read() as connection:
        return dict(connection.execute(select(agency.c.agency_id, agency.c.name)).all())


def founding(name):
    return lambda transaction: transaction.change(FOUND, {"agency_id": name, "name": name})


def test_what_is_written_prepared_is_read_the_same_both_ways(database):
    database.write(lambda transaction: transaction.change(ENTER, ROW))
    with database.read() as connection:
        assert connection.execute(select(idempotency)).one()._asdict() == ROW
    asked = {"of_key": "k", "until": ROW["at"]}
    (row,) = database.look(lambda connection: FIND.rows(connection, asked))
    assert {name: getattr(row, name) for name in ROW} == ROW
    assert database.look(lambda c: FIND.rows(c, {**asked, "of_key": None})) == []


def test_a_column_that_was_not_selected_is_not_there(database):
    database.write(lambda transaction: transaction.change(ENTER, ROW))
    row = database.write(lambda t: t.row(FIND, {"of_key": "k", "until": ROW["at"]}))
    with pytest.raises(AttributeError):
        row.unknown  # noqa: B018


def test_what_was_changed_is_seen_by_whatever_comes_next(database):
    def command(transaction):
        founding("a")(transaction)
        transaction.change(FOUND, {"agency_id": "b", "name": "b"})
        transaction.change(RENAME, {"name": "mới", "of_agency": "a"}, must=True)
        return transaction.execute(select(agency.c.name).order_by(agency.c.agency_id)).scalars()

    assert list(database.write(lambda t: command(t).all())) == ["mới", "b"]
    assert names(database) == {"a": "mới", "b": "b"}


def test_a_name_that_is_taken_is_told_as_ever_and_nothing_of_the_command_stays(database):
    database.write(founding("a"))

    def command(transaction):
        founding("b")(transaction)
        founding("a")(transaction)
        transaction.change(RENAME, {"name": "khác", "of_agency": "a"})

    with pytest.raises(IntegrityError):
        database.write(command)
    assert names(database) == {"a": "a"}
    database.write(founding("c"))


def test_a_row_that_must_change_and_is_gone_has_the_command_run_again(database):
    tries = []

    def command(transaction):
        tries.append(1)
        founding("b")(transaction)
        row = {"name": "mới", "of_agency": "b" if len(tries) > 1 else "khong-co"}
        transaction.change(RENAME, row, must=True)

    database.write(command)
    assert len(tries) == 2
    assert names(database) == {"b": "mới"}


def test_a_row_that_is_always_gone_is_told_in_the_end(database):
    row = {"name": "mới", "of_agency": "khong-co"}
    with pytest.raises(StaleState):
        database.write(lambda transaction: transaction.change(RENAME, row, must=True))


# Coroutines


def test_coroutines_are_answered_after_the_commit_each_with_its_own(database):
    """One that is refused is told so; the others are not harmed."""

    class Refused(Exception):
        pass

    def command(number):
        def run(transaction):
            founding(f"a{number}")(transaction)
            if number == 3:
                raise Refused
            return number

        return run

    async def all_at_once():
        commands = (database.written(command(number)) for number in range(8))
        return await asyncio.gather(*commands, return_exceptions=True)

    answers = asyncio.run(all_at_once())
    assert isinstance(answers.pop(3), Refused)
    assert answers == [0, 1, 2, 4, 5, 6, 7]
    assert sorted(names(database)) == [f"a{number}" for number in range(8) if number != 3]


def test_a_coroutine_s_command_that_was_overtaken_is_run_again(database):
    tries = []

    def command(transaction):
        tries.append(1)
        founding("a")(transaction)
        if len(tries) < 3:
            raise StaleState
        return "done"

    assert asyncio.run(database.written(command)) == "done"
    assert len(tries) == 3
    assert sorted(names(database)) == ["a"]


def test_who_goes_before_the_answer_comes_harms_nobody(sqlite_url):
    """The command is done all the same, and the writer goes on with the next."""
    database = Database(sqlite_url)
    begun, go_on = threading.Event(), threading.Event()

    def slow(transaction):
        founding("a")(transaction)
        begun.set()
        assert go_on.wait(30)

    async def leave():
        asked = asyncio.ensure_future(database.written(slow))
        await asyncio.to_thread(begun.wait, 30)
        asked.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asked
        go_on.set()
        await database.written(founding("b"))

    asyncio.run(leave())
    assert sorted(names(database)) == ["a", "b"]
    database.close()


def test_a_stopped_database_refuses_coroutines_too(database_url):
    database = Database(database_url)
    asyncio.run(database.written(founding("a")))
    database.close()
    with pytest.raises(DatabaseStopped):
        asyncio.run(database.written(founding("b")))
    with pytest.raises(DatabaseStopped):
        asyncio.run(database.looked(lambda connection: FIND.rows(connection, {})))


def test_series_of_numbers_and_prepared_changes_share_one_transaction(database):
    def command(transaction):
        founding("a")(transaction)
        transaction.execute(insert(counter), {"agency_id": "a", "series": "s", "last": 1})
        founding("a")(transaction)

    with pytest.raises(IntegrityError):
        database.write(command)
    with database.read() as connection:
        assert connection.execute(select(counter)).all() == []
