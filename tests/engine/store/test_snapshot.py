"""A state of the office is read as it was at the first question, whatever happens meanwhile."""

import os
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing

import pyarrow as pa
import pytest
from sqlalchemy.engine import make_url

from engine.store.snapshot import UnreadableTables, snapshot_of
from tests.analysis.test_returns import Life
from tests.engine.offices import ROOT

NUMBER = "select count(*) as n from dossier"


def number(snapshot):
    return snapshot.table(NUMBER).to_pylist()[0]["n"]


def test_what_is_received_meanwhile_is_not_seen(ward):
    life = Life(ward)
    with snapshot_of(ward.office.database) as snapshot:
        assert number(snapshot) == 1
        life.another(2026, 3, 3, 8, 0)
        assert number(snapshot) == 1
    with snapshot_of(ward.office.database) as snapshot:
        assert number(snapshot) == 2


def test_a_snapshot_changes_nothing(ward):
    with snapshot_of(ward.office.database) as snapshot, pytest.raises(UnreadableTables):
        snapshot.table("update agency set name = 'x'")


def test_a_question_that_cannot_be_answered_says_why(ward):
    with (
        snapshot_of(ward.office.database) as snapshot,
        pytest.raises(UnreadableTables, match="no_such_table"),
    ):
        snapshot.table("select * from no_such_table")


MANY = "with recursive n(i) as (select 1 union all select i + 1 from n where i < 99999)"


def test_an_answer_in_pieces_is_the_same(ward):
    with snapshot_of(ward.office.database) as snapshot:
        sql = f"{MANY} select i, cast(i as varchar(9)) as t from n"
        pieces = list(snapshot.pieces(sql))
        assert pa.Table.from_batches(pieces).equals(snapshot.table(sql))
        assert snapshot.is_sqlite == (len(pieces) > 20)
        assert number(snapshot) == 0, "and the next question is answered"


def test_an_answer_comes_where_no_more_may_be_on_its_way(sqlite_ward, monkeypatch):
    """A user who has many pipes may not widen another."""
    refused = []

    def refuse(*asked):
        refused.append(asked)
        raise PermissionError

    monkeypatch.setattr("fcntl.fcntl", refuse)
    with snapshot_of(sqlite_ward.office.database) as snapshot:
        assert snapshot.table(f"{MANY} select i from n").num_rows == 99_999
    assert bool(refused) == (sys.platform == "linux")


def test_who_has_heard_enough_of_an_answer_leaves(ward, capfd):
    with snapshot_of(ward.office.database) as snapshot:
        assert next(snapshot.pieces(f"{MANY} select i from n")).num_rows > 1
    assert capfd.readouterr().err == ""


def test_a_question_within_an_answer_is_refused(sqlite_ward):
    """The driver of PostgreSQL has heard the rest by then."""
    with snapshot_of(sqlite_ward.office.database) as snapshot:
        answer = snapshot.pieces(f"{MANY} select i from n")
        next(answer)
        with pytest.raises(UnreadableTables):
            number(snapshot)


def test_an_answer_that_breaks_off_is_no_answer(ward):
    # thousands of rows are told before the one that cannot be
    rows = "with recursive n(i) as (select 1 union all select i + 1 from n where i < 9999)"
    broken = f"{rows} select json_extract(case i when 9000 then '{{' else '{{}}' end, '$') from n"
    if not ward.office.database.is_sqlite:
        broken = "select 1 / (i - 9000) from generate_series(1, 9999) as n(i)"
    with snapshot_of(ward.office.database) as snapshot, pytest.raises(UnreadableTables):
        list(snapshot.pieces(broken))
    with snapshot_of(ward.office.database) as snapshot, pytest.raises(UnreadableTables):
        snapshot.table(broken)


def test_a_reader_of_sqlite_that_was_killed_is_told(sqlite_ward, monkeypatch):
    """Whether it was answering or waited for the next question."""
    started = []

    class Noted(subprocess.Popen):
        def __init__(self, *given, **more):
            super().__init__(*given, **more)
            started.append(self)

    monkeypatch.setattr(subprocess, "Popen", Noted)
    with snapshot_of(sqlite_ward.office.database) as snapshot:
        assert number(snapshot) == 0
        started[0].kill()
        started[0].wait()
        with pytest.raises(UnreadableTables, match="has ended"):
            number(snapshot)
    with snapshot_of(sqlite_ward.office.database) as snapshot:
        answer = snapshot.pieces(f"{MANY} select i, hex(zeroblob(99)) as t from n")
        next(answer)
        started[1].kill()
        with pytest.raises(UnreadableTables):
            list(answer)


def test_who_has_the_file_to_himself_for_a_moment_is_waited_for(sqlite_ward):
    path = make_url(sqlite_ward.office.database.url).database
    sqlite_ward.office.database.close()
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as other:
        other.execute("pragma locking_mode = exclusive")
        other.execute("begin exclusive")
        other.execute("update agency set name = 'Khôi phục'")
        letting_go = threading.Timer(1, lambda: (other.execute("commit"), other.close()))
        letting_go.start()
        with snapshot_of(sqlite_ward.office.database) as snapshot:
            told = snapshot.table("select name from agency").to_pylist()
        letting_go.join()
    assert told == [{"name": "Khôi phục"}]


ELSEWHERE = """
import sys
from engine.store.database import Database
from engine.store.snapshot import snapshot_of
with snapshot_of(Database(sys.argv[1])) as snapshot:
    print(snapshot.table("select count(*) as n from dossier").to_pylist())
"""


def test_libraries_may_be_where_only_the_environment_says(sqlite_ward):
    """As in an image whose packages lie in a folder of their own."""
    python = getattr(sys, "_base_executable", sys.executable)
    done = subprocess.run(
        [python, "-c", ELSEWHERE, sqlite_ward.office.database.url],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), *filter(None, sys.path)])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "[{'n': 0}]\n", done.stderr
