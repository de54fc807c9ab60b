"""What if: the past of the office played again, changed; reads only, and bounded in time."""

from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import Field

from analysis.facts.kept import KeptFacts
from analysis.period import Period
from analysis.queues.scope import Scope
from analysis.queues.step_limit import StepLimit, step_limit
from analysis.replay.apart import Players
from analysis.replay.change import (
    Arrivals,
    Change,
    Dropped,
    Limit,
    People,
    SupplementRate,
)
from analysis.replay.what_if import REPLICATIONS, WhatIf
from api.analysis_readers import ANALYSIS_READERS
from api.identity import Officer, TheFacts, TheOffice, settings_of
from api.past_of_office import office_past
from api.rest.answer import Answer
from api.rest.bodies import Body
from api.rest.returns import First, Last
from engine.store.columns import from_microseconds
from processes.errors import InvalidInput

router = APIRouter(tags=["analysis"], prefix="/analysis/what-if")
_BEGIN, _END = date(2000, 1, 1), date(2100, 12, 31)
_CHANGES = 20
Name = Annotated[str, Field(min_length=1, max_length=255)]
Code = Annotated[
    str, Query(min_length=1, max_length=255, description="Mã như sơ đồ ghi / as the diagram says.")
]
Day = Annotated[date, Field(ge=_BEGIN, le=_END)]


class TooManyReplications(InvalidInput):
    """More replications than the installation allows."""

    code = "what_if.too_many_replications"
    vi = "Cài đặt này cho phép tối đa {most} lượt dựng lại, không phải {asked}."
    en = "This installation allows at most {most} replications, not {asked}."


class PeopleBody(Body):
    unit: Name | None = None
    position: Name | None = None
    by: Annotated[int, Field(ge=-100, le=100)]


class OtherLimitBody(Body):
    procedure: Name
    limit_ws: Annotated[int, Field(ge=1, le=10**9)]


class DroppedBody(Body):
    procedure: Name
    step: Name


class SupplementsBody(Body):
    procedure: Name
    share: Annotated[float, Field(ge=0, le=1)]


class ArrivalsBody(Body):
    factor: Annotated[float, Field(ge=0, le=3)]
    procedure: Name | None = None


class WhatIfBody(Body):
    """first, last: days of the period. procedure: of which figures are told, none = the office.

    seed: the same seed gives the same answer.
    """

    first: Day
    last: Day
    procedure: Name | None = None
    people: Annotated[tuple[PeopleBody, ...], Field(max_length=_CHANGES)] = ()
    limits: Annotated[tuple[OtherLimitBody, ...], Field(max_length=_CHANGES)] = ()
    dropped: Annotated[tuple[DroppedBody, ...], Field(max_length=_CHANGES)] = ()
    supplements: Annotated[tuple[SupplementsBody, ...], Field(max_length=_CHANGES)] = ()
    arrivals: Annotated[tuple[ArrivalsBody, ...], Field(max_length=_CHANGES)] = ()
    replications: Annotated[int, Field(ge=2)] = REPLICATIONS
    seed: Annotated[int, Field(ge=0, le=2**31 - 1)] = 0

    def change(self) -> Change:
        """The change as analysis knows it (InvalidChange)."""
        return Change(
            tuple(People(each.unit, each.position, each.by) for each in self.people),
            tuple(Limit(each.procedure, each.limit_ws) for each in self.limits),
            tuple(Dropped(each.procedure, each.step) for each in self.dropped),
            tuple(SupplementRate(each.procedure, each.share) for each in self.supplements),
            tuple(Arrivals(each.factor, each.procedure) for each in self.arrivals),
        )


class RateAnswer(Answer):
    part: int
    whole: int


class FiguresAnswer(Answer):
    """Of the dossiers received in the period; times in working seconds."""

    received: int
    finished: int
    in_time: RateAnswer
    p50_ws: int | None
    p95_ws: int | None


class CheckedAnswer(Answer):
    """A figure of the past and of its replay; near: at most a tenth off."""

    measure: str
    observed: float | None
    replayed: float | None
    lowest: float | None
    highest: float | None
    gap: float | None
    near: bool


