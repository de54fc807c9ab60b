"""The lake says the same as the office's tables, however and whenever it was refreshed."""

import shutil
from datetime import timedelta

import pytest

from analysis.lake import layout
from analysis.lake import refresh as refresh_module
from analysis.lake.manifest import LakeMovedOn
from analysis.lake.publishing import published
from analysis.lake.reading import LakeOutdated, lake_facts
from analysis.lake.refresh import refresh
from engine.dossiers.pauses import receive_supplement
from engine.dossiers.return_result import return_result
from tests.analysis.lake.office_lake import OfficeLake
from tests.analysis.office_day import moment, play
from tests.engine.calendar_changes import changed, closure, office_layer
from tests.engine.drawing import CLERK, draw, end, start, step


@pytest.fixture
def lake(ward, tmp_path):
    play(ward)
    ward.at(2026, 3, 9, 8, 0)
    return OfficeLake(ward, tmp_path / "lake")


def test_the_first_refresh_writes_everything(lake):
    done = lake.refresh()
    assert (done.number, done.dossiers) == (1, None)
    assert lake.files() == lake.current() == lake.office()
    assert {file.part for file in done.written if file.fact == "step_interval"} == {0, 202603}


def test_after_every_refresh_and_between_them_the_numbers_are_the_same(lake):
    lake.refresh()
    for _ in lake.work():
        assert lake.current() == lake.office()
        lake.refresh()
        assert lake.files() == lake.current() == lake.office()
    assert lake.listed().mark.number == 4


def test_only_dossiers_that_changed_are_read_and_only_their_months_written(lake):
    lake.refresh()
    for _ in lake.work():
        pass
    done = lake.refresh()
    assert done.dossiers == 3
    months = {(file.fact, file.part) for file in done.written}
    assert ("dossier_fact", 202604) in months
    assert ("dossier_fact", 202603) not in months


def test_where_nothing_happened_the_files_stay(lake):
    lake.refresh()
    before = lake.listed().files
    done = lake.refresh()
    assert (done.dossiers, done.written) == (0, ())
    assert lake.listed().files == before


def test_what_ended_long_ago_and_changes_again_is_written_anew(lake):
    """A result that is returned after its month was written belongs to that month."""
    ward, life = lake.ward, lake.life
    drawn = draw(start(), step("A", lane=CLERK), end(status="9"), flows=("S A", "A E"))
    one = ward.received(drawn, 2026, 3, 30, 8, 1)
    life.complete(one, "A", life.clerk)
    lake.refresh()
    ward.at(2026, 4, 2, 8, 0)
    return_result(ward.office, life.clerk, one.dossier_id)
    written = {(file.fact, file.part) for file in lake.refresh().written}
    assert ("dossier_fact", 202603) in written
    assert ("step_interval", 202603) not in written
    assert lake.files() == lake.office()


@pytest.mark.parametrize("at_once", [1, 5])
def test_what_is_much_is_read_some_months_at_a_time(lake, monkeypatch, at_once):
    for _ in lake.work():
        pass
    whole = lake.refresh()
    shutil.rmtree(lake.folder)
    monkeypatch.setattr(refresh_module, "AT_ONCE", at_once)
    again = lake.refresh()
    assert {(f.fact, f.part, f.sha256) for f in again.written} == {
        (f.fact, f.part, f.sha256) for f in whole.written
    }
    assert lake.files() == lake.office()


def test_pauses_before_the_first_step_that_ended_and_after_the_last_are_read_too(
    ward, tmp_path, monkeypatch
):
    """What is much is read by months in which anything ended: also nothing but a supplement."""
    lake = OfficeLake(ward, tmp_path / "lake")
    life = lake.life
    life.ask(life.first, "A", life.clerk, ("DON",), "Thiếu chữ ký")
    ward.at(2026, 3, 5, 8, 0)
    receive_supplement(ward.office, life.clerk, life.first.dossier_id, ())
    two = life.another(2026, 4, 2, 8, 0)
    life.complete(two, "A", life.clerk)
    life.ask(two, "B", life.officer, ("DON",), "Thiếu chữ ký")
    life.complete(life.another(2026, 4, 3, 8, 0), "A", life.clerk)
    ward.at(2026, 5, 4, 8, 0)
    receive_supplement(ward.office, life.officer, two.dossier_id, ())
    monkeypatch.setattr(refresh_module, "AT_ONCE", 1)
    lake.refresh()
    assert {file.part for file in lake.listed().files if file.fact == "pause_fact"} == {
        202603,
        202605,
    }
    assert lake.files() == lake.office()


