"""Cases as XES (IEEE 1849-2016), written as they come."""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from xml.sax.saxutils import quoteattr

import pyarrow as pa

from analysis.log_export.column_text import (
    each,
    instants,
    instants_or,
    joined,
    only,
    taken,
    whole,
)
from analysis.log_export.pieces import COMPLETE, Piece

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
_AS_IT_IS = re.compile(r"[\w .,:;/+|-]*")
"""Most texts: letters and digits, nothing that XML writes in another way."""


_CASE_TEXTS = {
    "concept:name": "code",
    "qt:agency": "agency_id",
    "qt:procedure": "procedure_code",
    "qt:version": "version_id",
    "qt:case": "case_code",
    "qt:channel": "channel",
    "org:group": "receiving_unit",
    "qt:state": "state",
    "qt:outcome": "outcome",
    "qt:result": "result",
}
_CASE_DATES = {
    "qt:received": "received_us",
    "deadline": "due_us",
    "enddate_planned": "original_due_us",
    "enddate": "ended_us",
}
_INSTANCE = "string", "concept:instance"
_RUN_TEXTS = {"org:resource": "person", "org:group": "unit", "qt:element": "element_id"}


def xes_chunks(found: Iterable[Piece]) -> Iterator[bytes]:
    """The document in pieces, some cases each."""
    yield _HEAD.encode()
    for piece in found:
        yield whole(_events(piece))
    yield _TAIL.encode()


def _events(piece: Piece) -> "pa.Array[Any]":
    """A text for each event; those of the first and the last of a case say the case."""
    runs = piece.runs
    name = joined("<event>", each(runs["activity"], _text("concept:name")))
    instance = each(pa.array(piece.number), lambda n: _attribute(*_INSTANCE, str(n)))
    who = joined(instance, *(each(runs[of], _text(key)) for key, of in _RUN_TEXTS.items()))
    tail = joined(
        each(runs["attempt"], lambda number: _attribute("int", "qt:attempt", str(number))),
        each(runs["limit_ws"], _limit),
        "</event>\n",
    )
    kinds = [_text("lifecycle:transition")(each) for each in piece.transitions]
    date, end = _date("time:timestamp")
    return joined(
        only(_heads(piece.cases), piece.case, piece.first),
        taken(name, piece.run),
        taken(kinds, piece.kind),
        taken(who, piece.run),
        only(each(runs["result"], _text("qt:result")), piece.run, piece.kind == COMPLETE),
        date,
        instants(piece.at_us),
        end,
        taken(tail, piece.run),
        only(pa.array(["</trace>\n"]), piece.case * 0, piece.last),
    )


def _heads(cases: pa.Table) -> "pa.Array[Any]":
    return joined(
        "<trace>\n",
        *(each(cases[of], _text(key)) for key, of in _CASE_TEXTS.items()),
        *(instants_or(cases[of], *_date(key)) for key, of in _CASE_DATES.items()),
    )


def _text(key: str) -> Callable[[str | None], str]:
    """What writes an attribute: nothing where there is nothing to say."""
    return lambda value: _attribute("string", key, value) if value else ""


def _limit(seconds: int | None) -> str:
    return "" if seconds is None else _attribute("int", "qt:limit_ws", str(seconds))


def _date(key: str) -> tuple[str, str]:
    """What stands before a moment and after it."""
    return f'<date key={quoteattr(key)} value="', '"/>'


def _attribute(kind: str, key: str, value: str) -> str:
    if not _AS_IT_IS.fullmatch(value):
        return f"<{kind} key={quoteattr(key)} value={quoteattr(_FORBIDDEN.sub('�', value))}/>"
    return f'<{kind} key="{key}" value="{value}"/>'
