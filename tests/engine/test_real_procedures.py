"""Each real procedure of `bpmn/` runs to each of its outcomes."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from api.demo.pen import pen_of
from api.demo.signing_step import sign_step
from engine.documents import taking_in
from engine.documents.disk_store import DiskStore
from engine.documents.place import Documents
from engine.dossier_file import dossier_file
from engine.dossiers.complete_step import complete_step
from engine.dossiers.components import Brought
from engine.dossiers.receive import Reception, receive
from engine.dossiers.refusals import SameHands
from engine.dossiers.signature_demand import SIGNATURES
from engine.journal import verify
from engine.signatures.exchange import look_for_signatures
from engine.signatures.refusals import SignaturesMissing
from engine.signatures.trust import TrustFolder
from engine.store.tables import journal
from tests.engine.offices import BPMN

SCENARIOS = sorted((BPMN / "scenarios").glob("*.json"))


def brought(components):
    return tuple(
        Brought(code, form, number)
        for code, forms in components.items()
        for form, number in forms.items()
    )


@pytest.fixture
def pen(ward, tmp_path, monkeypatch):
    """Trial keys of this test, which the ward trusts."""
    monkeypatch.setitem(taking_in.EXAMINERS, SIGNATURES, look_for_signatures)
    ward.office.documents = Documents(DiskStore(tmp_path / "documents"))
    made = pen_of(tmp_path, tmp_path / "trust", ward.agency_id, ward.clock.now())
    ward.office.trusted = TrustFolder(tmp_path / "trust")
    return made


def complete(ward, pen, outcome, version, step, data):
    """Complete with any holder whose hands are not tied by an earlier step; signed, if asked."""
    spec = version.procedure.step(step.element_id)
    for actor in ward.holders(step.position, step.unit):
        try:
            if spec.signs:
                with pytest.raises(SignaturesMissing):
                    complete_step(ward.office, actor, step.step_run_id, data)
                this = (outcome.dossier_id, version.procedure, spec)
                sign_step(ward.office, pen, actor, *this)
            return complete_step(ward.office, actor, step.step_run_id, data)
        except SameHands:
            continue
    pytest.fail(f"nobody may do {step.name}")


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda p: p.stem)
def test_a_real_procedure_runs_to_each_of_its_outcomes(ward, pen, path):
    stated = json.loads(path.read_text(encoding="utf-8"))
    record = ward.publish((BPMN / "procedures" / stated["procedure"]).read_bytes())
    with ward.office.database.read() as connection:
        version = ward.office.version(connection, ward.agency_id, record.version_id)
    reached = set()
    for scenario in stated["scenarios"]:
        outcome = play(ward, pen, version, scenario)
        assert outcome.outcome == scenario["outcome"], scenario["name"]
        assert outcome.state in {"finished", "returned", "closed"}, scenario["name"]
        reached.add(outcome.outcome)
        with ward.office.database.read() as connection:
            file = dossier_file(ward.office, connection, ward.designer, outcome.dossier_id)
        assert file.open_steps == ()
        assert {run.state for run in file.steps} <= {"completed", "cancelled"}
    assert reached == {drawn.code for drawn in version.procedure.outcomes}
    with ward.office.database.read() as connection:
        count, breaks = verify(connection)
        assert breaks == ()
        assert count == len(connection.execute(select(journal.c.seq)).all())


def play(ward, pen, version, scenario):
    first = version.procedure.step(scenario["steps"][0]["element"])
    clerk = ward.holder(first.assignment.position, first.assignment.unit)
    outcome = receive(
        ward.office,
        clerk,
        Reception(
            procedure=version.procedure.code,
            applicant="Nguyễn Văn An",
            case=scenario["case"],
            data=scenario["reception"],
            components=brought(scenario["components"]),
        ),
    )
    waiting = list(outcome.opened)
    for planned in scenario["steps"]:
        ward.clock.advance(timedelta(minutes=10))
        step = next((s for s in waiting if s.element_id == planned["element"]), None)
        assert step is not None, (scenario["name"], planned["element"], waiting)
        waiting.remove(step)
        outcome = complete(ward, pen, outcome, version, step, planned["data"])
        waiting.extend(outcome.opened)
    return outcome
