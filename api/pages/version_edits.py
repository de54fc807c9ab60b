"""Changing a draft and publishing it: limits in a table, components, the decision."""

from collections.abc import Callable
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from api.pages.frame import Faults, Wrong, address, go, page, refused
from api.pages.version import Tab, record_of, totals, version_context
from api.pages.visit import Entered, Posted, Visit, Visiting, id_of
from engine.accounts import posts
from engine.draft_changes import edit_by_form
from engine.procedures import publish
from processes.component import Component, Copies, CopyForm, Requirement
from processes.document import parse
from processes.editing import Edit, ProcedureEdit, StepEdit, apply_edits
from processes.errors import RuleError
from processes.file_kind import FileKind
from processes.procedure import Procedure
from processes.reader import read
from processes.step import StepSpec
from processes.time_limit import InvalidTimeLimit, TimeLimit

router = APIRouter(prefix="/procedures/versions/{version_id}")
_LONGEST_NUMBER = 3
Limits = dict[str, TimeLimit | None]


@router.post("/steps")
def edit_steps(seen: Visiting, form: Posted, version_id: str) -> Response:
    known = id_of(version_id)

    def act() -> None:
        edit_by_form(
            *(seen.office, seen.actor, known, form.stated()),
            lambda procedure: _table_edits(seen, procedure, form),
            seen=form.seen,
            key=form.key,
        )

    said = seen.t("Đã lưu bảng bước.", "The step table is saved.")
    return act_on_version(seen, known, "steps", form, act, said)


@router.post("/totals")
def totals_part(seen: Visiting, form: Posted, version_id: str) -> HTMLResponse:
    """The sums as the table stands now, before it is saved; the page asks when a cell changes."""
    record = record_of(seen, id_of(version_id))
    reading = read(parse(record.diagram))
    wrong: list[Wrong] = []
    if reading.procedure is not None:
        try:
            edits = _table_edits(seen, reading.procedure, form)
            reading = read(parse(apply_edits(record.diagram, edits)))
        except Faults as faults:
            wrong = faults.wrong
    return page(
        seen,
        "version_totals.html",
        procedure=reading.procedure,
        totals=totals(reading.procedure, reading.diagram),
        wrong=wrong,
    )


@router.post("/components")
def edit_components(seen: Visiting, form: Posted, version_id: str) -> Response:
    known = id_of(version_id)

    def act() -> None:
        edit_by_form(
            *(seen.office, seen.actor, known, form.stated()),
            lambda procedure: (_component_edit(seen, procedure, form),),
            seen=form.seen,
            key=form.key,
        )

    said = seen.t("Đã lưu thành phần hồ sơ.", "The components are saved.")
    return act_on_version(seen, known, "components", form, act, said)


@router.post("/publish")
def publish_page(seen: Visiting, form: Posted, version_id: str) -> Response:
    known = id_of(version_id)

    def act() -> None:
        decision_no = form.text("decision_no").strip()[:100] or None
        publish(seen.office, seen.actor, known, decision_no, seen=form.seen, key=form.key)

    said = seen.t(
        "Đã ban hành. Hồ sơ mới sẽ theo phiên bản này; hồ sơ đang xử lý giữ phiên bản cũ.",
        "Published. New dossiers follow this version; running ones keep theirs.",
    )
    return act_on_version(seen, known, "check", form, act, said)


def act_on_version(
    seen: Visit, version_id: UUID, tab: Tab, form: Entered, act: Callable[[], None], said: str
) -> Response:
    """Do what a form of the version's page asks for; the page again where that is refused."""
    cases = form.text("cases")
    here = address(
        f"/procedures/versions/{version_id}", tab="" if tab == "check" else tab, cases=cases
    )
    try:
        act()
    except RuleError as error:
        return refused(
            seen,
            error,
            "version.html",
            form=form,
            here=here,
            nav="procedures",
            **version_context(seen, version_id, tab, all_cases=cases == "all"),
        )
    return go(seen, here, said)


# The table of steps


