"""Acts on a dossier as a whole; each is one transaction, done once per Idempotency-Key."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter
from pydantic import Field

from api.identity import Officer, TheOffice
from api.rest.bodies import Body, Entries, Key, Moment, Reason, ReasonBody
from api.rest.dossier_path import DossierId, find_dossier
from api.rest.dossiers import Copies, brought
from engine.dossiers.allow_supplement import allow_supplement
from engine.dossiers.components import record_components, waive_component
from engine.dossiers.deliver_message import deliver_message
from engine.dossiers.end_early import discontinue, withdraw
from engine.dossiers.extend import extend
from engine.dossiers.outcome import Outcome
from engine.dossiers.pauses import receive_supplement, resume
from engine.dossiers.return_result import return_result
from engine.dossiers.tell_moved_date import ToldBy, tell_moved_date

router = APIRouter(prefix="/dossiers/{dossier}", tags=["dossiers"])


class ComponentsBody(Body):
    """How many copies the dossier holds of each component and form named."""

    components: Annotated[Copies, Field(min_length=1)]


class SupplementReceivedBody(Body):
    """What the applicant brought; may be nothing, where only data were mended."""

    components: Copies = Field(default_factory=list)


class WaiverBody(Body):
    """A component that the dossier may go without."""

    component: Annotated[str, Field(min_length=1, max_length=80)]
    reason: Reason


class AllowedSupplementBody(Body):
    """Leave for one more request: why, and the number of the decision."""

    reason: Reason
    decision_no: Annotated[str, Field(min_length=1, max_length=100)]


class ToldBody(Body):
    """How the citizen was told of a moved date, and what is to be remembered of it."""

    way: ToldBy
    words: Annotated[str, Field(max_length=500)] = ""


class ExtensionBody(Body):
    """A later due time, within office hours, with its zone."""

    new_due_at: Moment
    reason: Reason


class MessageBody(Body):
    """What has come: its kind and name as `waiting_events` has them, with what it says.

    token: of the waiting event that is meant; without it the one that has waited longest.
    """

    kind: Literal["message", "signal", "error", "escalation"] = "message"
    name: Annotated[str, Field(max_length=300)] = ""
    token: Annotated[int, Field(ge=0, lt=2**31)] | None = None
    data: Entries = Field(default_factory=dict)


@router.post("/components", summary="Ghi nhận thành phần hồ sơ / record components")
def post_components(
    office: TheOffice, actor: Officer, dossier: DossierId, body: ComponentsBody, key: Key = None
) -> Outcome:
    """State how many copies of the named components the dossier holds."""
    dossier_id = find_dossier(office, actor, dossier)
    return record_components(office, actor, dossier_id, brought(body.components), key=key)


@router.post("/waive", summary="Miễn một thành phần / let a component go")
def post_waive(
    office: TheOffice, actor: Officer, dossier: DossierId, body: WaiverBody, key: Key = None
) -> Outcome:
    """Let the dossier go without a component; heads only, with a reason on the journal."""
    dossier_id = find_dossier(office, actor, dossier)
    return waive_component(office, actor, dossier_id, body.component, body.reason, key=key)


@router.post("/supplement-received", summary="Nhận bổ sung / the applicant came back")
def post_supplement_received(
    office: TheOffice,
    actor: Officer,
    dossier: DossierId,
    body: SupplementReceivedBody,
    key: Key = None,
) -> Outcome:
    """Record what was brought; the clock goes on as the procedure says."""
    dossier_id = find_dossier(office, actor, dossier)
    return receive_supplement(office, actor, dossier_id, brought(body.components), key=key)


@router.post("/allow-supplement", summary="Cho phép bổ sung thêm / allow one more request")
def post_allow_supplement(
    office: TheOffice,
    actor: Officer,
    dossier: DossierId,
    body: AllowedSupplementBody,
    key: Key = None,
) -> Outcome:
    """Let the applicant be asked beyond what the law allows; heads only; QĐ 766 counts it late."""
    dossier_id = find_dossier(office, actor, dossier)
    return allow_supplement(office, actor, dossier_id, body.reason, body.decision_no, key=key)


@router.post("/told", summary="Đã báo ngày hẹn bị dời / the citizen was told")
def post_told(
    office: TheOffice, actor: Officer, dossier: DossierId, body: ToldBody, key: Key = None
) -> Outcome:
    """Record that the citizen was told of a date that a change of the calendar moved."""
    dossier_id = find_dossier(office, actor, dossier)
    return tell_moved_date(office, actor, dossier_id, body.way, body.words, key=key)


@router.post("/messages", summary="Ghi nhận sự kiện đã đến / what it waits for has come")
def post_message(
    office: TheOffice, actor: Officer, dossier: DossierId, body: MessageBody, key: Key = None
) -> Outcome:
    """Tell the dossier that a message or signal has come, or that an error happened at a step.

    Refused, and nothing is changed: nothing waits for it (what is waited for is named), the officer
    holds no position that works on the dossier, paused dossier, unknown data.
    """
    dossier_id = find_dossier(office, actor, dossier)
    told: dict[str, Any] = {"kind": body.kind, "token": body.token, "key": key}
    return deliver_message(office, actor, dossier_id, body.name, body.data, **told)


@router.post("/resume", summary="Tiếp tục sau tạm dừng / end a suspension")
def post_resume(
    office: TheOffice, actor: Officer, dossier: DossierId, body: ReasonBody, key: Key = None
) -> Outcome:
    """End a suspension; the rest of the limit runs on."""
    return resume(office, actor, find_dossier(office, actor, dossier), body.reason, key=key)


@router.post("/withdraw", summary="Rút hồ sơ / the applicant takes it back")
def post_withdraw(
    office: TheOffice, actor: Officer, dossier: DossierId, body: ReasonBody, key: Key = None
) -> Outcome:
    """Close the dossier because the applicant withdrew it."""
    return withdraw(office, actor, find_dossier(office, actor, dossier), body.reason, key=key)


@router.post("/discontinue", summary="Dừng giải quyết / stop handling")
def post_discontinue(
    office: TheOffice, actor: Officer, dossier: DossierId, body: ReasonBody, key: Key = None
) -> Outcome:
    """Close the dossier before its result is decided."""
    return discontinue(office, actor, find_dossier(office, actor, dossier), body.reason, key=key)


@router.post("/return", summary="Trả kết quả / the applicant has the result")
def post_return(office: TheOffice, actor: Officer, dossier: DossierId, key: Key = None) -> Outcome:
    """Record that the applicant has the result, where the diagram ends before it."""
    return return_result(office, actor, find_dossier(office, actor, dossier), key=key)


@router.post("/extend", summary="Gia hạn / put off the due time")
def post_extend(
    office: TheOffice, actor: Officer, dossier: DossierId, body: ExtensionBody, key: Key = None
) -> Outcome:
    """Give the dossier a later due time, as often as the procedure allows; heads only."""
    dossier_id = find_dossier(office, actor, dossier)
    return extend(office, actor, dossier_id, body.new_due_at, body.reason, key=key)
