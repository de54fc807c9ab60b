"""Procedures for designers: drop a file, see what is wrong, set limits and components, publish."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, File, UploadFile
from fastapi.responses import HTMLResponse, Response

from api.pages.frame import Entered, Posted, Visit, Visiting, address, go, id_of, page, refused
from engine.actor import Role
from engine.procedures import (
    VersionRecord,
    edit,
    errors,
    listed,
    publish,
    upload,
    version,
    versions_of,
)
from processes.check import Checked, check
from processes.component import Component, Copies, CopyForm, Requirement
from processes.editing import ProcedureEdit, StepEdit
from processes.errors import RuleError
from processes.limits import path_totals
from processes.picture import svg
from processes.time_limit import TimeLimit

router = APIRouter()
PAGE = 50


@router.get("/procedures")
def list_page(seen: Visiting, q: str = "", after: str = "") -> HTMLResponse:
    return page(seen, "procedures.html", nav="procedures", **_listed(seen, q, after))


def _listed(seen: Visit, q: str = "", after: str = "") -> dict[str, Any]:
    with seen.office.database.read() as connection:
        rows = listed(connection, seen.actor, search=q[:200], after=after, most=PAGE + 1)
    more = address("/procedures", q=q, after=rows[PAGE - 1].code) if len(rows) > PAGE else None
    return {
        "rows": rows[:PAGE],
        "q": q,
        "more": more,
        "first": address("/procedures", q=q) if after else None,
        "is_designer": Role.DESIGNER in seen.actor.roles,
    }


@router.post("/procedures")
def upload_page(seen: Visiting, form: Posted, file: Annotated[UploadFile, File()]) -> Response:
    try:
        record = upload(
            seen.office, seen.actor, file.file.read(), file.filename or "quy-trinh.bpmn"
        )
    except RuleError as error:
        return refused(seen, error, "procedures.html", nav="procedures", **_listed(seen))
    said = seen.t(
        "Đã tải lên thành bản dự thảo. Xem kết quả kiểm tra bên dưới.",
        "Uploaded as a draft. See the findings below.",
    )
    return go(seen, f"/procedures/versions/{record.version_id}", said)


@router.get("/procedures/versions/{version_id}")
def version_page(seen: Visiting, version_id: str, tab: str = "check") -> HTMLResponse:
    return page(seen, "version.html", nav="procedures", **_context(seen, id_of(version_id), tab))


@router.get("/procedures/versions/{version_id}/diagram.bpmn")
def diagram(seen: Visiting, version_id: str) -> Response:
    return Response(
        _record(seen, id_of(version_id)).diagram, media_type="application/xml; charset=utf-8"
    )


@router.get("/procedures/versions/{version_id}/original.bpmn")
def original(seen: Visiting, version_id: str) -> Response:
    record = _record(seen, id_of(version_id))
    return Response(
        record.original,
        media_type="application/xml; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="original.bpmn"'},
    )


@router.get("/procedures/versions/{version_id}/picture.svg")
def picture(seen: Visiting, version_id: str) -> Response:
    record = _record(seen, id_of(version_id))
    checked = check(record.diagram)
    drawn = (
        svg(checked.document.root)
        if checked.document
        else "<svg xmlns='http://www.w3.org/2000/svg'/>"
    )
    return Response(
        drawn, media_type="image/svg+xml", headers={"Cache-Control": "private, max-age=300"}
    )


@router.post("/procedures/versions/{version_id}/steps")
def edit_steps(seen: Visiting, form: Posted, version_id: str) -> Response:
    known = id_of(version_id)

    def act() -> VersionRecord:
        return edit(seen.office, seen.actor, known, _step_edits(seen, known, form))

    said = seen.t("Đã lưu bảng bước.", "The step table is saved.")
    return _act(seen, known, "steps", form, act, said)


@router.post("/procedures/versions/{version_id}/components")
def edit_components(seen: Visiting, form: Posted, version_id: str) -> Response:
    known = id_of(version_id)

    def act() -> VersionRecord:
        if form.text("remove"):
            change = ProcedureEdit(components={form.text("remove"): None})
        else:
            component = _component(form)
            change = ProcedureEdit(components={form.text("was") or component.code: component})
        return edit(seen.office, seen.actor, known, (change,))

    said = seen.t("Đã lưu thành phần hồ sơ.", "The components are saved.")
    return _act(seen, known, "components", form, act, said)


@router.post("/procedures/versions/{version_id}/publish")
def publish_page(seen: Visiting, form: Posted, version_id: str) -> Response:
    known = id_of(version_id)
    said = seen.t(
        "Đã ban hành. Hồ sơ mới sẽ theo phiên bản này; hồ sơ đang xử lý giữ phiên bản cũ.",
        "Published. New dossiers follow this version; running ones keep theirs.",
    )
    return _act(
        seen,
        known,
        "check",
        form,
        lambda: publish(seen.office, seen.actor, known, form.text("decision_no") or None),
        said,
    )


def _act(seen: Visit, version_id: UUID, tab: str, form: Entered, act: Any, said: str) -> Response:
    try:
        act()
    except RuleError as error:
        return refused(
            seen, error, "version.html", nav="procedures", **_context(seen, version_id, tab, form)
        )
    return go(seen, address(f"/procedures/versions/{version_id}", tab=tab), said)


def _record(seen: Visit, version_id: UUID) -> VersionRecord:
    with seen.office.database.read() as connection:
        return version(connection, seen.actor, version_id)


def _context(
    seen: Visit, version_id: UUID, tab: str, form: Entered | None = None
) -> dict[str, Any]:
    with seen.office.database.read() as connection:
        record = version(connection, seen.actor, version_id)
        versions = versions_of(connection, seen.actor, record.procedure_id)
        calendar = seen.office.calendar(connection, seen.actor.agency_id)
    checked = check(record.diagram)
    procedure = checked.procedure
    return {
        "record": record,
        "versions": versions,
        "tab": tab,
        "procedure": procedure,
        "findings": sorted(checked.findings, key=lambda f: _ORDER[f.severity.value]),
        "blocking": len(errors(checked.findings)),
        "names": {step.element_id: step.name for step in procedure.steps} if procedure else {},
        "overlay": findings_overlay(seen, checked),
        "totals": _totals(checked),
        "forms": list(CopyForm),
        "requirements": list(Requirement),
        "is_designer": Role.DESIGNER in seen.actor.roles,
        "local": calendar.local,
        "form": form,
    }


_ORDER = {"error": 0, "warning": 1, "info": 2}


def _totals(checked: Checked) -> Any:
    if checked.procedure is None or checked.diagram is None:
        return ()
    return path_totals(checked.procedure, checked.diagram)


def findings_overlay(seen: Visit, checked: Checked) -> dict[str, Any]:
    """Findings pinned to the drawing: the worst severity and how many."""
    elements: dict[str, dict[str, Any]] = {}
    for finding in sorted(checked.findings, key=lambda f: _ORDER[f.severity.value]):
        if finding.element is None:
            continue
        said = seen.t(finding.vi, finding.en)
        known = elements.setdefault(
            finding.element, {"level": finding.severity.value, "label": "0", "title": ""}
        )
        known["label"] = str(int(known["label"]) + 1)
        known["title"] = f"{known['title']} {said}".strip()
    return {"mode": "findings", "elements": elements}


def _step_edits(seen: Visit, version_id: UUID, form: Entered) -> tuple[StepEdit, ...]:
    """The table as typed: only steps whose cells came with the form, only what differs."""
    procedure = check(_record(seen, version_id).diagram).procedure
    if procedure is None:
        return ()
    typed = form.starting("limit:")
    edits = []
    for step in procedure.steps:
        limits: dict[str, TimeLimit | None] = dict(step.limits)
        changed = False
        for key, text in typed.items():
            element, _, case = key.partition("|")
            if element != step.element_id:
                continue
            given = TimeLimit.parse(text) if text.strip() else None
            if given != step.limits.get(case):
                limits[case] = given
                changed = True
        requires = step.requires
        if form.text(f"requires-shown:{step.element_id}"):
            requires = tuple(form.texts(f"requires:{step.element_id}"))
            changed = changed or requires != step.requires
        if changed:
            edits.append(StepEdit(step.element_id, limits=limits, requires=requires))
    return tuple(edits)


def _component(form: Entered) -> Component:
    copies = tuple(
        Copies(CopyForm(kind), int(number))
        for kind, number in form.starting("copies:").items()
        if number.strip().isdigit() and 0 < int(number) < 1000  # noqa: PLR2004
    )
    return Component(
        code=form.text("code").strip(),
        name=form.text("name").strip(),
        requirement=Requirement(form.text("requirement", "required")),
        copies=copies,
        when=form.text("when").strip() or None,
        group=form.text("group").strip() or None,
        present_only=form.text("present_only") == "true",
        legal_basis=form.text("legal_basis").strip() or None,
    )
