"""A version of a procedure: seen, edited while a draft, published."""

import hashlib
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import orjson
from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from api.identity import Officer, TheOffice
from api.judgement import Judgements, judgements_of
from api.rest.bodies import Body, Code, IfMatch, Key
from api.rest.limit_entry import LimitEntry, read_limit
from api.rest.procedure_answer import (
    FindingAnswer,
    ProcedureAnswer,
    RepairAnswer,
    Verdict,
    finding_answers,
)
from engine import draft_changes, procedures
from engine.actor import Actor
from engine.answered_once import answer_once
from engine.office import Office
from engine.procedure_version import VersionRecord, stored
from processes.component import Component, Copies, CopyForm, Requirement
from processes.editing import Edit, LaneEdit, ProcedureEdit, StepEdit
from processes.file_kind import FileKind
from processes.repair.proposal import MAX_REPAIRS

router = APIRouter(prefix="/procedures/versions", tags=["procedures"])

_MOST_EDITS = 500
_DIAGRAM: Mapping[int | str, dict[str, Any]] = {
    200: {
        "description": "The file.",
        "content": {"application/xml": {"schema": {"type": "string", "format": "binary"}}},
    },
    304: {"description": "Not changed since the `ETag` that was sent as `If-None-Match`."},
}


TheJudgements = Annotated[Judgements, Depends(judgements_of)]


