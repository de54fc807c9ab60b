"""OCEL 2.0 as XML, written piece by piece: the standard wants types, then objects, then events.

Which types and objects there are is known when the last event was met, so dossiers and events are
held back in files meanwhile: memory does not grow.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from tempfile import SpooledTemporaryFile
from typing import IO, Any
from xml.sax.saxutils import escape

import numpy as np
import pyarrow as pa

from analysis.event_log.time_stamp import write_instant
from analysis.log_export.column_text import (
    each,
    instants,
    instants_or,
    joined,
    numbers,
    only,
    taken,
    whole,
)
from analysis.log_export.ocel import (
    BEGINNING,
    CASE_DATES,
    CASE_TEXTS,
    COMPONENT,
    DOSSIER,
    EVENT_ATTRIBUTES,
    IN_MEMORY,
    OBJECT_TYPES,
    OFFICER,
    PIECE,
    SUPPLEMENT,
    UNIT,
)
from analysis.log_export.pieces import COMPLETE, Piece

_TEXTS = {"agency": "agency_id", **CASE_TEXTS}
_RUN_VALUES = {
    "org:resource": "person", "org:group": "unit", "element": "element_id", "attempt": "attempt",
    "limit_ws": "limit_ws",
}  # fmt: skip
_IN_MARKS = {'"': "&quot;", "\t": "&#9;", "\n": "&#10;", "\r": "&#13;"}
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no XML document may hold, whatever somebody typed."""
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<log>\n'


def ocel_xml_chunks(found: Iterable[Piece]) -> Iterator[bytes]:
    """The document in pieces; the first comes when all facts were read."""
    types: set[str] = set()
    others: dict[str, str] = {}
    with SpooledTemporaryFile(IN_MEMORY) as events, SpooledTemporaryFile(IN_MEMORY) as dossiers:
        for piece in found:
            types.update(map(str, piece.runs["activity"].unique().to_pylist()))
            if piece.missing.num_rows:
                types.add(SUPPLEMENT)
            events.write(whole(_events(piece)))
            dossiers.write(whole(_dossiers(piece.cases)))
            _note_others(piece, others)
        yield (_HEAD + _types(types) + "<objects>\n").encode()
        yield from _held_back(dossiers)
        for name in sorted(others):
            yield others[name].encode()
        yield b"</objects>\n<events>\n"
        yield from _held_back(events)
        yield b"</events>\n</log>\n"


def _held_back(held: IO[bytes]) -> Iterator[bytes]:
    held.seek(0)
    while part := held.read(PIECE):
        yield part


def _types(events: Iterable[str]) -> str:
    of_objects = "".join(_type("object", name, of) for name, of in OBJECT_TYPES.items())
    of_events = "".join(_type("event", name, EVENT_ATTRIBUTES) for name in sorted(events))
    return (
        f"<object-types>\n{of_objects}</object-types>\n<event-types>\n{of_events}</event-types>\n"
    )


def _type(kind: str, name: str, attributes: Mapping[str, str]) -> str:
    told = "".join(
        f"<attribute name={_quoted(each)} type={_quoted(of)}/>" for each, of in attributes.items()
    )
    return f"<{kind}-type name={_quoted(name)}><attributes>{told}</attributes></{kind}-type>\n"


def _events(piece: Piece) -> "pa.Array[Any]":
    """A text for each event; those of the last of a case also say what was asked for."""
    runs = piece.runs
    code = each(piece.cases["code"], _inner)
    place = np.arange(len(piece.case)) - np.flatnonzero(piece.first)[piece.case] + 1
    kinds = [_attribute("lifecycle:transition", kind) for kind in piece.transitions]
    instance = each(pa.array(piece.number), lambda n: _attribute("concept:instance", str(n)))
    who = joined(instance, *(each(runs[of], _Named(name)) for name, of in _RUN_VALUES.items()))
    others = joined(
        each(runs["unit"], lambda unit: _relation(UNIT, unit)),
        each(runs["person"], lambda person: _relation(OFFICER, person)),
        "</objects></event>\n",
    )
    return joined(
        '<event id="',
        taken(code, piece.case),
        "/",
        numbers(place),
        taken(joined('" type=', each(runs["activity"], _quoted), ' time="'), piece.run),
        instants(piece.at_us),
        taken([f'"><attributes>{kind}' for kind in kinds], piece.kind),
        taken(who, piece.run),
        only(each(runs["result"], _Named("result")), piece.run, piece.kind == COMPLETE),
        taken(
            joined(f'</attributes><objects><relationship object-id="{DOSSIER}:', code), piece.case
        ),
        f'" qualifier="{DOSSIER}"/>',
        taken(others, piece.run),
        only(_asked(piece), piece.case, piece.last),
    )


