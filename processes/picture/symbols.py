"""The small signs of BPMN 2.0: kinds of events, tasks, gateways, and markers of activities.

Paths are drawn around (0, 0), for events in a circle of radius 18, for tasks in 16 by 16 px.
"""

from lxml.etree import _Element

from processes.layout.geometry import Box, Point
from processes.picture.canvas import INK, PAPER, circle, path, polygon, polyline

_ENVELOPE = "M-9 -6H9V6H-9Z M-9 -6L0 1L9 -6"
EVENT_PATHS = {
    "messageEventDefinition": _ENVELOPE,
    "signalEventDefinition": "M0 -9L9 7H-9Z",
    "errorEventDefinition": "M-9 8L-4 -7L2 2L9 -8L4 8L-2 -1Z",
    "escalationEventDefinition": "M0 -9L7 9L0 2L-7 9Z",
    "conditionalEventDefinition": "M-6 -9H6V9H-6Z M-4 -5H4 M-4 -1.5H4 M-4 2H4 M-4 5.5H4",
    "linkEventDefinition": "M-9 -4H2V-8L10 0L2 8V4H-9Z",
    "compensateEventDefinition": "M-1 -7V7L-9 0Z M8 -7V7L0 0Z",
    "cancelEventDefinition": "M-7 -9L0 -2L7 -9L9 -7L2 0L9 7L7 9L0 2L-7 9L-9 7L-2 0L-9 -7Z",
    "multiple": "M0 -9L9 -2L5.5 8H-5.5L-9 -2Z",
    "parallelMultiple": "M-3 -9H3V-3H9V3H3V9H-3V3H-9V-3H-3Z",
}
_TIMER = "M0 -11V-9 M0 11V9 M-11 0H-9 M11 0H9 M0 0L2.5 -7 M0 0L5 2"
_HAND = "M-7 0L-2 -6L0 -5L-2 -2H6V0H1V1H7V3H1V4H6V6H1V7H-4L-7 4Z"
TASK_PATHS = {
    "userTask": "M-6 8V4Q-6 0 -2 0H2Q6 0 6 4V8Z"
    " M-3.5 -4A3.5 3.5 0 1 0 3.5 -4A3.5 3.5 0 1 0 -3.5 -4Z",
    "manualTask": _HAND,
    "serviceTask": (
        "M-2 -8H2V-6L4 -5L6 -7L8 -4L6 -2V2L8 4L6 7L4 5L2 6V8H-2V6L-4 5L-6 7L-8 4L-6 2V-2L-8 -4"
        "L-6 -7L-4 -5L-2 -6Z M-2.5 0A2.5 2.5 0 1 0 2.5 0A2.5 2.5 0 1 0 -2.5 0Z"
    ),
    "scriptTask": "M-4 -8H7Q3 -4 5 0Q7 4 4 8H-7Q-4 4 -6 0Q-8 -4 -4 -8Z M-3 -4H3 M-3 0H3 M-2 4H4",
    "sendTask": _ENVELOPE,
    "receiveTask": _ENVELOPE,
    "businessRuleTask": "M-8 -7H8V7H-8Z M-8 -3H8 M-8 2H8 M-3 -3V7",
}
MARKER_PATHS = {
    "loop": "M-3 6A6 6 0 1 1 3 6 M-3 6V2 M-3 6H-7",
    "parallel": "M-4 -6V6 M0 -6V6 M4 -6V6",
    "sequential": "M-6 -4H6 M-6 0H6 M-6 4H6",
    "compensation": "M-1 -5V5L-7 0Z M6 -5V5L0 0Z",
    "adHoc": "M-7 2Q-3.5 -5 0 0Q3.5 5 7 -2",
    "collapsed": "M-7 -7H7V7H-7Z M0 -5V5 M-5 0H5",
}
_DIAMOND_INSIDE = {
    "parallelGateway": "M0 -11V11 M-11 0H11",
    "complexGateway": "M0 -11V11 M-11 0H11 M-8 -8L8 8 M-8 8L8 -8",
}
_CROSS = "M-7 -9L7 9 M-7 9L7 -9"


