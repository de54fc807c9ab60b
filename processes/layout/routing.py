"""The ways of flows: level through their places, upright in the shape-free gaps between columns."""

from dataclasses import dataclass, field

from processes.layout.geometry import Point, straightened
from processes.layout.skeleton import Place, Route, Side, Skeleton

GAP_LEAST = 50.0
TRACK = 12.0
_AROUND = 12.0
_CLEAR = 8.0
_OVERLAP = 20  # how many crossings an overlap of two lines is worth
_TOO_NEAR = 6.0
_LEVEL = 0.25
_MOST_ORDERED = 60  # bundles in one gap; more are not worth the time


@dataclass(slots=True, eq=False)
class Piece:
    """A part of a route in the gap right of column `gap`: upright from one height to another.

    hook: both heights are met from the left (a flow from a node to itself).
    """

    route: Route
    gap: int
    left: float
    right: float
    track: int = 0
    x: float = 0.0
    hook: bool = False

    @property
    def straight(self) -> bool:
        return abs(self.left - self.right) < _LEVEL and not self.hook


@dataclass(slots=True, eq=False)
class Bundle:
    """Pieces that share one upright line, because they leave or enter at the same port."""

    pieces: list[Piece]
    top: float = 0.0
    bottom: float = 0.0
    track: int = 0


@dataclass(slots=True)
class Ways:
    """pieces: of each route, from left to right; stretch: heights at which its ends turn."""

    pieces: dict[int, list[Piece]] = field(default_factory=dict)
    stretch: dict[tuple[int, str], float] = field(default_factory=dict)
    tracks: list[int] = field(default_factory=list)
    outside: dict[int, float] = field(default_factory=dict)
    bottom: float = 0.0


def find_ways(skeleton: Skeleton, bottom: float) -> Ways:
    """Turnings and tracks of all routes; bottom: where the drawing ends so far."""
    ways = Ways(bottom=bottom)
    busy = _busy(skeleton)
    for route in skeleton.routes:
        ways.pieces[id(route)] = _pieces(ways, route)
    for route in skeleton.routes:
        if not route.around:
            _stretch(ways, route, busy, "left")
    for route in skeleton.routes:
        if not route.around:
            _stretch(ways, route, busy, "right")
    gaps: list[list[Piece]] = [[] for _ in range(len(skeleton.places) + 1)]
    for route in skeleton.routes:
        for piece in ways.pieces[id(route)]:
            if not piece.straight:
                gaps[piece.gap + 1].append(piece)
    ways.tracks = [_assign_tracks(gap) for gap in gaps]
    return ways


def _pieces(ways: Ways, route: Route) -> list[Piece]:
    chain = route.chain
    first, last = chain[0], chain[-1]
    if route.around:
        return _pieces_around(ways, route, first, last)
    y = [place.y for place in chain]
    y[0] += route.left_port.line
    y[-1] += route.right_port.line
    if first is last:
        start = first.y + route.start.line
        return [Piece(route, first.column, start, first.y + route.end.line, hook=True)]
    return [Piece(route, chain[n].column, y[n], y[n + 1]) for n in range(len(chain) - 1)]


def _pieces_around(ways: Ways, route: Route, first: Place, last: Place) -> list[Piece]:
    """Down the gap beside the source, along below everything, up the gap beside the target."""
    ways.bottom += _AROUND
    ways.outside[id(route)] = ways.bottom
    if route.back:
        leave = Piece(route, last.column - 1, ways.bottom, last.y + route.start.line)
        enter = Piece(route, first.column, first.y + route.end.line, ways.bottom)
        return [enter, leave]
    leave = Piece(route, first.column, first.y + route.start.line, ways.bottom)
    enter = Piece(route, last.column - 1, ways.bottom, last.y + route.end.line)
    return [leave, enter]


def _busy(skeleton: Skeleton) -> list[list[tuple[float, float, object]]]:
    """What is taken in each column: the room of its places, later also upright lines."""
    return [
        [(place.y - place.up, place.y + place.down, place) for place in column]
        for column in skeleton.places
    ]


def _stretch(
    ways: Ways, route: Route, busy: list[list[tuple[float, float, object]]], end: str
) -> None:
    """Turn within the column, where it is free, instead of in the gap: one bend less."""
    pieces = ways.pieces[id(route)]
    piece = pieces[0] if end == "left" else pieces[-1]
    place = route.chain[0] if end == "left" else route.chain[-1]
    port = route.left_port if end == "left" else route.right_port
    node = place.node
    if node is None or piece.hook or piece.straight:
        return
    here = piece.left if end == "left" else piece.right
    there = piece.right if end == "left" else piece.left
    upwards = there < here
    if port.side is Side.FLANK:
        reserved = place.ports_up if upwards else place.ports_down
        if not node.is_gateway or reserved or abs(there - place.y) < node.height / 2 + _CLEAR:
            return
        if (node.notes and place.notes_above == upwards) or node.guests:
            return
    elif upwards != (port.side is Side.TOP):
        return
    reach = (there - _CLEAR, here) if upwards else (here, there + _CLEAR)
    mine = (place, (end, upwards, port.dx, id(place)))
    for top, bottom, owner in busy[place.column]:
        if owner not in mine and top < reach[1] and bottom > reach[0]:
            return
    busy[place.column].append((*reach, mine[1]))
    ways.stretch[id(route), end] = there
    if end == "left":
        piece.left = there
    else:
        piece.right = there


