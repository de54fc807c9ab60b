"""A refresh that is stopped anywhere loses nothing and counts nothing twice."""

import signal
import subprocess
import sys

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

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
    assert lake.current() == lake.office()
    lake.refresh()
    assert lake.files() == lake.office()
