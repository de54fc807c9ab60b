"""Procedures: listed, and uploaded as drafts."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response, status

from api.identity import Officer, TheOffice
from api.rest.bodies import Key
from api.rest.paging import After, Limit, Page, Search, page_of
from api.rest.uploads import Uploaded, upload_body
from api.rest.versions import TheJudgements, VersionAnswer, VersionLine, told
from engine import procedures
from engine.procedure_version import versions_of
from engine.procedures import Listed
from processes.errors import NotFound

router = APIRouter(prefix="/procedures", tags=["procedures"])


@router.get("", summary="Danh mục quy trình / procedures of the agency")
def get_procedures(
    office: TheOffice,
    actor: Officer,
    search: Search = "",
    in_force: Annotated[bool, Query(description="Only those in force, as they are.")] = False,
    after: After = "",
    limit: Limit = 50,
) -> Page[Listed]:
    """Procedures by code; each with its newest draft, or else the version in force."""
    with office.database.read() as connection:
        rows = procedures.listed(
            connection, actor, search=search, in_force=in_force, after=after, most=limit + 1
        )
    return page_of(rows, limit, lambda row: row.code)


@router.post(
    "",
    summary="Tải lên sơ đồ BPMN làm bản nháp / upload a diagram as a draft",
    status_code=status.HTTP_201_CREATED,
    response_model=VersionAnswer,
    openapi_extra=upload_body(),
)
def post_procedure(
    office: TheOffice,
    actor: Officer,
    uploaded: Uploaded,
    judgements: TheJudgements,
    key: Key = None,
) -> Response:
    """Keep a BPMN file as a draft, with whatever findings it has; for designers.

    A file that is no BPMN procedure at all is refused (`procedure.unreadable`), nothing is kept.
    """
    record = procedures.upload(office, actor, uploaded.data, uploaded.file_name, key=key)
    return told(office, actor, record, judgements, key, status=status.HTTP_201_CREATED)


@router.get("/{procedure_id}/versions", summary="Các phiên bản / versions of a procedure")
def get_versions(office: TheOffice, actor: Officer, procedure_id: UUID) -> list[VersionLine]:
    """All versions of a procedure, the newest first."""
    with office.database.read() as connection:
        records = versions_of(connection, actor, procedure_id)
    if not records:
        raise NotFound(what=f"quy trình {procedure_id}")
    return [VersionLine.model_validate(record) for record in records]
