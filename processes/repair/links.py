"""Link events: two ends of one arrow that a page could not hold, connected."""

from collections.abc import Iterator
from functools import partial

from lxml.etree import _Element as Element

from processes.diagram import EventKind, NodeKind
from processes.repair.events import (
    drop_definitions,
    event_kind,
    events,
    is_refused,
    shown_event,
    subject,
)
from processes.repair.repair import Change, Kind
from processes.repair.wording import name_of, shown, words_of
from processes.repair.workpiece import Workpiece

PAIRED = Kind(
    "link.connected",
    "{node} nhảy tới {target} bằng liên kết. Nối hai đầu bằng một luồng; hai sự kiện thành mốc "
    "trên đường đi.",
    "{node} jumps to {target} by a link. Both are connected with a flow and become marks on the "
    "way.",
    answers=(
        "support.intermediateThrowEvent.link",
        "support.intermediateCatchEvent.link",
    ),
)
ALONE = Kind(
    "link.alone",
    "{node} là liên kết không có đầu kia mang cùng tên. Thành sự kiện thường.",
    "{node} is a link without another end of the same name. It becomes a plain event.",
    answers=(
        "support.intermediateThrowEvent.link",
        "support.intermediateCatchEvent.link",
    ),
)
KINDS = (PAIRED, ALONE)


def connect_links(piece: Workpiece) -> Iterator[Change]:
    """Every throwing link leads by a flow to the catching link of its name."""
    if not is_refused(f"{NodeKind.THROW}.{EventKind.LINK}"):
        return
    linking = events(piece, NodeKind.THROW, NodeKind.CATCH)
    names = {e.get("id"): _name(piece, e) for e in linking if event_kind(e) == EventKind.LINK}
    catching = [e for e in events(piece, NodeKind.CATCH) if event_kind(e) == EventKind.LINK]
    met: set[str] = set()
    for thrown in events(piece, NodeKind.THROW):
        if event_kind(thrown) != EventKind.LINK:
            continue
        wanted = names[thrown.get("id")]
        target = next((c for c in catching if names[c.get("id")] == wanted), None)
        if target is None or target.getparent() is not thrown.getparent():
            yield _alone(piece, thrown)
            continue
        met.add(target.get("id", ""))
        repair = PAIRED.of(
            thrown.get("id"),
            f"{shown_event(piece, thrown)} ⇢ {shown_event(piece, target)}",
            f"{shown(thrown)} → {shown(target)}",
            node=words_of(thrown),
            target=words_of(target),
        )
        yield Change(repair, partial(_connect, piece, thrown, target))
    for caught in catching:
        still_a_link = event_kind(caught) == EventKind.LINK
        if still_a_link and caught.get("id", "") not in met:
            yield _alone(piece, caught)


def _name(piece: Workpiece, event: Element) -> str:
    return subject(piece, event) or name_of(event)


def _alone(piece: Workpiece, event: Element) -> Change:
    after = f"intermediateThrowEvent none {event.get('id')}"
    repair = ALONE.of(event.get("id"), shown_event(piece, event), after, node=words_of(event))
    return Change(repair, partial(_plain, piece, event))


def _plain(piece: Workpiece, event: Element) -> None:
    if not name_of(event) and (name := subject(piece, event)):
        event.set("name", name)
    drop_definitions(piece, event)
    piece.change_kind(event, NodeKind.THROW, "parallelMultiple")


def _connect(piece: Workpiece, thrown: Element, target: Element) -> None:
    _plain(piece, thrown)
    if event_kind(target) == EventKind.LINK:
        _plain(piece, target)
    piece.add_flow(thrown, target)
