"""A step that several people do at once: each run is claimed, completed and counted for itself."""

import pytest

from engine.dossiers.claim import claim
from engine.dossiers.complete_step import complete_step
from engine.dossiers.refusals import AlreadyEnded, HeldByOther
from engine.worklist import worklist
from tests.conformance.cases.repetitions import many
from tests.engine.drawing import draw, end, field, start, step

THREE = draw(
    *(start(), step("A", marker=many(number="3")), step("B"), end()),
    flows=("S A", "A B", "B E"),
)


def open_runs(ward, outcome):
    return sorted(ward.file(outcome).open_steps, key=lambda run: run.token)


def test_each_instance_is_a_run_of_its_own_and_belongs_to_the_same_attempt(ward):
    outcome = ward.received(THREE)
    runs = open_runs(ward, outcome)
    assert [run.element_id for run in runs] == ["A", "A", "A"]
    assert len({run.step_run_id for run in runs}) == len({run.token for run in runs}) == 3
    assert {run.attempt for run in runs} == {1}
    assert all(run.due_at is not None for run in runs)


def test_claiming_one_instance_leaves_the_others_free(ward):
    outcome = ward.received(THREE)
    first, second, third = open_runs(ward, outcome)
    one, other = ward.holders(first.position, first.unit)[:2]
    claim(ward.office, one, first.step_run_id)
    claim(ward.office, other, second.step_run_id)
    with pytest.raises(HeldByOther):
        complete_step(ward.office, other, first.step_run_id)
    ward.forget()
    complete_step(ward.office, other, second.step_run_id)
    assert [run.token for run in open_runs(ward, outcome)] == [first.token, third.token]
    with pytest.raises(AlreadyEnded):
        complete_step(ward.office, one, second.step_run_id)


def test_the_dossier_goes_on_when_the_last_instance_is_done(ward):
    outcome = ward.received(THREE)
    for run in reversed(open_runs(ward, outcome)):
        assert ward.run(outcome, "A").element_id == "A"
        complete_step(ward.office, ward.holder(run.position, run.unit), run.step_run_id)
    assert [run.element_id for run in open_runs(ward, outcome)] == ["B"]
    states = [run.state for run in ward.file(outcome).steps if run.element_id == "A"]
    assert states == ["completed"] * 3


EACH = draw(
    *(start(), step("Q", field("ten", required="true"))),
    step("A", marker=many(of="split(ten, &quot;;&quot;)", item="nguoi")),
    *(step("B"), end()),
    flows=("S Q", "Q A", "A B", "B E"),
)


def which(runs):
    return [(run.instance, run.instances, run.item) for run in runs]


def test_each_run_says_which_of_how_many_it_is(ward):
    outcome = ward.received(THREE)
    assert which(open_runs(ward, outcome)) == [(1, 3, None), (2, 3, None), (3, 3, None)]


def test_each_run_says_for_what_it_is_and_the_inbox_too(ward):
    outcome = ward.received(EACH)
    run = ward.run(outcome, "Q")
    who = ward.holder(run.position, run.unit)
    assert which([run]) == [(None, None, None)]
    complete_step(ward.office, who, run.step_run_id, {"ten": "An;Bình"})
    assert which(open_runs(ward, outcome)) == [(1, 2, "An"), (2, 2, "Bình")]
    with ward.office.database.read() as connection:
        rows = worklist(connection, who)
    assert sorted(which(rows)) == [(1, 2, "An"), (2, 2, "Bình")]


def test_one_after_the_other_the_next_says_which_it_is(sqlite_ward):
    ward = sqlite_ward
    drawn = draw(
        *(start(), step("A", marker=many(number="3", sequential=True)), step("B"), end()),
        flows=("S A", "A B", "B E"),
    )
    outcome = ward.received(drawn)
    seen = []
    for _ in range(3):
        (run,) = open_runs(ward, outcome)
        seen += which([run])
        complete_step(ward.office, ward.holder(run.position, run.unit), run.step_run_id)
    assert seen == [(1, 3, None), (2, 3, None), (3, 3, None)]
