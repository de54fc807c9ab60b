"""The measures by their names, as the doors offer them: JSON, a table for spreadsheets, a page."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from analysis.facts.facts import Facts
from analysis.queues.attribution import lateness_by_step
from analysis.queues.causes import waiting_causes
from analysis.queues.data_quality import data_quality
from analysis.queues.missing import missing_components
from analysis.queues.open_hours import OpenHours
from analysis.queues.outliers import outliers
from analysis.queues.queue import queues
from analysis.queues.repeats import repeated_steps, returned_dossiers, sent_back
from analysis.queues.scope import Scope
from analysis.queues.step_times import step_times
from analysis.queues.utilisation import utilisation
from analysis.queues.weekdays import by_weekday
from analysis.survival.late_risk import late_risks

DEFINITIONS = 1
"""Counts up when a measure means something else than before."""

Hours = Mapping[str, OpenHours]
Measured = Callable[[Facts, Scope, Hours], Iterable[Any]]


class MeasureName(StrEnum):
    """What can be asked for."""

    STEPS = "steps"
    CAUSES = "causes"
    POSITIONS = "positions"
    QUEUE = "queue"
    ATTRIBUTION = "attribution"
    MISSING = "missing"
    RETURNED = "returned"
    REPEATED = "repeated"
    SENT_BACK = "sent-back"
    WEEKDAYS = "weekdays"
    OUTLIERS = "outliers"
    AT_RISK = "at-risk"
    QUALITY = "quality"


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure: what it says, and how it is worked out."""

    vi: str
    en: str
    rows: Measured


MEASURES: Mapping[MeasureName, Measure] = {
    MeasureName.STEPS: Measure(
        "Chờ, xử lý, tạm dừng của từng bước",
        "Waiting, handling and paused of each step",
        lambda facts, scope, _: step_times(facts, scope),
    ),
    MeasureName.CAUSES: Measure("Chờ vì sao", "Why it waits", waiting_causes),
    MeasureName.POSITIONS: Measure("Vị trí nào kín việc", "Which positions are full", utilisation),
    MeasureName.QUEUE: Measure(
        "Hàng đợi từng ngày", "Queues day by day", lambda facts, scope, _: queues(facts, scope)
    ),
    MeasureName.ATTRIBUTION: Measure(
        "Hồ sơ trễ vì bước nào",
        "Which steps made dossiers late",
        lambda facts, scope, _: lateness_by_step(facts, scope).owed,
    ),
    MeasureName.MISSING: Measure(
        "Thành phần thường thiếu",
        "Components that are missing",
        lambda facts, scope, _: missing_components(facts, scope),
    ),
    MeasureName.RETURNED: Measure(
        "Hồ sơ phải bổ sung",
        "Dossiers that needed a supplement",
        lambda facts, scope, _: returned_dossiers(facts, scope),
    ),
    MeasureName.REPEATED: Measure(
        "Bước phải làm lại",
        "Steps done again",
        lambda facts, scope, _: repeated_steps(facts, scope),
    ),
    MeasureName.SENT_BACK: Measure(
        "Bước nào trả lại bước nào",
        "Which step sends back to which",
        lambda facts, scope, _: sent_back(facts, scope),
    ),
    MeasureName.WEEKDAYS: Measure(
        "Theo ngày trong tuần",
        "By the day of the week",
        lambda facts, scope, _: by_weekday(facts, scope),
    ),
    MeasureName.OUTLIERS: Measure(
        "Lượt lâu bất thường",
        "Runs that took unusually long",
        lambda facts, scope, _: outliers(facts, scope),
    ),
    MeasureName.AT_RISK: Measure(
        "Bước đang mở dễ trễ",
        "Open steps that may be late",
        lambda facts, scope, _: late_risks(facts, scope.procedure_code),
    ),
    MeasureName.QUALITY: Measure(
        "Dấu hiệu số liệu bị làm đẹp", "Signs of embellished figures", data_quality
    ),
}
