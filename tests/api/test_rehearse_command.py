"""`quytrinh rehearse` prints one line a run and says with its exit code whether all completed."""

import json

import pytest
from typer.testing import CliRunner

from api.cli import app
from tests.engine.offices import BPMN

FILE = str(BPMN / "procedures" / "1.013831-bien-dong-dat-dai.bpmn")
SCENARIO = str(BPMN / "scenarios" / "1.013831.json")


def test_scenarios_are_rehearsed_one_json_line_a_run():
    result = CliRunner().invoke(app, ["rehearse", FILE, "--scenario", SCENARIO, "--json"])
    runs = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.exit_code == 0
    assert {run["outcome"] for run in runs} == {"completed"}
    assert set(runs[0]) == {"file", "run", "outcome", "trace", "data", "error"}
    assert runs[0]["trace"][0].keys() == {"id", "name", "kind"}


def test_a_run_that_does_not_complete_is_told_by_the_exit_code():
    result = CliRunner().invoke(app, ["rehearse", FILE, "--json"])
    assert result.exit_code == 1
    assert json.loads(result.stdout)["outcome"] == "failed"


@pytest.mark.parametrize("arguments", [["--data", "[1]"], ["--answers", "{"], ["--scenario", "no"]])
def test_input_that_cannot_be_read_is_refused_in_both_languages(arguments):
    result = CliRunner().invoke(app, ["rehearse", FILE, *arguments])
    assert result.exit_code == 2
    assert "Không đọc được" in result.stderr
    assert "Cannot read" in result.stderr
