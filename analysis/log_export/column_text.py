"""Columns of text put together: what repeats is written once, the rest is copied by Arrow."""

from collections.abc import Callable, Sequence
from typing import Any, cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

_SECOND = 1_000_000
_WHOLE, _PARTS = len("1970-01-01 00:00:00"), len("1970-01-01 00:00:00.000000")
_T = 10  # where the time begins


def each(column: Any, write: Callable[[Any], str]) -> "pa.Array[Any]":
    """A column, each different value (also none) written once."""
    encoded = pc.dictionary_encode(column, null_encoding="encode")
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.combine_chunks()
    told = cast("pa.DictionaryArray[Any, Any]", encoded)
    written = [write(value) for value in told.dictionary.to_pylist()]
    return pa.array(written, pa.string()).take(told.indices)


def taken(texts: "pa.Array[Any] | Sequence[str]", places: NDArray[np.int64]) -> "pa.Array[Any]":
    """The text at each place."""
    column = texts if isinstance(texts, pa.Array) else pa.array(texts, pa.string())
    return column.take(places)


def only(
    texts: "pa.Array[Any]", places: NDArray[np.int64], where: NDArray[np.bool_]
) -> "pa.Array[Any]":
    """The text at each place where it is wanted, nothing elsewhere."""
    found: Any = texts.take(cast("Any", pa.array(places, mask=~where)))
    return cast("pa.Array[Any]", found.fill_null(""))


def numbers(values: NDArray[np.int64]) -> "pa.Array[Any]":
    """Integers in digits."""
    return cast("pa.Array[Any]", pa.array(values).cast(pa.string()))


def instants(us: NDArray[np.int64]) -> "pa.Array[Any]":
    """Moments as `write_instant` writes them: ISO 8601 in UTC, as exact as they are."""
    fraction = us % _SECOND != 0
    if not fraction.any():
        return _instants(us // _SECOND, "s", _WHOLE)
    if fraction.all():
        return _instants(us, "us", _PARTS)
    whole, parts = _instants(us // _SECOND, "s", _WHOLE), _instants(us, "us", _PARTS)
    return cast("pa.Array[Any]", pc.if_else(pa.array(fraction), parts, whole))


def _instants(moments: NDArray[np.int64], unit: Any, width: int) -> "pa.Array[Any]":
    """Texts of one width: the T and the Z are put into their places in all of them at once."""
    plain = pa.array(moments).cast(pa.timestamp(unit)).cast(pa.string())
    letters = np.frombuffer(cast("Any", plain.buffers()[2]), np.uint8, len(moments) * width)
    found = np.empty((len(moments), width + 1), np.uint8)
    found[:, :width] = letters.reshape(-1, width)
    found[:, _T], found[:, width] = ord("T"), ord("Z")
    offsets = np.arange(len(moments) + 1, dtype=np.int32) * np.int32(width + 1)
    return pa.StringArray.from_buffers(
        len(moments), pa.py_buffer(offsets.tobytes()), pa.py_buffer(found.tobytes())
    )


def instants_or(column: Any, before: str, after: str) -> "pa.Array[Any]":
    """Moments between two texts; nothing where there is none."""
    us = np.asarray(column.fill_null(0).to_numpy(), dtype=np.int64)
    whole = joined(before, instants(us), after)
    return cast("pa.Array[Any]", pc.if_else(column.is_valid().combine_chunks(), whole, ""))


def joined(*parts: "pa.Array[Any] | str") -> "pa.Array[Any]":
    """Columns side by side, as one; a text stands in every row."""
    return cast("pa.Array[Any]", pc.binary_join_element_wise(*parts, ""))  # type: ignore[call-overload]


def whole(texts: "pa.Array[Any]") -> bytes:
    """All texts of a column, one after the other."""
    if not len(texts):
        return b""
    offsets = np.frombuffer(cast("Any", texts.buffers()[1]), np.int32)[texts.offset :]
    data = memoryview(cast("Any", texts.buffers()[2]))
    return bytes(data[offsets[0] : offsets[len(texts)]])
