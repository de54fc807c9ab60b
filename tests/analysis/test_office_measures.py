"""What the analysis says of two dossiers whose times were worked out by hand."""

from datetime import date
from decimal import Decimal

import pytest

from analysis.facts.office import office_facts
from analysis.on_time import (
    on_time_by_month,
    on_time_by_unit,
    still_open,
)
from analysis.period import InvalidPeriod, Period
from analysis.queues.attribution import lateness_by_step
from analysis.queues.scope import Scope
from analysis.rate import Rate
from analysis.step_durations import step_durations
from tests.analysis.office_day import APPRAISE, HOUR, ISSUE, RECEIVE, SIGN, moment, play
from tests.analysis.verdicts import verdicts_of

MARCH = Period(date(2026, 3, 1), date(2026, 3, 31))


@pytest.fixture
def played(ward):
    play(ward)
    with ward.office.database.read() as connection:
        yield connection, ward.agency_id


def test_one_dossier_was_on_time_and_one_was_late(played):
    connection, agency_id = played
    verdicts = verdicts_of(connection, agency_id, MARCH)
    assert (verdicts.early + verdicts.on_time, verdicts.late) == (1, 1)
    assert verdicts.rate == Rate(1, 2)
    # Handling is over when the copy is signed (status 9): 04/03 09:00, due 03/03 17:00: 1.5 h.
    assert verdicts.late_ws == 1.5 * HOUR


def test_the_lateness_of_the_dossier_is_owed_by_the_steps_that_overran(ward, played):
    _, agency_id = played
    with office_facts(ward.office.database, agency_id, moment(5, 10)) as facts:
        attribution = lateness_by_step(facts, Scope.of(MARCH))
    assert attribution.total_ws == 1.5 * HOUR
    # Overruns 0.5 h and 2.5 h: one sixth and five sixths of 1.5 h.
    assert {owed.element_id: owed.late_ws for owed in attribution.owed} == {
        SIGN: 1.25 * HOUR,
        APPRAISE: 0.25 * HOUR,
    }


def test_waiting_and_handling_are_told_apart_in_working_time(played):
    connection, agency_id = played
    steps = {s.element_id: s for s in step_durations(connection, agency_id, MARCH)}
    assert set(steps) == {RECEIVE, APPRAISE, SIGN, ISSUE}
    assert steps[RECEIVE].n == 2
    assert (steps[RECEIVE].waiting.p50, steps[RECEIVE].waiting.p95) == (0, 0.5 * HOUR)
    assert (steps[RECEIVE].handling.p50, steps[RECEIVE].handling.p95) == (0.5 * HOUR, HOUR)
    # 03/03 09:00-14:00 without lunch is 3.5 h; the wall says 5 h, and 2 h for the other: mean 3.5.
    assert steps[APPRAISE].sojourn.p95 == 3.5 * HOUR
    assert steps[APPRAISE].calendar_seconds == 3.5 * HOUR
    assert (steps[SIGN].waiting.p95, steps[SIGN].handling.p95) == (3.5 * HOUR, HOUR)
    assert (steps[SIGN].late, steps[SIGN].late_ws, steps[SIGN].limit_ws) == (
        1,
        2.5 * HOUR,
        2 * HOUR,
    )
    assert steps[SIGN].pressure == pytest.approx(4.5 / 2)


def test_the_step_that_costs_most_lateness_comes_first(played):
    connection, agency_id = played
    assert [s.element_id for s in step_durations(connection, agency_id, MARCH)][:2] == [
        SIGN,
        APPRAISE,
    ]


def test_verdicts_per_month_and_unit_add_up(played):
    connection, agency_id = played
    (month,) = on_time_by_month(connection, agency_id, Period(date(2025, 11, 1), date(2026, 4, 30)))
    assert month.key == "202603"
    assert month.verdicts == verdicts_of(connection, agency_id, MARCH)
    assert month.verdicts.judged == 2
    units = {group.key: group.verdicts for group in on_time_by_unit(connection, agency_id, MARCH)}
    assert sum(v.judged for v in units.values()) == 8
    assert units["lanh_dao"].late == 1


def test_a_period_without_work_has_no_rate(played):
    connection, agency_id = played
    empty = verdicts_of(connection, agency_id, Period(date(2026, 1, 1), date(2026, 1, 31)))
    assert empty.judged == 0
    assert empty.rate.percent is None
    assert step_durations(connection, agency_id, MARCH.before()) == ()


def test_another_agency_sees_nothing(played):
    connection, _ = played
    assert verdicts_of(connection, "000.00.99.H29", MARCH).judged == 0
    assert step_durations(connection, "000.00.99.H29", MARCH) == ()


def test_what_is_returned_is_no_longer_open(played):
    connection, agency_id = played
    assert still_open(connection, agency_id, moment(5, 8)).total == 0


@pytest.mark.parametrize(
    ("part", "whole", "percent"),
    [
        (22_343_787 - 34_355, 22_343_787, "99.84"),  # reported so for 2022: truncated, not rounded
        (45_817, 45_820, "99.99"),
        (25_925, 25_969, "99.83"),
        (7_834, 7_834, "100.00"),
    ],
)
def test_rates_are_truncated_so_that_no_late_dossier_disappears(part, whole, percent):
    assert Rate(part, whole).percent == Decimal(percent)


def test_a_period_that_ends_before_it_begins_is_refused():
    with pytest.raises(InvalidPeriod):
        Period(date(2026, 3, 2), date(2026, 3, 1))


def test_the_period_before_has_the_same_length_and_ends_the_day_before():
    before = Period(date(2026, 3, 1), date(2026, 3, 31)).before()
    assert (before.first, before.last) == (date(2026, 1, 29), date(2026, 2, 28))
