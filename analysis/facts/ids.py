"""Ids of whole columns as the sixteen bytes that they are, however a database spells them."""

from binascii import unhexlify
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

_BYTES = 16


def ids(column: Any) -> Any:
    """A column of ids without null; SQLite spells them in hexadecimal digits."""
    array = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if isinstance(array.type, pa.BaseExtensionType):  # PostgreSQL says what they are
        return array
    stored = array if pa.types.is_fixed_size_binary(array.type) else _bytes(array)
    return pa.ExtensionArray.from_storage(pa.uuid(), stored)


def ids_in_codes(column: Any) -> Any:
    """A coded column of ids, which may be null, as a column of ids."""
    different = ids(column.dictionary).storage
    return pa.ExtensionArray.from_storage(pa.uuid(), different.take(column.indices))


def halves(column: Any) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """The upper and the lower eight bytes of ids, as numbers in the same order."""
    stored = column.combine_chunks().storage
    begin = stored.offset * _BYTES
    letters = np.frombuffer(stored.buffers()[1], np.uint8)[begin : begin + len(column) * _BYTES]
    found = letters.view(">u8").reshape(-1, 2).astype(np.uint64)
    return found[:, 0], found[:, 1]


def _bytes(spelt: Any) -> Any:
    if not len(spelt):
        return pa.array([], pa.binary(_BYTES))
    _, offsets, letters = spelt.buffers()
    bounds = np.frombuffer(offsets, np.int32)[spelt.offset : spelt.offset + len(spelt) + 1]
    read = unhexlify(memoryview(letters)[bounds[0] : bounds[-1]])
    assert len(read) == _BYTES * len(spelt), "an id has 32 digits"
    return pa.Array.from_buffers(pa.binary(_BYTES), len(spelt), [None, pa.py_buffer(read)])
