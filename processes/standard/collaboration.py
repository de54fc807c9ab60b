"""Collaborations: pools, their multiplicity, who they stand for, what correlates messages."""

from collections.abc import Iterator

from lxml.etree import _Element as Element

from processes.drawing import truth
from processes.finding import Finding, Severity
from processes.standard.constraint import Constraint
from processes.standard.model import Model

MINIMUM = Constraint(
    "std-participant-minimum",
    Severity.WARNING,
    "{pool}: số bên tối thiểu là “{value}”, phải là số nguyên từ 0. Sửa participantMultiplicity.",
    "{pool}: its minimum is '{value}', which is no whole number from 0. Correct the "
    "participantMultiplicity.",
    "9.3",
)
MAXIMUM = Constraint(
    "std-participant-maximum",
    Severity.WARNING,
    "{pool}: số bên tối đa là “{value}”, phải là số nguyên từ 1 và không nhỏ hơn tối thiểu. Sửa "
    "participantMultiplicity.",
    "{pool}: its maximum is '{value}', which has to be a whole number from 1 and not below the "
    "minimum. Correct the participantMultiplicity.",
    "9.3",
)
PARTNERS = Constraint(
    "std-participant-association",
    Severity.WARNING,
    "Một participantAssociation thiếu {missing}. Ghi đủ bể bên trong và bể bên ngoài.",
    "A participantAssociation has no {missing}. State both the inner and the outer pool.",
    "9.3",
)
CORRELATION = Constraint(
    "std-correlation-expression",
    Severity.WARNING,
    "Thuộc tính tương quan “{name}” không nói lấy giá trị ở đâu trong thông điệp. Thêm "
    "correlationPropertyRetrievalExpression.",
    "The correlation property '{name}' does not say where in a message its value is. Add a "
    "correlationPropertyRetrievalExpression.",
    "8.4.2",
)
CLOSED = Constraint(
    "std-process-closed",
    Severity.WARNING,
    "{node} khai báo là khép kín (isClosed) nhưng {flow} nối nó với bên ngoài. Bỏ isClosed.",
    "{node} is declared closed (isClosed), yet {flow} joins it with the outside. Remove isClosed.",
    "10.2",
)
OPERATION = Constraint(
    "std-operation-message",
    Severity.WARNING,
    "Thao tác dịch vụ “{name}” chưa có thông điệp vào (inMessageRef). Ghi thông điệp.",
    "The operation '{name}' has no incoming message (inMessageRef). State it.",
    "8.4.4",
)
RULES = (MINIMUM, MAXIMUM, PARTNERS, CORRELATION, CLOSED, OPERATION)

_DIGITS = 18


def judge_collaboration(model: Model) -> Iterator[Finding]:
    """Findings about participants and correlation (8.4.2, 9.3)."""
    for multiplicity in model.of("participantMultiplicity"):
        yield from _multiplicity(model, multiplicity)
    for association in model.of("participantAssociation"):
        for missing in ("innerParticipantRef", "outerParticipantRef"):
            if not model.children(association, missing):
                yield PARTNERS.at(model.id_of(association), missing=missing)
    for correlated in model.of("correlationProperty"):
        if not model.children(correlated, "correlationPropertyRetrievalExpression"):
            name = correlated.get("name") or correlated.get("id") or "–"
            yield CORRELATION.at(model.id_of(correlated), name=name)
    for operation in model.of("operation"):
        if not model.children(operation, "inMessageRef"):
            name = operation.get("name") or operation.get("id") or "–"
            yield OPERATION.at(model.id_of(operation), name=name)
    if any(truth(process.get("isClosed")) for process in model.of("process")):
        yield from _closed(model)


def _multiplicity(model: Model, multiplicity: Element) -> Iterator[Finding]:
    pool = model.parent[multiplicity]
    where, words = model.id_of(pool), model.words(pool)
    minimum = _whole(multiplicity.get("minimum", "0"))
    maximum = _whole(multiplicity.get("maximum", "1"))
    if minimum is None:
        yield MINIMUM.at(where, pool=words, value=multiplicity.get("minimum"))
    # the default maximum, 1, is raised by a larger minimum
    stated = multiplicity.get("maximum") is not None
    if maximum is None or maximum < 1 or (stated and maximum < (minimum or 0)):
        yield MAXIMUM.at(where, pool=words, value=multiplicity.get("maximum"))


def _whole(text: str) -> int | None:
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _DIGITS else None


def _closed(model: Model) -> Iterator[Finding]:
    for flow in model.of("messageFlow"):
        for side in ("sourceRef", "targetRef"):
            end = model.resolve(flow.get(side, ""))
            process = model.process_of(end) if end is not None else None
            if process is not None and truth(process.get("isClosed")):
                facts = {"node": model.words(process), "flow": model.words(flow)}
                yield CLOSED.at(model.id_of(flow), **facts)
