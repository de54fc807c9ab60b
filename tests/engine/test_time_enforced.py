"""Time is enforced whoever looks: the ledger with supplements (V9), overdue steps, timers, hands."""

from datetime import timedelta

import pytest

from engine.dossier_file import dossier_file, history
from engine.dossiers.complete_step import complete_step
from engine.dossiers.components import Brought
from engine.dossiers.pauses import SupplementRequest, receive_supplement, request_supplement
from engine.dossiers.receive import Reception, receive
from engine.dossiers.refusals import DossierPaused, SameHands, SupplementSpent
from engine.dossiers.timeouts import let_time_pass
from engine.journal import verify
from tests.engine.drawing import CHIEF, OFFICER, component, draw, end, field, start, step, timer
from tests.engine.offices import datetime_of


def supplemented(policy):
    return draw(
        start(),
        step("A", limit="5 working_day", lane=OFFICER),
        end(),
        flows=("S A", "A E"),
        head=f'<qt:supplement policy="{policy}" atMost="1"/>' + component("DON", "original 1"),
    )


def open_dossier(ward, data, *when):
    ward.publish(data)
    ward.at(*when)
    officer = ward.holder(*OFFICER)
    return officer, receive(ward.office, officer, Reception("T-01", "Lê Thị Hoa"))


@pytest.mark.parametrize(
    ("policy", "due"),
    [
        # V9: received Mon 02/03 09:00, 5 working days; asked Wed 04/03 10:00 (17 h used), back
        # Tue 10/03 14:00.
        ("pause", (2026, 3, 13, 11, 30)),
        ("continue", (2026, 3, 13, 11, 30)),
        ("reset", (2026, 3, 17, 14, 0)),  # NĐ 61/2018 art. 19.4: counted again from zero
    ],
)
def test_a_supplement_moves_the_due_time_as_the_version_says(ward, policy, due):
    officer, outcome = open_dossier(ward, supplemented(policy), 2026, 3, 2, 9, 0)
    assert outcome.due_at == datetime_of(2026, 3, 9, 9, 0)
    run = outcome.opened[0].step_run_id
    ward.at(2026, 3, 4, 10, 0)
    asked = request_supplement(
        ward.office, officer, run, SupplementRequest(("DON",), "Thiếu đơn đề nghị")
    )
    assert (asked.state, asked.national_status, asked.due_at) == ("paused", "5", None)
    with pytest.raises(DossierPaused):
        complete_step(ward.office, officer, run)
    ward.at(2026, 3, 10, 14, 0)
    back = receive_supplement(
        ward.office, officer, outcome.dossier_id, (Brought("DON", "original", 1),)
    )
    assert back.due_at == datetime_of(*due)
    with ward.office.database.read() as connection:
        file = dossier_file(ward.office, connection, officer, outcome.dossier_id)
    assert file.steps[0].due_at == datetime_of(*due)
    assert file.steps[0].paused_ws == 34.5 * 3600  # Wed 10:00 to Tue 14:00: 5.5 + 3 x 8 + 5 hours
    with pytest.raises(SupplementSpent):
        request_supplement(ward.office, officer, run, SupplementRequest(("DON",), "Lại thiếu đơn"))


def test_an_overdue_step_escalates_once_and_is_written_down(ward):
    data = draw(start(), step("A", limit="2 working_hour"), end(), flows=("S A", "A E"))
    officer, outcome = open_dossier(ward, data, 2026, 3, 2, 8, 0)
    ward.at(2026, 3, 2, 9, 59)
    assert let_time_pass(ward.office) == 0
    ward.at(2026, 3, 2, 10, 0)
    assert let_time_pass(ward.office) == 1
    assert let_time_pass(ward.office) == 0
    with ward.office.database.read() as connection:
        kinds = [event.kind for event in history(connection, officer, outcome.dossier_id)]
        assert kinds == ["dossier.received", "step.escalated"]
        assert verify(connection)[1] == ()


