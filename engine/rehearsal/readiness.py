"""Whether a file can be run dry: as it is, with repairs, or not at all.

Gaps of law and office (limits, owners, codes) do not matter here, nor does whether it is sound:
that is what a rehearsal shows. What would lose meaning or cannot be run at all does.
"""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, replace

from engine.judging import judge, mend
from engine.rehearsal.rounds import go_round_twice, names_of_rounds
from engine.rehearsal.ways import asking, made_ours
from engine.runtime.specification import Specification
from processes.check import Checked, check
from processes.diagram import Diagram, EventKind
from processes.document import Document, bpmn
from processes.errors import InvalidInput
from processes.feel import compile_expression
from processes.finding import Finding, Severity
from processes.procedure import Procedure
from processes.repair import Repair, apply
from processes.rule import Rule
from processes.support import judge_support

_PREVENTING = (
    *("document.", "judging.", "file.", "support.", "qt-process-missing", "start-event-required"),
    *("qt-flow-dangling", "qt-flow-crosses", "qt-flow-direction", "no-duplicate-ids", "qt-id-"),
    *("qt-boundary-host", "qt-timer"),
)
_OF_CONDITIONS = ("qt-expression-", "conditional-flows", "qt-default-unknown")
_RUN_ALL_THE_SAME = ("support.process.",)  # the other pools take part, see `_others`
_NOT_RUNNABLE = Rule(
    "rehearsal.not-runnable",
    Severity.ERROR,
    "Không chạy thử được sơ đồ này ({reason}). Kiểm tra sơ đồ bằng lệnh check.",
    "This diagram cannot be run dry ({reason}). Look at what check says of it.",
)


@dataclass(frozen=True, slots=True)
class Part:
    """A process of the file that takes part. rounds: data that say how often things are done."""

    diagram: Diagram
    specification: Specification
    rounds: frozenset[str] = frozenset()

    @property
    def names(self) -> frozenset[str]:
        """The data that its conditions and rounds read."""
        texts = {
            flow.condition.strip().removeprefix("=")
            for flow in self.diagram.flows
            if flow.condition
        }
        return self.rounds.union(*(compile_expression(text).names for text in texts))


@dataclass(frozen=True, slots=True)
class Ready:
    """A file that can be run: the procedure, its parts (its own process first), repairs.

    invented: codes of fields that only a repair asks for.
    """

    procedure: Procedure
    parts: tuple[Part, ...]
    repaired: tuple[Repair, ...] = ()
    invented: frozenset[str] = frozenset()


def make_ready(data: bytes, *, ours: bool = False, killable: bool = False) -> Ready | Finding:
    """Read a file for rehearsals; a finding where it cannot be run.

    ours: decisions are made by the rehearsal, so that conditions need not be usable.
    killable: this process may be killed, so the file is judged in it.
    """
    judged, mended_by = (check, apply) if killable else (judge, mend)
    checked = judged(data)
    ready = _as_it_is(checked, ours)
    if isinstance(ready, Ready) or not checked.repairs:
        return ready
    try:
        mended, repairs = mended_by(data)
    except InvalidInput:
        return ready
    again = _as_it_is(judged(mended), ours)
    if isinstance(again, Finding):
        return ready
    invented = _codes(again.procedure) - (_codes(checked.procedure) if checked.procedure else set())
    return replace(again, repaired=repairs, invented=frozenset(invented))


def _codes(procedure: Procedure) -> set[str]:
    """Codes of all that people are asked for."""
    asked = (procedure.fields, *(step.fields for step in procedure.steps))
    return {field.code for fields in asked for field in fields}


def _as_it_is(checked: Checked, ours: bool) -> Ready | Finding:
    against = next(_preventing(checked.findings, ours), None)
    if against is not None:
        return against
    document, diagram, procedure = checked.document, checked.diagram, checked.procedure
    if document is None or diagram is None or procedure is None:
        return _NOT_RUNNABLE.at(None, reason="–")
    diagrams = (diagram, *_others(document, diagram))
    if ours:
        document = made_ours(document, diagrams)
        go_round_twice(document.root, _codes(procedure))
        diagrams = tuple(asking(each) for each in diagrams)
    own, *others = (_part(document, each) for each in diagrams)
    if isinstance(own, Finding):
        return own
    return Ready(procedure, (own, *(part for part in others if isinstance(part, Part))))


def _part(document: Document, diagram: Diagram) -> Part | Finding:
    try:
        specification = Specification.parse(document.root, diagram.process_id)
        return Part(diagram, specification, _rounds(document, diagram.process_id))
    except Exception as error:  # noqa: BLE001 - of what was not proved the library may say anything
        return _NOT_RUNNABLE.at(None, reason=type(error).__name__)


def _rounds(document: Document, process_id: str) -> frozenset[str]:
    processes = document.root.iter(bpmn("process"))
    own = next((each for each in processes if each.get("id") == process_id), None)
    return frozenset() if own is None else names_of_rounds(own)


def _preventing(findings: tuple[Finding, ...], ours: bool) -> Iterator[Finding]:
    rules = _PREVENTING if ours else (*_PREVENTING, *_OF_CONDITIONS)
    for finding in findings:
        against = finding.severity is Severity.ERROR and finding.rule.startswith(rules)
        if against and not finding.rule.startswith(_RUN_ALL_THE_SAME):
            yield finding


def _others(document: Document, diagram: Diagram) -> Iterator[Diagram]:
    """Pools that speak with the procedure's own process; what cannot be run is outside."""
    spoken = {end for flow in diagram.messages for end in (flow.source, flow.target)}
    called = {node.called for each in (diagram, *diagram.others) for node in each.nodes}
    signals = _signals(diagram)
    for other in diagram.others:
        speaks = any(node.id in spoken for node in other.nodes) or signals & _signals(other)
        if speaks and other.process_id not in called and _runs(document, other.process_id):
            yield other


def _signals(diagram: Diagram) -> set[str]:
    return {node.reference(EventKind.SIGNAL) for node in diagram.nodes} - {""}


def _runs(document: Document, process_id: str) -> bool:
    """Whether a process beside the procedure's own holds nothing that does not run."""
    alone = deepcopy(document.root)
    for process in alone.findall(bpmn("process")):
        if process.get("id") != process_id:
            alone.remove(process)
    findings = judge_support(replace(document, root=alone))
    return all(finding.severity is not Severity.ERROR for finding in findings)
