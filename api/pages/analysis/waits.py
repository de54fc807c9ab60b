"""Where a step's time goes: waiting, handling, paused; and what the waiting was for."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from analysis.queues.causes import waiting_causes
from analysis.queues.repeats import repeated_steps, sent_back
from analysis.queues.step_times import step_times
from analysis.queues.utilisation import Burden, utilisation
from api.analysis_readers import positions_for
from api.opening_hours import hours_of
from api.pages.analysis.cause_words import CAUSE_WORDS
from api.pages.analysis.filters import USUAL_DAYS, Days
from api.pages.analysis.habits import flags_of, habit_words
from api.pages.analysis.rooms import head, room_of
from api.pages.analysis.step_bars import mean_ws, step_bars
from api.pages.frame import page
from api.pages.visit import Visiting

router = APIRouter()
BURDEN_WORDS = {
    Burden.CAPACITY: (
        "thiếu người: kín việc mà hàng đợi vẫn dài ra",
        "too few: full, and the queue grows",
    ),
    Burden.FULL: ("kín việc nhưng theo kịp", "full, and keeps up"),
    Burden.RULE: (
        "còn thời gian mà hồ sơ vẫn chờ: xem lại cách phân việc",
        "time to spare, yet dossiers wait: look at how work is given out",
    ),
    Burden.EVEN: ("cân đối", "even"),
}


@router.get("/analysis/{code}/waits")
def waits_page(
    seen: Visiting, code: str, days: Days = USUAL_DAYS, first: str = "", last: str = ""
) -> HTMLResponse:
    room = room_of(seen, "waits", code, days, first, last)
    with seen.facts() as facts:
        hours = hours_of(seen.office, seen.actor.agency_id, facts)
        steps = step_times(facts, room.scope)
        posts = utilisation(facts, room.scope, hours) if steps else ()
        seen_posts = positions_for(seen.actor, posts)
        return page(
            seen,
            "analysis_waits.html",
            **head(seen, room, facts),
            steps=steps,
            bars=step_bars(steps),
            mean_ws=mean_ws,
            waiting_ws=sum(step.waiting.sum_ws for step in steps),
            handling_ws=sum(step.handling.sum_ws for step in steps),
            repeated=repeated_steps(facts, room.scope),
            sent=sent_back(facts, room.scope),
            causes=waiting_causes(facts, room.scope, hours) if steps else (),
            cause_words={cause: seen.t(*words) for cause, words in CAUSE_WORDS.items()},
            posts=seen_posts,
            posts_hidden=len(posts) - len(seen_posts),
            burden_words={burden: seen.t(*words) for burden, words in BURDEN_WORDS.items()},
            flags=flags_of(seen, facts, room.scope) if steps else (),
            habit_words=habit_words(seen),
            names={step.element_id: step.name for step in steps},
        )
