"""A repair answers what the check complains of; whatever runs stays as it is drawn."""

import re
from pathlib import Path

import pytest

from processes.check import RULES
from processes.document import parse
from processes.finding import Finding, Severity
from processes.judging import judge_drawing
from processes.repair import KINDS, UnknownRepair, apply, propose
from processes.repair.complaints import Complaints
from processes.repair.order import REPAIRERS
from processes.repair.workpiece import Workpiece
from processes.support.table import CONSTRUCTS
from tests.processes.repair.sketch import AB, END, START, Repaired, line, sketch

CODES = {rule.code for rule in RULES} | {f"support.{code}" for code in CONSTRUCTS}
REFERENCE = Path(__file__).resolve().parents[3] / "docs" / "reference" / "repairs.md"
RUNNING = {
    "several flows": sketch(START + AB + END, "S A", "A B", "A E", "B E"),
    "message": line('<b:receiveTask id="A" name="Nhận"/>'),
    "loop": line(
        '<b:userTask id="A" name="A"><b:standardLoopCharacteristics loopMaximum="3"/></b:userTask>'
    ),
    "timer": line(
        '<b:userTask id="A" name="A"/><b:intermediateCatchEvent id="B" name="Chờ">'
        "<b:timerEventDefinition><b:timeDuration>P1D</b:timeDuration></b:timerEventDefinition>"
        "</b:intermediateCatchEvent>",
        "B",
    ),
}


def test_every_kind_has_a_code_of_its_own_and_both_languages():
    assert len({kind.code for kind in KINDS}) == len(KINDS)
    for kind in KINDS:
        assert kind.vi
        assert kind.en


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.code)
def test_what_a_repair_answers_is_a_rule_of_the_check(kind):
    for rule in kind.answers:
        assert any(code == rule or code.startswith(f"{rule}.") for code in CODES), rule


def test_nobody_looks_for_repairs_where_nothing_is_complained_of():
    piece = Workpiece(parse(line('<b:serviceTask id="A" name="A"/>')))
    asked = [repairer for repairer in REPAIRERS if any(kind.answers for kind in repairer.kinds)]
    assert all(list(repairer.changes(piece)) == [] for repairer in asked)


def test_a_complaint_is_heard_by_its_rule_its_element_and_its_parts():
    (kind,) = [kind for kind in KINDS if kind.code == "call.person"]
    heard = Complaints([Finding("support.callActivity.unknown", Severity.ERROR, "A", "", "")])
    assert heard.wants(kind)
    assert heard.at("A", kind.answers)
    assert not heard.at("B", kind.answers)
    heard.answered("A", "support.callActivity.unknown")
    assert not heard.at("A", kind.answers)


@pytest.mark.parametrize("data", RUNNING.values(), ids=RUNNING.keys())
def test_what_runs_keeps_its_elements(data):
    before = {e.tag for e in parse(data).root.iter("{*}*")}
    done = Repaired(data)
    drawn = {
        kind for kind in done.kinds if not kind.startswith(("procedure.", "drawing.", "lane."))
    }
    assert drawn == set()
    assert before <= {e.tag for e in done.root.iter("{*}*")}


def test_the_same_file_has_the_same_proposals_and_an_unknown_one_is_refused():
    data = line('<b:serviceTask id="A" name="A"/>')
    assert propose(parse(data)) == propose(parse(data))
    with pytest.raises(UnknownRepair):
        apply(data, {"task.person-0000000000"})


def test_repairs_are_sought_until_the_check_is_content():
    done = Repaired(line('<b:serviceTask id="A" name="A"/>'))
    answered = {rule for kind in KINDS if kind.code in done.kinds for rule in kind.answers}
    left = {finding.rule for finding in judge_drawing(parse(done.data)).findings}
    assert not answered & left


def test_the_reference_lists_every_kind_with_what_it_answers():
    text = REFERENCE.read_text(encoding="utf-8")
    listed = dict(re.findall(r"^\| `([\w.-]+)` \| (.*?) \|", text, re.MULTILINE))
    wanted = {kind.code: ", ".join(f"`{rule}`" for rule in kind.answers) or "–" for kind in KINDS}
    assert listed == wanted
