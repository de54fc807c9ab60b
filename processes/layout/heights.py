"""Heights: how far down each place stands, so that main paths are straight and splits even."""

import math
from dataclasses import dataclass, field
from itertools import pairwise

from processes.layout.ordering import segments
from processes.layout.skeleton import Place, Port, Skeleton

NODE_GAP = 30.0
LINE_ROOM = 16.0
LANE_PAD = 24.0
LANE_LEAST = 110.0
_ROUNDS = 24
_NEARLY = 12.0  # a step in a line smaller than this is straightened
_HOME = 0.02  # how strongly everything is drawn to the middle of its lane

Pull = tuple[Place, Place, float, float]  # left, right, heights of the ports from their centres


@dataclass(slots=True, eq=False)
class _Block:
    """Places on one height; at most one in a column, in neighbouring columns."""

    places: list[Place]
    y: float = 0.0
    pulls: list[tuple["_Block", float]] = field(default_factory=list)
    under: list[tuple["_Block", float]] = field(default_factory=list)
    over: list[tuple["_Block", float]] = field(default_factory=list)


def set_heights(skeleton: Skeleton, lane_least: list[float]) -> list[tuple[float, float]]:
    """Set `y` of every place; give top and height of each lane (one, if there are none).

    lane_least: the least height of each lane, in order; empty for a scene without lanes.
    """
    pulls = _pulls(skeleton)
    straight = _preferred(skeleton, pulls)
    blocks = _blocks(skeleton, straight)
    _settle(pulls, blocks)
    joined = {id(left) for left, _ in straight}, {id(right) for _, right in straight}
    nearly = [
        (left, right)
        for left, right, up, down in pulls
        if up == down == 0
        and abs(left.y - right.y) < _NEARLY
        and id(left) not in joined[0]
        and id(right) not in joined[1]
    ]
    more = _without_crossings(skeleton, straight, nearly)
    if len(more) > len(straight):
        _settle(pulls, _blocks(skeleton, more))
    return _stack_lanes(skeleton, lane_least)


def _pulls(skeleton: Skeleton) -> list[Pull]:
    """Pieces of flows within one lane, with the heights of their ports."""
    lines: dict[tuple[int, int], tuple[Port, Port]] = {}
    for route in skeleton.routes:
        if len(route.chain) > 1 and not route.around:
            ends = route.left_port, route.right_port
            for number in range(len(route.chain) - 1):
                first = ends[0] if number == 0 else Port()
                second = ends[1] if number == len(route.chain) - 2 else Port()
                key = id(route.chain[number]), id(route.chain[number + 1])
                lines.setdefault(key, (first, second))
    pulls: list[Pull] = []
    for gap in segments(skeleton):
        for left, right, _, _ in gap:
            if left.lane == right.lane:
                a, b = lines[id(left), id(right)]
                pulls.append((left, right, a.line, b.line))
    return pulls


def _preferred(skeleton: Skeleton, pulls: list[Pull]) -> list[tuple[Place, Place]]:
    """Pairs to be drawn on one height: each is the other's first choice."""
    rights: dict[int, list[Place]] = {}
    lefts: dict[int, list[Place]] = {}
    for left, right, up, down in pulls:
        if up == down == 0:
            rights.setdefault(id(left), []).append(right)
            lefts.setdefault(id(right), []).append(left)
    wanted = []
    for left, right, up, down in pulls:
        if up == down == 0 and (left.node is None or right.node is None):
            both_pass = left.node is None and right.node is None
            if both_pass:
                wanted.append((left, right))
    for left, right, up, down in pulls:
        chosen = _choose(left, rights.get(id(left), []), skeleton, forward=True)
        choosing = _choose(right, lefts.get(id(right), []), skeleton, forward=False)
        if up == down == 0 and chosen is right and choosing is left:
            wanted.append((left, right))
    return _without_crossings(skeleton, [], wanted)


