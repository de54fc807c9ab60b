"""What the BPMN standard forbids is found, what it allows is not."""

import random
import string
import time

import pytest
from lxml import etree

from processes.document import Document, parse
from processes.finding import Severity
from processes.lint import lint
from processes.reader import read
from processes.standard import RULES, judge_standard
from processes.standard.doubles import SAID_AS
from processes.support import judge_support
from tests.processes.drawn import flows
from tests.processes.standard.cases import CASES
from tests.processes.standard.cases_references import WRONG_KIND
from tests.processes.standard.models import (
    HEAD,
    START,
    codes,
    file,
    process,
    said,
    task,
)

BY_CODE = {rule.code: rule for rule in RULES}


@pytest.mark.parametrize("code", CASES)
def test_a_model_that_breaks_the_constraint_is_found(code):
    found = [finding for finding in said(CASES[code][0]) if finding.rule == code]
    assert found
    assert {finding.severity for finding in found} == {BY_CODE[code].severity}
    assert all("{" not in finding.vi + finding.en for finding in found)


@pytest.mark.parametrize("code", CASES)
def test_a_model_that_keeps_the_constraint_is_not_accused(code):
    assert code not in codes(CASES[code][1])


@pytest.mark.parametrize("code", WRONG_KIND)
def test_a_reference_to_something_of_another_kind_is_found(code):
    assert code in codes(WRONG_KIND[code])


def test_every_constraint_is_broken_by_some_model():
    assert set(CASES) == set(BY_CODE)


def test_every_constraint_has_a_code_a_section_and_both_sentences():
    assert len(BY_CODE) == len(RULES) >= 150
    for rule in RULES:
        assert rule.code.startswith("std-")
        assert rule.section[0].isdigit()
        names = [
            {name for _, name, _, _ in string.Formatter().parse(text) if name}
            for text in (rule.vi, rule.en)
        ]
        assert names[0] == names[1]


def test_a_sentence_names_the_element_as_the_designer_sees_it():
    finding = next(
        f
        for f in said(process(START + task("T", "", 'name="Nhận đơn"') + flows("T S")))
        if f.rule == "std-start-incoming"
    )
    assert finding.element == "T_S"
    assert (
        finding.vi
        == "luồng T_S đi vào sự kiện bắt đầu S, nhưng không luồng nào được vào sự kiện bắt đầu. Nối vào bước đầu tiên."
    )


def test_a_reference_into_an_imported_file_is_believed():
    body = '<b:sendTask id="T" messageRef="far:M" xmlns:far="urn:elsewhere"/>'
    assert "std-ref-task-message" not in codes(process(body))
    assert "std-ref-task-message" in codes(process(body.replace("urn:elsewhere", "urn:example")))


def test_a_node_that_lists_none_of_its_flows_is_as_good_as_one_that_lists_all():
    nodes = START + task("T") + flows("S T")
    assert "std-flow-unlisted" not in codes(process(nodes))
    half = process(nodes.replace('"S"/>', '"S"><b:outgoing>S_T</b:outgoing></b:startEvent>', 1))
    assert "std-flow-unlisted" not in codes(half)


def test_extensions_are_not_judged():
    inside = '<b:extensionElements><b:task id="X"/><other:y><b:endEvent id="Y"/></other:y></b:extensionElements>'
    assert codes(process(task("T", inside))) == set()


def test_every_double_names_a_constraint_that_exists():
    assert set(SAID_AS) <= set(BY_CODE)


def others(data):
    """What lint, the reader and the table of constructs say of a file."""
    document = parse(data)
    reading = read(document)
    found = [*judge_support(document), *reading.findings]
    if reading.diagram is not None and reading.procedure is not None:
        found += lint(document, reading.diagram, reading.procedure)
    return document, found


@pytest.mark.parametrize("code", SAID_AS)
def test_one_problem_is_said_once(code):
    """Where others speak of the same thing at the same element, the constraint is silent; else it speaks."""
    document, said_before = others(CASES[code][0])
    mine = [f for f in judge_standard(document) if f.rule == code]
    kept = [f for f in judge_standard(document, said_before) if f.rule == code]
    for finding in mine:
        doubled = any(
            each.element == finding.element and each.rule.startswith(SAID_AS[code])
            for each in said_before
        )
        assert (finding in kept) is not doubled


