"""QĐ 766 beside the law: the citizen's time is taken off, a second request is late, 9 before 10.

Worked out by hand: hours 7:30-11:30 and 13:00-17:00, eight a day; 02/03/2026 is a Monday. Five
working days from there at 9:00 are promised for Monday 09/03 at 9:00.
"""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.dossiers.complete_step import LateReason, complete_step
from engine.legal_clock.ledger_clock import LedgerClock
from engine.legal_clock.pause import PauseKind
from engine.legal_clock.punctuality import USUAL_RULE
from engine.legal_clock.statutory_measure import RULE, EndsBy, statutory_measure
from engine.store.tables import dossier, journal, step_run
from processes.procedure import SupplementPolicy
from processes.time_limit import TimeLimit
from tests.engine.drawing import OFFICER, draw, end, start, step
from tests.engine.offices import datetime_of
from tests.engine.working_calendars import HOUR, VIET_NAM, at, shown

CONTINUE, RESET = SupplementPolicy.CONTINUE, SupplementPolicy.RESET
LATER = "01/06/2026 09:00"
_LATE = LateReason("complex", "Cần xác minh thêm")


def received():
    return LedgerClock.start(VIET_NAM, at("02/03/2026 09:00"), TimeLimit.parse("5 ngày làm việc"))


def waited(clock, since, until=None, policy=CONTINUE, kind=PauseKind.CITIZEN_SUPPLEMENT):
    clock = clock.pause(VIET_NAM, at(since), kind)
    return clock if until is None else clock.resume(VIET_NAM, at(until), policy)


def measured(clock, when=LATER):
    return statutory_measure(clock, VIET_NAM, at(when))


@pytest.mark.parametrize(
    ("finished", "result"), [("09/03/2026 09:00", "on_time"), ("09/03/2026 09:01", "late")]
)
def test_what_never_stood_is_compared_with_its_appointment(finished, result):
    measure = measured(received().stop(VIET_NAM, at(finished)))
    assert (measure.result, measure.ended_by) == (result, EndsBy.FINISHED)


def test_under_a_limit_counted_anew_the_law_still_has_time_and_the_measure_has_not():
    """V9: asked Wed 04/03 10:00, back Tue 10/03 14:00, that is 34.5 hours; law: Tue 17/03 14:00."""
    clock = waited(received(), "04/03/2026 10:00", "10/03/2026 14:00", RESET)
    clock = clock.stop(VIET_NAM, at("16/03/2026 09:00"))
    assert shown(clock.due_at(VIET_NAM)) == "Tue 17/03/2026 14:00"
    assert clock.judge(VIET_NAM, at(LATER)) == "early"
    measure = measured(clock)
    assert measure.supplement_ws == 34.5 * HOUR
    assert shown(measure.due) == "Fri 13/03/2026 11:30"
    assert measure.result == "late"


def test_a_limit_that_goes_on_is_due_by_both_at_the_same_moment():
    clock = waited(received(), "04/03/2026 10:00", "10/03/2026 14:00")
    assert measured(clock, "10/03/2026 15:00").due == clock.due_at(VIET_NAM)


@pytest.mark.parametrize(
    ("asked", "result"), [("04/03/2026 10:00", "on_time"), ("10/03/2026 10:00", "late")]
)
def test_while_the_citizen_has_not_come_back_the_request_ended_it(asked, result):
    measure = measured(waited(received(), asked))
    assert (measure.ended_by, shown(measure.end)) == (EndsBy.SUPPLEMENT, shown(at(asked)))
    assert measure.result == result


def test_a_second_request_is_late_however_early_it_ends():
    clock = waited(received(), "02/03/2026 10:00", "02/03/2026 11:00")
    assert measured(clock, "02/03/2026 11:00").result == "on_time"
    clock = waited(clock, "02/03/2026 13:00")
    assert measured(clock).result == "late"
    clock = clock.resume(VIET_NAM, at("02/03/2026 14:00")).stop(VIET_NAM, at("02/03/2026 15:00"))
    assert (measured(clock).result, measured(clock).requests) == ("late", 2)
    assert clock.judge(VIET_NAM, at(LATER)) == "early"  # the law is another matter


