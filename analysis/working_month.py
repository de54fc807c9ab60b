"""Months in SQL, the same on every database: a moment is placed by comparing with month starts."""

from datetime import date
from typing import Any

from sqlalchemy import case

from analysis.period import Period


def month_of(column: Any, period: Period) -> Any:
    """The month (yyyymm) of a moment within the period, in the office's zone."""
    branches = []
    year, month = period.first.year, period.first.month
    while (year, month) <= (period.last.year, period.last.month):
        following = (year + month // 12, month % 12 + 1)
        end = Period(date(year, month, 1), date(*following, 1)).last
        branches.append((column < Period(end, end).start, year * 100 + month))
        year, month = following
    return case(*branches)
