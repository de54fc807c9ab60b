"""Units are ranked only as far as figures tell them apart; a change is told since when it is."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.comparison.drift import drift
from analysis.comparison.ranking import ranked
from analysis.rate import Rate
from tests.analysis.made_facts import made_facts, number


def test_units_that_cannot_be_told_apart_share_a_place():
    found = ranked(
        [("Đất đai", Rate(700, 1000)), ("Tư pháp", Rate(990, 1000)), ("Nội vụ", Rate(985, 1000))]
    )
    assert [(unit.key, unit.place) for unit in found] == [
        ("Tư pháp", 1), ("Nội vụ", 1), ("Đất đai", 3)
    ]  # fmt: skip
    assert [(unit.best, unit.worst) for unit in found] == [(1, 2), (1, 2), (3, 3)]


def test_a_unit_with_few_dossiers_has_no_place():
    found = ranked([("A", Rate(3, 3)), ("B", Rate(50, 100))])
    assert [(unit.key, unit.place) for unit in found] == [("B", 1), ("A", None)]


rates = st.lists(
    st.integers(30, 2000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), max_size=12
)


@given(rates)
def test_no_two_places_where_intervals_overlap(counts):
    found = ranked([(str(at), Rate(*count)) for at, count in enumerate(counts)])
    for one in found:
        assert one.place <= one.best <= one.worst  # of a group the first place
        for other in found:
            if one.interval.meets(other.interval):
                assert one.place == other.place
            elif one.interval.low > other.interval.high:
                assert one.place <= other.place


def test_intervals_far_apart_are_ranked():
    found = ranked([(str(share), Rate(share * 10, 1000)) for share in range(5, 100, 15)])
    assert [unit.place for unit in found] == [1, 2, 3, 4, 5, 6, 7]


def office(durations, elements):
    n = len(durations)
    dossiers = [
        {
            "dossier_id": number(at), "finished_us": at, "received_us": at,
            "work_ws": int(durations[at]),
        }
        for at in range(n)
    ]  # fmt: skip
    steps = [
        {"dossier_id": number(at), "step_run_id": number(at), "element_id": elements[at],
         "enabled_us": at, "ended_us": at}
        for at in range(n)
    ]  # fmt: skip
    return made_facts(dossier_fact=dossiers, step_interval=steps)


def test_a_change_is_found_where_it_was_made():
    chance = np.random.default_rng(8)
    durations = np.concatenate((chance.gamma(4, 3600, 1500), chance.gamma(4, 5400, 1500)))
    elements = np.array(["A", "B", "C"])[chance.integers(0, 3, 3000)]
    elements[2200:] = np.array(["A", "B"])[chance.integers(0, 2, 800)]
    with office(durations, elements) as facts:
        found = drift(facts)
    assert [change.what for change in found.changes] == ["durations", "ways"]
    slower, other_ways = found.changes
    assert slower.at_us == pytest.approx(1500, abs=100)
    assert slower.after_ws > 1.3 * slower.before_ws
    assert other_ways.at_us == pytest.approx(2200, abs=100)


@pytest.mark.parametrize("seed", range(5))
def test_where_nothing_changes_nothing_is_said(seed):
    chance = np.random.default_rng(seed)
    durations, elements = (
        chance.gamma(2, 7200, 2000),
        np.array(["A", "B"])[chance.integers(0, 2, 2000)],
    )
    with office(durations, elements) as facts:
        found = drift(facts)
    assert (found.n, found.windows, found.changes) == (2000, 33, ())


def test_too_few_dossiers_say_nothing():
    with office(np.arange(100), np.array(["A"] * 100)) as facts:
        assert drift(facts).windows == 0
