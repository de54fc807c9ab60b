"""The picture of a clock as JSON: what its working time went to, as its page draws it."""

from datetime import datetime
from uuid import UUID

from api.rest.answer import Answer
from engine.legal_clock.dossier_clock import ShownClock
from engine.legal_clock.pause import PauseKind
from engine.legal_clock.picture import MarkKind, PartKind


class PartAnswer(Answer):
    """A part of the bar. begin, end: working seconds since the count began.

    steps: names of the steps open in it. pause: what was waited for; charged_to: null = nobody.
    """

    kind: PartKind
    begin: int
    end: int
    since: datetime | None
    until: datetime | None
    steps: list[str]
    pause: PauseKind | None
    charged_to: str | None


class MarkAnswer(Answer):
    """Now or the end, and due times; at: working seconds since the count began."""

    kind: MarkKind
    at: int
    moment: datetime | None


class PictureAnswer(Answer):
    """Used and over parts add up to consumed less difference; times in working seconds.

    left: negative when late. difference: consumed by a calendar that was changed after the end.
    restarts: the limit will be counted from zero when the supplement comes. vi, en: the sentence.
    """

    vi: str
    en: str
    budget: int
    consumed: int
    left: int
    difference: int
    restarts: bool
    parts: list[PartAnswer]
    marks: list[MarkAnswer]


class StepPictureAnswer(Answer):
    """The clock of an open step."""

    step_run_id: UUID
    name: str
    picture: PictureAnswer


def picture_answer(shown: ShownClock) -> PictureAnswer:
    """A clock's picture and sentence."""
    picture = shown.picture
    return PictureAnswer(
        vi=shown.sentence("vi"),
        en=shown.sentence("en"),
        budget=picture.budget,
        consumed=picture.consumed,
        left=picture.left,
        difference=picture.difference,
        restarts=picture.restarts,
        parts=[
            PartAnswer(
                kind=part.kind,
                begin=part.begin,
                end=part.end,
                since=part.since,
                until=part.until,
                steps=list(part.steps),
                pause=part.pause.kind if part.pause else None,
                charged_to=part.pause.charged_to if part.pause else None,
            )
            for part in picture.parts
        ],
        marks=[MarkAnswer(kind=m.kind, at=m.at, moment=m.moment) for m in picture.marks],
    )


def step_picture_answers(shown: tuple[ShownClock, ...]) -> list[StepPictureAnswer]:
    """The clocks of the open steps that have a limit."""
    return [
        StepPictureAnswer(
            step_run_id=each.step.step_run_id, name=each.step.name, picture=picture_answer(each)
        )
        for each in shown
        if each.step is not None
    ]
