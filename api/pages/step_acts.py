"""Acts on an open step, each a form of the dossier's page."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from api.pages.dossier import act_on
from api.pages.visit import Entered, Posted, Visit, Visiting, id_of
from engine.accounts import actors
from engine.dossier_file import dossier_file, dossier_of_step
from engine.dossiers.change_case import change_case
from engine.dossiers.claim import claim, hand_over, release
from engine.dossiers.complete_step import LateReason, complete_step
from engine.dossiers.drafts import save_draft
from engine.dossiers.end_early import refuse
from engine.dossiers.outcome import Outcome
from engine.dossiers.pauses import SupplementRequest, request_supplement, suspend
from engine.dossiers.send_back import send_back
from engine.forms.issuing import issue
from engine.forms.kinds import FormKind
from processes.data_field import FieldType
from processes.errors import RuleError

router = APIRouter(prefix="/steps/{step_run_id}")


def _act(
    seen: Visit, step_run_id: str, form: Entered, act: Callable[[UUID], Outcome], said: str
) -> Response:
    run_id = id_of(step_run_id)
    with seen.office.database.read() as connection:
        dossier_id = dossier_of_step(connection, seen.actor, run_id)
    return act_on(seen, dossier_id, form, lambda: act(run_id), said)


def _key(form: Entered) -> str | None:
    """The form's own key: pressed twice, it is done once."""
    return form.key


@router.post("/claim")
def claim_page(seen: Visiting, form: Posted, step_run_id: str) -> Response:
    said = seen.t("Bạn đang xử lý bước này.", "You are handling this step.")
    return _act(seen, step_run_id, form, lambda run: claim(seen.office, seen.actor, run), said)


@router.post("/release")
def release_page(seen: Visiting, form: Posted, step_run_id: str) -> Response:
    said = seen.t("Đã trả việc về hộp việc chung.", "The step is back in the shared inbox.")
    return _act(seen, step_run_id, form, lambda run: release(seen.office, seen.actor, run), said)


@router.post("/hand-over")
def hand_over_page(seen: Visiting, form: Posted, step_run_id: str) -> Response:
    with seen.office.database.read() as connection:
        colleagues = actors(connection, seen.actor.agency_id, seen.clock.now())
    to = colleagues.get(form.text("to"))
    said = seen.t(
        f"Đã bàn giao cho {to.name if to else '–'}.", f"Handed over to {to.name if to else '–'}."
    )
    return _act(
        seen,
        step_run_id,
        form,
        lambda run: hand_over(seen.office, seen.actor, run, to, form.text("reason"), key=form.key),
        said,
    )


@router.post("/complete")
def complete_page(seen: Visiting, form: Posted, step_run_id: str) -> Response:
    late = None
    if form.text("late_cause") or form.text("late_words"):
        late = LateReason(form.text("late_cause"), form.text("late_words"))

    def act(run: UUID) -> Outcome:
        data = _step_data(seen, run, form)
        return complete_step(seen.office, seen.actor, run, data, late, key=form.key)

    said = seen.t("Đã hoàn thành bước.", "The step is completed.")
    return _act(seen, step_run_id, form, act, said)


def _step_data(seen: Visit, run_id: UUID, form: Entered) -> dict[str, Any]:
    """The step's entries; a box that is not ticked says no."""
    data: dict[str, Any] = dict(form.starting("data:"))
    with seen.office.database.read() as connection:
        dossier_id = dossier_of_step(connection, seen.actor, run_id)
        file = dossier_file(seen.office, connection, seen.actor, dossier_id)
    run = next(step for step in file.steps if step.step_run_id == run_id)
    spec = file.version.procedure.step(run.element_id)
    for field in spec.fields if spec else ():
        if field.type is FieldType.BOOLEAN:
            data.setdefault(field.code, "false")
    return data


@router.put("/draft")
def draft_page(seen: Visiting, form: Posted, step_run_id: str) -> HTMLResponse:
    run_id = id_of(step_run_id)
    save_draft(seen.office, seen.actor, run_id, _step_data(seen, run_id, form))
    with seen.office.database.read() as connection:
        calendar = seen.office.calendar(connection, seen.actor.agency_id)
    at = f"{calendar.local(seen.clock.now()):%H:%M}"
    return HTMLResponse(seen.t(f"Đã lưu nháp {at}", f"Draft saved {at}"))


@router.post("/send-back")
def send_back_page(seen: Visiting, form: Posted, step_run_id: str) -> Response:
    said = seen.t("Đã trả lại bước trước.", "Sent back.")
    to, reason = form.text("to"), form.text("reason")
    return _act(
        seen,
        step_run_id,
        form,
        lambda run: send_back(seen.office, seen.actor, run, to, reason, key=form.key),
        said,
    )


@router.post("/supplement")
def supplement_page(seen: Visiting, form: Posted, step_run_id: str) -> Response:
    asked = SupplementRequest(
        tuple(form.texts("component")), form.text("reason"), form.text("legal_basis")
    )
    said = seen.t(
        "Đã yêu cầu bổ sung; đồng hồ tạm dừng đến khi người nộp bổ sung.",
        "A supplement is requested; the clock stands still until it comes.",
    )

    def act(run: UUID) -> Outcome:
        outcome = request_supplement(seen.office, seen.actor, run, asked, key=form.key)
        # The request stands whether or not its form can be drawn now; the page says which.
        with suppress(RuleError):
            issue(seen.office, seen.actor, outcome.dossier_id, FormKind.SUPPLEMENT_REQUEST, {})
        return outcome

    return _act(seen, step_run_id, form, act, said)


@router.post("/case")
def case_page(seen: Visiting, form: Posted, step_run_id: str) -> Response:
    said = seen.t("Đã đổi trường hợp; thời hạn tính lại từ lúc tiếp nhận.", "The case is changed.")
    case, reason = form.text("case"), form.text("reason")
    return _act(
        seen,
        step_run_id,
        form,
        lambda run: change_case(seen.office, seen.actor, run, case, reason, key=form.key),
        said,
    )


@router.post("/suspend")
def suspend_page(seen: Visiting, form: Posted, step_run_id: str) -> Response:
    said = seen.t(
        "Đã tạm đình chỉ; đồng hồ dừng đến khi tiếp tục.",
        "Suspended; the clock stands still until it is resumed.",
    )
    reason, ground = form.text("reason"), form.text("legal_basis")
    return _act(
        seen,
        step_run_id,
        form,
        lambda run: suspend(seen.office, seen.actor, run, reason, ground, key=form.key),
        said,
    )


@router.post("/refuse")
def refuse_page(seen: Visiting, form: Posted, step_run_id: str) -> Response:
    said = seen.t("Đã từ chối hồ sơ.", "The dossier is refused.")
    reason = form.text("reason")
    return _act(
        seen,
        step_run_id,
        form,
        lambda run: refuse(seen.office, seen.actor, run, reason, key=form.key),
        said,
    )
