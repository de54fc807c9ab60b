"""Completing a step is enforced: the right person, the papers, the entries, the reason when late."""

import threading

import pytest

from engine.dossiers.claim import claim
from engine.dossiers.complete_step import LateReason, complete_step
from engine.dossiers.components import Brought
from engine.dossiers.end_early import withdraw
from engine.dossiers.late_cause import LateCause
from engine.dossiers.pauses import suspend
from engine.dossiers.refusals import (
    AlreadyEnded,
    ComponentsMissing,
    DossierPaused,
    HeldByOther,
    KeyReused,
    LateReasonNeeded,
    NoSuchStep,
    NotYours,
    ReasonNeeded,
    SameHands,
    UnknownCause,
)
from engine.runtime.instance import NoWayOn
from engine.store.tables import dossier_component, idempotency
from processes.data_entry import MissingField, UnknownField, WrongType
from processes.feel.errors import ConditionNotBoolean
from tests.engine.drawing import (
    CHIEF,
    CLERK,
    OFFICER,
    component,
    draw,
    end,
    field,
    gateway,
    needs,
    start,
    step,
)
from tests.engine.offices import datetime_of, stranger

SICK = LateReason("absence", "Cán bộ nghỉ ốm ba ngày")


def two_steps(*inner, **stated):
    return draw(start(), step("A", *inner, **stated), step("B"), end(), flows=("S A", "A B", "B E"))


def received(ward, diagram, *when, **stated):
    outcome = ward.received(diagram, *(when or (2026, 3, 2, 8, 0)), **stated)
    return outcome, outcome.opened[0].step_run_id, ward.holder(*OFFICER)


# On the way


def test_a_completed_step_moves_the_dossier_on(ward):
    outcome, run, officer = received(ward, two_steps())
    ward.at(2026, 3, 2, 9, 0)
    done = complete_step(ward.office, officer, run)
    assert [opened.element_id for opened in done.opened] == ["B"]
    assert done.version == outcome.version + 1
    file = ward.file(outcome)
    assert [(r.element_id, r.state, r.completed_by) for r in file.steps] == [
        ("A", "completed", officer.account_id),
        ("B", "open", None),
    ]
    finished = complete_step(ward.office, officer, done.opened[0].step_run_id)
    assert (finished.state, finished.outcome, finished.national_status) == (
        "returned",
        "done",
        "10",
    )
    assert ward.file(outcome).row.finished_at == datetime_of(2026, 3, 2, 9, 0)


def test_it_makes_no_difference_whether_the_dossier_was_in_memory(ward):
    outcome, run, officer = received(ward, two_steps(field("n", "number")))
    ward.forget()
    done = complete_step(ward.office, officer, run, {"n": "1,5"})
    ward.forget()
    complete_step(ward.office, officer, done.opened[0].step_run_id)
    assert ward.file(outcome).row.state == "returned"
    assert str(ward.file(outcome).data["n"]) == "1.5"


# Papers


PAPERS = (
    component("DON", "original 1")
    + component("BAN_VE", "certified_copy 2", "plain_copy 1")
    + component("UY_QUYEN", when="uy_quyen = true", required="when")
    + component("ANH")
    + '<qt:componentGroup code="G" name="Giấy tờ về sinh" rule="one_of"/>'
    + component("CHUNG_SINH", group="G")
    + component("CAM_DOAN", group="G")
    + field("uy_quyen", "boolean", default="false")
)


def papers():
    return draw(
        start(),
        step("A", needs("DON", "BAN_VE", "UY_QUYEN", "CAM_DOAN")),
        end(),
        flows=("S A", "A E"),
        head=PAPERS,
    )


def test_a_step_is_not_completed_without_its_papers_and_all_that_lack_are_named(ward):
    outcome, run, officer = received(ward, papers(), data={"uy_quyen": True})
    with pytest.raises(ComponentsMissing) as refused:
        complete_step(ward.office, officer, run)
    assert refused.value.message("vi") == (
        "Chưa hoàn thành được “Bước A”. Thiếu: 1 bản chính Giấy DON; 2 bản sao chứng thực Giấy "
        "BAN_VE; 1 bản sao Giấy BAN_VE; 1 bản Giấy UY_QUYEN; một trong các giấy tờ sau: (1) Giấy "
        "CHUNG_SINH, (2) Giấy CAM_DOAN. Thêm vào hồ sơ hoặc yêu cầu bổ sung."
    )
    assert refused.value.facts["codes"] == [
        ["DON"],
        ["BAN_VE"],
        ["BAN_VE"],
        ["UY_QUYEN"],
        ["CHUNG_SINH", "CAM_DOAN"],
    ]
    assert ward.events(outcome) == ["dossier.received"]