class VersionLine(BaseModel):
    """A version in a list."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)

    version_id: UUID
    procedure_id: UUID
    number: int
    state: str = Field(description="draft | in_force | superseded")
    file_name: str
    created_at: datetime
    published_at: datetime | None
    decision_no: str | None


class VersionAnswer(VersionLine):
    """A version in full; `procedure` is null where the file could not be read as one.

    repairs: what can be repaired with the designer's consent (`POST …/repairs`). remaining: the
    errors that would be left then. repaired: the repairs that were accepted since the upload. tag:
    the `ETag`, to be sent back as `If-Match` with a change.
    """

    outcome: Verdict
    findings: list[FindingAnswer]
    repairs: list[RepairAnswer]
    remaining: list[FindingAnswer]
    repaired: list[RepairAnswer]
    tag: str
    procedure: ProcedureAnswer | None


class StepPatch(Body):
    """New values of one step; what is not mentioned stays.

    limits: case code ("" = cases not named) -> limit, null takes it out. requires: component codes.
    position, unit: who does the step, whatever its lane says; unit null = any unit.
    """

    element_id: Code
    limits: dict[Annotated[str, Field(max_length=60)], LimitEntry | None] = Field(
        default_factory=dict, max_length=100
    )
    requires: Annotated[list[Code], Field(max_length=_MOST_EDITS)] | None = None
    position: Annotated[str, Field(min_length=1, max_length=60)] | None = None
    unit: Annotated[str, Field(min_length=1, max_length=60)] | None = None


class LanePatch(Body):
    """Who does the steps of a lane; unit null = any unit."""

    lane_id: Code
    position: Annotated[str, Field(min_length=1, max_length=60)]
    unit: Annotated[str, Field(min_length=1, max_length=60)] | None = None


class CopiesPatch(Body):
    """So many copies in a form."""

    form: CopyForm
    number: Annotated[int, Field(ge=1, le=999)] = 1


class ComponentPatch(Body):
    """A component as it shall be; when: a FEEL condition, where requirement is `when`."""

    name: Annotated[str, Field(min_length=1, max_length=2000)]
    requirement: Requirement = Requirement.REQUIRED
    copies: Annotated[list[CopiesPatch], Field(max_length=len(CopyForm))] = Field(
        default_factory=list
    )
    when: Annotated[str, Field(min_length=1, max_length=2000)] | None = None
    group: Annotated[str, Field(min_length=1, max_length=80)] | None = None
    present_only: bool = False
    reusable_source: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    legal_basis: Annotated[str, Field(min_length=1, max_length=500)] | None = None
    accepts: Annotated[list[FileKind], Field(max_length=len(FileKind))] = Field(
        default_factory=list
    )


class VersionPatch(Body):
    """Edits of a draft; what is not mentioned stays.

    case_limits: case code -> total limit, null takes it out. components: code -> the component,
    null takes it out.
    """

    steps: Annotated[list[StepPatch], Field(max_length=_MOST_EDITS)] = Field(default_factory=list)
    lanes: Annotated[list[LanePatch], Field(max_length=_MOST_EDITS)] = Field(default_factory=list)
    case_limits: dict[Annotated[str, Field(max_length=60)], LimitEntry | None] = Field(
        default_factory=dict, max_length=100
    )
    components: dict[Annotated[str, Field(min_length=1, max_length=80)], ComponentPatch | None] = (
        Field(default_factory=dict, max_length=_MOST_EDITS)
    )


class Accepted(Body):
    """The ids of the repairs that the designer accepts; null accepts all of them."""

    accepted: Annotated[list[Code], Field(min_length=1, max_length=MAX_REPAIRS)] | None


class Publication(Body):
    """The approving decision; by default the number that the diagram states."""

    decision_no: Annotated[str, Field(min_length=1, max_length=100)] | None = None


@router.get("/{version_id}", summary="Một phiên bản / one version", response_model=VersionAnswer)
def get_version(
    office: TheOffice, actor: Officer, version_id: UUID, judgements: TheJudgements
) -> Response:
    """Steps, limits, components, cases, fields and findings of a version."""
    return told(office, actor, stored(office, actor, version_id), judgements)


@router.get(
    "/{version_id}/diagram",
    summary="Sơ đồ BPMN đang chạy / the diagram as it runs",
    response_class=Response,
    responses=dict(_DIAGRAM),
)
def get_diagram(office: TheOffice, actor: Officer, version_id: UUID, request: Request) -> Response:
    """The BPMN file with the edits made here."""
    record = stored(office, actor, version_id)
    return _file(request, record.diagram, record.file_name)


@router.get(
    "/{version_id}/original",
    summary="Tệp đã tải lên / the file as uploaded",
    response_class=Response,
    responses=dict(_DIAGRAM),
)
def get_original(office: TheOffice, actor: Officer, version_id: UUID, request: Request) -> Response:
    """The BPMN file, byte for byte as it was uploaded."""
    record = stored(office, actor, version_id)
    return _file(request, record.original, record.file_name)


@router.patch("/{version_id}", summary="Sửa bản nháp / edit a draft", response_model=VersionAnswer)
def patch_version(
    office: TheOffice,
    actor: Officer,
    version_id: UUID,
    body: VersionPatch,
    judgements: TheJudgements,
    seen: IfMatch = None,
    key: Key = None,
) -> Response:
    """Set limits, components and owners of a draft; the file keeps all else as drawn."""
    edits = tuple(_edits(body))
    record = draft_changes.edit(office, actor, version_id, edits, seen=seen, key=key)
    return told(office, actor, record, judgements, key)


@router.post(
    "/{version_id}/repairs",
    summary="Sửa bản nháp theo đề xuất / repair a draft",
    response_model=VersionAnswer,
)
def post_repairs(
    office: TheOffice,
    actor: Officer,
    version_id: UUID,
    body: Accepted,
    judgements: TheJudgements,
    seen: IfMatch = None,
    key: Key = None,
) -> Response:
    """Make the accepted repairs; the file as it was uploaded stays beside the draft."""
    record = draft_changes.repair(office, actor, version_id, body.accepted, seen=seen, key=key)
    return told(office, actor, record, judgements, key)


@router.post(
    "/{version_id}/take-back",
    summary="Trở về tệp đã tải lên / undo all changes",
    response_model=VersionAnswer,
)
def post_take_back(
    office: TheOffice,
    actor: Officer,
    version_id: UUID,
    judgements: TheJudgements,
    seen: IfMatch = None,
    key: Key = None,
) -> Response:
    """Make a draft the uploaded file again; repairs and edits since then are undone."""
    record = draft_changes.take_back(office, actor, version_id, seen=seen, key=key)
    return told(office, actor, record, judgements, key)


@router.post(
    "/{version_id}/publish", summary="Ban hành / put in force", response_model=VersionAnswer
)
def post_publish(
    office: TheOffice,
    actor: Officer,
    version_id: UUID,
    judgements: TheJudgements,
    body: Publication | None = None,
    seen: IfMatch = None,
    key: Key = None,
) -> Response:
    """Put a draft without errors in force; dossiers already received keep their version."""
    decision_no = body.decision_no if body else None
    record = procedures.publish(office, actor, version_id, decision_no, seen=seen, key=key)
    return told(office, actor, record, judgements, key)


def told(
    office: Office,
    actor: Actor,
    record: VersionRecord,
    judgements: Judgements,
    key: str | None = None,
    *,
    status: int = 200,
) -> Response:
    """The version as JSON, with its tag; where a key was sent as it was told first."""

    def make() -> bytes:
        return version_answer(record, judgements).model_dump_json().encode()

    body = answer_once(office, actor, key, make)
    tag = orjson.loads(body)["tag"]
    return Response(body, status, {"ETag": f'"{tag}"'}, "application/json")


def version_answer(record: VersionRecord, judgements: Judgements) -> VersionAnswer:
    """The version with what a check says of it."""
    judged = judgements.of(record.diagram, record.file_name)
    line = VersionLine.model_validate(record)
    return VersionAnswer(
        **line.model_dump(),
        outcome=judged.outcome.value,
        findings=finding_answers(judged),
        repairs=[RepairAnswer.model_validate(repair) for repair in judged.repairs],
        remaining=[FindingAnswer.model_validate(finding) for finding in judged.remaining],
        repaired=[RepairAnswer.model_validate(repair) for repair in record.repairs or ()],
        tag=record.tag,
        procedure=None
        if judged.procedure is None
        else ProcedureAnswer.model_validate(judged.procedure),
    )


def _edits(body: VersionPatch) -> Iterator[Edit]:
    for step in body.steps:
        requires = None if step.requires is None else tuple(step.requires)
        limits = _limits(step.limits)
        yield StepEdit(step.element_id, limits, requires, step.position, step.unit)
    for lane in body.lanes:
        yield LaneEdit(lane.lane_id, lane.position, lane.unit)
    if body.case_limits or body.components:
        components = {
            code: None if stated is None else _component(code, stated)
            for code, stated in body.components.items()
        }
        yield ProcedureEdit(_limits(body.case_limits), components)


def _component(code: str, stated: ComponentPatch) -> Component:
    return Component(
        code=code,
        name=stated.name,
        requirement=stated.requirement,
        copies=tuple(Copies(each.form, each.number) for each in stated.copies),
        when=stated.when,
        group=stated.group,
        present_only=stated.present_only,
        reusable_source=stated.reusable_source,
        legal_basis=stated.legal_basis,
        accepts=tuple(kind for kind in FileKind if kind in stated.accepts),
    )


def _limits(entries: Mapping[str, Any]) -> dict[str, Any]:
    return {case: None if entry is None else read_limit(entry) for case, entry in entries.items()}


def _file(request: Request, data: bytes, file_name: str) -> Response:
    """As an attachment: a browser must never show a stranger's XML as a page of ours."""
    tag = f'"{hashlib.sha256(data).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    ascii_name = file_name.encode("ascii", "replace").decode().translate(_UNQUOTABLE)
    headers["Content-Disposition"] = f'attachment; filename="{ascii_name}"'
    return Response(data, media_type="application/xml", headers=headers)


_UNQUOTABLE = str.maketrans({'"': "_", "\\": "_", "?": "_"})
