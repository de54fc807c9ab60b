"""Acts on a dossier as a whole, each a form of its page."""

from datetime import datetime

from fastapi import APIRouter
from fastapi.responses import Response

from api.pages.desk import brought
from api.pages.dossier import act_on
from api.pages.visit import Posted, Visiting, id_of
from engine.calendar import Calendar
from engine.dossiers.allow_supplement import allow_supplement
from engine.dossiers.components import record_components, waive_component
from engine.dossiers.deliver_message import deliver_message
from engine.dossiers.end_early import discontinue, withdraw
from engine.dossiers.extend import extend
from engine.dossiers.offered import accept_offered
from engine.dossiers.outcome import Outcome
from engine.dossiers.pauses import receive_supplement, resume
from engine.dossiers.return_result import return_result
from engine.dossiers.reuse import reuse_component
from engine.dossiers.tell_moved_date import tell_moved_date
from processes.errors import InvalidInput

router = APIRouter(prefix="/dossiers/{dossier_id}")
_LONGEST_TOKEN = 10  # digits
_SHAPES = ("%Y-%m-%dT%H:%M", "%d/%m/%Y %H:%M", "%H:%M %d/%m/%Y")


class BadMoment(InvalidInput):
    """A date and time that cannot be read."""

    code = "moment.unreadable"
    vi = "Chưa đọc được ngày giờ “{text}”. Ghi ngày và giờ, ví dụ 24/02/2026 15:10."
    en = "Cannot read the date and time '{text}'. Write it like 24/02/2026 15:10."


@router.post("/components")
def components_page(seen: Visiting, form: Posted, dossier_id: str) -> Response:
    known = id_of(dossier_id)
    said = seen.t("Đã ghi thành phần hồ sơ.", "Components are recorded.")
    return act_on(
        seen,
        known,
        form,
        lambda: record_components(seen.office, seen.actor, known, brought(form), key=form.key),
        said,
        tab="components",
    )


@router.post("/waive")
def waive_page(seen: Visiting, form: Posted, dossier_id: str) -> Response:
    known = id_of(dossier_id)
    component, reason = form.text("component"), form.text("reason")
    said = seen.t("Đã miễn thành phần.", "The component is waived.")
    return act_on(
        seen,
        known,
        form,
        lambda: waive_component(seen.office, seen.actor, known, component, reason, key=form.key),
        said,
        tab="components",
    )


@router.post("/supplement-received")
def supplement_received_page(seen: Visiting, form: Posted, dossier_id: str) -> Response:
    known = id_of(dossier_id)
    said = seen.t("Đã ghi nhận bổ sung; đồng hồ chạy lại.", "Supplement recorded; the clock runs.")
    return act_on(
        seen,
        known,
        form,
        lambda: receive_supplement(seen.office, seen.actor, known, brought(form), key=form.key),
        said,
    )


@router.post("/accept-offered")
def accept_offered_page(seen: Visiting, form: Posted, dossier_id: str) -> Response:
    known, resume = id_of(dossier_id), form.text("resume") == "true"
    said = seen.t("Đã nhận tệp người nộp gửi.", "What the applicant sent is accepted.")
    return act_on(
        seen,
        known,
        form,
        lambda: accept_offered(seen.office, seen.actor, known, resume=resume, key=form.key),
        said,
    )


@router.post("/reuse")
def reuse_page(seen: Visiting, form: Posted, dossier_id: str) -> Response:
    known, component = id_of(dossier_id), form.text("component")
    said = seen.t("Đã dùng lại giấy tờ của hồ sơ trước.", "Taken over from the earlier dossier.")
    source = id_of(form.text("source"))
    return act_on(
        seen,
        known,
        form,
        lambda: reuse_component(seen.office, seen.actor, known, component, source, key=form.key),
        said,
        tab="components",
    )


