"""The line of months: the on-time rate through a year at least."""

from typing import Any

from analysis.on_time import Group
from analysis.period import Period
from api.pages.analysis.lists import ListOf, between
from api.pages.frame import address, address_of
from api.pages.visit import Visit

_YEAR_DAYS = 365


def year_of(period: Period) -> Period:
    """What the line of months shows: a year at least, up to the period's last day."""
    return Period.last_days(period.last, max(period.days, _YEAR_DAYS))


def series(seen: Visit, months: tuple[Group, ...], list_of: ListOf | None = None) -> dict[str, Any]:
    """The on-time line with its interval: percent per month, gaps where nothing finished.

    list_of: where what was judged in a month is listed; a point leads there.
    """
    bounds = [between(m.verdicts) if m.verdicts.judged else (None, None) for m in months]
    return {
        "x": [f"{m.key[:4]}-{m.key[4:]}-01" for m in months],
        "xLabel": seen.t("tháng", "month"),
        "xMonths": True,
        **_keys(seen, months, list_of),
        "yLabel": seen.t("% đúng hạn", "% on time"),
        "top": 100,
        "series": [
            {
                "label": seen.t("đúng hạn", "on time"),
                "values": [
                    None if m.verdicts.rate.percent is None else float(m.verdicts.rate.percent)
                    for m in months
                ],
                "low": [low for low, _ in bounds],
                "high": [high for _, high in bounds],
                **({"link": "{x}"} if list_of else {}),
            }
        ],
    }


def _keys(seen: Visit, months: tuple[Group, ...], list_of: ListOf | None) -> dict[str, Any]:
    """Of each month the address of what was judged in it."""
    if list_of is None:
        return {}
    back = address("", back=address_of(seen.request))[1:]
    return {"keys": [f"{list_of(month, 'judged')}&{back}" for month in months]}
