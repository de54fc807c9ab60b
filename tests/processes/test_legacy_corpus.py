"""The 58 real workflows of the one-stop software: all become procedures, and their defects are counted."""

import os
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from lxml import etree

from processes.check import check
from processes.diagram import Diagram
from processes.document import parse
from processes.finding import Severity
from processes.layout import has_drawing
from processes.legacy import LegacyImport, import_legacy
from processes.procedure import Procedure
from processes.reader import read
from processes.step import ClockKind
from processes.time_limit import Unit
from tests.processes.tidiness import problems

ROOT = Path(__file__).resolve().parents[2]
CORPUS = Path(os.environ.get("QUYTRINH_CORPORA", ROOT / ".." / "shared" / "corpora"))
WORKFLOWS = sorted((CORPUS / "vn-onestop" / "workflows").glob("*_workflow.xml"))

pytestmark = pytest.mark.corpus


def procedure_of(result: LegacyImport) -> Procedure:
    reading = read(parse(result.bpmn))
    assert reading.findings == ()
    return reading.procedure


def rules(result: LegacyImport) -> list[str]:
    return [finding.rule for finding in result.findings]


@pytest.fixture(params=WORKFLOWS or [None], ids=lambda path: path and path.name.partition("_")[0])
def real(request, corpora) -> tuple[etree._Element, LegacyImport]:
    data = request.param.read_bytes()
    return etree.fromstring(data), import_legacy(data)


@pytest.fixture
def real_files(corpora) -> list[tuple[etree._Element, LegacyImport]]:
    assert len(WORKFLOWS) == 58, f"expected 58 workflows below {corpora}"
    return [(etree.parse(path).getroot(), import_legacy(path.read_bytes())) for path in WORKFLOWS]


def chain(source: etree._Element) -> list[etree._Element]:
    """The tasks in the order of their pointers."""
    tasks_ = {task.get("code"): task for task in source.iter("task")}
    following = next(source.iter("task"))
    found = []
    while following is not None:
        found.append(following)
        following = tasks_.get(following.get("next"))
    return found


def amount(text: str) -> Decimal:
    return Decimal(text.replace(",", "."))


def test_real_tasks_are_all_present_once_in_their_order(real):
    source, result = real
    steps_ = procedure_of(result).steps
    assert [step.name for step in steps_] == [task.get("name").strip() for task in chain(source)]
    assert len(steps_) == len(list(source.iter("task")))


def test_real_steps_are_done_by_the_group_and_role_of_the_source(real):
    source, result = real
    for step, task in zip(procedure_of(result).steps, chain(source), strict=True):
        group, role = task.getparent().get("group"), task.getparent().get("role", "")
        expected = (role or group).lower(), group.lower() if role else None
        assert (step.assignment.position, step.assignment.unit) == expected


def test_real_limits_of_the_tasks_add_up_to_the_time_of_their_step(real):
    source, result = real
    found = dict(
        zip((t.get("code") for t in chain(source)), procedure_of(result).steps, strict=True)
    )
    for step in source.iter("step"):
        given_ = [found[task.get("code")].limit("") for task in step.iter("task")]
        total = sum((limit.amount for limit in given_ if limit is not None), Decimal(0))
        stated = [amount(task.get("time")) for task in step.iter("task")]
        time = amount(step.get("time"))
        assert total == (time if time >= 0 else sum(stated))
        if sum(stated) == time:
            kept = [limit.amount if limit is not None else Decimal(0) for limit in given_]
            assert kept == stated


def test_real_totals_are_kept_or_summed(real):
    source, result = real
    total = amount(source.get("totaltime"))
    limit = procedure_of(result).cases[0].limit
    assert limit.amount == (total if total > 0 else step_sum(source))
    assert limit.unit is Unit.WORKING_DAY


def step_sum(source: etree._Element) -> Decimal:
    """Times of the steps; a step without one has the times of its tasks."""
    return sum(
        (
            amount(step.get("time"))
            if amount(step.get("time")) >= 0
            else sum((amount(task.get("time")) for task in step.iter("task")), Decimal(0))
            for step in source.iter("step")
        ),
        Decimal(0),
    )


