"""The dossiers behind a number, as a condition on `dossier_fact d`."""

from collections.abc import Mapping
from typing import Any

from analysis.behind import Selection
from analysis.comparison.ways import ways_sql
from analysis.counted.question import NOBODYS, Counted, Question
from analysis.facts.facts import Facts
from analysis.queues.data_quality import HOUR_US
from analysis.queues.scope import Scope
from analysis.survival.observed import NOT_ENDED

_FINISHED = "d.finished_us >= $start_us and d.finished_us < $end_us"
_RECEIVED = "d.received_us >= $start_us and d.received_us < $end_us"
_OPEN = "d.finished_us is null and d.state in ('open', 'paused')"
_OWED = f"d.late_ws > 0 and {_FINISHED}"
_SAME = "s.agency_id = d.agency_id and s.dossier_id = d.dossier_id"
_OVERRAN = f"select 1 from step_interval s where {_SAME} and s.late_ws > 0"  # noqa: S608  # ours
_LASTED = "coalesce(d.work_ws, d.age_ws)"
_DONE = f"(d.work_ws is not null and (d.outcome is null or d.outcome not in {NOT_ENDED}))"
_MISSED = (
    "exists (select 1 from missing_component m where m.agency_id = d.agency_id"
    " and m.dossier_id = d.dossier_id{more})"
)
_OF_STEP = (
    f"exists (select 1 from step_interval s where {_SAME}"  # noqa: S608  # ours
    " and s.state in ('completed', 'sent_back')"
    " and s.ended_us >= $start_us and s.ended_us < $end_us"
    " and s.element_id = $element_id{more})"
)
_CONDITIONS: Mapping[Counted, str] = {
    Counted.FINISHED: _FINISHED,
    Counted.EARLY: f"d.result = 'early' and {_FINISHED}",
    Counted.ON_TIME: f"d.result = 'on_time' and {_FINISHED}",
    Counted.LATE: f"d.result = 'late' and {_FINISHED}",
    Counted.JUDGED: f"d.result is not null and {_FINISHED}",
    Counted.IN_TIME: f"d.result in ('early', 'on_time') and {_FINISHED}",
    Counted.TIMED: f"d.work_ws is not null and {_FINISHED}",
    Counted.RECEIVED: _RECEIVED,
    Counted.OPEN: _OPEN,
    Counted.OVERDUE: f"{_OPEN} and d.due_us < $at_us",
    Counted.PAUSED: "d.finished_us is null and d.due_us is null and d.limit_ws is not null",
    Counted.SUPPLEMENTED: _MISSED.format(
        more=" and m.asked_us >= $start_us and m.asked_us < $end_us"
        " and ($component = '' or m.component = $component)"
    ),
    Counted.RETURNED: f"d.supplements > 0 and {_RECEIVED}",
    Counted.LACKED: f"{_RECEIVED} and {_MISSED.format(more=' and m.component = $component')}",
    Counted.NEEDING: (
        f"{_RECEIVED} and exists (select 1 from required_component q"  # noqa: S608  # ours
        " where q.agency_id = d.agency_id and q.procedure_code = d.procedure_code"
        " and q.version_id = d.version_id and q.component = $component)"
    ),
    Counted.MADE_LATE: _OWED,
    Counted.OWED: f"{_OWED} and exists ({_OVERRAN} and s.element_id = $element_id)",
    Counted.OWED_BETWEEN: f"{_OWED} and not exists ({_OVERRAN})",
    Counted.REPEATED: _OF_STEP.format(more=" and s.attempt > 1"),
    Counted.PASSED: _OF_STEP.format(more=""),
    Counted.WATCHED: f"{_RECEIVED} and {_LASTED} is not null",
    Counted.WATCHED_DONE: f"{_RECEIVED} and {_DONE} and d.work_ws <= $within_ws",
    Counted.WATCHED_UNDONE: f"{_RECEIVED} and {_LASTED} is not null and not {_DONE}",
    Counted.WATCHED_LONGER: f"{_RECEIVED} and {_LASTED} > $within_ws",
    Counted.WENT: (
        f"{_RECEIVED} and d.dossier_id in "  # noqa: S608  # ours
        "(select dossier_id from ways where md5(way) = $way)"
    ),
    Counted.WALKED: (
        f"d.work_ws is not null and {_FINISHED}"  # noqa: S608  # ours
        " and exists (select 1 from step_interval s where s.dossier_id = d.dossier_id"
        " and s.state in ('completed', 'sent_back'))"
    ),
    Counted.BEGUN: f"{_RECEIVED} and exists (select 1 from step_interval s where {_SAME})",  # noqa: S608  # ours
    Counted.BACK_DATED: (
        f"{_RECEIVED} and (select min(s.enabled_us) from step_interval s where {_SAME})"  # noqa: S608  # ours
        f" - d.received_us > {HOUR_US}"
    ),
}
_EVER = 1 << 60  # longer than anything takes
_COLUMNS = """
    d.dossier_id, d.code, d.procedure_code, coalesce(d.receiving_unit, '') as unit,
    d.received_us, d.due_us, d.finished_us, coalesce(d.late_ws, 0) as late_ws,
    '' as arrival, '' as standing
"""


def dossiers(facts: Facts, question: Question) -> Selection:
    """The dossiers that a number counts."""
    condition, values = narrowed(question)
    text = f"{_CONDITIONS[question.counted]} and {condition}"
    scope = Scope.of(question.period)
    known = {
        "start_us": scope.start_us,
        "end_us": scope.end_us,
        "at_us": facts.at_us,
        "component": question.component,
        "element_id": question.element_id,
        "way": question.way,
        "within_ws": _EVER if question.within_ws is None else question.within_ws,
    }
    values |= {name: value for name, value in known.items() if f"${name}" in text}
    ways = f"with ways as ({ways_sql(facts)}) " if question.counted is Counted.WENT else ""
    return Selection(f"{ways}select {_COLUMNS} from dossier_fact d where {text}", values)  # noqa: S608  # ours


def these_dossiers(question: Question, ids: list[str]) -> Selection:
    """Dossiers that were worked out, of what the question narrows to."""
    condition, values = narrowed(question)
    sql = (
        f"select {_COLUMNS} from dossier_fact d where {condition} "  # noqa: S608  # ours
        "and d.dossier_id in (select cast(unnest($ids) as uuid))"
    )
    return Selection(sql, values | {"ids": ids})


def narrowed(question: Question) -> tuple[str, dict[str, Any]]:
    """To one procedure, version and receiving unit."""
    parts, values = ["true"], dict[str, Any]()
    columns = {
        "procedure_code": "d.procedure_code = $procedure_code",
        "version_id": "cast(d.version_id as varchar) = $version_id",
        "unit": "d.receiving_unit = $unit",
    }
    if question.unit == NOBODYS:
        columns["unit"] = "coalesce(d.receiving_unit, '') in ('', $unit)"
    for name, condition in columns.items():
        if value := getattr(question, name):
            parts.append(condition)
            values[name] = value
    return " and ".join(parts), values