def _assign_tracks(pieces: list[Piece]) -> int:
    """Give every piece of a gap its track; the number of tracks used."""
    bundles = _bundle(pieces)
    ordered = _order(bundles)
    used = 0
    for number, bundle in enumerate(ordered):
        before = [
            other.track
            for other in ordered[:number]
            if other.top - _CLEAR < bundle.bottom and bundle.top - _CLEAR < other.bottom
        ]
        bundle.track = 1 + max(before, default=-1)
        used = max(used, bundle.track + 1)
        for piece in bundle.pieces:
            piece.track = bundle.track
    return used


def _bundle(pieces: list[Piece]) -> list[Bundle]:
    left: dict[tuple[int, float], list[Piece]] = {}
    right: dict[tuple[int, float], list[Piece]] = {}
    for piece in pieces:
        left.setdefault(_end(piece, piece.left, 0), []).append(piece)
        right.setdefault(_end(piece, piece.right, -1), []).append(piece)
    bundles: list[Bundle] = []
    done: set[int] = set()
    for piece in pieces:
        if id(piece) in done:
            continue
        out = left[_end(piece, piece.left, 0)]
        into = right[_end(piece, piece.right, -1)]
        group = [p for p in (out if len(out) > 1 else into) if id(p) not in done]
        if piece.hook or piece.route.around:
            group = [piece]
        done.update(id(p) for p in group)
        heights = [y for p in group for y in (p.left, p.right)]
        bundles.append(Bundle(group, min(heights), max(heights)))
    return bundles


def _end(piece: Piece, y: float, number: int) -> tuple[int, float]:
    """Pieces share an end if they meet the same node at the same height."""
    if piece.hook or piece.route.around:
        return id(piece), y
    chain = piece.route.chain
    at_end = piece.gap == chain[number + (0 if number == 0 else -1)].column
    return (id(chain[number]) if at_end else id(piece)), y


def _order(bundles: list[Bundle]) -> list[Bundle]:
    """From left to right with few crossings: take again and again the best one to be first."""
    if len(bundles) > _MOST_ORDERED:
        return sorted(bundles, key=lambda b: (b.top, b.bottom))
    cost = {
        (id(a), id(b)): _cost(a, b) - _cost(b, a) for a in bundles for b in bundles if a is not b
    }
    left = list(bundles)
    ordered: list[Bundle] = []
    while left:
        best = min(left, key=lambda b: sum(cost[id(b), id(o)] for o in left if o is not b))
        left.remove(best)
        ordered.append(best)
    return ordered


def _cost(a: Bundle, b: Bundle) -> int:
    """Crossings and overlaps where bundle a stands left of bundle b."""
    cost = 0
    for p in a.pieces:
        right_ends = () if p.hook else (p.right,)
        for q in b.pieces:
            left_ends = (q.left, q.right) if q.hook else (q.left,)
            low, high = sorted((q.left, q.right))
            cost += sum(low < y < high for y in right_ends)
            low, high = sorted((p.left, p.right))
            cost += sum(low < y < high for y in left_ends)
            cost += _OVERLAP * sum(abs(y - z) < _TOO_NEAR for y in right_ends for z in left_ends)
    return cost


def way_points(ways: Ways, route: Route, centre_x: dict[int, float]) -> tuple[Point, ...]:
    """The points of a route, from its source's border to its target's, when x is known."""
    pieces = ways.pieces[id(route)]
    if route.chain[0] is route.chain[-1]:
        middle = [(pieces[0].x, pieces[0].left), (pieces[0].x, pieces[0].right)]
    elif route.around and route.back:
        outside = ways.outside[id(route)]
        enter, leave = pieces
        middle = [(leave.x, leave.right), (leave.x, outside), (enter.x, outside)]
        middle.append((enter.x, enter.left))
    else:
        turning = [piece for piece in pieces if not piece.straight]
        middle = [(piece.x, y) for piece in turning for y in (piece.left, piece.right)]
        if route.back:
            middle.reverse()
    first = _attach(ways, route, centre_x, at_source=True)
    last = _attach(ways, route, centre_x, at_source=False)
    return straightened([*first, *middle, *reversed(last)])


def _attach(
    ways: Ways,
    route: Route,
    centre_x: dict[int, float],
    *,
    at_source: bool,
) -> list[Point]:
    """From the border of the node to where the route leaves its column."""
    at_left = at_source != route.back
    place = route.chain[0] if at_left else route.chain[-1]
    if route.chain[0] is route.chain[-1]:
        at_left = True
    port = route.start if at_source else route.end
    node = place.node
    if node is None:
        return []
    x = centre_x[id(place)]
    stretched = ways.stretch.get((id(route), "left" if at_left else "right"))
    half = node.height / 2
    if port.side is Side.FLANK and stretched is None:
        flank = x + node.width / 2 if at_left else x - node.width / 2
        return [(flank, place.y)]
    turn = stretched if stretched is not None else place.y + port.line
    x += port.dx
    below = turn > place.y
    border = place.y + half if below else place.y - half
    if route.flow.guest is not None and at_source:
        border += 18
    return [(x, border), (x, turn)]