@router.post("/allow-supplement")
def allow_supplement_page(seen: Visiting, form: Posted, dossier_id: str) -> Response:
    known = id_of(dossier_id)
    reason, decision = form.text("reason"), form.text("decision_no")
    said = seen.t("Đã cho phép yêu cầu bổ sung thêm một lần.", "One more request is allowed.")
    return act_on(
        seen,
        known,
        form,
        lambda: allow_supplement(seen.office, seen.actor, known, reason, decision, key=form.key),
        said,
    )


@router.post("/told")
def told_page(seen: Visiting, form: Posted, dossier_id: str) -> Response:
    known = id_of(dossier_id)
    way, words = form.text("way"), form.text("words")
    said = seen.t("Đã ghi là công dân được báo.", "It is on record that the citizen was told.")
    return act_on(
        seen,
        known,
        form,
        lambda: tell_moved_date(seen.office, seen.actor, known, way, words, key=form.key),
        said,
    )


@router.post("/messages")
def messages_page(seen: Visiting, form: Posted, dossier_id: str) -> Response:
    known = id_of(dossier_id)
    token = form.text("token")
    entered = {code: text for code, text in form.starting("data:").items() if text.strip()}

    def act() -> Outcome:
        return deliver_message(
            *(seen.office, seen.actor, known, form.text("name"), entered),
            kind=form.text("kind"),
            token=int(token) if token.isdecimal() and len(token) < _LONGEST_TOKEN else None,
            key=form.key,
        )

    reported = form.text("kind") in ("error", "escalation")
    said = seen.t("Đã ghi nhận sự kiện.", "The event is recorded.")
    if reported:
        said = seen.t("Đã báo.", "It is reported.")
    return act_on(seen, known, form, act, said)


@router.post("/resume")
def resume_page(seen: Visiting, form: Posted, dossier_id: str) -> Response:
    known = id_of(dossier_id)
    said = seen.t("Hồ sơ được tiếp tục; đồng hồ chạy lại.", "Resumed; the clock runs.")
    reason, key = form.text("reason"), form.key
    return act_on(
        seen, known, form, lambda: resume(seen.office, seen.actor, known, reason, key=key), said
    )


@router.post("/withdraw")
def withdraw_page(seen: Visiting, form: Posted, dossier_id: str) -> Response:
    known = id_of(dossier_id)
    said = seen.t("Đã ghi nhận rút hồ sơ.", "The withdrawal is recorded.")
    reason, key = form.text("reason"), form.key
    return act_on(
        seen, known, form, lambda: withdraw(seen.office, seen.actor, known, reason, key=key), said
    )


@router.post("/discontinue")
def discontinue_page(seen: Visiting, form: Posted, dossier_id: str) -> Response:
    known = id_of(dossier_id)
    said = seen.t("Đã dừng giải quyết hồ sơ.", "Handling is discontinued.")
    reason, key = form.text("reason"), form.key
    return act_on(
        seen,
        known,
        form,
        lambda: discontinue(seen.office, seen.actor, known, reason, key=key),
        said,
    )


@router.post("/extend")
def extend_page(seen: Visiting, form: Posted, dossier_id: str) -> Response:
    known = id_of(dossier_id)

    def act() -> Outcome:
        with seen.office.database.read() as connection:
            calendar = seen.office.calendar(connection, seen.actor.agency_id)
        due = _moment(form.text("due"), calendar)
        return extend(seen.office, seen.actor, known, due, form.text("reason"), key=form.key)

    said = seen.t("Đã gia hạn, hẹn lại ngày trả.", "The due time is extended.")
    return act_on(seen, known, form, act, said)


@router.post("/return")
def return_page(seen: Visiting, form: Posted, dossier_id: str) -> Response:
    known = id_of(dossier_id)
    said = seen.t("Đã trả kết quả.", "The result is returned.")
    key = form.key
    return act_on(
        seen, known, form, lambda: return_result(seen.office, seen.actor, known, key=key), said
    )


def _moment(text: str, calendar: Calendar) -> datetime:
    for shape in _SHAPES:
        try:
            naive = datetime.strptime(text.strip(), shape)  # noqa: DTZ007 - the zone follows
        except ValueError:
            continue
        return naive.replace(tzinfo=calendar.tz)
    raise BadMoment(field="due", text=text[:40])
