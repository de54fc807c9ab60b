"""Pools above each other, their lanes as bands, and the messages between them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from lxml.etree import _Element

from processes.layout.arranging import Arranged, arrange
from processes.layout.geometry import Box, Line, Point, Shape, straightened
from processes.layout.labels import Obstacles, flow_label
from processes.layout.lettering import label_size, upright_room
from processes.layout.names import kind, local
from processes.layout.scene import LaneHead, Link

HEAD = 30.0  # width of the strip with the name of a pool or lane
_SIDE_PAD = 40.0
_POOL_PAD = 30.0
_POOL_LEAST = 60.0
_EMPTY_WIDTH = 600.0
_BETWEEN = 60.0
_MESSAGE_GAP = 14.0
_STRAIGHT = 2  # points of a line without a turn
_WIDE = 60.0  # a node wide enough for several messages side by side


@dataclass(slots=True)
class Pool:
    """A participant with its place; `arranged` is None for a pool without a known process."""

    id: str
    arranged: Arranged | None
    box: Box = field(default_factory=lambda: Box(0, 0, 0, 0))
    shapes: list[Shape] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Sheet:
    """All that one diagram shows; links have no lines yet."""

    shapes: tuple[Shape, ...]
    lines: tuple[Line, ...]
    links: tuple[Link, ...]


def sheet_of_process(process: _Element) -> Sheet:
    """A process without a pool; its lanes, if any, are drawn as bands."""
    arranged = arrange(process)
    lanes = arranged.scene.lanes
    depth = max((lane.depth + 1 for lane in lanes), default=0)
    dx = depth * HEAD + _SIDE_PAD if lanes else 0.0
    width = dx + arranged.picture.width + _SIDE_PAD
    bands = _band_shapes(lanes, arranged.picture.bands, Box(0, 0, width, 0))
    shapes = [shape.moved(dx, 0) for shape in arranged.picture.shapes]
    lines = [line.moved(dx, 0) for line in arranged.picture.lines]
    return Sheet((*bands, *shapes), tuple(lines), arranged.links)


def sheet_of_collaboration(
    collaboration: _Element, processes: Mapping[str, _Element], top: Sequence[Link]
) -> Sheet:
    """All pools of a collaboration; `top`: associations of the collaboration itself."""
    pools: list[Pool] = []
    for element in collaboration:
        if kind(element) == "participant" and element.get("id"):
            process = processes.get(local(element.get("processRef")))
            room = upright_room(element.get("name", ""), _POOL_LEAST)
            arranged = None if process is None else arrange(process, room)
            pools.append(Pool(element.get("id", ""), arranged, Box(0, 0, 0, room)))
    messages = [m for m in collaboration if kind(m) == "messageFlow" and m.get("id")]
    _stack(pools, len(messages))
    sheet_lines = [line for pool in pools for line in pool.lines]
    sheet_lines += _Messages(pools).lines(messages)
    shapes = tuple(shape for pool in pools for shape in pool.shapes)
    links = [link for pool in pools if pool.arranged for link in pool.arranged.links]
    return Sheet(shapes, tuple(sheet_lines), (*links, *top))


def _stack(pools: list[Pool], messages: int) -> None:
    """Set the boxes of the pools, all of one width, and what is inside of them."""
    widths = [_EMPTY_WIDTH]
    for pool in pools:
        if pool.arranged is not None:
            widths = [w for w in widths if w != _EMPTY_WIDTH]
            widths.append(_offset(pool) + pool.arranged.picture.width + _SIDE_PAD)
    width = float(round(max(widths, default=_EMPTY_WIDTH)))
    top = 0.0
    for pool in pools:
        height = pool.box.height
        pad = 0.0
        if pool.arranged is not None:
            picture = pool.arranged.picture
            pad = 0.0 if pool.arranged.scene.lanes else _POOL_PAD
            height = max(picture.height + 2 * pad, 0.0 if pool.arranged.scene.lanes else height)
            pad = float(round((height - picture.height) / 2))
        pool.box = Box(0, top, width, float(round(height)))
        _fill(pool, pad)
        top += pool.box.height + _BETWEEN + _MESSAGE_GAP * messages


def _offset(pool: Pool) -> float:
    lanes = pool.arranged.scene.lanes if pool.arranged else []
    return HEAD * (1 + max((lane.depth + 1 for lane in lanes), default=0)) + _SIDE_PAD


def _fill(pool: Pool, pad: float) -> None:
    pool.shapes = [Shape(pool.id, pool.box, level=True)]
    if pool.arranged is None:
        return
    picture, lanes = pool.arranged.picture, pool.arranged.scene.lanes
    frame = Box(HEAD, pool.box.y, pool.box.width - HEAD, pool.box.height)
    pool.shapes += _band_shapes(lanes, picture.bands, frame)
    dx, dy = _offset(pool), pool.box.y + pad
    pool.shapes += [shape.moved(dx, dy) for shape in picture.shapes]
    pool.lines = [line.moved(dx, dy) for line in picture.lines]


def _band_shapes(
    lanes: Sequence[LaneHead], bands: Sequence[tuple[float, float]], frame: Box
) -> list[Shape]:
    shapes = []
    for lane in lanes:
        upper, lower = bands[lane.first], bands[lane.last]
        x = frame.x + HEAD * lane.depth
        height = lower[0] + lower[1] - upper[0]
        box = Box(x, frame.y + upper[0], frame.right - x, height)
        shapes.append(Shape(lane.id, box, level=True))
    return shapes


class _Messages:
    """Ways of message flows: out of the pool beside the column, along between the pools."""

    def __init__(self, pools: Sequence[Pool]) -> None:
        self._pools = pools
        self._home = {s.element: n for n, pool in enumerate(pools) for s in pool.shapes}
        self._box = {s.element: s.box for pool in pools for s in pool.shapes}
        self._used: dict[str, int] = {}

    def lines(self, messages: Sequence[_Element]) -> list[Line]:
        taken = Obstacles()
        for pool in self._pools:
            for shape in pool.shapes:
                if not shape.level:
                    taken.add_box(shape.box)
        drawn = []
        for number, message in enumerate(messages):
            source, target = local(message.get("sourceRef")), local(message.get("targetRef"))
            if source not in self._home or target not in self._home:
                continue
            way = straightened(self._way(source, target, number))
            taken.add_line(way)
            between = way if len(way) == _STRAIGHT else way[1:]
            label = flow_label(between, label_size(message.get("name", "")), taken)
            drawn.append(Line(message.get("id", ""), way, label))
        return drawn

    def _way(self, source: str, target: str, number: int) -> list[Point]:
        here, there = self._home[source], self._home[target]
        down = there >= here
        out = self._leave(source, down=down)
        into = self._leave(target, down=not down)
        if out is None and into is None:
            x = HEAD + _SIDE_PAD + 24.0 * (number + 1)
            out, into = [(x, self._border(here, down))], [(x, self._border(there, not down))]
        elif out is None and into is not None:
            out = [(into[-1][0], self._border(here, down))]
        elif into is None and out is not None:
            into = [(out[-1][0], self._border(there, not down))]
        assert out is not None
        assert into is not None
        step = 20 + _MESSAGE_GAP * number
        leave = self._border(here, down) + (step if down else -step)
        enter = self._border(there, not down) + (-step if down else step)
        if abs(here - there) <= 1:
            return [*out, (out[-1][0], leave), (into[-1][0], leave), *reversed(into)]
        beside = -20.0 - _MESSAGE_GAP * number
        around = [(beside, leave), (beside, enter)]
        return [*out, (out[-1][0], leave), *around, (into[-1][0], enter), *reversed(into)]

    def _border(self, pool: int, down: bool) -> float:
        box = self._pools[pool].box
        return box.bottom if down else box.y

    def _leave(self, element: str, *, down: bool) -> list[Point] | None:
        """From the element's border to its pool's; None for the pool itself."""
        pool = self._pools[self._home[element]]
        if element == pool.id:
            return None
        box = self._box[element]
        seat = self._used.get(element, 0)
        self._used[element] = seat + 1
        dx = (seat + 1) // 2 * 14.0 * (-1 if seat % 2 else 1)
        x = box.centre[0] + (dx if box.width > _WIDE else 0.0)
        start = (x, box.bottom if down else box.y)
        end = (x, self._border(self._home[element], down))
        if self._clear(pool, box, start, end) or pool.arranged is None:
            return [start, end]
        column = pool.arranged.picture.columns.get(element)
        if column is None:
            return [start, end]
        side = _offset(pool) + column[1] + 8.0
        turn = start[1] + (9.0 if down else -9.0)
        return [start, (x, turn), (side, turn), (side, end[1])]

    @staticmethod
    def _clear(pool: Pool, box: Box, start: Point, end: Point) -> bool:
        return not any(
            shape.box.crossed_by(start, end)
            for shape in pool.shapes
            if not shape.level and not _holds(shape.box, box)
        )


def _holds(outer: Box, inner: Box) -> bool:
    """Whether the inner box is the outer one or lies in it."""
    return (
        outer.x <= inner.x
        and outer.y <= inner.y
        and outer.right >= inner.right
        and outer.bottom >= inner.bottom
    )