def test_silence_is_consent_where_the_diagram_says_so(ward):
    data = draw(
        start(),
        step(
            "Ask",
            field("y_kien", "choice", "dong_y", "khong", default="dong_y"),
            limit="3 working_day",
            lane=CHIEF,
            onTimeout="deemed_consent",
        ),
        step("B"),
        end(),
        flows=("S Ask", "Ask B", "B E"),
    )
    ward.publish(data)
    ward.at(2026, 3, 2, 8, 0)
    chief = ward.holder(*CHIEF)
    outcome = receive(ward.office, chief, Reception("T-01", "Lê Thị Hoa"))
    ward.at(2026, 3, 5, 8, 0)
    assert let_time_pass(ward.office) == 1
    with ward.office.database.read() as connection:
        file = dossier_file(ward.office, connection, chief, outcome.dossier_id)
        (_, consent) = history(connection, chief, outcome.dossier_id)
    assert (consent.kind, consent.actor_id is None or consent.actor_id.int == 0) == (
        "step.deemed_consent",
        True,
    )
    assert file.data["y_kien"] == "dong_y"
    assert [run.element_id for run in file.open_steps] == ["B"]


def test_silence_cannot_enter_what_has_no_default(ward):
    data = draw(
        start(),
        step("Ask", field("y_kien", required="true"), lane=CHIEF, onTimeout="deemed_consent"),
        end(),
        flows=("S Ask", "Ask E"),
    )
    ward.publish(data)
    ward.at(2026, 3, 2, 8, 0)
    chief = ward.holder(*CHIEF)
    outcome = receive(ward.office, chief, Reception("T-01", "Lê Thị Hoa"))
    ward.at(2026, 3, 2, 11, 0)
    assert let_time_pass(ward.office) == 1
    with ward.office.database.read() as connection:
        file = dossier_file(ward.office, connection, chief, outcome.dossier_id)
    assert file.open_steps[0].escalated_at == datetime_of(2026, 3, 2, 11, 0)


@pytest.mark.parametrize(
    ("stated", "fires"),
    [
        ({"after": "PT5H"}, (2026, 3, 2, 13, 0)),  # wall time, as BPMN has it
        ({"limit": "5 working_hour"}, (2026, 3, 2, 14, 30)),  # over lunch, as the office counts
        ({"at": "2026-03-04T09:00:00"}, (2026, 3, 4, 9, 0)),  # in the office's zone
    ],
)
def test_a_timer_interrupts_a_step_at_its_time(ward, stated, fires):
    data = draw(
        start(),
        step("A", limit="4 working_day"),
        timer("T", on="A", **stated),
        step("Late"),
        end(),
        flows=("S A", "A E", "T Late", "Late E"),
    )
    officer, outcome = open_dossier(ward, data, 2026, 3, 2, 8, 0)
    ward.clock.set(datetime_of(*fires) - timedelta(seconds=1))
    assert let_time_pass(ward.office) == 0
    ward.at(*fires)
    assert let_time_pass(ward.office) == 1
    assert let_time_pass(ward.office) == 0
    with ward.office.database.read() as connection:
        file = dossier_file(ward.office, connection, officer, outcome.dossier_id)
    assert {(run.element_id, run.state) for run in file.steps} == {
        ("A", "cancelled"),
        ("Late", "open"),
    }


def test_who_did_the_one_step_may_not_do_the_other(ward):
    data = draw(
        start(),
        step("A"),
        step("B", notSameAs="A"),
        end(),
        flows=("S A", "A B", "B E"),
    )
    officer, outcome = open_dossier(ward, data, 2026, 3, 2, 8, 0)
    second = complete_step(ward.office, officer, outcome.opened[0].step_run_id).opened[0]
    with pytest.raises(SameHands):
        complete_step(ward.office, officer, second.step_run_id)
    colleagues = [
        a for a in ward.actors.values() if a.holds(*OFFICER) and a.account_id != officer.account_id
    ]
    done = complete_step(ward.office, colleagues[0], second.step_run_id)
    assert done.state == "returned"
