"""What if: one more person, a shorter limit, a step less; the past of the office played again."""

from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from analysis.facts.facts import Facts
from analysis.queues.step_limit import StepLimit
from analysis.queues.step_limit import step_limit as under_limit
from analysis.replay.apart import Players
from analysis.replay.change import Change
from analysis.replay.what_if import Past, WhatIf
from api.identity import settings_of
from api.pages.analysis.filters import USUAL_DAYS, Days
from api.pages.analysis.rooms import Room, head, room_of
from api.pages.analysis.what_if_entry import Asked, Entry
from api.pages.frame import page
from api.pages.visit import Visit, Visiting
from api.past_of_office import office_past
from processes.errors import RuleError

router = APIRouter()
_REPLICATIONS = 30
_SEED = 1
_MEASURES = {
    "in_time": ("Đúng hạn", "On time"),
    "p50_ws": ("Một nửa xong trong", "Half done within"),
    "p95_ws": ("95% xong trong", "95% done within"),
}
Text = Annotated[str, Query(max_length=200)]


@router.get("/analysis/{code}/what-if")
def what_if_page(
    seen: Visiting,
    code: str,
    days: Days = USUAL_DAYS,
    first: str = "",
    last: str = "",
    post: Text = "",
    people: Text = "",
    limit: Text = "",
    drop: Text = "",
    supplements: Text = "",
    arrivals: Text = "",
    step: Text = "",
    step_limit: Text = "",
) -> HTMLResponse:
    """The form, and the answer where something was asked; it reads, so the address can be kept."""
    room = room_of(seen, "what-if", code, days, first, last)
    typed = map(str.strip, (supplements, arrivals, step, step_limit))
    asked = Asked(post, people.strip(), limit.strip(), drop, *typed)
    with seen.facts() as facts:
        context = head(seen, room, facts)
        posts, steps = _posts(facts, room), _steps(facts, room)
        if not asked.post and posts:  # what the form shows where nothing was chosen
            asked = replace(asked, post=posts[0][0])
        values = [value for value, _ in posts], [value for value, _ in steps]
        entry = Entry(seen, room.procedure.code, asked, *values)
        limit_ws = entry.step_limit_ws()
        step_under = None if limit_ws is None else _of_step(facts, room, asked.step, limit_ws)
        change = entry.change() if posts else None
        # Where nobody worked there is nothing to change: why it cannot be played is said instead.
        asks = change is not None or (asked.anything and not posts)
        past = _past(seen, facts, room, entry) if asks else None
    found = None if past is None or change is None else _played(seen, past, change, entry)
    context["errors"] = [*context["errors"], *entry.wrong]
    return page(
        seen,
        "analysis_what_if.html",
        **context,
        asked=asked,
        posts=posts,
        steps=steps,
        found=found,
        step_under=step_under,
        measures={name: seen.t(*words) for name, words in _MEASURES.items()},
        kept=asked.query,
    )


def _of_step(facts: Facts, room: Room, step: str, limit_ws: int) -> StepLimit:
    """What another limit would have said of a step."""
    return under_limit(facts, replace(room.scope, element_id=step), limit_ws)


def _past(seen: Visit, facts: Facts, room: Room, entry: Entry) -> Past | None:
    """What is played again; why it cannot be is added to what is wrong."""
    try:
        return office_past(seen.office, seen.actor, facts, room.scope)
    except RuleError as error:
        entry.refused(error)
        return None


def _played(seen: Visit, past: Past, change: Change, entry: Entry) -> WhatIf | None:
    """The answer; what was wrong with the question is added to what is wrong."""
    try:
        players: Players = seen.request.app.state.players
        most = settings_of(seen.request).what_if_replications
        return players.play(past, change, _SEED, min(_REPLICATIONS, most))
    except RuleError as error:
        entry.refused(error)
        return None


def _posts(facts: Facts, room: Room) -> list[tuple[str, str]]:
    """The positions that work on the procedure in the period: value and words."""
    where, values = room.scope.steps("enabled_us")
    rows = facts.rows(
        f"select unit, position from step_interval where person_id is not null and {where} "  # noqa: S608  # ours
        "group by unit, position order by unit, position",
        **values,
    )
    return [
        (f"{row['unit'] or ''}|{row['position'] or ''}", _post_words(room, row)) for row in rows
    ]


def _post_words(room: Room, row: dict[str, Any]) -> str:
    position = room.positions.get(row["position"], row["position"]) or "–"
    unit = room.units.get(row["unit"], row["unit"])
    return f"{position} ({unit})" if unit else position


def _steps(facts: Facts, room: Room) -> list[tuple[str, str]]:
    """The steps that were done in the period: element and name."""
    where, values = room.scope.steps("ended_us")
    rows = facts.rows(
        f"select element_id, max(name) as name from step_interval "  # noqa: S608  # ours
        f"where state in ('completed', 'sent_back') and {where} group by element_id order by name",
        **values,
    )
    return [(row["element_id"], row["name"]) for row in rows]
