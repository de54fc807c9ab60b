"""The dossier: its clock, checklist, steps, path on the drawing, and what can be done with it."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from api.pages.frame import Entered, Posted, Visit, Visiting, address, go, id_of, page, refused
from api.pages.inbox import left
from engine.dossier_file import (
    DossierFile,
    DossierPlace,
    StepRun,
    counts_by_state,
    dossier_file,
    dossier_of_step,
    dossiers,
    draft_of,
    history,
)
from engine.dossiers.claim import claim, release
from engine.dossiers.complete_step import LateReason, complete_step
from engine.dossiers.components import Brought, record_components, waive_component
from engine.dossiers.drafts import save_draft
from engine.dossiers.end_early import discontinue, refuse, withdraw
from engine.dossiers.extend import extend
from engine.dossiers.late_cause import WORDS
from engine.dossiers.outcome import Outcome
from engine.dossiers.pauses import (
    SupplementRequest,
    receive_supplement,
    request_supplement,
    resume,
    suspend,
)
from engine.dossiers.return_result import return_result
from engine.dossiers.send_back import earlier_steps, send_back
from engine.procedures import version
from engine.spoken_time import spoken_working_time
from processes.component import CopyForm
from processes.data_field import DataField
from processes.errors import InvalidInput, RuleError

router = APIRouter()
PAGE = 50
STATUS_WORDS = {
    "1": ("Mới đăng ký", "Registered"),
    "2": ("Được tiếp nhận", "Received"),
    "3": ("Không được tiếp nhận", "Not received"),
    "4": ("Đang xử lý", "Being handled"),
    "5": ("Yêu cầu bổ sung giấy tờ", "Supplement requested"),
    "6": ("Yêu cầu nghĩa vụ tài chính", "Financial obligation"),
    "7": ("Công dân rút hồ sơ", "Withdrawn"),
    "8": ("Dừng xử lý", "Discontinued"),
    "9": ("Đã xử lý xong", "Handled"),
    "10": ("Đã trả kết quả", "Result returned"),
}


EVENT_WORDS = {
    "dossier.received": ("Tiếp nhận hồ sơ", "Dossier received"),
    "step.claimed": ("Nhận việc", "Step claimed"),
    "step.released": ("Trả việc", "Step released"),
    "step.handed_over": ("Bàn giao", "Step handed over"),
    "step.completed": ("Hoàn thành bước", "Step completed"),
    "step.deemed_consent": ("Im lặng là đồng ý", "Deemed consent"),
    "step.escalated": ("Quá hạn, báo lãnh đạo", "Overdue, escalated"),
    "step.sent_back": ("Trả lại bước trước", "Sent back"),
    "supplement.requested": ("Yêu cầu bổ sung", "Supplement requested"),
    "supplement.received": ("Đã bổ sung", "Supplement received"),
    "dossier.suspended": ("Tạm đình chỉ", "Suspended"),
    "dossier.resumed": ("Tiếp tục giải quyết", "Resumed"),
    "dossier.extended": ("Gia hạn", "Extended"),
    "dossier.refused": ("Từ chối", "Refused"),
    "dossier.withdrawn": ("Rút hồ sơ", "Withdrawn"),
    "dossier.discontinued": ("Dừng giải quyết", "Discontinued"),
    "components.recorded": ("Ghi thành phần hồ sơ", "Components recorded"),
    "component.waived": ("Miễn thành phần", "Component waived"),
    "result.returned": ("Trả kết quả", "Result returned"),
    "timer.fired": ("Đến giờ hẹn", "Timer fired"),
}


class BadMoment(InvalidInput):
    """A date and time that cannot be read."""

    code = "moment.unreadable"
    vi = "Chưa đọc được ngày giờ “{text}”. Ghi ngày và giờ, ví dụ 24/02/2026 15:10."
    en = "Cannot read the date and time '{text}'. Write it like 24/02/2026 15:10."


@router.get("/dossiers")
def list_page(
    seen: Visiting, q: str = "", state: str = "", late: bool = False, after: str = ""
) -> HTMLResponse:
    now = seen.clock.now()
    with seen.office.database.read() as connection:
        calendar = seen.office.calendar(connection, seen.actor.agency_id)
        rows = dossiers(
            connection,
            seen.actor,
            search=q[:200],
            state=state,
            late_at=now if late else None,
            after=_place(after),
            most=PAGE + 1,
        )
        numbers = counts_by_state(connection, seen.actor)
    shown = rows[:PAGE]
    more = None
    if len(rows) > PAGE:
        last = shown[-1]
        place = f"{last.received_at.isoformat()}_{last.dossier_id}"
        more = address("/dossiers", q=q, state=state, late=late or "", after=place)
    return page(
        seen,
        "dossiers.html",
        nav="dossiers",
        rows=shown,
        numbers=numbers,
        q=q,
        state=state,
        late=late,
        more=more,
        status_words=STATUS_WORDS,
        local=calendar.local,
    )


def _place(text: str) -> DossierPlace | None:
    at, _, dossier_id = text.partition("_")
    try:
        return DossierPlace(datetime.fromisoformat(at.replace(" ", "+")), UUID(dossier_id))
    except ValueError:
        return None


@router.get("/dossiers/{dossier_id}")
def show(seen: Visiting, dossier_id: str, tab: str = "work") -> HTMLResponse:
    return page(seen, "dossier.html", nav="dossiers", **_context(seen, id_of(dossier_id), tab))


@router.get("/dossiers/{dossier_id}/receipt")
def receipt(seen: Visiting, dossier_id: str) -> HTMLResponse:
    return page(seen, "receipt.html", nav="desk", **_context(seen, id_of(dossier_id), "receipt"))


@router.get("/dossiers/{dossier_id}/diagram.bpmn")
def diagram(seen: Visiting, dossier_id: str) -> Response:
    with seen.office.database.read() as connection:
        file = dossier_file(seen.office, connection, seen.actor, id_of(dossier_id))
        record = version(connection, seen.actor, file.version.version_id)
    return Response(record.diagram, media_type="application/xml")


@router.get("/steps/{step_run_id}")
def open_step(seen: Visiting, step_run_id: str) -> Response:
    with seen.office.database.read() as connection:
        dossier_id = dossier_of_step(connection, seen.actor, id_of(step_run_id))
    return go(seen, f"/dossiers/{dossier_id}")


# Acts on a step


def _step_act(
    seen: Visit, step_run_id: str, form: Entered, act: Callable[[UUID], Outcome], said: str
) -> Response:
    run_id = id_of(step_run_id)
    with seen.office.database.read() as connection:
        dossier_id = dossier_of_step(connection, seen.actor, run_id)
    return _act(seen, dossier_id, form, lambda: act(run_id), said)


def _act(
    seen: Visit, dossier_id: UUID, form: Entered, act: Callable[[], Outcome], said: str
) -> Response:
    try:
        outcome = act()
    except RuleError as error:
        return refused(
            seen,
            error,
            "dossier.html",
            nav="dossiers",
            **_context(seen, dossier_id, "work", form),
        )
    return go(seen, f"/dossiers/{dossier_id}", f"{said} {_what_next(seen, outcome)}".strip())


def _what_next(seen: Visit, outcome: Outcome) -> str:
    if not outcome.opened:
        status = STATUS_WORDS[outcome.national_status]
        return seen.t(f"Trạng thái: {status[0]}.", f"Status: {status[1]}.")
    with seen.office.database.read() as connection:
        calendar = seen.office.calendar(connection, seen.actor.agency_id)
    step = outcome.opened[0]
    if step.due_at is None:
        return seen.t(f"Bước tiếp theo: {step.name}.", f"Next step: {step.name}.")
    due = f"{calendar.local(step.due_at):%H:%M %d/%m/%Y}"
    return seen.t(f"Bước tiếp theo: {step.name}, hạn {due}.", f"Next step: {step.name}, due {due}.")


@router.post("/steps/{step_run_id}/claim")
def claim_page(seen: Visiting, form: Posted, step_run_id: str) -> Response:
    said = seen.t("Bạn đang xử lý bước này.", "You are handling this step.")
    return _step_act(seen, step_run_id, form, lambda run: claim(seen.office, seen.actor, run), said)


@router.post("/steps/{step_run_id}/release")
def release_page(seen: Visiting, form: Posted, step_run_id: str) -> Response:
    said = seen.t("Đã trả việc về hộp việc chung.", "The step is back in the shared inbox.")
    return _step_act(
        seen, step_run_id, form, lambda run: release(seen.office, seen.actor, run), said
    )


@router.post("/steps/{step_run_id}/complete")
def complete_page(seen: Visiting, form: Posted, step_run_id: str) -> Response:
    late = None
    if form.text("late_cause"):
        late = LateReason(form.text("late_cause"), form.text("late_words"))

    def act(run: UUID) -> Outcome:
        return complete_step(
            seen.office,
            seen.actor,
            run,
            _step_data(seen, run, form),
            late,
            key=form.text("key") or None,
        )

    said = seen.t("Đã hoàn thành bước.", "The step is completed.")
    return _step_act(seen, step_run_id, form, act, said)


def _step_data(seen: Visit, run_id: UUID, form: Entered) -> dict[str, Any]:
    """The step's entries; a box that is not ticked says no."""
    data: dict[str, Any] = dict(form.starting("data:"))
    with seen.office.database.read() as connection:
        dossier_id = dossier_of_step(connection, seen.actor, run_id)
        file = dossier_file(seen.office, connection, seen.actor, dossier_id)
    run = next(step for step in file.steps if step.step_run_id == run_id)
    spec = file.version.procedure.step(run.element_id)
    for field in spec.fields if spec else ():
        if field.type.value == "boolean":
            data[field.code] = data.get(field.code, "false")
    return data


