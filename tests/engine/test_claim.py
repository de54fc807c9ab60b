"""Taking a step up, giving it back, handing it over: everybody sees who has it, and time tells."""

import pytest

from engine.dossiers.claim import claim, hand_over, release
from engine.dossiers.complete_step import complete_step
from engine.dossiers.pauses import suspend
from engine.dossiers.refusals import (
    AlreadyEnded,
    DossierPaused,
    HeldByOther,
    NoSuchStep,
    NotYours,
    ReasonNeeded,
)
from processes.errors import NotFound
from tests.engine.drawing import CHIEF, CLERK, OFFICER, draw, end, start, step
from tests.engine.offices import datetime_of, stranger

HOUR = 3600


@pytest.fixture
def work(sqlite_ward):
    """A dossier received at 8:00, with its first step open; two officers and their chief."""
    diagram = draw(start(), step("A"), step("B"), end(), flows=("S A", "A B", "B E"))
    outcome = sqlite_ward.received(diagram, 2026, 3, 2, 8, 0)
    an, binh, *_ = sqlite_ward.holders(*OFFICER)
    return sqlite_ward, outcome, outcome.opened[0].step_run_id, an, binh


def chief(ward):
    return ward.holder(*CHIEF)


# Claiming


def test_claiming_ends_the_waiting_and_begins_the_handling(work):
    ward, outcome, run, an, _ = work
    ward.at(2026, 3, 2, 9, 0)
    claim(ward.office, an, run)
    found = ward.run(outcome, "A")
    assert (found.holder_id, found.started_at) == (an.account_id, datetime_of(2026, 3, 2, 9, 0))
    ward.at(2026, 3, 2, 9, 30)
    complete_step(ward.office, an, run)
    found = ward.run(outcome, "A")
    assert (found.waiting_ws, found.handling_ws) == (1 * HOUR, 0.5 * HOUR)
    assert ward.events(outcome) == ["dossier.received", "step.claimed", "step.completed"]


def test_who_completes_without_claiming_took_the_step_up_only_then(work):
    ward, outcome, run, an, _ = work
    ward.at(2026, 3, 2, 9, 30)
    complete_step(ward.office, an, run)
    found = ward.run(outcome, "A")
    assert (found.waiting_ws, found.handling_ws) == (1.5 * HOUR, 0)
    assert found.started_at == datetime_of(2026, 3, 2, 9, 30)


def test_claiming_one_s_own_step_again_changes_nothing(work):
    ward, outcome, run, an, _ = work
    first = claim(ward.office, an, run)
    ward.at(2026, 3, 2, 9, 0)
    assert claim(ward.office, an, run) == first
    assert ward.events(outcome) == ["dossier.received", "step.claimed"]
    assert ward.run(outcome, "A").started_at == datetime_of(2026, 3, 2, 8, 0)


def test_a_claimed_step_is_the_holder_s_alone(work):
    ward, _, run, an, binh = work
    claim(ward.office, an, run)
    for act in (claim, complete_step):
        with pytest.raises(HeldByOther) as refused:
            act(ward.office, binh, run)
        assert an.name in refused.value.message("vi")


def test_only_holders_of_the_position_in_the_unit_claim(work):
    ward, _, run, _, _ = work
    for other in (ward.holder(*CLERK), chief(ward), ward.actors["diachinh1"]):
        with pytest.raises(NotYours):
            claim(ward.office, other, run)


def test_another_agency_finds_no_step(work):
    ward, _, run, an, _ = work
    for act in (claim, release):
        with pytest.raises(NoSuchStep):
            act(ward.office, stranger(an), run)


def test_an_ended_step_is_not_claimed_and_it_is_told_who_ended_it(work):
    ward, _, run, an, binh = work
    complete_step(ward.office, an, run)
    with pytest.raises(AlreadyEnded) as refused:
        claim(ward.office, binh, run)
    assert an.name in refused.value.message("vi")
    assert "08:00 02/03/2026" in refused.value.message("vi")