def test_a_closure_decreed_afterwards_changes_nothing_of_what_was_over(ward, tmp_path):
    """A dossier that is finished follows the calendar without an event: nothing of it moves."""
    lake = OfficeLake(ward, tmp_path / "lake")
    drawn = draw(
        start(),
        step("A", clock="tax", limit="2 working_day"),
        step("B", limit="2 working_day"),
        end(status="9"),
        flows=("S A", "A B", "B E"),
    )
    one = ward.received(drawn, 2026, 3, 9, 8, 0)
    for element, day in (("A", 10), ("B", 11)):
        ward.at(2026, 3, day, 9, 0)
        lake.life.complete(one, element, lake.life.officer)
    ward.at(2026, 3, 12, 9, 0)
    lake.refresh()
    before = lake.office()
    assert "'work_ws': 28800" in str(before["dossier_fact"])  # from 9 o'clock to 9 o'clock
    assert "'paused_ws': 32400" in str(before["pause_fact"])
    changed(ward, office_layer(closure((3, 9), (3, 11))))
    lake.refresh()
    assert lake.files() == lake.office()
    assert lake.office()["pause_fact"] == before["pause_fact"]
    finished = [row for row in before["dossier_fact"] if "'finished'" in row]
    assert [row for row in lake.office()["dossier_fact"] if "'finished'" in row] == finished


def test_files_that_were_written_otherwise_are_refused_and_written_anew(lake, monkeypatch):
    with monkeypatch.context() as earlier:
        earlier.setattr(layout, "ENCODING", layout.ENCODING - 1)
        lake.refresh()
    with pytest.raises(LakeOutdated):
        lake.files()
    assert lake.current() == lake.office()
    assert lake.refresh().dossiers is None
    assert lake.files() == lake.office()


def test_an_open_step_grows_older_with_every_refresh(lake):
    lake.refresh()
    lake.ward.at(2026, 3, 10, 8, 0)
    assert lake.files() != lake.office()
    assert lake.current() == lake.office()
    lake.refresh()
    assert lake.files() == lake.office()


def test_of_two_who_refresh_at_a_time_one_comes_too_late_and_nothing_counts_twice(lake):
    def meanwhile(what):
        if what == "read":
            lake.refresh()

    with pytest.raises(LakeMovedOn):
        lake.refresh(told=meanwhile)
    assert lake.files() == lake.current() == lake.office()
    assert lake.listed().mark.number == 1


def test_the_list_beside_the_files_is_that_of_the_database(lake):
    lake.refresh()
    (beside,) = published(lake.folder)
    assert beside.files == lake.listed().files
    for file in beside.files:
        assert (lake.folder / file.name).stat().st_size == file.bytes
        assert file.name.endswith(f"-{file.sha256}.parquet")


def test_files_that_no_longer_count_go_after_a_day(lake):
    lake.refresh()
    old = {file.name for file in lake.listed().files}
    for _ in lake.work():
        pass
    assert lake.refresh().swept == 0
    gone = old - {file.name for file in lake.listed().files}
    assert gone
    assert all((lake.folder / name).is_file() for name in gone)
    lake.ward.clock.set(lake.now + timedelta(days=2))
    lake.refresh()
    lake.ward.clock.set(lake.now + timedelta(days=2))
    assert lake.refresh().swept > 0
    assert not any((lake.folder / name).is_file() for name in gone)
    assert lake.files() == lake.office()


def test_two_offices_share_a_lake(lake, tmp_path):
    lake.refresh()
    play_day = moment(5, 8)
    (only,) = {row["agency_id"] for row in lake_facts(lake.folder).rows("from dossier_fact")}
    assert only == lake.ward.agency_id
    other = refresh(lake.ward.office.database, "000.00.99.H29", lake.folder, play_day)
    assert other.rows == 0
    assert [each.agency_id for each in published(lake.folder)] == [
        lake.ward.agency_id,
        "000.00.99.H29",
    ]
    assert lake.files() == lake.office()