@router.put("/steps/{step_run_id}/draft")
def draft_page(seen: Visiting, form: Posted, step_run_id: str) -> HTMLResponse:
    save_draft(seen.office, seen.actor, id_of(step_run_id), form.starting("data:"))
    with seen.office.database.read() as connection:
        calendar = seen.office.calendar(connection, seen.actor.agency_id)
    at = f"{calendar.local(seen.clock.now()):%H:%M}"
    return HTMLResponse(seen.t(f"Đã lưu nháp {at}", f"Draft saved {at}"))


@router.post("/steps/{step_run_id}/send-back")
def send_back_page(seen: Visiting, form: Posted, step_run_id: str) -> Response:
    said = seen.t("Đã trả lại bước trước.", "Sent back.")
    return _step_act(
        seen,
        step_run_id,
        form,
        lambda run: send_back(
            seen.office,
            seen.actor,
            run,
            form.text("to"),
            form.text("reason"),
            key=form.text("key") or None,
        ),
        said,
    )


@router.post("/steps/{step_run_id}/supplement")
def supplement_page(seen: Visiting, form: Posted, step_run_id: str) -> Response:
    asked = SupplementRequest(
        tuple(form.texts("component")), form.text("reason"), form.text("legal_basis")
    )
    said = seen.t(
        "Đã yêu cầu bổ sung; đồng hồ tạm dừng đến khi người nộp bổ sung.",
        "A supplement is requested; the clock stands still until it comes.",
    )
    return _step_act(
        seen,
        step_run_id,
        form,
        lambda run: request_supplement(
            seen.office, seen.actor, run, asked, key=form.text("key") or None
        ),
        said,
    )


