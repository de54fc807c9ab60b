"""How the columns of facts are written as Parquet: texts in codes, numbers by their differences."""

from typing import Any

import pyarrow as pa

from analysis.facts.coded import coded, in_one, those_used
from analysis.facts.columns import Columns
from analysis.lake.layout import ENDED, MONTH, UNIQUE

BATCH = 65_536
"""Values of a column that are encoded at a time."""

_KINDS = {"VARCHAR": pa.string(), "UUID": pa.uuid(), "BIGINT": pa.int64(), "INTEGER": pa.int32()}
_CODED = pa.dictionary(pa.int32(), pa.string())
_NUMBERS = ("BIGINT", "INTEGER")
_BOUNDED = frozenset({"agency_id", "dossier_id", *MONTH.values(), *ENDED.values()})
"""Columns by whose least and most rows are found; of others these would cost a tenth of writing."""


def schema_of(columns: Columns) -> pa.Schema:
    """The columns as they are written; whoever reads the file is told of plain texts."""
    return pa.schema(
        [
            (name, _CODED if _is_coded(name, kind) else _KINDS[kind])
            for name, kind in columns.items()
        ]
    )


def written_as(columns: Columns) -> dict[str, Any]:
    """How a writer encodes and packs the columns.

    Numbers and codes are packed by their encoding already; a little of Snappy finds what repeats.
    Of ids, most of a file, zstd would save one byte in fourteen for twice their time.
    """
    numbers = [name for name, kind in columns.items() if kind in _NUMBERS]
    return {
        "compression": "snappy",
        "use_dictionary": [name for name in columns if name not in (*numbers, *UNIQUE)],
        "column_encoding": dict.fromkeys(numbers, "DELTA_BINARY_PACKED"),
        "write_statistics": [name for name in columns if name in _BOUNDED],
        "store_schema": False,
        "write_batch_size": BATCH,
    }


def typed(rows: pa.Table, columns: Columns) -> pa.Table:
    """The rows as they are written, each column in one piece: of its texts those that a row has."""
    found = []
    for name, kind in columns.items():
        if _is_coded(name, kind):
            found.append(those_used(coded(rows[name])))
        else:
            whole = in_one(rows[name])
            found.append(whole if whole.type == _KINDS[kind] else whole.cast(_KINDS[kind]))
    return pa.Table.from_arrays(found, schema=schema_of(columns))


def _is_coded(name: str, kind: str) -> bool:
    """Whether a column is written as codes of its different texts."""
    return kind == "VARCHAR" and name not in UNIQUE
