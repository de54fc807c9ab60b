"""The steps of a procedure: activities that a person completes, in reading order."""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import time

from lxml.etree import _Element as Element

from processes.diagram import Diagram, Node
from processes.document import bpmn, qt, qt_children
from processes.finding import Finding, Severity
from processes.reader.aliases import alias_limits, parse_alias
from processes.reader.data_fields import read_fields
from processes.reader.positions import step_assignment
from processes.reader.values import LIMIT, REPEATED, VALUE, Values
from processes.rule import Rule, Words
from processes.step import Assignment, ClockKind, NationalStatus, OnTimeout, Signature, StepSpec
from processes.time_limit import InvalidTimeLimit, TimeLimit

ALIAS = Rule(
    "qt-alias",
    Severity.INFO,
    "{where}: thời hạn {limit} được đọc từ thuộc tính của công cụ {source}.",
    "{where}: the limit {limit} was read from a property of {source}.",
)
RULES = (ALIAS,)


def read_steps(
    elements: Mapping[str, Element],
    diagram: Diagram,
    assignments: Mapping[str, Assignment],
    findings: list[Finding],
) -> tuple[StepSpec, ...]:
    """Every step of the diagram, numbered from 1 as a breadth-first walk meets them."""
    ordered = [node for node in reading_order(diagram) if node.is_step]
    return tuple(
        _step(node, number, elements[node.id], assignments.get(node.lane or ""), findings)
        for number, node in enumerate(ordered, start=1)
    )


def reading_order(diagram: Diagram) -> Iterator[Node]:
    """Nodes breadth first from the start; what cannot be reached comes last, as in the file."""
    successors = diagram.graph.successors
    met: dict[str, None] = {}
    queue = deque(start.id for start in diagram.starts())
    rest = deque(node.id for node in diagram.nodes)
    while queue or rest:
        vertex = queue.popleft() if queue else rest.popleft()
        if vertex not in met:
            met[vertex] = None
            queue.extend(successors[vertex])
    yield from (diagram.by_id[vertex] for vertex in met if vertex in diagram.by_id)


def _step(
    node: Node, order: int, element: Element, lane: Assignment | None, findings: list[Finding]
) -> StepSpec:
    values = Values(findings, node.id, node.words)
    stated = list(qt_children(element, "step"))
    if len(stated) > 1:
        values.report(REPEATED, tag="step", detail="")
    plain = StepSpec(
        element_id=node.id,
        name=node.name.strip(),
        order=order,
        assignment=step_assignment(node, element, lane, findings),
        documentation=_documentation(element),
    )
    step = _stated_step(plain, stated[0], values) if stated else plain
    return step if step.limits else replace(step, limits=_alias(element, values))


def _stated_step(plain: StepSpec, stated: Element, values: Values) -> StepSpec:
    """The step with what its qt:step says."""
    return replace(
        plain,
        limits=_limits(stated, values),
        cutoff=_cutoff(stated, values),
        on_timeout=values.choice(stated, "onTimeout", OnTimeout.ESCALATE),
        clock=values.choice(stated, "clock", ClockKind.RUNS),
        status=values.choice(stated, "status", NationalStatus.PROCESSING),
        signature=values.choice(stated, "signature", Signature.NONE),
        signs=tuple(dict.fromkeys(stated.get("signs", "").split())),
        requires=_requires(stated, values),
        produces=tuple(_produces(stated, values)),
        fields=read_fields(stated, values),
        not_same_as=tuple(dict.fromkeys(stated.get("notSameAs", "").split())),
        legal_basis=stated.get("legalBasis", "").strip() or None,
    )


def _limits(stated: Element, values: Values) -> dict[str, TimeLimit]:
    limits: dict[str, TimeLimit] = {}
    for element in stated.iterchildren(qt("limit")):
        case = element.get("case", "").strip()
        if case in limits:
            detail = Words(f" cho trường hợp “{case}”", f" for case '{case}'") if case else ""
            values.report(REPEATED, tag="limit", detail=detail)
        elif (limit := values.limit(element)) is not None:
            limits[case] = limit
    return limits


def _cutoff(stated: Element, values: Values) -> time | None:
    """The one cutoff of the step, on whichever of its limits it stands."""
    found = {values.clock_time(e, "cutoff"): e for e in stated.iterchildren(qt("limit"))}
    found.pop(None, None)
    if len(found) > 1:
        expected = Words("một mốc giờ chung cho cả bước", "one time for the whole step")
        element = list(found.values())[1]
        cutoff = element.get("cutoff", "")
        values.report(VALUE, tag="limit", attribute="cutoff", value=cutoff, expected=expected)
    return next(iter(found), None)


def _requires(stated: Element, values: Values) -> tuple[str, ...]:
    codes = (values.text(element, "component") for element in stated.iterchildren(qt("requires")))
    return tuple(dict.fromkeys(code for code in codes if code))


def _produces(stated: Element, values: Values) -> Iterator[tuple[str, str]]:
    for element in stated.iterchildren(qt("produces")):
        if code := values.text(element, "code"):
            yield code, element.get("name", "").strip() or code


def _alias(element: Element, values: Values) -> dict[str, TimeLimit]:
    limit = read_alias(element, values)
    return {} if limit is None else {"": limit}


def read_alias(element: Element, values: Values) -> TimeLimit | None:
    """The limit that another tool's property states, None where there is none we can count."""
    for source, text in alias_limits(element):
        try:
            limit = parse_alias(text)
        except InvalidTimeLimit as problem:
            values.report(LIMIT, problem=Words(problem.message("vi"), problem.message("en")))
            continue
        words = Words(limit.format("vi"), limit.format("en"))
        values.report(ALIAS, limit=words, source=source)
        return limit
    return None


def _documentation(element: Element) -> str:
    texts = ("".join(d.itertext()).strip() for d in element.iterchildren(bpmn("documentation")))
    return "\n".join(text for text in texts if text)
