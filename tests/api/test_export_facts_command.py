"""`quytrinh export-facts`: a fact of the office as a Parquet file."""

import pytest
from pyarrow import parquet
from typer.testing import CliRunner

from api.cli import app
from tests.analysis.office_day import play
from tests.engine.offices import open_ward


@pytest.fixture
def run(sqlite_url):
    ward = open_ward(sqlite_url)
    play(ward)
    yield lambda *asked: CliRunner().invoke(app, ["export-facts", "--database", sqlite_url, *asked])
    ward.office.database.close()


def test_runs_of_steps_are_written_into_a_folder(run, tmp_path):
    made = run("--out", str(tmp_path), "--columns", "unit, waiting_ws")
    assert made.exit_code == 0, made.output
    table = parquet.read_table(tmp_path / "step_interval.parquet")
    assert table.column_names == ["unit", "waiting_ws"]
    assert f"{table.num_rows} dòng" in made.output


def test_another_fact_goes_into_a_file_of_any_name(run, tmp_path):
    assert run("dossier_fact", "--out", str(tmp_path / "all.parquet")).exit_code == 0
    assert parquet.read_table(tmp_path / "all.parquet").num_rows == 2


@pytest.mark.parametrize("asked", [["applicants"], ["--columns", "name,applicant"]])
def test_what_there_is_is_said(run, tmp_path, asked):
    said = run(*asked, "--out", str(tmp_path))
    assert said.exit_code == 2
    assert "applicant" in said.output
    assert list(tmp_path.glob("*.part*")) == []


def test_a_folder_that_is_not_there_is_named(run, tmp_path):
    said = run("--out", str(tmp_path / "none" / "facts.parquet"))
    assert said.exit_code == 2
    assert str(tmp_path / "none") in said.output.replace("\n", "")
