"""What is to be drawn: nodes, flows, lanes and notes, read from a process or sub-process."""

from dataclasses import dataclass, field

from lxml.etree import _Element

from processes.document import bpmn
from processes.layout.geometry import Picture
from processes.layout.lettering import (
    LABEL_LETTERS,
    activity_size,
    label_size,
    text_width,
    wrap,
)
from processes.layout.names import (
    ARTIFACTS,
    CONTAINERS,
    DATA_LINKS,
    EVENTS,
    FLOW_NODES,
    GATEWAYS,
    kind,
    local,
    text_of,
)

EVENT_SIZE = 36.0
GATEWAY_SIZE = 50.0
_LONG_NOTE = 300.0  # px of text on one line; a longer annotation is drawn wider


@dataclass(slots=True)
class Guest:
    """A boundary event on the lower border of its host; dx from the host's centre."""

    id: str
    label: tuple[float, float]
    dx: float = 0.0


@dataclass(slots=True)
class Note:
    """A data object, data store, annotation or group: beside a node, or by itself."""

    id: str
    width: float
    height: float
    label: tuple[float, float] = (0.0, 0.0)


@dataclass(slots=True)
class Node:
    """A flow node with the size it is drawn in; `inner` is the content of a sub-process."""

    id: str
    kind: str
    width: float
    height: float
    label: tuple[float, float] = (0.0, 0.0)
    lane: int = 0
    guests: list[Guest] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    inner: Picture | None = None

    @property
    def is_gateway(self) -> bool:
        return self.kind in GATEWAYS

    @property
    def is_event(self) -> bool:
        return self.kind in EVENTS


@dataclass(frozen=True, slots=True)
class Flow:
    """A sequence flow; `source` is the host where a boundary event (`guest`) is left."""

    id: str
    source: str
    target: str
    label: tuple[float, float]
    guest: str | None = None


@dataclass(frozen=True, slots=True)
class LaneHead:
    """A lane; first and last number the leaf lanes it covers, depth counts from 0."""

    id: str
    name: str
    first: int
    last: int
    depth: int


@dataclass(frozen=True, slots=True)
class Link:
    """An association between two drawn things, by their ids."""

    id: str
    source: str
    target: str


@dataclass(slots=True)
class Scene:
    """One process or sub-process, without what is inside of its sub-processes."""

    nodes: dict[str, Node] = field(default_factory=dict)
    flows: list[Flow] = field(default_factory=list)
    lanes: list[LaneHead] = field(default_factory=list)
    loose: list[Note] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    inner: dict[str, _Element] = field(default_factory=dict)

    @property
    def leaf_lanes(self) -> int:
        return max((lane.last + 1 for lane in self.lanes), default=0)


def read_scene(scope: _Element) -> Scene:
    """The scene of a process or sub-process; what has no id cannot be drawn and is left out."""
    scene = Scene()
    guests: list[_Element] = []
    notes: dict[str, Note] = {}
    for element in scope:
        name, id_ = kind(element), element.get("id", "")
        if not id_ or id_ in scene.nodes or id_ in notes:
            continue
        if name == "boundaryEvent":
            guests.append(element)
        elif name in FLOW_NODES:
            scene.nodes[id_] = _node(element, name)
            if name in CONTAINERS and any(kind(child) in FLOW_NODES for child in element):
                scene.inner[id_] = element
        elif name in ARTIFACTS:
            notes[id_] = note_of(element, name)
    hosts = _settle_guests(scene, guests)
    _read_flows(scene, scope, hosts)
    _read_lanes(scene, scope)
    read_links(scene, scope)
    _settle_notes(scene, notes, hosts)
    return scene


def _node(element: _Element, name: str) -> Node:
    id_, title = element.get("id", ""), element.get("name", "")
    if name in EVENTS:
        return Node(id_, name, EVENT_SIZE, EVENT_SIZE, label_size(title))
    if name in GATEWAYS:
        return Node(id_, name, GATEWAY_SIZE, GATEWAY_SIZE, label_size(title))
    width, height = activity_size(title)
    return Node(id_, name, width, height)


def note_of(element: _Element, name: str) -> Note:
    id_, title = element.get("id", ""), element.get("name", "")
    if name == "textAnnotation":
        text = text_of(element, "text")
        room = 100.0 if text_width(text) < _LONG_NOTE else 160.0
        longest = max((text_width(word) for word in text.split()), default=0.0)
        room = max(room, min(float(round(longest)) + 12, 200.0))
        lines = max(1, len(wrap(text, room - 10, LABEL_LETTERS + 1)))
        return Note(id_, room, max(30.0, 15.0 * lines + 10))
    if name == "dataStoreReference":
        return Note(id_, 50.0, 50.0, label_size(title))
    if name == "group":
        return Note(id_, 140.0, 60.0)
    return Note(id_, 36.0, 50.0, label_size(title))


