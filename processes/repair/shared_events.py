"""Event definitions that several events share: each event gets its own copy."""

from collections.abc import Iterator
from copy import deepcopy
from functools import partial

from lxml.etree import _Element as Element

from processes.diagram import NodeKind
from processes.document import bpmn, local_name
from processes.repair.events import events, is_refused
from processes.repair.repair import Change, Kind
from processes.repair.wording import shown, words_of
from processes.repair.workpiece import Workpiece

SHARED = Kind(
    "event.shared",
    "{node} dùng định nghĩa sự kiện chung “{reference}”. Chép định nghĩa vào chính sự kiện.",
    "{node} uses the shared event definition '{reference}'. It is copied into the event itself.",
    answers=("support.event.eventDefinitionRef",),
)
UNKNOWN = Kind(
    "event.shared-unknown",
    "{node} dùng định nghĩa sự kiện chung “{reference}”, nhưng tệp không có định nghĩa đó. Bỏ tham "
    "chiếu.",
    "{node} uses the shared event definition '{reference}', which the file does not hold. The "
    "reference is taken out.",
    answers=("support.event.eventDefinitionRef",),
)
KINDS = (SHARED, UNKNOWN)

_MOST = 50  # elements of one definition
_EVENTS = (NodeKind.START, NodeKind.END, NodeKind.CATCH, NodeKind.THROW, NodeKind.BOUNDARY)


def copy_shared_events(piece: Workpiece) -> Iterator[Change]:
    """`eventDefinitionRef` is replaced by what it refers to."""
    if not is_refused("event.eventDefinitionRef"):
        return
    shared = {
        e.get("id", ""): e
        for e in piece.root.iterchildren("{*}*")
        if local_name(e).endswith("EventDefinition")
    }
    for event in events(piece, *_EVENTS):
        for reference in list(event.iterchildren(bpmn("eventDefinitionRef"))):
            text = (reference.text or "").strip()
            found = shared.get(text.rpartition(":")[2])
            if found is not None and int(found.xpath("count(.//*)")) > _MOST:
                found = None  # no event needs so much
            kind = UNKNOWN if found is None else SHARED
            after = "–" if found is None else local_name(found)
            before = f"{shown(event)}: eventDefinitionRef {text}"
            repair = kind.of(
                event.get("id"), before, after, text, node=words_of(event), reference=text
            )
            yield Change(repair, partial(_replace, piece, event, reference, found))


def _replace(piece: Workpiece, event: Element, reference: Element, found: Element | None) -> None:
    if found is not None:
        copy = deepcopy(found)
        for part in copy.iter("{*}*"):
            part.attrib.pop("id", None)
        copy.tail = None
        reference.addprevious(copy)
    piece.drop(reference, event)
