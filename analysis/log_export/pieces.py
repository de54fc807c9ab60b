"""The facts as cases with their events, in columns, some cases at a time: memory does not grow.

Each run of a step gives `assign` (handed over), `start`, `suspend` and `resume` around pauses of
its dossier, and `complete`, or `withdraw` where it was cancelled; so waiting, handling and pauses
survive the way to another tool and back. Persons are pseudonyms; nothing of an applicant is in
the facts.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from analysis.facts.facts import Facts
from analysis.facts.pauses import steps_stand
from analysis.log_export.pseudonyms import Pseudonyms
from analysis.survival.observed import EVERYTHING, Picked

Places = NDArray[np.int64]
TRANSITIONS = ("assign", "resume", "start", "suspend", "complete", "withdraw")
"""Of events at one moment of one run, the earlier comes first."""
ASSIGN, RESUME, START, SUSPEND, COMPLETE, WITHDRAW = range(6)
_RUNS = 8_192  # of steps in a piece, at least


@dataclass(frozen=True, eq=False)
class Piece:
    """Some cases. cases, runs: a row each, in order. missing: components that were asked for.

    number: of each run within its case, from 1. Of each event: case, run: their places in the
    tables; at_us: microseconds of UTC; kind: its place in `transitions`; first, last: of its case.
    """

    cases: pa.Table
    runs: pa.Table
    missing: pa.Table
    number: Places
    case: Places
    run: Places
    at_us: Places
    kind: Places
    first: NDArray[np.bool_]
    last: NDArray[np.bool_]
    transitions: tuple[str, ...] = TRANSITIONS


def pieces(facts: Facts, pseudonyms: Pseudonyms, picked: Picked = EVERYTHING) -> Iterator[Piece]:
    """Dossiers received in the period, by agency and code, open ones too; without steps none."""
    condition, values = picked.condition("received_us", "receiving_unit")
    numbered = f"numbered_{next(_READINGS)}"
    own = facts.connection.cursor()
    own.execute(f"create table {numbered} as {_NUMBERED.format(condition=condition)}", values)
    try:
        yield from _pieces(facts, numbered, pseudonyms)
    finally:
        own.execute(f"drop table {numbered}")


def _pieces(facts: Facts, numbered: str, pseudonyms: Pseudonyms) -> Iterator[Piece]:
    """The cases of a table that says which and in what order."""

    def asked(sql: str) -> _Ahead:
        connection = facts.connection.cursor()
        return _Ahead(connection.sql(sql.format(numbered=numbered)).to_arrow_reader(_RUNS))

    runs, cases = asked(_RUN), asked(_CASE)
    pauses, missing = asked(_PAUSE), asked(_MISSING)
    known: dict[str | None, str | None] = {None: None}
    while (found := runs.whole_cases()).num_rows:
        last = found["n"][-1].as_py()
        there = np.unique(found["n"].to_numpy())
        of_piece = cases.upto(last)
        of_piece = of_piece.filter(np.isin(of_piece["n"].to_numpy(), there))
        persons = found["person_id"].dictionary_encode().combine_chunks()
        for person in persons.dictionary.to_pylist():  # type: ignore[attr-defined]
            known.setdefault(person, pseudonyms.of(person))
        told = [known[person] for person in persons.dictionary.to_pylist()]  # type: ignore[attr-defined]
        person = pa.array(told, pa.string()).take(persons.indices)  # type: ignore[attr-defined]
        yield _piece(
            of_piece, found.append_column("person", person), pauses.upto(last), missing.upto(last)
        )


def _piece(cases: pa.Table, runs: pa.Table, pauses: pa.Table, missing: pa.Table) -> Piece:
    of_run = np.searchsorted(cases["n"].to_numpy(), runs["n"].to_numpy())
    over = np.where(runs["cancelled"].to_numpy(), WITHDRAW, COMPLETE)
    paused = np.searchsorted(runs["n"].to_numpy(), pauses["n"].to_numpy())
    paused += pauses["place"].to_numpy() - 1
    every = np.arange(runs.num_rows)
    told = [
        _events(every, runs["enabled_us"], ASSIGN),
        _events(every, runs["started_us"], START),
        _events(paused, pauses["since_us"], SUSPEND),
        _events(paused, pauses["until_us"], RESUME),
        _events(every, runs["done_us"], over),
    ]
    run, at_us, kind = (np.concatenate([each[part] for each in told]) for part in range(3))
    order = np.lexsort((run * len(TRANSITIONS) + kind, at_us, of_run[run]))
    run, at_us, kind = run[order], at_us[order], kind[order]
    case = of_run[run]
    first = np.diff(case, prepend=-1) != 0
    return Piece(
        cases,
        runs,
        missing,
        _numbered(run, of_run),
        case,
        run,
        at_us,
        kind,
        first,
        np.append(first[1:], [True] * bool(len(first))),
    )


def _events(
    runs: Places, moments: "pa.ChunkedArray[Any]", kind: int | Places
) -> tuple[Places, Places, Places]:
    """An event where there is a moment: its run, when it was, what it was."""
    there = moments.is_valid().to_numpy()
    at_us = moments.drop_null().to_numpy().astype(np.int64, copy=False)
    return runs[there], at_us, np.broadcast_to(kind, there.shape)[there]


def _numbered(run: Places, of_run: Places) -> Places:
    """The number of each run within its case: in the order in which they are first told of."""
    first = np.empty(len(of_run), np.int64)
    first[run[::-1]] = np.arange(len(run))[::-1]
    order = np.lexsort((first, of_run))
    begun = np.searchsorted(of_run, of_run)  # runs stand by their cases
    number = np.empty(len(of_run), np.int64)
    number[order] = np.arange(len(of_run)) - begun[order] + 1
    return number


class _Ahead:
    """Rows in the order of their cases (`n`), read as they are needed."""

    def __init__(self, reader: pa.RecordBatchReader) -> None:
        self._reader = reader
        self._held = reader.schema.empty_table()
        self._over = False

    def upto(self, last: int) -> pa.Table:
        """The rows of all cases up to one."""
        while not self._over and not (len(self._held) and self._held["n"][-1].as_py() > last):
            self._read()
        return self._cut(int(np.searchsorted(self._held["n"].to_numpy(), last, side="right")))

    def whole_cases(self) -> pa.Table:
        """All rows of some cases: one piece; nothing at the end."""
        while not self._over:
            numbers = self._held["n"].to_numpy()
            whole = int(np.searchsorted(numbers, numbers[-1])) if len(numbers) else 0
            if whole >= _RUNS:
                return self._cut(whole)
            self._read()
        return self._cut(len(self._held))

    def _read(self) -> None:
        try:
            batch = self._reader.read_next_batch()
        except StopIteration:
            self._over = True
            return
        self._held = pa.concat_tables([self._held, pa.Table.from_batches([batch])])

    def _cut(self, rows: int) -> pa.Table:
        found, self._held = self._held.slice(0, rows), self._held.slice(rows)
        return found.combine_chunks()


_READINGS = count()
_NUMBERED = """
    select dossier_id, row_number() over (order by agency_id, code, dossier_id) as n
    from dossier_fact where {condition}
