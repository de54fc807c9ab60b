"""A supplement is asked for once and in time; every clock stands until the applicant comes back."""

import pytest

from engine.dossiers.complete_step import complete_step
from engine.dossiers.components import Brought
from engine.dossiers.pauses import (
    SupplementRequest,
    receive_supplement,
    request_supplement,
    resume,
)
from engine.dossiers.refusals import (
    AlreadyEnded,
    AwaitsSupplement,
    DossierClosed,
    DossierPaused,
    InvalidCopies,
    NoSuchComponent,
    NothingToSupplement,
    NotPaused,
    NotYours,
    ReasonNeeded,
    SupplementSpent,
    SupplementTooLate,
)
from engine.dossiers.timeouts import let_time_pass
from engine.store.tables import pause
from tests.engine.drawing import CHIEF, CLERK, OFFICER, component, draw, end, gateway, start, step
from tests.engine.drawing import timer as timer_event
from tests.engine.offices import datetime_of

HOUR = 3600
PAPERS = component("DON", "original 1") + component("ANH")
WHY = "Đơn thiếu chữ ký"
DON = (Brought("DON"),)


def rule(policy="reset", within="", at_most=1):
    limit = f'<qt:limit amount="{within}" unit="working_day"/>' if within else ""
    return f'<qt:supplement policy="{policy}" atMost="{at_most}">{limit}</qt:supplement>' + PAPERS


def one_step(head, **stated):
    return draw(
        start(),
        step("A", **{"limit": "5 working_day", **stated}),
        end(),
        flows=("S A", "A E"),
        head=head,
    )


class Work:
    def __init__(self, ward, diagram, *when):
        self.ward = ward
        self.outcome = ward.received(diagram, *(when or (2026, 3, 2, 9, 0)))
        self.officer = ward.holder(*OFFICER)

    def ask(self, *when, element="A", codes=("DON",), why=WHY, actor=None, **options):
        if when:
            self.ward.at(*when)
        run = self.ward.run(self.outcome, element).step_run_id
        asked = SupplementRequest(codes, why, "NĐ 61/2018/NĐ-CP, Điều 19")
        return request_supplement(self.ward.office, actor or self.officer, run, asked, **options)

    def back(self, *when, brought=DON, actor=None, **options):
        if when:
            self.ward.at(*when)
        return receive_supplement(
            self.ward.office, actor or self.officer, self.outcome.dossier_id, brought, **options
        )

    def due(self, element):
        return self.ward.run(self.outcome, element).due_at

    @property
    def row(self):
        return self.ward.file(self.outcome).row


# What it does to time


@pytest.mark.parametrize(
    ("policy", "due"),
    [
        # V9 of the facts about the domain: 5 working days from Mon 02/03/2026 09:00; asked Wed
        # 04/03 10:00 with 17 hours used, complete Tue 10/03 14:00.
        ("pause", (2026, 3, 13, 11, 30)),
        ("continue", (2026, 3, 13, 11, 30)),
        ("reset", (2026, 3, 17, 14, 0)),  # NĐ 61/2018 art. 19.4
    ],
)
def test_the_clocks_of_dossier_and_step_go_on_as_the_version_says(ward, policy, due):
    work = Work(ward, one_step(rule(policy)))
    asked = work.ask(2026, 3, 4, 10, 0)
    assert (asked.state, asked.national_status, asked.due_at) == ("paused", "5", None)
    assert (work.row.due_at, work.due("A")) == (None, None)
    assert work.row.original_due_at == datetime_of(2026, 3, 9, 9, 0)
    ward.forget()
    back = work.back(2026, 3, 10, 14, 0)
    assert (back.state, back.national_status) == ("open", "4")
    assert back.due_at == work.row.due_at == work.due("A") == datetime_of(*due)
    assert work.row.original_due_at == datetime_of(2026, 3, 9, 9, 0)
    assert work.row.paused_ws == ward.run(work.outcome, "A").paused_ws == 34.5 * HOUR
    assert ward.events(work.outcome)[1:] == ["supplement.requested", "supplement.received"]


