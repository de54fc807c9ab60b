"""Two periods, versions or units of one procedure beside each other: did it really change?"""

from dataclasses import replace
from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, Response

from analysis.comparison.drift import drift
from analysis.comparison.durations import compare_dossiers, compare_steps
from analysis.comparison.on_time import compare_on_time
from analysis.comparison.side import USUAL, Side
from analysis.comparison.ways import compare_ways, way_mark
from analysis.facts.facts import Facts
from analysis.period import Period
from analysis.queues.scope import Scope
from analysis.survival.observed import Picked
from api.measure_rows import plain
from api.pages.analysis.filters import USUAL_DAYS, Days
from api.pages.analysis.habits import flags_of, habit_words
from api.pages.analysis.rooms import Room, fresh, head, room_of
from api.pages.frame import address, page
from api.pages.visit import Visit, Visiting
from api.table_files import table_file
from engine.procedure_version import VersionRecord, versions_of
from engine.store.columns import from_microseconds

router = APIRouter()
By = Literal["before", "year", "version", "unit"]
WORDS: dict[By, tuple[str, str]] = {
    "before": ("Với kỳ liền trước", "With the period before"),
    "year": ("Với cùng kỳ năm trước", "With the same period a year ago"),
    "version": ("Hai phiên bản", "Two versions"),
    "unit": ("Hai đơn vị", "Two units"),
}
_MOST_WAYS = 6
_LISTS = "/dossiers/counted"
Chosen = Annotated[str, Query(max_length=80)]


@router.get("/analysis/{code}/compare")
def compare_page(
    seen: Visiting,
    code: str,
    days: Days = USUAL_DAYS,
    first: str = "",
    last: str = "",
    by: By = "before",
    a: Chosen = "",
    b: Chosen = "",
) -> HTMLResponse:
    room = room_of(seen, "compare", code, days, first, last)
    choices = _choices(seen, room, by)
    one, other = _sides(room, by, choices, a, b)
    with seen.facts() as facts:
        context: dict[str, Any] = head(seen, room, facts)
        context["flags"] = flags_of(seen, facts, room.scope)
        if one is not None and other is not None:
            context |= _compared(facts, one, other, room)
    own = room.filters.query
    return page(
        seen,
        "analysis_compare.html",
        **context,
        by=by,
        kinds=[
            (
                address(room.action, **own, by="" if kind == "before" else kind),
                seen.t(*words),
                kind == by,
            )
            for kind, words in WORDS.items()
        ],
        kept={} if by == "before" else {"by": by, **({"a": a, "b": b} if a or b else {})},
        choices=choices,
        one=one,
        other=other,
        unknown=[side for side in (a, b) if side and side not in dict(choices)],
        picked=(
            a or (choices[0][0] if choices else ""),
            b or (choices[1][0] if choices[1:] else ""),
        ),
        gates=USUAL,
        habit_words=habit_words(seen),
        list_of_side=_list_of_side,
        list_of_all=_list_of_all(room.procedure.code),
        taken_along=[
            (
                kind,
                address(f"{room.action}.{kind}", **own, by="" if by == "before" else by, a=a, b=b),
            )
            for kind in ("csv", "xlsx")
        ],
    )


@router.get("/analysis/{code}/compare.{kind}")
def compare_table(
    seen: Visiting,
    code: str,
    kind: Literal["csv", "xlsx"],
    days: Days = USUAL_DAYS,
    first: str = "",
    last: str = "",
    by: By = "before",
    a: Chosen = "",
    b: Chosen = "",
) -> Response:
    """What the page compares, one line a measure, for spreadsheets."""
    room = room_of(seen, "compare", code, days, first, last)
    room.filters.certain()
    one, other = _sides(room, by, _choices(seen, room, by), a, b)
    with seen.facts() as facts:
        rows = [] if one is None or other is None else _lines(facts, one, other, room)
    return table_file(kind, f"compare-{room.procedure.code}-{by}", rows)


def _lines(facts: Facts, a: Side, b: Side, room: Room) -> list[dict[str, Any]]:
    """On time, whole dossiers, each step, each way; a column that does not apply is empty."""
    found = _compared(facts, a, b, room)
    sides = {"a": a.name, "b": b.name}
    of_steps = [
        {
            "measure": "step",
            **sides,
            "element_id": s.element_id,
            "name": s.name,
            **plain(s.durations),
        }
        for s in found["steps"]
    ]
    of_ways = [
        {"measure": "way", **sides, "name": " > ".join(way), "n_a": n_a, "n_b": n_b}
        for way, n_a, n_b in found["every_way"]
    ]
    fresh_at = fresh(facts).isoformat()
    rows = (
        {"measure": "on_time", **sides, "share": plain(found["on_time"])},
        {"measure": "dossiers", **sides, **plain(found["durations"])},
        *of_steps,
        {"measure": "ways", **sides, "p": found["ways_p"]},
        *of_ways,
    )
    return [row | {"fresh_at": fresh_at} for row in rows]