def test_real_ways_lead_from_the_start_through_every_step_to_the_end(real):
    diagram: Diagram = read(parse(real[1].bpmn)).diagram
    nodes = {node.id for node in diagram.nodes}
    assert reached(diagram, {"Start_1"}, forward=True) == nodes
    assert reached(diagram, {"End_1"}, forward=False) == nodes


def reached(diagram: Diagram, start: set[str], *, forward: bool) -> set[str]:
    found = set(start)
    pairs = [(f.source, f.target) if forward else (f.target, f.source) for f in diagram.flows]
    while more := {b for a, b in pairs if a in found} - found:
        found |= more
    return found


def test_real_diagrams_are_tidy(real):
    root = parse(real[1].bpmn).root
    assert has_drawing(root)
    assert problems(root) == []


def test_real_clocks_stop_only_between_pause_and_unpause(real):
    source, result = real
    paused, expected = False, []
    for task in chain(source):
        expected.append(paused)
        paused = (paused and not task.get("unpause")) or task.get("pause") == "true"
    citizen = [step.clock is ClockKind.CITIZEN for step in procedure_of(result).steps]
    assert citizen == expected


def test_real_statuses_never_go_back(real):
    order = [step.status.value for step in procedure_of(real[1]).steps if step.status.value != "6"]
    assert all(int(a) <= int(b) for a, b in pairwise(order))
    assert order[0] == "2"
    assert order[-1] == "9"


def test_real_defects_are_counted_as_the_sources_show_them(real_files):
    counts: dict[str, int] = {}
    expected = dict.fromkeys(
        (
            *("legacy-total-absent", "legacy-total-exceeded", "legacy-total-larger"),
            *("legacy-step-time-absent", "legacy-task-times-exceed", "legacy-task-times-short"),
            *("legacy-next-missing", "legacy-pause", "legacy-unknown", "legacy-fee-unreadable"),
        ),
        0,
    )
    for source, result in real_files:
        for rule in rules(result):
            counts[rule] = counts.get(rule, 0) + 1
        total, sum_ = amount(source.get("totaltime")), step_sum(source)
        expected["legacy-total-absent"] += total < 0
        expected["legacy-total-exceeded"] += 0 <= total < sum_
        expected["legacy-total-larger"] += total > sum_
        expected["legacy-pause"] += len(source.findall(".//task[@pause]"))
        for step in source.iter("step"):
            time, tasks_ = (
                amount(step.get("time")),
                sum(amount(t.get("time")) for t in step.iter("task")),
            )
            expected["legacy-step-time-absent"] += time < 0
            expected["legacy-task-times-exceed"] += 0 <= time < tasks_
            expected["legacy-task-times-short"] += time > tasks_
    assert {rule: counts.get(rule, 0) for rule in expected} == expected
    assert expected["legacy-total-absent"] == 18
    assert expected["legacy-total-exceeded"] == 6


def test_real_workflows_have_no_errors_but_totals_that_are_too_small(real_files):
    for _, result in real_files:
        errors = {f.rule for f in check(result.bpmn).findings if f.severity is Severity.ERROR}
        allowed = {"qt-limits-exceed"} if "legacy-total-exceeded" in rules(result) else set()
        assert errors == allowed


def test_real_forms_give_components_and_fields(corpora):
    forms = sorted((corpora / "vn-onestop" / "forms").glob("*_form_struct.xml"))
    assert forms
    for form in forms:
        code = form.name.partition("_")[0]
        workflow = corpora / "vn-onestop" / "workflows" / f"{code}_workflow.xml"
        result = import_legacy(workflow.read_bytes(), form.read_bytes())
        items = list(etree.parse(form).iter("item"))
        procedure = procedure_of(result)
        assert len(procedure.components) == sum(item.get("doc") == "yes" for item in items)
        assert procedure.fields
        assert set(rules(result)) & {"legacy-form-components"}
        assert not [
            f
            for f in check(result.bpmn).findings
            if f.severity is Severity.ERROR and f.rule != "qt-limits-exceed"
        ]
