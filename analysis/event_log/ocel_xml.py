"""Read OCEL as XML (2.0, and 1.0), an object or event at a time, as a hostile file."""

from collections.abc import Iterator, Mapping
from datetime import tzinfo

from lxml import etree

from analysis.event_log.bounded_text import BoundedText
from analysis.event_log.columns import Role
from analysis.event_log.invalid_log import LogBroken, LogTooLarge
from analysis.event_log.log import EventLog
from analysis.event_log.ocel import OcelEvent, Repeated, flattened, object_dates, told_by
from analysis.event_log.xml_log import finished_elements, local_name

_IDS = ("object-id", "objectId")  # as the standard writes it, and as some tools do


def read_ocel_xml(text: BoundedText, zone: tzinfo, object_type: str | None = None) -> EventLog:
    """The log in an XML stream that `is_ocel` found to be one.

    zone: of time stamps that name none. Objects may stand before events or behind them.
    """
    reading = _Reading(text)
    try:
        for _, element in finished_elements(text, "object", "event"):
            reading.finish(element)
    except etree.XMLSyntaxError as broken:
        raise LogBroken(name=text.log_name, line=broken.lineno or 0) from broken
    return flattened(
        text, zone, object_type, reading.types, reading.events, reading.dates, reading.again
    )


class _Reading:
    """What was read. Elements are freed at once: the tree never grows."""

    def __init__(self, text: BoundedText) -> None:
        self.types: dict[str, str] = {}
        self.dates: dict[str, dict[Role, str]] = {}
        self.events: list[OcelEvent] = []
        self.again = Repeated()
        self._text = text
        self._relations = 0
        self._names: dict[str, str] = {}

    def finish(self, element: etree._Element) -> None:
        """An object or an event has been read to its end."""
        self._text.mark()
        parent = element.getparent()
        within = None if parent is None else parent.getparent()
        if parent is None or within is None or within.getparent() is not None:
            return  # it tells of an object or event around it, which is not read yet
        place = (local_name(parent), local_name(element))
        if place == ("objects", "object"):
            self._object(element)
        elif place == ("events", "event"):
            self._event(element)
        _forget(element)

    def _object(self, element: etree._Element) -> None:
        old = _old_values(element)
        identity = self._named(element, "id", old)
        self.again.see(f"o{identity}", identity)
        self.types[identity] = self._named(element, "type", old)
        self._bound("events", len(self.types), self._text.limits.events)
        if dates := object_dates(self._attributes(element)):
            self.dates[identity] = dates

    def _event(self, element: etree._Element) -> None:
        old = _old_values(element)
        told = told_by(
            self._named(element, "activity" if old else "type", old),
            old.get("timestamp", "") or element.get("time", ""),
            dict(self._attributes(element)),
        )
        identity = old.get("id", "") or element.get("id", "")
        self.again.see(f"e{identity}", identity)
        related = [to for each in _inside(element, "objects") if (to := _object_of(each))]
        related += [each.get("value", "") for each in _in_list(element, "omap")]
        self._relations += len(related)
        self._bound("attributes", len(related), self._text.limits.attributes)
        self._bound("events", max(len(self.events), self._relations), self._text.limits.events)
        self.events.append((told, tuple(self._shared(to) for to in related)))

    def _attributes(self, element: etree._Element) -> list[tuple[str, str]]:
        found = [
            (each.get("name", ""), each.text)
            for each in _inside(element, "attributes")
            if each.text
        ]
        for name in ("ovmap", "vmap"):
            found += [
                (each.get("key", ""), each.get("value", "")) for each in _in_list(element, name)
            ]
        self._bound("attributes", len(found), self._text.limits.attributes)
        return found

    def _named(self, element: etree._Element, name: str, old: Mapping[str, str]) -> str:
        value = old.get(name) if old else element.get(name)
        if value is None:
            raise LogBroken(name=self._text.log_name, line=element.sourceline or 0)
        return value

    def _shared(self, identity: str) -> str:
        """One copy of what is named by many events."""
        return self._names.setdefault(identity, identity)

    def _bound(self, what: str, number: int, most: int) -> None:
        if number > most:
            raise LogTooLarge(name=self._text.log_name, bound=what, most=most)


def _inside(element: etree._Element, name: str) -> Iterator[etree._Element]:
    """The children of a child of that name."""
    for child in element:
        if local_name(child) == name:
            yield from child


def _old_values(element: etree._Element) -> dict[str, str]:
    """OCEL 1.0 tells all in children with key and value, 2.0 in attributes of the element."""
    return {
        key: child.get("value", "") for child in element if (key := child.get("key")) is not None
    }


def _in_list(element: etree._Element, key: str) -> Iterator[etree._Element]:
    """What is in a list of OCEL 1.0."""
    for child in element:
        if child.get("key") == key:
            yield from child


def _object_of(relation: etree._Element) -> str | None:
    return next((to for name in _IDS if (to := relation.get(name))), None)


def _forget(element: etree._Element) -> None:
    """Free what was read; the element itself must stay until the parser has left it."""
    element.clear()
    parent = element.getparent()
    while parent is not None and (previous := element.getprevious()) is not None:
        parent.remove(previous)
