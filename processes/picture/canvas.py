"""SVG elements with their numbers rounded and every text escaped by the XML writer."""

from collections.abc import Sequence

from lxml import etree
from lxml.etree import _Element

from processes.layout.geometry import Box, Point
from processes.layout.lettering import wrap
from processes.layout.names import add_element

SVG = "http://www.w3.org/2000/svg"
INK = "#1f2933"
PAPER = "#ffffff"
_FONT = "Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif"
_LINE = 1.2
_LETTERS = 12.0


def new_picture(frame: Box, title: str) -> _Element:
    """The root: it scales to the room it is given and is announced by its title."""
    root = etree.Element(f"{{{SVG}}}svg", nsmap={None: SVG})
    root.set(
        "viewBox",
        f"{number(frame.x)} {number(frame.y)} {number(frame.width)} {number(frame.height)}",
    )
    root.set("width", number(frame.width))
    root.set("height", number(frame.height))
    root.set("role", "img")
    root.set("class", "bpmn-picture")
    root.set("font-family", _FONT)
    root.set("font-size", "12")
    root.set("fill", PAPER)
    root.set("stroke", INK)
    root.set("stroke-width", "1.5")
    root.set("stroke-linejoin", "round")
    if title:
        add_element(root, f"{{{SVG}}}title").text = title
    return root


def group(parent: _Element, classes: str, element: str = "") -> _Element:
    """A group with CSS classes; `data-element` carries the id of the BPMN element."""
    made = add_element(parent, f"{{{SVG}}}g", {"class": classes})
    if element:
        made.set("data-element", element)
    return made


def rect(parent: _Element, box: Box, radius: float = 0.0, **more: str) -> None:
    size = {"x": box.x, "y": box.y, "width": box.width, "height": box.height}
    if radius:
        size["rx"] = radius
    _add(parent, "rect", {key: number(value) for key, value in size.items()}, more)


def circle(parent: _Element, centre: Point, radius: float, **more: str) -> None:
    place = {"cx": number(centre[0]), "cy": number(centre[1]), "r": number(radius)}
    _add(parent, "circle", place, more)


def polygon(parent: _Element, points: Sequence[Point], **more: str) -> None:
    _add(parent, "polygon", {"points": _points(points)}, more)


def polyline(parent: _Element, points: Sequence[Point], **more: str) -> None:
    _add(parent, "polyline", {"points": _points(points), "fill": "none"}, more)


def path(parent: _Element, at: Point, drawing: str, **more: str) -> None:
    """A path of the given SVG drawing, moved to the point."""
    moved = f"translate({number(at[0])} {number(at[1])})"
    _add(parent, "path", {"d": drawing, "transform": moved}, more)


def words(
    parent: _Element,
    text: str,
    box: Box,
    *,
    letters: float = _LETTERS,
    top: bool = False,
    upright: bool = False,
) -> None:
    """Wrapped text in the middle of a box, or at its top; `upright` reads from below."""
    room = box.height - 12 if upright else box.width
    lines = wrap(text, max(room, 20.0), letters)
    if not lines:
        return
    x, middle = box.centre
    height = letters * _LINE
    block = height * len(lines)
    first = (box.y if top else middle - block / 2) + height * 0.8
    made = add_element(parent, f"{{{SVG}}}text", {"text-anchor": "middle"})
    made.set("fill", INK)
    made.set("stroke", "none")
    if letters != _LETTERS:
        made.set("font-size", number(letters))
    if upright:
        made.set("transform", f"rotate(-90 {number(x)} {number(middle)})")
    for row, line in enumerate(lines):
        place = {"x": number(x), "y": number(first + row * height)}
        add_element(made, f"{{{SVG}}}tspan", place).text = line


def number(value: float) -> str:
    """A length without needless digits."""
    return f"{value:.1f}".removesuffix(".0")


def _points(points: Sequence[Point]) -> str:
    return " ".join(f"{number(x)},{number(y)}" for x, y in points)


def _add(parent: _Element, name: str, place: dict[str, str], more: dict[str, str]) -> None:
    style = {key.rstrip("_").replace("_", "-"): value for key, value in more.items()}
    add_element(parent, f"{{{SVG}}}{name}", place | style)