def _dossiers(cases: pa.Table) -> "pa.Array[Any]":
    """A text for each dossier."""
    dates = (
        instants_or(cases[of], f'<attribute name="{name}" time="{BEGINNING}">', "</attribute>")
        for name, of in CASE_DATES.items()
    )
    return joined(
        f'<object id="{DOSSIER}:',
        each(cases["code"], _inner),
        f'" type="{DOSSIER}"><attributes>',
        *(each(cases[of], _Named(name, BEGINNING)) for name, of in _TEXTS.items()),
        *dates,
        "</attributes></object>\n",
    )


def _asked(piece: Piece) -> "pa.Array[Any]":
    """Of each case the events in which components were asked for."""
    asked: dict[int, dict[int, list[str]]] = {}
    for row in piece.missing.to_pylist():
        asked.setdefault(row["n"], {}).setdefault(row["asked_us"], []).append(row["component"])
    told = [""] * piece.cases.num_rows
    if asked:
        columns = (piece.cases[of].to_pylist() for of in ("n", "code", "procedure_code"))
        for place, (n, code, procedure) in enumerate(zip(*columns, strict=True)):
            told[place] = "".join(_supplements(code, procedure, asked.get(n, {})))
    return pa.array(told, pa.string())


def _supplements(code: str, procedure: str, asked: Mapping[int, list[str]]) -> Iterator[str]:
    for number, (at_us, components) in enumerate(asked.items(), start=1):
        related = _relation(DOSSIER, code, DOSSIER) + "".join(
            _relation(COMPONENT, f"{procedure}:{component}", "missing") for component in components
        )
        yield (
            f'<event id={_quoted(f"{code}/s{number}")} type="{SUPPLEMENT}"'
            f' time="{write_instant(at_us)}"><attributes/><objects>{related}</objects></event>\n'
        )


def _note_others(piece: Piece, others: dict[str, str]) -> None:
    """Units, officers and components of these cases, each once."""
    for kind, column in ((UNIT, "unit"), (OFFICER, "person")):
        for name in piece.runs[column].unique().to_pylist():
            if name:
                _note(others, kind, name, "")
    named = (piece.cases[of].to_pylist() for of in ("n", "procedure_code"))
    procedures = dict(zip(*named, strict=True))
    for row in piece.missing.to_pylist():
        if row["n"] in procedures:
            name = f"{procedures[row['n']]}:{row['component']}"
            _note(others, COMPONENT, name, _Named("name", BEGINNING)(row["name"]))


def _note(others: dict[str, str], kind: str, name: str, attributes: str) -> None:
    told = f"{kind}:{name}"
    others[told] = (
        f'<object id={_quoted(told)} type="{kind}"><attributes>{attributes}</attributes></object>\n'
    )


class _Named:
    """Writes an attribute of that name: nothing where there is nothing to say."""

    def __init__(self, name: str, time: str = "") -> None:
        self._name, self._time = name, time

    def __call__(self, value: object) -> str:
        return "" if value is None or value == "" else _attribute(self._name, value, self._time)


def _attribute(name: str, value: object, time: str = "") -> str:
    since = f' time="{time}"' if time else ""
    text = escape(_FORBIDDEN.sub("�", str(value)), {"\r": "&#13;"})
    return f"<attribute name={_quoted(name)}{since}>{text}</attribute>"


def _relation(kind: str, name: str | None, how: str = "") -> str:
    if not name:
        return ""
    return f'<relationship object-id={_quoted(f"{kind}:{name}")} qualifier="{how or kind}"/>'


def _quoted(text: object) -> str:
    """Between double marks, whatever is inside."""
    return f'"{_inner(text)}"'


def _inner(text: object) -> str:
    """Within double marks."""
    return escape(_FORBIDDEN.sub("�", str(text)), _IN_MARKS)