def test_papers_in_the_wrong_form_or_number_do_not_do(sqlite_ward):
    brought = (
        Brought("DON", "plain_copy", 3),
        Brought("BAN_VE", "certified_copy", 1),
        Brought("BAN_VE", "plain_copy", 1),
        Brought("CHUNG_SINH", "plain_copy", 1),
    )
    _, run, officer = received(sqlite_ward, papers(), components=brought)
    with pytest.raises(ComponentsMissing) as refused:
        complete_step(sqlite_ward.office, officer, run)
    assert refused.value.facts["missing_vi"] == (
        "1 bản chính Giấy DON; 1 bản sao chứng thực Giấy BAN_VE"
    )


def test_with_its_papers_a_step_is_completed(sqlite_ward):
    brought = (
        Brought("DON"),
        Brought("BAN_VE", "certified_copy", 2),
        Brought("BAN_VE", "plain_copy", 1),
        Brought("CHUNG_SINH", "plain_copy", 1),
    )
    _, run, officer = received(sqlite_ward, papers(), components=brought)
    assert complete_step(sqlite_ward.office, officer, run).state == "returned"


def test_what_is_entered_at_the_step_itself_decides_which_papers_it_needs(sqlite_ward):
    head = component("UY_QUYEN", when="uy_quyen = true", required="when")
    diagram = draw(
        start(),
        step("A", needs("UY_QUYEN"), field("uy_quyen", "boolean", default="false")),
        end(),
        flows=("S A", "A E"),
        head=head,
    )
    _, run, officer = received(sqlite_ward, diagram)
    with pytest.raises(ComponentsMissing):
        complete_step(sqlite_ward.office, officer, run, {"uy_quyen": True})
    assert complete_step(sqlite_ward.office, officer, run, {"uy_quyen": False}).state == "returned"


def test_what_a_step_produces_is_in_the_dossier_and_serves_a_later_step(sqlite_ward):
    diagram = draw(
        start(),
        step("A", '<qt:produces code="TT" name="Tờ trình"/>'),
        step("B", needs("TT"), '<qt:produces code="TT" name="Tờ trình"/>'),
        end(),
        flows=("S A", "A B", "B E"),
        head=component("TT", "original 1"),
    )
    outcome, run, officer = received(sqlite_ward, diagram)
    second = complete_step(sqlite_ward.office, officer, run).opened[0].step_run_id
    complete_step(sqlite_ward.office, officer, second)
    assert sqlite_ward.file(outcome).present == {"TT": {"produced": 1}}
    (row,) = sqlite_ward.stored(dossier_component)
    assert (row.name, row.added_by) == ("Tờ trình", officer.account_id)


# People


def test_the_wrong_person_and_another_unit_are_refused(sqlite_ward):
    _, run, officer = received(sqlite_ward, two_steps())
    other_unit = sqlite_ward.actors["diachinh1"]  # the same position elsewhere
    for other in (sqlite_ward.holder(*CLERK), sqlite_ward.holder(*CHIEF), other_unit):
        with pytest.raises(NotYours) as refused:
            complete_step(sqlite_ward.office, other, run)
        assert "chuyen_vien" in refused.value.message("vi")
    with pytest.raises(NoSuchStep):
        complete_step(sqlite_ward.office, stranger(officer), run)


def test_a_lane_without_a_unit_is_done_in_any_unit(sqlite_ward):
    diagram = draw(
        start(),
        step("A", lane=("chuyen_vien", None)),
        step("B", lane=("chuyen_vien", None)),
        end(),
        flows=("S A", "A B", "B E"),
    )
    outcome = sqlite_ward.received(diagram, 2026, 3, 2, 8, 0)
    one, other = sqlite_ward.actors["diachinh1"], sqlite_ward.actors["vanphong2"]
    second = complete_step(sqlite_ward.office, one, outcome.opened[0].step_run_id).opened[0]
    assert complete_step(sqlite_ward.office, other, second.step_run_id).state == "returned"


def test_what_a_colleague_holds_is_refused(sqlite_ward):
    _, run, _ = received(sqlite_ward, two_steps())
    an, binh, *_ = sqlite_ward.holders(*OFFICER)
    claim(sqlite_ward.office, an, run)
    with pytest.raises(HeldByOther):
        complete_step(sqlite_ward.office, binh, run)


def test_a_step_is_completed_once(sqlite_ward):
    outcome, run, officer = received(sqlite_ward, two_steps())
    complete_step(sqlite_ward.office, officer, run)
    with pytest.raises(AlreadyEnded) as refused:
        complete_step(sqlite_ward.office, officer, run)
    assert officer.name in refused.value.message("vi")
    assert sqlite_ward.file(outcome).row.version == 2


