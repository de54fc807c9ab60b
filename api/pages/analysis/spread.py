"""How long it takes until a dossier is done, open ones counted too; what limit that would carry."""

from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

import numpy as np
from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from analysis.counted.question import Counted
from analysis.facts.facts import Facts
from analysis.queues.scope import Scope
from analysis.survival.kaplan_meier import SurvivalCurve
from analysis.survival.late_risk import LIKELY, OpenRisk, late_risks
from analysis.survival.limits import limits, stated_limit
from analysis.survival.observed import Picked, Watched, dossiers_watched
from api.pages.analysis.filters import USUAL_DAYS, Days
from api.pages.analysis.habits import flags_of, habit_words
from api.pages.analysis.rooms import Room, head, room_of
from api.pages.frame import address, address_of, page
from api.pages.visit import Visit, Visiting

router = APIRouter()
DAY_WS = 8 * 3600
_POINTS = 160
_SHORT_WS = 3 * DAY_WS  # what is over sooner is drawn in hours
_SHOWN = 20
_HALF = 0.5
_MARKS = (1, 2, 4, 8, 16, 24, 40, 56, 80, 120, 160, 240, 320, 480, 720, 960, 1440, 2000)  # hours
_SHARES = (80, 90, 95, 99)
_USUAL = 95
Share = Annotated[int, Query(ge=50, le=99)]


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
        curve, limit = watched.curve(), stated_limit(facts, picked)
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
            share=share,
            kept={} if share == _USUAL else {"share": share},
            proposals=limits(facts, picked, share / 100),
            flags=flags_of(seen, facts, room.scope),
            habit_words=habit_words(seen),
            at_risk=at_risk[:_SHOWN],
            likely=sum((each.risk.share or 0) >= LIKELY for each in at_risk),
            series=_series(seen, room, curve, limit),
            marks=_marks(watched, curve),
        )


def _picked(scope: Scope) -> Picked:
    return Picked(procedure_code=scope.procedure_code, from_us=scope.start_us, to_us=scope.end_us)


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


@dataclass(frozen=True, slots=True)
class Mark:
    """The curve after so long: the share done, and how many dossiers lie on either side."""

    lasted_ws: int
    done: float
    low: float
    high: float
    ended: int
    longer: int


def _marks(watched: Watched, curve: SurvivalCurve) -> list[Mark]:
    """At lengths that people name, up to the first that nobody exceeds."""
    found = []
    for hours in _MARKS:
        lasted = hours * 3600
        lasts = curve.interval(lasted)
        short = watched.lasted <= lasted
        ended = int((watched.ended & short).sum())
        longer = int((~short).sum())
        found.append(Mark(lasted, curve.met(lasted), 1 - lasts.high, 1 - lasts.low, ended, longer))
        if not longer:
            break
    return found


def _series(seen: Visit, room: Room, curve: SurvivalCurve, limit: int | None) -> dict[str, Any]:
    """The share that is done by each age, with its interval, up to the longest watched."""
    furthest = max(curve.last, limit or 0, 1)
    hours = furthest < _SHORT_WS
    unit = 3600 if hours else DAY_WS
    ages = np.linspace(0, furthest, _POINTS).astype(np.int64)
    met = 100 * (1 - curve.many(ages))
    bounds = [curve.interval(int(age)) for age in ages]
    series: dict[str, Any] = {
        "x": [round(age / unit, 3) for age in ages.tolist()],
        "keys": ages.tolist(),
        "xLabel": seen.t(
            f"{'giờ' if hours else 'ngày'} làm việc từ khi tiếp nhận, trừ tạm dừng",
            f"working {'hours' if hours else 'days'}, less pauses",
        ),
        "yLabel": seen.t("% hồ sơ đã xong", "% of dossiers done"),
        "top": 100,
        "series": [
            {
                "label": seen.t("đã xong", "done"),
                "values": [round(value, 2) for value in met.tolist()],
                "low": [_bound(1 - b.high, b) for b in bounds],
                "high": [_bound(1 - b.low, b) for b in bounds],
                "link": _who_is_done(seen, room),
            }
        ],
    }
    if limit:
        series["mark"] = {"x": limit / unit, "label": seen.t("thời hạn", "limit")}
    return series


def _who_is_done(seen: Visit, room: Room) -> str:
    """The list of a point; `{x}` stands for its age in working seconds."""
    asked = {"counted": Counted.WATCHED_DONE.value, "procedure": room.procedure.code}
    back = {"back": address_of(seen.request)}
    return address("/dossiers/counted", **asked, **room.filters.query, **back) + "&within={x}"


def _bound(share: float, interval: Any) -> float | None:
    """In per cent; nothing where nothing is known."""
    return None if interval.low <= 0 and interval.high >= 1 else round(100 * share, 2)
