"""Acts on an open step; each is one transaction, done once per Idempotency-Key."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request, Response, status
from pydantic import BaseModel, ConfigDict, Field

from api.identity import Officer, TheOffice, office_of
from api.rest.answer import Answer, answer_outcome
from api.rest.bodies import Body, Code, Entries, Key, Reason, ReasonBody
from api.rest.checklist_answer import MissingAnswer, missing_answers
from engine.accounts import actors
from engine.dossier_file import dossier_file, dossier_of_step, draft_of
from engine.dossiers.change_case import change_case
from engine.dossiers.claim import claiming, hand_over, release
from engine.dossiers.complete_step import LateReason, completion
from engine.dossiers.drafts import save_draft
from engine.dossiers.end_early import refuse
from engine.dossiers.late_cause import LateCause
from engine.dossiers.outcome import Outcome
from engine.dossiers.pauses import SupplementRequest, request_supplement, suspend
from engine.dossiers.send_back import earlier_steps, send_back
from engine.dossiers.step_asked import Who
from engine.office import Office
from processes.gap import gap

router = APIRouter(prefix="/steps/{step_run_id}", tags=["steps"])


class LateBody(Body):
    """Why the step is late."""

    cause: LateCause
    words: Reason


class CompletionBody(Body):
    """What the person entered; `late` only where the step is past its limit."""

    data: Entries = Field(default_factory=dict)
    late: LateBody | None = None


class HandOverBody(Body):
    """To whom, by login, and why."""

    to: Annotated[str, Field(min_length=1, max_length=80)]
    reason: Reason


class SendBackBody(Body):
    """To which earlier step (`element_id`), and why."""

    to: Code
    reason: Reason


class CaseBody(Body):
    """Which case of the procedure the dossier turns out to be, and why."""

    case: Code
    reason: Reason


class SupplementBody(Body):
    """What the applicant is asked to bring: codes of components."""

    components: Annotated[list[Code], Field(max_length=500)]
    reason: Reason
    legal_basis: Annotated[str, Field(max_length=500)] = ""


class GapAnswer(Answer):
    """What a request would ask for as the record stands; nothing lacking: no components.

    asked, at_most: requests there were, and how many the procedure allows.
    """

    components: list[str]
    missing: list[MissingAnswer]
    reason: str
    legal_basis: str
    asked: int
    at_most: int


class SuspensionBody(Body):
    """Why the dossier is suspended, and on which legal ground."""

    reason: Reason
    legal_basis: Annotated[str, Field(max_length=500)]


class DraftBody(Body):
    """What has been entered so far; empty removes the draft."""

    data: Entries


class DraftAnswer(BaseModel):
    """The officer's own draft."""

    data: dict[str, Any]


class EarlierStep(BaseModel):
    """A step to which the open one may be sent back."""

    model_config = ConfigDict(extra="forbid")

    element_id: str
    name: str


async def claimed(
    office: Office, who: Who, step_run_id: UUID, _body: None, key: str | None
) -> Response:
    """Claim the step, whichever way the request came; `api/short_way.py` leads here too."""
    command = claiming(office, who, step_run_id, key=key)
    return answer_outcome(await office.database.written(command))


@router.post("/claim", summary="Nhận việc / take the step up", response_model=Outcome)
async def post_claim(
    request: Request, actor: Officer, step_run_id: UUID, key: Key = None
) -> Response:
    """Waiting ends, handling begins; colleagues see who has it."""
    return await claimed(office_of(request), actor, step_run_id, None, key)


@router.post("/release", summary="Trả việc / give the step back")
def post_release(office: TheOffice, actor: Officer, step_run_id: UUID, key: Key = None) -> Outcome:
    """Give a claimed step back to all who hold its position; the holder or a head may."""
    return release(office, actor, step_run_id, key=key)


@router.post("/hand-over", summary="Chuyển việc / hand the step over")
def post_hand_over(
    office: TheOffice, actor: Officer, step_run_id: UUID, body: HandOverBody, key: Key = None
) -> Outcome:
    """Hand the step over to a colleague who holds its position."""
    with office.database.read() as connection:
        to = actors(connection, actor.agency_id, office.clock.now()).get(body.to)
    return hand_over(office, actor, step_run_id, to, body.reason, key=key)


async def completed(
    office: Office, who: Who, step_run_id: UUID, body: CompletionBody, key: str | None
) -> Response:
    """Complete the step, whichever way the request came; `api/short_way.py` leads here too."""
    late = None if body.late is None else LateReason(body.late.cause.value, body.late.words)
    command = completion(office, who, step_run_id, body.data, late, key=key)
    return answer_outcome(await office.database.written(command))


