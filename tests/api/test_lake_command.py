"""`quytrinh lake` and the worker's rounds: the lake is refreshed, looked at and compared."""

import json
from datetime import timedelta

import pytest
from typer.testing import CliRunner

from analysis.lake.publishing import published
from api.cli import app
from api.lake_rounds import LakeRounds
from tests.analysis.office_day import play
from tests.engine.offices import open_ward


@pytest.fixture
def office(sqlite_url):
    ward = open_ward(sqlite_url)
    play(ward)
    yield ward
    ward.office.database.close()


@pytest.fixture
def run(office, tmp_path):
    where = ["--folder", str(tmp_path / "lake")]
    database = ["--database", office.office.database.url]

    def command(name, *more, asked=database):
        return CliRunner().invoke(app, ["lake", name, *where, *asked, *more])

    return command


def test_a_lake_is_made_and_says_what_it_holds(run, office):
    made = run("refresh", "--json")
    assert made.exit_code == 0, made.output
    told = json.loads(made.stdout)
    assert (told["number"], told["dossiers"]) == (1, None)
    (status,) = json.loads(run("status", "--json", asked=[]).stdout)
    assert (status["agency"], status["rows"]) == (office.agency_id, told["rows"])
    assert run("verify").exit_code == 0


def test_a_damaged_file_is_named(run, tmp_path):
    run("refresh")
    (path,) = (tmp_path / "lake" / "dossier_fact").glob("*/*/*.parquet")
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    found = run("verify")
    assert found.exit_code == 1
    assert path.name in found.output


def test_without_a_folder_it_says_which_is_missing(office):
    said = CliRunner().invoke(app, ["lake", "status"])
    assert said.exit_code == 2
    assert "QUYTRINH_LAKE_FOLDER" in said.output


def test_a_folder_without_a_lake_is_none(run):
    assert run("status", asked=[]).exit_code == 2


def test_the_worker_refreshes_when_its_time_has_come(office, tmp_path):
    rounds = LakeRounds(office.office, tmp_path / "lake", 60, 5)

    def numbers():
        return [each.number for each in published(tmp_path / "lake")]

    rounds.look()
    assert numbers() == [1]
    rounds.look()
    assert numbers() == [1]
    office.clock.set(office.clock.now() + timedelta(minutes=61))
    rounds.look()
    assert numbers() == [2]
    assert rounds.failures == 0
