"""The check of a file: one answer, in plain words, for whatever is uploaded."""

import json
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processes.check import MAX_FINDINGS, RULES, Outcome, check
from processes.finding import Severity
from tests.processes.drawn import DIAGRAMS, flows, process, transfer


def test_a_sound_procedure_is_publishable_and_everything_of_it_is_there():
    checked = check(transfer())
    assert checked.outcome is Outcome.PUBLISHABLE
    assert checked.procedure.code == "1.013831"
    assert checked.diagram.process_id == "Process_Transfer"
    assert checked.document.data == transfer()


@pytest.mark.parametrize("file", sorted(DIAGRAMS.glob("*.bpmn")), ids=lambda file: file.stem)
def test_the_diagrams_beside_the_tests_are_publishable(file):
    assert check(file.read_bytes()).outcome is Outcome.PUBLISHABLE


def test_a_file_that_cannot_be_parsed_is_refused_with_one_sentence():
    checked = check(b"<!DOCTYPE x><x/>")
    assert checked.outcome is Outcome.REFUSED
    (finding,) = checked.findings
    assert (finding.rule, finding.severity, finding.element) == (
        "document.doctype",
        Severity.ERROR,
        None,
    )
    assert checked.document is checked.diagram is checked.procedure is None


def test_a_file_without_a_process_is_refused():
    checked = check(b'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"/>')
    assert checked.outcome is Outcome.REFUSED
    assert checked.procedure is None


def test_one_error_is_enough_to_refuse_and_warnings_are_not():
    assert check(transfer(('name="Phê duyệt"', ""))).outcome is Outcome.PUBLISHABLE
    refused = check(transfer(('clock="citizen"', 'clock="stops"')))
    assert refused.outcome is Outcome.REFUSED
    assert refused.procedure is not None  # the page still shows what was read


def test_what_a_repair_mends_is_repairable_and_says_which_gaps_remain():
    checked = check(
        process('<b:startEvent id="S"/><b:serviceTask id="A" name="A"/>' + flows("S A"))
    )
    assert checked.outcome is Outcome.REPAIRABLE
    assert {"task.person", "end.added"} <= {repair.kind for repair in checked.repairs}
    assert {finding.rule for finding in checked.remaining} == {
        "qt-limit-missing",
        "qt-owner-missing",
        "qt-case-limit-missing",
    }


def test_gaps_alone_are_refused_for_no_repair_fills_them():
    checked = check(transfer(('<qt:case code="normal" name="Thông thường"><qt:limit amount="8" unit="working_day"/>', '<qt:case code="normal" name="Thông thường">')))  # fmt: skip
    assert checked.outcome is Outcome.REFUSED
    assert checked.remaining


def test_errors_come_first():
    found = check(
        transfer(('name="Phê duyệt"', ""), ('unit="working_day" cutoff', 'unit="week" cutoff'))
    ).findings
    severities = [f.severity for f in found]
    assert severities == sorted(severities, key=list(Severity).index)
    assert severities[0] is Severity.ERROR


def test_the_answer_as_data_is_what_the_command_line_prints():
    data = check(transfer(('clock="citizen"', 'clock="stops"'))).to_data()
    assert json.loads(json.dumps(data)) == data
    assert data["outcome"] == "refused"
    assert {repair["kind"] for repair in data["repairs"]} == {"drawing.rest"}
    assert data["remaining"] == [each for each in data["findings"] if each["severity"] == "error"]
    assert data["findings"][0].keys() == {"rule", "severity", "element", "vi", "en"}
    assert data["findings"][0]["rule"] == "qt-value"
    assert data["findings"][0]["element"] == "Task_Tax"


def test_every_rule_has_a_code_of_its_own_and_both_languages():
    assert len({rule.code for rule in RULES}) == len(RULES)
    for rule in RULES:
        assert rule.vi.strip()
        assert rule.en.strip()


def test_a_designers_text_is_cut_and_cannot_fill_a_sentence():
    checked = check(process(f'<b:scriptTask id="T" name="{"Tính phí " * 900}"/>'))
    assert max(len(f.vi) for f in checked.findings) < 1_000


def test_braces_in_a_name_are_text():
    checked = check(process('<b:scriptTask id="T" name="{what} {0.__class__}"/>'))
    assert any("“{what} {0.__class__}”" in f.vi for f in checked.findings)