def test_who_prepared_may_not_approve_even_after_a_return(sqlite_ward):
    diagram = draw(
        start(),
        step("A"),
        step("B", field("lai", "boolean", default="false"), notSameAs="A"),
        gateway("exclusive", "X", default="E"),
        end(),
        flows=("S A", "A B", "B X", "X A: lai = true", "X E"),
    )
    _, run, _ = received(sqlite_ward, diagram)
    an, binh, chau, *_ = sqlite_ward.holders(*OFFICER)
    second = complete_step(sqlite_ward.office, an, run).opened[0].step_run_id
    with pytest.raises(SameHands) as refused:
        complete_step(sqlite_ward.office, an, second)
    assert "Bước A" in refused.value.message("vi")
    again = complete_step(sqlite_ward.office, binh, second, {"lai": True}).opened[0].step_run_id
    third = complete_step(sqlite_ward.office, binh, again).opened[0].step_run_id
    for prepared in (an, binh):  # both have prepared by now
        with pytest.raises(SameHands):
            complete_step(sqlite_ward.office, prepared, third)
    assert complete_step(sqlite_ward.office, chau, third).state == "returned"


def test_a_paused_or_ended_dossier_moves_no_further(sqlite_ward):
    outcome, run, officer = received(sqlite_ward, two_steps())
    suspend(sqlite_ward.office, officer, run, "Chờ kết luận thanh tra", "Luật Thanh tra")
    with pytest.raises(DossierPaused):
        complete_step(sqlite_ward.office, officer, run)
    withdraw(sqlite_ward.office, officer, outcome.dossier_id, "Người nộp xin rút")
    with pytest.raises(AlreadyEnded):
        complete_step(sqlite_ward.office, officer, run)


# Entries


ENTRIES = (
    field("ket_qua", "choice", "dat", "khong_dat", required="true"),
    field("dien_tich", "number"),
    field("ngay", "date"),
    field("gap", "boolean"),
    field("y_kien"),
)


@pytest.mark.parametrize(
    ("data", "refusal"),
    [
        ({}, MissingField),
        ({"ket_qua": "dat", "khac": "1"}, UnknownField),
        ({"ket_qua": "hoi_lai"}, WrongType),
        ({"ket_qua": "dat", "dien_tich": "mười"}, WrongType),
        ({"ket_qua": "dat", "dien_tich": float("nan")}, WrongType),
        ({"ket_qua": "dat", "dien_tich": 10**300}, WrongType),
        ({"ket_qua": "dat", "ngay": "31/02/2026"}, WrongType),
        ({"ket_qua": "dat", "gap": "có lẽ"}, WrongType),
        ({"ket_qua": "dat", "y_kien": ["một"]}, WrongType),
        ({"ket_qua": "dat", "y_kien": "\x00"}, WrongType),
        ({"ket_qua": "dat", "y_kien": "\ud800"}, WrongType),
    ],
)
def test_entries_that_the_form_does_not_know_are_refused(ward, data, refusal):
    outcome, run, officer = received(ward, two_steps(*ENTRIES))
    with pytest.raises(refusal):
        complete_step(ward.office, officer, run, data, key="k")
    assert ward.events(outcome) == ["dossier.received"]


def test_entries_come_back_exactly(ward):
    outcome, run, officer = received(ward, two_steps(*ENTRIES))
    entered = {
        "ket_qua": "dat",
        "dien_tich": "120,50",
        "ngay": "05/03/2026",
        "gap": "true",
        "y_kien": " Đồng ý ",
    }
    complete_step(ward.office, officer, run, entered)
    data = ward.file(outcome).data
    assert {code: str(value) for code, value in data.items()} == {
        "ket_qua": "dat",
        "dien_tich": "120.50",
        "ngay": "2026-03-05",
        "gap": "True",
        "y_kien": "Đồng ý",
    }


def test_where_the_diagram_cannot_go_on_nothing_is_changed(ward):
    diagram = draw(
        start(),
        step("A", field("n", "number")),
        gateway("exclusive", "X"),
        *(step("B"), step("C"), end()),
        flows=("S A", "A X", "X B: n > 5", "X C: n < 3", "B E", "C E"),
    )
    outcome, run, officer = received(ward, diagram)
    for data, refusal in (({}, ConditionNotBoolean), ({"n": 4}, NoWayOn)):
        with pytest.raises(refusal):
            complete_step(ward.office, officer, run, data)
        assert ward.events(outcome) == ["dossier.received"]
        assert [r.state for r in ward.file(outcome).steps] == ["open"]
    done = complete_step(ward.office, officer, run, {"n": 7})  # memory was not ahead
    assert [opened.element_id for opened in done.opened] == ["B"]


