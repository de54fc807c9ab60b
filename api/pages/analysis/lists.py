"""Where the dossiers behind the numbers of a table of verdicts are listed."""

import calendar
from collections.abc import Callable
from datetime import date

from analysis.comparison.intervals import wilson
from analysis.on_time import Group, Verdicts
from analysis.period import Period
from api.pages.analysis.filters import Filters
from api.pages.frame import address

ListOf = Callable[[Group, str], str | None]
"""The address of the list of a row's `early`, `on_time` or `late`; None where there is none."""
_LISTS = "/dossiers/counted"


def of_cell(filters: Filters, cell: str, procedure: str = "") -> str:
    """The dossiers in a cell of form 06a, of all procedures or of one."""
    period = {"first": filters.period.first, "last": filters.period.last}
    of_row = {"by": "procedure", "key": procedure} if procedure else {}
    return address(_LISTS, report="06a", cell=cell, **of_row, **period)


def of_procedures(filters: Filters) -> ListOf:
    return lambda group, verdict: of_cell(filters, verdict, group.key) if group.key else None


def of_units(filters: Filters, procedure: str = "") -> ListOf:
    """Of runs of steps; those of no fixed unit have no list of their own."""

    def list_of(group: Group, verdict: str) -> str | None:
        asked = {"counted": f"step_{verdict}", "procedure": procedure, "unit": group.key}
        return address(_LISTS, **asked, **filters.query) if group.key else None

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
    """The interval of the on-time share, in percent (Wilson 1927, 95 %)."""
    found = wilson(verdicts.rate.part, verdicts.rate.whole)
    return round(found.low * 100, 1), round(found.high * 100, 1)
