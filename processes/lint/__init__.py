"""Rules of good drawing and of the office; names as in bpmnlint where it has the rule."""

from collections.abc import Iterator

from processes.diagram import Diagram
from processes.document import Document
from processes.finding import Finding
from processes.lint import (
    components,
    conditions,
    expressions,
    fields,
    ids,
    outcomes,
    publication,
    reception,
    statuses,
    steps,
    structure,
    walks,
)
from processes.lint.components import judge_components
from processes.lint.conditions import judge_conditions
from processes.lint.expressions import Expressions
from processes.lint.fields import judge_fields
from processes.lint.ids import judge_ids
from processes.lint.outcomes import judge_outcomes
from processes.lint.publication import judge_publication
from processes.lint.reception import judge_reception
from processes.lint.statuses import judge_statuses
from processes.lint.steps import judge_steps
from processes.lint.structure import judge_structure
from processes.lint.walks import judge_walks
from processes.procedure import Procedure
from processes.support.instances import names_of_instances

__all__ = ["RULES", "lint"]

RULES = (
    *(*ids.RULES, *structure.RULES, *walks.RULES, *expressions.RULES, *conditions.RULES),
    *(*steps.RULES, *components.RULES, *fields.RULES, *statuses.RULES, *publication.RULES),
    *outcomes.RULES,
    *reception.RULES,
)


def lint(document: Document, diagram: Diagram, procedure: Procedure) -> Iterator[Finding]:
    """Everything the rules have to say, the drawing first, then what the drawing says."""
    yield from judge_ids(document)
    yield from judge_structure(diagram)
    yield from judge_walks(diagram)
    yield from judge_reception(diagram)
    known = Expressions(procedure, names_of_instances(document))
    too_long = tuple(known.judge_length(procedure, diagram))
    yield from too_long
    if not too_long:
        yield from judge_conditions(procedure, diagram, known)
        yield from judge_components(procedure, known)
    yield from judge_fields(procedure)
    yield from judge_steps(procedure, diagram)
    yield from judge_statuses(procedure, diagram)
    yield from judge_outcomes(procedure, diagram)
    yield from judge_publication(procedure)
