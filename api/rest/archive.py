"""The archive: packages of finished dossiers, what may be destroyed by now, and what was."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from fastapi.responses import Response, StreamingResponse
from pydantic import Field

from api.identity import Officer, TheOffice, settings_of
from api.rest.answer import Answer
from api.rest.bodies import Key, ReasonBody
from api.rest.documents import ATTACHED, attachment
from api.rest.dossier_path import DossierId, find_dossier
from api.settings import Settings
from engine.actor import Actor, Role
from engine.archive.destroying import WHO, destroy, destructions
from engine.archive.package import export
from engine.archive.retention import may_be_destroyed
from engine.dossiers.outcome import Outcome
from engine.office import Office

router = APIRouter(tags=["archive"])
Installed = Annotated[Settings, Depends(settings_of)]
ZIP = "application/zip"


class RetainedAnswer(Answer):
    """A finished dossier whose time is over. until: the last day it had to be kept."""

    dossier_id: UUID
    code: str
    procedure_code: str
    procedure_name: str
    ended_on: date
    until: date


class RetentionAnswer(Answer):
    """At most 500, the oldest first."""

    dossiers: list[RetainedAnswer]


class DestroyBody(ReasonBody):
    """decision_no: of the decision to destroy."""

    decision_no: Annotated[str, Field(min_length=1, max_length=100)]


class DestructionAnswer(Answer):
    dossier_id: UUID
    code: str
    retained_until: date
    destroyed_at: datetime
    destroyed_by: str
    reason: str
    decision_no: str
    documents: int


class DestructionsAnswer(Answer):
    """At most 500, the latest first."""

    destructions: list[DestructionAnswer]


@router.get(
    "/dossiers/{dossier}/package",
    response_class=Response,
    responses={200: {"content": {ZIP: {}}, "description": "The package, as an attachment."}},
    summary="Gói lưu trữ của hồ sơ / package of a finished dossier",
)
def get_package(office: TheOffice, actor: Officer, dossier: DossierId) -> Response:
    """A ZIP that a third party verifies without this system (docs/reference/archive.md)."""
    return package(office, actor, find_dossier(office, actor, dossier))


@router.post("/dossiers/{dossier}/destroy", summary="Tiêu hủy hồ sơ / destroy a dossier")
def post_destroy(
    office: TheOffice,
    settings: Installed,
    actor: Officer,
    dossier: DossierId,
    body: DestroyBody,
    key: Key = None,
) -> Outcome:
    """After its last day, by a head and a decision: contents go for good, the journal stays."""
    dossier_id = find_dossier(office, actor, dossier)
    usual, decision = settings.retention_years, body.decision_no
    return destroy(office, actor, dossier_id, body.reason, usual, decision_no=decision, key=key)


@router.get("/archive/retention", summary="Hồ sơ hết thời hạn lưu giữ / time is over")
def get_retention(office: TheOffice, settings: Installed, actor: Officer) -> RetentionAnswer:
    """Finished dossiers that may be destroyed by now; for heads."""
    actor.require(Role.HEAD, who=WHO)
    with office.database.read() as connection:
        found = may_be_destroyed(office, connection, actor, settings.retention_years)
    return RetentionAnswer(dossiers=[RetainedAnswer.model_validate(each) for each in found])


@router.get("/archive/destructions", summary="Hồ sơ đã tiêu hủy / destroyed dossiers")
def get_destructions(office: TheOffice, actor: Officer) -> DestructionsAnswer:
    """What was destroyed, by whom and why; for heads."""
    actor.require(Role.HEAD, who=WHO)
    with office.database.read() as connection:
        found = destructions(connection, actor)
    return DestructionsAnswer(
        destructions=[DestructionAnswer.model_validate(each) for each in found]
    )


def package(office: Office, actor: Actor, dossier_id: UUID) -> Response:
    """The package as it is written."""
    made = export(office, actor, dossier_id)
    headers = {**ATTACHED, "Content-Disposition": attachment(made.file_name)}
    return StreamingResponse(made.chunks, media_type=ZIP, headers=headers)
