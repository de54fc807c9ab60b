"""The file under repair: a copy of its tree, with the ways to find and to change things in it.

Repairers change the model through these methods only, so that flows, lanes, references and drawing
stay in step. What other tools wrote in their own namespaces is never dropped: it moves to the
nearest element that stays.
"""

from collections.abc import Iterable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field, replace

from lxml.etree import _Element as Element

from processes.diagram import SUB_PROCESSES
from processes.document import (
    BPMN,
    FLOW_NODES,
    MAX_FLOW_NODES,
    MAX_SEQUENCE_FLOWS,
    Document,
    bpmn,
    local_name,
    qt,
)
from processes.drawing import flow_elements, running_process
from processes.errors import InvalidInput
from processes.finding import Finding
from processes.judging import is_certain, judge_drawing
from processes.layout.names import BPMNDI, add_element
from processes.repair.complaints import Complaints
from processes.repair.keeping import XSI, bequeath, insert_in_order, say

_SHAPES = (f"{{{BPMNDI}}}BPMNShape", f"{{{BPMNDI}}}BPMNEdge")
_ID_CHARS = 60


class TooManyRepairs(InvalidInput):
    """Repaired, the file would be larger than any file that is read."""

    code = "repair.too_many"
    vi = "Sửa xong thì sơ đồ quá lớn ({count} phần tử, tối đa {limit}). Tách thành nhiều quy trình."
    en = "Repaired, the diagram would be too large ({count}, at most {limit}). Split the procedure."


@dataclass(slots=True)
class _Index:
    """The running process's nodes and the flows that connect them, in the file's order."""

    nodes: dict[str, Element] = field(default_factory=dict)
    flows: dict[Element, None] = field(default_factory=dict)
    out: dict[str, list[Element]] = field(default_factory=dict)
    into: dict[str, list[Element]] = field(default_factory=dict)


