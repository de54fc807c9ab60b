"""Readings of working clocks for whole columns: C(t), the open seconds of a calendar until t.

The same as `engine.calendar` counts, for millions of moments at once: each is looked up in the
sorted openings of its calendar.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from analysis.facts.coded import NONE, coded, codes_of, different
from engine.calendar import Calendar

Seconds = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class OpenTime:
    """Every open stretch of a calendar, in order, in seconds: when it opens, how long it lasts,
    and C(t) at its beginning.
    """

    opens: Seconds
    lasts: Seconds
    worked: Seconds


def open_time(of: Calendar) -> OpenTime:
    """The open stretches of a calendar."""
    stretches = np.array(list(of.open_segments()), dtype=np.int64).reshape(-1, 2)
    lasts = stretches[:, 1] - stretches[:, 0]
    return OpenTime(stretches[:, 0], lasts, np.cumsum(lasts) - lasts)


@dataclass(frozen=True, slots=True)
class Moments:
    """A moment for each row, in epoch seconds; told: whether there is one."""

    seconds: Seconds
    told: NDArray[np.bool_]


def moments_of(column: "pa.ChunkedArray[Any]") -> Moments:
    """The moments in a column of whole seconds, which may be null."""
    return Moments(integers(column, 0), column.is_valid().to_numpy())


def integers(column: "pa.ChunkedArray[Any]", instead: int) -> Seconds:
    """A column of integers; instead: of null."""
    filled = column.fill_null(cast("Any", instead)).to_numpy()
    return np.asarray(filled, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Counted:
    """A calendar for each row: codes are places in the list of calendars' versions."""

    codes: Seconds
    versions: tuple[str, ...]

    def readings(self, known: Mapping[str, OpenTime], moments: Moments) -> "pa.Array[Any]":
        """C(t) of each row's moment; null where there is no moment, no calendar, or the moment
        lies before its first opening.
        """
        found = np.zeros(len(self.codes), np.int64)
        certain = np.zeros(len(self.codes), np.bool_)
        for code, version in enumerate(self.versions):
            of = known[version]
            rows = np.flatnonzero(moments.told & (self.codes == code))
            places = np.searchsorted(of.opens, moments.seconds[rows], side="right") - 1
            rows, places = rows[places >= 0], places[places >= 0]
            into = np.minimum(moments.seconds[rows] - of.opens[places], of.lasts[places])
            found[rows] = of.worked[places] + into
            certain[rows] = True
        return pa.array(found, mask=~certain)


def by_edition(
    agencies: "pa.ChunkedArray[Any]",
    numbers: Seconds,
    known: Mapping[tuple[str, int], str],
) -> Counted:
    """The calendars of rows with their agency's edition; known: version of each edition."""
    column = coded(agencies)
    names = column.dictionary.to_pylist()
    width = int(numbers.max(initial=NONE)) + 2  # a place for none
    keys, place = different(codes_of(column) * width + numbers + 1, len(names) * width)
    found = [known.get((names[key // width], key % width - 1)) for key in keys.tolist()]
    versions = sorted({each for each in found if each is not None})
    places = [NONE if each is None else versions.index(each) for each in found]
    return Counted(np.array(places, np.int64)[place], tuple(versions))
