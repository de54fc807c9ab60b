"""An office is moved to another database: all of it, proved, or nothing."""

import signal
import subprocess
import sys
from collections import Counter
from uuid import UUID

import pytest
from sqlalchemy import create_engine, insert, inspect, select, text
from sqlalchemy.pool import NullPool

from engine import move as moving
from engine.accounts import log_in
from engine.clock import SetClock
from engine.dossiers.complete_step import complete_step
from engine.ids import seeded_ids
from engine.journal import verify
from engine.move import (
    NoOffice,
    NotProved,
    SameDatabase,
    SourceOutdated,
    TargetNotEmpty,
    UnknownTables,
    move,
)
from engine.office import Office
from engine.proofs.rebuild import rebuild
from engine.proofs.sealed_entries import verify_entries
from engine.store.database import Database
from engine.store.holding import DatabaseInUse, NoDatabase
from engine.store.migrations import upgrade
from engine.store.tables import metadata
from tests.engine.drawing import CLERK
from tests.engine.offices import ROOT, START, Ward
from tests.faults.condition import dump
from tests.faults.permit import a_minute, open_permits, open_run, receive_permit
from tests.faults.played import play


def filled(url):
    """An office with a dossier under way, and at least one row in every table."""
    ward = open_permits(url)
    outcome = receive_permit(ward, "khóa")
    a_minute(ward)
    run = open_run(ward, outcome, "A")
    complete_step(ward.office, ward.holder(*CLERK), run.step_run_id, {"so_trang": 12})
    receive_permit(ward)

    def fill(transaction):
        for table in metadata.sorted_tables:
            if transaction.execute(select(table).limit(1)).first() is None:
                transaction.execute(insert(table), {**row_of(table), **keys_of(ward, table, run)})

    ward.office.database.write(fill)
    ward.office.database.close()
    return ward, outcome


def row_of(table):
    """Some value in every column that must have one."""
    values = {"String": "x", "Text": "x", "Uuid": UUID(int=7), "Integer": 3, "BigInteger": 4}
    values |= {"LargeBinary": bytes(range(256)) + b"\x00", "Document": {"a": ["ă", 1]}}
    values |= {"Boolean": True, "Instant": START}
    return {column.name: values[type(column.type).__name__] for column in table.c}


def keys_of(ward, table, run):
    named = {"agency_id": ward.agency_id, "dossier_id": run.dossier_id}
    named |= {"account_id": next(iter(ward.actors.values())).account_id}
    return {name: value for name, value in named.items() if name in table.c}


@pytest.fixture(scope="module")
def office_file(sqlite_files, tmp_path_factory):
    """An SQLite file to copy, its people and a dossier."""
    folder = tmp_path_factory.mktemp("to_move")
    url = sqlite_files.fresh(folder)
    ward, outcome = filled(url)
    return folder / "quytrinh.db", ward, outcome


@pytest.fixture
def source(office_file, tmp_path):
    path = tmp_path / "source.db"
    path.write_bytes(office_file[0].read_bytes())
    return f"sqlite:///{path}"


