"""Bins: every duration is within a fortieth of its bin's value, and sums of counts keep that."""

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from analysis.lake.binning import step_bins
from analysis.lake.bins import FORTIETH, LOWS, VALUES, Bins, bins_of
from analysis.lake.tiles import spreads
from analysis.quantile import nearest_rank
from tests.analysis.made_facts import made_facts, number

LONGEST = 2**53
ANY = st.one_of(st.integers(0, 200), st.integers(0, 2**31), st.integers(0, LONGEST))


def test_ranges_follow_one_another_and_the_first_forty_seconds_have_one_each():
    assert (np.diff(LOWS) > 0).all()
    assert LOWS[:40].tolist() == VALUES[:40].tolist() == list(range(40))
    assert len(LOWS[LOWS < 2**31]) < 400


def test_the_lowest_and_the_highest_of_every_bin_are_within_a_fortieth_of_its_value():
    for low, highest, value in zip(
        LOWS.tolist(), (LOWS[1:] - 1).tolist(), VALUES.tolist(), strict=False
    ):
        assert (value - low) * FORTIETH <= low
        assert (highest - value) * FORTIETH <= highest


@given(st.lists(ANY, min_size=1))
def test_every_duration_is_within_a_fortieth_of_the_value_of_its_bin(durations):
    values = VALUES[bins_of(np.array(durations))].tolist()
    for duration, value in zip(durations, values, strict=True):
        assert abs(value - duration) * FORTIETH <= duration


@given(st.lists(ANY, min_size=2))
def test_a_longer_duration_is_in_no_lower_bin(durations):
    assert (np.diff(bins_of(np.array(sorted(durations)))) >= 0).all()


def test_less_than_nothing_counts_as_nothing():
    assert bins_of(np.array([-5, 0])).tolist() == [0, 0]


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 10**8)), min_size=1))
def test_groups_counted_apart_and_added_are_those_counted_together(runs):
    """Units or months: sums of counts are the counts of all."""
    whole = _counted([0] * len(runs), [ws for _, ws in runs])
    groups = sorted({group for group, _ in runs})
    apart = _counted([groups.index(group) for group, _ in runs], [ws for _, ws in runs])
    added = apart.added(np.zeros(len(groups), dtype=np.int64), 1)
    for name in ("starts", "bins", "counts"):
        assert getattr(added, name).tolist() == getattr(whole, name).tolist()
    assert Bins.read(pa.table(added.columns())).quantiles((50,))[0].tolist() == [len(runs)]


@given(st.lists(ANY, min_size=1), st.integers(1, 100))
def test_any_percentile_of_bins_is_within_a_fortieth_of_the_exact_one(durations, percent):
    _, (found,) = _counted([0] * len(durations), durations).quantiles((percent,))
    exact = nearest_rank(sorted(durations), percent)
    assert abs(int(found[0]) - exact) * FORTIETH <= exact


def test_cancelled_and_open_runs_tell_nothing_about_a_step():
    runs = [
        {"step_run_id": number(1), "waiting_ws": 5, "handling_ws": 6, "month": 202603},
        {"step_run_id": number(2), "waiting_ws": 9, "state": "cancelled", "month": 202603},
        {"step_run_id": number(3), "state": "open", "age_ws": 99},
    ]
    with made_facts(step_interval=runs) as facts:
        rows = step_bins(facts, 202603).to_pylist()
        assert step_bins(facts, 202604) is None
    assert {row["time"]: (row["n"], row["bins"], row["counts"]) for row in rows} == {
        "sojourn": (1, [11], [1]), "waiting": (1, [5], [1]), "handling": (1, [6], [1]),
        "paused": (1, [0], [1]),
    }  # fmt: skip


def test_what_is_asked_by_month_and_by_step_has_the_order_of_its_keys():
    runs = [
        {
            "step_run_id": number(i), "element_id": f"Task_{i % 3}", "waiting_ws": 0,
            "handling_ws": i, "month": 202604 - i % 2, "procedure_code": f"P{i % 2}",
        }
        for i in range(36)
    ]  # fmt: skip
    keys = ("procedure_code", "element_id", "month")
    with made_facts(step_interval=runs) as facts:
        tables = [step_bins(facts, month) for month in (202603, 202604)]
        facts.connection.register("step_bins", pa.concat_tables(tables))
        by_month = spreads(facts, (202603, 202604), keys).to_pylist()
        by_step = spreads(facts, (202603, 202604), keys[1:2]).to_pylist()
    assert [tuple(row[key] for key in keys) for row in by_month] == sorted(
        (f"P{m}", f"Task_{t}", 202604 - m) for m in (0, 1) for t in range(3)
    )
    assert [(row["element_id"], row["n"], row["p50"]) for row in by_step] == [
        ("Task_0", 12, 15), ("Task_1", 12, 16), ("Task_2", 12, 17),
    ]  # fmt: skip


def _counted(groups, durations):
    dense = np.zeros((max(groups) + 1, len(LOWS)), dtype=np.int64)
    np.add.at(dense, (np.array(groups), bins_of(np.array(durations))), 1)
    return Bins.of(dense)
