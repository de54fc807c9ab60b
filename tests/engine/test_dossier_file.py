"""Reading one dossier in full; of one's own agency only."""

import pytest

from engine.code_lookup import dossier_of_code
from engine.dossier_file import dossier_file, dossier_of_step, draft_of, history
from engine.dossier_list import counts_by_state, dossiers
from engine.dossiers.complete_step import complete_step
from engine.dossiers.components import Brought
from engine.dossiers.refusals import NoSuchDossier, NoSuchStep
from tests.engine.drawing import OFFICER, component, draw, end, field, needs, start, step
from tests.engine.offices import datetime_of, stranger

HEAD = (
    component("DON", "original 1")
    + component("UY_QUYEN", when="uy_quyen = true", required="when")
    + field("uy_quyen", "boolean", default="false")
)


def diagram(code="T-01"):
    return draw(
        start(),
        step("A", needs("DON"), field("n", "number"), limit="1 working_day"),
        step("B", needs("UY_QUYEN"), limit="1 working_day"),
        end(),
        flows=("S A", "A B", "B E"),
        head=HEAD,
        code=code,
    )


def test_a_dossier_is_read_in_full(ward):
    outcome = ward.received(
        diagram(), 2026, 3, 2, 8, 0, data={"uy_quyen": True}, components=(Brought("DON"),)
    )
    officer = ward.holder(*OFFICER)
    ward.at(2026, 3, 2, 9, 0)
    complete_step(ward.office, officer, outcome.opened[0].step_run_id, {"n": "2,50"})
    file = ward.file(outcome)
    assert (file.row.code, file.version.procedure.code) == (outcome.code, "T-01")
    assert [(run.element_id, run.state) for run in file.steps] == [
        ("A", "completed"),
        ("B", "open"),
    ]
    assert {code: str(value) for code, value in file.data.items()} == {
        "uy_quyen": "True",
        "n": "2.50",
    }
    assert file.present == {"DON": {"original": 1}}
    assert [missing.codes for missing in file.lacking] == [("UY_QUYEN",)]
    (open_step,) = file.open_steps
    assert [missing.codes for missing in file.lacking_for(open_step)] == [("UY_QUYEN",)]
    assert file.clock.due_at(file.calendar) == datetime_of(2026, 3, 9, 8, 0)
    assert file.people[officer.account_id] == officer.name
    items = {item.component.code: (item.required, bool(item.missing)) for item in file.checklist}
    assert items == {"DON": (True, False), "UY_QUYEN": (True, True)}


def test_another_agency_finds_nothing_of_it(ward):
    outcome = ward.received(diagram(), components=(Brought("DON"),))
    other = stranger(ward.holder(*OFFICER))
    run = outcome.opened[0].step_run_id
    with ward.office.database.read() as connection:
        with pytest.raises(NoSuchDossier):
            dossier_file(ward.office, connection, other, outcome.dossier_id)
        with pytest.raises(NoSuchDossier):
            dossier_of_code(connection, other, outcome.code)
        with pytest.raises(NoSuchStep):
            dossier_of_step(connection, other, run)
        assert history(connection, other, outcome.dossier_id) == ()
        assert dossiers(connection, other) == ()
        assert counts_by_state(connection, other) == {}
        assert draft_of(connection, other, run) == {}


def test_a_dossier_is_found_by_its_code_and_by_its_step(ward):
    outcome = ward.received(diagram())
    with ward.office.database.read() as connection:
        found = dossier_of_code(connection, ward.designer, f" {outcome.code} ")
        assert found == outcome.dossier_id
        run = outcome.opened[0].step_run_id
        assert dossier_of_step(connection, ward.designer, run) == outcome.dossier_id
        for code in ("khong-co", "", "\x00", "\ud800"):
            with pytest.raises(NoSuchDossier):
                dossier_of_code(connection, ward.designer, code)


def test_one_reading_sees_one_state_however_many_statements_it_takes(ward):
    """Another officer completes the step while the page of the dossier is being put together."""
    outcome = ward.received(diagram(), 2026, 3, 2, 8, 0, components=(Brought("DON"),))
    officer = ward.holder(*OFFICER)
    with ward.office.database.read() as connection:
        before = dossier_file(ward.office, connection, officer, outcome.dossier_id)
        complete_step(ward.office, officer, outcome.opened[0].step_run_id)
        after = dossier_file(ward.office, connection, officer, outcome.dossier_id)
    assert after.row.version == before.row.version
    assert [run.state for run in after.steps] == ["open"]
    assert ward.file(outcome).row.version == 2
