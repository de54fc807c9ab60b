"""A file without a drawing is drawn; one with a drawing keeps it, and what lacks is added."""

from collections.abc import Iterator
from functools import partial

from lxml.etree import _Element as Element

from processes.repair.geometry import box_of
from processes.repair.repair import UNASKED, Change, Kind
from processes.repair.wording import quoted
from processes.repair.workpiece import Workpiece
from processes.rule import listed

ALL = Kind(
    "drawing.all",
    "Tệp chưa có hình vẽ. Vẽ sơ đồ từ trái sang phải, gọn theo làn.",
    "The file has no drawing. The diagram is drawn from left to right, tidily by lanes.",
    answers=UNASKED,
)
REST = Kind(
    "drawing.rest",
    "Hình vẽ thiếu {count} phần tử: {missing}. Vẽ thêm cạnh phần tử liền kề, phần đã vẽ giữ "
    "nguyên.",
    "The drawing lacks {count} elements: {missing}. They are drawn beside their neighbours; what "
    "is drawn stays.",
    answers=UNASKED,
)
KINDS = (ALL, REST)


def draw_missing(piece: Workpiece) -> Iterator[Change]:
    """The drawing, where the file has none, or the part of it that lacks."""
    process = piece.process
    originals = [node for node in piece.nodes.values() if node in piece.numbered]
    if process is None or not originals:
        return
    if not any(piece.shapes(node.get("id", "")) for node in originals):
        yield Change(ALL.of(None, "–", "bpmndi:BPMNDiagram"), partial(_draw_all, piece))
        return
    missing = [node for node in originals if _lacks(piece, node)]
    missing += [f for f in piece.flows if f in piece.numbered and _line_lacks(piece, f, missing)]
    if missing:
        names = listed([quoted(element) for element in missing])
        repair = REST.of(process.get("id") or None, "–", names, missing=names, count=len(missing))
        yield Change(repair, partial(_draw_rest, piece))


def _lacks(piece: Workpiece, node: Element) -> bool:
    """Whether the node is not drawn on a level of which something is."""
    container = node.getparent()
    if container is None or box_of(piece, node) is not None:
        return False
    return any(box_of(piece, sibling) is not None for sibling in piece.inside(container))


def _line_lacks(piece: Workpiece, flow: Element, missing: list[Element]) -> bool:
    """Whether the flow is not drawn although its two ends are, or will be."""
    ends = (piece.source(flow), piece.target(flow))
    drawn = all(box_of(piece, end) is not None or end in missing for end in ends)
    return drawn and not piece.shapes(flow.get("id", ""))


def _draw_all(piece: Workpiece) -> None:
    piece.draw_all = True


def _draw_rest(piece: Workpiece) -> None:
    piece.draw_rest = True
