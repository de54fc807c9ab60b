"""Read XES (IEEE 1849-2016 and 1.0), one event at a time, as a hostile file."""

from collections.abc import Iterator
from datetime import tzinfo

from lxml import etree

from analysis.event_log.assembly import Assembly
from analysis.event_log.bounded_text import BoundedText
from analysis.event_log.columns import Role, case_date
from analysis.event_log.invalid_log import (
    LogBroken,
    LogDoctype,
    LogFormatUnknown,
    LogTooLarge,
)
from analysis.event_log.log import Event, EventLog

_EVENT_KEYS = {
    "concept:name": Role.ACTIVITY,
    "time:timestamp": Role.TIME,
    "lifecycle:transition": Role.TRANSITION,
    "org:resource": Role.RESOURCE,
    "org:group": Role.GROUP,
    "concept:instance": Role.INSTANCE,
    "start_timestamp": Role.STARTED,
    "enabled_timestamp": Role.ENABLED,
}
_PROLOG_BYTES = 1 << 20


def read_xes(text: BoundedText, zone: tzinfo) -> EventLog:
    """The log in an XES stream.

    zone: of time stamps that name none. Only elements of cases are read: the defaults in the
    header (`global`) and the statistics of other tools never become events.
    """
    _check_prolog(text)
    reading = _Reading(text, zone)
    try:
        for _, element in _elements(text):
            reading.finish(element)
    except etree.XMLSyntaxError as broken:
        raise LogBroken(name=text.name, line=broken.lineno or 0) from broken
    return reading.assembly.log("xes")


def _check_prolog(text: BoundedText) -> None:
    """Refuse a document type and a foreign root before anything else is parsed."""
    parser = etree.XMLPullParser(
        events=("start",), resolve_entities=False, load_dtd=False, no_network=True
    )
    size = 0
    try:
        while size < _PROLOG_BYTES:
            head = text.peek(size + 4096)
            if len(head) == size:
                break
            parser.feed(head[size:])
            size = len(head)
            for _, root in parser.read_events():
                _check_root(root, text.name)
                return
    except etree.XMLSyntaxError as broken:
        raise LogBroken(name=text.name, line=broken.lineno or 0) from broken
    raise LogFormatUnknown(name=text.name)


def _check_root(root: etree._Element, name: str) -> None:
    if root.getroottree().docinfo.internalDTD is not None:
        raise LogDoctype(name=name)
    if etree.QName(root).localname != "log":
        raise LogFormatUnknown(name=name)


def _elements(text: BoundedText) -> Iterator[tuple[str, etree._Element]]:
    return etree.iterparse(
        text,
        events=("end",),
        tag=("{*}trace", "{*}event"),
        remove_blank_text=True,
        remove_comments=True,
        remove_pis=True,
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
    )


class _Reading:
    """Where the reader stands. The tree in memory never holds more than one event."""

    def __init__(self, text: BoundedText, zone: tzinfo) -> None:
        self.assembly = Assembly(text.name, text.limits, zone)
        self._text = text
        self._cases = 0
        self._events: list[Event] = []
        self._case_id: str | None = None

    def finish(self, element: etree._Element) -> None:
        """An event or a case has been read to its end."""
        self._text.mark()
        parent = element.getparent()
        if parent is None:
            return
        if etree.QName(element).localname == "trace":
            if parent.getparent() is None:
                self._finish_case(element)
        elif _is_case(parent):
            self._finish_event(element, parent)
        else:
            self.assembly.tally.note("log-event-without-case")
        _forget(element)

    def _finish_event(self, element: etree._Element, trace: etree._Element) -> None:
        self._check_size(trace)
        if self._case_id is None:
            self._case_id = self._attributes(trace).get("concept:name") or f"#{self._cases + 1}"
        told = {
            role: value
            for key, value in self._attributes(element).items()
            if (role := _EVENT_KEYS.get(key)) is not None
        }
        event = self.assembly.event(self._case_id, told)
        if event is not None:
            self._events.append(event)

    def _finish_case(self, trace: etree._Element) -> None:
        self._cases += 1
        told = self._attributes(trace)
        case_id = told.get("concept:name")
        if not case_id:
            case_id = f"#{self._cases}"
            self.assembly.tally.note("log-case-without-name", case_id)
        dates = {role: value for key, value in told.items() if (role := case_date(key))}
        self.assembly.case(case_id, self._events, dates)
        self._events, self._case_id = [], None

    def _attributes(self, element: etree._Element) -> dict[str, str]:
        """The element's own attributes; those nested in them belong to their parents."""
        self._check_size(element)
        return {
            key: value
            for child in element
            if (key := child.get("key")) is not None and (value := child.get("value"))
        }

    def _check_size(self, element: etree._Element) -> None:
        if len(element) > (most := self._text.limits.attributes):
            raise LogTooLarge(name=self._text.name, bound="attributes", most=most)


def _is_case(element: etree._Element) -> bool:
    root = element.getparent()
    return (
        root is not None and root.getparent() is None and etree.QName(element).localname == "trace"
    )


def _forget(element: etree._Element) -> None:
    """Free what was read; the element itself must stay until the parser has left it."""
    element.clear()
    parent, previous = element.getparent(), element.getprevious()
    while parent is not None and previous is not None:
        if previous.get("key") is not None and parent.getparent() is not None:
            break  # an attribute of the case, read at its end
        parent.remove(previous)
        previous = element.getprevious()
