"""What a play, or the past, comes to: how many in time, how long, how full hands were."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.facts.facts import Facts
from analysis.queues.scope import Scope
from analysis.rate import Rate
from analysis.replay.draws import Workload
from analysis.replay.office_model import OfficeModel
from analysis.replay.play import Played, consumed


@dataclass(frozen=True, slots=True)
class Figures:
    """Of the dossiers received in the period. in_time: of those with a limit and a known verdict.

    Late are those that ended late, and those still open whose limit is used up. p50_ws, p95_ws:
    working time that the finished ones consumed of their limit, elements ceil(n q); None without
    any.
    """

    received: int
    finished: int
    in_time: Rate
    p50_ws: int | None
    p95_ws: int | None

    def measures(self) -> Mapping[str, float | None]:
        """The figures that are compared, by name; the share in time from 0 to 1."""
        share = self.in_time.part / self.in_time.whole if self.in_time.whole else None
        return {"in_time": share, "p50_ws": self.p50_ws, "p95_ws": self.p95_ws}


def figures_of(
    model: OfficeModel, load: Workload, played: Played, until: int, procedure_code: str | None
) -> Figures:
    """The figures of a play as they would be told at a moment of the open clock."""
    own = (load.arrived >= model.begin) & (load.arrived < model.end)
    if procedure_code is not None:
        own &= load.procedure == model.procedures.index(procedure_code)
    spent, over = consumed(played, until)
    limited = own & (load.limit >= 0)
    late = limited & (spent > load.limit)
    known = late | (limited & over)
    return _made(int(own.sum()), spent[own & over], int(known.sum() - late.sum()), int(known.sum()))


def observed(facts: Facts, agency: str, scope: Scope, model: OfficeModel) -> Figures:
    """The figures of the past itself, of the procedures that a replay knows."""
    where, values = scope.dossiers("received_us")
    sql = f"""
        select finished_us, work_ws, age_ws, limit_ws, extensions, result, due_us, procedure_code
        from dossier_fact where agency_id = $agency and {where}
    """  # noqa: S608  # conditions of ours
    rows = facts.rows(sql, **(values | {"agency": agency}))
    rows = [row for row in rows if row["procedure_code"] in model.routes]
    spent = [row["work_ws"] for row in rows if _finished(row) and row["work_ws"] is not None]
    in_time = sum(_finished(row) and row["result"] in {"early", "on_time"} for row in rows)
    late = sum(_late(row, facts.at_us) for row in rows)
    return _made(len(rows), np.array(spent, dtype=np.int64), in_time, in_time + late)


def _finished(row: Mapping[str, Any]) -> bool:
    return row["finished_us"] is not None


def _late(row: Mapping[str, Any], at_us: int) -> bool:
    if _finished(row):
        return bool(row["result"] == "late")
    if row["due_us"] is not None:
        return bool(row["due_us"] < at_us)
    # It has no limit, or it stands: then it is late where its limit was used up before.
    limit, age = row["limit_ws"], row["age_ws"]
    return None not in (limit, age) and not row["extensions"] and bool(age > limit)


def _made(received: int, spent: NDArray[np.int64], in_time: int, known: int) -> Figures:
    ordered = np.sort(spent)
    p50, p95 = (
        int(ordered[(len(ordered) * percent + 99) // 100 - 1]) if len(ordered) else None
        for percent in (50, 95)
    )
    return Figures(received, len(ordered), Rate(in_time, known), p50, p95)
