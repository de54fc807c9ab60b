"""Why runs waited: five causes that do not overlap and sum to the waiting to the second.

The working time from enabled to started is split, in this order:
1. unavailability: on days on which the person who took it did nothing at all (`presence`);
2. batching: until the last member of its batch was enabled. A batch: at least `batch_least` runs of
   one step that one person started less than `batch_gap_ws` apart, in the order in which they
   came, and that had all come before the first of them was started; paused runs are in none;
3. prioritisation: the person was at work on a run that had come later;
4. contention: the person was at work on runs that had come earlier;
5. extraneous: the rest, with the waiting of runs that no person held.
Pauses are no waiting and are taken off the last cause first. The impact of a cause is the cycle
time efficiency, handling / (handling + waiting), as it would be without it. Source: Lashkevich,
Milani, Chapela-Campa, Suvorau, Dumas, "Why am I Waiting?" (2023); batches: Klijn & Fahland 2019.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from analysis.facts.facts import Facts
from analysis.queues.held import ENDED, Held, Pieces
from analysis.queues.open_hours import Ints, NoOpenHours, OpenHours
from analysis.queues.presence import Presence
from analysis.queues.scope import Scope
from analysis.queues.stretches import SPAN, Ceiling
from analysis.rate import Rate

BATCH_GAP_WS = 900
BATCH_LEAST = 3


class Cause(StrEnum):
    """Why a run waits, in the order in which time is booked."""

    UNAVAILABILITY = "unavailability"
    BATCHING = "batching"
    PRIORITISATION = "prioritisation"
    CONTENTION = "contention"
    EXTRANEOUS = "extraneous"


@dataclass(frozen=True, slots=True)
class WaitingCauses:
    """The waiting of one step in one unit by cause, working seconds; parts sum to waiting_ws."""

    procedure_code: str
    element_id: str
    unit: str | None
    name: str
    runs: int
    waiting_ws: int
    handling_ws: int
    parts: Mapping[Cause, int]

    @property
    def efficiency(self) -> Rate:
        """Cycle time efficiency: handling of handling and waiting."""
        return Rate(self.handling_ws, self.handling_ws + self.waiting_ws)

    def efficiency_without(self, cause: Cause) -> Rate:
        """What the efficiency would be if nothing waited for this cause."""
        left = self.waiting_ws - self.parts[cause]
        return Rate(self.handling_ws, self.handling_ws + left)


def waiting_causes(
    facts: Facts,
    scope: Scope,
    hours: Mapping[str, OpenHours],
    *,
    batch_gap_ws: int = BATCH_GAP_WS,
    batch_least: int = BATCH_LEAST,
) -> tuple[WaitingCauses, ...]:
    """Why the runs that ended in the period waited, the step that waited longest first.

    hours: of each agency, NoOpenHours where one is missing.
    """
    sql, values = _totals(scope)
    totals = facts.rows(sql, **values)
    parts: dict[tuple[str, str, str | None], Ints] = {}
    for agency, since_us in _agencies(facts, scope):
        if agency not in hours:
            raise NoOpenHours(agency=agency)
        held = Held.of(facts, scope, agency, since_us)
        if not len(held.person):
            continue
        split = split_waiting(
            held,
            Pieces.of(facts, scope, agency, since_us),
            hours[agency],
            batch_gap_ws,
            batch_least,
        )
        for number, (procedure, element, unit, _) in enumerate(held.named):
            own = held.measured & (held.place == number)
            found = split[:, own].sum(axis=1)
            key = (procedure, element, unit)
            parts[key] = parts.get(key, np.zeros(len(Cause), dtype=np.int64)) + found
    made = (_made(row, parts) for row in totals)
    return tuple(
        sorted(made, key=lambda w: (-w.waiting_ws, w.procedure_code, w.element_id, w.unit or ""))
    )


def waited_for(
    facts: Facts, scope: Scope, hours: Mapping[str, OpenHours], cause: Cause
) -> dict[str, int]:
    """The runs that waited for this cause, by their ids, and for how long; they sum to its part."""
    found: dict[str, int] = {}
    split: set[str] = set()
    for agency, since_us in _agencies(facts, scope):
        if agency not in hours:
            raise NoOpenHours(agency=agency)
        held = Held.of(facts, scope, agency, since_us)
        if not len(held.person):
            continue
        parts = split_waiting(held, Pieces.of(facts, scope, agency, since_us), hours[agency])
        ids = [str(run) for run in held.ids.filter(pa.array(held.measured)).to_pylist()]
        of_cause = parts[list(Cause).index(cause)][held.measured].tolist()
        found |= dict(zip(ids, of_cause, strict=True))
        split.update(ids)
    if cause is Cause.EXTRANEOUS:
        found |= {run: spent for run, spent in _all_waiting(facts, scope) if run not in split}
    return {run: spent for run, spent in found.items() if spent}


def _all_waiting(facts: Facts, scope: Scope) -> list[tuple[str, int]]:
    where, values = scope.steps("ended_us")
    rows = facts.rows(
        "select cast(step_run_id as varchar) as id, waiting_ws from step_interval "  # noqa: S608  # conditions of ours
        f"where {ENDED} and waiting_ws > 0 and {where} order by step_run_id",
        **values,
    )
    return [(row["id"], row["waiting_ws"]) for row in rows]


def _totals(scope: Scope) -> tuple[str, dict[str, Any]]:
    where, values = scope.steps("ended_us")
    sql = f"""
        select procedure_code, element_id, unit, max(name) as name, count(*) as runs,
            cast(coalesce(sum(waiting_ws), 0) as bigint) as waiting_ws,
            cast(coalesce(sum(handling_ws), 0) as bigint) as handling_ws
        from step_interval where {ENDED} and {where} group by procedure_code, element_id, unit
    """  # noqa: S608  # conditions of ours
    return sql, values


def _agencies(facts: Facts, scope: Scope) -> list[tuple[str, int]]:
    """The agencies with runs that ended in the period, and when the first of those came."""
    where, values = scope.steps("ended_us")
    sql = (
        "select agency_id, min(enabled_us) as since_us from step_interval "  # noqa: S608  # conditions of ours
        f"where {ENDED} and {where} group by agency_id order by agency_id"
    )
    return [(row["agency_id"], row["since_us"]) for row in facts.rows(sql, **values)]


def _made(
    row: Mapping[str, Any], parts: Mapping[tuple[str, str, str | None], Ints]
) -> WaitingCauses:
    key = (row["procedure_code"], row["element_id"], row["unit"])
    found = parts.get(key, np.zeros(len(Cause), dtype=np.int64)).tolist()
    of_cause = dict(zip(Cause, found, strict=True))
    of_cause[Cause.EXTRANEOUS] += row["waiting_ws"] - sum(found)
    return WaitingCauses(**row, parts=of_cause)


def split_waiting(
    held: Held,
    pieces: Pieces,
    hours: OpenHours,
    batch_gap_ws: int = BATCH_GAP_WS,
    batch_least: int = BATCH_LEAST,
) -> Ints:
    """Working seconds of each cause (a row each, as in `Cause`) of every run held."""
    presence = Presence.of(hours, held.persons, *held.acts())
    open_ws = hours.clock(held.started) - hours.clock(held.enabled)
    came = presence.clock(held.person, held.enabled)
    taken = presence.clock(held.person, held.started)
    batched = _batched(held, came, taken, batch_gap_ws, batch_least)
    axis = Ceiling.over(
        pieces.person * SPAN + presence.clock(pieces.person, pieces.begin),
        pieces.person * SPAN + presence.clock(pieces.person, pieces.end),
        pieces.enabled,
    )
    base = held.person * SPAN
    later, earlier = axis.above(base + came + batched, base + taken, held.enabled)
    there = taken - came
    rest = there - batched - later - earlier
    parts = np.stack((open_ws - there, batched, later, earlier, rest))
    return _reconciled(parts, held.waiting_ws)


def _batched(held: Held, came: Ints, taken: Ints, gap_ws: int, least: int) -> Ints:
    """Seconds from coming to the coming of the last of the batch; rows are in order of start."""
    order = np.lexsort((held.enabled, held.started, held.place, held.person))
    person, place = held.person[order], held.place[order]
    came, taken = came[order], taken[order]
    fresh = np.ones(len(order), dtype=bool)
    fresh[1:] = (
        (np.diff(person) != 0)
        | (np.diff(place) != 0)
        | (np.diff(taken) >= gap_ws)
        | (np.diff(came) < 0)
    )
    batch = np.cumsum(fresh) - 1
    first_taken = taken[fresh][batch]
    member: NDArray[np.bool_] = (came <= first_taken) & ~held.paused[order]
    size = np.bincount(batch, weights=member)[batch]
    last_came = np.full(int(batch[-1]) + 1, -1, dtype=np.int64)
    np.maximum.at(last_came, batch[member], came[member])
    real = member & (size >= least)
    found = np.zeros(len(order), dtype=np.int64)
    found[order] = np.where(real, last_came[batch] - came, 0)
    return found


def _reconciled(parts: Ints, waiting_ws: Ints) -> Ints:
    """Parts that sum to the waiting as it was written down.

    What is too much is pause (or another edition of the calendar) and goes off the last cause
    first; what is lacking is extraneous.
    """
    over = parts.sum(axis=0) - waiting_ws
    parts[-1] += np.maximum(-over, 0)
    over = np.maximum(over, 0)
    for row in range(len(parts) - 1, -1, -1):
        off = np.minimum(parts[row], over)
        parts[row] -= off
        over -= off
    return parts
