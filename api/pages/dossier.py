"""A dossier's page: its clock, checklist, steps, path on the drawing, history, receipt."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from api.identity import settings_of
from api.pages.checklist_lines import checklist_lines
from api.pages.clock_lines import clocks
from api.pages.document_lines import document_lines, file_words
from api.pages.dossier_words import (
    STATUS_WORDS,
    event_details,
    event_title,
    late_causes,
    option_name,
    outcome_words,
    typed_again,
)
from api.pages.frame import go, page, refused
from api.pages.inbox import working_left
from api.pages.reusable_lines import reusable_lines
from api.pages.signature_lines import signable, unsigned_for
from api.pages.visit import Entered, Visit, Visiting, id_of
from api.pages.waiting_lines import reports, waiting_lines
from engine.accounts import actors
from engine.actor import Role
from engine.archive.retention import ended_at, retained_until
from engine.calendar_change.moved_promise import moved_promise
from engine.documents.reading import DocumentRecord, documents_of
from engine.dossier_file import (
    DossierFile,
    StepRun,
    dossier_file,
    dossier_of_step,
    draft_of,
    history,
)
from engine.dossiers.documents import OFFERED
from engine.dossiers.in_hand import PAUSED
from engine.dossiers.outcome import Outcome
from engine.dossiers.pauses import is_at_counter, last_moment_to_ask
from engine.dossiers.send_back import earlier_steps
from engine.forms.issued import Issued, issued_of
from engine.forms.kinds import FormKind
from engine.procedure_version import version
from engine.risk.of_dossier import risks_of_file
from processes.errors import RuleError
from processes.gap import gap

router = APIRouter()
Tab = Literal["work", "components", "steps", "path", "history"]


@router.get("/dossiers/{dossier_id}")
def show(seen: Visiting, dossier_id: str, tab: Tab = "work") -> HTMLResponse:
    return page(seen, "dossier.html", nav="dossiers", **_context(seen, id_of(dossier_id), tab))


@router.get("/dossiers/{dossier_id}/receipt")
def receipt(seen: Visiting, dossier_id: str) -> HTMLResponse:
    return page(seen, "receipt.html", nav="desk", **_context(seen, id_of(dossier_id), "receipt"))


@router.get("/dossiers/{dossier_id}/diagram.bpmn")
def diagram(seen: Visiting, dossier_id: str) -> Response:
    with seen.office.database.read() as connection:
        file = dossier_file(seen.office, connection, seen.actor, id_of(dossier_id))
        record = version(connection, seen.actor, file.version.version_id)
    return Response(record.diagram, media_type="application/xml; charset=utf-8")


@router.get("/steps/{step_run_id}")
def open_step(seen: Visiting, step_run_id: str) -> Response:
    with seen.office.database.read() as connection:
        dossier_id = dossier_of_step(connection, seen.actor, id_of(step_run_id))
    return go(seen, f"/dossiers/{dossier_id}")


def act_on(
    seen: Visit,
    dossier_id: UUID,
    form: Entered,
    act: Callable[[], Outcome],
    said: str,
    tab: Tab = "work",
) -> Response:
    """Do the act; then the dossier with what happens next, or again with what stood against it."""
    here = f"/dossiers/{dossier_id}" + ("" if tab == "work" else f"?tab={tab}")
    try:
        outcome = act()
    except RuleError as error:
        return refused(
            seen,
            error,
            "dossier.html",
            form=form,
            here=here,
            nav="dossiers",
            **_context(seen, dossier_id, tab),
        )
    return go(seen, here, f"{said} {_what_next(seen, outcome)}".strip())


def _what_next(seen: Visit, outcome: Outcome) -> str:
    """The steps that the act opened, with their holders' position and due time; else what it waits
    for.
    """
    if not outcome.opened and outcome.state != "open":
        return ""
    with seen.office.database.read() as connection:
        calendar = seen.office.calendar(connection, seen.actor.agency_id)
        file = dossier_file(seen.office, connection, seen.actor, outcome.dossier_id)
    told = []
    for step in outcome.opened:
        spec = file.version.procedure.step(step.element_id)
        who = f" ({spec.assignment.name})" if spec and spec.assignment else ""
        due = ""
        if step.due_at is not None:
            due = seen.t(", hạn ", ", due ") + f"{calendar.local(step.due_at):%H:%M %d/%m/%Y}"
        told.append(f"{step.name}{who}{due}")
    if not told:
        waits = "; ".join(line.words for line in waiting_lines(seen, file))
        return seen.t(f"Đang chờ: {waits}.", f"Waiting for: {waits}.") if waits else ""
    return seen.t("Tiếp theo: ", "Next: ") + "; ".join(told) + "."


def _kept(seen: Visit, file: DossierFile) -> str:
    """Until when the finished dossier is kept; "" before it is over, and after it was destroyed."""
    if file.row.state not in ("returned", "closed") or not file.row.applicant:
        return ""
    ended = file.calendar.local(ended_at(file.row)).date()
    usual = settings_of(seen.request).retention_years
    until = retained_until(file.version.procedure, usual, ended)
    return f"{until:%d/%m/%Y}" if until else seen.t("vĩnh viễn", "for ever")


def _context(seen: Visit, dossier_id: UUID, tab: str) -> dict[str, Any]:
    now = seen.clock.now()
    with seen.office.database.read() as connection:
        file = dossier_file(seen.office, connection, seen.actor, dossier_id)
        mine = [s for s in file.open_steps if seen.actor.holds(s.position, s.unit)]
        events = history(connection, seen.actor, dossier_id) if tab == "history" else ()
        promise = moved_promise(connection, seen.actor, dossier_id)
        documents = (
            document_lines(seen, connection, dossier_id, file.version.procedure)
            if tab == "components"
            else None
        )
        request_form = _request_form(seen, connection, file) if tab == "work" else None
        offered = _offered(seen, connection, file) if tab == "work" else []
        before = reusable_lines(seen, connection, file) if tab == "components" else {}
        work = [_work(seen, connection, file, step, now) for step in mine] if tab == "work" else []
    procedure = file.version.procedure
    ask_until = last_moment_to_ask(procedure.supplement, file.calendar, file.row.received_at)
    return {
        "file": file,
        "d": file.row,
        "procedure": procedure,
        "tab": tab,
        "now": now,
        "local": file.calendar.local,
        "work": work,
        "others": [step for step in file.open_steps if step not in mine],
        "events": [
            (
                event,
                event_title(seen, procedure, event),
                event_details(seen, procedure, event, file.people, file.calendar.local),
            )
            for event in events
        ],
        "left": {
            s.step_run_id: working_left(file.calendar, s.due_at, now) for s in file.open_steps
        },
        "clock": _clock(file, now),
        "clocks": clocks(seen, file, now),
        "risk_lines": risks_of_file(file, now),
        "duty": file.duty(now),
        "measure": _measure(file, now),
        "promise": None if file.row.finished_at else promise,
        "documents": documents,
        "words": file_words(seen),
        "lines": checklist_lines(
            procedure, file.version.fields, file.data, file.present, seen.language
        ),
        "gap": gap(procedure, file.lacking),
        "request_form": request_form,
        "ask_until": ask_until,
        "too_late_to_ask": ask_until is not None and now > ask_until,
        "offered": offered,
        "before": before,
        "made": _made(file),
        "signable": signable(procedure),
        "waiting": waiting_lines(seen, file),
        "reports": reports(seen, file),
        "kept": _kept(seen, file),
        "causes": late_causes(seen),
        "status_said": seen.t(*STATUS_WORDS[file.row.national_status]),
        "outcome": outcome_words(seen, procedure, file.row.outcome),
        "overlay": path_overlay(seen, file, now) if tab == "path" else None,
        "option_name": lambda entry, value: option_name(seen, entry, value),
        "is_handler": bool(mine) or file.row.received_by == seen.actor.account_id,
        "is_head": Role.HEAD in seen.actor.roles,
        "returns": file.row.receiving_unit in {unit for unit, _ in seen.actor.holdings},
    }


def _work(
    seen: Visit, connection: Any, file: DossierFile, step: StepRun, now: datetime
) -> dict[str, Any]:
    """What a holder of the step's position needs to do it."""
    spec = file.version.procedure.step(step.element_id)
    draft = draft_of(connection, seen.actor, step.step_run_id)
    before = {}
    if spec is not None and step.attempt > 1:  # done again: begin with what was entered before
        codes = [field.code for field in spec.fields]
        before = {code: typed_again(file.data.get(code)) for code in codes if code in file.data}
    colleagues = [
        (login, actor.name)
        for login, actor in sorted(actors(connection, seen.actor.agency_id, now).items())
        if actor.holds(step.position, step.unit) and actor.account_id != seen.actor.account_id
    ]
    return {
        "step": step,
        "spec": spec,
        "lacking": file.lacking_for(step),
        "unsigned": unsigned_for(seen, connection, file, step),
        "draft": draft or before,
        "has_draft": bool(draft),
        "earlier": earlier_steps(seen.office, connection, seen.actor, step.step_run_id),
        "colleagues": colleagues,
        "late": step.due_at is not None and step.due_at < now,
        "at_counter": is_at_counter(spec),
    }


