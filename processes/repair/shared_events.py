"""Shared event definitions that the file does not hold."""

from collections.abc import Iterator
from functools import partial

from lxml.etree import _Element as Element

from processes.diagram import NodeKind
from processes.document import bpmn, local_name
from processes.repair.events import events
from processes.repair.repair import Change, Kind
from processes.repair.wording import shown, words_of
from processes.repair.workpiece import Workpiece

UNKNOWN = Kind(
    "event.shared-unknown",
    "{node} dùng định nghĩa sự kiện chung “{reference}”, nhưng tệp không có định nghĩa đó. Bỏ tham "
    "chiếu.",
    "{node} uses the shared event definition '{reference}', which the file does not hold. The "
    "reference is taken out.",
    answers=("support.event.definitionMissing", "std-ref-event-definition"),
)
KINDS = (UNKNOWN,)

_EVENTS = (NodeKind.START, NodeKind.END, NodeKind.CATCH, NodeKind.THROW, NodeKind.BOUNDARY)
_MISSING = "event.definitionMissing"


def drop_missing_definitions(piece: Workpiece) -> Iterator[Change]:
    """An `eventDefinitionRef` to nothing is taken out."""
    for event in events(piece, *_EVENTS):
        if not piece.refuses(event, _MISSING):
            continue
        for reference in list(event.iterchildren(bpmn("eventDefinitionRef"))):
            text = (reference.text or "").strip()
            if _refers(piece, text):
                continue
            before = f"{shown(event)}: eventDefinitionRef {text}"
            facts = {"node": words_of(event), "reference": text}
            repair = UNKNOWN.of(event.get("id"), before, "–", text, **facts)
            yield Change(repair, partial(_drop, piece, event, reference))


def _refers(piece: Workpiece, text: str) -> bool:
    wanted = text.rpartition(":")[2]
    return any(
        e.get("id") == wanted and local_name(e).endswith("EventDefinition")
        for e in piece.root.iterchildren("{*}*")
    )


def _drop(piece: Workpiece, event: Element, reference: Element) -> None:
    piece.drop(reference, event)
    piece.complaints.answered(event.get("id"), f"support.{_MISSING}")
