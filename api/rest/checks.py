"""Checking a file without keeping it."""

from time import perf_counter

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict

from api.identity import current_actor
from api.rest.procedure_answer import FindingAnswer, RepairAnswer, Verdict
from api.rest.uploads import Uploaded, upload_body
from engine.judging import judge

router = APIRouter(tags=["procedures"])


class CheckAnswer(BaseModel):
    """What `quytrinh check --json` prints for the same file."""

    model_config = ConfigDict(extra="forbid")

    file: str
    outcome: Verdict
    findings: list[FindingAnswer]
    repairs: list[RepairAnswer]
    remaining: list[FindingAnswer]
    seconds: float


@router.post(
    "/check",
    summary="Kiểm tra một tệp BPMN / check a BPMN file",
    openapi_extra=upload_body(),
    dependencies=[Depends(current_actor)],
)
def post_check(uploaded: Uploaded) -> CheckAnswer:
    """Say whether a file could be published, and if not why; nothing is kept."""
    begun = perf_counter()
    answer = judge(uploaded.data, uploaded.file_name).to_data()
    seconds = round(perf_counter() - begun, 4)
    return CheckAnswer(file=uploaded.file_name, seconds=seconds, **answer)
