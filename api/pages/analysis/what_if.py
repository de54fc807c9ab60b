"""What if: one more person, a shorter limit, a step less; the past of the office played again."""

from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from analysis.facts.facts import Facts
from analysis.queues.step_limit import StepLimit
from analysis.queues.step_limit import step_limit as under_limit
from analysis.replay.apart import Players
from analysis.replay.change import (
    Arrivals,
    Change,
    Dropped,
    InvalidChange,
    Limit,
    People,
    SupplementRate,
)
from analysis.replay.what_if import Past, WhatIf
from api.identity import settings_of
from api.pages.analysis.filters import USUAL_DAYS, Days
from api.pages.analysis.rooms import Room, head, room_of
from api.pages.frame import Wrong, page
from api.pages.visit import Visit, Visiting
from api.past_of_office import office_past
from processes.errors import RuleError

router = APIRouter()
DAY_WS = 8 * 3600
_REPLICATIONS = 30
_SEED = 1
_ALL = 100
_LARGEST = 10**6  # days, per cent, people: more is a slip
_MEASURES = {
    "in_time": ("Đúng hạn", "On time"),
    "p50_ws": ("Một nửa xong trong", "Half done within"),
    "p95_ws": ("95% xong trong", "95% done within"),
}
Text = Annotated[str, Query(max_length=200)]


@dataclass(frozen=True)
class Asked:
    """What the form holds, as it was typed; all of it lives in the address.

    post: "unit|position". people: so many more or fewer. limit: working days. drop: a step.
    supplements, arrivals: per cent. step, step_limit: another limit of one step, working days; it
    is counted, not played.
    """

    post: str = ""
    people: str = ""
    limit: str = ""
    drop: str = ""
    supplements: str = ""
    arrivals: str = ""
    step: str = ""
    step_limit: str = ""

    @property
    def anything(self) -> bool:
        return any((self.people, self.limit, self.drop, self.supplements, self.arrivals))


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
    past, wrong = None, list[Wrong]()
    with seen.facts() as facts:
        context = head(seen, room, facts)
        posts, steps = _posts(facts, room), _steps(facts, room)
        if not asked.post and posts:  # what the form shows where nothing was chosen
            asked = replace(asked, post=posts[0][0])
        step_under = _of_step(seen, facts, room, asked, wrong)
        if asked.anything:
            try:
                past = office_past(seen.office, seen.actor, facts, room.scope)
            except RuleError as error:
                wrong.append((None, seen.said(error)))
    found = None if past is None else _played(seen, room, past, asked, wrong)
    context["errors"] = [*context["errors"], *wrong]
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
        day_ws=DAY_WS,
    )


def _of_step(
    seen: Visit, facts: Facts, room: Room, asked: Asked, wrong: list[Wrong]
) -> StepLimit | None:
    """What another limit would have said of a step; None where none was typed."""
    try:
        days = _number(asked.step_limit)
        if days is None or not asked.step:
            return None
        limit = Limit(room.procedure.code, int(days * DAY_WS))
    except RuleError as error:
        wrong.append((None, seen.said(error)))
        return None
    return under_limit(facts, replace(room.scope, element_id=asked.step), limit.limit_ws)


def _played(seen: Visit, room: Room, past: Past, asked: Asked, wrong: list[Wrong]) -> WhatIf | None:
    """The answer; what was wrong with the question is added to `wrong`."""
    try:
        change = _change(room.procedure.code, asked)
        players: Players = seen.request.app.state.players
        most = settings_of(seen.request).what_if_replications
        return players.play(past, change, _SEED, min(_REPLICATIONS, most))
    except RuleError as error:
        wrong.append((None, seen.said(error)))
        return None


def _change(code: str, asked: Asked) -> Change:
    """The change that was typed (InvalidChange)."""
    unit, _, position = asked.post.partition("|")
    people = _whole(asked.people)
    limit, share, factor = map(_number, (asked.limit, asked.supplements, asked.arrivals))
    return Change(
        people=() if people is None else (People(unit or None, position or None, people),),
        limits=() if limit is None else (Limit(code, int(limit * DAY_WS)),),
        dropped=(Dropped(code, asked.drop),) if asked.drop else (),
        supplements=() if share is None else (SupplementRate(code, float(share / _ALL)),),
        arrivals=() if factor is None else (Arrivals(float(factor / _ALL), code),),
    )


def _number(text: str) -> Decimal | None:
    """A number as people type it, with a comma or a point; None where nothing was typed."""
    if not text:
        return None
    try:
        number = Decimal(text.replace(",", "."))
    except InvalidOperation as error:
        raise InvalidChange(what=text) from error
    if not (number.is_finite() and abs(number) < _LARGEST):
        raise InvalidChange(what=text)
    return number


def _whole(text: str) -> int | None:
    """A number of people: nobody is half."""
    number = _number(text)
    if number is None or number == int(number):
        return None if number is None else int(number)
    raise InvalidChange(what=text)


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
