"""Two periods, versions or units are compared so that neither chance nor case mix deceives."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from analysis.comparison.durations import (
    Counted,
    compare_dossiers,
    compare_steps,
    mann_whitney,
    shift,
)
from analysis.comparison.on_time import Stratum, compare_on_time, compared
from analysis.comparison.several_tests import adjusted
from analysis.comparison.side import Gates, Side
from analysis.comparison.ways import compare_ways, ways
from analysis.survival.observed import Picked
from tests.analysis.made_facts import HOUR_WS, made_facts, number

A = Side("tháng 6", Picked(to_us=100))
B = Side("tháng 7", Picked(from_us=100))
BERKELEY = """
A 825 512 108 89
B 560 353 25 17
C 325 120 593 202
D 417 138 375 131
E 191 53 393 94
F 373 22 341 24
"""
"""Applicants and admitted, men and women, six departments, 1973 (Bickel et al., Science 187)."""


def berkeley():
    for line in BERKELEY.split("\n")[1:-1]:
        department, *counts = line.split()
        men, men_in, women, women_in = map(int, counts)
        yield Stratum(department, women_in, women, men_in, men)


def test_case_mix_does_not_deceive():
    # b (men) looks 14 points better; within departments there is no difference
    found = compared(list(berkeley()))
    assert found.difference == pytest.approx(1198 / 2691 - 557 / 1835)
    assert found.interval.low > 0.1
    assert found.odds_ratio == pytest.approx(0.9046968, abs=1e-7)  # R: mantelhaen.test
    assert found.p == pytest.approx(0.2169, abs=1e-4)  # without continuity correction: 1.5246
    assert found.alike_interval.low < 0 < found.alike_interval.high
    assert not found.differs


def test_one_procedure_alone_is_the_plain_difference():
    found = compared([Stratum("P", 40, 100, 60, 100)])
    assert found.alike == pytest.approx(found.difference) == pytest.approx(0.2)
    half = 1.959964 * (0.4 * 0.6 / 100 + 0.6 * 0.4 / 100) ** 0.5
    assert found.alike_interval.high - found.alike == pytest.approx(half, abs=1e-6)
    assert found.differs


@pytest.mark.parametrize(
    ("stratum", "why"),
    [
        (Stratum("P", 9, 10, 1, 10), "too few"),
        (Stratum("P", 99_000, 100_000, 98_500, 100_000), "sure, but only half a point"),
        (Stratum("P", 20, 40, 22, 40), "not sure"),
    ],
)
def test_what_is_not_called_a_difference(stratum, why):
    assert not compared([stratum]).differs, why


def test_nothing_to_compare_is_said():
    found = compared([Stratum("P", 5, 5, 0, 0)])
    assert (found.difference, found.alike, found.p, found.enough) == (None, None, None, False)


def test_a_handful_of_the_same_procedure_does_not_decide_for_two_sides_that_share_nothing_else():
    rows = [Stratum("P", 5, 5, 0, 5), Stratum("Q", 900, 1000, 0, 0), Stratum("R", 0, 0, 900, 1000)]
    found = compared(rows)
    assert found.p < 0.01
    assert (found.enough, found.differs) == (False, False)


def finished(n, at_us, hours, result="on_time", procedure="P"):
    return {
        "dossier_id": number(n), "procedure_code": procedure, "received_us": at_us,
        "finished_us": at_us, "work_ws": hours * HOUR_WS, "result": result,
    }  # fmt: skip


def test_two_periods_of_facts():
    june = [finished(n, 50, n % 7, "late" if n % 4 == 0 else "early") for n in range(200)]
    july = [finished(n, 150, n % 7 + 3, "late" if n % 2 else "on_time") for n in range(200, 400)]
    waiting = {
        "dossier_id": number(999),
        "received_us": 120,
        "state": "open",
        "age_ws": 9 * HOUR_WS,
    }
    with made_facts(dossier_fact=[*june, *july, waiting]) as facts:
        on_time = compare_on_time(facts, A, B)
        durations = compare_dossiers(facts, A, B)
    assert (on_time.a.part, on_time.a.whole, on_time.b.part) == (150, 200, 100)
    assert on_time.difference == on_time.alike == -0.25
    assert on_time.differs
    assert (durations.n_a, durations.n_b, durations.open_b) == (200, 200, 1)
    assert durations.shift_ws == 3 * HOUR_WS
    assert durations.low_ws <= 3 * HOUR_WS <= durations.high_ws
    assert durations.differs
    assert durations.p_with_open < 0.001


samples = st.lists(st.integers(0, 30), min_size=3, max_size=40)


def counted(values):
    return Counted(*np.unique(np.array(values), return_counts=True))


@given(samples, samples)
def test_mann_whitney_is_that_of_scipy(a, b):
    theirs = stats.mannwhitneyu(b, a, method="asymptotic", use_continuity=False)
    longer, p = mann_whitney(counted(a), counted(b))
    assert longer == pytest.approx(theirs.statistic / len(a) / len(b))
    if p is None:
        assert len({*a, *b}) == 1
    else:
        assert p == pytest.approx(theirs.pvalue)


@given(samples, samples)
def test_the_shift_is_the_middle_of_all_differences(a, b):
    pairs = sorted(y - x for x in a for y in b)
    middle, low, high = shift(counted(a), counted(b))
    assert middle == pairs[(len(pairs) + 1) // 2 - 1]
    assert low <= middle <= high


def test_millions_of_rows_are_a_list_of_values():
    chance = np.random.default_rng(3)
    a = counted(chance.integers(0, 50_000, 1_000_000))
    b = counted(chance.integers(0, 50_000, 1_000_000) + 1_800)
    middle, low, high = shift(a, b)
    assert low <= middle <= high
    assert middle == pytest.approx(1_800, abs=100)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_several_tests_are_corrected_as_scipy_does(p_values):
    theirs = stats.false_discovery_control(p_values)
    assert adjusted(p_values) == pytest.approx(tuple(theirs))


def step(n, at_us, hours, element):
    return {
        "dossier_id": number(n), "step_run_id": number(n * 10 + len(element)), "name": element,
        "element_id": element, "enabled_us": at_us, "ended_us": at_us, "waiting_ws": 0,
        "handling_ws": int(hours * HOUR_WS),
    }  # fmt: skip


def test_of_twenty_steps_that_did_not_change_none_is_said_to_have():
    chance = np.random.default_rng(20)
    rows = [
        step(n, at, hours, f"Task_{'x' * k}")
        for k in range(20)
        for n, (at, hours) in enumerate(
            zip([50] * 60 + [150] * 60, chance.exponential(10, 120), strict=True), start=k * 1000
        )
    ]
    slower = [step(90_000 + n, 50 + 100 * (n % 2), 5 + 10 * (n % 2), "Slow") for n in range(100)]
    with made_facts(step_interval=[*rows, *slower]) as facts:
        found = compare_steps(facts, A, B)
    assert [each.element_id for each in found if each.durations.differs] == ["Slow"]
    assert found[0].durations.shift_ws == 10 * HOUR_WS
    assert all(each.durations.q >= each.durations.p for each in found)


def test_a_small_shift_is_no_difference_however_sure():
    rows = [finished(n, 50 + 100 * (n % 2), 5 + (n % 2)) for n in range(4000)]
    with made_facts(dossier_fact=rows) as facts:
        sure = compare_dossiers(facts, A, B, gates=Gates(shift_ws=2 * HOUR_WS))
    assert sure.p < 1e-9
    assert not sure.differs


def test_the_ways_through_the_diagram():
    def dossier(n, at_us, *elements):
        runs = [
            step(n, at_us + place, 1, element) | {"step_run_id": number(100 * n + place)}
            for place, element in enumerate(elements)
        ]
        return finished(n, at_us, len(elements)), runs

    made = [dossier(n, 50, "A", "B") for n in range(1, 31)]
    made += [dossier(n, 150, "A", "C", "B") for n in range(31, 51)]
    made += [dossier(n, 150, "A", "B") for n in range(51, 61)]
    with made_facts(
        dossier_fact=[row for row, _ in made], step_interval=[r for _, rows in made for r in rows]
    ) as facts:
        found = ways(facts)
        between = compare_ways(facts, A, B)
    assert [(way.steps, way.n, way.median_ws) for way in found] == [
        (("A", "B"), 40, 2 * HOUR_WS), (("A", "C", "B"), 20, 3 * HOUR_WS)
    ]  # fmt: skip
    assert between.ways == ((("A", "B"), 30, 10), (("A", "C", "B"), 0, 20))
    assert between.p < 1e-6
