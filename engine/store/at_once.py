"""One statement with many rows of values, as PostgreSQL is given it: the rows go as one JSON text.

To send, bind and start a statement a hundred times costs the server more than what it does. The
text is written from that of the single statement, so both do the same to each row.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import orjson

_PLACE = re.compile(r"\$(\d+)(?:::(\w+))?")
_INSERT = re.compile(r"(INSERT INTO \w+ \([^)]*\)) VALUES \((.*)\)")
_UPDATE = re.compile(r"(UPDATE \w+ SET .*?) WHERE (.*)")
_DELETE = re.compile(r"(DELETE FROM \w+) WHERE (.*)")
_BYTES = "BYTEA"


@dataclass(frozen=True, slots=True)
class AtOnce:
    """The text for any number of rows; finds: places of the values by which it finds its rows."""

    text: str
    names: tuple[str, ...]
    finds: tuple[int, ...]
    bytes_at: tuple[int, ...]


def at_once(text: str, rows: Sequence[Sequence[Any]]) -> tuple[str, list[str]] | None:
    """One statement that does to each row what `text` does, and its value.

    None where the statement is of another kind, or two rows of values mean the same row.
    """
    shape = _shape(text)
    if shape is None or not _apart(shape, rows):
        return None
    return shape.text, [orjson.dumps([_named(shape, row) for row in rows]).decode()]


def _apart(shape: AtOnce, rows: Sequence[Sequence[Any]]) -> bool:
    if not shape.finds:
        return True
    return len({tuple(row[place] for place in shape.finds) for row in rows}) == len(rows)


def _named(shape: AtOnce, row: Sequence[Any]) -> dict[str, Any]:
    named = dict(zip(shape.names, row, strict=True))
    for place in shape.bytes_at:
        value = row[place]
        if value is not None:
            named[shape.names[place]] = "\\x" + bytes(getattr(value, "obj", value)).hex()
    return named


@lru_cache(1_000)
def _shape(text: str) -> AtOnce | None:
    if " RETURNING " in text:
        return None
    kinds = {int(place): kind or _BYTES for place, kind in _PLACE.findall(text)}
    names = tuple(f"p{place}" for place in sorted(kinds))
    columns = ", ".join(f"p{place} {kinds[place]}" for place in sorted(kinds))
    given = f"json_to_recordset($1::JSON) AS given({columns})"
    finds: tuple[int, ...] = ()
    if entered := _INSERT.fullmatch(text):
        said = f"{entered[1]} SELECT {entered[2]} FROM {given}"  # noqa: S608
    elif changed := _UPDATE.fullmatch(text) or _DELETE.fullmatch(text):
        joined = "FROM" if text.startswith("UPDATE") else "USING"
        said = f"{changed[1]} {joined} {given} WHERE {changed[2]}"
        finds = tuple(sorted({int(place) - 1 for place, _ in _PLACE.findall(changed[2])}))
    else:
        return None
    before, _, after = said.partition(given)
    placed = (_PLACE.sub(r"given.p\1", part) for part in (before, after))
    at = tuple(place - 1 for place, kind in kinds.items() if kind == _BYTES)
    return AtOnce(given.join(placed), names, finds, at)
