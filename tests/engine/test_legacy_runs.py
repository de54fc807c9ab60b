"""Workflows of earlier one-stop systems, imported, run to the end."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from engine.dossiers.complete_step import complete_step
from engine.dossiers.receive import Reception, receive
from engine.procedures import publish, upload
from engine.runtime.instance import Instance
from engine.runtime.specification import Specification
from processes.check import Checked, check
from processes.finding import Severity
from processes.legacy import import_legacy
from tests.engine.offices import open_ward

_FOLDER = Path(__file__).parents[1] / "processes" / "legacy"
OWN = [_FOLDER / f"{name}.xml" for name in ("land_tax", "side_branch", "stall_licence")]
EXCEEDS = {"qt-limits-exceed"}  # as in real decisions: it runs, but may not be published


def imported(file: Path) -> Checked:
    checked = check(import_legacy(file.read_bytes()).bpmn)
    blocking = {f.rule for f in checked.findings if f.severity is Severity.ERROR}
    assert blocking <= EXCEEDS, (file.name, blocking)
    return checked


def run_to_end(checked: Checked) -> list[str]:
    """Complete whatever is open until nothing is, saving and restoring in between."""
    spec = Specification.parse(checked.document.root, checked.procedure.process_id)
    data = {
        field.code: field.options[0].value
        for step in checked.procedure.steps
        for field in step.fields
        if field.options
    }
    instance, _ = Instance.start(spec, data)
    visited = []
    while not instance.completed:
        step = next(iter(instance.open_steps().values()))
        visited.append(step.element_id)
        instance.complete(step.token, data)
        instance = Instance.restore(spec, instance.encode())
        assert len(visited) < 500
    return visited


@pytest.mark.parametrize("file", OWN, ids=lambda file: file.stem)
def test_an_imported_workflow_runs_to_its_end(file):
    checked = imported(file)
    assert run_to_end(checked)


@pytest.mark.corpus
def test_every_workflow_of_the_old_one_stop_software_runs_to_its_end(corpora):
    files = sorted((corpora / "vn-onestop" / "workflows").glob("*.xml"))
    assert len(files) == 58
    for file in files:
        checked = imported(file)
        visited = run_to_end(checked)
        assert set(visited) <= {step.element_id for step in checked.procedure.steps}
        assert len(visited) >= 3, file.name


@pytest.mark.corpus
def test_an_old_workflow_is_published_and_carries_a_dossier(corpora, sqlite_url):
    ward = open_ward(sqlite_url)
    office = _with_all_positions(ward, corpora)
    data = import_legacy((corpora / "vn-onestop/workflows/DT01_workflow.xml").read_bytes()).bpmn
    draft = upload(ward.office, ward.designer, data, "DT01.bpmn")
    publish(ward.office, ward.designer, draft.version_id)
    outcome = receive(ward.office, office, Reception("DT01", "Lê Văn Cường"))
    assert outcome.due_at is not None
    while outcome.opened:
        outcome = complete_step(ward.office, office, outcome.opened[0].step_run_id)
    assert outcome.state == "returned"
    ward.office.database.close()


def _with_all_positions(ward, corpora):
    """An officer who holds every position of the imported lanes."""
    checked = imported(corpora / "vn-onestop/workflows/DT01_workflow.xml")
    held = frozenset(
        (step.assignment.unit or "", step.assignment.position)
        for step in checked.procedure.steps
        if step.assignment
    )
    return replace(ward.head, holdings=held)


def test_the_findings_of_an_import_can_be_written_down():
    for file in OWN:
        found = import_legacy(file.read_bytes()).findings
        json.dumps([[f.rule, f.severity, f.element, f.vi, f.en] for f in found], ensure_ascii=False)
