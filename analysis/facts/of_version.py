"""What a version of a procedure says of the rows that bear it: the procedure's code, its field."""

from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from analysis.facts.coded import coded, codes_of, different


def of_version(
    agencies: Any, version: Any, versions: pa.Table, names: Sequence[str]
) -> dict[str, Any]:
    """Columns of the table of versions for rows, in codes.

    agencies, version: of each row, coded; versions: a row for each agency and version.
    """
    agency = coded(agencies)
    offices, ids = agency.dictionary.to_pylist(), version.dictionary.to_pylist()
    pairs = zip(versions["agency_id"].to_pylist(), _spelt(versions["version_id"]), strict=True)
    row_of = {pair: row for row, pair in enumerate(pairs)}
    width = len(ids)
    keys, place = different(codes_of(agency) * width + codes_of(version), len(offices) * width)
    rows = pa.array([row_of[offices[k // width], ids[k % width]] for k in keys], pa.int64())
    places = pa.array(place)
    found = {}
    for name in names:
        told = coded(versions[name].combine_chunks().take(rows))
        found[name] = pa.DictionaryArray.from_arrays(told.indices.take(places), told.dictionary)
    return found


def _spelt(ids: Any) -> list[Any]:
    """Ids as the columns of rows have them in codes: texts or bytes."""
    array = ids.combine_chunks()
    return list((array.storage if isinstance(array, pa.ExtensionArray) else array).to_pylist())
