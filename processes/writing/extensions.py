"""The `qt` elements of a procedure, a step, a lane and an end event, from the frozen values."""

from collections.abc import Iterable
from datetime import date, time

from lxml.etree import _Element

from processes.component import Component, Requirement
from processes.data_field import DataField, FieldType
from processes.document import bpmn, qt
from processes.layout.names import add_element
from processes.procedure import DayCount, Outcome, Procedure, ProcedureKind, Supplement
from processes.step import Assignment, ClockKind, OnTimeout, Signature, StepSpec
from processes.time_limit import TimeLimit
from processes.writing.plan import clean


def put(parent: _Element, tag: str, **attributes: str | None) -> _Element:
    """Append an element; attributes that are None are left out."""
    stated = {name.rstrip("_"): clean(v) for name, v in attributes.items() if v is not None}
    return add_element(parent, tag, stated)


def say(parent: _Element, tag: str, text: str) -> None:
    """Append an element that holds a text."""
    put(parent, tag).text = clean(text)


def extensions(owner: _Element) -> _Element:
    """The extensionElements of a BPMN element, made where missing."""
    found = owner.find(bpmn("extensionElements"))
    return put(owner, bpmn("extensionElements")) if found is None else found


def put_procedure(process: _Element, procedure: Procedure) -> None:
    """The `qt:procedure`: what the reader would take for granted is not written."""
    stated = put(
        extensions(process),
        qt("procedure"),
        code=procedure.code,
        kind=procedure.kind.value if procedure.kind is not ProcedureKind.PUBLIC else None,
        field=procedure.field or None,
        levels=" ".join(procedure.levels) or None,
        decisionNo=procedure.decision_no,
        decisionDate=_iso(procedure.decision_date),
        effectiveFrom=_iso(procedure.effective_from),
        dayCount=procedure.day_count.value if procedure.day_count is not DayCount.EXACT else None,
        retentionYears=None
        if procedure.retention_years is None
        else str(procedure.retention_years),
        complaint="true" if procedure.complaint else None,
    )
    for case in procedure.cases:
        made = put(stated, qt("case"), code=case.code, name=case.name, legalBasis=case.legal_basis)
        if case.limit is not None:
            put_limit(made, case.limit)
    _put_rules(stated, procedure)
    for group in procedure.component_groups:
        made = put(stated, qt("componentGroup"), code=group.code, name=group.name)
        made.set("rule", group.rule.value)
        made.set("atLeast", str(group.at_least))
    for component in procedure.components:
        _put_component(stated, component)
    put_fields(stated, procedure.fields)
    for basis in procedure.legal_basis:
        put(
            stated,
            qt("legalBasis"),
            reference=basis.reference,
            article=basis.article or None,
            title=basis.title or None,
        )
    for kind, text in procedure.parts:
        put(stated, qt("part"), kind=kind).text = clean(text)


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _put_rules(stated: _Element, procedure: Procedure) -> None:
    supplement = procedure.supplement
    if supplement != Supplement():
        made = put(stated, qt("supplement"), policy=supplement.policy.value)
        made.set("atMost", str(supplement.at_most))
        if supplement.within is not None:
            put_limit(made, supplement.within)
    if procedure.extensions_at_most != 1:
        put(stated, qt("extension"), atMost=str(procedure.extensions_at_most))


def _put_component(stated: _Element, component: Component) -> None:
    required = component.requirement
    made = put(
        stated,
        qt("component"),
        code=component.code,
        name=component.name,
        required=required.value if required is not Requirement.REQUIRED or component.when else None,
        when=component.when,
        group=component.group,
        presentOnly="true" if component.present_only else None,
        reusable=component.reusable_source,
        legalBasis=component.legal_basis,
        accepts=" ".join(component.accepts) or None,
    )
    for copies in component.copies:
        put(made, qt("copies"), form=copies.form.value, number=str(copies.number))


def put_limit(
    owner: _Element, limit: TimeLimit, case: str | None = None, cutoff: time | None = None
) -> None:
    """A `qt:limit`, with a decimal point whatever the language."""
    put(
        owner,
        qt("limit"),
        amount=f"{limit.amount.normalize():f}",
        unit=limit.unit.value,
        case=case or None,
        cutoff=f"{cutoff:%H:%M}" if cutoff else None,
    )


def put_fields(owner: _Element, fields: Iterable[DataField]) -> None:
    for field in fields:
        made = put(
            owner,
            qt("field"),
            code=field.code,
            name=field.name,
            type=field.type.value if field.type is not FieldType.TEXT else None,
            required="true" if field.required else None,
            default=field.default,
        )
        for option in field.options:
            put(made, qt("option"), value=option.value, name=option.name)


def put_step(task: _Element, step: StepSpec) -> None:
    """The `qt:step`; its status is always written, because people look for it."""
    stated = put(
        extensions(task),
        qt("step"),
        status=step.status.value,
        clock=step.clock.value if step.clock is not ClockKind.RUNS else None,
        onTimeout=step.on_timeout.value if step.on_timeout is not OnTimeout.ESCALATE else None,
        signature=step.signature.value if step.signature is not Signature.NONE else None,
        signs=" ".join(step.signs) or None,
        notSameAs=" ".join(step.not_same_as) or None,
        legalBasis=step.legal_basis,
    )
    for case, limit in step.limits.items():
        put_limit(stated, limit, case, step.cutoff)
    for code in step.requires:
        put(stated, qt("requires"), component=code)
    for code, name in step.produces:
        put(stated, qt("produces"), code=code, name=name)
    put_fields(stated, step.fields)


def put_assignment(lane: _Element, assignment: Assignment) -> None:
    put(
        extensions(lane),
        qt("assignment"),
        position=assignment.position,
        unit=assignment.unit,
    )


def put_outcome(end: _Element, outcome: Outcome) -> None:
    put(
        extensions(end),
        qt("end"),
        outcome=outcome.code,
        name=outcome.name,
        status=outcome.status.value,
        favourable="true" if outcome.favourable else "false",
    )
