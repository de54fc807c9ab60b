"""Read XES (IEEE 1849-2016 and 1.0), one event at a time, as a hostile file."""

from datetime import tzinfo

from lxml import etree

from analysis.event_log.assembly import Assembly
from analysis.event_log.bounded_text import BoundedText
from analysis.event_log.columns import Role, case_date
from analysis.event_log.invalid_log import LogBroken, LogTooLarge
from analysis.event_log.log import Event, EventLog
from analysis.event_log.xml_log import finished_elements, local_name

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


def read_xes(text: BoundedText, zone: tzinfo) -> EventLog:
    """The log in an XES stream whose prolog was looked at (`is_ocel`).

    zone: of time stamps that name none. Only elements of cases are read: the defaults in the
    header (`global`) and the statistics of other tools never become events.
    """
    reading = _Reading(text, zone)
    try:
        for _, element in finished_elements(text, "trace", "event"):
            reading.finish(element)
    except etree.XMLSyntaxError as broken:
        raise LogBroken(name=text.log_name, line=broken.lineno or 0) from broken
    return reading.assembly.log("xes")


class _Reading:
    """Where the reader stands. What was read is freed at once: the tree never grows."""

    def __init__(self, text: BoundedText, zone: tzinfo) -> None:
        self.assembly = Assembly(text.log_name, text.limits, zone)
        self._text = text
        self._cases = 0
        self._case: dict[Role, str] = {}
        self._events: list[Event] = []

    def finish(self, element: etree._Element) -> None:
        """An event or a case has been read to its end."""
        self._text.mark()
        parent = element.getparent()
        if parent is not None:
            if local_name(element) == "trace":
                if _in_root(element):
                    self._finish_case(element)
            elif local_name(parent) == "trace" and _in_root(parent):
                self._finish_event(element)
            else:
                line = element.sourceline or "?"
                self.assembly.tally.note("log-event-without-case", None, str(line))
        _forget(element)

    def _finish_event(self, element: etree._Element) -> None:
        if len(element) > (most := self._text.limits.attributes):
            raise LogTooLarge(name=self._text.log_name, bound="attributes", most=most)
        for before in reversed(list(element.itersiblings(preceding=True))):
            self._case_attribute(before)
        told = {
            role: value
            for child in element
            if (role := _EVENT_KEYS.get(child.get("key", ""))) and (value := child.get("value"))
        }
        event = self.assembly.event(self._case_id, told, element.sourceline)
        if event is not None:
            self._events.append(event)

    def _finish_case(self, trace: etree._Element) -> None:
        for child in trace:
            self._case_attribute(child)
        if Role.CASE not in self._case:
            self.assembly.tally.note("log-case-without-name", self._case_id)
        self.assembly.case(self._case_id, self._events, self._case)
        self._cases += 1
        self._case, self._events = {}, []

    @property
    def _case_id(self) -> str:
        return self._case.get(Role.CASE) or f"#{self._cases + 1}"

    def _case_attribute(self, element: etree._Element) -> None:
        """Keep what a measure needs of a case; its other attributes may be any number."""
        key, value = element.get("key"), element.get("value")
        if key and value:
            role = Role.CASE if key == "concept:name" else case_date(key)
            if role is not None:
                self._case[role] = value


def _in_root(element: etree._Element) -> bool:
    root = element.getparent()
    return root is not None and root.getparent() is None


def _forget(element: etree._Element) -> None:
    """Free what was read; the element itself must stay until the parser has left it."""
    element.clear()
    parent = element.getparent()
    while parent is not None and (previous := element.getprevious()) is not None:
        parent.remove(previous)
