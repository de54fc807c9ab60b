"""The applicant found again by identity number, for who is receiving a dossier."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field

from api.identity import Officer, TheOffice
from api.rest.answer import Answer
from api.rest.bodies import Body, Code
from engine.reception.applicants import Applicant, find_applicant
from engine.reception.receivable import receivable

router = APIRouter(prefix="/applicants", tags=["applicants"])


class LookUpBody(Body):
    """Whom is asked for, and for the reception of which procedure (its code).

    The number comes in the body: addresses are kept in logs.
    """

    procedure: Code
    identity_number: Annotated[str, Field(min_length=1, max_length=40)]


class ApplicantAnswer(Answer):
    """As the last dossier of the number has it; dossiers: how many there are, counted up to 100."""

    dossier_id: UUID
    code: str
    received_at: datetime
    name: str
    contact: dict[str, str]
    dossiers: int


class LookUpAnswer(Answer):
    """applicant: null where nobody applied here with that number."""

    applicant: ApplicantAnswer | None


@router.post("/look-up", summary="Tìm người đã nộp / find an applicant again")
def post_look_up(office: TheOffice, actor: Officer, body: LookUpBody) -> LookUpAnswer:
    """Who applied before with this identity number, in this agency only.

    For who may receive the procedure. Each look is written down: who, when, at whose dossier.
    """
    with office.database.read() as connection:
        receivable(office, connection, actor, body.procedure)
    found = find_applicant(office, actor, body.identity_number)
    return LookUpAnswer(applicant=_applicant(found) if found else None)


def _applicant(found: Applicant) -> ApplicantAnswer:
    return ApplicantAnswer(
        dossier_id=found.dossier_id,
        code=found.code,
        received_at=found.received_at,
        name=found.name,
        contact=dict(found.contact),
        dossiers=found.dossiers,
    )
