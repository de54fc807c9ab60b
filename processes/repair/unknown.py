"""Elements of the BPMN namespace that no part of the standard or nobody here knows: taken out."""

from collections.abc import Iterator
from functools import partial

from processes.document import BPMN, FLOW_NODES, local_name
from processes.drawing import flow_elements
from processes.repair.repair import Change, Kind
from processes.repair.wording import shown, words_of
from processes.repair.workpiece import Workpiece
from processes.support import CONSTRUCTS, Verdict, judge_support

UNKNOWN = Kind(
    "element.unknown",
    "{owner} có phần tử {tag} mà hệ thống không biết. Bỏ phần tử này.",
    "{owner} holds a {tag}, which is not known here. It is taken out.",
    answers=("support.unknown",),
)
KINDS = (UNKNOWN,)

_KNOWN = frozenset(
    {"incoming", "outgoing", "script", "text", "completionCondition", "conditionExpression"}
    | {"dataInput", "dataOutput", "inputSet", "outputSet", "eventDefinitionRef"}
    | {"laneSet", "correlationSubscription", "supports", "ioBinding", "rendering"}
    | {"standardLoopCharacteristics", "multiInstanceLoopCharacteristics", "activationCondition"}
)
"""Parts of nodes that are no constructs of their own (`processes.support.judging`)."""


def take_out_unknown(piece: Workpiece) -> Iterator[Change]:
    """Parts that the table of constructs does not know, where it complains of any."""
    process = piece.process
    if process is None or not any(
        f.rule == "support.unknown" for f in judge_support(piece.document)
    ):
        return
    owners = [process, *(e for e, _ in flow_elements(process))]
    for owner in owners:
        for number, child in enumerate(list(owner.iterchildren(f"{{{BPMN}}}*"))):
            name = local_name(child)
            if _is_unknown(name) and child.getparent() is owner:
                repair = UNKNOWN.of(
                    owner.get("id") or None, f"{shown(owner)}: {name}", "–", f"{name} {number}",
                    owner=words_of(owner), tag=name,
                )  # fmt: skip
                yield Change(repair, partial(piece.drop, child, owner))


def _is_unknown(name: str) -> bool:
    node = name in FLOW_NODES or name == "sequenceFlow"
    return (
        not node
        and name not in _KNOWN
        and not name.endswith("EventDefinition")
        and _is_refused(name)
    )


def _is_refused(name: str) -> bool:
    """Whether the table of constructs refuses it; what the table does not know is refused."""
    construct = CONSTRUCTS.get(name)
    return construct is None or construct.verdict is Verdict.REFUSED
