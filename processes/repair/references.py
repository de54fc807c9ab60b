"""Flows that point to nothing, and references that other tools spell with a prefix."""

from collections import Counter
from collections.abc import Iterator
from functools import partial

from lxml.etree import _Element as Element

from processes.document import BPMN, bpmn, local_name
from processes.drawing import flow_elements
from processes.repair.repair import Change, Kind
from processes.repair.wording import words_of
from processes.repair.workpiece import Workpiece

SPELLING = Kind(
    "reference.spelling",
    "{what}: thuộc tính {attribute} ghi “{before}”, không khớp mã của phần tử nào. Ghi lại đúng "
    "mã của phần tử được nhắc tới.",
    "{what}: the attribute {attribute} says '{before}', which is no element's id. It is "
    "spelt as the element's id.",
    answers=(
        "qt-flow-dangling",
        "qt-boundary-host",
        "qt-default-unknown",
    ),
)
RESTORED = Kind(
    "flow.restored",
    "{flow} thiếu một đầu, nhưng phần tử {node} có ghi luồng này. Nối lại theo đó.",
    "{flow} lacks an end, but {node} lists it. It is connected accordingly.",
    answers=("qt-flow-dangling",),
)
DANGLING = Kind(
    "flow.dangling",
    "{flow} chỉ tới phần tử không có trong quy trình ({missing}). Bỏ luồng này; nếu cần, vẽ lại "
    "luồng tới đúng bước.",
    "{flow} points to something that is not in the process ({missing}). It is removed; draw it "
    "again where it should lead.",
    answers=("qt-flow-dangling",),
)
DEFAULT = Kind(
    "reference.default",
    "Luồng mặc định “{default}” của {node} không ra từ phần tử này, nên không có tác dụng. Bỏ ghi "
    "nhận đó.",
    "The default flow '{default}' of {node} does not leave it, so it means nothing. It is "
    "taken out.",
    answers=("qt-default-unknown",),
)
LISTED = Kind(
    "flow.relisted",
    "{node} ghi {flow} là luồng {before}, nhưng luồng đó nối chỗ khác. Bỏ ghi nhận đó, luồng giữ "
    "nguyên.",
    "{node} lists {flow} as {before}, but that flow is connected elsewhere. The mention is taken "
    "out, the flow stays.",
    answers=("std-listed-flow-contradicts",),
)
REMOVED = Kind(
    "reference.removed",
    "{what}: {attribute}=“{before}” không trỏ tới phần tử phù hợp nào trong tệp. Bỏ tham chiếu.",
    "{what}: {attribute}='{before}' names no fitting element of the file. The reference is taken "
    "out.",
    answers=(
        *("std-ref-message", "std-ref-error", "std-ref-escalation", "std-ref-signal"),
        *("std-ref-compensation", "std-ref-task-message", "std-ref-data-object"),
        *("std-ref-participant-process", "std-ref-called-element"),
    ),
)
KINDS = (SPELLING, RESTORED, DANGLING, DEFAULT, LISTED, REMOVED)

_POINTING = {
    **{f"{kind}Ref": kind for kind in ("message", "error", "escalation", "signal")},
    "dataObjectRef": "dataObject",
    "processRef": "process",
    **dict.fromkeys(("activityRef", "calledElement"), ""),
}
"""Attribute -> the kind of element it names, "" for several."""


def mend_references(piece: Workpiece) -> Iterator[Change]:
    """References to elements that exist; flows with two ends."""
    yield from _prefixes(piece)
    piece.changed_outside()
    yield from _ends(piece)
    piece.changed_outside()
    yield from _defaults(piece)
    yield from _listings(piece)
    yield from _pointing(piece)


def _prefixes(piece: Workpiece) -> Iterator[Change]:
    process = piece.process
    if process is None:
        return
    known = {e.get("id", "") for e, _ in flow_elements(process)} - {""}
    for element, _ in list(flow_elements(process)):
        for attribute in ("sourceRef", "targetRef", "attachedToRef", "default"):
            stated = element.get(attribute, "")
            spelt = stated.strip().rpartition(":")[2]
            if stated and stated not in known and spelt in known:
                repair = SPELLING.of(
                    element.get("id"),
                    f'{attribute}="{stated}"',
                    f'{attribute}="{spelt}"',
                    attribute,
                    what=words_of(element),
                    attribute=attribute,
                )
                yield Change(repair, partial(element.set, attribute, spelt))


