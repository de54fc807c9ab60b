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
    assert set(runs[0]) == {"file", "run", "outcome", "trace", "data", "error", "scenario"}
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


def lines(*arguments):
    result = CliRunner().invoke(app, ["rehearse", *arguments, "--json"])
    return result.exit_code, [json.loads(line) for line in result.stdout.splitlines()]


def test_every_way_is_rehearsed_and_what_was_passed_is_counted():
    result = CliRunner().invoke(app, ["rehearse", FILE, "--every-path"])
    assert result.exit_code == 0
    assert "24/24 phần tử / elements" in result.stdout
    assert "24/24 luồng / flows" in result.stdout


def test_random_runs_are_the_same_for_the_same_seed():
    first, again = (lines(FILE, "--random", "3", "--seed", "5") for _ in range(2))
    assert first == again
    assert [run["run"] for run in first[1]] == [1, 2, 3]
    assert "scenario" not in first[1][0]


def test_a_scenario_in_yaml_is_a_test_that_can_fail(tmp_path):
    stated = json.loads((BPMN / "scenarios" / "1.013831.json").read_text(encoding="utf-8"))
    one = stated["scenarios"][0]
    path = tmp_path / "kich-ban.yaml"
    for expected, outcome in ((one["outcome"], "completed"), ("something_else", "failed")):
        text = json.dumps({"scenarios": [{**one, "outcome": expected}]}, ensure_ascii=False)
        path.write_text(f"# JSON is YAML\n{text}\n", encoding="utf-8")
        code, (run,) = lines(FILE, "--scenario", str(path))
        assert (code, run["outcome"]) == (int(outcome == "failed"), outcome)
        assert run["scenario"] == one["name"]


def test_a_file_that_needs_repairs_is_rehearsed_with_them_and_says_which(tmp_path):
    path = tmp_path / "foreign.bpmn"
    flows = "".join(
        f'<sequenceFlow id="{a}{b}" sourceRef="{a}" targetRef="{b}">{inner}</sequenceFlow>'
        for a, b, inner in (
            ("s", "t", ""),
            ("t", "g", ""),
            ("g", "e", "<conditionExpression>${x > 1}</conditionExpression>"),
            ("g", "f", "<conditionExpression>${x &lt;= 1}</conditionExpression>"),
        )
    )
    path.write_text(
        '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"><process id="P">'
        '<startEvent id="s"/><task id="t" name="Xét"/><exclusiveGateway id="g"/><endEvent id="e"/>'
        f'<endEvent id="f"/>{flows}</process></definitions>'
    )
    for x, end in ((2, "e"), (1, "f")):
        for option in (("--data", f'{{"x": {x}}}'), ("--answers", f'{{"t": {{"x": {x}}}}}')):
            code, (run,) = lines(str(path), *option)
            assert (code, run["outcome"]) == (0, "completed")
            assert [each["id"] for each in run["trace"]] == ["s", "t", end]
            assert run["data"]["x"] == x
            assert "condition.translated" in {each["kind"] for each in run["repaired"]}
