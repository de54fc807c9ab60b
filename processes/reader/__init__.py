"""Reads what a BPMN file says of a procedure; what cannot be read becomes a finding."""

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree
from lxml.etree import _Element as Element

from processes.diagram import Diagram, NodeKind, designation
from processes.document import Document, qt, qt_children
from processes.drawing import draw, flow_elements, running_process
from processes.finding import Finding, Severity
from processes.procedure import Case, DayCount, Outcome, Procedure, ProcedureKind
from processes.reader import positions, procedures, shape, steps, values
from processes.reader.data_fields import read_fields
from processes.reader.positions import fold, read_assignments
from processes.reader.procedures import read_lists
from processes.reader.shape import judge_shape
from processes.reader.steps import read_alias, read_steps, reading_order
from processes.reader.values import REPEATED, Values
from processes.rule import Rule, Words
from processes.step import NationalStatus

__all__ = ["RULES", "Reading", "fold", "read", "reading_order"]

NO_PROCESS = Rule(
    "qt-process-missing",
    Severity.ERROR,
    "Tệp không có quy trình nào (bpmn:process). Vẽ các bước trong một quy trình rồi tải lên lại.",
    "The file holds no process (bpmn:process). Draw the steps in a process and upload again.",
)
CODE = Rule(
    "qt-code-missing",
    Severity.ERROR,
    "Quy trình chưa có mã. Ghi mã thủ tục vào thuộc tính code của qt:procedure.",
    "The procedure has no code. State it in the attribute code of qt:procedure.",
)
NAME = Rule(
    "qt-name-missing",
    Severity.ERROR,
    "Quy trình chưa có tên. Đặt tên cho quy trình (process) trong sơ đồ.",
    "The procedure has no name. Name the process in the diagram.",
)
NESTED_END = Rule(
    "qt-end-nested",
    Severity.WARNING,
    "{where}: qt:end trong quy trình con không có tác dụng. Ghi kết quả ở sự kiện kết thúc của "
    "quy trình chính.",
    "{where}: a qt:end inside a sub-process has no effect. State the outcome at an end event of "
    "the procedure itself.",
)
RULES = (
    *(NO_PROCESS, CODE, NAME, NESTED_END),
    *values.RULES,
    *shape.RULES,
    *procedures.RULES,
    *positions.RULES,
    *steps.RULES,
)


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read. procedure, diagram: None only where the file holds no process at all."""

    procedure: Procedure | None
    diagram: Diagram | None
    findings: tuple[Finding, ...]


def read(document: Document) -> Reading:
    """The procedure that the file states, and everything in it that could not be read."""
    findings = list(judge_shape(document))
    process = running_process(document)
    diagram = draw(document)
    if process is None or diagram is None:
        return Reading(None, None, (*findings, NO_PROCESS.at(None)))
    procedure = _procedure(process, diagram, findings)
    return Reading(procedure, diagram, tuple(findings))


def _procedure(process: Element, diagram: Diagram, findings: list[Finding]) -> Procedure:
    process_id = diagram.process_id or None
    where = designation(diagram.name, diagram.process_id, Words("quy trình", "procedure"))
    found = Values(findings, process_id, where)
    stated = list(qt_children(process, "procedure"))
    if len(stated) > 1:
        found.report(REPEATED, tag="procedure", detail="")
    head = stated[0] if stated else etree.Element(qt("procedure"))
    lists = read_lists(head, found)
    elements = _elements(process)
    assignments, problems = read_assignments(process, diagram)
    findings.extend(problems)
    return Procedure(
        process_id=diagram.process_id,
        code=_code(head, diagram, found),
        name=_name(diagram, found),
        kind=found.choice(head, "kind", ProcedureKind.PUBLIC),
        field=head.get("field", "").strip(),
        levels=lists.levels,
        decision_no=head.get("decisionNo", "").strip() or None,
        decision_date=found.day(head, "decisionDate"),
        effective_from=found.day(head, "effectiveFrom"),
        day_count=found.choice(head, "dayCount", DayCount.EXACT),
        retention_years=_retention(head, found),
        complaint=found.boolean(head, "complaint", otherwise=False),
        supplement=lists.supplement,
        extensions_at_most=lists.extensions_at_most,
        cases=lists.cases or tuple(_alias_case(process, found)),
        components=lists.components,
        component_groups=lists.component_groups,
        fields=read_fields(head, found),
        steps=read_steps(elements, diagram, assignments, findings),
        outcomes=tuple(_outcomes(elements, diagram, findings)),
        legal_basis=lists.legal_basis,
        parts=lists.parts,
    )


def _elements(process: Element) -> dict[str, Element]:
    """Id -> element; of duplicates the first, as in the diagram."""
    elements: dict[str, Element] = {}
    for element, _ in flow_elements(process):
        elements.setdefault(element.get("id", ""), element)
    return elements


def _retention(head: Element, found: Values) -> int | None:
    """Whole years, 0 for ever; None where the procedure does not say."""
    if head.get("retentionYears") is None:
        return None
    return found.number(head, "retentionYears", otherwise=0, least=0)


def _code(head: Element, diagram: Diagram, found: Values) -> str:
    if code := head.get("code", "").strip():
        return code
    found.report(CODE)
    return diagram.process_id


def _name(diagram: Diagram, found: Values) -> str:
    if name := diagram.name.strip():
        return name
    found.report(NAME)
    return diagram.process_id


def _alias_case(process: Element, found: Values) -> Iterator[Case]:
    """The one case of a procedure whose total limit another tool's property states."""
    if (limit := read_alias(process, found)) is not None:
        yield Case("normal", "Thông thường", limit)


def _outcomes(
    elements: dict[str, Element], diagram: Diagram, findings: list[Finding]
) -> Iterator[Outcome]:
    for node in diagram.nodes:
        if node.kind is not NodeKind.END:
            continue
        found = Values(findings, node.id, node.words)
        for stated in qt_children(elements[node.id], "end"):
            if node.parent is not None:
                found.report(NESTED_END)
            elif code := found.text(stated, "outcome"):
                yield Outcome(
                    element_id=node.id,
                    code=code,
                    name=stated.get("name", "").strip() or node.name.strip() or code,
                    status=found.choice(stated, "status", NationalStatus.RETURNED),
                    favourable=found.boolean(stated, "favourable", otherwise=True),
                )
            break
