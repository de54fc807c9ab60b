"""A refresh that is stopped anywhere loses nothing and counts nothing twice."""

import signal
import subprocess
import sys

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from analysis.lake import publishing
from analysis.lake.manifest import LakeMovedOn
from analysis.lake.publishing import published
from analysis.lake.whole import PASSING, LakeDamaged
from engine.store.columns import to_microseconds
from tests.analysis.lake.office_lake import OfficeLake
from tests.engine.offices import ROOT, open_ward

KILLED = """
import os, signal, sys
from datetime import datetime
from pathlib import Path
from analysis.lake.refresh import refresh
from engine.store.database import Database
url, agency, folder, at, last = sys.argv[1:]
def told(what):
    if what.startswith(last):
        os.kill(os.getpid(), signal.SIGKILL)
refresh(Database(url), agency, Path(folder), datetime.fromisoformat(at), told=told)
"""


class Stopped(BaseException):
    """As if the power had gone."""


@pytest.fixture
def lake(ward, tmp_path):
    return OfficeLake(ward, tmp_path / "lake")


def stopped_after(lake, last):
    """Refresh, and stop after something was done."""

    def told(what):
        if what.startswith(last):
            raise Stopped

    with pytest.raises(Stopped):
        lake.refresh(told=told)


@pytest.mark.slow
def test_stopped_after_any_thing_it_did(lake):
    """Stops follow each other, each one later, while the office works on."""
    changes = lake.work()
    stops = ("written step", "named step", "written dossier", "named pause", "read", "entered")
    for stop, last in enumerate((*stops, "published")):
        if stop % 2:
            next(changes, None)
        stopped_after(lake, last)
        assert lake.current() == lake.office()
    lake.refresh()
    assert lake.files() == lake.current() == lake.office()
    listed = lake.listed().files
    assert len({(file.fact, file.part) for file in listed}) == len(listed)


@pytest.mark.slow
@pytest.mark.parametrize("last", ["named dossier_fact", "entered"])
def test_killed_as_a_process(lake, last):
    lake.refresh()
    next(lake.work())
    address = (lake.ward.office.database.url, lake.ward.agency_id, str(lake.folder))
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, *address, lake.now.isoformat(), last],
        cwd=ROOT,
        check=False,
        capture_output=True,
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert lake.current() == lake.office()
    lake.refresh()
    assert lake.files() == lake.current() == lake.office()


def test_an_act_that_began_earlier_and_is_committed_later_is_not_lost(postgresql_url, tmp_path):
    """Transactions end in another order than they got their numbers."""
    ward = open_ward(postgresql_url)
    lake = OfficeLake(ward, tmp_path / "lake")
    lake.refresh()
    slow = create_engine(postgresql_url, poolclass=NullPool)
    ids = {"id": lake.life.first.dossier_id, "at": to_microseconds(lake.now)}
    with slow.connect() as connection:
        connection.execute(
            text(
                "insert into journal (agency_id, dossier_id, seq, at, kind, body, hash)"
                " select agency_id, dossier_id, events + 1, :at, 'slow', '{}', head_hash"
                " from dossier where dossier_id = :id"
            ),
            ids,
        )
        connection.execute(
            text("update dossier set supplements = 9, events = events + 1 where dossier_id = :id"),
            ids,
        )
        lake.life.another(2026, 3, 2, 9, 0)
        assert lake.refresh().dossiers == 1
        connection.commit()
    assert lake.current() == lake.office()
    assert lake.refresh().dossiers == 2  # the slow one, and again what came before it was over
    assert lake.files() == lake.office()
    assert lake.refresh().dossiers == 0
    slow.dispose()
    ward.office.database.close()


def test_a_database_restored_on_another_server_is_read_anew(lake):
    lake.refresh()
    with lake.ward.office.database.read() as connection:
        assert connection.execute(text("select source from lake_mark")).scalar_one()
    lake.ward.office.database.write(
        lambda transaction: transaction.execute(text("update lake_mark set source = 'elsewhere'"))
    )
    assert lake.refresh().dossiers is None
    assert lake.files() == lake.office()


def test_a_procedure_of_another_field_is_read_anew(lake):
    lake.refresh()
    lake.ward.office.database.write(
        lambda transaction: transaction.execute(text("update procedure set field = 'Hộ tịch'"))
    )
    assert lake.current() == lake.office()
    assert lake.refresh().dossiers is None
    assert lake.files() == lake.office()


def test_a_file_that_somebody_removed_is_written_again(lake):
    lake.refresh()
    for file in lake.listed().files[:2]:
        (lake.folder / file.name).unlink()
    with pytest.raises(LakeDamaged):
        lake.files()
    assert lake.current() == lake.office()
    lake.refresh()
    assert lake.files() == lake.office()


def test_a_file_that_was_cut_off_is_told_and_written_again(lake):
    lake.refresh()
    file = next(file for file in lake.listed().files if file.fact == "step_interval")
    path = lake.folder / file.name
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(LakeDamaged, match="step_interval"):
        lake.files()
    assert lake.current() == lake.office()
    assert lake.refresh().dossiers is None
    assert lake.files() == lake.office()


def test_what_is_damaged_is_never_written_down_again_as_good(lake):
    """A month's file of as many bytes as before, when dossiers are added to that month."""
    for _ in lake.work():
        pass
    lake.refresh()
    file = next(f for f in lake.listed().files if (f.fact, f.part) == ("step_interval", 202604))
    path = lake.folder / file.name
    spoilt = path.read_bytes().replace(b"A", b"Z")
    assert spoilt != path.read_bytes()
    path.write_bytes(spoilt)
    life = lake.life
    life.complete(life.another(2026, 4, 3, 8, 0), "A", life.clerk)
    assert lake.refresh().dossiers is None
    assert lake.files() == lake.current() == lake.office()


def test_of_two_processes_of_one_number_neither_spoils_what_the_other_writes(lake):
    """In containers every process may be number one."""

    def meanwhile(what):
        if what == "written step_interval 0":
            lake.refresh()

    with pytest.raises(LakeMovedOn):
        lake.refresh(told=meanwhile)
    assert lake.files() == lake.current() == lake.office()


def test_who_enters_first_and_publishes_last_publishes_what_counts(lake):
    changes = lake.work()
    lake.refresh()
    next(changes)

    def meanwhile(what):
        if what == "entered":
            next(changes)
            lake.refresh()

    lake.refresh(told=meanwhile)
    assert [each.number for each in published(lake.folder)] == [3]
    assert lake.files() == lake.office()


def test_a_file_that_another_office_is_done_writing_stops_nobody_who_sweeps(lake, monkeypatch):
    """Offices share a folder: what passes by may be gone when it is looked at."""
    lake.refresh()
    gone = lake.folder / "manifest" / f"of-another{PASSING}"
    files_of = publishing._files_of
    monkeypatch.setattr(publishing, "_files_of", lambda *asked: [*files_of(*asked), gone])
    assert lake.refresh().swept == 0


def test_a_list_that_is_cut_off_is_told_and_written_again(lake):
    lake.refresh()
    (path,) = (lake.folder / "manifest").glob("agency=*.json")
    path.write_bytes(path.read_bytes()[:50])
    with pytest.raises(LakeDamaged, match=path.name):
        lake.files()
    lake.refresh()
    assert lake.files() == lake.office()