# Late


def test_a_late_step_needs_a_cause_and_words(sqlite_ward):
    outcome, run, officer = received(sqlite_ward, two_steps(limit="2 working_hour"))
    sqlite_ward.at(2026, 3, 2, 13, 30)
    with pytest.raises(LateReasonNeeded) as refused:
        complete_step(sqlite_ward.office, officer, run)
    assert "10:00 02/03/2026" in refused.value.message("vi")
    with pytest.raises(UnknownCause) as unknown:
        complete_step(sqlite_ward.office, officer, run, late=LateReason("vi_muon", "Vì muộn quá"))
    assert all(cause.value in unknown.value.message("vi") for cause in LateCause)
    with pytest.raises(ReasonNeeded):
        complete_step(sqlite_ward.office, officer, run, late=LateReason("absence", "ốm"))
    complete_step(sqlite_ward.office, officer, run, late=SICK)
    found = sqlite_ward.run(outcome, "A")
    assert (found.result, found.late_cause, found.reason) == ("late", "absence", SICK.words)
    assert found.late_ws == 2 * 3600  # 10:00-11:30 and 13:00-13:30


def test_at_the_very_minute_a_step_is_on_time(sqlite_ward):
    outcome, run, officer = received(sqlite_ward, two_steps(limit="2 working_hour"))
    sqlite_ward.at(2026, 3, 2, 10, 0)
    complete_step(sqlite_ward.office, officer, run, late=SICK)
    found = sqlite_ward.run(outcome, "A")
    assert (found.result, found.late_ws) == ("on_time", 0)
    assert (found.late_cause, found.reason) == (None, None)  # nothing was late


def test_a_step_handed_over_after_its_cutoff_begins_next_morning(sqlite_ward):
    """NĐ 61/2018 art. 18.2: what is handed over from 15:00 on."""
    diagram = draw(start(), step("A", limit="2 working_hour 15:00"), end(), flows=("S A", "A E"))
    outcome = sqlite_ward.received(diagram, 2026, 3, 2, 15, 0)
    assert outcome.opened[0].due_at == datetime_of(2026, 3, 3, 9, 30)


def test_a_step_without_time_is_never_late(sqlite_ward):
    outcome, run, officer = received(sqlite_ward, two_steps(limit="0 working_day"))
    assert outcome.opened[0].due_at is None
    sqlite_ward.at(2026, 6, 2, 8, 0)
    complete_step(sqlite_ward.office, officer, run)
    assert sqlite_ward.run(outcome, "A").result is None


# Once per key


def test_the_same_key_gives_the_same_answer_and_the_step_is_completed_once(ward):
    outcome, run, officer = received(ward, two_steps(*ENTRIES))
    data = {"ket_qua": "dat", "dien_tich": 10**30}
    first = complete_step(ward.office, officer, run, data, key="k")
    ward.at(2026, 4, 2, 8, 0)
    ward.forget()
    assert complete_step(ward.office, officer, run, data, key="k") == first
    assert ward.file(outcome).row.version == 2


@pytest.mark.parametrize("change", ["data", "late", "step", "act"])
def test_the_same_key_for_something_else_is_refused(sqlite_ward, change):
    outcome, run, officer = received(sqlite_ward, two_steps(*ENTRIES))
    data = {"ket_qua": "dat"}
    second = complete_step(sqlite_ward.office, officer, run, data, key="k").opened[0].step_run_id
    acts = {
        "data": lambda: complete_step(sqlite_ward.office, officer, run, {"ket_qua": "x"}, key="k"),
        "late": lambda: complete_step(sqlite_ward.office, officer, run, data, SICK, key="k"),
        "step": lambda: complete_step(sqlite_ward.office, officer, second, data, key="k"),
        "act": lambda: claim(sqlite_ward.office, officer, second, key="k"),
    }
    with pytest.raises(KeyReused):
        acts[change]()
    assert sqlite_ward.file(outcome).row.version == 2


def test_a_refused_request_keeps_no_key(sqlite_ward):
    _, run, officer = received(sqlite_ward, two_steps(*ENTRIES))
    with pytest.raises(MissingField):
        complete_step(sqlite_ward.office, officer, run, key="k")
    assert sqlite_ward.stored(idempotency) == []
    complete_step(sqlite_ward.office, officer, run, {"ket_qua": "dat"}, key="k")


def test_two_clicks_at_once_with_one_key_get_one_answer(ward):
    _, run, officer = received(ward, two_steps())
    answers = []
    together = threading.Barrier(2)

    def click() -> None:
        together.wait()
        answers.append(complete_step(ward.office, officer, run, key="k"))

    threads = [threading.Thread(target=click) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 2
    assert answers[0] == answers[1]
