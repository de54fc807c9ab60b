"""Message flows that the standard forbids: nothing runs along them, so they become a note."""

from collections.abc import Iterator
from functools import partial

from lxml.etree import _Element as Element

from processes.document import bpmn
from processes.repair.repair import Change, Kind
from processes.repair.wording import name_of
from processes.repair.workpiece import Workpiece

REMOVED = Kind(
    "message-flow.removed",
    "Luồng thông điệp {flow} vẽ sai chuẩn BPMN ({before}). Bỏ luồng, ghi lại thành ghi chú của quy "
    "trình.",
    "The message flow {flow} is drawn as the standard forbids ({before}). It is taken out and "
    "noted in the process's documentation.",
    answers=(
        *("std-message-flow-dangling", "std-message-flow-one-pool", "std-message-flow-gateway"),
        *("std-message-flow-end", "std-message-flow-from-start", "std-message-flow-into-end"),
        *("std-message-flow-from-catch", "std-message-flow-into-throw"),
    ),
)
KINDS = (REMOVED,)


def drop_message_flows(piece: Workpiece) -> Iterator[Change]:
    """Message flows that are complained of."""
    process = piece.process
    if process is None:
        return
    for flow in list(piece.root.iter(bpmn("messageFlow"))):
        if piece.complaints.at(flow.get("id"), REMOVED.answers):
            before = f"{flow.get('sourceRef', '–')} ⇢ {flow.get('targetRef', '–')}"
            name = f"“{name_of(flow)}”" if name_of(flow) else flow.get("id", "–")
            repair = REMOVED.of(flow.get("id"), before, "–", flow=name)
            yield Change(repair, partial(_drop, piece, flow, process, f"{name}: {before}"))


def _drop(piece: Workpiece, flow: Element, process: Element, text: str) -> None:
    piece.say(process, f"Luồng thông điệp trong sơ đồ gốc: {text}")
    piece.drop(flow, process)
