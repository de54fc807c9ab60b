"""Where elements are drawn: boxes in px, from the diagram part of the file."""

from math import isfinite

from lxml.etree import _Element as Element

from processes.layout.geometry import Box
from processes.layout.names import DC
from processes.repair.workpiece import Workpiece


def box_of(piece: Workpiece, element: Element) -> Box | None:
    """The element's box, None where it is not drawn."""
    for shape in piece.shapes(element.get("id", "")):
        if (box := bounds_of(shape)) is not None:
            return box
    return None


def bounds_of(shape: Element) -> Box | None:
    """The box of a shape; None where its numbers cannot be read."""
    bounds = shape.find(f"{{{DC}}}Bounds")
    if bounds is None:
        return None
    try:
        numbers = [float(bounds.get(name, "")) for name in ("x", "y", "width", "height")]
    except ValueError:
        return None
    return Box(*numbers) if all(map(isfinite, numbers)) else None


def contains(around: Box, box: Box) -> bool:
    """Whether the middle of a box lies inside another."""
    x, y = box.centre
    return around.x <= x <= around.right and around.y <= y <= around.bottom


def on_border(around: Box, box: Box, near: float) -> bool:
    """Whether the middle of a box lies on the border of another, to so many px."""
    x, y = box.centre
    outer = Box(around.x - near, around.y - near, around.width + 2 * near, around.height + 2 * near)
    inner = Box(around.x + near, around.y + near, around.width - 2 * near, around.height - 2 * near)
    inside = inner.x < x < inner.right and inner.y < y < inner.bottom
    return contains(outer, box) and not inside