def test_waiting_handling_and_pause_make_up_the_time_that_passed(ward):
    work = Work(ward, one_step(rule("pause")))
    work.ask(2026, 3, 2, 10, 0)
    work.back(2026, 3, 2, 14, 0)  # 2.5 working hours later
    ward.at(2026, 3, 2, 15, 0)
    complete_step(ward.office, work.officer, ward.run(work.outcome, "A").step_run_id)
    run = ward.run(work.outcome, "A")
    assert (run.waiting_ws, run.handling_ws, run.paused_ws) == (2 * HOUR, 0, 2.5 * HOUR)
    elapsed = ward.calendar.elapsed(run.enabled_at, run.ended_at)
    assert run.waiting_ws + run.handling_ws + run.paused_ws == elapsed


def test_a_paused_step_is_not_late_and_does_not_escalate(ward):
    work = Work(ward, one_step(rule("continue"), limit="2 working_hour"))
    work.ask(2026, 3, 2, 10, 0)
    ward.at(2026, 3, 9, 9, 0)
    assert let_time_pass(ward.office) == 0
    work.back(2026, 3, 9, 9, 0)
    assert work.due("A") == datetime_of(2026, 3, 9, 10, 0)
    ward.at(2026, 3, 9, 10, 0)
    assert let_time_pass(ward.office) == 1


def branches(head, first=None, second=None, lane=CHIEF):
    return draw(
        start(),
        gateway("parallel", "F"),
        step("A", **{"limit": "2 working_day", **(first or {})}),
        step("B", lane=lane, **{"limit": "1 working_day", **(second or {})}),
        gateway("parallel", "J"),
        end(),
        flows=("S F", "F A", "F B", "A J", "B J", "J E"),
        head=head,
    )


def test_while_the_dossier_stands_the_other_branch_stands_too(ward):
    work = Work(ward, branches(rule("pause")))
    work.ask(2026, 3, 2, 10, 0)
    assert work.due("B") is None
    chief = ward.holder(*CHIEF)
    with pytest.raises(DossierPaused):
        complete_step(ward.office, chief, ward.run(work.outcome, "B").step_run_id)
    work.back(2026, 3, 3, 10, 0)
    assert work.due("B") == datetime_of(2026, 3, 4, 9, 0)  # its 8 hours, one of them used
    complete_step(ward.office, chief, ward.run(work.outcome, "B").step_run_id)
    assert ward.run(work.outcome, "B").paused_ws == 8 * HOUR


def test_timers_in_working_time_stand_with_the_dossier_and_those_by_the_wall_do_not(ward):
    diagram = draw(
        start(),
        step("A", limit="3 working_day"),
        timer_event("W", limit="1 working_day", on="A", interrupting=False),
        timer_event("V", after="PT24H", on="A", interrupting=False),
        *(step(name, limit="2 working_day") for name in ("B", "C")),
        *(end(), end("E2"), end("E3")),
        flows=("S A", "A E", "W B", "B E2", "V C", "C E3"),
        head=rule("continue"),
    )
    work = Work(ward, diagram)
    work.ask(2026, 3, 2, 10, 0)  # one working hour of W is used
    ward.at(2026, 3, 4, 9, 0)
    assert let_time_pass(ward.office) == 0  # V is due, but nobody may work on it now
    work.back(2026, 3, 4, 9, 0)
    assert let_time_pass(ward.office) == 1
    assert [r.element_id for r in ward.file(work.outcome).open_steps] == ["A", "C"]
    ward.at(2026, 3, 5, 7, 59)
    assert let_time_pass(ward.office) == 0
    ward.at(2026, 3, 5, 8, 0)  # the other seven hours: 6.5 on Wednesday, half an hour more
    assert let_time_pass(ward.office) == 1
    assert [r.element_id for r in ward.file(work.outcome).open_steps] == ["A", "C", "B"]


