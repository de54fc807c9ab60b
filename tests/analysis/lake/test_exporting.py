"""A fact of an office as one Parquet file: the same rows as the tables say, or no file."""

import pytest
from pyarrow import parquet

from analysis.facts.columns import FACTS
from analysis.facts.office import office_facts
from analysis.lake import exporting
from analysis.lake.exporting import UnknownFact, export_fact
from bench.analysis.office_copies import copy
from tests.analysis.office_day import play
from tests.analysis.test_returns import Life


@pytest.fixture
def busy(ward):
    """Two dossiers that are over and one in work."""
    play(ward)
    Life(ward)
    return ward


@pytest.fixture
def exported(busy, tmp_path):
    def export(fact, only=()):
        file = tmp_path / "facts.parquet"
        at = busy.office.clock.now()
        rows = export_fact(busy.office.database, busy.agency_id, fact, file, at, only)
        table = parquet.read_table(file)
        assert table.num_rows == rows
        return table

    return export


def rows_of(told):
    return sorted(map(repr, told))


@pytest.mark.parametrize("fact", FACTS)
def test_a_file_says_what_the_tables_say(busy, exported, fact):
    found = exported(fact)
    assert found.column_names == list(FACTS[fact])
    at = busy.office.clock.now()
    with office_facts(busy.office.database, busy.agency_id, at) as facts:
        expected = facts.rows(f"select * from {fact}")
    assert rows_of(found.to_pylist()) == rows_of(expected)


def test_rows_that_are_not_in_memory_together_are_all_there(busy, exported, tmp_path, monkeypatch):
    monkeypatch.setattr(exporting, "GROUP", 2_000)
    copy(busy.office.database.url, 0, 1_500)
    found = exported("step_interval")
    assert parquet.ParquetFile(tmp_path / "facts.parquet").num_row_groups > 1
    at = busy.office.clock.now()
    with office_facts(busy.office.database, busy.agency_id, at) as facts:
        facts.connection.register("found", found)
        (same,) = (
            facts.rows("""select (select count(*) from step_interval) as facts, count(*) as same
            from (select * from step_interval intersect select * from found)""")
        )
    assert same["facts"] == same["same"] == found.num_rows


@pytest.mark.parametrize(
    "only",
    [
        ["month", "unit", "step_run_id"],
        ["agency_id"],
        ["age_ws"],
        ["procedure_code", "version_id"],
        ["person_id", "person_id"],
    ],
)
def test_columns_come_as_they_were_asked_for(exported, only):
    whole, found = exported("step_interval"), exported("step_interval", only)
    names = list(dict.fromkeys(only))
    assert found.column_names == names
    assert rows_of(found.to_pylist()) == rows_of(whole.select(names).to_pylist())


def test_columns_of_other_facts_can_be_chosen_too(exported):
    assert exported("dossier_fact", ["state", "code"]).column_names == ["state", "code"]


@pytest.mark.parametrize(
    ("fact", "only"), [("applicant", []), ("step_interval", ["state", "1; drop table dossier"])]
)
def test_what_is_not_there_is_named_and_the_file_before_stays(exported, tmp_path, fact, only):
    exported("pause_fact")
    before = (tmp_path / "facts.parquet").read_bytes()
    with pytest.raises(UnknownFact, match=only[-1] if only else fact):
        exported(fact, only)
    assert (tmp_path / "facts.parquet").read_bytes() == before


def test_a_file_is_whole_or_not_there(exported, tmp_path, monkeypatch):
    def fails(*_, **__):
        raise OSError("the disk is full")

    monkeypatch.setattr(exporting.parquet.ParquetWriter, "write_table", fails)
    with pytest.raises(OSError, match="full"):
        exported("step_interval")
    assert list(tmp_path.glob("facts*")) == []
