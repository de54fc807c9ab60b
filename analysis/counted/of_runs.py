"""The runs of steps behind a number, as a condition on `step_interval s`."""

from collections.abc import Mapping
from typing import Any

from analysis.behind import Selection
from analysis.counted.question import NOBODYS, Counted, Question
from analysis.facts.facts import Facts
from analysis.queues.data_quality import SECONDS_US
from analysis.queues.scope import Scope

_ENDED = (
    "s.state in ('completed', 'sent_back') and s.ended_us >= $start_us and s.ended_us < $end_us"
)
_CAME = "s.enabled_us >= $start_us and s.enabled_us < $end_us"
_COMPLETED = "s.state = 'completed' and s.ended_us >= $start_us and s.ended_us < $end_us"
_CONDITIONS: Mapping[Counted, str] = {
    Counted.STEP_ENDED: _ENDED,
    Counted.STEP_EARLY: f"{_ENDED} and s.result = 'early'",
    Counted.STEP_ON_TIME: f"{_ENDED} and s.result = 'on_time'",
    Counted.STEP_LATE: f"{_ENDED} and s.result = 'late'",
    Counted.STEP_JUDGED: f"{_ENDED} and s.result is not null",
    Counted.STEP_IN_TIME: f"{_ENDED} and s.result in ('early', 'on_time')",
    Counted.STEP_SENT_BACK: f"{_ENDED} and s.state = 'sent_back'",
    Counted.STEP_AGAIN: f"{_ENDED} and s.attempt > 1",
    Counted.STEP_WAITED: f"{_ENDED} and s.waiting_ws is not null",
    Counted.STEP_HANDLED: f"{_ENDED} and s.handling_ws is not null",
    Counted.STEP_PAUSED: f"{_ENDED} and s.paused_ws is not null",
    Counted.STEP_COMPLETED: _COMPLETED,
    Counted.STEP_QUICK: (
        f"{_COMPLETED} and s.started_us is not null and s.ended_us - s.started_us < {SECONDS_US}"
    ),
    Counted.STEP_NO_HANDLING: f"{_COMPLETED} and coalesce(s.handling_ws, 0) = 0",
    Counted.STEP_SENT_HERE: f"{_CAME} and s.sent_back_from = $sent_from",
    Counted.STEP_WATCHED: f"{_CAME} and not (s.state = 'open' and s.age_ws is null)",
    Counted.STEP_ARRIVED: f"{_CAME} and s.enabled_us < $at_us",
    Counted.STEP_OPEN: "s.state = 'open'",
    Counted.STEP_IN_QUEUE: (
        "s.enabled_us < $moment_us and coalesce(s.started_us, s.ended_us, $moment_us) >= $moment_us"
    ),
    Counted.STEP_IN_HAND: (
        "s.started_us < $moment_us and coalesce(s.ended_us, $moment_us) >= $moment_us"
    ),
}
_LASTED = """case when s.state = 'open' then s.age_ws
    else coalesce(s.waiting_ws, 0) + coalesce(s.handling_ws, 0) end"""
_SPENT = {
    Counted.STEP_WAITED: "s.waiting_ws",
    Counted.STEP_HANDLED: "s.handling_ws",
    Counted.STEP_PAUSED: "s.paused_ws",
}
_COLUMNS = """
    d.dossier_id, d.code, d.procedure_code, coalesce(s.unit, '') as unit,
    d.received_us, d.due_us, d.finished_us, coalesce(s.late_ws, 0) as late_ws,
    '' as arrival, '' as standing, s.step_run_id, s.name as step, s.attempt, s.enabled_us,
    s.ended_us
"""
_OF = (
    "step_interval s join dossier_fact d"
    " on d.agency_id = s.agency_id and d.dossier_id = s.dossier_id"
)


def runs(facts: Facts, question: Question) -> Selection:
    """The runs that a number counts."""
    condition, values = narrowed(question)
    text = f"{_CONDITIONS[question.counted]} and {condition}"
    scope = Scope.of(question.period)
    known = {
        "start_us": scope.start_us,
        "end_us": scope.end_us,
        "at_us": facts.at_us,
        "moment_us": min(scope.end_us, facts.at_us),
        "sent_from": question.sent_from,
    }
    values |= {name: value for name, value in known.items() if f"${name}" in text}
    spent = _SPENT.get(question.counted, _LASTED)
    sql = f"select {_COLUMNS}, {spent} as spent_ws from {_OF} where {text}"  # noqa: S608  # ours
    return Selection(sql, values, runs=True, longest=question.counted in _SPENT)


def these_runs(question: Question, seconds: Mapping[str, int]) -> Selection:
    """Runs that were worked out, by their ids, with what is counted of each."""
    condition, values = narrowed(question)
    sql = f"""
        select {_COLUMNS}, these.spent_ws from {_OF} join (
            select cast(unnest($ids) as uuid) as step_run_id,
                cast(unnest($spent) as bigint) as spent_ws
        ) these on these.step_run_id = s.step_run_id where {condition}
    """  # noqa: S608  # ours
    told = {"ids": list(seconds), "spent": list(seconds.values())}
    return Selection(sql, values | told, runs=True, longest=True)


def narrowed(question: Question) -> tuple[str, dict[str, Any]]:
    """To one procedure, version, step, unit and position; `NOBODYS` are those of none."""
    parts, values = ["true"], dict[str, Any]()
    columns = {
        "procedure_code": "s.procedure_code",
        "version_id": "cast(s.version_id as varchar)",
        "element_id": "s.element_id",
        "unit": "s.unit",
        "position": "s.position",
    }
    for name, column in columns.items():
        value = getattr(question, name)
        if name in ("unit", "position") and value == NOBODYS:
            parts.append(f"coalesce({column}, '') in ('', ${name})")
            values[name] = value
        elif value:
            parts.append(f"{column} = ${name}")
            values[name] = value
    return " and ".join(parts), values
