"""Where the dossiers behind the numbers of a table of verdicts are listed."""

import calendar
from collections.abc import Callable
from datetime import date
from math import ceil, floor

from analysis.comparison.intervals import wilson
from analysis.counted.question import NOBODYS
from analysis.on_time import Group, Verdicts
from analysis.period import Period
from api.pages.analysis.filters import Filters
from api.pages.frame import address

ListOf = Callable[[Group, str], str | None]
"""The address of the list of a row's verdict (`early`, `on_time`, `late`, `in_time`, `judged`);
None where there is none."""
_LISTS = "/dossiers/counted"


def of_cell(filters: Filters, cell: str, procedure: str = "") -> str:
    """The dossiers in a cell of form 06a, of all procedures or of one."""
    period = {"first": filters.period.first, "last": filters.period.last}
    of_row = {"by": "procedure", "key": procedure} if procedure else {}
    return address(_LISTS, report="06a", cell=cell, **of_row, **period)


def of_procedures(filters: Filters) -> ListOf:
    cells = {"judged": "resolved"}
    return lambda group, verdict: (
        of_cell(filters, cells.get(verdict, verdict), group.key) if group.key else None
    )


def of_units(filters: Filters, procedure: str = "") -> ListOf:
    """Of runs of steps."""

    def list_of(group: Group, verdict: str) -> str | None:
        unit = group.key or NOBODYS
        asked = {"counted": f"step_{verdict}", "procedure": procedure, "unit": unit}
        return address(_LISTS, **asked, **filters.query)

    return list_of


def of_months(shown: Period, procedure: str = "") -> ListOf:
    """Of each month what of it is in the period shown."""

    def list_of(group: Group, verdict: str) -> str:
        year, month = int(group.key[:4]), int(group.key[4:])
        days = {
            "first": max(shown.first, date(year, month, 1)),
            "last": min(shown.last, date(year, month, calendar.monthrange(year, month)[1])),
        }
        return address(_LISTS, counted=verdict, procedure=procedure, **days)

    return list_of


def between(verdicts: Verdicts) -> tuple[float, float]:
    """The interval of the on-time share, in percent, rounded outwards (Wilson 1927, 95 %)."""
    found = wilson(verdicts.rate.part, verdicts.rate.whole)
    return floor(found.low * 1000) / 10, ceil(found.high * 1000) / 10
