"""The time of a dossier as JSON: its account, pauses, apologies, whose time it was, QĐ 766."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from api.rest.answer import Answer
from api.rest.limit_entry import LimitAnswer
from api.rest.person_answer import Person, person_answer
from api.rest.picture_answer import PictureAnswer, picture_answer
from engine.dossier_file import DossierFile, PauseRecord
from engine.dossiers.apology import Apology
from engine.legal_clock.charged_time import charged_time
from engine.legal_clock.dossier_clock import dossier_clock
from engine.legal_clock.pause import Pause, PauseKind
from engine.legal_clock.spoken_time import describe
from engine.legal_clock.statutory_measure import RULE, EndsBy, Measure


class ClockPauseAnswer(Answer):
    """A time in which the clock stood, of whatever kind, also while only others work.

    due_before: the due time as it stood then. charged_to: whose time it is, `thue` = the tax
    office, null = nobody's. restarts: the limit was counted again from zero afterwards.
    """

    kind: PauseKind
    since: datetime
    until: datetime | None
    due_before: datetime
    charged_to: str | None
    legal_ground: str
    reason: str
    restarts: bool


class ClockAnswer(Answer):
    """The time account now. remaining_seconds: working time, negative when late.

    running_since: from when time is used, null while it stands.
    """

    limit: LimitAnswer
    remaining_seconds: int
    running_since: datetime | None
    pauses: list[ClockPauseAnswer]
    late: bool
    paused: bool
    stopped: bool
    vi: str
    en: str
    picture: PictureAnswer


class PauseAnswer(Answer):
    """A time that was not counted; components: [code, name] asked for."""

    kind: str
    stage: str
    since: datetime
    until: datetime | None
    paused_ws: int | None
    reason: str
    legal_basis: str
    components: list[tuple[str, str]]
    asked_by: Person | None


class ApologyAnswer(Answer):
    """An appointment given anew; late_ws: working seconds past the old one when it was made.

    told: by what the citizen was written to.
    """

    at: datetime
    made_by: Person | None
    due_before: datetime
    due: datetime
    reason: str
    late_ws: int
    told: list[str]


class ChargedAnswer(Answer):
    """Whose the working seconds since reception were; others: by unit, `thue` = the tax office.

    nobody: the citizen's, and force majeure. They add up to the time since reception.
    """

    own: int
    nobody: int
    others: dict[str, int]


class MeasureAnswer(Answer):
    """How it stands by QĐ 766, which is not the legal verdict.

    result: on_time | late. due_at: the appointment, put off by the citizen's working time
    (`supplement_ws`, seconds). end_at: the moment compared with it. ended_by: finished, supplement
    (the citizen has not come back), running (now). requests: supplements asked for; a second is
    late.
    """

    rule: str
    result: str
    due_at: datetime
    end_at: datetime
    ended_by: EndsBy
    supplement_ws: int
    requests: int


def clock_answer(file: DossierFile, now: datetime) -> ClockAnswer | None:
    """The time account as it stands now; None where no limit is stated or none can be read."""
    shown = dossier_clock(file, now)
    if shown is None:
        return None
    clock = shown.clock
    return ClockAnswer(
        limit=LimitAnswer.model_validate(clock.limit),
        remaining_seconds=clock.remaining(file.calendar, now),
        running_since=clock.running_since,
        pauses=[_clock_pause_answer(pause) for pause in clock.pauses],
        late=clock.is_late(file.calendar, now),
        paused=clock.paused,
        stopped=clock.stopped,
        vi=describe(clock, file.calendar, now, "vi"),
        en=describe(clock, file.calendar, now, "en"),
        picture=picture_answer(shown),
    )


def _clock_pause_answer(pause: Pause) -> ClockPauseAnswer:
    return ClockPauseAnswer(
        **{name: getattr(pause, name) for name in ClockPauseAnswer.model_fields}
    )


def charged_answer(file: DossierFile, now: datetime) -> ChargedAnswer | None:
    """Whose the time since reception was; None where no limit is stated or none can be read."""
    clock = file.stored_clock
    if clock is None:
        return None
    time = charged_time(clock, file.calendar, now)
    return ChargedAnswer(own=time.own, nobody=time.nobody, others=dict(time.others))


def apology_answer(apology: Apology, people: Mapping[UUID, str]) -> ApologyAnswer:
    """An appointment given anew, with who gave it."""
    return ApologyAnswer(
        at=apology.at,
        made_by=person_answer(apology.made_by, people),
        due_before=apology.due_before,
        due=apology.due,
        reason=apology.reason,
        late_ws=apology.late_ws,
        told=list(apology.told),
    )


def measure_answer(measure: Measure | None, decided: str | None) -> MeasureAnswer | None:
    """By QĐ 766; decided: what was stored when handling ended, which stands."""
    if measure is None:
        return None
    return MeasureAnswer(
        rule=RULE,
        result=decided or measure.result,
        due_at=measure.due,
        end_at=measure.end,
        ended_by=measure.ended_by,
        supplement_ws=measure.supplement_ws,
        requests=measure.requests,
    )


def pause_answer(pause: PauseRecord, people: Mapping[UUID, str]) -> PauseAnswer:
    """A pause, with who asked for it."""
    return PauseAnswer(
        kind=pause.kind,
        stage=pause.stage,
        since=pause.since,
        until=pause.until,
        paused_ws=pause.paused_ws,
        reason=pause.reason,
        legal_basis=pause.legal_basis,
        components=list(pause.components),
        asked_by=person_answer(pause.asked_by, people),
    )