@pytest.fixture(params=["postgresql", "sqlite"])
def target(request, tmp_path):
    """An empty database without tables, of either kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'target.db'}"
        return
    server = request.getfixturevalue("postgresql_server")
    url = server.empty()
    yield url
    server.drop(url)


def dump_of(url):
    database = Database(url)
    found = dump(Office(database, SetClock(START), seeded_ids(1)))
    database.close()
    return found


def rows_in(url):
    """Table -> rows, where there are any."""
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        counted = {
            name: connection.execute(text(f"SELECT count(*) FROM {name}")).scalar_one()
            for name in inspect(connection).get_table_names()
            if name != "alembic_version"
        }
    engine.dispose()
    return {name: number for name, number in counted.items() if number}


def change(url, *statements):
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


def test_everything_arrives_and_the_source_is_as_it_was(office_file, source, target):
    before, path = dump_of(source), office_file[0]
    heard = Counter()
    moved = move(source, target, lambda stage, name, of, done: heard.update({(stage, name): 1}))
    assert dump_of(target) == before
    assert dump_of(source) == before
    assert path.is_file()
    assert {t.name: t.contents.rows for t in moved.tables} == {
        name: len(rows) for name, rows in before.items()
    }
    assert (moved.dossiers, moved.faults) == (2, 0)
    assert ("copy", "journal") in heard
    assert ("prove", "journal") in heard


def test_no_table_is_forgotten(source, target):
    """Every table that the engine knows has rows here, and stands in the report."""
    moved = move(source, target)
    assert {table.name for table in moved.tables} == set(metadata.tables)
    assert [table.name for table in moved.tables if not table.contents.rows] == []


def test_work_goes_on_in_the_target(office_file, source, target):
    _, ward, outcome = office_file
    move(source, target)
    database = Database(target)
    clock = SetClock(ward.clock.now())
    there = Ward(Office(database, clock, seeded_ids(9)), clock, ward.actors)
    a_minute(there)
    run = open_run(there, outcome, "C")
    chief = there.holder(run.position, run.unit)
    complete_step(there.office, chief, run.step_run_id)
    assert receive_permit(there, "khóa").dossier_id == outcome.dossier_id  # kept under its key
    number = receive_permit(there).code
    assert number.endswith("0003")
    with database.read() as connection:
        assert verify(connection)[1] == ()
        rebuilt = {each.dossier_id: each.differences for each in rebuild(connection)}
    stuffed = rebuilt.pop(outcome.dossier_id)  # rows that no act of the office made
    made_up = ["document", "component_reuse", "signing", "pause"]
    assert [each.what.split()[0] for each in stuffed] == made_up
    assert list(rebuilt.values()) == [(), ()]
    database.close()


def test_people_log_in_with_their_passwords(source, target):
    move(source, target)
    database = Database(target)
    with database.read() as connection:
        login = (
            connection.execute(text("SELECT login FROM account ORDER BY login")).scalars().first()
        )
    assert log_in(database, SetClock(START), login, "mat-khau-thu")
    database.close()


def test_a_row_that_changes_on_the_way_is_found_and_the_target_left_empty(source, target):
    upgrade(target)
    if target.startswith("sqlite"):
        body = "UPDATE counter SET last = last + 1; END"
        change(target, f"CREATE TRIGGER tamper AFTER INSERT ON counter BEGIN {body}")
    else:
        body = "'BEGIN NEW.last = NEW.last + 1; RETURN NEW; END'"
        made = "CREATE FUNCTION tamper() RETURNS trigger LANGUAGE plpgsql AS"
        when = "BEFORE INSERT ON counter FOR EACH ROW EXECUTE FUNCTION tamper()"
        change(target, f"{made} {body}", f"CREATE TRIGGER tamper {when}")
    with pytest.raises(NotProved, match="counter"):
        move(source, target)
    assert rows_in(target) == {}


@pytest.mark.parametrize("after", [1, 7, 20, 33])
def test_an_interrupted_move_leaves_the_target_empty_and_can_be_done_again(source, target, after):
    calls = iter(range(after))

    def interrupted(*_):
        if next(calls, None) is None:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        move(source, target, interrupted)
    assert rows_in(target) == {}
    move(source, target)
    assert dump_of(target) == dump_of(source)


def test_a_target_with_anything_in_it_is_refused(source, target):
    change(target, "CREATE TABLE other (x integer)")
    with pytest.raises(TargetNotEmpty, match="other"):
        move(source, target)
    change(target, "DROP TABLE other")
    upgrade(target)
    change(target, "INSERT INTO agency (agency_id, name) VALUES ('a', 'A')")
    with pytest.raises(TargetNotEmpty, match="agency"):
        move(source, target)
    assert rows_in(target) == {"agency": 1}


def test_while_a_server_holds_the_source_nothing_is_moved(source, tmp_path):
    target = f"sqlite:///{tmp_path / 'target.db'}"
    server = Database(source)
    with server.read() as connection:
        connection.execute(text("SELECT 1"))
    with pytest.raises(DatabaseInUse):
        move(source, target)
    server.close()
    move(source, target)


def test_a_source_that_is_none_is_refused(source, target, tmp_path):
    with pytest.raises(SameDatabase):
        move(source, source)
    with pytest.raises(NoDatabase):
        move(f"sqlite:///{tmp_path / 'nothing.db'}", target)
    assert not (tmp_path / "nothing.db").exists()
    other = f"sqlite:///{tmp_path / 'other.db'}"
    change(other, "CREATE TABLE other (x integer)")
    with pytest.raises(NoOffice):
        move(other, target)


def test_tables_that_would_stay_behind_are_named(source, target):
    change(source, "CREATE TABLE newer (x integer)")
    with pytest.raises(UnknownTables, match="newer"):
        move(source, target)


def test_an_older_source_is_to_be_brought_up_to_date_first(source, target):
    change(source, "UPDATE alembic_version SET version_num = '0003'")
    with pytest.raises(SourceOutdated, match="0003"):
        move(source, target)


def test_an_office_moves_back_from_postgresql(source, postgresql_server, tmp_path):
    there = postgresql_server.empty()
    move(source, there)
    back = f"sqlite:///{tmp_path / 'back.db'}"
    moved = move(there, back)
    assert dump_of(back) == dump_of(source)
    assert moved.tables == move(source, f"sqlite:///{tmp_path / 'twin.db'}").tables
    postgresql_server.drop(there)


def test_every_month_of_the_source_has_its_part(source, postgresql_server):
    there = postgresql_server.empty()
    move(source, there)
    found = rows_in(there)
    assert found["journal_2026_03"] == found["journal"] > 0
    assert "journal_other" not in found
    postgresql_server.drop(there)


def test_what_was_broken_before_is_carried_and_told(source, target):
    change(source, "UPDATE journal SET at = at + 1 WHERE seq = 2")
    assert move(source, target).faults == 1
    assert moving.VERSIONS not in metadata.tables


NO_LOOK = (
    """CREATE FUNCTION no_look(seen integer) RETURNS integer LANGUAGE plpgsql IMMUTABLE AS '
    BEGIN
        IF current_query() LIKE ''VACUUM%'' THEN RAISE ''không xem được''; END IF;
        RETURN seen;
    END'""",
    "CREATE INDEX no_look ON counter (no_look(last))",
)


