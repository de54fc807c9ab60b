"""Nodes and flows on columns: every flow becomes a chain of places, one in each column.

A flow that passes a column gets a place of its own there, so lines never run through shapes.
A flow that runs backwards leaves and enters at the top (or bottom) of its nodes, on a line
that is reserved above (or below) them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum

from processes.layout.layering import backward, columns, parts, ways_to_go
from processes.layout.scene import Flow, Guest, Node, Scene

LINE_GAP = 14.0  # between lines reserved above or below a node
FIRST_LINE = 16.0  # from a node's border to the first such line
NOTE_GAP = 14.0
GUEST_LABEL_GAP = 4.0
MOST_PLACES = 6000  # beyond that, long flows run around the diagram instead of through it


class Side(Enum):
    """Where a flow touches its node: left or right flank, top, or bottom."""

    FLANK = 0
    TOP = -1
    BOTTOM = 1


@dataclass(slots=True)
class Port:
    """dx: from the node's centre, on top and bottom; line: height of its line from the centre."""

    side: Side = Side.FLANK
    dx: float = 0.0
    line: float = 0.0


@dataclass(slots=True, eq=False)
class Place:
    """A node, or the passing of a flow, in a column. up, down: room needed from the centre."""

    column: int
    lane: int
    part: int
    up: float = 6.0
    down: float = 6.0
    half_width: float = 0.0
    node: Node | None = None
    bias: float = 0.0
    ahead: int = 0
    y: float = 0.0
    ports_up: int = 0
    ports_down: int = 0
    notes_above: bool = False
    notes_at: float = 0.0
    label_above: bool = True


@dataclass(slots=True, eq=False)
class Route:
    """The way of a flow: `chain` from left to right, the ports at its own source and target."""

    flow: Flow
    back: bool
    chain: list[Place]
    start: Port
    end: Port
    around: bool = False

    @property
    def left_port(self) -> Port:
        return self.end if self.back else self.start

    @property
    def right_port(self) -> Port:
        return self.start if self.back else self.end


@dataclass(slots=True)
class Skeleton:
    places: list[list[Place]] = field(default_factory=list)
    routes: list[Route] = field(default_factory=list)
    of: dict[str, Place] = field(default_factory=dict)


def build(scene: Scene) -> Skeleton:
    """Columns, chains and ports of a scene; nothing has coordinates yet."""
    nodes = list(scene.nodes)
    pairs = [(flow.source, flow.target) for flow in scene.flows]
    closing = backward(nodes, pairs)
    column = columns(nodes, pairs, closing)
    part, ahead = parts(nodes, pairs), ways_to_go(nodes, pairs, closing)
    skeleton = Skeleton([[] for _ in range(max(column.values(), default=-1) + 1)])
    for node in scene.nodes.values():
        place = Place(column[node.id], node.lane, part[node.id], node=node, ahead=ahead[node.id])
        skeleton.of[node.id] = place
        skeleton.places[place.column].append(place)
    backs = _routes(skeleton, scene.flows, closing)
    for place in skeleton.of.values():
        _room_for_node(place)
    _reserve_lines(skeleton, backs)
    for place in skeleton.of.values():
        _room_for_notes(place)
    _chain(skeleton)
    return skeleton


def _routes(skeleton: Skeleton, flows: Sequence[Flow], closing: set[int]) -> list[Route]:
    """Make the routes; give those that run backwards, short ones first."""
    for number, flow in enumerate(flows):
        source, target = skeleton.of[flow.source], skeleton.of[flow.target]
        back = number in closing
        chain = [target, source] if back else [source, target]
        start, end = Port(), Port()
        if back:
            start, end = _back_ports(source, target)
        if flow.guest is not None:
            start = Port(Side.BOTTOM)
        skeleton.routes.append(Route(flow, back, chain, start, end))
    backs = [route for route in skeleton.routes if route.back]
    return sorted(backs, key=lambda route: route.chain[1].column - route.chain[0].column)


def _back_ports(source: Place, target: Place) -> tuple[Port, Port]:
    leaves, enters = Side.TOP, Side.TOP
    if target.lane > source.lane and _free_below(source):
        leaves = Side.BOTTOM
    if target.lane < source.lane and _free_below(target):
        enters = Side.BOTTOM
    if source is target:
        leaves = Side.FLANK
    return Port(leaves), Port(enters)


def _free_below(place: Place) -> bool:
    node = place.node
    return node is not None and not node.is_event and not node.guests


def _room_for_node(place: Place) -> None:
    node = place.node
    if node is None:
        return
    place.up = place.down = node.height / 2
    place.half_width = max(node.width, node.label[0]) / 2
    if node.is_event and node.label[1]:
        place.down += node.label[1] + 6
    if node.guests:
        _seat_guests(place, node)