def _settle_guests(scene: Scene, guests: list[_Element]) -> dict[str, str]:
    """Put boundary events on their hosts; give guest id -> host id."""
    hosts: dict[str, str] = {}
    for element in guests:
        id_ = element.get("id", "")
        label = label_size(element.get("name", ""))
        host = scene.nodes.get(local(element.get("attachedToRef")))
        if host is None or host.is_event or host.is_gateway:
            # a boundary event without a host is drawn by itself, so that it can be seen
            scene.nodes[id_] = Node(id_, "boundaryEvent", EVENT_SIZE, EVENT_SIZE, label)
        else:
            host.guests.append(Guest(id_, label))
            hosts[id_] = host.id
    return hosts


def _read_flows(scene: Scene, scope: _Element, hosts: dict[str, str]) -> None:
    seen: set[str] = set()
    for element in scope:
        id_ = element.get("id", "")
        if kind(element) != "sequenceFlow" or not id_ or id_ in seen:
            continue
        seen.add(id_)
        source, target = local(element.get("sourceRef")), local(element.get("targetRef"))
        guest = source if source in hosts else None
        source = hosts.get(source, source)
        if source in scene.nodes and target in scene.nodes:
            label = label_size(element.get("name", ""), 85.0)
            scene.flows.append(Flow(id_, source, target, label, guest))


def _read_lanes(scene: Scene, scope: _Element) -> None:
    """Number the leaf lanes in order; a node without lane goes where a neighbour is."""
    placed: dict[str, int] = {}
    for element in scope:
        if kind(element) == "laneSet":
            _read_lane_set(scene, element, 0, placed)
    if scene.lanes:
        _spread_lanes(scene, placed)
        for node in scene.nodes.values():
            node.lane = placed.get(node.id, 0)


def _read_lane_set(scene: Scene, lane_set: _Element, depth: int, placed: dict[str, int]) -> None:
    for lane in lane_set:
        if kind(lane) != "lane" or not lane.get("id"):
            continue
        first, position = scene.leaf_lanes, len(scene.lanes)
        for child in lane:
            if kind(child) == "childLaneSet":
                _read_lane_set(scene, child, depth + 1, placed)
        last = max(first, scene.leaf_lanes - 1)
        head = LaneHead(lane.get("id", ""), lane.get("name", ""), first, last, depth)
        scene.lanes.insert(position, head)
        for reference in lane.iterchildren(bpmn("flowNodeRef")):
            placed.setdefault(local(reference.text), first)


def _spread_lanes(scene: Scene, placed: dict[str, int]) -> None:
    open_ = [flow for flow in scene.flows if not {flow.source, flow.target} <= placed.keys()]
    while True:
        left = []
        for flow in open_:
            if flow.source in placed:
                placed.setdefault(flow.target, placed[flow.source])
            elif flow.target in placed:
                placed[flow.source] = placed[flow.target]
            else:
                left.append(flow)
        if len(left) == len(open_):
            return
        open_ = left


def read_links(scene: Scene, scope: _Element) -> None:
    for element in scope:
        name, id_ = kind(element), element.get("id", "")
        if name == "association" and id_:
            source, target = local(element.get("sourceRef")), local(element.get("targetRef"))
            scene.links.append(Link(id_, source, target))
        elif name in FLOW_NODES:
            for child in element:
                link = _data_link(child, id_)
                if link is not None:
                    scene.links.append(link)


def _data_link(element: _Element, host: str) -> Link | None:
    name, id_ = kind(element), element.get("id", "")
    if name not in DATA_LINKS or not id_ or not host:
        return None
    if name == "dataInputAssociation":
        return Link(id_, local(text_of(element, "sourceRef")), host)
    return Link(id_, host, local(text_of(element, "targetRef")))


def _settle_notes(scene: Scene, notes: dict[str, Note], hosts: dict[str, str]) -> None:
    """Give each note to the first node it is linked with; the others stand below."""
    homes = {flow.id: flow.source for flow in scene.flows} | hosts
    settled: set[str] = set()
    for link in scene.links:
        for note_id, end in ((link.source, link.target), (link.target, link.source)):
            node = scene.nodes.get(homes.get(end, end))
            if note_id in notes and note_id not in settled and node is not None:
                settled.add(note_id)
                node.notes.append(notes[note_id])
    scene.loose = [note for note in notes.values() if note.id not in settled]
