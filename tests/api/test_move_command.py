"""`quytrinh move`: one command, a report for people or programs, and a refusal in both languages."""

import json

import pytest
from typer.testing import CliRunner

from api.cli import app
from engine.store.tables import metadata
from tests.api.desk import open_desk


def run(*arguments):
    return CliRunner().invoke(app, ["move", *arguments])


@pytest.fixture
def worked_in(founded_files, tmp_path):
    url = founded_files.fresh(tmp_path)
    desk = open_desk(url, tmp_path)
    desk.appraised()
    desk.office.database.close()
    return url


def test_the_report_names_every_table_with_its_digest(worked_in, tmp_path):
    done = run("--from", worked_in, "--to", f"sqlite:///{tmp_path / 'new' / 'a.db'}")
    assert done.exit_code == 0, done.output
    lines = done.stdout.splitlines()
    assert {line.split()[0] for line in lines[:-1]} == set(metadata.tables)
    assert all(len(line.split()[-1]) == 64 for line in lines[:-1])
    assert "1 hồ sơ" in lines[-1]
    assert "hai bên khớp" in lines[-1]
    assert "chép / copying dossier: 1/1" in done.stderr
    assert "đối chiếu / proving dossier: 1/1" in done.stderr


def test_programs_get_one_object(worked_in, postgresql_server):
    target = postgresql_server.empty()
    plain = target.replace("postgresql+psycopg://", "postgresql://")  # as people write it
    done = run("--from", worked_in, "--to", plain, "--json")
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert set(told) == {"tables", "rows", "dossiers", "events", "faults", "unsized"}
    assert told["unsized"] == ""
    assert told["dossiers"] == told["tables"]["dossier"]["rows"] == 1
    assert told["rows"] == sum(table["rows"] for table in told["tables"].values())
    done = run("--from", worked_in, "--to", plain)
    assert done.exit_code == 2
    assert "Đích không trống" in done.stderr
    assert "The target is not empty" in done.stderr
    postgresql_server.drop(target)
