"""Places for the names of flows and gateways: near their source, on nothing else."""

from collections.abc import Iterable, Sequence
from itertools import pairwise

from processes.layout.geometry import Box, Point
from processes.layout.skeleton import Place

_CELL = 160.0
_ON_A_SHAPE = 100.0
_ON_A_LINE = 30.0
_ON_A_BORDER = 8.0
_MOST_CELLS = 400  # a very long line is only looked at near its ends


class Obstacles:
    """What a label should not lie on, found by where it is."""

    def __init__(self) -> None:
        self._boxes: dict[tuple[int, int], list[tuple[Box, float]]] = {}

    def add_box(self, box: Box) -> None:
        self._add(box, _ON_A_SHAPE)

    def add_line(self, points: Sequence[Point]) -> None:
        for a, b in pairwise(points):
            self._add(_around(a, b), _ON_A_LINE)

    def add_border(self, a: Point, b: Point) -> None:
        """The border of a lane: better not, but better than on a flow."""
        self._add(_around(a, b), _ON_A_BORDER)

    def _add(self, box: Box, weight: float) -> None:
        for cell in self._cells(box):
            self._boxes.setdefault(cell, []).append((box, weight))

    def cost(self, box: Box) -> float:
        """How bad it is to put a label there; 0 where nothing is in the way."""
        near = {
            (other, weight)
            for cell in self._cells(box)
            for other, weight in self._boxes.get(cell, [])
        }
        return sum(weight for other, weight in near if box.meets(other, 1.0))

    @staticmethod
    def _cells(box: Box) -> Iterable[tuple[int, int]]:
        columns = range(int(box.x // _CELL), int(box.right // _CELL) + 1)
        rows = range(int(box.y // _CELL), int(box.bottom // _CELL) + 1)
        cells = ((column, row) for column in columns for row in rows)
        return (cell for _, cell in zip(range(_MOST_CELLS), cells, strict=False))


def _around(a: Point, b: Point) -> Box:
    return Box(min(a[0], b[0]), min(a[1], b[1]), abs(a[0] - b[0]), abs(a[1] - b[1]))


def gateway_label(place: Place, x: float, taken: Obstacles) -> Box | None:
    """Above or below the gateway, moved aside where a line passes."""
    node = place.node
    if node is None or not node.label[1]:
        return None
    width, height = node.label
    above = place.y - node.height / 2 - height - 4
    below = place.y + node.height / 2 + 4
    heights = (above, below) if place.label_above else (below, above)
    lefts = (x - width / 2, x - width - 6, x + 6)
    spots = [Box(left, top, width, height) for top in heights for left in lefts]
    # beside the upper or lower tip, where lines leave on both sides
    spots += [
        Box(left, top, width, height)
        for top in (place.y - 18 - height, place.y + 18)
        for left in (x - width - 12, x + 12)
    ]
    return _best(spots, taken)


def flow_label(points: Sequence[Point], size: tuple[float, float], taken: Obstacles) -> Box | None:
    """Beside the line, as near to its source as there is room."""
    if not size[1]:
        return None
    width, height = size
    spots: list[Box] = []
    for (ax, ay), (bx, by) in pairwise(points):
        if ay == by:
            near = ax + 6 if bx > ax else ax - 6 - width
            middle = (ax + bx - width) / 2
            spots += [
                Box(left, top, width, height)
                for left in (near, middle)
                for top in (ay - height - 3, ay + 4)
            ]
        else:
            near = ay + 5 if by > ay else ay - 5 - height
            middle = (ay + by - height) / 2
            spots += [
                Box(left, top, width, height)
                for top in (near, middle)
                for left in (ax + 5, ax - width - 5)
            ]
    return _best(spots, taken)


def _best(spots: list[Box], taken: Obstacles) -> Box | None:
    costs = [taken.cost(spot) + index / 100 for index, spot in enumerate(spots)]
    if not costs:
        return None
    best = spots[costs.index(min(costs))]
    taken.add_box(best)
    return best