def _ends(piece: Workpiece) -> Iterator[Change]:
    listed: dict[tuple[str, str], str] = {}
    for node_id, node in piece.nodes.items():
        for tag, end in (("outgoing", "sourceRef"), ("incoming", "targetRef")):
            for stated in node.iterchildren(bpmn(tag)):
                listed[(stated.text or "").strip(), end] = node_id
    process = piece.process
    for flow, _ in list(flow_elements(process)) if process is not None else ():
        if local_name(flow) == "sequenceFlow":
            yield from _flow(piece, flow, listed)


def _flow(piece: Workpiece, flow: Element, listed: dict[tuple[str, str], str]) -> Iterator[Change]:
    lacking = [end for end in ("sourceRef", "targetRef") if flow.get(end, "") not in piece.nodes]
    if not lacking:
        return
    flow_id = flow.get("id", "")
    if flow_id and all((flow_id, end) in listed for end in lacking):
        for end in lacking:
            node_id = listed[flow_id, end]
            repair = RESTORED.of(
                flow_id,
                f'{end}="{flow.get(end, "")}"',
                f'{end}="{node_id}"',
                end,
                flow=words_of(flow),
                node=words_of(piece.nodes[node_id]),
            )
            yield Change(repair, partial(flow.set, end, node_id))
        return
    missing = flow.get(lacking[0], "") or "–"
    before = f"{flow.get('sourceRef', '–')} → {flow.get('targetRef', '–')}"
    key = "" if flow_id else before
    repair = DANGLING.of(flow_id or None, before, "–", key, flow=words_of(flow), missing=missing)
    yield Change(repair, lambda: piece.remove_flow(flow))


def _defaults(piece: Workpiece) -> Iterator[Change]:
    for node in list(piece.nodes.values()):
        default = node.get("default", "")
        left = {flow.get("id") for flow in piece.leaving(node.get("id", ""))}
        if default and default not in left:
            repair = DEFAULT.of(
                node.get("id"), f'default="{default}"', "–", node=words_of(node), default=default
            )
            yield Change(repair, partial(node.attrib.pop, "default", None))


def _listings(piece: Workpiece) -> Iterator[Change]:
    """Nodes that name flows of others as their own."""
    flows = {flow.get("id"): flow for flow in piece.flows}
    for node_id, node in list(piece.nodes.items()):
        for tag, end in (("outgoing", "sourceRef"), ("incoming", "targetRef")):
            for stated in list(node.iterchildren(bpmn(tag))):
                text = (stated.text or "").strip()
                flow = flows.get(text.rpartition(":")[2])
                if flow is not None and flow.get(end) != node_id:
                    facts = {"node": words_of(node), "flow": words_of(flow)}
                    repair = LISTED.of(node_id, tag, "–", f"{tag} {text}", **facts)
                    yield Change(repair, partial(node.remove, stated))


def _pointing(piece: Workpiece) -> Iterator[Change]:
    """References to nothing, in elements that are complained of and their parts."""
    ids = {each.get("id") for each in piece.root.iter()}
    met: Counter[tuple[str, str]] = Counter()
    for element in list(piece.root.iter(f"{{{BPMN}}}*")):
        around = element.getparent()
        owners = (element, around) if around is not None else (element,)
        if not any(_is_accused(piece, owner) for owner in owners):
            continue
        for attribute in _POINTING:
            stated = element.get(attribute, "")
            if stated and stated.strip().rpartition(":")[2] not in ids:
                owner = element if element.get("id") else owners[-1]
                met[owner.get("id", ""), attribute] += 1  # several may have one id
                key = f"{attribute} {met[owner.get('id', ''), attribute]}"
                facts = {"what": words_of(owner), "attribute": attribute}
                repair = REMOVED.of(owner.get("id"), stated, "–", key, **facts)
                yield Change(repair, partial(element.attrib.pop, attribute, None))


def _is_accused(piece: Workpiece, element: Element) -> bool:
    return bool(element.get("id")) and piece.complaints.at(element.get("id"), REMOVED.answers)
