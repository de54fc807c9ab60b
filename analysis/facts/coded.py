"""Texts as codes: the different texts of a column, each once and in order, and of each row which.

Runs of steps bear a dozen texts a row, and few different ones: a text is looked at once, and from
there to the file only codes are carried.
"""

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

Codes = NDArray[np.int64]
NONE = -1
"""The code of a row without a text."""


def coded(column: Any) -> Any:
    """The column in codes; its different texts, or ids, in their order.

    A column that is in codes already has its texts in order: nothing else makes any.
    """
    if pa.types.is_dictionary(column.type):
        return in_one(column)
    if isinstance(column.type, pa.BaseExtensionType):
        column = in_one(column).storage
    encoded = in_one(column.dictionary_encode())  # piece by piece: texts are not copied
    return _again(encoded, pc.sort_indices(encoded.dictionary).to_numpy())


def in_one(column: Any) -> Any:
    """The column in one piece; copied only where it is in several."""
    if not isinstance(column, pa.ChunkedArray):
        return column
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()


def those_used(column: Any) -> Any:
    """The same rows, and of the different texts only those that a row has.

    The same rows are then the same codes, whatever they were a part of.
    """
    number = len(column.dictionary)
    codes = column.indices.fill_null(number) if column.null_count else column.indices
    used = np.zeros(number + 1, np.bool_)  # the last: of rows without a text
    used[codes.to_numpy()] = True
    used = used[:number]
    return column if used.all() else _again(column, np.flatnonzero(used))


def _again(column: Any, kept: NDArray[Any]) -> Any:
    """The column with these of its texts, in this order."""
    codes = np.zeros(len(column.dictionary), np.int32)
    codes[kept] = np.arange(len(kept), dtype=np.int32)
    places: Any = pa.array(codes)
    return pa.DictionaryArray.from_arrays(
        places.take(column.indices), column.dictionary.take(pa.array(kept))
    )


def codes_of(column: Any) -> Codes:
    """Of each row of a coded column its code."""
    codes: Codes = column.indices.fill_null(NONE).to_numpy().astype(np.int64)
    return codes


def different(keys: Codes, below: int) -> tuple[Codes, Codes]:
    """The different keys in their order, and of each row the place of its own.

    keys: from 0 to under `below`; so much memory is taken.
    """
    there = np.zeros(below, np.bool_)
    there[keys] = True
    return np.flatnonzero(there), (np.cumsum(there) - 1)[keys]