SAID_ONCE = {  # constraint: the code that speaks for it in the process that runs
    "std-flow-dangling": "qt-flow-dangling",
    "std-flow-crosses": "qt-flow-crosses",
    "std-start-incoming": "qt-flow-direction",
    "std-boundary-host": "qt-boundary-host",
    "std-default-unknown": "qt-default-unknown",
    "std-start-missing": "start-event-required",
    "std-end-kind": "support.endEvent.timer",
    "std-timer-none": "qt-timer",
}


@pytest.mark.parametrize("code", SAID_ONCE)
def test_what_lint_and_the_table_say_is_left_to_them(code):
    document, said_before = others(CASES[code][0])
    assert SAID_ONCE[code] in {f.rule for f in said_before}
    assert code not in {f.rule for f in judge_standard(document, said_before)}


def large(count):
    """A chain of that many nodes, with lanes, listed flows and a drawing."""
    kinds = ("userTask", "exclusiveGateway", "task", "manualTask")
    nodes = "".join(
        f'<b:{kinds[i % 4]} id="n{i}" name="Bước {i}"><b:incoming>f{i - 1}</b:incoming><b:outgoing>f{i}</b:outgoing></b:{kinds[i % 4]}>'
        f'<b:sequenceFlow id="f{i}" sourceRef="n{i}" targetRef="n{i + 1}"/>'
        for i in range(count)
    )
    lane = "".join(f"<b:flowNodeRef>n{i}</b:flowNodeRef>" for i in range(count))
    shapes = "".join(
        f'<di:BPMNShape id="s{i}" bpmnElement="n{i}"><dc:Bounds x="1" y="2" width="3" height="4"/></di:BPMNShape>'
        for i in range(count)
    )
    return (
        f'{HEAD} targetNamespace="urn:x"><b:process id="P"><b:laneSet><b:lane id="L">{lane}</b:lane></b:laneSet>{nodes}</b:process>'
        f'<di:BPMNDiagram><di:BPMNPlane bpmnElement="P">{shapes}</di:BPMNPlane></di:BPMNDiagram></b:definitions>'
    ).encode()


def test_five_thousand_nodes_take_time_in_proportion():
    """The pure work of a quiet machine is below 150 ms; the bound is for busy ones."""
    root = etree.fromstring(large(5_000))
    began = time.process_time()
    found = judge_standard(Document(b"", "", "utf-8", root))
    assert time.process_time() - began < 5
    assert {f.rule for f in found} == {
        "std-flow-dangling",
        "std-listed-flow-unknown",
        "std-gateway-idle",
    }


def test_no_parsed_file_makes_it_fail():
    """Broken models, cut and mixed at random: every one gets its findings, none an exception."""
    rng = random.Random(2026)
    models = [data.decode() for pair in CASES.values() for data in pair]
    for _ in range(400):
        words = rng.choice(models).split('"')
        for place in rng.sample(range(1, len(words)), k=min(3, len(words) - 1)):
            if "=" in words[place - 1] and "xmlns" not in words[place - 1]:
                words[place] = rng.choice(["", "P", "T", ":", "a:b:c", "-9", "\u0110", "D", "true"])
        try:
            root = etree.fromstring('"'.join(words).encode())
        except etree.XMLSyntaxError:
            continue
        for finding in judge_standard(Document(b"", "", "utf-8", root)):
            assert finding.severity in Severity


def test_elements_that_refer_to_each_other_in_circles_are_judged():
    loop = '<b:task id="A" default="A"/><b:boundaryEvent id="B" attachedToRef="B"><b:eventDefinitionRef>B</b:eventDefinitionRef></b:boundaryEvent>'
    found = codes(
        file(
            f'<b:process id="P"><b:laneSet><b:lane id="L" partitionElementRef="L"/></b:laneSet>{loop}</b:process>'
        )
    )
    assert {"std-default-unknown", "std-boundary-host", "std-ref-event-definition"} <= found
