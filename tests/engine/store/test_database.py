"""One command, one transaction, one acknowledged effect; whatever fails leaves nothing behind."""

import threading
from contextlib import closing

import pytest
from sqlalchemy import insert, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from engine.store import database as store
from engine.store.database import Database, StaleState
from engine.store.tables import agency, unit
from tests.engine.store.commands import Refused, found, names, refuse_after


@pytest.fixture
def database(database_url):
    opened = Database(database_url)
    yield opened
    opened.close()


@pytest.fixture
def sqlite(sqlite_url):
    opened = Database(sqlite_url)
    yield opened
    opened.close()


# One command


def test_a_command_s_answer_comes_back_and_its_effect_is_there(database):
    def command(transaction):
        found("a")(transaction)
        return "done"

    assert database.write(command) == "done"
    assert names(database) == ["a"]


def test_a_refused_command_leaves_nothing(database):
    with pytest.raises(Refused):
        database.write(refuse_after("a"))
    assert names(database) == []


def test_what_memory_did_is_undone_before_anybody_is_told_and_what_was_held_is_released(database):
    order = []

    def command(transaction):
        transaction.if_undone(lambda: order.append("undone 1"))
        transaction.if_undone(lambda: order.append("undone 2"))
        transaction.when_over(lambda: order.append("over"))
        raise Refused

    with pytest.raises(Refused):
        database.write(command)
    assert order == ["undone 2", "undone 1", "over"]  # the last thing first


def test_where_all_went_well_nothing_is_undone(database):
    order = []

    def command(transaction):
        transaction.if_undone(lambda: order.append("undone"))
        transaction.when_over(lambda: order.append("over"))

    database.write(command)
    assert order == ["over"]


def test_a_command_may_not_start_another(database):
    with pytest.raises(RuntimeError, match="may not start another"):
        database.write(lambda _: database.write(found("a")))
    database.write(found("b"))
    assert names(database) == ["b"]


# Failures and repetition


def test_a_permanent_fault_is_told_at_once_and_not_tried_again(database):
    """A missing reference heals by no repetition."""
    tries = []

    def command(transaction):
        tries.append(1)
        row = {"agency_id": "a", "code": "u", "name": None}
        transaction.execute(insert(unit), row)

    with pytest.raises(IntegrityError):
        database.write(command)
    assert len(tries) == 1


def test_a_name_that_is_taken_is_told_in_the_end(database):
    database.write(found("a"))
    with pytest.raises(IntegrityError):
        database.write(found("a"))
    assert names(database) == ["a"]


def test_a_command_computed_from_what_has_changed_is_computed_again(database):
    tries = []

    def command(transaction):
        tries.append(1)
        found("a")(transaction)
        if len(tries) < 3:
            raise StaleState
        return "done"

    assert database.write(command) == "done"
    assert len(tries) == 3
    assert names(database) == ["a"]


def test_a_command_that_is_always_overtaken_gives_up(database):
    tries = []

    def command(_):
        tries.append(1)
        raise StaleState

    with pytest.raises(StaleState):
        database.write(command)
    assert len(tries) == store._ATTEMPTS


@pytest.mark.parametrize("state", ["40001", "40P01", "23505"])
def test_postgresql_s_lost_races_are_run_again(postgresql_url, state):
    with closing(Database(postgresql_url)) as database:
        tries = []

        def command(transaction):
            tries.append(1)
            found("a")(transaction)
            if len(tries) < 3:
                transaction.execute(
                    text(f"DO $$ BEGIN RAISE EXCEPTION 'race' USING ERRCODE = '{state}'; END $$")
                )
            return "done"

        assert database.write(command) == "done"
        assert len(tries) == 3
        assert names(database) == ["a"]


def test_postgresql_s_real_serialisation_failure_is_run_again(postgresql_url):
    with closing(Database(postgresql_url)) as database:
        database.write(found("a"))
        inside, changed = threading.Event(), threading.Event()
        tries = []

        def slow(transaction):
            tries.append(1)
            if len(tries) == 1:
                transaction.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
            transaction.execute(select(agency)).all()
            inside.set()
            assert changed.wait(30)
            transaction.execute(update(agency).values(place="chậm"))

        thread = threading.Thread(target=database.write, args=(slow,))
        thread.start()
        assert inside.wait(30)
        database.write(lambda t: t.execute(update(agency).values(place="nhanh")))
        changed.set()
        thread.join()
        assert len(tries) == 2
        with database.read() as connection:
            assert connection.execute(select(agency.c.place)).scalar_one() == "chậm"


def test_other_faults_of_postgresql_are_told_at_once(postgresql_url):
    with closing(Database(postgresql_url)) as database:
        tries = []

        def command(transaction):
            tries.append(1)
            transaction.execute(text("SELECT * FROM khong_co"))

        with pytest.raises(DBAPIError):
            database.write(command)
        assert len(tries) == 1
