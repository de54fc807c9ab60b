"""The same rows are the same bytes, in one order, and any program reads them as plain columns."""

from uuid import UUID

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet

from analysis.facts.coded import coded
from analysis.facts.columns import STEP_INTERVAL
from analysis.lake.layout import NOT_ENDED
from analysis.lake.ordering import in_parts
from analysis.lake.writing import Writer
from tests.analysis.made_facts import made_facts, number

FEW = st.one_of(st.integers(0, 3), st.integers(2**64, 2**64 + 3), st.integers(2**127, 2**128 - 1))
"""Ids of which some have the same upper half, and some the same lower."""
MONTHS = st.sampled_from((None, 202512, 202601, 202602))


@given(st.lists(st.tuples(MONTHS, FEW, FEW)))
def test_rows_lie_by_part_then_dossier_then_run(rows):
    table = pa.table(
        {
            "month": pa.array([month for month, _, _ in rows], pa.int32()),
            "dossier_id": _ids(dossier for _, dossier, _ in rows),
            "step_run_id": _ids(run for _, _, run in rows),
        }
    )
    found = [
        (part, row["dossier_id"].int, row["step_run_id"].int)
        for part, piece in in_parts(table, "step_interval")
        for row in piece.to_pylist()
    ]
    assert found == sorted((month or NOT_ENDED, *ids) for month, *ids in rows)


def test_the_same_rows_are_the_same_bytes_whether_in_codes_or_not(tmp_path):
    rows = [
        {"dossier_id": number(n), "step_run_id": number(n), "unit": f"U{n % 2}", "result": None}
        for n in range(5)
    ]
    with made_facts(step_interval=rows) as facts:
        writer = Writer(tmp_path, "A", (0, 1), lambda _what: None)
        plain = writer.write(facts.connection, "from step_interval", "step_interval", NOT_ENDED)
        facts.connection.execute("set arrow_lossless_conversion = true")
        table = facts.arrow("from step_interval")
    texts = [name for name, kind in STEP_INTERVAL.items() if kind == "VARCHAR"]
    many = coded(pa.array(["U0", "another", "U1"] * 5))  # of a whole that had more texts
    in_codes = {name: coded(table[name]) for name in texts}
    unit = pa.DictionaryArray.from_arrays(pa.array([0, 1] * 2 + [0], pa.int32()), many.dictionary)
    assert unit.to_pylist() == table["unit"].to_pylist()
    table = pa.table({name: in_codes.get(name, table[name]) for name in STEP_INTERVAL})
    table = table.set_column(table.column_names.index("unit"), "unit", unit)
    (again,) = writer.write_parts(in_parts(table, "step_interval"), "step_interval", {})
    assert again.sha256 == plain.sha256
    read = parquet.ParquetFile(tmp_path / plain.name)
    assert {read.schema_arrow.field(name).type for name in texts} == {pa.string()}
    assert read.metadata.row_group(0).column(1).statistics.has_min_max, "a dossier is found by it"


def _ids(numbers):
    return pa.ExtensionArray.from_storage(
        pa.uuid(), pa.array([UUID(int=n).bytes for n in numbers], pa.binary(16))
    )