def _list_of_side(
    side: Side, counted: str, step: str = "", way: tuple[str, ...] = ()
) -> str | None:
    """What of a side a number counts: of a period, a version or a unit."""
    picked = side.picked
    if picked.from_us is None or picked.to_us is None:
        return None
    period = Scope(picked.from_us, picked.to_us).period
    asked = {
        "counted": counted,
        "procedure": picked.procedure_code,
        "version": picked.version_id,
        "unit": picked.unit,
        "step": step,
        "way": way_mark(way) if way else "",
    }
    return address(_LISTS, **asked, first=period.first, last=period.last)


def _list_of_all(code: str) -> str:
    """The dossiers in which changes are looked for, of all time."""
    first, last = date(2000, 1, 1), date(2100, 12, 31)
    return address(_LISTS, counted="walked", procedure=code, first=first, last=last)


def _compared(facts: Facts, a: Side, b: Side, room: Room) -> dict[str, Any]:
    found = compare_ways(facts, a, b)
    return {
        "on_time": compare_on_time(facts, a, b),
        "durations": compare_dossiers(facts, a, b),
        "steps": compare_steps(facts, a, b),
        "ways": found.ways[:_MOST_WAYS],
        "ways_left": max(0, len(found.ways) - _MOST_WAYS),
        "every_way": found.ways,
        "ways_p": found.p,
        "names": _names(facts, room.scope),
        "when": lambda us: from_microseconds(us).astimezone(facts.zone),
        "drift": drift(facts, Picked(procedure_code=room.procedure.code)),
    }


def _names(facts: Facts, scope: Scope) -> dict[str, str]:
    """What people call the steps."""
    rows = facts.rows(
        "select element_id, max(name) as name from step_interval where procedure_code = $code "
        "group by element_id",
        code=scope.procedure_code,
    )
    return {row["element_id"]: row["name"] for row in rows}


def _choices(seen: Visit, room: Room, by: By) -> list[tuple[str, str]]:
    """What may be set against each other: value and words; none where periods are compared."""
    if by == "unit":
        with seen.facts() as facts:
            received = _received(facts, room)
        return sorted(room.units.items(), key=lambda each: (-received.get(each[0], 0), each[1]))
    if by == "version":
        with seen.office.database.read() as connection:
            known = versions_of(connection, seen.actor, room.procedure.procedure_id)
        published = [version for version in known if version.published_at is not None]
        return [
            (
                str(version.version_id),
                seen.t(f"Phiên bản {version.number}", f"Version {version.number}"),
            )
            for version in _latest_two_first(published)
        ]
    return []


def _received(facts: Facts, room: Room) -> dict[str, int]:
    """How many dossiers of the procedure each unit received in the period."""
    where, values = room.scope.dossiers("received_us")
    rows = facts.rows(
        f"select receiving_unit as unit, count(*) as n from dossier_fact where {where} "  # noqa: S608  # ours
        "group by receiving_unit",
        **values,
    )
    return {row["unit"] or "": int(row["n"]) for row in rows}


def _latest_two_first(versions: list[VersionRecord]) -> list[VersionRecord]:
    """The one before the latest, the latest, then the others: what is shown before one chooses."""
    rising = sorted(versions, key=lambda version: version.number)
    return [*rising[-2:], *rising[:-2]]


def _sides(
    room: Room, by: By, choices: list[tuple[str, str]], a: str, b: str
) -> tuple[Side | None, Side | None]:
    """The two sides; None where there is nothing to choose, or the choice is none of them."""
    period = room.filters.period
    if by in ("before", "year"):
        former = period.before() if by == "before" else _a_year_before(period)
        return _of_period(room, former), _of_period(room, period)
    if len(choices) < 2:  # noqa: PLR2004  # two sides
        return None, None
    words = dict(choices)
    made = []
    for value in (a or choices[0][0], b or choices[1][0]):
        if value not in words:
            return None, None
        side = _of_period(room, period)
        picked = (
            replace(side.picked, unit=value)
            if by == "unit"
            else replace(side.picked, version_id=value)
        )
        made.append(Side(words[value], picked))
    return made[0], made[1]


def _of_period(room: Room, period: Period) -> Side:
    scope = Scope.of(period)
    name = f"{period.first:%d/%m/%Y} – {period.last:%d/%m/%Y}"
    picked = Picked(procedure_code=room.procedure.code, from_us=scope.start_us, to_us=scope.end_us)
    return Side(name, picked)


def _a_year_before(period: Period) -> Period:
    """The same days of the year before; 29 February becomes the 28th."""
    days = [
        each.replace(year=each.year - 1, day=28 if (each.month, each.day) == (2, 29) else each.day)
        for each in (period.first, period.last)
    ]
    return Period(*days)
