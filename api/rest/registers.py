"""Registers: the book of dossiers, documents in and out, and what a typed code means."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, status
from pydantic import Field

from api.identity import Officer, TheOffice
from api.rest.answer import Answer
from api.rest.bodies import Body, Key
from api.rest.forms import FormAnswer, form_answer
from engine.code_lookup import MOST_CODES, look_up
from engine.forms.issuing import issue_register
from engine.forms.register_book import period_of
from engine.registers.office_documents import (
    Direction,
    DocumentEntry,
    Urgency,
    register_document,
    registered_documents,
)

router = APIRouter(tags=["registers"])
_LONGEST_CODE = 200


class PeriodBody(Body):
    """A part of one year's register. identity_code: of a unit that counts by itself."""

    first: date
    last: date
    identity_code: Annotated[str, Field(max_length=40)] = ""


class RegisterEntryBody(Body):
    """A document to register. symbol: of what goes out without our number, such as UBND-VP."""

    direction: Direction
    correspondent: Annotated[str, Field(max_length=500)]
    subject: Annotated[str, Field(max_length=2000)]
    symbol: Annotated[str, Field(max_length=80)] = ""
    dated: date | None = None
    urgency: Urgency = Urgency.NORMAL
    unit: Annotated[str, Field(max_length=60)] = ""
    due_on: date | None = None
    signer: Annotated[str, Field(max_length=200)] = ""


class RegisteredAnswer(Answer):
    """A registered document; number_text: as it is written on it."""

    document_id: UUID
    direction: Direction
    year: int
    number: int
    number_text: str
    symbol: str
    dated: date | None
    correspondent: str
    subject: str
    urgency: Urgency
    unit: str | None
    due_on: date | None
    signer: str
    registered_at: datetime
    registered_by: UUID


class CodeAnswer(Answer):
    """What a typed code was read as; several: more than one dossier could be meant."""

    typed: str
    code: str | None
    mended: list[str]
    dossier_id: UUID | None
    several: bool


@router.post(
    "/registers/dossiers",
    summary="In sổ theo dõi / print the register",
    status_code=status.HTTP_201_CREATED,
)
def post_register(
    office: TheOffice, actor: Officer, body: PeriodBody, key: Key = None
) -> FormAnswer:
    """Issue the register of a period as a form; refused where a number is missing in it."""
    period = period_of(body.first, body.last, body.identity_code)
    return form_answer(issue_register(office, actor, period, key=key))


@router.get("/registers/documents", summary="Sổ văn bản / register of documents")
def get_documents(
    office: TheOffice,
    actor: Officer,
    direction: Annotated[Direction, Query(description="Incoming or outgoing.")],
    year: Annotated[int, Query(ge=2000, le=2100, description="Of the register.")],
    before: Annotated[
        int | None, Query(ge=1, lt=2**31, description="Only numbers below this one.")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=200, description="At most so many.")] = 50,
) -> list[RegisteredAnswer]:
    """The year's register of documents in or out, the newest first; before: below that number."""
    with office.database.read() as connection:
        found = registered_documents(connection, actor, direction, year, before=before, most=limit)
    return [RegisteredAnswer.model_validate(each) for each in found]


@router.post(
    "/registers/documents",
    summary="Vào sổ văn bản / register a document",
    status_code=status.HTTP_201_CREATED,
)
def post_document(
    office: TheOffice, actor: Officer, body: RegisterEntryBody, key: Key = None
) -> RegisteredAnswer:
    """Give a document the next number of the year, without a gap, and enter it."""
    stated = body.model_dump(exclude={"direction"})
    entry = DocumentEntry(**stated)
    return RegisteredAnswer.model_validate(
        register_document(office, actor, body.direction, entry, key=key)
    )


@router.get("/codes", summary="Tra mã hồ sơ / look up codes")
def get_codes(
    office: TheOffice,
    actor: Officer,
    code: Annotated[
        list[Annotated[str, Field(max_length=_LONGEST_CODE)]],
        Query(min_length=1, max_length=MOST_CODES, description="As typed or scanned; repeat."),
    ],
) -> list[CodeAnswer]:
    """What each code means, in either spelling, and what had to be mended to read it."""
    with office.database.read() as connection:
        found = look_up(connection, actor, code)
    return [CodeAnswer.model_validate(each.to_data()) for each in found]
