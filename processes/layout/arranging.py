"""One process or sub-process, drawn from left to right in its own frame."""

from dataclasses import dataclass

from lxml.etree import _Element

from processes.layout.geometry import Box, Line, Picture, Shape
from processes.layout.heights import LANE_LEAST, set_heights
from processes.layout.labels import Obstacles, flow_label, gateway_label
from processes.layout.layering import parts
from processes.layout.lettering import text_width, upright_room
from processes.layout.names import CONTAINERS
from processes.layout.ordering import arrange_columns
from processes.layout.routing import GAP_LEAST, TRACK, Ways, find_ways, way_points
from processes.layout.scene import Link, Note, Scene, read_scene
from processes.layout.skeleton import GUEST_LABEL_GAP, Place, Skeleton, build

_INNER_PAD = 30.0
_TITLE = 36.0
_NOTE_STEP = 24.0
_BETWEEN_PARTS = 40.0


@dataclass(frozen=True, slots=True)
class Arranged:
    """The picture of a scope, the scene it shows, and all links found in it and below."""

    picture: Picture
    scene: Scene
    links: tuple[Link, ...]


@dataclass(slots=True)
class _Grid:
    """Where columns and upright tracks are, in px."""

    centre: dict[int, float]
    columns: dict[str, tuple[float, float]]
    width: float


def arrange(scope: _Element, least: float = 0.0) -> Arranged:
    """Draw the scope and everything inside of it; least: height wanted for its lanes together."""
    scene = read_scene(scope)
    links = list(scene.links)
    for id_, element in scene.inner.items():
        content = arrange(element)
        links.extend(content.links)
        node = scene.nodes[id_]
        title = min(text_width(element.get("name", "")) + 40, 400.0)
        node.inner = content.picture
        node.width = float(round(max(content.picture.width + 2 * _INNER_PAD, title, 120.0)))
        node.height = float(2 * round((content.picture.height + _TITLE + _INNER_PAD) / 2))
    pictures = [_arrange_part(part, least) for part in _parts(scene)]
    picture = _stacked(pictures)
    if scene.loose:
        shapes = _loose(scene.loose, picture.height)
        width = max([picture.width, *(shape.box.right for shape in shapes)])
        height = max(shape.box.bottom + 20 for shape in shapes)
        bands = picture.bands
        if scene.lanes:
            bands = (*bands[:-1], (bands[-1][0], height - bands[-1][0]))
        shown = (*picture.shapes, *shapes)
        picture = Picture(width, height, shown, picture.lines, bands, picture.columns)
    return Arranged(picture, scene, tuple(links))


def _parts(scene: Scene) -> list[Scene]:
    """What hangs together, so that an unconnected sub-process does not widen the others' columns.

    Lanes hold everything in one drawing, for a lane is one band.
    """
    number = parts(list(scene.nodes), [(flow.source, flow.target) for flow in scene.flows])
    if scene.lanes or len(set(number.values())) <= 1:
        return [scene]
    split = [Scene() for _ in set(number.values())]
    for node in scene.nodes.values():
        split[number[node.id]].nodes[node.id] = node
    for flow in scene.flows:
        split[number[flow.source]].flows.append(flow)
    return split


def _stacked(pictures: list[Picture]) -> Picture:
    if len(pictures) == 1:
        return pictures[0]
    shapes: list[Shape] = []
    lines: list[Line] = []
    columns: dict[str, tuple[float, float]] = {}
    top = -_BETWEEN_PARTS
    for picture in pictures:
        top += _BETWEEN_PARTS
        shapes += [shape.moved(0, top) for shape in picture.shapes]
        lines += [line.moved(0, top) for line in picture.lines]
        columns |= picture.columns
        top += picture.height
    width = max(picture.width for picture in pictures)
    return Picture(width, top, tuple(shapes), tuple(lines), ((0.0, top),), columns)


def _arrange_part(scene: Scene, least: float) -> Picture:
    skeleton = build(scene)
    arrange_columns(skeleton)
    bands = set_heights(skeleton, _lane_heights(scene, least))
    bottom = bands[-1][0] + bands[-1][1]
    ways = find_ways(skeleton, bottom)
    grid = _grid(skeleton, ways)
    shapes, taken = _shapes(skeleton, grid)
    for top, _ in bands[1:]:
        taken.add_border((0.0, top), (grid.width, top))
    lines, labels = _lines(skeleton, ways, grid, taken)
    shapes = [_labelled(shape, labels) for shape in shapes]
    height = ways.bottom + 12 if ways.bottom > bottom else bottom
    if height > bottom and scene.lanes:
        bands[-1] = bands[-1][0], height - bands[-1][0]
    width = max([grid.width, *(shape.box.right for shape in shapes)])
    return Picture(width, height, tuple(shapes), tuple(lines), tuple(bands), grid.columns)


def _lane_heights(scene: Scene, least: float) -> list[float]:
    """Least height of each lane: its name, written upright, takes two lines at most."""
    if not scene.lanes:
        return []
    heights = [max(LANE_LEAST, least / scene.leaf_lanes)] * scene.leaf_lanes
    for lane in scene.lanes:
        covered = lane.last - lane.first + 1
        for leaf in range(lane.first, lane.last + 1):
            heights[leaf] = max(heights[leaf], upright_room(lane.name, LANE_LEAST) / covered)
    return heights


