"""The measures by their names, as the doors offer them: JSON, a table for spreadsheets, a page."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from analysis.comparison.drift import drift
from analysis.comparison.durations import compare_steps
from analysis.comparison.side import Side
from analysis.comparison.ways import ways
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
from analysis.reports.members import Only
from analysis.reports.three_shares import three_shares
from analysis.survival.curve_points import points
from analysis.survival.late_risk import late_risks
from analysis.survival.limits import SHARES, LimitOf, limits
from analysis.survival.observed import Picked, dossiers_watched

DEFINITIONS = 1
"""Counts up when a measure means something else than before."""

Hours = Mapping[str, OpenHours]
Measured = Callable[[Facts, Scope, Hours], Iterable[Any]]


class MeasureName(StrEnum):
    """What can be asked for."""

    ON_TIME = "on-time"
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
    CURVE = "curve"
    LIMITS = "limits"
    CHANGES = "changes"
    WAYS = "ways"
    DRIFT = "drift"


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure: what it says, and how it is worked out."""

    vi: str
    en: str
    rows: Measured


def _on_time(facts: Facts, scope: Scope) -> Iterable[Any]:
    only = Only(agency=scope.agency_id, procedure=scope.procedure_code, unit=scope.unit)
    return three_shares(facts, scope.period, only)


def _picked(scope: Scope) -> Picked:
    return Picked(
        agency_id=scope.agency_id,
        procedure_code=scope.procedure_code,
        unit=scope.unit,
        from_us=scope.start_us,
        to_us=scope.end_us,
    )


def _limits(facts: Facts, scope: Scope) -> Iterable[LimitOf]:
    """Of one procedure or of each, for each share that is usually wanted."""
    codes = [scope.procedure_code] if scope.procedure_code else _procedures(facts)
    for code in codes:
        for share in SHARES:
            yield from limits(facts, replace(_picked(scope), procedure_code=code), share)


def _procedures(facts: Facts) -> list[str]:
    rows = facts.rows("select distinct procedure_code as code from dossier_fact order by code")
    return [row["code"] for row in rows]


def _changes(facts: Facts, scope: Scope) -> Iterable[Any]:
    """Steps of the period against those of the period before."""
    before = Scope.of(scope.period.before())
    now = _picked(scope)
    former = replace(now, from_us=before.start_us, to_us=before.end_us)
    return compare_steps(facts, Side("before", former), Side("now", now))


MEASURES: Mapping[MeasureName, Measure] = {
    MeasureName.ON_TIME: Measure(
        "Đúng hạn theo ba cách tính: 06a, NĐ 61, QĐ 766",
        "On time by three rules: 06a, NĐ 61, QĐ 766",
        lambda facts, scope, _: _on_time(facts, scope),
    ),
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
    MeasureName.CURVE: Measure(
        "Bao lâu thì xong (Kaplan–Meier, kể cả hồ sơ chưa xong)",
        "How long it takes (Kaplan-Meier, open ones too)",
        lambda facts, scope, _: points(dossiers_watched(facts, _picked(scope)).curve()),
    ),
    MeasureName.LIMITS: Measure(
        "Thời hạn nào giữ được",
        "Which limit can be kept",
        lambda facts, scope, _: _limits(facts, scope),
    ),
    MeasureName.CHANGES: Measure(
        "Từng bước so với kỳ liền trước",
        "Each step against the period before",
        lambda facts, scope, _: _changes(facts, scope),
    ),
    MeasureName.WAYS: Measure(
        "Đường hồ sơ đi",
        "The ways dossiers go",
        lambda facts, scope, _: ways(facts, _picked(scope)),
    ),
    MeasureName.DRIFT: Measure(
        "Từ khi nào thì khác (mọi thời gian)",
        "Since when it is different (of all time)",
        lambda facts, scope, _: (
            drift(facts, Picked(procedure_code=scope.procedure_code, unit=scope.unit)).changes
        ),
    ),
}
