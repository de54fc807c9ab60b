"""Several columns of an SQLite answer told as one value a row, and taken apart again.

Whatever comes through the driver costs 40 to 70 ns a value (docs/benchmarks.md: export). Joined by
SQLite several come as one; what few rows say otherwise than others is taken apart once each. The
name of such a column is what it holds and the names of its columns: `few unit state attempt#`.
"""

from binascii import Error as NotHexadecimal
from binascii import unhexlify
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import orjson
import pyarrow as pa

from analysis.facts.coded import coded, in_one
from engine.store.snapshot import UnreadableTables

_DIGITS, _BYTES = 32, 16  # of an id
_DASH = "-"
_IDS, _FEW = "ids", "few"
_NUMBER = "#"  # ends the name of a column of numbers


def few_in_one(texts: Mapping[str, str], numbers: Mapping[str, str]) -> tuple[str, str]:
    """Name and expression of one column for what may be null and is seldom different."""
    named = (_FEW, *texts, *(f"{name}{_NUMBER}" for name in numbers))
    return " ".join(named), f"json_array({', '.join((*texts.values(), *numbers.values()))})"


def ids_in_one(columns: Mapping[str, str]) -> tuple[str, str]:
    """Name and expression of one column for ids that are never null."""
    return " ".join((_IDS, *columns)), f" || '{_DASH}' || ".join(columns.values())


def apart(table: pa.Table) -> pa.Table:
    """The table with each column for itself: texts in codes, their different ones in order, ids
    as such. UnreadableTables where texts, numbers or ids are not what they should be.
    """
    found: dict[str, Any] = {}
    for name in table.column_names:
        kind, *names = name.split(" ")
        if not names:
            found[name] = table[name]
        elif kind == _IDS:
            found |= zip(names, _ids(table[name], len(names)), strict=True)
        else:
            plain = (each.removesuffix(_NUMBER) for each in names)
            found |= zip(plain, _few(table[name], names), strict=True)
    return pa.table(found)


def _few(column: "pa.ChunkedArray[Any]", names: Sequence[str]) -> list[Any]:
    """The columns out of one, texts in codes."""
    answers: Any = in_one(column.cast(pa.binary()).dictionary_encode())
    try:
        told = orjson.loads(b"[%b]" % b",".join(answers.dictionary.to_pylist()))
        columns = list(zip(*told, strict=True)) or [()] * len(names)
        return [
            _of_answers(name, each, answers.indices)
            for name, each in zip(names, columns, strict=True)
        ]
    except (orjson.JSONDecodeError, pa.ArrowException) as wrong:
        raise UnreadableTables(str(wrong)) from wrong


def _of_answers(name: str, told: Sequence[Any], answers: Any) -> Any:
    """A column. told: by each different answer; answers: of each row which."""
    if name.endswith(_NUMBER):
        if not {type(each) for each in told} <= {int, type(None)}:  # Arrow would cut 1.5 to 1
            raise UnreadableTables(f"{name}: not a whole number")
        return pa.array(told, pa.int64()).take(answers)
    texts = coded(pa.array(told, pa.string()))
    return pa.DictionaryArray.from_arrays(texts.indices.take(answers), texts.dictionary)


def _ids(column: "pa.ChunkedArray[Any]", number: int) -> list[Any]:
    """So many columns of ids out of one."""
    pieces: list[list[bytes]] = [[] for _ in range(number)]
    for chunk in (each for each in column.chunks if len(each)):
        letters = _letters(chunk, number * (_DIGITS + 1) - 1)
        if (letters[:, _DIGITS :: _DIGITS + 1] != ord(_DASH)).any():
            raise UnreadableTables(_NO_ID)
        for each, into in enumerate(pieces):
            begin = each * (_DIGITS + 1)
            try:
                into.append(unhexlify(letters[:, begin : begin + _DIGITS].tobytes()))
            except NotHexadecimal as wrong:
                raise UnreadableTables(_NO_ID) from wrong
    return [_of_bytes(b"".join(each), len(column)) for each in pieces]


_NO_ID = f"an id is not {_DIGITS} hexadecimal digits"


def _letters(chunk: Any, width: int) -> Any:
    """The letters of texts that are all so long, a row each."""
    _, offsets, letters = chunk.buffers()
    bounds = np.frombuffer(offsets, np.int32)[chunk.offset : chunk.offset + len(chunk) + 1]
    if chunk.null_count or (np.diff(bounds) != width).any():
        raise UnreadableTables(_NO_ID)
    return np.frombuffer(letters, np.uint8)[bounds[0] : bounds[-1]].reshape(-1, width)


def _of_bytes(read: bytes, number: int) -> Any:
    stored: Any = pa.Array.from_buffers(pa.binary(_BYTES), number, [None, pa.py_buffer(read)])
    return pa.ExtensionArray.from_storage(pa.uuid(), stored)
