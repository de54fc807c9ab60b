"""Papers are brought in by who handles the dossier, and waived by a head only."""

import pytest

from engine.dossiers.complete_step import complete_step
from engine.dossiers.components import Brought, record_components, waive_component
from engine.dossiers.refusals import (
    ComponentsMissing,
    DossierClosed,
    InvalidCopies,
    NoSuchComponent,
    NoSuchDossier,
    NotYours,
    ReasonNeeded,
)
from engine.store.tables import dossier_component
from processes.errors import NotAllowed
from tests.engine.drawing import CHIEF, CLERK, OFFICER, component, draw, end, needs, start, step
from tests.engine.offices import stranger

WHY = "Đã có trong cơ sở dữ liệu dân cư"


@pytest.fixture
def work(sqlite_ward):
    return begin(sqlite_ward)


def begin(ward):
    diagram = draw(
        start(),
        step("A", needs("DON", "ANH")),
        end(),
        flows=("S A", "A E"),
        head=component("DON", "original 1") + component("ANH"),
    )
    outcome = ward.received(diagram, 2026, 3, 2, 8, 0)
    return ward, outcome, ward.holder(*OFFICER)


def record(ward, actor, outcome, *brought, **options):
    return record_components(ward.office, actor, outcome.dossier_id, brought, **options)


def test_what_is_recorded_is_present_until_it_is_taken_out(ward):
    _, outcome, officer = begin(ward)
    record(ward, officer, outcome, Brought("DON"), Brought("ANH", "plain_copy", 4))
    assert ward.file(outcome).present == {"DON": {"original": 1}, "ANH": {"plain_copy": 4}}
    record(ward, officer, outcome, Brought("ANH", "plain_copy", 0), Brought("DON", "original", 2))
    assert ward.file(outcome).present == {"DON": {"original": 2}}
    assert ward.events(outcome)[1:] == ["components.recorded"] * 2


def test_the_page_and_the_engine_say_the_same_of_what_lacks(work):
    ward, outcome, officer = work
    run = outcome.opened[0].step_run_id
    record(ward, officer, outcome, Brought("ANH", "plain_copy"))
    file = ward.file(outcome)
    lacking = file.lacking_for(file.open_steps[0])
    assert [missing.describe("vi") for missing in lacking] == ["1 bản chính Giấy DON"]
    with pytest.raises(ComponentsMissing) as refused:
        complete_step(ward.office, officer, run)
    assert refused.value.facts["missing_vi"] == "1 bản chính Giấy DON"
    record(ward, officer, outcome, Brought("DON"))
    file = ward.file(outcome)
    assert file.lacking_for(file.open_steps[0]) == ()
    complete_step(ward.office, officer, run)


def test_unknown_papers_and_impossible_copies_change_nothing(work):
    ward, outcome, officer = work
    for brought, refusal in (
        (Brought("GCN"), NoSuchComponent),
        (Brought("DON", "ban_chinh"), InvalidCopies),
        (Brought("DON", "waived"), InvalidCopies),
        (Brought("DON", number=-1), InvalidCopies),
    ):
        with pytest.raises(refusal):
            record(ward, officer, outcome, Brought("ANH"), brought)
    assert ward.stored(dossier_component) == []


def test_only_who_handles_the_dossier_records_papers(work):
    ward, outcome, officer = work
    with pytest.raises(NotYours):
        record(ward, ward.holder(*CLERK), outcome, Brought("DON"))
    with pytest.raises(NoSuchDossier):
        record(ward, stranger(officer), outcome, Brought("DON"))


def test_a_head_lets_the_dossier_go_without_a_paper_and_says_why(ward):
    _, outcome, officer = begin(ward)
    chief = ward.holder(*CHIEF)
    record(ward, officer, outcome, Brought("ANH"))
    waive_component(ward.office, chief, outcome.dossier_id, "DON", WHY)
    (row,) = ward.stored(dossier_component, component="DON")
    assert (row.form, row.reason, row.added_by) == ("waived", WHY, chief.account_id)
    assert ward.events(outcome)[-1] == "component.waived"
    assert complete_step(ward.office, officer, outcome.opened[0].step_run_id).state == "returned"


def test_nobody_but_a_head_waives(work):
    ward, outcome, officer = work
    for other in (officer, ward.holder(*CLERK), ward.designer):
        with pytest.raises(NotAllowed) as refused:
            waive_component(ward.office, other, outcome.dossier_id, "DON", WHY)
        assert "head" in refused.value.message("vi")
    with pytest.raises(ReasonNeeded):
        waive_component(ward.office, ward.holder(*CHIEF), outcome.dossier_id, "DON", "ừ")
    with pytest.raises(NoSuchComponent):
        waive_component(ward.office, ward.holder(*CHIEF), outcome.dossier_id, "GCN", WHY)


def test_waiving_twice_keeps_the_last_reason(work):
    ward, outcome, _ = work
    chief = ward.holder(*CHIEF)
    for reason in (WHY, "Theo kết luận của cuộc họp"):
        waive_component(ward.office, chief, outcome.dossier_id, "DON", reason)
    (row,) = ward.stored(dossier_component)
    assert row.reason == "Theo kết luận của cuộc họp"


def test_an_ended_dossier_takes_no_papers(work):
    ward, outcome, officer = work
    record(ward, officer, outcome, Brought("DON"), Brought("ANH"))
    complete_step(ward.office, officer, outcome.opened[0].step_run_id)
    with pytest.raises(DossierClosed):
        record(ward, officer, outcome, Brought("DON"))
    with pytest.raises(DossierClosed):
        waive_component(ward.office, ward.holder(*CHIEF), outcome.dossier_id, "DON", WHY)


def test_each_act_is_done_once_per_key(work):
    ward, outcome, officer = work
    chief = ward.holder(*CHIEF)
    one = record(ward, officer, outcome, Brought("DON"), key="1")
    two = waive_component(ward.office, chief, outcome.dossier_id, "ANH", WHY, key="1")
    assert record(ward, officer, outcome, Brought("DON"), key="1") == one
    assert waive_component(ward.office, chief, outcome.dossier_id, "ANH", WHY, key="1") == two
    assert len(ward.events(outcome)) == 3
