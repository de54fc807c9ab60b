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
from analysis.queues.verdicts import verdicts_by_month, verdicts_by_unit
from analysis.queues.weekdays import by_weekday
from analysis.reports.members import Only
from analysis.reports.three_shares import three_shares
from analysis.survival.curve_points import points
from analysis.survival.late_risk import late_risks
from analysis.survival.limits import SHARES, LimitOf, limits
from analysis.survival.observed import Picked, dossiers_watched, steps_watched

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
    MONTHS = "months"
    UNITS = "units"
    DRIFT = "drift"


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure: what it says, and how it is worked out."""

    vi: str
    en: str
    rows: Measured
    of_steps: bool = True  # whether one step alone can be asked about


def _on_time(facts: Facts, scope: Scope) -> Iterable[Any]:
    only = Only(
        agency=scope.agency_id,
        procedure=scope.procedure_code,
        unit=scope.unit,
        version=scope.version_id,
    )
    return three_shares(facts, scope.period, only)


def _picked(scope: Scope) -> Picked:
    return Picked(
        agency_id=scope.agency_id,
        procedure_code=scope.procedure_code,
        step=scope.element_id,
        unit=scope.unit,
        version_id=scope.version_id,
        from_us=scope.start_us,
        to_us=scope.end_us,
    )


def limits_of(facts: Facts, scope: Scope, *wanted: float) -> Iterable[LimitOf]:
    """Proposed limits of one procedure or of each, for each share that is wanted."""
    codes = [scope.procedure_code] if scope.procedure_code else _procedures(facts, scope)
    for code in codes:
        yield from limits(facts, replace(_picked(scope), procedure_code=code), *wanted)


def _procedures(facts: Facts, scope: Scope) -> list[str]:
    """Those of which anything was received in the period, or handed over."""
    received, values = scope.dossiers("received_us")
    begun, of_steps = scope.steps("enabled_us")
    rows = facts.rows(
        f"select procedure_code as code from dossier_fact where {received} union "  # noqa: S608  # ours
        f"select procedure_code from step_interval where {begun} order by code",
        **(values | of_steps),
    )
    return [row["code"] for row in rows]


def _owed(facts: Facts, scope: Scope) -> Iterable[Any]:
    """Of all steps, or what one of them owes: the whole is booked before it is narrowed."""
    owed = lateness_by_step(facts, scope).owed
    return [each for each in owed if scope.element_id in (None, each.element_id)]


def _at_risk(facts: Facts, scope: Scope) -> Iterable[Any]:
    """What is open now, whenever it was handed over."""
    where, values = scope.steps()
    rows = facts.rows(
        f"select cast(step_run_id as varchar) as id from step_interval where {where} "  # noqa: S608  # ours
        "and state = 'open'",
        **values,
    )
    asked = {row["id"] for row in rows}
    return [risk for risk in late_risks(facts, scope.procedure_code) if risk.step_run_id in asked]


def _drift(facts: Facts, scope: Scope) -> Iterable[Any]:
    """Of all time: a change is looked for, not at."""
    return drift(facts, replace(_picked(scope), from_us=None, to_us=None)).changes


def _curve(facts: Facts, scope: Scope) -> Iterable[Any]:
    """Of whole dossiers, or of the runs of one step."""
    watched = dossiers_watched if scope.element_id is None else steps_watched
    return points(watched(facts, _picked(scope)).curve())


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
        of_steps=False,
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
        lambda facts, scope, _: _owed(facts, scope),
    ),
    MeasureName.MISSING: Measure(
        "Thành phần thường thiếu",
        "Components that are missing",
        lambda facts, scope, _: missing_components(facts, scope),
        of_steps=False,
    ),
    MeasureName.RETURNED: Measure(
        "Hồ sơ phải bổ sung",
        "Dossiers that needed a supplement",
        lambda facts, scope, _: returned_dossiers(facts, scope),
        of_steps=False,
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
        "Bước đang mở dễ trễ (lúc này)",
        "Open steps that may be late (now)",
        lambda facts, scope, _: _at_risk(facts, scope),
    ),
    MeasureName.QUALITY: Measure(
        "Dấu hiệu số liệu bị làm đẹp",
        "Signs of embellished figures",
        data_quality,
        of_steps=False,
    ),
    MeasureName.CURVE: Measure(
        "Bao lâu thì xong (Kaplan–Meier, kể cả hồ sơ chưa xong)",
        "How long it takes (Kaplan-Meier, open ones too)",
        lambda facts, scope, _: _curve(facts, scope),
    ),
    MeasureName.LIMITS: Measure(
        "Thời hạn nào giữ được",
        "Which limit can be kept",
        lambda facts, scope, _: limits_of(facts, scope, *SHARES),
    ),
    MeasureName.CHANGES: Measure(
        "Từng bước so với kỳ liền trước",
        "Each step against the period before",
        lambda facts, scope, _: _changes(facts, scope),
    ),
    MeasureName.MONTHS: Measure(
        "Đúng hạn từng tháng",
        "On time by month",
        lambda facts, scope, _: verdicts_by_month(facts, scope),
        of_steps=False,
    ),
    MeasureName.UNITS: Measure(
        "Lượt bước đúng hạn từng đơn vị",
        "Runs of steps on time by unit",
        lambda facts, scope, _: verdicts_by_unit(facts, scope),
    ),
    MeasureName.WAYS: Measure(
        "Đường hồ sơ đi",
        "The ways dossiers go",
        lambda facts, scope, _: ways(facts, _picked(scope)),
        of_steps=False,
    ),
    MeasureName.DRIFT: Measure(
        "Từ khi nào thì khác (mọi thời gian)",
        "Since when it is different (of all time)",
        lambda facts, scope, _: _drift(facts, scope),
        of_steps=False,
    ),
}