def test_a_step_of_a_suspended_dossier_is_not_claimed(work):
    ward, _, run, an, binh = work
    suspend(ward.office, an, run, "Chờ kết luận thanh tra", "Luật Thanh tra")
    with pytest.raises(DossierPaused):
        claim(ward.office, binh, run)


# Giving back


def test_a_released_step_waits_for_everyone_again(work):
    ward, outcome, run, an, binh = work
    claim(ward.office, an, run)
    release(ward.office, an, run)
    assert ward.run(outcome, "A").holder_id is None
    claim(ward.office, binh, run)
    assert ward.run(outcome, "A").holder_id == binh.account_id
    assert ward.events(outcome)[1:] == ["step.claimed", "step.released", "step.claimed"]


def test_a_head_may_release_what_somebody_else_holds_and_a_colleague_may_not(work):
    ward, outcome, run, an, binh = work
    claim(ward.office, an, run)
    with pytest.raises(HeldByOther):
        release(ward.office, binh, run)
    release(ward.office, chief(ward), run)
    assert ward.run(outcome, "A").holder_id is None


def test_giving_back_what_nobody_holds_changes_nothing(work):
    ward, outcome, run, an, _ = work
    release(ward.office, an, run)
    assert ward.events(outcome) == ["dossier.received"]
    with pytest.raises(NotYours):
        release(ward.office, ward.holder(*CLERK), run)


# Handing over


def test_the_holder_hands_a_step_over_with_a_reason(work):
    ward, outcome, run, an, binh = work
    claim(ward.office, an, run)
    hand_over(ward.office, an, run, binh, "Nghỉ phép từ mai")
    assert ward.run(outcome, "A").holder_id == binh.account_id
    with pytest.raises(HeldByOther):
        complete_step(ward.office, an, run)
    complete_step(ward.office, binh, run)
    assert ward.events(outcome)[1:] == ["step.claimed", "step.handed_over", "step.completed"]


def test_a_head_assigns_a_step_that_nobody_has_and_its_holder_takes_it_up_later(work):
    """Handing over is no handling: it waits on the colleague's desk until they take it up."""
    ward, outcome, run, _, binh = work
    hand_over(ward.office, chief(ward), run, binh, "Giao việc đầu tuần")
    assert ward.run(outcome, "A").started_at is None
    ward.at(2026, 3, 2, 9, 0)
    claim(ward.office, binh, run)
    ward.at(2026, 3, 2, 9, 30)
    complete_step(ward.office, binh, run)
    found = ward.run(outcome, "A")
    assert (found.waiting_ws, found.handling_ws) == (1 * HOUR, 0.5 * HOUR)


def test_a_step_is_handed_over_only_to_who_may_do_it(work):
    ward, outcome, run, an, binh = work
    with pytest.raises(NotYours):
        hand_over(ward.office, an, run, ward.holder(*CLERK), "Nghỉ phép từ mai")
    for nobody in (None, stranger(binh)):
        with pytest.raises(NotFound):
            hand_over(ward.office, an, run, nobody, "Nghỉ phép từ mai")
    with pytest.raises(ReasonNeeded):
        hand_over(ward.office, an, run, binh, " ")
    with pytest.raises(NotYours):
        hand_over(ward.office, ward.holder(*CLERK), run, binh, "Nghỉ phép từ mai")
    claim(ward.office, an, run)
    with pytest.raises(HeldByOther):
        hand_over(ward.office, binh, run, binh, "Để tôi làm cho")
    assert ward.run(outcome, "A").holder_id == an.account_id


def test_each_act_is_done_once_per_key(work):
    ward, outcome, run, an, binh = work
    claimed = claim(ward.office, an, run, key="1")
    handed = hand_over(ward.office, an, run, binh, "Nghỉ phép từ mai", key="2")
    released = release(ward.office, binh, run, key="3")
    assert claim(ward.office, an, run, key="1") == claimed
    assert hand_over(ward.office, an, run, binh, "Nghỉ phép từ mai", key="2") == handed
    assert release(ward.office, binh, run, key="3") == released
    assert len(ward.events(outcome)) == 4
