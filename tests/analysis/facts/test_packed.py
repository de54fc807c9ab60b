"""What SQLite tells as one value is taken apart as it was, or refused."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.facts.packed import apart, few_in_one, ids_in_one
from engine.store.database import Database
from engine.store.snapshot import UnreadableTables, snapshot_of

TEXTS = st.none() | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
NUMBERS = st.none() | st.integers(-(2**63), 2**63 - 1)
ROWS = st.lists(st.tuples(TEXTS, TEXTS, NUMBERS, st.uuids(), st.uuids()), min_size=1, max_size=9)
FEW = {"unit": "a", "name": "b"}, {"attempt": "c"}
IDS = {"dossier_id": "d", "step_run_id": "e"}


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory):
    database = Database(f"sqlite:///{tmp_path_factory.mktemp('packed') / 'office.db'}")
    with snapshot_of(database) as opened:
        yield opened
    database.close()


def spelt(value):
    if value is None:
        return "null"
    if isinstance(value, UUID):
        return f"'{value.hex}'"
    return str(value) if isinstance(value, int) else f"cast(x'{value.encode().hex()}' as text)"


def asked(*columns, rows):
    picked = ", ".join(f'{expression} as "{name}"' for name, expression in columns)
    values = ", ".join(f"({', '.join(row)})" for row in rows)
    return f"with rows(a, b, c, d, e) as (values {values}) select {picked} from rows"


@given(rows=ROWS)
def test_texts_numbers_and_ids_come_back_as_they_were(snapshot, rows):
    sql = asked(few_in_one(*FEW), ids_in_one(IDS), rows=[[*map(spelt, row)] for row in rows])
    found = apart(snapshot.table(sql))
    assert found.column_names == ["unit", "name", "attempt", "dossier_id", "step_run_id"]
    assert [tuple(row.values()) for row in found.to_pylist()] == rows
    for name in FEW[0]:
        (texts,) = {tuple(chunk.dictionary.to_pylist()) for chunk in found[name].chunks}
        assert list(texts) == sorted(set(texts), key=str.encode), "each once, in order"


def test_of_no_rows_there_are_the_columns(snapshot):
    sql = asked(few_in_one(*FEW), ids_in_one(IDS), rows=[["null"] * 2 + ["''"] * 3])
    found = apart(snapshot.table(sql).slice(1))
    assert (found.num_rows, found.num_columns) == (0, 5)


ID = "'019cac0f268070e7b320cd576d14475b'"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (f"substr({ID}, 2)", f"{ID} || 'a'"),  # as long together as two ids
        ("'019cac0f-2680-70e7-b320-cd576d14475b'", ID),
        (f"replace({ID}, 'e', 'g')", ID),
        ("null", ID),
        ("7", ID),
    ],
)
def test_what_is_no_id_is_refused(snapshot, first, second):
    good = ["null", "null", "null", ID, ID]
    sql = asked(ids_in_one(IDS), rows=[good, [*good[:3], first, second]])
    with pytest.raises(UnreadableTables):
        apart(snapshot.table(sql))


@pytest.mark.parametrize(
    "spoilt",
    [
        ["cast(x'ff41' as text)", "null", "1"],  # no UTF-8
        ["x'41'", "null", "1"],  # bytes
        ["7", "null", "1"],
        ["null", "null", "'many'"],
        ["null", "null", "1.5"],
    ],
)
def test_a_value_of_another_kind_is_refused(snapshot, spoilt):
    sql = asked(few_in_one(*FEW), rows=[["'mot_cua'", "'An'", "1", ID, ID], [*spoilt, ID, ID]])
    with pytest.raises(UnreadableTables):
        apart(snapshot.table(sql))
