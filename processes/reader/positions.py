"""Who does a step: itself says so, or the lane it is drawn in, as a position in a unit."""

import re
from collections.abc import Iterator, Mapping

from lxml.etree import _Element as Element

from processes.diagram import Diagram, Lane, Node
from processes.document import bpmn, qt_children
from processes.finding import Finding, Severity
from processes.rule import Rule, Words
from processes.search_key import search_key
from processes.step import Assignment

LANE_TWICE = Rule(
    "qt-lane-twice",
    Severity.ERROR,
    "{node} nằm trong nhiều làn: {lanes}. Đặt vào đúng một làn.",
    "{node} stands in several lanes: {lanes}. Put it into exactly one.",
)
POSITION_MISSING = Rule(
    "qt-position-missing",
    Severity.ERROR,
    "{where} có qt:assignment nhưng chưa ghi chức danh (position). Ghi mã chức danh.",
    "{where} has a qt:assignment without a position. State the position's code.",
)
RULES = (LANE_TWICE, POSITION_MISSING)

_OTHER = re.compile(r"[^a-z0-9]+")


def fold(name: str) -> str:
    """A name as a code: "Chuyên viên (Một cửa)" -> "chuyen_vien_mot_cua".

    >>> fold("Lãnh đạo Phòng Đất đai")
    'lanh_dao_phong_dat_dai'
    """
    return _OTHER.sub("_", search_key(name)).strip("_")


def read_assignments(
    process: Element, diagram: Diagram
) -> tuple[Mapping[str, Assignment], tuple[Finding, ...]]:
    """Lane id -> who does its steps. A lane that says nothing itself follows the lane around it."""
    findings: list[Finding] = []
    found: dict[str, Assignment] = {}
    elements = {e.get("id", ""): e for e in process.iter(bpmn("lane"))}
    for lane in diagram.lanes:  # outer lanes come first
        assignment = _lane_assignment(lane, elements[lane.id], findings)
        if assignment is None and lane.parent in found:
            assignment = found[lane.parent]
        if assignment is not None:
            found[lane.id] = assignment
    return found, (*findings, *_twice(diagram))


def step_assignment(
    node: Node, element: Element, lane: Assignment | None, findings: list[Finding]
) -> Assignment | None:
    """Who does a step: its own qt:assignment, else its lane's."""
    stated = next(qt_children(element, "assignment"), None)
    if stated is None:
        return lane
    return _stated(stated, node.id, node.words, "", findings)


def _lane_assignment(lane: Lane, element: Element, findings: list[Finding]) -> Assignment | None:
    stated = next(qt_children(element, "assignment"), None)
    if stated is None:
        position = fold(lane.name)
        return Assignment(position, None, lane.name.strip()) if position else None
    shown = _words(lane)
    where = Words(f"Làn {shown.vi}", f"Lane {shown.en}")
    return _stated(stated, lane.id, where, lane.name.strip(), findings)


def _stated(
    stated: Element, owner: str, where: Words, name: str, findings: list[Finding]
) -> Assignment | None:
    position = stated.get("position", "").strip()
    if not position:
        findings.append(POSITION_MISSING.at(owner, where=where))
        return None
    said = stated.get("name", "").strip() or name or position
    return Assignment(position, stated.get("unit", "").strip() or None, said)


def _twice(diagram: Diagram) -> Iterator[Finding]:
    """Nodes in two lanes of which neither holds the other."""
    lane_of: dict[str, Lane] = {}
    for lane in diagram.lanes:
        for member in lane.members:
            other = lane_of.get(member)
            node = diagram.node(member)
            if other and node and other.id != lane.id and other.id not in _around(lane, diagram):
                lanes = f"{_words(other).vi}, {_words(lane).vi}"
                yield LANE_TWICE.at(member, node=node.words, lanes=lanes)
            lane_of[member] = lane


def _around(lane: Lane, diagram: Diagram) -> set[str]:
    """The ids of the lanes around a lane; repeated ids may not lead in circles."""
    found: set[str] = set()
    outer = diagram.lane_by_id.get(lane.parent or "")
    while outer is not None and outer.id not in found:
        found.add(outer.id)
        outer = diagram.lane_by_id.get(outer.parent or "")
    return found


def _words(lane: Lane) -> Words:
    shown = f"“{lane.name}”" if lane.name.strip() else lane.id
    return Words(shown, shown)
