"""Heat on the drawing: one measure of each step as a colour, and always as a number."""

from typing import Any, Literal

from analysis.step_durations import StepDurations
from api.pages.visit import Visit

Metric = Literal["pressure", "waiting", "handling", "late", "returned"]
METRICS: dict[Metric, tuple[str, str]] = {
    "pressure": ("So với thời hạn", "Against the limit"),
    "waiting": ("Chờ", "Waiting"),
    "handling": ("Xử lý", "Handling"),
    "late": ("Lượt trễ", "Late runs"),
    "returned": ("Trả lại", "Sent back"),
}
_TITLES: dict[Metric, tuple[str, str]] = {
    "pressure": (
        "95% lượt xong trong bao lâu, so với thời hạn",
        "How long 95% of the runs take, against the limit",
    ),
    "waiting": ("Một nửa số lượt chờ bao lâu rồi mới có người nhận", "Median time before pickup"),
    "handling": ("Một nửa số lượt xử lý trong bao lâu", "Median time in somebody's hands"),
    "late": ("Bao nhiêu lượt quá thời hạn của bước", "How many runs were past the step's limit"),
    "returned": ("Bao nhiêu lượt bị trả lại bước trước", "How many runs were sent back from here"),
}
_OF_LIMIT = (0.5, 0.75, 0.9, 1.0, 1.5)  # bounds of the six colours, of the limit
_LEVELS = 6


def heat_title(seen: Visit, metric: Metric) -> str:
    return seen.t(*_TITLES[metric])


def heat_overlay(seen: Visit, steps: tuple[StepDurations, ...], metric: Metric) -> dict[str, Any]:
    """The facts laid over the drawing; what the colours mean goes with them."""
    highest = max((_value(step, metric) for step in steps), default=0.0)
    elements = {
        step.element_id: {
            "level": str(_level(_value(step, metric), highest, metric)),
            "label": _label(seen, step, metric),
            "title": _sentence(seen, step),
            **(
                {"late": seen.t(f"{step.late} trễ", f"{step.late} late")}
                if step.late and metric == "pressure"
                else {}
            ),
        }
        for step in steps
    }
    overlay: dict[str, Any] = {
        "mode": "heat",
        "elements": elements,
        "scaleTitle": f"{heat_title(seen, metric)}:",
    }
    if metric != "pressure":
        overlay["scale"] = [_share(seen, level, highest, metric) for level in range(_LEVELS)]
    return overlay


def _value(step: StepDurations, metric: Metric) -> float:
    if metric == "pressure":
        return step.pressure or 0.0
    if metric == "late":
        return float(step.late)
    if metric == "returned":
        return float(step.returned)
    return float(step.waiting.p50 if metric == "waiting" else step.handling.p50)


def _level(value: float, highest: float, metric: Metric) -> int:
    if metric == "pressure":
        return sum(value > bound for bound in _OF_LIMIT)
    if not highest:
        return 0
    return min(_LEVELS - 1, int(value / highest * _LEVELS))


def _label(seen: Visit, step: StepDurations, metric: Metric) -> str:
    if metric == "pressure":
        limit = _hours(seen, step.limit_ws) if step.limit_ws else "–"
        return f"{_hours(seen, step.sojourn.p95)} / {limit}"
    if metric in ("late", "returned"):
        return f"{_value(step, metric):.0f} / {step.n}"
    return _hours(seen, _value(step, metric))


def _share(seen: Visit, level: int, highest: float, metric: Metric) -> str:
    """What a colour means where it is a share of the highest value on the drawing."""
    upper = highest * (level + 1) / _LEVELS
    if metric in ("late", "returned"):
        return f"≤ {upper:.0f}"
    return f"≤ {_hours(seen, upper)}"


def _hours(seen: Visit, seconds: float) -> str:
    hours = f"{seconds / 3600:.1f}".removesuffix(".0").replace(".", seen.t(",", "."))
    return f"{hours} {seen.t('giờ', 'h')}"


def _sentence(seen: Visit, step: StepDurations) -> str:
    done = _hours(seen, step.sojourn.p95)
    limit_vi = f", thời hạn {_hours(seen, step.limit_ws)}" if step.limit_ws else ""
    limit_en = f", limit {_hours(seen, step.limit_ws)}" if step.limit_ws else ""
    return seen.t(
        f"{step.n} lượt, 95% xong trong {done} làm việc{limit_vi}, {step.late} lượt trễ, "
        f"{step.returned} lượt trả lại",
        f"{step.n} runs, 95% done within {done} of work{limit_en}, {step.late} late, "
        f"{step.returned} sent back",
    )
