"""`quytrinh stuck`: what fell due and could not be done, and having it tried again."""

import json
from datetime import UTC, datetime

import pytest
from sqlalchemy import insert, select
from typer.testing import CliRunner

from api.cli import app
from engine.store.database import Database
from engine.store.tables import setback, step_run
from tests.api.desk import open_desk

AT = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)


def run(*arguments):
    return CliRunner().invoke(app, ["stuck", *arguments])


@pytest.fixture
def aside(founded_files, tmp_path):
    """A database with an overdue step that stands aside; and its dossier's code."""
    url = founded_files.fresh(tmp_path)
    desk = open_desk(url, tmp_path)
    received = desk.receive()
    desk.office.database.close()
    database = Database(url)

    def fail(transaction):
        row = transaction.execute(select(step_run)).one()
        failed = {"kind": "overdue", "failures": 6, "failed_at": AT, "error": "KeyError('x')"}
        this = {name: getattr(row, name) for name in ("agency_id", "dossier_id")}
        transaction.execute(insert(setback), this | failed | {"work_id": row.step_run_id})

    database.write(fail)
    database.close()
    return url, received["code"]


def test_what_stands_aside_is_listed_with_its_dossier_and_the_exit_code_says_so(aside):
    url, code = aside
    done = run("--database", url, "--json")
    assert done.exit_code == 1
    (line,) = map(json.loads, done.stdout.splitlines())
    assert (line["dossier"], line["kind"], line["failures"]) == (code, "overdue", 6)
    assert (line["again_at"], line["error"]) == (None, "KeyError('x')")
    told = run("--database", url)
    assert f"{code} bước quá hạn" in told.stdout
    assert "1 việc không làm được" in told.stdout


def test_it_is_tried_again_when_asked(aside):
    url, _ = aside
    assert run("--database", url, "--again").exit_code == 0
    done = run("--database", url)
    assert (done.exit_code, done.stdout) == (0, "0 việc không làm được / could not be done\n")
