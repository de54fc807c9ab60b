"""Several tests at once: of twenty, one is below 0.05 by chance alone."""

from collections.abc import Sequence

import numpy as np


def adjusted(p_values: Sequence[float | None]) -> tuple[float | None, ...]:
    """p-values after Benjamini and Hochberg (1995): among those called differences, so large a
    share at most is none. What has no p (None) was not tested and does not count.

    >>> [None if q is None else round(q, 3) for q in adjusted([0.01, 0.02, None, 0.03])]
    [0.03, 0.03, None, 0.03]
    """
    tested = [place for place, p in enumerate(p_values) if p is not None]
    values = np.array([p_values[place] for place in tested], dtype=np.float64)
    order = np.argsort(values, kind="stable")[::-1]
    ranks = np.arange(len(values), 0, -1)
    found = np.minimum.accumulate(np.minimum(values[order] * len(values) / ranks, 1.0))
    result: list[float | None] = [None] * len(p_values)
    for place, q in zip(order, found, strict=True):
        result[tested[place]] = float(q)
    return tuple(result)