@router.post("/steps/{step_run_id}/suspend")
def suspend_page(seen: Visiting, form: Posted, step_run_id: str) -> Response:
    said = seen.t("Đã tạm đình chỉ.", "Suspended.")
    return _step_act(
        seen,
        step_run_id,
        form,
        lambda run: suspend(
            seen.office, seen.actor, run, form.text("reason"), form.text("legal_basis")
        ),
        said,
    )


@router.post("/steps/{step_run_id}/refuse")
def refuse_page(seen: Visiting, form: Posted, step_run_id: str) -> Response:
    said = seen.t("Đã từ chối hồ sơ.", "The dossier is refused.")
    return _step_act(
        seen,
        step_run_id,
        form,
        lambda run: refuse(
            seen.office, seen.actor, run, form.text("reason"), key=form.text("key") or None
        ),
        said,
    )


# Acts on the dossier


@router.post("/dossiers/{dossier_id}/components")
def components_page(seen: Visiting, form: Posted, dossier_id: str) -> Response:
    known = id_of(dossier_id)
    said = seen.t("Đã ghi thành phần hồ sơ.", "Components are recorded.")
    return _act(
        seen,
        known,
        form,
        lambda: record_components(seen.office, seen.actor, known, _brought(form)),
        said,
    )


@router.post("/dossiers/{dossier_id}/waive")
def waive_page(seen: Visiting, form: Posted, dossier_id: str) -> Response:
    known = id_of(dossier_id)
    said = seen.t("Đã miễn thành phần.", "The component is waived.")
    return _act(
        seen,
        known,
        form,
        lambda: waive_component(
            seen.office, seen.actor, known, form.text("component"), form.text("reason")
        ),
        said,
    )