@router.post("/complete", summary="Hoàn thành bước / complete the step", response_model=Outcome)
async def post_complete(
    request: Request, actor: Officer, step_run_id: UUID, body: CompletionBody, key: Key = None
) -> Response:
    """Complete the step; the dossier moves on.

    Refused, and nothing is changed: somebody else's step, same hands as a step it must be separate
    from, paused dossier, unknown or missing data, missing components (named exactly in
    `step.components_missing`), late without a cause and a reason.
    """
    return await completed(office_of(request), actor, step_run_id, body, key)


@router.get("/earlier", summary="Trả lại được bước nào / where it can be sent back to")
def get_earlier(office: TheOffice, actor: Officer, step_run_id: UUID) -> list[EarlierStep]:
    """Earlier steps on the way to an open step, the nearest first."""
    with office.database.read() as connection:
        found = earlier_steps(office, connection, actor, step_run_id)
    return [EarlierStep(element_id=element_id, name=name) for element_id, name in found]


@router.post("/send-back", summary="Trả lại bước trước / send back")
def post_send_back(
    office: TheOffice, actor: Officer, step_run_id: UUID, body: SendBackBody, key: Key = None
) -> Outcome:
    """Return the dossier to an earlier step; what came after it is done again."""
    return send_back(office, actor, step_run_id, body.to, body.reason, key=key)


@router.post("/change-case", summary="Đổi trường hợp giải quyết / change the case")
def post_change_case(
    office: TheOffice, actor: Officer, step_run_id: UUID, body: CaseBody, key: Key = None
) -> Outcome:
    """Put the dossier under another case; its limit counts from reception."""
    return change_case(office, actor, step_run_id, body.case, body.reason, key=key)


@router.post("/supplement", summary="Yêu cầu bổ sung / ask for a supplement")
def post_supplement(
    office: TheOffice, actor: Officer, step_run_id: UUID, body: SupplementBody, key: Key = None
) -> Outcome:
    """Ask the applicant to complete the dossier; its clocks stand still until they do."""
    asked = SupplementRequest(tuple(body.components), body.reason, body.legal_basis)
    return request_supplement(office, actor, step_run_id, asked, key=key)


@router.get("/supplement", summary="Hồ sơ còn thiếu gì để yêu cầu / what would be asked for")
def get_supplement(office: TheOffice, actor: Officer, step_run_id: UUID) -> GapAnswer:
    """The gap as a request: components, reason, legal ground; to be sent as it is or changed."""
    with office.database.read() as connection:
        dossier_id = dossier_of_step(connection, actor, step_run_id)
        file = dossier_file(office, connection, actor, dossier_id)
    found = gap(file.version.procedure, file.lacking)
    return GapAnswer(
        components=list(found.components) if found else [],
        missing=missing_answers(file.lacking),
        reason=found.reason if found else "",
        legal_basis=found.legal_basis if found else "",
        asked=file.row.supplements,
        at_most=file.version.procedure.supplement.at_most,
    )


@router.post("/suspend", summary="Tạm dừng / suspend")
def post_suspend(
    office: TheOffice, actor: Officer, step_run_id: UUID, body: SuspensionBody, key: Key = None
) -> Outcome:
    """Suspend the dossier on a legal ground other than a supplement."""
    return suspend(office, actor, step_run_id, body.reason, body.legal_basis, key=key)


@router.post("/refuse", summary="Từ chối hồ sơ / refuse the dossier")
def post_refuse(
    office: TheOffice, actor: Officer, step_run_id: UUID, body: ReasonBody, key: Key = None
) -> Outcome:
    """Refuse the dossier with a reason; its holder may, at any step before the end."""
    return refuse(office, actor, step_run_id, body.reason, key=key)


@router.get("/draft", summary="Bản nháp của tôi / my draft")
def get_draft(office: TheOffice, actor: Officer, step_run_id: UUID) -> DraftAnswer:
    """What the officer had begun to enter and not yet sent."""
    with office.database.read() as connection:
        return DraftAnswer(data=draft_of(connection, actor, step_run_id))


@router.put("/draft", summary="Lưu bản nháp / keep a draft", status_code=status.HTTP_204_NO_CONTENT)
def put_draft(
    office: TheOffice, actor: Officer, step_run_id: UUID, body: DraftBody, key: Key = None
) -> None:
    """Keep what was entered so far; the dossier itself is not touched."""
    save_draft(office, actor, step_run_id, body.data, key)