def _seat_guests(place: Place, node: Node) -> None:
    """Boundary events from left to right on the lower border, each with its label beside it."""
    x, ends = 12.0, 0.0
    for guest in node.guests:
        guest.dx = x + 18
        ends = x + 36
        x = ends + 10
        if guest.label[0]:
            x = ends + GUEST_LABEL_GAP + guest.label[0] + 8
    node.width = max(node.width, ends + 12)
    for guest in node.guests:
        guest.dx -= node.width / 2
    place.half_width = max(place.half_width, node.width / 2, x - node.width / 2)
    lowest = max(guest.label[1] + 2 for guest in node.guests)
    place.down += max(18.0, lowest)


def _reserve_lines(skeleton: Skeleton, backs: Sequence[Route]) -> None:
    """Lines under guests, then lines above and below nodes for flows that run backwards."""
    guest_lines: dict[str, float] = {}
    for place in skeleton.of.values():
        guests = place.node.guests if place.node else []
        used = {route.flow.guest for route in skeleton.routes}
        for guest in reversed(guests):
            if guest.id in used:
                guest_lines[guest.id] = _next_line(place, Side.BOTTOM)
    seats = {g.id: g for p in skeleton.of.values() if p.node for g in p.node.guests}
    for route in skeleton.routes:
        if route.flow.guest is not None:
            route.start.dx = seats[route.flow.guest].dx
            route.start.line = guest_lines[route.flow.guest]
    for route in backs:
        target, source = route.chain
        if route.flow.guest is None and route.start.side is not Side.FLANK:
            route.start.line = _next_line(source, route.start.side)
        route.end.line = _next_line(target, route.end.side)
    _spread_ports(skeleton, backs)
    for place in skeleton.of.values():
        _room_for_gateway_label(place)


def _next_line(place: Place, side: Side) -> float:
    if side is Side.TOP:
        place.up += LINE_GAP if place.ports_up else FIRST_LINE
        place.ports_up += 1
        return -place.up
    place.down += LINE_GAP if place.ports_down else FIRST_LINE
    place.ports_down += 1
    return place.down


def _spread_ports(skeleton: Skeleton, backs: Sequence[Route]) -> None:
    """On a task, what leaves stands left of what enters, so that loops do not cross."""
    for place in skeleton.of.values():
        node = place.node
        if node is None or node.is_gateway or node.is_event:
            continue
        for side in (Side.TOP, Side.BOTTOM):
            leaving = [
                r.start
                for r in backs
                if r.chain[-1] is place and r.start.side is side and r.flow.guest is None
            ]
            entering = [r.end for r in backs if r.chain[0] is place and r.end.side is side]
            ports = leaving + entering[::-1]
            step = min(20.0, (node.width - 30) / max(1, len(ports) - 1))
            for number, port in enumerate(ports):
                port.dx = (number - (len(ports) - 1) / 2) * step


def _room_for_gateway_label(place: Place) -> None:
    node = place.node
    if node is None or not node.is_gateway or not node.label[1]:
        return
    if not place.ports_up:
        place.up += node.label[1] + 4
    elif not place.ports_down:
        place.label_above = False
        place.down += node.label[1] + 4


def _room_for_notes(place: Place) -> None:
    node = place.node
    if node is None or not node.notes:
        return
    height = max(note.height + note.label[1] for note in node.notes)
    width = sum(max(note.width, note.label[0]) + 16 for note in node.notes) - 16
    place.half_width = max(place.half_width, width / 2)
    below_taken = bool(node.guests or place.ports_down or node.is_event)
    place.notes_above = below_taken and not place.ports_up
    if place.notes_above:
        place.up += NOTE_GAP + height
        place.notes_at = -place.up
    else:
        place.notes_at = place.down + NOTE_GAP
        place.down += NOTE_GAP + height


def _chain(skeleton: Skeleton) -> None:
    """Give each flow its places in the columns between, in the emptier of its two lanes."""
    crowd: dict[tuple[int, int], int] = {}
    for place in skeleton.of.values():
        key = place.column, place.lane
        crowd[key] = crowd.get(key, 0) + 1
    made = 0
    for route in skeleton.routes:
        first, last = route.chain
        between = range(first.column + 1, last.column)
        if made + len(between) > MOST_PLACES:
            route.around = True
            continue
        made += len(between)
        source, target = (last, first) if route.back else (first, last)
        lanes = (target.lane, source.lane)
        lane = min(lanes, key=lambda lane: sum(crowd.get((c, lane), 0) for c in between))
        passing = [Place(column, lane, first.part) for column in between]
        for place in passing:
            _lean(route, place)
            skeleton.places[place.column].append(place)
        route.chain = [first, *passing, last]


def _lean(route: Route, place: Place) -> None:
    """Where a flow that runs backwards keeps: above its nodes, or below them."""
    if not route.back:
        return
    side = route.start.side if route.start.side is not Side.FLANK else route.end.side
    place.bias = 0.4 * side.value


def guests_of(skeleton: Skeleton) -> dict[str, tuple[Place, Guest]]:
    """Where each boundary event sits."""
    return {
        guest.id: (place, guest)
        for place in skeleton.of.values()
        if place.node is not None
        for guest in place.node.guests
    }
