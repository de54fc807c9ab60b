"""The past is read once, in order, and open steps are rated by it; nothing broken stops that."""

from datetime import timedelta

from sqlalchemy import update

from engine.dossiers.complete_step import complete_step
from engine.dossiers.pauses import resume, suspend
from engine.risk.anew import have_rated, rate_open_steps
from engine.risk.gathering import KEPT_RUNS, gather
from engine.risk.level import Level
from engine.risk.of_dossier import risks_of_file
from engine.risk.outlook import ENOUGH
from engine.store.risk_tables import risk_round, step_history
from engine.store.tables import dossier, step_run
from tests.engine.drawing import OFFICER
from tests.engine.risk.pasts import TWO_STEPS, handled, let_it_be_known, one, safe_at

HOUR = 3600


def history(ward, element):
    (row,) = ward.stored(step_history, element_id=element)
    return row


def test_each_step_keeps_what_its_runs_took_and_what_came_after(ward):
    ward.publish(TWO_STEPS)
    handled(ward, 3, 2)
    handled(ward, 1, 5)
    assert let_it_be_known(ward) == 2
    assert history(ward, "A").own == [3 * HOUR, HOUR]
    assert history(ward, "A").whole == [[3 * HOUR, 2 * HOUR], [HOUR, 5 * HOUR]]
    assert history(ward, "B").whole == [[2 * HOUR, 0], [5 * HOUR, 0]]


def test_what_was_read_is_not_read_again(ward):
    ward.publish(TWO_STEPS)
    handled(ward, 3, 2)
    assert let_it_be_known(ward) == 1
    assert let_it_be_known(ward) == 0
    handled(ward, 1, 1)
    assert let_it_be_known(ward) == 1
    assert history(ward, "A").own == [3 * HOUR, HOUR]


def test_time_in_which_the_dossier_stood_is_left_out(ward):
    outcome = ward.received(TWO_STEPS, 2026, 3, 2, 8, 0)
    officer = ward.holders(*OFFICER)[0]
    outcome = complete_step(ward.office, officer, outcome.opened[0].step_run_id)
    ward.at(2026, 3, 2, 9, 0)
    run = outcome.opened[0].step_run_id
    suspend(ward.office, officer, run, "Bão số 3", "BLDS, Điều 156")
    ward.at(2026, 3, 5, 9, 0)
    resume(ward.office, officer, outcome.dossier_id, "Hết bão")
    ward.at(2026, 3, 5, 11, 0)
    complete_step(ward.office, officer, run)
    let_it_be_known(ward)
    assert history(ward, "A").whole == [[0, 3 * HOUR]]
    assert history(ward, "B").own == [3 * HOUR]


def test_only_the_last_runs_are_kept(ward, monkeypatch):
    monkeypatch.setattr("engine.risk.gathering.KEPT_RUNS", 3)
    ward.publish(TWO_STEPS)
    for hours in (1, 2, 3, 4):
        handled(ward, hours, 1)
    let_it_be_known(ward)
    assert history(ward, "A").own == [2 * HOUR, 3 * HOUR, 4 * HOUR]
    assert KEPT_RUNS >= ENOUGH


def test_enough_past_moves_the_safe_moment_of_what_is_open_and_makes_a_forecast(sqlite_ward):
    """B always took thirty of the forty hours, so A must be done within ten."""
    ward = sqlite_ward
    ward.publish(TWO_STEPS)
    handled(ward, 1, 30, number=ENOUGH)
    opened = ward.at(2026, 9, 14, 8, 0)
    outcome = one(ward)
    assert safe_at(ward, outcome) == ward.run(outcome, "A").due_at  # by its limit, sixteen hours
    let_it_be_known(ward)
    assert safe_at(ward, outcome) == ward.calendar.add(opened, 10 * HOUR)
    assert standing(ward, outcome, opened, 7) == (Level.WELL, 0.0)
    assert standing(ward, outcome, opened, 11) == (Level.HIGH, 1.0)
    assert standing(ward, outcome, opened, 17)[0] is Level.LATE  # the step itself
    ward.clock.set(ward.calendar.add(opened, 20 * HOUR))
    late = one(ward)  # what is received now is rated by it at once
    assert safe_at(ward, late) == ward.calendar.add(opened, 30 * HOUR)


def test_few_runs_make_no_forecast(ward):
    ward.publish(TWO_STEPS)
    handled(ward, 1, 3, number=2)
    outcome = one(ward)
    let_it_be_known(ward)
    ((_, risk),) = risks_of_file(ward.file(outcome), ward.clock.now())
    assert (risk.forecast.share, risk.forecast.n) == (None, 2)


def standing(ward, outcome, opened, hours):
    """The level and the forecast so many working hours after the opening."""
    at = ward.calendar.add(opened, hours * HOUR)
    ((_, risk),) = risks_of_file(ward.file(outcome), at)
    return risk.level, risk.dossier and risk.dossier.share


def test_a_step_that_was_paused_meanwhile_is_left_as_it_stands(ward):
    ward.publish(TWO_STEPS)
    outcome = one(ward)
    let_it_be_known(ward)
    ward.office.database.write(
        lambda transaction: transaction.execute(
            update(step_run).values(paused_since=ward.clock.now(), due_at=None, safe_at=None)
        )
    )
    ward.office.database.write(lambda transaction: have_rated(transaction, ward.agency_id))
    rate_open_steps(ward.office)
    assert safe_at(ward, outcome) is None


def test_rating_anew_mends_what_lies_wrong_and_comes_to_an_end(ward):
    ward.publish(TWO_STEPS)
    outcomes = [one(ward) for _ in range(5)]
    let_it_be_known(ward)
    right = [safe_at(ward, each) for each in outcomes]
    ward.office.database.write(
        lambda transaction: transaction.execute(update(step_run).values(safe_at=None))
    )
    ward.office.database.write(lambda transaction: have_rated(transaction, ward.agency_id))
    assert rate_open_steps(ward.office) == 5
    assert [safe_at(ward, each) for each in outcomes] == right
    assert rate_open_steps(ward.office) == 0
    (row,) = ward.stored(risk_round)
    assert (row.rating, row.rated_to) == (0, None)


def test_a_dossier_that_cannot_be_read_is_passed_over(ward):
    ward.publish(TWO_STEPS)
    handled(ward, 3, 2, number=2)
    broken = ward.stored(dossier)[0].dossier_id
    ward.office.database.write(
        lambda transaction: transaction.execute(
            update(dossier).where(dossier.c.dossier_id == broken).values(clock={"nonsense": 1})
        )
    )
    assert let_it_be_known(ward) == 2
    assert history(ward, "A").own == [3 * HOUR]


def test_an_office_without_a_past_costs_nothing(ward):
    assert gather(ward.office) == 0
    assert rate_open_steps(ward.office) == 0
    ward.clock.set(ward.clock.now() + timedelta(minutes=1))
    assert gather(ward.office) == 0
