"""OCEL 2.0 as JSON, written as it comes: events, then the types and objects known by then."""

from collections.abc import Iterable, Iterator
from functools import partial
from tempfile import SpooledTemporaryFile
from typing import IO, Any

import numpy as np
import orjson
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
    declared,
)
from analysis.log_export.pieces import COMPLETE, Piece

_Others = dict[str, dict[str, Any]]


def ocel_json_chunks(found: Iterable[Piece]) -> Iterator[bytes]:
    """The document in pieces. Dossiers stand in another list than events: many are held back in a
    file meanwhile.
    """
    types: set[str] = set()
    others: _Others = {}
    yield b'{"events":['
    comma = 1  # the first event has none before it
    with SpooledTemporaryFile(IN_MEMORY) as held:
        for piece in found:
            types.update(map(str, piece.runs["activity"].unique().to_pylist()))
            if piece.missing.num_rows:
                types.add(SUPPLEMENT)
            code = each(piece.cases["code"], _inner)
            yield whole(_events(piece, code))[comma:]
            held.write(whole(_dossiers(piece.cases, code))[comma:])
            comma = 0
            _note_others(piece, others)
        yield b'],"objects":['
        yield from _held_back(held)
    for name in sorted(others, key=lambda name: (others[name]["type"], name)):
        yield b"," + orjson.dumps(others[name])  # of a dossier, so it is never the first
    yield b'],"objectTypes":' + orjson.dumps(
        [{"name": name, "attributes": declared(of)} for name, of in OBJECT_TYPES.items()]
    )
    yield b',"eventTypes":' + orjson.dumps(
        [{"name": name, "attributes": declared(EVENT_ATTRIBUTES)} for name in sorted(types)]
    )
    yield b"}"


def _held_back(held: IO[bytes]) -> Iterator[bytes]:
    held.seek(0)
    while part := held.read(PIECE):
        yield part


def _events(piece: Piece, code: "pa.Array[Any]") -> "pa.Array[Any]":
    """A text for each event; those of the last of a case also say what was asked for."""
    runs = piece.runs
    begun = np.flatnonzero(piece.first)
    place = np.arange(len(piece.case)) - begun[piece.case] + 1
    kinds = [_attribute("lifecycle:transition", kind) for kind in piece.transitions]
    told = {
        "org:resource": "person", "org:group": "unit", "element": "element_id",
        "attempt": "attempt", "limit_ws": "limit_ws",
    }  # fmt: skip
    instance = each(pa.array(piece.number), lambda n: _attribute("concept:instance", str(n)))
    who = joined(",", instance, *(_more(runs[of], name) for name, of in told.items()))
    objects = joined(
        each(runs["unit"], lambda unit: _relation(UNIT, unit)),
        each(runs["person"], lambda person: _relation(OFFICER, person)),
        "]}",
    )
    dossier = joined(
        f'],"relationships":[{{"objectId":"{DOSSIER}:', code, f'","qualifier":"{DOSSIER}"}}'
    )
    return joined(
        taken(joined(',{"id":"', code, "/"), piece.case),
        numbers(place),
        taken(joined('","type":', each(runs["activity"], _json), ',"time":"'), piece.run),
        instants(piece.at_us),
        taken([f'","attributes":[{kind}' for kind in kinds], piece.kind),
        taken(who, piece.run),
        only(_more(runs["result"], "result"), piece.run, piece.kind == COMPLETE),
        taken(dossier, piece.case),
        taken(objects, piece.run),
        only(_asked(piece), piece.case, piece.last) if piece.missing.num_rows else "",
    )


def _dossiers(cases: pa.Table, code: "pa.Array[Any]") -> "pa.Array[Any]":
    """A text for each dossier."""
    first = '"name":"agency",' + f'"time":"{BEGINNING}","value":'
    dates = (
        instants_or(cases[of], f',{{"name":"{name}","time":"{BEGINNING}","value":"', '"}')
        for name, of in CASE_DATES.items()
    )
    return joined(
        f',{{"id":"{DOSSIER}:',
        code,
        f'","type":"{DOSSIER}","attributes":[{{{first}',
        each(cases["agency_id"], _json),
        "}",
        *(each(cases[of], partial(_of_object, name)) for name, of in CASE_TEXTS.items()),
        *dates,
        '],"relationships":[]}',
    )


def _asked(piece: Piece) -> "pa.Array[Any]":
    """Of each case the events in which components were asked for."""
    asked: dict[int, dict[int, list[str]]] = {}
    for row in piece.missing.to_pylist():
        asked.setdefault(row["n"], {}).setdefault(row["asked_us"], []).append(row["component"])
    told = [""] * piece.cases.num_rows
    if asked:
        for place, n in enumerate(piece.cases["n"].to_pylist()):
            if n in asked:
                case = piece.cases.slice(place, 1).to_pylist()[0]
                told[place] = "".join(_supplements(case, asked[n]))
    return pa.array(told, pa.string())


def _supplements(case: dict[str, Any], asked: dict[int, list[str]]) -> Iterator[str]:
    for number, (at_us, codes) in enumerate(asked.items(), start=1):
        objects = [(f"{DOSSIER}:{case['code']}", DOSSIER)]
        objects += [(f"{COMPONENT}:{case['procedure_code']}:{code}", "missing") for code in codes]
        yield "," + _json(
            {
                "id": f"{case['code']}/s{number}",
                "type": SUPPLEMENT,
                "time": write_instant(at_us),
                "attributes": [],
                "relationships": [{"objectId": to, "qualifier": how} for to, how in objects],
            }
        )


def _note_others(piece: Piece, others: _Others) -> None:
    """Units, officers and components of these cases."""
    for kind, column in ((UNIT, "unit"), (OFFICER, "person")):
        for name in piece.runs[column].unique().to_pylist():
            if name:
                _note(others, kind, name, [])
    named = (piece.cases[of].to_pylist() for of in ("n", "procedure_code"))
    procedures = dict(zip(*named, strict=True))
    for row in piece.missing.to_pylist():
        if row["n"] in procedures:
            name = f"{procedures[row['n']]}:{row['component']}"
            value = {"name": "name", "time": BEGINNING, "value": row["name"]}
            _note(others, COMPONENT, name, [value])


def _note(others: _Others, kind: str, name: str, attributes: list[dict[str, str]]) -> None:
    told = f"{kind}:{name}"
    others[told] = {"id": told, "type": kind, "attributes": attributes, "relationships": []}


def _more(column: Any, name: str) -> "pa.Array[Any]":
    """An attribute behind others, where there is a value."""
    return each(column, lambda value: "" if value is None else "," + _attribute(name, value))


def _attribute(name: str, value: object) -> str:
    return _json({"name": name, "value": value})


def _of_object(name: str, value: str | None) -> str:
    told = {"name": name, "time": BEGINNING, "value": value}
    return "," + _json(told) if value else ""


def _relation(kind: str, name: str | None) -> str:
    return "," + _json({"objectId": f"{kind}:{name}", "qualifier": kind}) if name else ""


def _json(value: object) -> str:
    return orjson.dumps(value).decode()


def _inner(text: str) -> str:
    """A text as it stands between the quotes of JSON."""
    return _json(text)[1:-1]
