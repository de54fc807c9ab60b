"""`quytrinh verify --rebuild` and `--root`: dossiers done again, and the line that is published."""

import json
import re

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from api.cli import app
from engine.store.database import Database
from tests.api.desk import open_desk, step_of


def run(*arguments):
    return CliRunner().invoke(app, ["verify", *arguments])


@pytest.fixture
def worked_in(founded_files, tmp_path):
    """A database with one dossier that has gone two steps; and its code."""
    url = founded_files.fresh(tmp_path)
    desk = open_desk(url, tmp_path)
    appraised = desk.appraised()
    desk.bring_drawings(appraised["dossier_id"])
    done = desk.nam.post(f"/steps/{step_of(appraised)}/complete", {"data": {"ket_qua": "dat"}})
    assert done.status_code == 200
    desk.office.database.close()
    return url, appraised["code"]


def alter(url, statement):
    database = Database(url)
    database.write(lambda transaction: transaction.execute(text(statement)))
    database.close()


def test_dossiers_that_are_what_they_journal_differ_in_nothing(worked_in):
    url, _ = worked_in
    done = run("--rebuild", "--database", url, "--json")
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout) == {"events": 4, "breaks": [], "altered": [], "differences": []}
    assert "0 hồ sơ khác nhật ký" in run("--rebuild", "--database", url).stdout


def test_a_dossier_that_was_altered_beside_its_journal_is_told_with_what_it_was(worked_in):
    url, code = worked_in
    alter(url, "UPDATE dossier SET state = 'returned'")
    assert run("--database", url).exit_code == 0  # the journal itself is whole
    done = run("--rebuild", "--database", url, "--json")
    assert done.exit_code == 1
    (found,) = json.loads(done.stdout)["differences"]
    assert (found["agency_id"], found["code"]) == ("H01", code)
    assert found["differences"] == [["dossier state", "returned", "open"]]
    told = run("--rebuild", "--database", url)
    assert f"{code} dossier state: returned ≠ open" in told.stdout


def test_the_root_of_a_day_is_one_line_for_each_agency(worked_in):
    url, _ = worked_in
    done = run("--root", "2026-03-02", "--database", url)
    assert done.exit_code == 0, done.output
    lines = done.stdout.splitlines()[1:]
    assert re.fullmatch(
        r"quytrinh-root-1 H01 2026-03-02 dossiers=1 events=4 sha256=[0-9a-f]{64}", lines[0]
    )
    assert lines[1].startswith("quytrinh-root-1 H02 2026-03-02 dossiers=0 events=0 sha256=e3b0c442")
    told = json.loads(run("--root", "2026-03-02", "--database", url, "--json").stdout)
    assert [root["line"] for root in told["roots"]] == lines


def test_an_altered_day_has_another_root_even_where_every_chain_was_sealed_anew(worked_in):
    url, _ = worked_in
    before = run("--root", "2026-03-02", "--database", url).stdout
    alter(url, "UPDATE journal SET hash = zeroblob(32) WHERE seq = 4")
    alter(url, "UPDATE dossier SET head_hash = zeroblob(32)")
    assert run("--root", "2026-03-02", "--database", url).stdout.splitlines()[1] not in before


def test_a_day_that_is_no_day_is_refused(worked_in):
    assert run("--root", "2026-02-30", "--database", worked_in[0]).exit_code == 2