def test_a_reset_counts_timers_from_zero_too(ward):
    diagram = draw(
        start(),
        step("A", limit="5 working_day"),
        timer_event("W", limit="1 working_day", on="A"),
        *(end(), end("E2")),
        flows=("S A", "A E", "W E2"),
        head=rule("reset"),
    )
    work = Work(ward, diagram)
    work.ask(2026, 3, 2, 16, 0)
    work.back(2026, 3, 4, 8, 0)
    ward.at(2026, 3, 5, 7, 59)
    assert let_time_pass(ward.office) == 0
    ward.at(2026, 3, 5, 8, 0)
    assert let_time_pass(ward.office) == 1


def test_a_supplement_while_the_tax_office_is_waited_for_takes_over_and_gives_back(ward):
    """What the citizen takes is not the tax office's time, and the limit is counted anew."""
    work = Work(ward, one_step(rule("reset"), clock="tax", limit="3 working_day"))
    assert work.outcome.due_at is None
    (tax,) = ward.file(work.outcome).clock.pauses
    assert (tax.kind, tax.charged_to) == ("tax", "thue")
    work.ask(2026, 3, 3, 9, 0)
    back = work.back(2026, 3, 5, 9, 0)
    assert back.due_at is None  # the tax office is waited for again
    kinds = [(p.kind, p.charged_to) for p in ward.file(work.outcome).clock.pauses]
    assert kinds == [("tax", "thue"), ("citizen_supplement", None), ("tax", "thue")]
    assert work.due("A") == datetime_of(2026, 3, 10, 9, 0)  # the step's three days, from zero
    ward.at(2026, 3, 6, 9, 0)
    complete_step(ward.office, work.officer, ward.run(work.outcome, "A").step_run_id)
    assert work.row.paused_ws == 4 * 8 * HOUR
    assert work.row.result == "early"


def test_after_the_tax_office_the_citizen_s_payment_is_charged_to_nobody(ward):
    diagram = draw(
        start(),
        step("A", clock="tax"),
        step("B", clock="citizen"),
        step("C"),
        end(),
        flows=("S A", "A B", "B C", "C E"),
    )
    work = Work(ward, diagram)
    for when, element in (((2026, 3, 2, 10, 0), "A"), ((2026, 3, 2, 11, 0), "B")):
        ward.at(*when)
        complete_step(ward.office, work.officer, ward.run(work.outcome, element).step_run_id)
    pauses = ward.file(work.outcome).clock.pauses
    assert [(p.kind, p.charged_to, p.until) for p in pauses] == [
        ("tax", "thue", datetime_of(2026, 3, 2, 10, 0)),
        ("citizen_payment", None, datetime_of(2026, 3, 2, 11, 0)),
    ]
    assert work.row.due_at == datetime_of(2026, 3, 9, 11, 0)  # two hours were not ours


def test_the_clock_runs_as_long_as_one_branch_works_here(ward):
    work = Work(ward, branches(rule(), second={"clock": "other_unit"}))
    assert work.outcome.due_at == datetime_of(2026, 3, 9, 9, 0)
    ward.at(2026, 3, 2, 11, 0)
    complete_step(ward.office, work.officer, ward.run(work.outcome, "A").step_run_id)
    assert work.row.due_at is None
    (stands,) = ward.file(work.outcome).clock.pauses
    assert (stands.kind, stands.charged_to) == ("other_unit", "van_phong")


# How often, until when, by whom


def test_a_second_supplement_is_impossible(ward):
    work = Work(ward, one_step(rule()))
    work.ask()
    work.back()
    with pytest.raises(SupplementSpent) as refused:
        work.ask()
    assert "tối đa 1 lần" in refused.value.message("vi")


def test_a_version_may_allow_two_or_none(sqlite_ward):
    twice = Work(sqlite_ward, one_step(rule(at_most=2)))
    for _ in range(2):
        twice.ask()
        twice.back()
    with pytest.raises(SupplementSpent):
        twice.ask()
    never = Work(sqlite_ward, one_step(rule(at_most=0)))
    with pytest.raises(SupplementSpent):
        never.ask()