"""
_CASE = """
    select d.n, code, agency_id, procedure_code, cast(version_id as varchar) as version_id,
      case_code, channel, receiving_unit, received_us, due_us, original_due_us,
      finished_us as ended_us, state, outcome, result
    from dossier_fact f join {numbered} d on d.dossier_id = f.dossier_id order by d.n
"""
_RUN = """
    select d.n, name as activity, element_id, coalesce(nullif(attempt, 0), 1) as attempt, unit,
      cast(person_id as varchar) as person_id, limit_ws, result, state = 'cancelled' as cancelled,
      enabled_us, started_us, ended_us as done_us
    from step_interval s join {numbered} d on d.dossier_id = s.dossier_id
    order by d.n, s.enabled_us, s.step_run_id
"""
_PAUSE = f"""
    with runs as (
      select d.n, s.dossier_id, s.enabled_us, s.ended_us,
        row_number() over (partition by d.n order by s.enabled_us, s.step_run_id) as place
      from step_interval s join {{numbered}} d on d.dossier_id = s.dossier_id
      where s.dossier_id in (select dossier_id from pause_fact)
    )
    select r.n, r.place, greatest(p.since_us, r.enabled_us) as since_us,
      case when r.ended_us is null or p.until_us < r.ended_us then p.until_us end as until_us
    from runs r join pause_fact p on p.dossier_id = r.dossier_id
    where (p.until_us is null or p.until_us > r.enabled_us)
      and (r.ended_us is null or p.since_us < r.ended_us)
      and {steps_stand("p")}
    order by r.n
"""  # noqa: S608  # a condition of ours
_MISSING = """
    select d.n, m.asked_us, m.component, coalesce(m.name, '') as name
    from missing_component m join {numbered} d on d.dossier_id = m.dossier_id
    order by d.n, m.asked_us, m.component
"""
