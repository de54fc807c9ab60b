"""Sums over stretches are those that one would count second by second."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from analysis.queues.stretches import Ceiling, union_lengths

stretch = st.tuples(st.integers(0, 30), st.integers(0, 12), st.integers(0, 5))
stretches = st.lists(stretch.map(lambda s: (s[0], s[0] + s[1], s[2])), max_size=12)


def columns(rows, width=3):
    return np.array(rows, dtype=np.int64).reshape(-1, width).T


@given(stretches, stretches)
def test_time_under_a_higher_mark_and_time_under_any_other(covering, asked):
    higher, lower = Ceiling.over(*columns(covering)).above(*columns(asked))
    for n, (begin, end, mark) in enumerate(asked):
        tops = [
            max((m for b, e, m in covering if b <= second < e), default=-1)
            for second in range(begin, end)
        ]
        assert higher[n] == sum(top > mark for top in tops)
        assert lower[n] == sum(0 <= top <= mark for top in tops)


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 30), st.integers(0, 10)), max_size=12))
def test_time_covered_twice_counts_once(rows):
    key, begin, length = columns(rows)
    found = union_lengths(key, begin, begin + length, 3)
    for one in range(3):
        seconds = {s for k, b, n in rows if k == one for s in range(b, b + n)}
        assert found[one] == len(seconds)
