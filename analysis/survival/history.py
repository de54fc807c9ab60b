"""What past runs of a step tell: how long it took, and how long from its beginning to the end.

Both in working seconds without pauses. The age of a dossier when a step of it began is a difference
of two readings of one working clock; where the calendar changed in between it is not known, and
such a run is left out and counted.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa

from analysis.facts.facts import Facts
from analysis.survival.kaplan_meier import Flags, Whole
from analysis.survival.observed import NOT_ENDED, STEP_ENDED, STEP_LASTED

NEVER = 2**62
_MOSTLY = 0.8
StepKey = tuple[str, str]
"""Code of a procedure, id of the step in its diagram."""


@dataclass(frozen=True, eq=False)
class Runs:
    """Runs of one step, in the order of their ids; nothing of an open one is left out.

    run_ids: as text. own: how long the run took, or has lain. entry: how old its dossier was when
    it began. rest: from there until the handling of the dossier ended, or until now. limit: of the
    dossier, -1 without one. open: whether the run is in hand now. over_us: when the handling of the
    dossier ended, the largest number while it has not.
    """

    run_ids: "pa.ChunkedArray[Any]"
    own: Whole
    own_ended: Flags
    entry: Whole
    rest: Whole
    rest_ended: Flags
    limit: Whole
    open: Flags
    over_us: Whole

    @property
    def n(self) -> int:
        return len(self.own)

    @property
    def allowed(self) -> Whole:
        """What is left from the beginning of the step until the limit of the dossier."""
        return self.limit - self.entry

    def where(self, here: Flags) -> "Runs":
        """Those of them."""
        parts = {f.name: getattr(self, f.name)[here] for f in fields(self) if f.name != "run_ids"}
        return Runs(run_ids=self.run_ids.filter(pa.array(here)), **parts)

    def latest(self, most: int) -> "Runs":
        """At most so many of the latest, spread evenly over a stretch in which most dossiers are
        finished by now: of the very last ones nobody knows yet how long they take.
        """
        wide = most
        while wide < self.n and (self.over_us[-wide:] < NEVER).mean() < _MOSTLY:
            wide *= 2
        wide = min(wide, self.n)
        if wide <= most and wide == self.n:
            return self
        apart = (wide + most - 1) // most
        here = np.zeros(self.n, dtype=bool)
        here[self.n - wide :][::-apart] = True  # ids rise with time
        return self.where(here)


@dataclass(frozen=True, eq=False)
class History:
    """The runs of each step. unknown: how many are left out, for a calendar that changed."""

    steps: Mapping[StepKey, Runs]
    unknown: int


def history(facts: Facts, procedure_code: str | None = None) -> History:
    """Every run of every step, of one procedure where one is asked for."""
    table = facts.arrow(_RUNS, procedure=procedure_code)
    told = table.column("known").to_numpy().astype(bool)
    kept = table.filter(pa.array(told))
    codes = kept.column("step").to_numpy()
    starts = np.flatnonzero(np.diff(codes, prepend=0)).tolist()
    steps = {
        (
            kept.column("procedure_code")[start].as_py(),
            kept.column("element_id")[start].as_py(),
        ): _runs(kept.slice(start, end - start))
        for start, end in pairwise([*starts, len(codes)])
    }
    return History(steps, int(len(told) - told.sum()))


def _runs(rows: pa.Table) -> Runs:
    def column(name: str) -> Whole:
        return rows.column(name).to_numpy().astype(np.int64)

    own, entry = column("own"), column("entry")
    return Runs(
        run_ids=rows.column("run_id"),
        own=own,
        own_ended=column("own_ended").astype(bool),
        entry=entry,
        rest=np.maximum(column("total") - entry, own),
        rest_ended=column("total_ended").astype(bool),
        limit=column("limit_ws"),
        open=column("is_open").astype(bool),
        over_us=column("over_us"),
    )


_RUNS = f"""
    with own as (
      select *, {STEP_LASTED} as own, {STEP_ENDED} as own_ended from step_interval
      where cast($procedure as varchar) is null or procedure_code = $procedure
    ), begun as (
      select dossier_id, calendar_version, c_enabled as c_first from (
        select *, row_number() over (
          partition by dossier_id order by enabled_us, step_run_id) as place from own
      ) where place = 1
    ), stood as (
      select s.step_run_id, sum(p.paused_ws) as paused
      from own s join pause_fact p on p.dossier_id = s.dossier_id
      where p.until_us <= s.enabled_us group by 1
    ), runs as (
      select s.procedure_code, s.element_id, s.step_run_id,
        coalesce(d.finished_us, {NEVER}) as over_us, s.own, s.own_ended,
        b.calendar_version = s.calendar_version as known,
        greatest(s.c_enabled - b.c_first - coalesce(p.paused, 0), 0) as entry,
        coalesce(d.work_ws, d.age_ws) as total, coalesce(d.limit_ws, -1) as limit_ws,
        case when d.work_ws is null or d.outcome in {NOT_ENDED} then 0 else 1 end as total_ended,
        case when s.state = 'open' then 1 else 0 end as is_open
      from own s join begun b on b.dossier_id = s.dossier_id
      join (
        select dossier_id, work_ws, age_ws, limit_ws, outcome, finished_us from dossier_fact
      ) d on d.dossier_id = s.dossier_id
      left join stood p on p.step_run_id = s.step_run_id
    )
    select procedure_code, element_id, cast(step_run_id as varchar) as run_id, own, own_ended,
      known, entry, total, limit_ws, total_ended, is_open, over_us,
      dense_rank() over (order by procedure_code, element_id) as step
    from runs where own is not null and total is not null
    order by procedure_code, element_id, step_run_id
"""  # noqa: S608 - columns of ours
