"""A log of another system as cases in columns, so that it can be written in any format.

A line that tells its start or its handing over becomes events of its own (`assign`, `start`), so
waiting and handling survive. Persons and names stay as the log has them. What no format can say,
events without a time, is left out and counted; cases that share a name are told apart.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa

from analysis.event_log.log import Event, EventLog, Trace
from analysis.log_export.pieces import TRANSITIONS, Piece
from analysis.progress import Progress, unheard

_CASES = 2_000  # in a piece
_COMPLETE = "complete"
_TEXTS = (
    *("agency_id", "procedure_code", "version_id", "case_code", "channel", "receiving_unit"),
    *("state", "outcome", "result"),
)
_NOTHING_MISSING = pa.table(
    {
        "n": pa.array([], pa.int64()),
        "asked_us": pa.array([], pa.int64()),
        "component": pa.array([], pa.string()),
        "name": pa.array([], pa.string()),
    }
)

_Told = tuple[int, str, Event, int]
"""When, which transition, of which line, and the number of its run within the case."""


@dataclass(slots=True)
class LeftOut:
    """What could not be written as it was: events without a time; cases left without any; cases
    named anew because an earlier one has their name.
    """

    events: int = 0
    cases: int = 0
    renamed: int = 0


@dataclass(slots=True)
class _Names:
    """Gives each case a name of its own."""

    taken: set[str]
    used: set[str] = field(default_factory=set)

    def of(self, name: str) -> str:
        given, number = name, 1
        while given in self.used or (number > 1 and given in self.taken):
            number += 1
            given = f"{name} ({number})"
        self.used.add(given)
        return given


def foreign_pieces(
    log: EventLog, left_out: LeftOut, progress: Progress = unheard
) -> Iterator[Piece]:
    """The log some cases at a time, in its own order; what is left out is counted as it goes."""
    words = sorted({e.transition or _COMPLETE for t in log.traces for e in t.events})
    transitions = (*TRANSITIONS, *(word for word in words if word not in TRANSITIONS))
    names = _Names({trace.case_id for trace in log.traces})
    for begin in range(0, len(log.traces), _CASES):
        progress("writing", begin, len(log.traces))
        traces = log.traces[begin : begin + _CASES]
        found = []
        for trace in traces:
            if told := _told(trace, left_out):
                name = names.of(trace.case_id)
                left_out.renamed += name != trace.case_id
                found.append((name, trace, told))
            else:
                left_out.cases += 1
        if found:
            yield _piece(found, transitions)
    progress("writing", len(log.traces), len(log.traces))


def _told(trace: Trace, left_out: LeftOut) -> list[_Told]:
    """The events of a case by time; those of one moment in the order of the log."""
    numbers: dict[object, int] = {}
    told: list[_Told] = []
    for line, event in enumerate(trace.events):
        whole = event.started_us is not None or event.enabled_us is not None
        key: object = line if whole else (event.activity, event.instance)
        moments = (
            (event.enabled_us, "assign"),
            (event.started_us, "start"),
            (event.at_us, event.transition or _COMPLETE),
        )
        known = [(us, word) for us, word in moments if us is not None]
        left_out.events += not known
        for us, word in known:
            told.append((us, word, event, numbers.setdefault(key, len(numbers) + 1)))
    told.sort(key=lambda each: each[0])
    return told


def _piece(found: Sequence[tuple[str, Trace, list[_Told]]], transitions: tuple[str, ...]) -> Piece:
    kinds = {word: kind for kind, word in enumerate(transitions)}
    rows = [(case, *each) for case, (_, _, told) in enumerate(found) for each in told]
    case = np.array([row[0] for row in rows], np.int64)
    first = np.diff(case, prepend=-1) != 0
    events = [row[3] for row in rows]
    return Piece(
        cases=_cases([(name, trace) for name, trace, _ in found]),
        runs=pa.table(
            {
                "activity": pa.array([event.activity for event in events], pa.string()),
                "person": pa.array([event.resource for event in events], pa.string()),
                "unit": pa.array([event.group for event in events], pa.string()),
                "element_id": pa.nulls(len(events), pa.string()),
                "attempt": pa.nulls(len(events), pa.int64()),
                "limit_ws": pa.nulls(len(events), pa.int64()),
                "result": pa.nulls(len(events), pa.string()),
            }
        ),
        missing=_NOTHING_MISSING,
        number=np.array([row[4] for row in rows], np.int64),
        case=case,
        run=np.arange(len(rows)),
        at_us=np.array([row[1] for row in rows], np.int64),
        kind=np.array([kinds[row[2]] for row in rows], np.int64),
        first=first,
        last=np.append(first[1:], True),
        transitions=transitions,
    )


def _cases(found: Sequence[tuple[str, Trace]]) -> pa.Table:
    traces = [trace for _, trace in found]
    columns: dict[str, Any] = {
        "n": pa.array(range(len(found)), pa.int64()),
        "code": pa.array([name for name, _ in found], pa.string()),
        **{name: pa.nulls(len(found), pa.string()) for name in _TEXTS},
        "received_us": pa.nulls(len(found), pa.int64()),
        "due_us": pa.array([trace.deadline_us for trace in traces], pa.int64()),
        "original_due_us": pa.array([trace.planned_end_us for trace in traces], pa.int64()),
        "ended_us": pa.array([trace.ended_us for trace in traces], pa.int64()),
    }
    columns["agency_id"] = pa.array([""] * len(found), pa.string())
    return pa.table(columns)