EXCLUSIVE = "".join(f'<b:exclusiveGateway id="n{i}"/>' for i in range(1, 499))
DENSE = [f"n{i % 498 + 1} n{(i * 7919) % 498 + 1}" for i in range(2000)]
HOSTILE = {
    "many flows": EXCLUSIVE + flows(*dict.fromkeys(DENSE)),
    "many conditions": EXCLUSIVE
    + "".join(
        f'<b:sequenceFlow id="f{i}" sourceRef="n{i % 100 + 1}" targetRef="n{i % 490 + 2}">'
        f"<b:conditionExpression>a{i} + b{i}</b:conditionExpression></b:sequenceFlow>"
        for i in range(2000)
    ),
    "deep conditions": EXCLUSIVE
    + "".join(
        f'<b:sequenceFlow id="f{i}" sourceRef="n1" targetRef="n{i + 2}">'
        f"<b:conditionExpression>{'[' * 99}{i}</b:conditionExpression></b:sequenceFlow>"
        for i in range(450)
    ),
    "fields": "<b:extensionElements><qt:procedure>"
    + "".join(f'<qt:field code="c{i}" default="x"/>' for i in range(19_000))
    + "</qt:procedure></b:extensionElements>",
    "components": "<b:extensionElements><qt:procedure>"
    + "".join(f'<qt:component code="c{i}" group="g{i}"/>' for i in range(19_000))
    + "</qt:procedure></b:extensionElements>",
    "cases": "<b:extensionElements><qt:procedure>"
    + '<qt:case code="c"><qt:limit amount="1" unit="day"/></qt:case>' * 9_000
    + "</qt:procedure></b:extensionElements>"
    + "".join(f'<b:userTask id="n{i}"/>' for i in range(400))
    + flows(*(f"n{i} n{i + 1}" for i in range(399))),
    "lanes": "<b:laneSet>"
    + "".join(f'<b:lane id="l{i}">{"<b:flowNodeRef>T</b:flowNodeRef>" * 99}</b:lane>' for i in range(190))
    + "</b:laneSet><b:task id='T'/>",
    "nested sub-processes": "".join(f'<b:subProcess id="s{i}">' for i in range(95)) + "</b:subProcess>" * 95,
    "boundary events": '<b:task id="T"/>'
    + "".join(f'<b:boundaryEvent id="b{i}" attachedToRef="T"/>' for i in range(490)),
    "one id everywhere": '<b:task id="x"/>' * 490 + '<b:textAnnotation id="x"/>' * 19_000,
    "unknown elements": "".join(f'<b:x id="x{i}"/>' for i in range(19_000)),
    "long names": "".join(f'<b:task id="t{i}" name="{"dài " * 2_400}"/>' for i in range(200)),
}  # fmt: skip


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_files_are_answered_within_two_seconds_of_work(body):
    data = process(body)
    began = time.process_time()
    checked = check(data)
    assert time.process_time() - began < 4
    assert checked.outcome is not Outcome.PUBLISHABLE
    assert 0 < len(checked.findings) <= MAX_FINDINGS


TAGS = [
    "task",
    "userTask",
    "startEvent",
    "endEvent",
    "exclusiveGateway",
    "subProcess",
    "boundaryEvent",
    "lane",
]
IDS = st.sampled_from(["A", "B", "C", ""])


@st.composite
def elements(draw, depth=0):
    tag = draw(st.sampled_from([*TAGS, "sequenceFlow", "laneSet", "childLaneSet", "flowNodeRef"]))
    attributes = draw(
        st.dictionaries(
            st.sampled_from(["id", "name", "sourceRef", "targetRef", "attachedToRef", "default"]),
            IDS,
        )
    )
    stated = "".join(f' {name}="{value}"' for name, value in attributes.items())
    inner = draw(st.lists(elements(depth=depth + 1), max_size=3)) if depth < 3 else []
    ours = draw(
        st.sampled_from(
            ["", '<b:extensionElements><qt:step status="9"/></b:extensionElements>', "A"]
        )
    )
    return f"<b:{tag}{stated}>{ours}{''.join(inner)}</b:{tag}>"


@settings(max_examples=150, deadline=None)
@given(st.lists(elements(), max_size=8))
def test_any_drawing_is_answered(body):
    checked = check(process("".join(body)))
    assert all(f.vi and f.en for f in checked.findings)


@pytest.mark.corpus
def test_every_file_of_the_corpora_is_answered_quickly(corpora: Path):
    files = sorted(corpora.glob("bpmn/**/*.bpmn"))
    assert len(files) > 300
    for file in files:
        data = file.read_bytes()
        began = time.process_time()
        checked = check(data)
        assert time.process_time() - began < 1, file
        assert checked.findings, file  # none of them states a limit for every step


def test_a_sub_process_that_shares_its_id_with_a_gateway_is_answered():
    body = '<exclusiveGateway id="C"/><subProcess id="C"><task id="A"/></subProcess>'
    namespace = "http://www.omg.org/spec/BPMN/20100524/MODEL"
    drawn = f'<definitions xmlns="{namespace}"><process id="P">{body}</process></definitions>'
    assert check(drawn.encode()).outcome is not Outcome.PUBLISHABLE