def test_a_target_that_cannot_be_looked_at_afterwards_is_moved_all_the_same(
    source, postgresql_server
):
    there = postgresql_server.empty()
    upgrade(there)
    change(there, *NO_LOOK)
    moved = move(source, there)
    assert "không xem được" in moved.unsized
    assert dump_of(there) == dump_of(source)
    assert move(source, f"{source}.twin").unsized == ""
    postgresql_server.drop(there)


KILLED = """
import os, signal, sys
from engine.move import move

def die(stage, name, of, done):
    if (stage, name) == ("prove", "journal"):
        os.kill(os.getpid(), signal.SIGKILL)

move(sys.argv[1], sys.argv[2], die)
"""


def test_a_move_that_is_killed_leaves_the_target_empty_and_can_be_done_again(source, target):
    done = subprocess.run([sys.executable, "-c", KILLED, source, target], cwd=ROOT, check=False)
    assert done.returncode == -signal.SIGKILL
    assert rows_in(target) == {}
    move(source, target)
    assert dump_of(target) == dump_of(source)


@pytest.fixture(scope="module")
def played(sqlite_files, tmp_path_factory):
    """An office that has worked for weeks."""
    folder = tmp_path_factory.mktemp("played")
    play(sqlite_files.fresh(folder), 8, codes=2).office.database.close()
    return f"sqlite:///{folder / 'quytrinh.db'}"


def test_an_office_that_worked_for_weeks_comes_to_be_again_from_its_journals_there(played, target):
    moved = move(played, target)
    assert moved.dossiers == 8
    assert dump_of(target) == dump_of(played)
    database = Database(target)
    with database.read() as connection:
        assert [each.differences for each in rebuild(connection)] == [()] * 8
        assert verify(connection) == (moved.events, ())
        assert verify_entries(connection) == ()
    database.close()
