"""How long it takes until a dossier is done, open ones counted too; what limit that would carry."""

from dataclasses import dataclass, replace
from typing import Annotated, Any
from uuid import UUID

import numpy as np
from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from analysis.facts.facts import Facts
from analysis.queues.scope import Scope
from analysis.survival.kaplan_meier import SurvivalCurve
from analysis.survival.late_risk import OpenRisk, late_risks
from analysis.survival.observed import Picked, curves, dossiers_watched, steps_watched
from analysis.survival.proposed_limit import ProposedLimit, propose_limit
from api.pages.analysis.filters import USUAL_DAYS, Days
from api.pages.analysis.rooms import head, room_of
from api.pages.frame import address, page
from api.pages.visit import Visit, Visiting

router = APIRouter()
DAY_WS = 8 * 3600
_POINTS = 160
_SHOWN = 20
_HALF = 0.5
_SHARES = (80, 90, 95, 99)
_USUAL = 95
Share = Annotated[int, Query(ge=50, le=99)]


@dataclass(frozen=True)
class Proposal:
    """What limit a step, or the whole procedure, would keep. name: "" for the whole."""

    element_id: str
    name: str
    limit_ws: int | None
    proposed: ProposedLimit


@dataclass(frozen=True)
class AtRisk:
    """An open step that may be late, and its dossier."""

    risk: OpenRisk
    dossier_id: UUID
    code: str
    name: str


@router.get("/analysis/{code}/spread")
def spread_page(
    seen: Visiting,
    code: str,
    days: Days = USUAL_DAYS,
    first: str = "",
    last: str = "",
    share: Share = _USUAL,
) -> HTMLResponse:
    room = room_of(seen, "spread", code, days, first, last)
    with seen.facts() as facts:
        picked = _picked(room.scope)
        watched = dossiers_watched(facts, picked)
        curve, limit = watched.curve(), _limit(facts, room.scope)
        at_risk = _at_risk(facts, room.procedure.code)
        return page(
            seen,
            "analysis_spread.html",
            **head(seen, room, facts),
            curve=curve,
            limit_ws=limit,
            met=curve.met(limit) if limit and curve.ended else None,
            met_within=curve.interval(limit) if limit and curve.ended else None,
            half_ws=curve.quantile(_HALF),
            shares=[
                (
                    address(
                        room.action, **room.filters.query, share="" if each == _USUAL else each
                    ),
                    seen.t(f"{each}% phải kịp", f"{each}% must keep it"),
                    each == share,
                )
                for each in _SHARES
            ],
            proposals=_proposals(facts, room.scope, picked, share / 100, limit),
            at_risk=at_risk[:_SHOWN],
            likely=sum((each.risk.share or 0) >= _HALF for each in at_risk),
            series=_series(seen, curve, limit),
        )


def _picked(scope: Scope) -> Picked:
    return Picked(procedure_code=scope.procedure_code, from_us=scope.start_us, to_us=scope.end_us)


def _limit(facts: Facts, scope: Scope) -> int | None:
    """The limit that most of the period's dossiers had."""
    where, values = scope.dossiers("received_us")
    rows = facts.rows(
        f"select limit_ws from dossier_fact where limit_ws is not null and {where} "  # noqa: S608  # ours
        "group by limit_ws order by count(*) desc, limit_ws limit 1",
        **values,
    )
    return int(rows[0]["limit_ws"]) if rows else None


def _proposals(
    facts: Facts, scope: Scope, picked: Picked, wanted: float, limit: int | None
) -> list[Proposal]:
    """Of the whole procedure, then of each step that has runs enough to say anything."""
    whole = propose_limit(dossiers_watched(facts, picked), wanted)
    where, values = scope.steps("enabled_us")
    limits = facts.rows(
        f"select element_id, max(limit_ws) as limit_ws from step_interval where {where} "  # noqa: S608  # ours
        "group by element_id",
        **values,
    )
    stated = {row["element_id"]: row["limit_ws"] for row in limits}
    found = [Proposal("", "", limit, whole)]
    for each in curves(facts, "step", picked):
        assert each.element_id is not None
        step = replace(picked, step=each.element_id)
        proposed = propose_limit(steps_watched(facts, step), wanted)
        if proposed.ended:
            stated_limit = stated.get(each.element_id)
            found.append(Proposal(each.element_id, each.name, stated_limit, proposed))
    return found


def _at_risk(facts: Facts, code: str) -> list[AtRisk]:
    """Open steps by how likely they are to be late."""
    risks = late_risks(facts, code)
    rows = facts.rows(
        "select cast(s.step_run_id as varchar) as id, s.dossier_id, s.name, d.code "
        "from step_interval s join dossier_fact d on d.dossier_id = s.dossier_id "
        "where s.state = 'open' and s.procedure_code = $code",
        code=code,
    )
    known = {row["id"]: row for row in rows}
    return [
        AtRisk(
            risk,
            known[risk.step_run_id]["dossier_id"],
            known[risk.step_run_id]["code"],
            known[risk.step_run_id]["name"],
        )
        for risk in risks
        if risk.step_run_id in known
    ]


def _series(seen: Visit, curve: SurvivalCurve, limit: int | None) -> dict[str, Any]:
    """The share that is done by each age, with its interval, up to the longest watched."""
    furthest = max(curve.last, limit or 0, 1)
    ages = np.linspace(0, furthest, _POINTS).astype(np.int64)
    met = 100 * (1 - curve.many(ages))
    bounds = [curve.interval(int(age)) for age in ages]
    series: dict[str, Any] = {
        "x": [round(age / DAY_WS, 3) for age in ages.tolist()],
        "xLabel": seen.t(
            "ngày làm việc từ khi tiếp nhận, trừ tạm dừng", "working days, less pauses"
        ),
        "yLabel": seen.t("% hồ sơ đã xong", "% of dossiers done"),
        "series": [
            {
                "label": seen.t("đã xong", "done"),
                "values": [round(value, 2) for value in met.tolist()],
                "low": [_bound(1 - b.high, b) for b in bounds],
                "high": [_bound(1 - b.low, b) for b in bounds],
            }
        ],
    }
    if limit:
        series["mark"] = {"x": limit / DAY_WS, "label": seen.t("thời hạn", "limit")}
    return series


def _bound(share: float, interval: Any) -> float | None:
    """In per cent; nothing where nothing is known."""
    return None if interval.low <= 0 and interval.high >= 1 else round(100 * share, 2)
