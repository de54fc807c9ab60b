"""A year of the calendar as a page shows it: twelve months, the weeks' hours, the rules."""

from calendar import monthcalendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from engine.calendar import Calendar
from engine.working_calendar.layer import DayRule, Layer, Level

_NEAR_DAYS, _DECEMBER = 60, 12


@dataclass(frozen=True, slots=True)
class Day:
    """One day of a month. rule: what makes it exceptional; works: whether the office opens."""

    day: date
    works: bool
    today: bool
    rule: DayRule | None


@dataclass(frozen=True, slots=True)
class Month:
    """weeks: Monday to Sunday; None where the month has no such day."""

    number: int
    working_days: int
    weeks: list[list[Day | None]]


def months(
    counted: Calendar, year: int, today: date, layers: Sequence[Layer], unit: str
) -> list[Month]:
    """The twelve months; days outside of the calendar do not work."""
    rules = rules_by_day(layers, unit)
    found = []
    for number in range(1, 13):
        weeks = [
            [_day(counted, year, number, each, today, rules) if each else None for each in week]
            for week in monthcalendar(year, number)
        ]
        working = sum(day.works for week in weeks for day in week if day)
        found.append(Month(number, working, weeks))
    return found


def _day(
    counted: Calendar, year: int, month: int, number: int, today: date, rules: dict[date, DayRule]
) -> Day:
    day = date(year, month, number)
    known = counted.first_day <= day <= counted.last_day
    return Day(day, known and counted.is_working_day(day), day == today, rules.get(day))


def rules_by_day(layers: Sequence[Layer], unit: str) -> dict[date, DayRule]:
    """The rule that counts on each exceptional day: that of the layer nearest to the unit."""
    return {
        stated.day: rule
        for layer in layers
        if layer.level is not Level.UNIT or layer.unit == unit
        for rule in layer.days
        for stated in rule.exceptions()
    }


def rules_of_year(layers: Sequence[Layer], year: int, unit: str) -> list[tuple[Layer, DayRule]]:
    """Rules with a day in the year, in their order, each with its layer."""
    found = [
        (layer, rule)
        for layer in layers
        if layer.level is not Level.UNIT or not unit or layer.unit == unit
        for rule in layer.days
        if rule.first.year <= year <= rule.last.year
    ]
    return sorted(found, key=lambda pair: (pair[1].first, pair[0].key))


def weeks_of(counted: Calendar, year: int) -> list[tuple[date, tuple[Any, ...]]]:
    """The patterns of the week that hold in the year, each with the day it begins."""
    begun = [pattern for pattern in counted.patterns if pattern.valid_from <= date(year, 12, 31)]
    later = [pattern for pattern in begun if pattern.valid_from > date(year, 1, 1)]
    first = [pattern for pattern in begun if pattern.valid_from <= date(year, 1, 1)][-1:]
    return [(pattern.valid_from, pattern.days) for pattern in (*first, *later)]


def undecided_soon(calendar: Calendar, now: datetime) -> list[int]:
    """Years with a day off that is not decided and near: within 60 days, in December the next year.

    Due times that lie behind such a day may still move.
    """
    today = calendar.local(now).date()
    near = today + timedelta(days=_NEAR_DAYS)
    if today.month == _DECEMBER:
        near = max(near, date(today.year + 1, 12, 31))
    return sorted({each.day.year for each in calendar.undecided_days if today <= each.day <= near})