def event(parent: _Element, box: Box, kind: str, sign: str, *, interrupting: bool) -> None:
    """An event: one ring for starts, two for intermediate ones, a thick one for ends."""
    radius = min(box.width, box.height) / 2
    dashes = {} if interrupting else {"stroke_dasharray": "4 3"}
    if kind == "endEvent":
        circle(parent, box.centre, radius - 1, stroke_width="3.5")
    else:
        circle(parent, box.centre, radius, **dashes)
        if kind != "startEvent":
            circle(parent, box.centre, radius - 3.5, **dashes)
    filled = INK if kind in ("endEvent", "intermediateThrowEvent") else "none"
    if sign == "timerEventDefinition":
        circle(parent, box.centre, radius - 6)
        path(parent, box.centre, _TIMER, fill="none")
    elif sign == "terminateEventDefinition":
        circle(parent, box.centre, radius - 6, fill=INK)
    elif sign == "messageEventDefinition" and filled == INK:
        path(parent, box.centre, _ENVELOPE, fill=INK, stroke=PAPER, stroke_width="1")
    elif sign in EVENT_PATHS:
        path(parent, box.centre, EVENT_PATHS[sign], fill=filled)


def gateway(parent: _Element, box: Box, kind: str, *, crossed: bool) -> None:
    """A gateway; the cross of an exclusive one is drawn where the file asks for it."""
    x, y = box.centre
    polygon(parent, [(x, box.y), (box.right, y), (x, box.bottom), (box.x, y)])
    if kind == "exclusiveGateway" and crossed:
        path(parent, (x, y), _CROSS, stroke_width="3")
    elif kind == "inclusiveGateway":
        circle(parent, (x, y), 12, stroke_width="3")
    elif kind == "eventBasedGateway":
        circle(parent, (x, y), 14)
        path(parent, (x, y), EVENT_PATHS["multiple"], fill="none")
    elif kind in _DIAMOND_INSIDE:
        path(parent, (x, y), _DIAMOND_INSIDE[kind], stroke_width="3")


def task_sign(parent: _Element, box: Box, kind: str) -> None:
    """The sign of a kind of task in the upper left corner."""
    if kind in TASK_PATHS:
        at = (box.x + 15, box.y + 15)
        if kind == "sendTask":
            path(parent, at, TASK_PATHS[kind], fill=INK, stroke=PAPER, stroke_width="1")
        else:
            path(parent, at, TASK_PATHS[kind], stroke_width="1.1")


def markers(parent: _Element, box: Box, names: list[str]) -> None:
    """Markers in a row at the lower border of an activity."""
    x = box.centre[0] - (len(names) - 1) * 9
    for name in names:
        filled = INK if name == "compensation" else "none"
        path(parent, (x, box.bottom - 10), MARKER_PATHS[name], fill=filled)
        x += 18


def data_object(parent: _Element, box: Box) -> None:
    fold = 10.0
    corner = [(box.right - fold, box.y), (box.right - fold, box.y + fold)]
    polygon(
        parent,
        [
            (box.x, box.y),
            corner[0],
            (box.right, box.y + fold),
            (box.right, box.bottom),
            (box.x, box.bottom),
        ],
    )
    polyline(parent, [*corner, (box.right, box.y + fold)])


def data_store(parent: _Element, box: Box) -> None:
    w, h = box.width, box.height
    arc = f"A{w / 2:g} 6 0 0 0 {w:g}"
    drum = f"M0 6{arc} 6V{h - 6:g}A{w / 2:g} 6 0 0 1 0 {h - 6:g}Z"
    path(parent, (box.x, box.y), drum)
    path(parent, (box.x, box.y), f"M0 6A{w / 2:g} 6 0 0 1 {w:g} 6 M0 6{arc} 6", fill="none")


def annotation(parent: _Element, box: Box) -> None:
    """The open bracket; the text stands beside it without a frame."""
    polyline(
        parent,
        [(box.x + 12, box.y), (box.x, box.y), (box.x, box.bottom), (box.x + 12, box.bottom)],
    )


def arrow(parent: _Element, before: Point, tip: Point, *, filled: bool = True) -> None:
    """An arrow head at the tip of a line that comes from `before`."""
    dx, dy = tip[0] - before[0], tip[1] - before[1]
    length = (dx * dx + dy * dy) ** 0.5 or 1.0
    ux, uy = dx / length, dy / length
    base = (tip[0] - 9 * ux, tip[1] - 9 * uy)
    left = (base[0] - 4.5 * uy, base[1] + 4.5 * ux)
    right = (base[0] + 4.5 * uy, base[1] - 4.5 * ux)
    polygon(parent, [left, tip, right], fill=INK if filled else PAPER, stroke_width="1")
