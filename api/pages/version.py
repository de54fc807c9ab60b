"""One version of a procedure: the drawing with its findings, steps, components, versions."""

from dataclasses import asdict
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, Response

from analysis.on_time import still_open
from api.condition_words import spoken_condition
from api.pages.frame import page
from api.pages.version_changes import changes
from api.pages.version_runs import NOTHING_CHOSEN, Choice, choice_of, rehearsal_of
from api.pages.visit import Visit, Visiting, id_of
from engine.accounts import Post, posts
from engine.actor import Role
from engine.procedure_version import VersionRecord, version, versions_of
from engine.procedures import errors
from processes.check import Checked
from processes.component import CopyForm
from processes.diagram import Diagram
from processes.document import parse
from processes.file_kind import FileKind
from processes.finding import Finding
from processes.limits import CaseTotal, path_totals
from processes.picture import svg
from processes.procedure import Case, Procedure

router = APIRouter(prefix="/procedures/versions/{version_id}")
Tab = Literal["check", "steps", "components", "rehearsal", "versions"]
_ORDER = {"error": 0, "warning": 1, "info": 2}
_FEW_CASES = 3
_IN_STEPS = (
    "qt-limit-missing",
    "qt-owner-missing",
    "qt-limits-exceed",
    "qt-limits-slack",
    "qt-case-limit-missing",
    "qt-component-unasked",
    "qt-component-unknown",
)
_IN_COMPONENTS = ("qt-component-not-enforced", "qt-when-missing", "qt-when-ignored")


@router.get("")
def version_page(
    seen: Visiting,
    version_id: str,
    wanted: Annotated[Choice, Depends(choice_of)],
    tab: Tab = "check",
    cases: Literal["", "all"] = "",
) -> HTMLResponse:
    known, all_cases = id_of(version_id), cases == "all"
    context = version_context(seen, known, tab, all_cases=all_cases, wanted=wanted)
    return page(seen, "version.html", nav="procedures", **context)


@router.get("/diagram.bpmn")
def diagram(seen: Visiting, version_id: str) -> Response:
    return Response(
        record_of(seen, id_of(version_id)).diagram, media_type="application/xml; charset=utf-8"
    )


@router.get("/original.bpmn")
def original(seen: Visiting, version_id: str) -> Response:
    return Response(
        record_of(seen, id_of(version_id)).original,
        media_type="application/xml; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="original.bpmn"'},
    )


@router.get("/picture.svg")
def picture(seen: Visiting, version_id: str) -> Response:
    return Response(
        svg(parse(record_of(seen, id_of(version_id)).diagram).root),
        media_type="image/svg+xml",
        headers={"Cache-Control": "private, max-age=300"},
    )


def record_of(seen: Visit, version_id: UUID) -> VersionRecord:
    with seen.office.database.read() as connection:
        return version(connection, seen.actor, version_id)


def version_context(
    seen: Visit,
    version_id: UUID,
    tab: str,
    *,
    all_cases: bool = False,
    wanted: Choice = NOTHING_CHOSEN,
) -> dict[str, Any]:
    """What the page shows of a version. wanted: what is to be rehearsed, if anything."""
    with seen.office.database.read() as connection:
        record = version(connection, seen.actor, version_id)
        versions = versions_of(connection, seen.actor, record.procedure_id)
        calendar = seen.office.calendar(connection, seen.actor.agency_id)
        held = posts(connection, seen.actor.agency_id, seen.clock.now())
        running = still_open(
            connection, seen.actor.agency_id, seen.clock.now(), record.procedure_id
        )
    checked = seen.judgements.of(record.diagram, record.file_name)
    procedure = checked.procedure
    findings = sorted(checked.findings, key=lambda f: _ORDER[f.severity.value])
    in_force = next((each for each in versions if each.state == "in_force"), None)
    is_designer = Role.DESIGNER in seen.actor.roles
    names = _names(checked)
    return {
        "record": record,
        "versions": versions,
        "in_force": in_force,
        "changes": _changes(seen, in_force, record, procedure),
        "tab": tab,
        "procedure": procedure,
        "findings": findings,
        "blocking": len(errors(checked.findings)),
        "names": names,
        "mends": _mends(seen, record) if is_designer and record.state == "draft" else {},
        "rehearsal": rehearsal_of(seen, record, names, wanted) if tab == "rehearsal" else None,
        "overlay": findings_overlay(seen, checked) | {"walks": _walks(checked, findings)},
        "repairs": checked.repairs,
        "remaining": checked.remaining,
        "totals": totals(procedure, checked.diagram),
        "owners": _owners(seen, held),
        "columns": _case_columns(procedure, all_cases=all_cases) if procedure else (),
        "all_cases": all_cases,
        "forms": list(CopyForm),
        "file_kinds": list(FileKind),
        "editable": is_designer and record.state == "draft",
        "running": running.total,
        "local": calendar.local,
        "condition": lambda text: spoken_condition(
            text, _fields(procedure) if procedure else (), seen.language
        ),
    }


