"""Closed reporting periods: who closed what, what has changed since, and opening one again."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response, status
from pydantic import Field

from analysis.period import Period
from api.identity import Officer, TheFacts, TheOffice
from api.reports.making import changed_since, close, require_reader
from api.rest.answer import Answer
from api.rest.bodies import Body, Key
from engine.actor import Actor
from engine.answered_once import answer_once
from engine.closed_periods import (
    Closing,
    agree_to_reopen,
    ask_to_reopen,
    closing,
    closings,
)
from engine.office import Office

router = APIRouter(tags=["reports"])


class PeriodClosingBody(Body):
    """The days of the period, both included."""

    first: date
    last: date


class ReopeningBody(Body):
    """Why the period has to be opened again."""

    reason: Annotated[str, Field(max_length=2000)]


class PeriodReopeningAnswer(Answer):
    """agreed_at: null until a second person agrees."""

    reason: str
    asked_at: datetime
    asked_by: str
    agreed_at: datetime | None
    agreed_by: str


class PeriodClosingAnswer(Answer):
    """One closing of a period. intact: the figures fit their hash."""

    closing_id: UUID
    report: str
    first: date
    last: date
    edition: int
    definition: str
    counted_at: datetime
    closed_at: datetime
    closed_by: str
    sha256: str
    intact: bool
    in_force: bool
    reopening: PeriodReopeningAnswer | None


class FigureChangeAnswer(Answer):
    """A cell of the total that is another today."""

    cell: str
    closed: int
    now: int


class DossierMovedAnswer(Answer):
    """A dossier that stands elsewhere today; "" where it was not or is no longer counted."""

    dossier_id: UUID
    code: str
    closed: tuple[str, str]
    now: tuple[str, str]


class PeriodDifferencesAnswer(Answer):
    """What is not as it was closed; both empty: everything is."""

    total: list[FigureChangeAnswer]
    moved: list[DossierMovedAnswer]


@router.get("/reports/closings", summary="Các kỳ đã chốt / closed periods")
def get_closings(office: TheOffice, actor: Officer) -> list[PeriodClosingAnswer]:
    """Every closing of form 06a, the latest period first."""
    require_reader(actor)
    with office.database.read() as connection:
        return [
            PeriodClosingAnswer.model_validate(told(c)) for c in closings(connection, actor, "06a")
        ]


@router.post(
    "/reports/closings",
    summary="Chốt kỳ / close a period",
    status_code=status.HTTP_201_CREATED,
    response_model=PeriodClosingAnswer,
)
def post_closing(
    office: TheOffice, actor: Officer, body: PeriodClosingBody, key: Key = None
) -> Response:
    """Keep the figures of form 06a of a period that is over, with a hash; for heads and reform."""
    made = close(office, actor, Period(body.first, body.last), key=key)
    return _answered(office, actor, made, key, status.HTTP_201_CREATED)


@router.get("/reports/closings/{closing_id}", summary="Một lần chốt kỳ / one closing")
def get_closing(office: TheOffice, actor: Officer, closing_id: UUID) -> PeriodClosingAnswer:
    """Who closed which period when, by which definition, and whether it was reopened."""
    require_reader(actor)
    return _closing(office, actor, closing_id)


@router.get("/reports/closings/{closing_id}/differences", summary="Khác với lúc chốt / differences")
def get_differences(
    office: TheOffice, kept: TheFacts, actor: Officer, closing_id: UUID
) -> PeriodDifferencesAnswer:
    """What corrections since then changed: numbers, and dossiers with both their cells."""
    require_reader(actor)
    with office.database.read() as connection:
        of = closing(connection, actor, closing_id)
    found = changed_since(office, kept, actor, of)
    return PeriodDifferencesAnswer(
        total=[
            FigureChangeAnswer(cell=cell, closed=then, now=now)
            for cell, (then, now) in found.total.items()
        ],
        moved=[
            DossierMovedAnswer(
                dossier_id=UUID(each.dossier_id), code=each.code, closed=each.before, now=each.now
            )
            for each in found.moved
        ],
    )


@router.post(
    "/reports/closings/{closing_id}/reopening",
    summary="Đề nghị mở lại kỳ / ask to reopen",
    status_code=status.HTTP_201_CREATED,
    response_model=PeriodClosingAnswer,
)
def post_reopening(
    office: TheOffice, actor: Officer, closing_id: UUID, body: ReopeningBody, key: Key = None
) -> Response:
    """State why; the period stays closed until a second person agrees."""
    asked = ask_to_reopen(office, actor, closing_id, body.reason, key=key)
    return _answered(office, actor, asked, key, status.HTTP_201_CREATED)


@router.post("/reports/closings/{closing_id}/reopening/agreement", summary="Đồng ý mở lại / agree")
def post_agreement(
    office: TheOffice, actor: Officer, closing_id: UUID, key: Key = None
) -> Response:
    """The second person agrees: the period can be closed anew, its figures are kept."""
    agreed = agree_to_reopen(office, actor, closing_id, key=key)
    return _answered(office, actor, agreed, key, status.HTTP_200_OK)


def told(of: Closing) -> dict[str, object]:
    """What is said of a closing; its figures are the report's."""
    names = (name for name in PeriodClosingAnswer.model_fields if name != "reopening")
    again = None if of.reopening is None else PeriodReopeningAnswer.model_validate(of.reopening)
    return {**{name: getattr(of, name) for name in names}, "reopening": again}


def _answered(
    office: Office, actor: Actor, closing_id: UUID, key: str | None, code: int
) -> Response:
    """The closing as it stood when the request was done first."""

    def make() -> bytes:
        return _closing(office, actor, closing_id).model_dump_json().encode()

    body = answer_once(office, actor, key, make)
    return Response(body, status_code=code, media_type="application/json")


def _closing(office: Office, actor: Actor, closing_id: UUID) -> PeriodClosingAnswer:
    with office.database.read() as connection:
        return PeriodClosingAnswer.model_validate(told(closing(connection, actor, closing_id)))
