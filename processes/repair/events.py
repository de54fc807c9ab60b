"""What an event of the diagram waits for or sends, and whether it runs here."""

from collections.abc import Iterator

from lxml.etree import _Element as Element

from processes.diagram import KIND_WORDS, EventKind, NodeKind
from processes.document import BPMN, bpmn, local_name
from processes.repair.wording import name_of
from processes.repair.workpiece import Workpiece
from processes.rule import Words
from processes.support import CONSTRUCTS
from processes.support.table import MULTIPLE, NONE

EVENT_ATTRIBUTES = ("isInterrupting", "parallelMultiple", "cancelActivity", "attachedToRef")
_DATA = ("dataInput", "dataOutput", "inputSet", "outputSet")
_REFERENCES = ("messageRef", "signalRef", "errorRef", "escalationRef")


def definitions(event: Element) -> list[Element]:
    return [e for e in event.iterchildren(f"{{{BPMN}}}*") if _is_definition(local_name(e))]


def event_kind(event: Element) -> str:
    """One of "message", "timer"..., "none", "multiple"."""
    found = [local_name(e).removesuffix("EventDefinition") for e in definitions(event)]
    return MULTIPLE if len(found) > 1 else (found or [NONE])[0]


def event_code(event: Element) -> str:
    """The event's place in the table of constructs."""
    return f"{local_name(event)}.{event_kind(event)}"


def event_words(event: Element) -> Words:
    """The event's kind in words."""
    construct = CONSTRUCTS.get(event_code(event))
    return KIND_WORDS[NodeKind(local_name(event))] if construct is None else construct.kind


def subject(piece: Workpiece, event: Element) -> str:
    """What the event is about: the name of its message, signal..., or its condition; else ""."""
    return next((text for d in definitions(event) if (text := _subject(piece, d))), "")


def _subject(piece: Workpiece, definition: Element) -> str:
    for reference in _REFERENCES:
        referred = definition.get(reference, "").strip().rpartition(":")[2]
        for element in piece.root.iterchildren(f"{{{BPMN}}}*") if referred else ():
            if element.get("id") == referred:
                return name_of(element)
    if local_name(definition) == "linkEventDefinition":
        return name_of(definition)
    condition = definition.find(bpmn("condition"))
    return " ".join("".join(condition.itertext()).split()) if condition is not None else ""


def shown_event(piece: Workpiece, event: Element) -> str:
    """The event for before and after: "intermediateCatchEvent message “Đơn”"."""
    named = name_of(event) or subject(piece, event)
    words = f"{local_name(event)} {event_kind(event)}"
    return f"{words} “{named}”" if named else f"{words} {event.get('id')}"


def drop_definitions(piece: Workpiece, event: Element) -> None:
    """Make a plain event of it; what its definitions named goes into its documentation."""
    for definition in definitions(event):
        kind = local_name(definition).removesuffix("EventDefinition")
        about = _subject(piece, definition)
        if about and about != name_of(event) and kind in set(EventKind):
            piece.say(event, f"{_KIND_WORDS[EventKind(kind)]}: {about}")
        piece.drop(definition, event)


def drop_event_data(piece: Workpiece, event: Element) -> None:
    """Data ports that only events have."""
    for part in list(event.iterchildren(*(bpmn(name) for name in _DATA))):
        piece.drop(part, event)


def events(piece: Workpiece, *kinds: NodeKind) -> Iterator[Element]:
    return piece.of_kind(*(kind.value for kind in kinds))


def _is_definition(name: str) -> bool:
    return name.endswith("EventDefinition") or name == "eventDefinitionRef"


_KIND_WORDS = {
    EventKind.CANCEL: "Hủy",
    EventKind.COMPENSATE: "Bù trừ",
    EventKind.CONDITIONAL: "Điều kiện",
    EventKind.ERROR: "Lỗi",
    EventKind.ESCALATION: "Báo cấp trên",
    EventKind.LINK: "Liên kết",
    EventKind.MESSAGE: "Thông điệp",
    EventKind.SIGNAL: "Tín hiệu",
    EventKind.TERMINATE: "Chấm dứt",
    EventKind.TIMER: "Hẹn giờ",
}
