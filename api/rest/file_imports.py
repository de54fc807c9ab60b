"""A file of other software made BPMN of ours, without keeping it."""

from time import perf_counter
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request

from api.identity import current_actor
from api.rest.answer import Answer
from api.rest.procedure_answer import FindingAnswer, RepairAnswer, Verdict
from api.rest.uploads import Upload, read_uploads, upload_body
from engine.file_import import import_bytes
from processes.finding import Severity

router = APIRouter(tags=["procedures"])

_BODY = upload_body(
    "A BPMN 2.0 file or a workflow of one-stop software: as the field `file` of a form, a workflow "
    "with its form in the field `form`; or bare.",
    beside={"form": {"type": "string", "format": "binary"}},
)


class ConversionAnswer(Answer):
    """What was converted, doubted or kept aside of a workflow."""

    rule: str
    severity: Severity
    element: str | None
    vi: str
    en: str


class ImportAnswer(Answer):
    """As `quytrinh import --json` prints it, and the file; `bpmn` is null where none came of it.

    out, original: null, for nothing is written.
    """

    file: str
    out: str | None = None
    original: str | None = None
    outcome: Verdict
    findings: list[FindingAnswer]
    repairs: list[RepairAnswer | ConversionAnswer]
    remaining: list[FindingAnswer]
    seconds: float
    bpmn: str | None


async def read_import(request: Request) -> list[Upload]:
    """The file, and the form of a workflow where it came too."""
    return await read_uploads(request, "file", "form")


@router.post(
    "/import",
    summary="Nhập tệp của phần mềm khác / import a file of other software",
    openapi_extra=_BODY,
    dependencies=[Depends(current_actor)],
)
def post_import(uploads: Annotated[list[Upload], Depends(read_import)]) -> ImportAnswer:
    """Convert a workflow or repair a foreign diagram with every repair; nothing is kept."""
    begun = perf_counter()
    file, *forms = uploads
    imported = import_bytes(file.data, file.file_name, forms[0].data if forms else None)
    told: dict[str, Any] = imported.to_data()
    bpmn = None if imported.bpmn is None else imported.bpmn.decode("utf-8", errors="replace")
    seconds = round(perf_counter() - begun, 4)
    return ImportAnswer(file=file.file_name, **told, seconds=seconds, bpmn=bpmn)