def _request_form(seen: Visit, connection: Any, file: DossierFile) -> Issued | None:
    """The form 02 of the supplement that is waited for, where it was issued."""
    if file.row.state != PAUSED:
        return None
    since = file.pauses[-1].since
    for form in issued_of(connection, seen.actor, file.row.dossier_id):
        if form.kind is FormKind.SUPPLEMENT_REQUEST and form.issued_at >= since:
            return form
    return None


def _offered(seen: Visit, connection: Any, file: DossierFile) -> list[DocumentRecord]:
    """Files that the applicant sent and nobody has accepted yet."""
    there = documents_of(connection, seen.actor.agency_id, file.row.dossier_id)
    return [each for each in there if each.state == OFFERED]


def _made(file: DossierFile) -> list[str]:
    """Names of the documents that steps of this dossier have brought in."""
    names = {code: name for step in file.version.procedure.steps for code, name in step.produces}
    return [names.get(code, code) for code, forms in file.present.items() if "produced" in forms]


def _measure(file: DossierFile, now: datetime) -> dict[str, Any] | None:
    """QĐ 766 beside the law; what was decided when handling ended stands."""
    measure = file.measure(now)
    if measure is None:
        return None
    return {
        "result": file.row.measure or measure.result,
        "due": measure.due,
        "requests": measure.requests,
        "supplement_ws": measure.supplement_ws,
        "ended_by": measure.ended_by,
    }


def _clock(file: DossierFile, now: datetime) -> dict[str, Any] | None:
    clock = file.stored_clock
    if clock is None:
        return None
    at = clock.stopped_at or now
    return {
        "left": clock.remaining(file.calendar, at),
        "is_paused": clock.paused,
        "stopped": clock.stopped,
        "late": clock.is_late(file.calendar, at),
        "due": clock.due_at(file.calendar),
    }


def path_overlay(seen: Visit, file: DossierFile, now: datetime) -> dict[str, Any]:
    """The path on the drawing: done, current, late, each with a sentence."""
    elements: dict[str, dict[str, str]] = {}
    for run in file.steps:
        if run.state == "completed":
            who = file.people.get(run.completed_by) if run.completed_by else None
            elements[run.element_id] = {
                "level": "done",
                "label": "",
                "title": seen.t(f"Đã xong, {who or 'hệ thống'}", f"Done by {who or 'the system'}"),
            }
    for run in file.open_steps:
        late = run.due_at is not None and run.due_at < now
        words = seen.t("Đang trễ", "Late") if late else seen.t("Đang làm", "In hand")
        elements[run.element_id] = {
            "level": "late" if late else "current",
            "label": words,
            "title": words,
        }
    return {"mode": "path", "elements": elements}
