"""Commands share a commit, many write at once, the database stops: nothing is lost or doubled."""

import itertools
import threading
import time
from contextlib import closing

import pytest
from sqlalchemy import event, insert, select, text
from sqlalchemy.exc import DBAPIError, OperationalError

from engine.store.database import Database, DatabaseStopped
from engine.store.numbers import next_number
from engine.store.tables import agency, counter
from tests.engine.store.commands import Held, Refused, found, names, queued, refuse_after, together


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


# Groups of commands (SQLite)


def test_a_bad_command_fails_alone_inside_a_group(sqlite):
    answers = queued(sqlite, found("a"), refuse_after("b"), found("c"), refuse_after("d"))
    assert [type(answer).__name__ for answer in answers[1::2]] == ["Refused", "Refused"]
    assert names(sqlite) == ["a", "c"]


def test_a_fault_in_the_statement_of_one_is_not_told_to_the_others(sqlite):
    def faulty(transaction):
        found("b")(transaction)
        transaction.execute(text("SELECT * FROM khong_co"))

    answers = queued(sqlite, found("a"), faulty, found("c"))
    assert isinstance(answers[1], OperationalError)
    assert names(sqlite) == ["a", "c"]


def test_a_group_in_which_all_fail_leaves_nothing(sqlite):
    answers = queued(sqlite, refuse_after("a"), refuse_after("b"))
    assert [type(answer) for answer in answers] == [Refused, Refused]
    sqlite.write(found("c"))
    assert names(sqlite) == ["c"]


def test_a_group_shares_one_commit(sqlite):
    commits = []
    event.listen(sqlite._engine, "commit", lambda _: commits.append(1))
    queued(sqlite, *(found(f"a{number}") for number in range(10)))
    assert len(names(sqlite)) == 10
    assert len(commits) == 2  # the one that was waited for, then all ten


def test_commands_of_a_group_see_what_those_before_them_did(sqlite):
    seen = queued(
        sqlite,
        found("a"),
        lambda t: t.execute(select(agency.c.agency_id)).scalars().all(),
        refuse_after("b"),
        lambda t: t.execute(select(agency.c.agency_id)).scalars().all(),
    )
    assert seen[1] == seen[3] == ["a"]


def test_nothing_is_acknowledged_before_the_commit(sqlite):
    """While the disk is being written nobody has an answer."""
    committing, go_on = threading.Event(), threading.Event()

    def wait(_):
        committing.set()
        assert go_on.wait(30)

    event.listen(sqlite._engine, "commit", wait)
    answered = threading.Event()

    def write():
        sqlite.write(found("a"))
        answered.set()

    thread = threading.Thread(target=write)
    thread.start()
    assert committing.wait(30)
    assert not answered.wait(0.05)
    assert names(sqlite) == []
    go_on.set()
    thread.join()
    assert answered.is_set()
    assert names(sqlite) == ["a"]


def test_when_the_commit_fails_nobody_is_acknowledged_and_all_memory_is_undone(sqlite):
    undone = []

    def command(name):
        def run(transaction):
            transaction.if_undone(lambda: undone.append(name))
            found(name)(transaction)

        return run

    commits = itertools.count(1)

    def fail(_):
        if next(commits) == 2:  # the first is of the command that only kept the writer busy
            raise OperationalError("COMMIT", {}, Exception("disk full"))

    event.listen(sqlite._engine, "commit", fail)
    answers = queued(sqlite, command("a"), command("b"))
    assert [type(answer) for answer in answers] == [OperationalError, OperationalError]
    assert sorted(undone) == ["a", "b"]
    sqlite.write(command("c"))
    assert names(sqlite) == ["c"]


def test_postgresql_acknowledges_nothing_whose_commit_failed(postgresql_url):
    with closing(Database(postgresql_url)) as database:
        undone, over = [], []

        def command(transaction):
            transaction.if_undone(lambda: undone.append(1))
            transaction.when_over(lambda: over.append(1))
            found("a")(transaction)

        def fail(_):
            raise OperationalError("COMMIT", {}, Exception("gone"))

        event.listen(database._engine, "commit", fail)
        with pytest.raises(OperationalError):
            database.write(command)
        event.remove(database._engine, "commit", fail)
        assert (undone, over) == ([1], [1])
        assert names(database) == []
        database.write(found("b"))


