"""In which month of a zone moments lie, for whole columns."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from engine.store.columns import from_microseconds, to_microseconds

_OF_YEAR = 12


def months(moments_us: "pa.ChunkedArray[Any]", zone: ZoneInfo) -> "pa.Array[Any]":
    """The month, yyyymm, of each moment in microseconds; null where there is none.

    A month begins once: where a zone sets its clocks back over the first midnight of a month, the
    hour that comes twice belongs to the new month.
    """
    bounds: Any = pc.min_max(moments_us)
    if bounds["min"].as_py() is None:
        return pa.nulls(len(moments_us), pa.int32())
    first, last = (_month(bounds[name].as_py(), zone) for name in ("min", "max"))
    numbers = [divmod(month, _OF_YEAR) for month in range(first, last + 1)]
    named = np.array([year * 100 + month + 1 for year, month in numbers], np.int32)
    begins = [
        to_microseconds(datetime(year, month + 1, 1, tzinfo=zone)) for year, month in numbers[1:]
    ]
    filled: Any = moments_us.fill_null(bounds["min"])
    places = np.searchsorted(np.array(begins, np.int64), filled.to_numpy(), side="right")
    found: pa.Array[Any] = pa.array(named[places], mask=moments_us.is_null().to_numpy())
    return found


def _month(at_us: int, zone: ZoneInfo) -> int:
    """Months since year 0."""
    local = from_microseconds(at_us).astimezone(zone)
    return local.year * _OF_YEAR + local.month - 1