def _table_edits(seen: Visit, procedure: Procedure, form: Entered) -> tuple[Edit, ...]:
    """What differs from the diagram; Faults where a cell cannot be read, each at its cell."""
    wrong: list[Wrong] = []
    owners = _position_names(seen)
    typed = _limits(seen, form, "limit:", wrong)
    stated = _limits(seen, form, "case:", wrong)
    if wrong:
        raise Faults(wrong)
    edits: list[Edit] = []
    for step in procedure.steps:
        limits = {
            case: limit
            for (element, _, case), limit in ((key.partition("|"), v) for key, v in typed.items())
            if element == step.element_id and limit != step.limits.get(case)
        }
        requires = _requires(step, form)
        position, unit = _owner(step, form)
        if limits or requires is not None or position is not None:
            named = owners.get(position or "")
            edits.append(StepEdit(step.element_id, limits, requires, position, unit, named))
    case_limits = {
        case.code: stated[case.code]
        for case in procedure.cases
        if case.code in stated and stated[case.code] != case.limit
    }
    if case_limits:
        edits.append(ProcedureEdit(case_limits=case_limits))
    return tuple(edits)


def _limits(seen: Visit, form: Entered, prefix: str, wrong: list[Wrong]) -> Limits:
    limits: Limits = {}
    for key, text in form.starting(prefix).items():
        try:
            limits[key] = TimeLimit.parse(text) if text.strip() else None
        except InvalidTimeLimit as error:
            wrong.append((f"{prefix}{key}", seen.said(error)))
    return limits


def _requires(step: StepSpec, form: Entered) -> tuple[str, ...] | None:
    """The components ticked for the step, None where that is as it was or not on the page."""
    if not form.text(f"requires-shown:{step.element_id}"):
        return None
    ticked = tuple(form.texts(f"requires:{step.element_id}"))
    return None if set(ticked) == set(step.requires) else ticked


def _position_names(seen: Visit) -> dict[str, str]:
    """How the office calls its positions."""
    with seen.office.database.read() as connection:
        held = posts(connection, seen.actor.agency_id, seen.clock.now())
    return {post.position: post.position_name for post in held}


def _owner(step: StepSpec, form: Entered) -> tuple[str | None, str | None]:
    """The position and unit chosen for the step, None where that is as it was or not chosen."""
    position, _, unit = form.text(f"owner:{step.element_id}").strip()[:130].partition("|")
    now = step.assignment
    if not position or (now and (now.position, now.unit) == (position, unit or None)):
        return None, None
    return position, unit or None


# One component


def _component_edit(seen: Visit, procedure: Procedure, form: Entered) -> ProcedureEdit:
    if form.text("remove"):
        return ProcedureEdit(components={form.text("remove"): None})
    component = _component(seen, procedure, form)
    return ProcedureEdit(components={form.text("was") or component.code: component})


def _component(seen: Visit, procedure: Procedure, form: Entered) -> Component:
    code, name = form.text("code").strip(), " ".join(form.text("name").split())
    requirement = _REQUIREMENTS.get(form.text("requirement"), Requirement.REQUIRED)
    when = form.text("when").strip()
    before = procedure.component(form.text("was"))
    wrong: list[Wrong] = []
    if not code:
        wrong.append(("code", seen.t("Nhập mã thành phần.", "Enter the code.")))
    elif procedure.component(code) is not None and (before is None or before.code != code):
        taken = seen.t(f"Mã “{code}” đã có. Chọn mã khác.", f"'{code}' is taken. Choose another.")
        wrong.append(("code", taken))
    if not name:
        wrong.append(("name", seen.t("Nhập tên thành phần.", "Enter the name.")))
    if requirement is Requirement.WHEN and not when:
        wrong.append(("when", seen.t("Nhập điều kiện.", "Enter the condition.")))
    copies = _copies(seen, form, wrong)
    if wrong:
        raise Faults(wrong)
    return Component(
        code=code,
        name=name,
        requirement=requirement,
        copies=copies,
        when=when if requirement is Requirement.WHEN else None,
        group=form.text("group").strip() or None,
        present_only=form.text("present_only") == "true",
        reusable_source=before.reusable_source if before else None,
        legal_basis=form.text("legal_basis").strip() or None,
        accepts=tuple(kind for kind in FileKind if kind.value in form.texts("accepts")),
    )


_REQUIREMENTS: dict[str, Requirement] = {each.value: each for each in Requirement}


def _copies(seen: Visit, form: Entered, wrong: list[Wrong]) -> tuple[Copies, ...]:
    found = []
    for kind in CopyForm:
        text = form.text(f"copies:{kind.value}").strip() or "0"
        readable = text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER
        number = int(text) if readable else None
        if number is None:
            said = seen.t("Ghi số bản từ 0 đến 999.", "Enter a number from 0 to 999.")
            wrong.append((f"copies:{kind.value}", said))
        elif number:
            found.append(Copies(kind, number))
    return tuple(found)