def test_within_three_working_days_of_reception_and_not_later(sqlite_ward):
    """NĐ 61/2018 art. 19.4."""
    work = Work(sqlite_ward, one_step(rule(within="3")))
    with pytest.raises(SupplementTooLate) as refused:
        work.ask(2026, 3, 5, 9, 1)
    assert "09:00 05/03/2026" in refused.value.message("vi")
    assert work.ask(2026, 3, 5, 9, 0).state == "paused"


def test_at_the_counter_it_is_never_too_late(sqlite_ward):
    """Guidance at reception is another stage than a request at appraisal."""
    work = Work(sqlite_ward, one_step(rule(within="3"), status="2"))
    assert work.ask(2026, 3, 9, 8, 0).state == "paused"
    assert sqlite_ward.file(work.outcome).pauses[0].stage == "counter"


def test_the_request_names_what_is_lacking_and_why(sqlite_ward):
    work = Work(sqlite_ward, one_step(rule()))
    with pytest.raises(NothingToSupplement):
        work.ask(codes=())
    with pytest.raises(NoSuchComponent):
        work.ask(codes=("DON", "GCN"))
    with pytest.raises(ReasonNeeded):
        work.ask(why="")
    work.ask(codes=("DON", "ANH", "DON"))
    (asked,) = sqlite_ward.file(work.outcome).pauses
    assert asked.components == (("DON", "Giấy DON"), ("ANH", "Giấy ANH"))
    assert (asked.reason, asked.legal_basis, asked.until) == (
        WHY,
        "NĐ 61/2018/NĐ-CP, Điều 19",
        None,
    )
    assert asked.asked_by == work.officer.account_id


def test_only_who_may_complete_the_step_asks_and_only_who_handles_it_takes_back(sqlite_ward):
    work = Work(sqlite_ward, one_step(rule()))
    clerk = sqlite_ward.holder(*CLERK)
    with pytest.raises(NotYours):
        work.ask(actor=clerk)
    work.ask()
    with pytest.raises(NotYours):
        work.back(actor=clerk)
    colleague = sqlite_ward.holders(*OFFICER)[1]
    assert work.back(actor=colleague).state == "open"


def test_what_came_back_is_recorded_or_nothing_happens(sqlite_ward):
    work = Work(sqlite_ward, one_step(rule()))
    with pytest.raises(NotPaused):
        work.back()
    work.ask()
    with pytest.raises(InvalidCopies):
        work.back(brought=(Brought("DON", "giay"),))
    assert work.row.state == "paused"
    work.back(brought=(Brought("DON", "original", 2),))
    assert sqlite_ward.file(work.outcome).present == {"DON": {"original": 2}}
    assert sqlite_ward.stored(pause)[0].until == datetime_of(2026, 3, 2, 9, 0)


def test_a_request_for_papers_does_not_end_by_a_decision_to_resume(sqlite_ward):
    """Resuming would continue a limit that the law counts from zero."""
    work = Work(sqlite_ward, one_step(rule()))
    work.ask()
    with pytest.raises(AwaitsSupplement):
        resume(sqlite_ward.office, work.officer, work.outcome.dossier_id, "Tiếp tục xử lý")


def test_after_the_end_nothing_is_asked_for(sqlite_ward):
    diagram = draw(
        start(),
        *(step("A"), step("B", status="9"), end()),
        flows=("S A", "A B", "B E"),
        head=rule(),
    )
    work = Work(sqlite_ward, diagram)
    complete_step(sqlite_ward.office, work.officer, sqlite_ward.run(work.outcome, "A").step_run_id)
    with pytest.raises(DossierClosed):  # handling is finished, the result waits to be returned
        work.ask(element="B")
    complete_step(sqlite_ward.office, work.officer, sqlite_ward.run(work.outcome, "B").step_run_id)
    with pytest.raises(AlreadyEnded):
        work.ask(element="B")


def test_asking_and_coming_back_are_done_once_per_key(ward):
    work = Work(ward, one_step(rule()))
    asked, back = work.ask(key="1"), work.back(key="2")
    assert (work.ask(key="1"), work.back(key="2")) == (asked, back)
    assert work.row.supplements == 1
