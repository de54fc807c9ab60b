"""Extension: a new due time, once, by a head, with the apology's reason; the old promise is kept."""

import pytest

from engine.dossiers.complete_step import LateReason, complete_step
from engine.dossiers.extend import NothingToExtend, extend
from engine.dossiers.pauses import suspend
from engine.dossiers.refusals import DossierClosed, DossierPaused, ReasonNeeded
from engine.legal_clock.refusals import DueOutsideHours, ExtensionNotLater, SecondExtension
from processes.errors import NotAllowed
from tests.engine.drawing import OFFICER, draw, end, start, step
from tests.engine.offices import datetime_of

WHY = "Hồ sơ phức tạp, xin lỗi ông bà và hẹn lại"
NEW = datetime_of(2026, 3, 12, 10, 0)


def diagram(**stated):
    return draw(
        start(), *(step("A"), step("B", status="9"), end()), flows=("S A", "A B", "B E"), **stated
    )


@pytest.fixture
def work(sqlite_ward):
    outcome = sqlite_ward.received(diagram(), 2026, 3, 2, 9, 0)
    return sqlite_ward, outcome, sqlite_ward.head


def test_an_extended_dossier_has_a_new_due_time_and_keeps_the_first_promise(ward):
    outcome = ward.received(diagram(), 2026, 3, 2, 9, 0)
    ward.at(2026, 3, 6, 9, 0)
    extended = extend(ward.office, ward.head, outcome.dossier_id, NEW, WHY)
    assert extended.due_at == NEW
    row = ward.file(outcome).row
    assert (row.original_due_at, row.due_at, row.extensions) == (
        datetime_of(2026, 3, 9, 9, 0),
        NEW,
        1,
    )
    assert ward.events(outcome)[-1] == "dossier.extended"
    ward.at(2026, 3, 12, 9, 0)
    late = datetime_of(2026, 3, 2, 11, 0)
    assert ward.run(outcome, "A").due_at == late  # the step's own limit is another matter


def test_on_time_is_judged_by_the_extended_due_time(ward):
    outcome = ward.received(diagram(), 2026, 3, 2, 9, 0)
    extend(ward.office, ward.head, outcome.dossier_id, NEW, WHY)
    ward.at(2026, 3, 12, 10, 0)
    reason = LateReason("complex", "Cần xác minh thêm")
    run = outcome.opened[0].step_run_id
    complete_step(ward.office, ward.holder(*OFFICER), run, late=reason)
    assert ward.file(outcome).row.result == "on_time"


def test_a_second_extension_is_refused(work):
    """NĐ 61/2018 art. 19.9: a new date at most once."""
    ward, outcome, head = work
    extend(ward.office, head, outcome.dossier_id, NEW, WHY)
    with pytest.raises(SecondExtension):
        extend(ward.office, head, outcome.dossier_id, datetime_of(2026, 3, 20, 10, 0), WHY)
    assert ward.file(outcome).row.extensions == 1


def test_a_version_may_allow_none(sqlite_ward):
    outcome = sqlite_ward.received(diagram(head='<qt:extension atMost="0"/>'), 2026, 3, 2, 9, 0)
    with pytest.raises(SecondExtension):
        extend(sqlite_ward.office, sqlite_ward.head, outcome.dossier_id, NEW, WHY)


def test_only_a_head_extends_and_says_why(work):
    ward, outcome, head = work
    with pytest.raises(NotAllowed) as refused:
        extend(ward.office, ward.holder(*OFFICER), outcome.dossier_id, NEW, WHY)
    assert "head" in refused.value.message("vi")
    with pytest.raises(ReasonNeeded):
        extend(ward.office, head, outcome.dossier_id, NEW, "")


@pytest.mark.parametrize(
    ("to", "refusal"),
    [
        ((2026, 3, 9, 9, 0), ExtensionNotLater),
        ((2026, 3, 5, 9, 0), ExtensionNotLater),
        ((2026, 3, 12, 12, 0), DueOutsideHours),
        ((2026, 3, 14, 9, 0), DueOutsideHours),  # a Saturday
    ],
)
def test_the_new_due_time_is_later_and_in_office_hours(work, to, refusal):
    ward, outcome, head = work
    with pytest.raises(refusal):
        extend(ward.office, head, outcome.dossier_id, datetime_of(*to), WHY)


def test_what_stands_or_has_ended_is_not_extended(work):
    ward, outcome, head = work
    officer, run = ward.holder(*OFFICER), outcome.opened[0].step_run_id
    suspend(ward.office, officer, run, "Bão số 3, trụ sở đóng cửa", "BLDS, Điều 156")
    with pytest.raises(DossierPaused):
        extend(ward.office, head, outcome.dossier_id, NEW, WHY)


def test_after_handling_there_is_nothing_to_extend(work):
    ward, outcome, head = work
    officer, run = ward.holder(*OFFICER), outcome.opened[0].step_run_id
    last = complete_step(ward.office, officer, run).opened[0].step_run_id
    with pytest.raises(NothingToExtend):
        extend(ward.office, head, outcome.dossier_id, NEW, WHY)
    complete_step(ward.office, officer, last)
    with pytest.raises(DossierClosed):
        extend(ward.office, head, outcome.dossier_id, NEW, WHY)


def test_while_others_are_waited_for_no_limit_runs_that_could_be_extended(sqlite_ward):
    waiting = draw(start(), step("A", clock="tax"), end(), flows=("S A", "A E"))
    outcome = sqlite_ward.received(waiting, 2026, 3, 2, 9, 0)
    with pytest.raises(NothingToExtend):
        extend(sqlite_ward.office, sqlite_ward.head, outcome.dossier_id, NEW, WHY)


def test_it_is_done_once_per_key(work):
    ward, outcome, head = work
    first = extend(ward.office, head, outcome.dossier_id, NEW, WHY, key="1")
    assert extend(ward.office, head, outcome.dossier_id, NEW, WHY, key="1") == first
