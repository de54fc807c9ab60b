"""Start events that wait for something: here a dossier begins when it is received."""

from collections.abc import Iterator
from functools import partial

from lxml.etree import _Element as Element

from processes.diagram import NodeKind
from processes.drawing import truth
from processes.repair.events import (
    drop_definitions,
    drop_event_data,
    event_code,
    event_kind,
    event_words,
    events,
    shown_event,
)
from processes.repair.repair import Change, Kind
from processes.repair.timers import is_usable
from processes.repair.wording import shown, words_of
from processes.repair.workpiece import Workpiece

PLAIN = Kind(
    "start.plain",
    "{node} là {kind}; ở đây hồ sơ bắt đầu khi cán bộ tiếp nhận, không tự mở theo {kind}. Thành sự "
    "kiện bắt đầu thường, giữ tên.",
    "{node} is a {kind}; here a dossier begins when an officer receives it, not by itself. It "
    "becomes a plain start event with the same name.",
    answers=(
        *("support.startEvent", "support.event", "qt-timer"),
        *("std-start-kind", "std-sub-process-start-kind"),
    ),
)
KINDS = (PLAIN,)


def make_starts_plain(piece: Workpiece) -> Iterator[Change]:
    """Start events lose their definitions."""
    for event in events(piece, NodeKind.START):
        around = event.getparent()
        if around is not None and truth(around.get("triggeredByEvent")):
            continue  # without its event the sub-process would never begin (`sub_processes`)
        refused = piece.refuses(event, event_code(event), "event")
        if event_kind(event) == "none" or not (
            refused or not is_usable(piece, event) or _is_forbidden(piece, event)
        ):
            continue
        after = f"startEvent none {shown(event).partition(' ')[2]}"
        facts = {"node": words_of(event), "kind": event_words(event)}
        repair = PLAIN.of(event.get("id"), shown_event(piece, event), after, **facts)
        yield Change(repair, partial(_plain, piece, event))


def _is_forbidden(piece: Workpiece, event: Element) -> bool:
    return piece.complaints.at(event.get("id"), ("std-start-kind", "std-sub-process-start-kind"))


def _plain(piece: Workpiece, event: Element) -> None:
    drop_definitions(piece, event)
    drop_event_data(piece, event)
    for attribute in ("isInterrupting", "parallelMultiple"):
        event.attrib.pop(attribute, None)
