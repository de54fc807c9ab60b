"""Where the time goes in a whole city: every agency of a lake together, answered from roll-ups.

Nothing here names a dossier or an officer; that is asked of the office that has it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from analysis.facts.facts import Facts
from analysis.lake.open_now import OpenOf, open_now
from analysis.lake.tiles import (
    Months,
    StepSpread,
    Verdicts,
    lateness,
    missing,
    on_time,
    roll_ups,
    step_spreads,
    steps,
)
from engine.store.columns import from_microseconds
from processes.errors import InvalidInput

_MONTHS_OF_YEAR = 12
_USUAL_MONTHS = 12
_HUNDRED = 100


class InvalidMonths(InvalidInput):
    """The last month asked for lies before the first."""

    code = "city.invalid_months"
    vi = "Tháng cuối {last} trước tháng đầu {first}. Chọn lại."
    en = "The last month {last} is before the first, {first}. Choose again."


@dataclass(frozen=True, slots=True)
class Owed:
    """Working seconds of lateness that one step owes. element_id: "" between steps."""

    procedure_code: str
    element_id: str
    name: str
    late_ws: int
    dossiers: int


@dataclass(frozen=True, slots=True)
class Lacking:
    """A component that dossiers lacked when they were handed in; of how many that need it."""

    procedure_code: str
    component: str
    name: str
    returned: int
    required: int


@dataclass(frozen=True, slots=True)
class CityStep:
    """What one step of a procedure did in all agencies. Times are working seconds.

    p50, p80, p95: waiting and handling together, within 2.5 %.
    """

    element_id: str
    name: str
    n: int
    late: int
    late_ws: int
    waiting_ws: int
    handling_ws: int
    paused_ws: int
    limit_ws: int | None
    p50: int
    p80: int
    p95: int


@dataclass(frozen=True, slots=True)
class City:
    """Finished dossiers of every agency over some months (yyyymm, the last one included).

    procedure: only this one; then `steps` are its steps, else there are none. before: as many
    months just before. open: what every agency was still handling when it was refreshed. fresh_at:
    until when every agency's figures are known.
    """

    months: Months
    procedure: str | None
    fresh_at: datetime
    whole: Verdicts
    before: Verdicts
    open: OpenOf
    by_agency: tuple[Verdicts, ...]
    by_month: tuple[Verdicts, ...]
    by_procedure: tuple[Verdicts, ...]
    owed: tuple[Owed, ...]
    lacking: tuple[Lacking, ...]
    steps: tuple[CityStep, ...]


def city(
    lake: Path, first: int | None = None, last: int | None = None, procedure: str | None = None
) -> City:
    """The city over some months; the last twelve that have figures where none are named.

    Refuses a lake that is not there, and months the wrong way round (NoLake, InvalidMonths).
    """
    with roll_ups(lake) as of:
        known = {row["name"] for row in of.rows(_VIEWS)}
        months = _months(of, first, last, "dossier_month" in known)
        verdicts = on_time if "dossier_month" in known else _no_verdicts
        by_month = verdicts(of, months, "month", procedure)
        return City(
            months,
            procedure,
            from_microseconds(of.fresh_us).astimezone(of.zone),
            _summed(by_month),
            _summed(verdicts(of, _before(months), "month", procedure)),
            _all_open(open_now(lake, procedure)),
            verdicts(of, months, "agency", procedure),
            by_month,
            () if procedure else verdicts(of, months, "procedure"),
            tuple(_owed(of, months, procedure)) if "lateness_month" in known else (),
            tuple(_lacking(of, months, procedure)) if "missing_month" in known else (),
            tuple(_steps(of, months, procedure)) if procedure and "step_bins" in known else (),
        )


def _all_open(of_agencies: tuple[OpenOf, ...]) -> OpenOf:
    sums = (sum(getattr(each, name) for each in of_agencies) for name in _OPEN)
    return OpenOf("", *sums)


_OPEN = ("within", "overdue", "paused")
_VIEWS = "select view_name as name from duckdb_views() where not internal"
"""The roll-ups that have rows; a young lake has not all of them."""


def _no_verdicts(*_: object) -> tuple[Verdicts, ...]:
    return ()


def _months(of: Facts, first: int | None, last: int | None, finished: bool) -> Months:
    if last is None:
        newest = "select max(month) as month from dossier_month"
        last = int(of.rows(newest)[0]["month"]) if finished else _month_of(of)
        last = max(last, first or 0)
    months = moved(last, 1 - _USUAL_MONTHS) if first is None else first, last
    if months[0] > months[1]:
        raise InvalidMonths(first=spelt(months[0]), last=spelt(months[1]))
    return months


def moved(month: int, by: int) -> int:
    """A month (yyyymm) so many months later.

    >>> moved(202601, -1), moved(202611, 3)
    (202512, 202702)
    """
    whole = month // _HUNDRED * _MONTHS_OF_YEAR + month % _HUNDRED - 1 + by
    return whole // _MONTHS_OF_YEAR * _HUNDRED + whole % _MONTHS_OF_YEAR + 1


def spelt(month: int) -> str:
    """As people write it.

    >>> spelt(202603)
    '03/2026'
    """
    return f"{month % _HUNDRED:02d}/{month // _HUNDRED}"


def _month_of(of: Facts) -> int:
    known = from_microseconds(of.fresh_us).astimezone(of.zone)
    return known.year * _HUNDRED + known.month


def _before(months: Months) -> Months:
    first, last = months
    years, parts = last // _HUNDRED - first // _HUNDRED, last % _HUNDRED - first % _HUNDRED
    return moved(first, -(years * _MONTHS_OF_YEAR + parts + 1)), moved(first, -1)


def _summed(groups: Iterable[Verdicts]) -> Verdicts:
    counts = [(g.n, g.early, g.on_time, g.late, g.late_ws) for g in groups]
    return Verdicts("", *(sum(each) for each in zip(*counts, strict=True))) if counts else _NONE


_NONE = Verdicts("", 0, 0, 0, 0, 0)


def _owed(of: Facts, months: Months, procedure: str | None) -> Iterable[Owed]:
    for row in lateness(of, months, procedure):
        if row["late_ws"]:
            yield Owed(**row)


def _lacking(of: Facts, months: Months, procedure: str | None) -> Iterable[Lacking]:
    names = ("procedure_code", "component", "name", "returned", "required")
    for row in missing(of, months, procedure):
        if row["returned"]:
            yield Lacking(**{name: row[name] for name in names})


def _steps(of: Facts, months: Months, procedure: str) -> Iterable[CityStep]:
    spread = {each.element_id: each for each in step_spreads(of, months, procedure)}
    for row in steps(of, months, procedure):
        how = spread.get(row["element_id"])
        if how is not None:
            yield _step(row, how)


def _step(row: dict[str, Any], how: StepSpread) -> CityStep:
    names = ("element_id", "name", "n", "late", "late_ws", "waiting_ws", "handling_ws")
    told = {name: row[name] for name in (*names, "paused_ws", "limit_ws")}
    return CityStep(**told, p50=how.p50, p80=how.p80, p95=how.p95)
