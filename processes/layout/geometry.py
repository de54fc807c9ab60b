"""The plane of a drawing: boxes, shapes, lines. All numbers are px, y grows downwards."""

from dataclasses import dataclass, field, replace

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle by its upper left corner and size."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    @property
    def centre(self) -> Point:
        return self.x + self.width / 2, self.y + self.height / 2

    def moved(self, dx: float, dy: float) -> "Box":
        return Box(self.x + dx, self.y + dy, self.width, self.height)

    def meets(self, other: "Box", gap: float = 0.0) -> bool:
        """Whether the two share more than a border, or come nearer than `gap`."""
        return (
            self.x < other.right + gap
            and other.x < self.right + gap
            and self.y < other.bottom + gap
            and other.y < self.bottom + gap
        )

    def crossed_by(self, a: Point, b: Point) -> bool:
        """Whether an upright or level line from a to b runs through the inside."""
        left, right = sorted((a[0], b[0]))
        top, bottom = sorted((a[1], b[1]))
        return left < self.right and right > self.x and top < self.bottom and bottom > self.y

    def border_towards(self, point: Point) -> Point:
        """Where the straight line from the centre to the point leaves the box."""
        (cx, cy), (px, py) = self.centre, point
        dx, dy = px - cx, py - cy
        if dx == 0 and dy == 0:
            return cx, self.y
        shares = [size / 2 / abs(d) for size, d in ((self.width, dx), (self.height, dy)) if d != 0]
        share = min([*shares, 1.0])
        return cx + dx * share, cy + dy * share


@dataclass(frozen=True, slots=True)
class Shape:
    """A drawn node. expanded: None where the notion does not apply; level: pools and lanes."""

    element: str
    box: Box
    label: Box | None = None
    expanded: bool | None = None
    level: bool = False
    marker: bool = False

    def moved(self, dx: float, dy: float) -> "Shape":
        label = self.label.moved(dx, dy) if self.label else None
        return replace(self, box=self.box.moved(dx, dy), label=label)


@dataclass(frozen=True, slots=True)
class Line:
    """A drawn edge: at least two points, from the source's border to the target's."""

    element: str
    points: tuple[Point, ...]
    label: Box | None = None

    def moved(self, dx: float, dy: float) -> "Line":
        label = self.label.moved(dx, dy) if self.label else None
        points = tuple((x + dx, y + dy) for x, y in self.points)
        return replace(self, points=points, label=label)


@dataclass(frozen=True, slots=True)
class Picture:
    """Shapes and lines in a frame whose upper left corner is (0, 0).

    bands: top and height of each lane, in the scope's order of lanes.
    columns: left and right end of the shape-free room around each node.
    """

    width: float
    height: float
    shapes: tuple[Shape, ...] = ()
    lines: tuple[Line, ...] = ()
    bands: tuple[tuple[float, float], ...] = ()
    columns: dict[str, tuple[float, float]] = field(default_factory=dict)


def straightened(points: list[Point]) -> tuple[Point, ...]:
    """The same way without repeated points and without points inside a straight run."""
    kept: list[Point] = []
    for x, y in points:
        point = (round(x, 1), round(y, 1))
        if kept and kept[-1] == point:
            continue
        while len(kept) > 1 and _in_line(kept[-2], kept[-1], point):
            kept.pop()
        kept.append(point)
    return tuple(kept)


def _in_line(a: Point, b: Point, c: Point) -> bool:
    upright = a[0] == b[0] == c[0] and (b[1] - a[1]) * (c[1] - b[1]) > 0
    level = a[1] == b[1] == c[1] and (b[0] - a[0]) * (c[0] - b[0]) > 0
    return upright or level
