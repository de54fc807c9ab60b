"""The facts as cases with their events in order, one by one in plain Python: what columns must say.

Each run of a step gives `assign` (handed over), `start`, `suspend` and `resume` around pauses
in which it stood, and `complete`, or `withdraw` where it was cancelled; so waiting, handling and
pauses survive the way to another tool and back. Persons are pseudonyms; nothing of an applicant is in
the facts.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

from analysis.facts.facts import Facts
from analysis.log_export.pseudonyms import Pseudonyms
from analysis.survival.observed import EVERYTHING, Picked

_PIECE = 5_000


@dataclass(frozen=True, slots=True)
class LoggedEvent:
    """at_us: microseconds of UTC. run: of the dossier, from 1. person: a pseudonym, or None."""

    at_us: int
    transition: str
    activity: str
    element_id: str
    run: int
    attempt: int
    unit: str | None
    person: str | None
    limit_ws: int | None
    result: str | None


@dataclass(frozen=True, slots=True)
class LoggedCase:
    """A dossier. due_us: as it stands now; original_due_us: as first promised; ended_us: when its
    handling finished. missing: components that were asked for, (when, code, name).
    """

    code: str
    agency_id: str
    procedure_code: str
    version_id: str | None
    case_code: str | None
    channel: str | None
    receiving_unit: str | None
    received_us: int | None
    due_us: int | None
    original_due_us: int | None
    ended_us: int | None
    state: str
    outcome: str | None
    result: str | None
    missing: tuple[tuple[int, str, str], ...]
    events: tuple[LoggedEvent, ...]


def cases(
    facts: Facts, pseudonyms: Pseudonyms, picked: Picked = EVERYTHING
) -> Iterator[LoggedCase]:
    """Dossiers received in the period, by agency and code, open ones too; without steps none."""
    condition, values = picked.condition("received_us", "receiving_unit")
    rows = _pieces(facts, _ROWS.format(condition=condition), values)
    of_dossier = itemgetter("dossier_id")
    missing = _Missing(_pieces(facts, _MISSING.format(condition=condition), values))
    for _, found in groupby(rows, key=of_dossier):
        events = list(found)
        yield _case(events, missing.of(events[0]), pseudonyms)


class _Missing:
    """What was missing, read beside the cases in the same order."""

    def __init__(self, rows: Iterator[dict[str, Any]]) -> None:
        self._rows = rows
        self._next = next(rows, None)

    def of(self, case: dict[str, Any]) -> tuple[tuple[int, str, str], ...]:
        found = []
        here = _place(case)
        while self._next is not None and _place(self._next) <= here:
            if _place(self._next) == here:
                found.append(
                    (self._next["asked_us"], self._next["component"], self._next["name"] or "")
                )
            self._next = next(self._rows, None)
        return tuple(found)


def _place(row: dict[str, Any]) -> tuple[str, str, Any]:
    return row["agency_id"], row["code"], row["dossier_id"]


def _case(
    rows: list[dict[str, Any]], missing: tuple[tuple[int, str, str], ...], pseudonyms: Pseudonyms
) -> LoggedCase:
    first = rows[0]
    numbers: dict[Any, int] = {}
    events = tuple(
        LoggedEvent(
            row["at_us"],
            row["transition"],
            row["activity"],
            row["element_id"],
            numbers.setdefault(row["step_run_id"], len(numbers) + 1),
            row["attempt"] or 1,
            row["unit"],
            pseudonyms.of(row["person_id"]),
            row["limit_ws"],
            row["step_result"],
        )
        for row in rows
    )
    told = {name: first[name] for name in _CASE}
    version = first["version_id"]
    return LoggedCase(
        **told, version_id=None if version is None else str(version), missing=missing, events=events
    )


def _pieces(facts: Facts, sql: str, values: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The rows of a statement, a piece at a time, over a connection of its own."""
    with facts.connection.cursor() as connection:
        answer = connection.execute(sql, values)
        names = [column[0] for column in answer.description or ()]
        while rows := answer.fetchmany(_PIECE):
            for row in rows:
                yield dict(zip(names, row, strict=True))


_CASE = (
    *("code", "agency_id", "procedure_code", "case_code", "channel", "receiving_unit"),
    *("received_us", "due_us", "original_due_us", "ended_us", "state", "outcome", "result"),
)
_PICKED = """
    select * from (select *, finished_us as ended_us from dossier_fact where {condition})
"""
_ORDER = "agency_id, code, dossier_id"
_ROWS = f"""
    with dossiers as ({_PICKED}), runs as (
      select s.dossier_id, s.step_run_id, s.name as activity, s.element_id, s.attempt, s.unit,
        s.person_id, s.limit_ws, s.result as step_result, s.state as step_state, s.enabled_us,
        s.started_us, s.ended_us as done_us
      from step_interval s join (select dossier_id from dossiers) d on d.dossier_id = s.dossier_id
    ), stood as (
      select r.step_run_id, greatest(p.since_us, r.enabled_us) as since_us,
        case when r.done_us is null or p.until_us < r.done_us then p.until_us end as until_us
      from runs r join pause_fact p on p.dossier_id = r.dossier_id
      where (p.until_us is null or p.until_us > r.enabled_us)
        and (r.done_us is null or p.since_us < r.done_us)
        and p.kind in ('supplement', 'force_majeure')
    ), told as (
      select step_run_id, enabled_us as at_us, 'assign' as transition, 0 as rank from runs
      union all
      select step_run_id, started_us, 'start', 2 from runs where started_us is not null
      union all
      select step_run_id, since_us, 'suspend', 3 from stood
      union all
      select step_run_id, until_us, 'resume', 1 from stood where until_us is not null
      union all
      select step_run_id, done_us, case when step_state = 'cancelled' then 'withdraw'
        else 'complete' end, 4 from runs where done_us is not null
    )
    select d.*, r.*, t.at_us, t.transition from told t
    join runs r on r.step_run_id = t.step_run_id
    join (select {_ORDER}, procedure_code, version_id, case_code, channel, receiving_unit,
        received_us, due_us, original_due_us, ended_us, state, outcome, result from dossiers
    ) d on d.dossier_id = r.dossier_id
    order by {", ".join(f"d.{name}" for name in _ORDER.split(", "))}, t.at_us, r.enabled_us,
      r.step_run_id, t.rank
"""
_MISSING = f"""
    with dossiers as ({_PICKED})
    select d.agency_id, d.code, d.dossier_id, m.asked_us, m.component, m.name
    from missing_component m join (select {_ORDER} from dossiers) d on d.dossier_id = m.dossier_id
    order by {", ".join(f"d.{name}" for name in _ORDER.split(", "))}, m.asked_us, m.component
"""
