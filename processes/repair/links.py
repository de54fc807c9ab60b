"""Link events that do not join two ends of one arrow."""

from collections.abc import Iterator
from functools import partial

from lxml.etree import _Element as Element

from processes.diagram import EventKind, NodeKind
from processes.repair.events import (
    drop_definitions,
    event_kind,
    events,
    shown_event,
    subject,
)
from processes.repair.repair import Change, Kind
from processes.repair.wording import name_of, words_of
from processes.repair.workpiece import Workpiece

ALONE = Kind(
    "link.alone",
    "{node} là liên kết không nối được: thiếu tên, thiếu đầu kia hoặc có nhiều đầu cùng tên. Thành "
    "mốc thường trên đường đi.",
    "{node} is a link that leads nowhere sure: without a name, without another end or with several "
    "of that name. It becomes a plain mark on the way.",
    answers=(
        *("std-link-name", "std-link-target-missing", "std-link-target-several"),
        *("std-link-source-missing", "std-link-source-outgoing", "std-link-target-incoming"),
        *("std-link-source-incoming", "std-link-target-outgoing", "support.event.unmixable"),
    ),
)
KINDS = (ALONE,)


def loosen_links(piece: Workpiece) -> Iterator[Change]:
    """Links that do not join two ends become marks; those that do run as they are drawn."""
    for event in events(piece, NodeKind.THROW, NodeKind.CATCH):
        if event_kind(event) != EventKind.LINK:
            continue
        if piece.complaints.at(event.get("id"), ALONE.answers):
            after = f"intermediateThrowEvent none {event.get('id')}"
            before = shown_event(piece, event)
            repair = ALONE.of(event.get("id"), before, after, node=words_of(event))
            yield Change(repair, partial(_plain, piece, event))


def _plain(piece: Workpiece, event: Element) -> None:
    if not name_of(event) and (name := subject(piece, event)):
        event.set("name", name)
    drop_definitions(piece, event)
    piece.change_kind(event, NodeKind.THROW, "parallelMultiple")