@pytest.mark.parametrize(
    "kind",
    [
        PauseKind.TAX,
        PauseKind.CITIZEN_PAYMENT,
        PauseKind.OTHER_UNIT,
        PauseKind.COUNCIL,
        PauseKind.FORCE_MAJEURE,
    ],
)
def test_only_the_time_of_supplements_is_taken_off(kind):
    clock = waited(received(), "04/03/2026 10:00", "06/03/2026 10:00", kind=kind)
    assert shown(clock.due_at(VIET_NAM)) == "Wed 11/03/2026 09:00"
    assert shown(measured(clock).due) == "Mon 09/03/2026 09:00"


def test_an_appointment_given_anew_knew_of_the_pauses_before_it():
    clock = waited(received(), "04/03/2026 10:00", "05/03/2026 10:00")
    clock = clock.extend(VIET_NAM, at("09/03/2026 09:00"), at("12/03/2026 10:00"))
    measure = measured(clock)
    assert (shown(measure.due), measure.supplement_ws) == ("Thu 12/03/2026 10:00", 0)


def test_what_still_runs_is_measured_at_the_end_of_the_period():
    assert measured(received(), "06/03/2026 17:00").result == "on_time"
    measure = measured(received(), "31/03/2026 17:00")
    assert (measure.result, measure.ended_by) == ("late", EndsBy.RUNNING)


@given(st.integers(0, 9000), st.integers(0, 9000), st.integers(0, 9000))
def test_what_goes_on_and_was_asked_once_is_judged_alike_by_law_and_measure(before, stood, after):
    """With one supplement, no reset, no extension: both put the promise off by the same time."""
    begin = at("02/03/2026 09:00")
    since = VIET_NAM.add(begin, before * 60)
    until = VIET_NAM.add(since, stood * 60)
    clock = received().pause(VIET_NAM, since, PauseKind.CITIZEN_SUPPLEMENT)
    clock = clock.resume(VIET_NAM, until).stop(VIET_NAM, VIET_NAM.add(until, after * 60))
    measure = measured(clock)
    used = before + after
    assert measure.late == (used > 5 * 480)
    assert measure.late == clock.is_late(VIET_NAM, at(LATER))


# Stored when handling ends


def finished(ward):
    diagram = draw(start(), *(step("A"), step("B", status="9"), end()), flows=("S A", "A B", "B E"))
    outcome = ward.received(diagram, 2026, 3, 2, 9, 0)
    ward.at(2026, 3, 6, 9, 0)
    run = ward.run(outcome, "A").step_run_id
    complete_step(ward.office, ward.holder(*OFFICER), run, late=_LATE)
    return outcome


def test_the_verdict_is_stored_with_its_rule_and_the_measure_beside_it(ward):
    outcome = finished(ward)
    (row,) = ward.stored(dossier, dossier_id=outcome.dossier_id)
    assert (row.result, row.result_rule, row.measure) == ("early", "date|10%", "on_time")
    (run,) = ward.stored(step_run, element_id="A")
    assert (run.result, run.result_rule) == ("late", USUAL_RULE.code)
    (open_run,) = ward.stored(step_run, element_id="B")
    assert (open_run.result, open_run.result_rule) == (None, None)


def test_the_journal_says_by_which_rules_it_was_decided(ward):
    outcome = finished(ward)
    last = max(ward.stored(journal, dossier_id=outcome.dossier_id), key=lambda event: event.seq)
    verdict = json.loads(last.body)["verdict"]
    assert (verdict["result"], verdict["rule"]) == ("early", "date|10%")
    measure = verdict["measure"]
    assert (measure["rule"], measure["result"], measure["by"]) == (RULE, "on_time", "finished")
    assert measure["end"] == datetime_of(2026, 3, 6, 9, 0).timestamp()
    assert measure["due"] == datetime_of(2026, 3, 9, 9, 0).timestamp()


def test_status_9_wins_over_10(ward):
    """A result that lies at the counter for weeks was handled when it was handled."""
    outcome = finished(ward)
    ward.at(2026, 3, 30, 9, 0)
    officer = ward.holder(*OFFICER)
    complete_step(ward.office, officer, ward.run(outcome, "B").step_run_id, late=_LATE)
    (row,) = ward.stored(dossier, dossier_id=outcome.dossier_id)
    assert (row.national_status, row.result, row.measure) == ("10", "early", "on_time")
    clock = ward.file(outcome).clock
    assert shown(measured(clock).end) == "Fri 06/03/2026 09:00"
    assert row.finished_at < row.returned_at
