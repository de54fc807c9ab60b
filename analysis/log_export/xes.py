"""Cases as XES (IEEE 1849-2016), written as they come."""

import re
from collections.abc import Iterable, Iterator
from xml.sax.saxutils import quoteattr

from analysis.event_log.time_stamp import write_instant
from analysis.log_export.cases import LoggedCase, LoggedEvent

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1849-2016" xes.features="nested-attributes" xmlns="http://www.xes-standard.org/">
<extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
<extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>
<extension name="Lifecycle" prefix="lifecycle" uri="http://www.xes-standard.org/lifecycle.xesext"/>
<extension name="Organizational" prefix="org" uri="http://www.xes-standard.org/org.xesext"/>
<global scope="trace"><string key="concept:name" value=""/></global>
<global scope="event"><string key="concept:name" value=""/>\
<date key="time:timestamp" value="1970-01-01T00:00:00Z"/>\
<string key="lifecycle:transition" value="complete"/></global>
<classifier name="Activity" keys="concept:name"/>
<string key="lifecycle:model" value="standard"/>
"""
_TAIL = "</log>\n"
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no XML document may hold, whatever somebody typed."""


def xes_chunks(cases: Iterable[LoggedCase]) -> Iterator[bytes]:
    """The document in pieces, one a case."""
    yield _HEAD.encode()
    for case in cases:
        parts = ["<trace>\n", *_of_case(case)]
        for event in case.events:
            parts += ["<event>", *_of_event(event), "</event>\n"]
        parts.append("</trace>\n")
        yield "".join(parts).encode()
    yield _TAIL.encode()


def _of_case(case: LoggedCase) -> Iterator[str]:
    texts = {
        "concept:name": case.code,
        "qt:agency": case.agency_id,
        "qt:procedure": case.procedure_code,
        "qt:version": case.version_id,
        "qt:case": case.case_code,
        "qt:channel": case.channel,
        "org:group": case.receiving_unit,
        "qt:state": case.state,
        "qt:outcome": case.outcome,
        "qt:result": case.result,
    }
    dates = {
        "qt:received": case.received_us,
        "deadline": case.due_us,
        "enddate_planned": case.original_due_us,
        "enddate": case.ended_us,
    }
    yield from _texts(texts)
    for key, us in dates.items():
        if us is not None:
            yield _attribute("date", key, write_instant(us))


def _of_event(event: LoggedEvent) -> Iterator[str]:
    texts = {
        "concept:name": event.activity,
        "lifecycle:transition": event.transition,
        "concept:instance": str(event.run),
        "org:resource": event.person,
        "org:group": event.unit,
        "qt:element": event.element_id,
        "qt:result": event.result if event.transition == "complete" else None,
    }
    yield from _texts(texts)
    yield _attribute("date", "time:timestamp", write_instant(event.at_us))
    yield _attribute("int", "qt:attempt", str(event.attempt))
    if event.limit_ws is not None:
        yield _attribute("int", "qt:limit_ws", str(event.limit_ws))


def _texts(texts: dict[str, str | None]) -> Iterator[str]:
    for key, value in texts.items():
        if value:
            yield _attribute("string", key, value)


def _attribute(kind: str, key: str, value: str) -> str:
    return f"<{kind} key={quoteattr(key)} value={quoteattr(_FORBIDDEN.sub('�', value))}/>"
