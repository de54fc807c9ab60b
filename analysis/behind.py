"""The dossiers behind a number: whoever reads a figure may see which dossiers it counts.

A `Question` says in the words of the measures what was counted; the answer is a list that is paged
by where it ended, the latest (by working time) first.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from analysis.facts.facts import Facts
from analysis.period import Period

_US = 1_000_000


class Counted(StrEnum):
    """Which dossiers or runs of a step a number counts."""

    FINISHED = "finished"  # handled to the end in the period
    EARLY = "early"
    ON_TIME = "on_time"
    LATE = "late"
    JUDGED = "judged"  # finished with a verdict, early, on time or late
    IN_TIME = "in_time"  # ... early or on time
    RECEIVED = "received"  # received in the period
    OPEN = "open"  # being handled now
    OVERDUE = "overdue"  # being handled now, past due
    PAUSED = "paused"  # being handled now, the clock stopped
    SUPPLEMENTED = "supplemented"  # asked for a supplement in the period
    OWED = "owed"  # finished late, and the step overran its limit in them
    OWED_BETWEEN = "owed_between"  # finished late, and no step overran
    STEP_ENDED = "step_ended"  # a run of the step ended in the period
    STEP_EARLY = "step_early"
    STEP_ON_TIME = "step_on_time"
    STEP_LATE = "step_late"  # ... past the step's limit
    STEP_SENT_BACK = "step_sent_back"
    STEP_AGAIN = "step_again"  # ... and it was not the first
    STEP_OPEN = "step_open"  # stands at the step now


_OWED = "d.late_ws > 0 and d.finished_us >= $start_us and d.finished_us < $end_us"
_OVERRAN = (
    "select 1 from step_interval s where s.agency_id = d.agency_id"
    " and s.dossier_id = d.dossier_id and s.late_ws > 0"
)
_OF_DOSSIER: Mapping[Counted, str] = {
    Counted.FINISHED: "d.finished_us >= $start_us and d.finished_us < $end_us",
    Counted.EARLY: "d.result = 'early' and d.finished_us >= $start_us and d.finished_us < $end_us",
    Counted.ON_TIME: (
        "d.result = 'on_time' and d.finished_us >= $start_us and d.finished_us < $end_us"
    ),
    Counted.LATE: "d.result = 'late' and d.finished_us >= $start_us and d.finished_us < $end_us",
    Counted.JUDGED: (
        "d.result is not null and d.finished_us >= $start_us and d.finished_us < $end_us"
    ),
    Counted.IN_TIME: (
        "d.result in ('early', 'on_time')"
        " and d.finished_us >= $start_us and d.finished_us < $end_us"
    ),
    Counted.RECEIVED: "d.received_us >= $start_us and d.received_us < $end_us",
    Counted.OPEN: "d.finished_us is null and d.state in ('open', 'paused')",
    Counted.OVERDUE: (
        "d.finished_us is null and d.state in ('open', 'paused') and d.due_us < $at_us"
    ),
    Counted.PAUSED: "d.finished_us is null and d.due_us is null and d.limit_ws is not null",
    Counted.SUPPLEMENTED: (
        "exists (select 1 from missing_component m where m.dossier_id = d.dossier_id"
        " and m.asked_us >= $start_us and m.asked_us < $end_us"
        " and ($component = '' or m.component = $component))"
    ),
    Counted.OWED: f"{_OWED} and exists ({_OVERRAN} and s.element_id = $owing)",
    Counted.OWED_BETWEEN: f"{_OWED} and not exists ({_OVERRAN})",
}
_OF_STEP: Mapping[Counted, str] = {
    Counted.STEP_ENDED: "s.state in ('completed', 'sent_back')",
    Counted.STEP_EARLY: "s.state in ('completed', 'sent_back') and s.result = 'early'",
    Counted.STEP_ON_TIME: "s.state in ('completed', 'sent_back') and s.result = 'on_time'",
    Counted.STEP_LATE: "s.state in ('completed', 'sent_back') and s.result = 'late'",
    Counted.STEP_SENT_BACK: "s.state = 'sent_back'",
    Counted.STEP_AGAIN: "s.state in ('completed', 'sent_back') and s.attempt > 1",
    Counted.STEP_OPEN: "s.state = 'open'",
}


@dataclass(frozen=True, slots=True)
class Selection:
    """Some dossiers, as a statement over the facts says; its columns are those of `Behind`."""

    sql: str
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Question:
    """What a number counts. Texts that are empty ask for all.

    element_id, unit: of a step where `counted` is about steps (element_id also where a step owes
    lateness); otherwise unit is the one that received the dossier. component: the code of the one
    that was asked for.
    """

    counted: Counted
    period: Period
    procedure_code: str = ""
    element_id: str = ""
    unit: str = ""
    component: str = ""


@dataclass(frozen=True, slots=True)
class Behind:
    """One dossier that was counted. late_ws: of the step where one was asked about.

    arrival, standing: the cells of a report in which it stands, "" behind other numbers.
    """

    dossier_id: UUID
    code: str
    procedure_code: str
    unit: str
    received_us: int
    due_us: int | None
    finished_us: int | None
    late_ws: int
    arrival: str
    standing: str


@dataclass(frozen=True, slots=True)
class Page:
    """Some of the dossiers. total: all that were counted. after: where the next page begins."""

    total: int
    rows: tuple[Behind, ...]
    after: str


def dossiers_behind(facts: Facts, selection: Selection, *, after: str = "", most: int = 50) -> Page:
    """The dossiers that a number counts, each once, the latest first."""
    chosen, values = selection.sql, selection.values
    total = int(facts.rows(f"select count(*) as n from ({chosen})", **values)[0]["n"])  # noqa: S608  # ours
    beyond, place = _beyond(after)
    sql = f"""
        select * from ({chosen}) where {beyond} order by late_ws desc, dossier_id limit {most + 1}
    """  # noqa: S608  # texts of ours; what was asked for are values
    found = [_behind(row) for row in facts.rows(sql, **values, **place)]
    shown, more = found[:most], len(found) > most
    last = f"{shown[-1].late_ws}_{shown[-1].dossier_id}" if more else ""
    return Page(total, tuple(shown), last)


def behind_by_code(
    facts: Facts, selection: Selection, *, after: str = "", most: int = 50
) -> tuple[Behind, ...]:
    """The same in the order of their codes, for programs. after: only codes beyond it."""
    sql = f"""
        select * from ({selection.sql}) where code > $after_code order by code limit {most}
    """  # noqa: S608  # texts of ours; what was asked for are values
    return tuple(_behind(row) for row in facts.rows(sql, **selection.values, after_code=after))


def selected(facts: Facts, question: Question) -> Selection:
    """The dossiers that the measures count."""
    values: dict[str, Any] = {}
    where = ["true"]
    if question.procedure_code:
        where.append("d.procedure_code = $procedure_code")
        values["procedure_code"] = question.procedure_code
    if question.counted in _OF_STEP:
        late, condition = _of_step(question, values)
    else:
        late, condition = "coalesce(d.late_ws, 0)", _of_dossier(question, values)
    where.append(condition)
    moments = {
        "start_us": int(question.period.start.timestamp()) * _US,
        "end_us": int(question.period.end.timestamp()) * _US,
        "at_us": facts.at_us,
        "component": question.component,
        "owing": question.element_id,
    }
    text = " and ".join(where)
    values |= {name: value for name, value in moments.items() if f"${name}" in text + late}
    sql = f"""
        select d.dossier_id, d.code, d.procedure_code, coalesce(d.receiving_unit, '') as unit,
            d.received_us, d.due_us, d.finished_us, {late} as late_ws,
            '' as arrival, '' as standing
        from dossier_fact d where {text}
    """  # noqa: S608  # texts of ours; what was asked for are values
    return Selection(sql, values)


def _of_dossier(question: Question, values: dict[str, Any]) -> str:
    condition = _OF_DOSSIER[question.counted]
    if question.unit:
        condition += " and d.receiving_unit = $unit"
        values["unit"] = question.unit
    return condition


def _of_step(question: Question, values: dict[str, Any]) -> tuple[str, str]:
    """How late the step was in all its runs that count, and that there is such a run."""
    runs = ["s.dossier_id = d.dossier_id", _OF_STEP[question.counted]]
    if question.counted is not Counted.STEP_OPEN:
        runs.append("s.ended_us >= $start_us and s.ended_us < $end_us")
    for name in ("element_id", "unit"):
        if value := getattr(question, name):
            runs.append(f"s.{name} = ${name}")
            values[name] = value
    of_these = f"from step_interval s where {' and '.join(runs)}"
    late = f"(select cast(coalesce(sum(s.late_ws), 0) as bigint) {of_these})"
    return late, f"exists (select 1 {of_these})"


def _beyond(after: str) -> tuple[str, dict[str, Any]]:
    """Where the page begins; a place that cannot be read is the beginning."""
    late, _, dossier_id = after.partition("_")
    try:
        place = {"late": int(late), "last": str(UUID(dossier_id))}
    except ValueError:
        return "true", {}
    return "(late_ws < $late or (late_ws = $late and dossier_id > cast($last as uuid)))", place


def _behind(row: Mapping[str, Any]) -> Behind:
    return Behind(**{name: row[name] for name in Behind.__slots__})