def _choose(place: Place, near: list[Place], skeleton: Skeleton, *, forward: bool) -> Place | None:
    """The neighbour on the main path; the middle one of equals; none of an even number."""
    if len(near) == 1:
        return near[0]
    if not near:
        return None
    node = place.node
    if node is None or node.kind != "parallelGateway":
        most = max(_weight(p, forward=forward) for p in near)
        main = [p for p in near if _weight(p, forward=forward) == most]
        if len(main) < len(near):
            near = main
    if len(near) % 2 == 0:
        return None
    column = skeleton.places[near[0].column]
    rank = {id(p): index for index, p in enumerate(column)}
    return sorted(near, key=lambda p: rank[id(p)])[len(near) // 2]


def _weight(place: Place, *, forward: bool) -> int:
    if forward:
        return place.ahead
    return 0 if place.node is None else 1


def _without_crossings(
    skeleton: Skeleton, sure: list[tuple[Place, Place]], wanted: list[tuple[Place, Place]]
) -> list[tuple[Place, Place]]:
    rank = {id(p): index for column in skeleton.places for index, p in enumerate(column)}
    taken: dict[int, list[tuple[int, int]]] = {}
    lefts: set[int] = set()
    rights: set[int] = set()
    kept: list[tuple[Place, Place]] = []
    for left, right in [*sure, *wanted]:
        if id(left) in lefts or id(right) in rights:
            continue
        a, b = rank[id(left)], rank[id(right)]
        others = taken.setdefault(left.column, [])
        if all((a < c) == (b < d) for c, d in others):
            others.append((a, b))
            lefts.add(id(left))
            rights.add(id(right))
            kept.append((left, right))
    return kept


def _blocks(skeleton: Skeleton, straight: list[tuple[Place, Place]]) -> list[_Block]:
    """The blocks that the pairs make, each above before each below it."""
    of: dict[int, _Block] = {}
    following = {id(left): right for left, right in straight}
    led = {id(right) for _, right in straight}
    blocks: list[_Block] = []
    for column in skeleton.places:
        for place in column:
            if id(place) in led:
                continue
            block = _Block([place])
            while id(block.places[-1]) in following:
                block.places.append(following[id(block.places[-1])])
            blocks.append(block)
            of.update({id(p): block for p in block.places})
    for column in skeleton.places:
        for above, below in pairwise(column):
            if above.lane == below.lane:
                gap = NODE_GAP if above.node and below.node else LINE_ROOM
                room = above.down + gap + below.up
                of[id(above)].over.append((of[id(below)], room))
                of[id(below)].under.append((of[id(above)], room))
    return _from_above(blocks)


def _from_above(blocks: list[_Block]) -> list[_Block]:
    waiting = {id(block): len(block.under) for block in blocks}
    ready = [block for block in blocks if not block.under]
    for block in ready:
        for below, _ in block.over:
            waiting[id(below)] -= 1
            if waiting[id(below)] == 0:
                ready.append(below)
    return ready


def _settle(pulls: list[Pull], blocks: list[_Block]) -> None:
    """Main paths on the middle of their lane; every other block amid its neighbours."""
    of = {id(place): block for block in blocks for place in block.places}
    near: tuple[dict[int, int], dict[int, int]] = {}, {}
    for left, right, up, down in pulls:
        if up == down == 0:
            near[0][id(left)] = near[0].get(id(left), 0) + 1
            near[1][id(right)] = near[1].get(id(right), 0) + 1
        a, b = of[id(left)], of[id(right)]
        if a is not b:
            a.pulls.append((b, down - up))
            b.pulls.append((a, up - down))
    groups = _groups(blocks, _trunks(blocks, *near))
    wishes = {id(block): 0.0 for block in blocks}
    _place(groups, wishes)
    for number in range(_ROUNDS):
        before = {id(block): block.y for block in blocks}
        wishes = {id(block): _wish(block) for block in blocks}
        _place(groups, wishes)
        if number < _ROUNDS - 1:
            for block in blocks:
                block.y = (block.y + before[id(block)]) / 2
    for block in blocks:
        for place in block.places:
            place.y = block.y


def _wish(block: _Block) -> float:
    """Amid the neighbours; a loop's line keeps outside of both nodes that it joins."""
    heights = [other.y + offset for other, offset in block.pulls]
    bias = block.places[0].bias
    if not heights or bias == 0:
        return sum(heights) / (len(heights) + _HOME)
    return min(heights) if bias < 0 else max(heights)


def _trunks(blocks: list[_Block], rights: dict[int, int], lefts: dict[int, int]) -> set[int]:
    """Blocks of main paths, long ones first; none of them above or below another one."""

    def is_branch(block: _Block) -> bool:
        return lefts.get(id(block.places[0])) == 1 or rights.get(id(block.places[-1])) == 1

    def nodes(block: _Block) -> int:
        return sum(place.node is not None for place in block.places)

    trunks: set[int] = set()
    barred: set[int] = set()
    for block in sorted(blocks, key=nodes, reverse=True):
        if nodes(block) and not is_branch(block) and id(block) not in barred:
            trunks.add(id(block))
            for near in (_beyond([block], up=True), _beyond([block], up=False)):
                barred.update(near)
    return trunks


def _beyond(blocks: list[_Block], *, up: bool) -> set[int]:
    """All blocks above, or below, one of those given."""
    found: set[int] = set()
    todo = list(blocks)
    while todo:
        block = todo.pop()
        for other, _ in block.under if up else block.over:
            if id(other) not in found:
                found.add(id(other))
                todo.append(other)
    return found


@dataclass(frozen=True, slots=True)
class _Groups:
    """Blocks from above to below: fixed, free of the fixed ones, above and below them."""

    trunks: list[_Block]
    free: list[_Block]
    above: list[_Block]
    below: list[_Block]


def _groups(blocks: list[_Block], trunks: set[int]) -> _Groups:
    fixed = [block for block in blocks if id(block) in trunks]
    above, below = _beyond(fixed, up=True), _beyond(fixed, up=False)
    return _Groups(
        fixed,
        [b for b in blocks if id(b) not in trunks | above | below],
        [b for b in blocks if id(b) in above],
        [b for b in blocks if id(b) in below],
    )


def _place(groups: _Groups, wishes: dict[int, float]) -> None:
    """Nearest heights to the wishes that keep the room between all blocks.

    Free blocks take the mean of pushing all down and pushing all up, which keeps even splits
    even; those above a trunk are pushed up, those below are pushed down.
    """
    down: dict[int, float] = {}
    up: dict[int, float] = {}
    set_: dict[int, float] = {id(block): 0.0 for block in groups.trunks}
    for block in groups.free:
        floors = [down[id(o)] + room for o, room in block.under if id(o) in down]
        down[id(block)] = max([wishes[id(block)], *floors])
    for block in reversed(groups.free):
        ceilings = [up[id(o)] - room for o, room in block.over if id(o) in up]
        up[id(block)] = min([wishes[id(block)], *ceilings])
    for block in groups.free:
        set_[id(block)] = (down[id(block)] + up[id(block)]) / 2
    for block in reversed(groups.above):
        ceilings = [set_[id(o)] - room for o, room in block.over if id(o) in set_]
        set_[id(block)] = min([wishes[id(block)], *ceilings])
    for block in groups.below:
        floors = [set_[id(o)] + room for o, room in block.under if id(o) in set_]
        set_[id(block)] = max([wishes[id(block)], *floors])
    for block in (*groups.trunks, *groups.free, *groups.above, *groups.below):
        block.y = set_[id(block)]


def _stack_lanes(skeleton: Skeleton, lane_least: list[float]) -> list[tuple[float, float]]:
    everything = [place for column in skeleton.places for place in column]
    bands: list[tuple[float, float]] = []
    top = 0.0
    pad = LANE_PAD if lane_least else 0.0
    for lane, least in enumerate(lane_least or [0.0]):
        inside = [place for place in everything if place.lane == lane]
        upper = min((place.y - place.up for place in inside), default=0.0)
        lower = max((place.y + place.down for place in inside), default=0.0)
        height = float(round(max(least, lower - upper + 2 * pad)))
        shift = top + math.floor((height - (lower - upper)) / 2) - upper
        for place in inside:
            place.y = math.floor(place.y + shift + 0.5)
        bands.append((top, height))
        top += height
    return bands