@router.post("/dossiers/{dossier_id}/supplement-received")
def supplement_received_page(seen: Visiting, form: Posted, dossier_id: str) -> Response:
    known = id_of(dossier_id)
    said = seen.t("Đã ghi nhận bổ sung; đồng hồ chạy lại.", "Supplement recorded; the clock runs.")
    return _act(
        seen,
        known,
        form,
        lambda: receive_supplement(
            seen.office, seen.actor, known, _brought(form), key=form.text("key") or None
        ),
        said,
    )


@router.post("/dossiers/{dossier_id}/resume")
def resume_page(seen: Visiting, form: Posted, dossier_id: str) -> Response:
    known = id_of(dossier_id)
    said = seen.t("Hồ sơ được tiếp tục.", "The dossier is resumed.")
    return _act(
        seen, known, form, lambda: resume(seen.office, seen.actor, known, form.text("reason")), said
    )


@router.post("/dossiers/{dossier_id}/withdraw")
def withdraw_page(seen: Visiting, form: Posted, dossier_id: str) -> Response:
    known = id_of(dossier_id)
    said = seen.t("Đã ghi nhận rút hồ sơ.", "The withdrawal is recorded.")
    return _act(
        seen,
        known,
        form,
        lambda: withdraw(seen.office, seen.actor, known, form.text("reason")),
        said,
    )


@router.post("/dossiers/{dossier_id}/discontinue")
def discontinue_page(seen: Visiting, form: Posted, dossier_id: str) -> Response:
    known = id_of(dossier_id)
    said = seen.t("Đã dừng giải quyết hồ sơ.", "Handling is discontinued.")
    return _act(
        seen,
        known,
        form,
        lambda: discontinue(seen.office, seen.actor, known, form.text("reason")),
        said,
    )


@router.post("/dossiers/{dossier_id}/extend")
def extend_page(seen: Visiting, form: Posted, dossier_id: str) -> Response:
    known = id_of(dossier_id)

    def act() -> Outcome:
        with seen.office.database.read() as connection:
            calendar = seen.office.calendar(connection, seen.actor.agency_id)
        due = _moment(form.text("due"), calendar)
        return extend(seen.office, seen.actor, known, due, form.text("reason"))

    said = seen.t("Đã gia hạn, hẹn lại ngày trả.", "The due time is extended.")
    return _act(seen, known, form, act, said)


@router.post("/dossiers/{dossier_id}/return")
def return_page(seen: Visiting, form: Posted, dossier_id: str) -> Response:
    known = id_of(dossier_id)
    said = seen.t("Đã trả kết quả.", "The result is returned.")
    return _act(seen, known, form, lambda: return_result(seen.office, seen.actor, known), said)


def _moment(text: str, calendar: Any) -> datetime:
    for shape in ("%Y-%m-%dT%H:%M", "%d/%m/%Y %H:%M"):
        try:
            naive = datetime.strptime(text.strip(), shape)  # noqa: DTZ007 - the zone follows
        except ValueError:
            continue
        return naive.replace(tzinfo=calendar.tz)
    raise BadMoment(text=text[:40])