def _grid(skeleton: Skeleton, ways: Ways) -> _Grid:
    named = [0.0] * (len(skeleton.places) + 1)
    for route in skeleton.routes:
        gap = route.chain[0].column + 1
        if route.flow.label[0] and not route.back:
            named[gap] = max(named[gap], route.flow.label[0] + 20)
    x, track_x = 0.0, []
    centre: dict[int, float] = {}
    columns: dict[str, tuple[float, float]] = {}
    for number in range(len(skeleton.places) + 1):
        outer = number in (0, len(skeleton.places))
        tracks = ways.tracks[number]
        least = (0.0 if not tracks else 40.0) if outer else GAP_LEAST
        width = max(least, named[number] if not outer else 0.0, 40 + (tracks - 1) * TRACK)
        if outer and not tracks:
            width = 0.0
        track_x.append(x + (width - (tracks - 1) * TRACK) / 2)
        x += width
        if number < len(skeleton.places):
            half = max(place.half_width for place in skeleton.places[number])
            half = float(round(half))
            for place in skeleton.places[number]:
                centre[id(place)] = x + half
                if place.node is not None:
                    columns[place.node.id] = (x, x + 2 * half)
            x += 2 * half
    for pieces in ways.pieces.values():
        for piece in pieces:
            piece.x = track_x[piece.gap + 1] + piece.track * TRACK
    return _Grid(centre, columns, x)


def _shapes(skeleton: Skeleton, grid: _Grid) -> tuple[list[Shape], Obstacles]:
    shapes: list[Shape] = []
    taken = Obstacles()
    for place in skeleton.of.values():
        drawn = _shapes_of(place, grid.centre[id(place)])
        for shape in drawn:
            taken.add_box(shape.box)
            if shape.label is not None:
                taken.add_box(shape.label)
        shapes += drawn
    return shapes, taken


def _shapes_of(place: Place, x: float) -> list[Shape]:
    node = place.node
    if node is None:
        return []
    box = Box(x - node.width / 2, place.y - node.height / 2, node.width, node.height)
    label = None
    if node.is_event and node.label[1]:
        label = Box(x - node.label[0] / 2, box.bottom + 4, *node.label)
    expanded = (node.inner is not None) if node.kind in CONTAINERS else None
    marker = node.kind == "exclusiveGateway"
    shapes = [Shape(node.id, box, label, expanded, marker=marker)]
    if node.inner is not None:
        dx = box.x + (node.width - node.inner.width) / 2
        shapes += [shape.moved(dx, box.y + _TITLE) for shape in node.inner.shapes]
    for guest in node.guests:
        seat = Box(x + guest.dx - 18, box.bottom - 18, 36, 36)
        words = None
        if guest.label[1]:
            words = Box(seat.right + GUEST_LABEL_GAP, box.bottom + 3, *guest.label)
        shapes.append(Shape(guest.id, seat, words))
    return shapes + _beside(place, x)


def _beside(place: Place, x: float) -> list[Shape]:
    """Data objects and annotations in a row above or below their node."""
    node = place.node
    if node is None or not node.notes:
        return []
    sizes = [max(note.width, note.label[0]) for note in node.notes]
    left = x - (sum(sizes) + 16 * (len(sizes) - 1)) / 2
    shapes = []
    for note, size in zip(node.notes, sizes, strict=True):
        shapes.append(_note_shape(note, left + size / 2, place.y + place.notes_at))
        left += size + 16
    return shapes


def _note_shape(note: Note, x: float, top: float) -> Shape:
    box = Box(x - note.width / 2, top, note.width, note.height)
    label = Box(x - note.label[0] / 2, box.bottom + 2, *note.label) if note.label[1] else None
    return Shape(note.id, box, label)


def _loose(notes: list[Note], top: float) -> list[Shape]:
    shapes = []
    left = 0.0
    for note in notes:
        size = max(note.width, note.label[0])
        shapes.append(_note_shape(note, left + size / 2, top + _NOTE_STEP))
        left += size + _NOTE_STEP
    return shapes


def _lines(
    skeleton: Skeleton, ways: Ways, grid: _Grid, taken: Obstacles
) -> tuple[list[Line], dict[str, Box]]:
    """All lines with their labels; and the labels of gateways, which give way to lines."""
    points = {id(route): way_points(ways, route, grid.centre) for route in skeleton.routes}
    for way in points.values():
        taken.add_line(way)
    labels: dict[str, Box] = {}
    for place in skeleton.of.values():
        if place.node is not None and place.node.is_gateway:
            label = gateway_label(place, grid.centre[id(place)], taken)
            if label is not None:
                labels[place.node.id] = label
    lines = []
    for route in skeleton.routes:
        way = points[id(route)]
        lines.append(Line(route.flow.id, way, flow_label(way, route.flow.label, taken)))
    inner = []
    for place in skeleton.of.values():
        node = place.node
        if node is not None and node.inner is not None:
            dx = grid.centre[id(place)] - node.inner.width / 2
            top = place.y - node.height / 2 + _TITLE
            inner += [line.moved(dx, top) for line in node.inner.lines]
    return lines + inner, labels


def _labelled(shape: Shape, labels: dict[str, Box]) -> Shape:
    if shape.element not in labels:
        return shape
    return Shape(shape.element, shape.box, labels[shape.element], marker=shape.marker)