# Many at once


def test_eight_threads_lose_and_double_nothing(database):
    def work(thread):
        def act():
            for number in range(20):
                name = f"{thread}-{number}"
                if number % 4 == 3:
                    with pytest.raises(Refused):
                        database.write(refuse_after(name))
                else:
                    database.write(found(name))

        return act

    assert together(*(work(thread) for thread in range(8))) == [None] * 8
    expected = [f"{t}-{n}" for t in range(8) for n in range(20) if n % 4 != 3]
    assert names(database) == sorted(expected)


def test_numbers_of_a_series_have_no_gap_though_some_who_drew_one_failed(database):
    def draw(fails):
        def command(transaction):
            number = next_number(transaction, "a", "s")
            if fails:
                raise Refused
            return number

        return command

    def work(thread):
        def act():
            drawn = []
            for turn in range(10):
                try:
                    drawn.append(database.write(draw((thread + turn) % 3 == 0)))
                except Refused:
                    continue
            return drawn

        return act

    numbers = sorted(n for drawn in together(*(work(t) for t in range(6))) for n in drawn)
    assert numbers == list(range(1, len(numbers) + 1))
    with database.read() as connection:
        assert connection.execute(select(counter.c.last)).scalar_one() == len(numbers)


def test_a_reader_sees_one_state_while_others_write(database):
    database.write(found("a"))
    with database.read() as connection:
        before = connection.execute(select(agency)).all()
        database.write(found("b"))
        assert connection.execute(select(agency)).all() == before
    assert names(database) == ["a", "b"]


def test_a_reader_cannot_write_on_postgresql(postgresql_url):
    with (
        closing(Database(postgresql_url)) as database,
        database.read() as connection,
        pytest.raises(DBAPIError, match="read-only"),
    ):
        connection.execute(insert(agency), {"agency_id": "a", "name": "a"})


# Stopping


def test_a_stopped_database_refuses_and_says_so(database_url):
    database = Database(database_url)
    database.write(found("a"))
    database.close()
    with pytest.raises(DatabaseStopped) as refused:
        database.write(found("b"))
    assert "đang dừng" in refused.value.message("vi")
    with pytest.raises(DatabaseStopped), database.read():
        pass
    database.close()  # twice is once


def test_what_is_queued_when_it_stops_is_still_done(sqlite_url):
    database = Database(sqlite_url)
    answers = []

    def counted(name):
        return lambda transaction: found(name)(transaction) and 1

    with Held(database):
        writers = [
            threading.Thread(target=lambda n=n: answers.append(database.write(counted(n))))
            for n in "abc"
        ]
        for writer in writers:
            writer.start()
        while database._writer._queue.qsize() < 3:
            time.sleep(0.001)
        stopper = threading.Thread(target=database.close)
        stopper.start()
    for thread in (*writers, stopper):
        thread.join(30)
        assert not thread.is_alive()
    assert answers == [1, 1, 1]
    with closing(Database(sqlite_url)) as again:
        assert names(again) == ["a", "b", "c"]


def test_nobody_is_left_waiting_who_comes_while_it_stops(sqlite_url):
    """Each either has its effect or hears that the server is stopping; none waits for ever."""
    for _ in range(20):
        database = Database(sqlite_url)
        answers = []

        def write(database=database, answers=answers):
            try:
                answers.append(database.write(lambda t: t.execute(select(agency)).all()))
            except DatabaseStopped:
                answers.append("stopped")

        writers = [threading.Thread(target=write) for _ in range(8)]
        for writer in writers:
            writer.start()
        database.close()
        for writer in writers:
            writer.join(30)
            assert not writer.is_alive()
        assert len(answers) == 8
