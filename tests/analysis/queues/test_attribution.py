"""Lateness booked to the steps that owe it: nothing is lost, nothing is counted twice."""

from collections import Counter
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from analysis.period import Period
from analysis.queues.attribution import BETWEEN_STEPS, lateness_by_step
from analysis.queues.scope import Scope
from tests.analysis.made_facts import DAY_US, made_facts, number

MARCH = Scope.of(Period(date(2026, 3, 1), date(2026, 3, 31)))


def divide(lateness, overruns):
    """The law, dossier by dossier: whole parts in proportion to the overruns."""
    total = sum(overruns.values())
    if total == 0:
        return {BETWEEN_STEPS: lateness}
    shares = {key: divmod(lateness * overrun, total) for key, overrun in overruns.items()}
    left = lateness - sum(whole for whole, _ in shares.values())
    by_remainder = sorted(shares, key=lambda key: (-shares[key][1], key))
    favoured = set(by_remainder[:left])
    return {key: whole + (key in favoured) for key, (whole, _) in shares.items()}


def dossier(n: int, late_ws: int | None, **columns):
    usual = {"dossier_id": number(n), "late_ws": late_ws, "finished_us": MARCH.start_us + DAY_US}
    return usual | columns


def run(n: int, element: str, late_ws: int | None, **columns):
    usual = {"dossier_id": number(n), "element_id": element, "late_ws": late_ws, "name": element}
    return usual | columns


def owed(dossiers, runs, scope=MARCH):
    return lateness_by_step(made_facts(dossier_fact=dossiers, step_interval=runs), scope)


def test_lateness_is_shared_in_proportion_to_the_overruns():
    found = owed([dossier(1, 10)], [run(1, "a", 1), run(1, "b", 2), run(1, "c", None)])
    assert [(each.element_id, each.late_ws, each.dossiers) for each in found.owed] == [
        ("b", 7, 1),
        ("a", 3, 1),
    ]
    assert (found.total_ws, found.dossiers) == (10, 1)


def test_a_step_done_twice_overran_by_both_together():
    found = owed([dossier(1, 9)], [run(1, "a", 1), run(1, "a", 1, attempt=2), run(1, "b", 1)])
    assert [(each.element_id, each.late_ws) for each in found.owed] == [("a", 6), ("b", 3)]


def test_lateness_that_no_step_explains_lies_between_the_steps():
    found = owed([dossier(1, 10)], [run(1, "a", 0)])
    assert [(each.element_id, each.late_ws) for each in found.owed] == [(BETWEEN_STEPS, 10)]


def test_a_step_that_overran_in_a_dossier_on_time_owes_nothing():
    found = owed([dossier(1, 0), dossier(2, None)], [run(1, "a", 100), run(2, "a", 100)])
    assert (found.total_ws, found.owed) == (0, ())


def test_dossiers_of_two_offices_with_one_id_stay_apart():
    found = owed(
        [dossier(1, 10, agency_id="A"), dossier(1, 4, agency_id="B")],
        [run(1, "a", 5, agency_id="A"), run(1, "b", 5, agency_id="B")],
    )
    assert [(each.element_id, each.late_ws) for each in found.owed] == [("a", 10), ("b", 4)]


def test_what_finished_after_the_period_belongs_to_the_next():
    found = owed([dossier(1, 10, finished_us=MARCH.end_us)], [run(1, "a", 5)])
    assert found.dossiers == 0


def test_two_billion_seconds_are_shared_without_losing_one():
    found = owed([dossier(1, 2_000_000_011)], [run(1, "a", 2_000_000_003), run(1, "b", 7)])
    assert sum(each.late_ws for each in found.owed) == 2_000_000_011


cases = st.lists(
    st.tuples(
        st.integers(-50, 10**9),
        st.dictionaries(st.sampled_from("abcde"), st.integers(0, 10**9), max_size=5),
    ),
    min_size=1,
    max_size=12,
)


@given(cases)
def test_it_is_the_division_that_the_office_uses(late):
    expected: Counter[str] = Counter()
    for lateness, overruns in late:
        if lateness > 0:
            expected.update(divide(lateness, {e: o for e, o in overruns.items() if o > 0}))
    found = owed(
        [dossier(n, lateness) for n, (lateness, _) in enumerate(late)],
        [run(n, e, o) for n, (_, overruns) in enumerate(late) for e, o in overruns.items()],
    )
    booked = {each.element_id: each.late_ws for each in found.owed if each.late_ws}
    assert booked == {element: part for element, part in expected.items() if part}
    assert sum(booked.values()) == found.total_ws == sum(max(0, d) for d, _ in late)
