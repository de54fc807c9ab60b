"""The line of months: the on-time rate through a year at least."""

from typing import Any

from analysis.on_time import Group
from analysis.period import Period
from api.pages.analysis.lists import between
from api.pages.visit import Visit

_YEAR_DAYS = 365


def year_of(period: Period) -> Period:
    """What the line of months shows: a year at least, up to the period's last day."""
    return Period.last_days(period.last, max(period.days, _YEAR_DAYS))


def series(seen: Visit, months: tuple[Group, ...]) -> dict[str, Any]:
    """The on-time line with its interval: percent per month, gaps where nothing finished."""
    bounds = [between(m.verdicts) if m.verdicts.judged else (None, None) for m in months]
    return {
        "x": [f"{m.key[:4]}-{m.key[4:]}-01" for m in months],
        "xLabel": seen.t("tháng", "month"),
        "xMonths": True,
        "yLabel": seen.t("% đúng hạn", "% on time"),
        "series": [
            {
                "label": seen.t("đúng hạn", "on time"),
                "values": [
                    None if m.verdicts.rate.percent is None else float(m.verdicts.rate.percent)
                    for m in months
                ],
                "low": [low for low, _ in bounds],
                "high": [high for _, high in bounds],
            }
        ],
    }