class Workpiece:
    """A copy of a document's tree.

    file_name: the uploaded file's, for a procedure that has no name of its own. first_codes: codes
    of the fields that its designers declared. redrawn: ids of nodes and flows whose shape no
    longer fits. draw_all, draw_rest: whether the file shall be drawn anew, or what it did not draw
    be drawn too. numbered: the elements of the original, copied, with their place in its order.
    complaints: what the check said when it was last asked.
    size: about how many elements there are; copies count.
    """

    def __init__(self, document: Document, file_name: str = "") -> None:
        self.original = document
        self.root = deepcopy(document.root)
        self.document = replace(document, root=self.root)
        self.numbered = {e: number for number, e in enumerate(self.root.iter("{*}*"))}
        self.file_name = file_name
        self.size = len(self.numbered)
        self.redrawn: set[str] = set()
        self.draw_all = self.draw_rest = False
        codes = (field.get("code", "").strip() for field in document.root.iter(qt("field")))
        self.first_codes = frozenset(codes) - {""}
        named = document.root.iter(bpmn("incoming"), bpmn("outgoing"))
        self._lists_flows = next(named, None) is not None
        self.complaints = Complaints()
        self._index: _Index | None = None
        self._ids: set[str] | None = None
        self._lanes: dict[str, list[Element]] | None = None
        self._links: dict[str, list[tuple[Element, str]]] | None = None
        self._shapes: dict[str, list[Element]] | None = None

    # finding

    def listen(self, findings: Iterable[Finding] | None = None) -> None:
        """Ask what the check says of the file as it stands now, where nobody has asked yet."""
        found = tuple(judge_drawing(self.document).findings if findings is None else findings)
        self.complaints = Complaints(found)
        self.is_certain = is_certain(found)

    def refuses(self, element: Element, *codes: str) -> bool:
        """Whether the table of constructs refuses the element under one of these codes."""
        rules = [f"support.{code}" for code in codes]
        return self.complaints.at(element.get("id") or None, rules)

    @property
    def process(self) -> Element | None:
        """The process that runs."""
        return running_process(self.document)

    @property
    def nodes(self) -> dict[str, Element]:
        """Id -> flow node of the process that runs and of its sub-processes; don't change it."""
        return self._indexed().nodes

    @property
    def flows(self) -> list[Element]:
        """Sequence flows whose two ends exist."""
        return list(self._indexed().flows)

    def leaving(self, node_id: str) -> list[Element]:
        return list(self._indexed().out.get(node_id, ()))

    def entering(self, node_id: str) -> list[Element]:
        return list(self._indexed().into.get(node_id, ()))

    def of_kind(self, *kinds: str) -> Iterator[Element]:
        """The nodes of these kinds, as they are now."""
        return iter([node for node in self.nodes.values() if local_name(node) in kinds])

    def containers(self) -> list[Element]:
        """The process and its sub-processes, outer ones first."""
        process = self.process
        inner = (n for n in self.nodes.values() if local_name(n) in SUB_PROCESSES)
        return [] if process is None else [process, *inner]

    def inside(self, container: Element) -> list[Element]:
        """The nodes that stand directly in a container."""
        nodes = self.nodes
        return [
            child
            for child in container.iterchildren(f"{{{BPMN}}}*")
            if local_name(child) in FLOW_NODES and nodes.get(child.get("id", "")) is child
        ]

    def attached(self, node_id: str) -> list[Element]:
        """The boundary events on an activity."""
        return [e for e in self.of_kind("boundaryEvent") if e.get("attachedToRef") == node_id]

    def source(self, flow: Element) -> Element:
        return self.nodes[flow.get("sourceRef", "")]

    def target(self, flow: Element) -> Element:
        return self.nodes[flow.get("targetRef", "")]

    def lane_of(self, node_id: str) -> Element | None:
        """The innermost lane that names the node."""
        references = self.lane_references(node_id)
        return references[-1].getparent() if references else None

    def lane_references(self, node_id: str) -> list[Element]:
        """Where lanes name the node; outer lanes come first."""
        if self._lanes is None:
            self._lanes = {}
            process = self.process
            for reference in () if process is None else process.iter(bpmn("flowNodeRef")):
                self._lanes.setdefault((reference.text or "").strip(), []).append(reference)
        return self._lanes.setdefault(node_id, [])

    def shapes(self, element_id: str) -> list[Element]:
        """The shapes and edges that draw an element."""
        if self._shapes is None:
            self._shapes = {}
            for shape in self.root.iter(*_SHAPES):
                drawn = shape.get("bpmnElement", "").rpartition(":")[2]
                self._shapes.setdefault(drawn, []).append(shape)
        return self._shapes.get(element_id, [])

    def forget_shapes(self) -> None:
        """Shapes were added past these methods."""
        self._shapes = None

    def new_id(self, wanted: str) -> str:
        """An id that nothing in the file has, made of the wanted one."""
        if self._ids is None:
            self._ids = {str(value) for value in self.root.xpath("//@id")}
        base = wanted[:_ID_CHARS]
        name, number = base, 1
        while name in self._ids:
            number += 1
            name = f"{base}_{number}"
        self._ids.add(name)
        return name

    def changed_outside(self) -> None:
        """Something was changed past these methods: look everything up again."""
        self._index = self._ids = self._lanes = self._links = self._shapes = None

    # changing nodes

    def add_node(
        self, kind: str, wanted_id: str, name: str, near: Element, container: Element | None = None
    ) -> Element:
        """A new node behind `near` in the file, in its lane; or at the end of another container."""
        if len(self.nodes) >= MAX_FLOW_NODES:
            raise TooManyRepairs(count=len(self.nodes) + 1, limit=MAX_FLOW_NODES)
        around = near.getparent() if container is None else container
        assert around is not None  # nodes stand in a process
        node = add_element(around, bpmn(kind), {"id": self.new_id(wanted_id)})
        if name:
            node.set("name", name)
        if container is None:
            near.addnext(node)
        self.nodes[node.get("id", "")] = node
        if (lane := self.lane_of(near.get("id", ""))) is not None:
            self.put_into_lane(node, lane)
        return node

    def put_into_lane(self, node: Element, lane: Element) -> None:
        references = self.lane_references(node.get("id", ""))
        reference = add_element(lane, bpmn("flowNodeRef"))
        reference.text = node.get("id", "")
        references.append(reference)
        for inner in lane.iterchildren(bpmn("childLaneSet")):
            inner.addprevious(reference)

    def change_kind(self, node: Element, kind: str, *without: str) -> None:
        """Make another kind of node of it; `without`: attributes that the new kind has not."""
        size_differs = _is_box(local_name(node)) != _is_box(kind)
        node.tag = bpmn(kind)
        for attribute in without:
            if attribute in node.attrib:
                del node.attrib[attribute]
        if size_differs:
            self.redrawn.add(node.get("id", ""))
            for flow in (*self.leaving(node.get("id", "")), *self.entering(node.get("id", ""))):
                self.redrawn.add(flow.get("id", ""))

    def drop(self, element: Element, heir: Element) -> None:
        """Take an element out; its heir takes over what other tools wrote in it."""
        parent = element.getparent()
        assert parent is not None  # the root is never dropped
        bequeath(element, heir)
        element_id = element.get("id", "")
        if local_name(element) in FLOW_NODES and self.nodes.get(element_id) is element:
            for flow in dict.fromkeys((*self.leaving(element_id), *self.entering(element_id))):
                self.remove_flow(flow)
            del self.nodes[element_id]
            self.leave_lanes(element_id)
        parent.remove(element)
        if element_id:
            self._refer_elsewhere(element_id, heir)
            self.undraw(element_id)

    def undraw(self, element_id: str) -> None:
        for shape in self.shapes(element_id):
            plane = shape.getparent()
            if plane is not None:
                plane.remove(shape)
        if self._shapes is not None:
            self._shapes.pop(element_id, None)

    def leave_lanes(self, element_id: str) -> None:
        """No lane names the node any more."""
        for reference in self.lane_references(element_id):
            lane = reference.getparent()
            if lane is not None:
                lane.remove(reference)
        if self._lanes is not None:
            self._lanes.pop(element_id, None)

    def _refer_elsewhere(self, element_id: str, heir: Element) -> None:
        """Message flows and associations of a dropped element lead to its heir."""
        is_node = local_name(heir) in FLOW_NODES
        for link, end in self._linked(element_id):
            if link.getparent() is None:
                continue
            if is_node:
                link.set(end, heir.get("id", ""))
                self._linked(heir.get("id", "")).append((link, end))
                self.redrawn.add(link.get("id", ""))
            else:
                self.drop(link, heir)

    def _linked(self, element_id: str) -> list[tuple[Element, str]]:
        """Message flows and associations that refer to an element, and by which end."""
        if self._links is None:
            self._links = {}
            for link in self.root.iter(bpmn("messageFlow"), bpmn("association")):
                for end in ("sourceRef", "targetRef"):
                    referred = link.get(end, "").rpartition(":")[2]
                    self._links.setdefault(referred, []).append((link, end))
        return self._links.setdefault(element_id, [])

    # changing flows

    def add_flow(
        self, source: Element, target: Element, name: str = "", condition: str | None = None
    ) -> Element:
        """A new sequence flow, beside its source."""
        if len(self._indexed().flows) >= MAX_SEQUENCE_FLOWS:
            count = len(self._indexed().flows) + 1
            raise TooManyRepairs(count=count, limit=MAX_SEQUENCE_FLOWS)
        container = source.getparent()
        assert container is not None  # nodes stand in a process
        ends = (source.get("id", ""), target.get("id", ""))
        flow = add_element(container, bpmn("sequenceFlow"))
        flow.set("id", self.new_id(f"Flow_{ends[0]}_{ends[1]}"))
        if name:
            flow.set("name", name)
        flow.set("sourceRef", ends[0])
        flow.set("targetRef", ends[1])
        self._last_flow_element(container, flow)
        if condition is not None:
            self.set_condition(flow, condition)
        index = self._indexed()
        index.flows[flow] = None
        index.out.setdefault(ends[0], []).append(flow)
        index.into.setdefault(ends[1], []).append(flow)
        self._list_flow(source, "outgoing", flow)
        self._list_flow(target, "incoming", flow)
        return flow

    def _last_flow_element(self, container: Element, flow: Element) -> None:
        """Flow elements stand before artifacts."""
        for child in container.iterchildren(f"{{{BPMN}}}*"):
            if local_name(child) in ("association", "textAnnotation", "group"):
                child.addprevious(flow)
                return

    def move_source(self, flow: Element, source: Element) -> None:
        """Let the flow begin at another node."""
        self._move(flow, "sourceRef", "outgoing", source, self._indexed().out)

    def move_target(self, flow: Element, target: Element) -> None:
        """Let the flow end at another node."""
        self._move(flow, "targetRef", "incoming", target, self._indexed().into)

    def _move(
        self,
        flow: Element,
        end: str,
        listed: str,
        node: Element,
        by_node: dict[str, list[Element]],
    ) -> None:
        before = flow.get(end, "")
        by_node[before].remove(flow)
        self._unlist_flow(self.nodes[before], listed, flow)
        flow.set(end, node.get("id", ""))
        by_node.setdefault(node.get("id", ""), []).append(flow)
        self._list_flow(node, listed, flow)
        self.redrawn.add(flow.get("id", ""))

    def remove_flow(self, flow: Element) -> None:
        """Take a flow out; its source takes over what other tools wrote in it."""
        index = self._indexed()
        source, target = flow.get("sourceRef", ""), flow.get("targetRef", "")
        if flow in index.flows:
            del index.flows[flow]
            index.out[source].remove(flow)
            index.into[target].remove(flow)
        for node_id, listed in ((source, "outgoing"), (target, "incoming")):
            if node_id in index.nodes:
                self._unlist_flow(index.nodes[node_id], listed, flow)
        if source in index.nodes and index.nodes[source].get("default") == flow.get("id"):
            del index.nodes[source].attrib["default"]
        heir = index.nodes.get(source, index.nodes.get(target))
        self.drop(flow, self._heir(flow) if heir is None else heir)

    def _heir(self, element: Element) -> Element:
        parent = element.getparent()
        assert parent is not None  # a flow stands in a process
        return parent

    def set_condition(self, flow: Element, condition: str) -> None:
        """Write the condition of a flow, in FEEL."""
        stated = flow.find(bpmn("conditionExpression"))
        if stated is None:
            stated = add_element(flow, bpmn("conditionExpression"))
            stated.set(f"{{{XSI}}}type", self.spelt("tFormalExpression"))
        for child in list(stated):
            stated.remove(child)
        stated.attrib.pop("language", None)
        stated.text = condition

    def clear_condition(self, flow: Element) -> None:
        for stated in list(flow.iterchildren(bpmn("conditionExpression"))):
            self.drop(stated, flow)

    def spelt(self, name: str) -> str:
        """A BPMN name as a text of the file, with the prefix it uses."""
        prefixes = [p for p, space in self.root.nsmap.items() if space == BPMN]
        prefix = prefixes[0] if prefixes else None
        return f"{prefix}:{name}" if prefix else name

    def _list_flow(self, node: Element, tag: str, flow: Element) -> None:
        """Nodes name their flows where the file does so."""
        if self._lists_flows:
            insert_in_order(node, bpmn(tag)).text = flow.get("id", "")

    def _unlist_flow(self, node: Element, tag: str, flow: Element) -> None:
        for stated in list(node.iterchildren(bpmn(tag))):
            if (stated.text or "").strip().rpartition(":")[2] == flow.get("id"):
                node.remove(stated)

    # changing what elements say

    def extension(self, owner: Element, name: str) -> Element:
        """The vocabulary's element of that name on the owner, made where missing."""
        extensions = owner.find(bpmn("extensionElements"))
        if extensions is None:
            extensions = insert_in_order(owner, bpmn("extensionElements"))
        stated = extensions.find(qt(name))
        return add_element(extensions, qt(name)) if stated is None else stated

    def say(self, owner: Element, text: str) -> None:
        """Add to the element's documentation, once."""
        say(owner, text)

    # looking up

    def _indexed(self) -> _Index:
        if self._index is None:
            self._index = _Index()
            process = self.process
            found = list(flow_elements(process)) if process is not None else []
            for element, _ in found:
                if local_name(element) in FLOW_NODES and element.get("id"):
                    self._index.nodes.setdefault(element.get("id", ""), element)
            for element, _ in found:
                if local_name(element) == "sequenceFlow":
                    self._add_to_index(self._index, element)
        return self._index

    def _add_to_index(self, index: _Index, flow: Element) -> None:
        source, target = flow.get("sourceRef", ""), flow.get("targetRef", "")
        if source in index.nodes and target in index.nodes:
            index.flows[flow] = None
            index.out.setdefault(source, []).append(flow)
            index.into.setdefault(target, []).append(flow)


def _is_box(kind: str) -> bool:
    """Whether a node is drawn as a box and not as a small circle or diamond."""
    return not kind.endswith(("Event", "Gateway"))