def _owners(seen: Visit, held: tuple[Post, ...]) -> list[tuple[str, str]]:
    """Who a step may be given to: a position in one unit, or in any; (value, words) of a choice."""
    anywhere = {post.position: post.position_name for post in held}
    single = [(f"{p.position}|{p.unit}", f"{p.position_name}, {p.unit_name}") for p in held]
    in_any = seen.t("đơn vị bất kỳ", "any unit")
    return [*single, *((f"{code}|", f"{name}, {in_any}") for code, name in anywhere.items())]


def _changes(
    seen: Visit,
    in_force: VersionRecord | None,
    record: VersionRecord,
    procedure: Procedure | None,
) -> list[str]:
    """What a draft changes; empty for what is no draft or has nothing to be compared with."""
    if in_force is None or record.state != "draft" or procedure is None:
        return []
    before = seen.judgements.of(in_force.diagram, in_force.file_name).procedure
    return changes(seen, before, procedure) if before else []


def totals(procedure: Procedure | None, diagram: Diagram | None) -> tuple[CaseTotal, ...]:
    """The steps' limits added up for each case, as far as the file could be read."""
    if procedure is None or diagram is None:
        return ()
    return path_totals(procedure, diagram)


def _fields(procedure: Procedure) -> tuple[Any, ...]:
    return (*procedure.fields, *(field for step in procedure.steps for field in step.fields))


def _names(checked: Checked) -> dict[str, str]:
    """What people see of each element of the drawing."""
    if checked.diagram is None:
        return {}
    names = {lane.id: lane.name for lane in checked.diagram.lanes if lane.name}
    names |= {flow.id: flow.name for flow in checked.diagram.flows if flow.name}
    names |= {node.id: node.name for node in checked.diagram.nodes if node.name}
    if checked.procedure is not None:
        names[checked.diagram.process_id] = checked.procedure.name
    return names


def _mends(seen: Visit, record: VersionRecord) -> dict[str, tuple[str, str]]:
    """Rules whose findings are mended in a table of this page: where, and its words."""
    base = f"/procedures/versions/{record.version_id}"
    steps = (f"{base}?tab=steps", seen.t("Sửa trong bảng bước", "Mend in the step table"))
    parts = (f"{base}?tab=components", seen.t("Sửa thành phần", "Mend the components"))
    return dict.fromkeys(_IN_STEPS, steps) | dict.fromkeys(_IN_COMPONENTS, parts)


def _case_columns(procedure: Procedure, *, all_cases: bool) -> tuple[Case, ...]:
    """The cases with a column of their own: all where they are few, else those with own limits."""
    others = procedure.cases[1:]
    if all_cases or len(others) < _FEW_CASES:
        return others
    return tuple(
        case for case in others if any(case.code in step.limits for step in procedure.steps)
    )


def _walks(checked: Checked, findings: list[Finding]) -> dict[str, list[dict[str, Any]]]:
    """How tokens come to each fault of soundness, by the finding's place in the list (from 1)."""
    flaws = {str(place): checked.flaw(found) for place, found in enumerate(findings, start=1)}
    return {
        place: [asdict(move) for move in flaw.walk]
        for place, flaw in flaws.items()
        if flaw and flaw.walk
    }


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
