"""A second request needs a head's leave: by decision, for one request, at the price of lateness."""

import pytest

from engine.dossiers.allow_supplement import (
    DecisionNeeded,
    SupplementStillAllowed,
    allow_supplement,
)
from engine.dossiers.complete_step import complete_step
from engine.dossiers.pauses import SupplementRequest, receive_supplement, request_supplement
from engine.dossiers.refusals import (
    DossierClosed,
    DossierPaused,
    ReasonNeeded,
    SupplementSpent,
    SupplementTooLate,
)
from engine.journal import events_of
from engine.proofs.rebuild import rebuild
from engine.store.tables import dossier
from processes.errors import NotAllowed
from tests.engine.drawing import OFFICER, component, draw, end, start, step

WHY = "Bản đồ trích đo của người nộp bị sai tỷ lệ"
DECISION = "15/QĐ-UBND"


def diagram():
    head = (
        '<qt:supplement policy="reset" atMost="1"><qt:limit amount="3" unit="working_day"/>'
        "</qt:supplement>"
    ) + component("DON", "original 1")
    return draw(
        start(),
        *(step("A", limit="5 working_day"), end()),
        flows=("S A", "A E"),
        head=head,
    )


class Asked:
    """A dossier of which the applicant was asked and has come back once."""

    def __init__(self, ward, *, asked=True):
        self.ward, self.outcome = ward, ward.received(diagram(), 2026, 3, 2, 9, 0)
        self.officer = ward.holder(*OFFICER)
        if asked:
            self.ask()
            self.back()

    def ask(self):
        run = self.ward.run(self.outcome, "A").step_run_id
        asked = SupplementRequest(("DON",), WHY)
        return request_supplement(self.ward.office, self.officer, run, asked)

    def back(self):
        return receive_supplement(self.ward.office, self.officer, self.outcome.dossier_id, ())

    def allow(self, actor=None, why=WHY, decision=DECISION, **options):
        return allow_supplement(
            self.ward.office,
            actor or self.ward.head,
            self.outcome.dossier_id,
            why,
            decision,
            **options,
        )

    @property
    def row(self):
        return self.ward.stored(dossier, dossier_id=self.outcome.dossier_id)[0]


def test_a_head_s_leave_makes_one_more_request_possible_and_no_third(ward):
    work = Asked(ward)
    with pytest.raises(SupplementSpent) as refused:
        work.ask()
    assert "Lãnh đạo" in refused.value.message("vi")
    work.allow()
    assert work.ask().state == "paused"
    work.back()
    with pytest.raises(SupplementSpent):
        work.ask()
    assert work.row.supplements == work.row.supplements_allowed == 2


def test_the_journal_names_who_allowed_it_why_and_by_which_decision(ward):
    work = Asked(ward)
    work.allow()
    with ward.office.database.read() as connection:
        last = events_of(connection, ward.agency_id, work.outcome.dossier_id)[-1]
    assert (last.kind, last.actor_id) == ("supplement.allowed", ward.head.account_id)
    assert last.body == {"number": 2, "reason": WHY, "decision_no": DECISION}


def test_the_dossier_is_late_by_qd_766_and_early_by_law(ward):
    work = Asked(ward)
    work.allow()
    work.ask()
    work.back()
    complete_step(ward.office, work.officer, ward.run(work.outcome, "A").step_run_id)
    assert (work.row.result, work.row.measure) == ("early", "late")


def test_leave_also_covers_a_first_request_after_its_time(ward):
    work = Asked(ward, asked=False)
    ward.at(2026, 3, 6, 9, 0)
    with pytest.raises(SupplementTooLate):
        work.ask()
    work.allow()
    assert work.ask().state == "paused"
    work.back()
    with pytest.raises(SupplementSpent):
        work.ask()


def test_leave_is_given_only_by_a_head_with_reason_and_decision(sqlite_ward):
    work = Asked(sqlite_ward)
    with pytest.raises(NotAllowed) as refused:
        work.allow(actor=work.officer)
    assert "head" in refused.value.message("vi")
    with pytest.raises(ReasonNeeded):
        work.allow(why="")
    for decision in ("", "  ", "x" * 101):
        with pytest.raises(DecisionNeeded):
            work.allow(decision=decision)
    assert work.row.supplements_allowed == 0


def test_leave_is_not_given_where_none_is_needed_nor_twice_for_one_request(sqlite_ward):
    work = Asked(sqlite_ward, asked=False)
    with pytest.raises(SupplementStillAllowed):
        work.allow()
    work.ask()
    with pytest.raises(DossierPaused):
        work.allow()
    work.back()
    work.allow()
    with pytest.raises(SupplementStillAllowed):
        work.allow()


def test_after_the_end_nothing_is_allowed(sqlite_ward):
    work = Asked(sqlite_ward)
    complete_step(sqlite_ward.office, work.officer, sqlite_ward.run(work.outcome, "A").step_run_id)
    with pytest.raises(DossierClosed):
        work.allow()


def test_leave_is_given_once_per_key(ward):
    work = Asked(ward)
    assert work.allow(key="1") == work.allow(key="1")


def test_the_dossier_comes_to_be_again_from_its_journal(ward):
    work = Asked(ward)
    work.allow()
    work.ask()
    work.back()
    complete_step(ward.office, work.officer, ward.run(work.outcome, "A").step_run_id)
    with ward.office.database.read() as connection:
        (rebuilt,) = rebuild(connection, ward.agency_id, work.outcome.dossier_id)
    assert rebuilt.differences == ()
