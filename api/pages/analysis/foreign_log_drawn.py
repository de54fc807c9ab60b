"""What a foreign log said, made ready to be drawn: words for times, the mapping, heat on steps."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal

import orjson

from api.pages.visit import Entered, Visit

Heat = Literal["since", "total", "runs", "waiting", "handling"]
HEATS: Mapping[Heat, tuple[str, str]] = {
    "since": ("Từ bước trước", "Since the step before"),
    "total": ("Tổng thời gian", "Time in all"),
    "waiting": ("Chờ", "Waiting"),
    "handling": ("Xử lý", "Handling"),
    "runs": ("Số lượt", "Runs"),
}
BY_NAME, UNMAPPED, LEFT_OUT, STEP = "name", "", "out", "step:"
"""Values of the select of an activity; a step's element follows STEP."""
_FEWEST_ROWS, _MOST_ROWS = 30, 500
_MOST_CHOICES = 30_000  # of all selects of a page
_LEVELS = 6
_VIETNAMESE = str.maketrans(",.", ".,")
_UNITS = (("ngày", "d", 86_400), ("giờ", "h", 3_600), ("phút", "min", 60))


@dataclass(frozen=True, slots=True)
class MappingRow:
    """An activity and what it is now. chosen: value of the select. by_name: the steps that its name
    says. how: "name" | "told" | "proposed" | "none".
    """

    activity: str
    runs: int
    chosen: str
    by_name: tuple[str, ...]
    how: Literal["name", "told", "proposed", "none"]


def mapping_rows(found: Mapping[str, Any], told: Mapping[str, str]) -> tuple[MappingRow, ...]:
    """The activities of a log that was laid against a diagram, those without a step first.

    told: what was mapped by hand for it.
    """
    laid = found.get("conformance")
    if laid is None:
        return ()
    runs = {row["activity"]: row["runs"] for row in found["activities_table"]}
    rows = [_row(name, n, laid, told) for name, n in runs.items()]
    order = {"none": 0, "proposed": 1, "told": 2, "name": 3}
    rows.sort(key=lambda row: (order[row.how], -row.runs, row.activity))
    most = min(_MOST_ROWS, _MOST_CHOICES // max(1, len(laid["steps"])))
    return tuple(rows[: max(_FEWEST_ROWS, most)])


def _row(name: str, n: int, laid: Mapping[str, Any], told: Mapping[str, str]) -> MappingRow:
    elements = tuple(laid["elements"].get(name, ()))
    if name in told:
        chosen = STEP + told[name] if told[name] else LEFT_OUT
        return MappingRow(name, n, chosen, (), "told")
    if elements:
        return MappingRow(name, n, BY_NAME, elements, "name")
    if guess := laid["proposed"].get(name):
        return MappingRow(name, n, STEP + guess, (), "proposed")
    return MappingRow(name, n, UNMAPPED, (), "none")


def told_mapping(form: Entered, before: Mapping[str, str] = MappingProxyType({})) -> dict[str, str]:
    """Activity -> element as the form's selects say; "" where it is left out.

    before: what was told of activities that the form does not show. Names come as JSON texts:
    browsers change line ends within fields.
    """
    found = dict(before)
    for number, written in form.starting("activity:").items():
        try:
            activity = str(orjson.loads(written))
        except orjson.JSONDecodeError:
            continue
        found.pop(activity, None)
        chosen = form.text(f"step:{number}")
        if chosen == LEFT_OUT:
            found[activity] = ""
        elif chosen.startswith(STEP):
            found[activity] = chosen.removeprefix(STEP)
    return found


def heats_of(found: Mapping[str, Any]) -> tuple[Heat, ...]:
    """What can be drawn: waiting and handling only where the log tells them apart."""
    rows = found["activities_table"]
    apart = {"waiting": "waiting_seconds", "handling": "handling_seconds"}
    return tuple(h for h in HEATS if h not in apart or any(row[apart[h]] for row in rows))


def heat_of(seen: Visit, found: Mapping[str, Any], heat: Heat) -> dict[str, Any]:
    """The facts of the log laid over the diagram; activities of one step are added up."""
    of_step: dict[str, list[Mapping[str, Any]]] = {}
    elements = found["conformance"]["elements"]
    for row in found["activities_table"]:
        for element in elements.get(row["activity"], ()):
            of_step.setdefault(element, []).append(row)
    values = {element: _value(rows, heat) for element, rows in of_step.items()}
    highest = max((v for v in values.values() if v is not None), default=0.0)
    return {
        "mode": "heat",
        "scaleTitle": f"{seen.t(*HEATS[heat])}:",
        "scale": [
            f"≤ {_written(seen, highest * (level + 1) / _LEVELS, heat)}" for level in range(_LEVELS)
        ],
        "elements": {
            element: {
                "level": str(_level(values[element], highest)),
                "label": _written(seen, values[element], heat),
                "title": _sentence(seen, rows),
            }
            for element, rows in of_step.items()
        },
    }


def _value(rows: Sequence[Mapping[str, Any]], heat: Heat) -> float | None:
    """Means of all runs together, so that activities of one step add up to it."""
    if heat == "runs":
        return float(sum(row["runs"] for row in rows))
    if heat == "total":
        return float(sum(row["sum_seconds"] for row in rows))
    if heat == "since":
        return _mean([(row["sum_seconds"], row["n"]) for row in rows])
    spreads = [spread for row in rows if (spread := row[f"{heat}_seconds"])]
    return _mean([(spread["sum"], spread["n"]) for spread in spreads])


def _mean(parts: Sequence[tuple[float, int]]) -> float | None:
    n = sum(n for _, n in parts)
    return sum(value for value, _ in parts) / n if n else None


def _level(value: float | None, highest: float) -> int:
    if not value or not highest:
        return 0
    return min(_LEVELS - 1, int(value / highest * _LEVELS))


def _written(seen: Visit, value: float | None, heat: Heat) -> str:
    if heat == "runs":
        return number(seen, int(value or 0))
    return elapsed(seen, value)


def _sentence(seen: Visit, rows: Sequence[Mapping[str, Any]]) -> str:
    runs = number(seen, sum(row["runs"] for row in rows))
    since = elapsed(seen, _value(rows, "since"))
    total = elapsed(seen, _value(rows, "total"))
    called = "; ".join(row["activity"][:60] for row in rows[:3])
    return seen.t(
        f"{runs} lượt của “{called}”, trung bình {since} từ bước trước, tổng {total}",
        f"{runs} runs of '{called}', {since} since the step before on average, {total} in all",
    )


def number(seen: Visit, value: int) -> str:
    return f"{value:,}".replace(",", "." if seen.language == "vi" else ",")


def elapsed(seen: Visit, seconds: float | None) -> str:
    """Wall-clock time in the largest unit that it fills; a day has 24 hours."""
    if seconds is None:
        return "–"
    for vi, en, length in _UNITS:
        if abs(seconds) >= length:
            return f"{_decimal(seen, seconds / length)} {seen.t(vi, en)}"
    return f"{_decimal(seen, seconds)} {seen.t('giây', 's')}"


def share(seen: Visit, value: float | None) -> str:
    """A part of the whole as per cent, cut off and never rounded up."""
    return "–" if value is None else f"{_decimal(seen, int(value * 1000) / 10)}%"


def _decimal(seen: Visit, value: float) -> str:
    text = f"{value:,.1f}"
    return text.translate(_VIETNAMESE) if seen.language == "vi" else text
