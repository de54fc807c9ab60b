"""One problem, one finding: what soundness shows with a walk, lint does not say again.

Lint sees a loop without an exit, or one in which nobody acts, from how the drawing hangs together;
soundness plays it. The walk explains more. Where a repair answers to lint's words at that element,
these stay, so that the repair has something to answer to.
"""

from collections.abc import Collection, Mapping

from processes.diagram import Diagram, at
from processes.finding import Finding
from processes.lint.walks import NO_WAY_OUT, RUNAWAY, UNREACHABLE
from processes.repair import KINDS, Repair
from processes.soundness import Proof
from processes.soundness.rules import DEAD_STEP, ENDLESS_LOOP

_ANSWERS = {kind.code: kind.answers for kind in KINDS}


def said_once(
    findings: Collection[Finding],
    proof: Proof | None,
    diagram: Diagram | None,
    repairs: Collection[Repair],
) -> tuple[Finding, ...]:
    """The findings, less those that another one says better."""
    if proof is None or diagram is None:
        return tuple(findings)
    answered = {(answer, r.element) for r in repairs for answer in _ANSWERS.get(r.kind, ())}
    unreached = {found.element for found in findings if found.rule == UNREACHABLE.code}
    runaway = _rounds(proof)
    no_way_out = {at(v) for v in diagram.graph.reversed().reachable(filter(None, runaway))}
    said: Mapping[str, Collection[str | None]] = {
        RUNAWAY.code: runaway,
        NO_WAY_OUT.code: no_way_out,
        DEAD_STEP.code: unreached,
    }
    return tuple(
        found
        for found in findings
        if (found.rule, found.element) in answered or found.element not in said.get(found.rule, ())
    )


def _rounds(proof: Proof) -> set[str | None]:
    """Elements of the loops that are shown to go round for ever."""
    return {
        move.element
        for flaw in proof.findings
        if flaw.rule == ENDLESS_LOOP.code
        for move in flaw.walk[len(flaw.walk) - flaw.again :]
    }