class IntervalAnswer(Answer):
    low: float
    high: float


class DifferenceAnswer(Answer):
    """A figure as it was and changed, both replayed; interval: of the difference, 95 %.

    null: no dossier gives it, for none comes or none finishes.
    """

    measure: str
    as_it_was: float | None
    changed: float | None
    difference: float | None
    interval: IntervalAnswer | None
    certain: bool


class PostAnswer(Answer):
    """A position: its people, the mean wait for one of them in working seconds; null: of nobody."""

    unit: str | None
    position: str | None
    people_before: int
    people_after: int
    wait_before_ws: float | None
    wait_after_ws: float | None


class WhatIfAnswer(Answer):
    """trusted: the replay of the past came near to it in all checks; else it is only a hint.

    never_before, never_after: dossiers of the period that do not finish in the play, on average.
    """

    trusted: bool
    observed: FiguresAnswer
    checks: list[CheckedAnswer]
    differences: list[DifferenceAnswer]
    never_before: float
    never_after: float
    posts: list[PostAnswer]
    replications: int
    dossiers: int
    seed: int


class StepLimitAnswer(Answer):
    """Runs of a step under another limit, behaviour as it was; over_ws: by how much over it."""

    procedure_code: str
    element_id: str
    limit_ws: int
    runs: int
    late_before: RateAnswer
    late_after: RateAnswer
    interval: IntervalAnswer
    over_ws: int
    fresh_at: datetime


@router.get("/step-limit", summary="Thời hạn khác cho một bước / another limit for a step")
def get_step_limit(
    office: TheOffice,
    kept: TheFacts,
    actor: Officer,
    first: First,
    last: Last,
    procedure: Code,
    step: Code,
    limit_ws: Annotated[int, Query(ge=1, le=10**9, description="Giờ làm việc, tính bằng giây.")],
) -> StepLimitAnswer:
    """How many runs would have been late under it; nothing is played, behaviour is as it was."""
    actor.require(*ANALYSIS_READERS, who="tổ cải cách, lãnh đạo (reform, head)")
    scope = Scope.of(Period(first, last), procedure_code=procedure, element_id=step)
    with kept.of(actor.agency_id, office.clock.now()) as facts:
        return step_limit_answer(step_limit(facts, scope, limit_ws), facts.fresh_us)


def step_limit_answer(found: StepLimit, fresh_us: int) -> StepLimitAnswer:
    """The answer as the API and the command tell it."""
    return StepLimitAnswer(
        procedure_code=found.procedure_code,
        element_id=found.element_id,
        limit_ws=found.limit_ws,
        runs=found.runs,
        late_before=RateAnswer.model_validate(found.late_before),
        late_after=RateAnswer.model_validate(found.late_after),
        interval=IntervalAnswer.model_validate(found.interval),
        over_ws=found.over_ws,
        fresh_at=from_microseconds(fresh_us),
    )


@router.post("", summary="Nếu như / what if")
def post_what_if(
    request: Request, office: TheOffice, actor: Officer, body: WhatIfBody
) -> WhatIfAnswer:
    """Play the office's past as it was and changed; for heads and the reform team."""
    actor.require(*ANALYSIS_READERS, who="tổ cải cách, lãnh đạo (reform, head)")
    most = settings_of(request).what_if_replications
    if body.replications > most:
        raise TooManyReplications(most=most, asked=body.replications)
    scope = Scope.of(Period(body.first, body.last), procedure_code=body.procedure)
    change = body.change()
    kept: KeptFacts = request.app.state.facts
    with kept.of(actor.agency_id, office.clock.now()) as facts:
        past = office_past(office, actor, facts, scope)
    players: Players = request.app.state.players
    return what_if_answer(players.play(past, change, body.seed, body.replications))


def what_if_answer(found: WhatIf) -> WhatIfAnswer:
    """The answer as the API and the command tell it."""
    return WhatIfAnswer.model_validate(found)