def _brought(form: Entered) -> tuple[Brought, ...]:
    found = []
    for key, number in form.starting("copies:").items():
        component, _, kind = key.rpartition(":")
        text = number.strip() or "0"
        found.append(
            Brought(component, kind, int(text) if text.isdigit() and len(text) < 5 else -1)
        )  # noqa: PLR2004
    return tuple(found)


# What the page shows


def _context(
    seen: Visit, dossier_id: UUID, tab: str, form: Entered | None = None
) -> dict[str, Any]:
    now = seen.clock.now()
    with seen.office.database.read() as connection:
        file = dossier_file(seen.office, connection, seen.actor, dossier_id)
        events = history(connection, seen.actor, dossier_id) if tab == "history" else ()
        mine = [s for s in file.open_steps if seen.actor.holds(s.position, s.unit)]
        drafts = {s.step_run_id: draft_of(connection, seen.actor, s.step_run_id) for s in mine}
        earlier = {
            s.step_run_id: earlier_steps(seen.office, connection, seen.actor, s.step_run_id)
            for s in mine
        }
    return {
        "file": file,
        "d": file.row,
        "procedure": file.version.procedure,
        "tab": tab,
        "now": now,
        "local": file.calendar.local,
        "mine": mine,
        "drafts": drafts,
        "earlier": earlier,
        "events": events,
        "left": {s.step_run_id: _left(file, s, now) for s in file.open_steps},
        "clock": _clock(file, now),
        "causes": [(cause.value, seen.t(*words)) for cause, words in WORDS.items()],
        "forms": list(CopyForm),
        "status_words": STATUS_WORDS,
        "form": form or Entered({}),  # type: ignore[arg-type]  # an empty form has no fields
        "overlay": path_overlay(seen, file, now),
        "spoken": lambda seconds: spoken_working_time(seconds, seen.language),
        "event_words": EVENT_WORDS,
        "option_name": lambda entry, value: option_name(seen, entry, value),
        "is_handler": bool(mine) or file.row.received_by == seen.actor.account_id,
    }


def option_name(seen: Visit, entry: DataField, value: Any) -> str:
    """A value as people read it."""
    if isinstance(value, bool):
        return seen.t("có", "yes") if value else seen.t("không", "no")
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    return next((option.name for option in entry.options if option.value == value), str(value))


def _left(file: DossierFile, step: StepRun, now: datetime) -> int | None:
    return left(file.calendar, step, now)  # type: ignore[arg-type]  # both have a due_at


def _clock(file: DossierFile, now: datetime) -> dict[str, Any] | None:
    clock = file.clock
    if clock is None:
        return None
    at = clock.stopped_at or now
    return {
        "limit": clock.budget,
        "spent": clock.consumed_at(file.calendar, at),
        "paused": clock.paused_working_seconds(file.calendar, at),
        "left": clock.remaining(file.calendar, at),
        "is_paused": clock.paused,
        "stopped": clock.stopped,
        "late": clock.is_late(file.calendar, at),
        "due": clock.due_at(file.calendar),
        "original_due": clock.original_due,
        "pauses": clock.pauses,
    }


def path_overlay(seen: Visit, file: DossierFile, now: datetime) -> dict[str, Any]:
    """The path on the drawing: done, current, late, each with a sentence."""
    elements: dict[str, dict[str, str]] = {}
    for run in file.steps:
        if run.state == "completed":
            who = file.people.get(run.completed_by) if run.completed_by else None
            elements[run.element_id] = {
                "level": "done",
                "label": "✓",
                "title": seen.t(
                    f"{run.name}: đã xong, {who or 'hệ thống'}",
                    f"{run.name}: done by {who or 'the system'}",
                ),
            }
    for run in file.open_steps:
        late = run.due_at is not None and run.due_at < now
        elements[run.element_id] = {
            "level": "late" if late else "current",
            "label": seen.t("Trễ", "Late") if late else seen.t("Đang làm", "In hand"),
            "title": seen.t(
                f"{run.name}: {'đang trễ' if late else 'đang xử lý'}",
                f"{run.name}: {'late' if late else 'in hand'}",
            ),
        }
    return {"mode": "path", "elements": elements}
