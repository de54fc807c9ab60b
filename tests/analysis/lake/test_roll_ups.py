"""Roll-ups say what the tables say, and are counted again only where something changed."""

from datetime import date

import orjson
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.facts.office import office_facts
from analysis.lake.binning import step_bins
from analysis.lake.rolling import LIST, roll_up, rolled_files
from analysis.lake.tiles import (
    lateness,
    missing,
    month_spreads,
    on_time,
    queue,
    roll_ups,
    step_spreads,
    steps,
)
from analysis.lake.whole import LakeDamaged
from analysis.period import Period
from analysis.quantile import nearest_rank
from analysis.queues.attribution import lateness_by_step
from analysis.queues.missing import missing_components
from analysis.queues.scope import Scope
from analysis.step_durations import step_durations
from tests.analysis.lake.office_lake import OfficeLake
from tests.analysis.made_facts import made_facts, number
from tests.analysis.office_day import SIGN, play
from tests.analysis.verdicts import verdicts_of

SPRING = Period(date(2026, 3, 1), date(2026, 4, 30))
MONTHS = (202603, 202604)
DAY_ONE = (date(2026, 3, 1) - date(1970, 1, 1)).days


@pytest.fixture
def lake(sqlite_ward, tmp_path):
    play(sqlite_ward)
    made = OfficeLake(sqlite_ward, tmp_path / "lake")
    for _ in made.work():
        pass
    made.refresh()
    roll_up(made.folder, made.now)
    return made


def test_verdicts_are_those_of_the_tables(lake):
    with lake.ward.office.database.read() as connection:
        said = verdicts_of(connection, lake.ward.agency_id, SPRING)
    with roll_ups(lake.folder) as of:
        for by in ("month", "agency", "procedure"):
            found = on_time(of, MONTHS, by)
            for name in ("early", "on_time", "late", "late_ws"):
                assert sum(getattr(group, name) for group in found) == getattr(said, name)
        assert [group.key for group in on_time(of, MONTHS, "month")] == ["202603", "202604"]
        (agency,) = on_time(of, MONTHS, "agency")
        assert agency.rate == said.rate
        by_procedure = on_time(of, MONTHS, "procedure")
        assert on_time(of, MONTHS, "procedure", agency=agency.key) == by_procedure
        for one in by_procedure:
            (same,) = on_time(of, MONTHS, "agency", procedure=one.key)
            assert (same.key, same.n, same.rate) == (agency.key, one.n, one.rate)
            months = on_time(of, MONTHS, "month", one.key, agency.key)
            assert sum(month.n for month in months) == one.n


def test_steps_and_their_exact_quantiles_are_those_of_the_tables(lake):
    with lake.ward.office.database.read() as connection:
        march = Period(date(2026, 3, 1), date(2026, 3, 31))
        said = step_durations(connection, lake.ward.agency_id, march)
    with roll_ups(lake.folder) as of:
        found = {(s.procedure_code, s.element_id): s for s in month_spreads(of, 202603)}
        rows = {row["element_id"]: row for row in steps(of, (202603, 202603), "2.000908")}
    assert len(found) == len(said)
    for step in said:
        spread = found[step.procedure_code, step.element_id]
        sojourn = step.sojourn
        assert (spread.n, spread.p50, spread.p80, spread.p95) == (
            step.n,
            sojourn.p50,
            sojourn.p80,
            sojourn.p95,
        )
        if step.procedure_code == "2.000908":
            row = rows[step.element_id]
            assert row["waiting_ws"] / step.n == step.waiting.mean
            assert (row["late"], row["late_ws"], row["limit_ws"]) == (
                step.late,
                step.late_ws,
                step.limit_ws,
            )


def test_lateness_is_owed_as_in_the_tables_to_the_second(lake):
    ward = lake.ward
    with office_facts(ward.office.database, ward.agency_id, ward.office.clock.now()) as facts:
        said = lateness_by_step(facts, Scope.of(SPRING))
    with roll_ups(lake.folder) as of:
        found = lateness(of, MONTHS)
    assert {(row["procedure_code"], row["element_id"]): row["late_ws"] for row in found} == {
        (owed.procedure_code, owed.element_id): owed.late_ws for owed in said.owed
    }
    assert sum(row["late_ws"] for row in found) == said.total_ws


def test_the_queue_before_a_step_stands_at_the_end_of_each_day(lake):
    with roll_ups(lake.folder) as of:
        days = {row["day"] - DAY_ONE + 1: row for row in queue(of, (0, 99_999), "2.000908", SIGN)}
    # Dossier one came to be signed and was, on 02/03; two came on 03/03 and was taken up on 04/03.
    assert [days[day]["waiting"] for day in (2, 3, 4)] == [0, 1, 0]
    assert [days[day]["done"] for day in (2, 4)] == [1, 1]


def test_what_was_missing_is_counted_by_component(lake):
    with roll_ups(lake.folder) as of:
        (row,) = missing(of, MONTHS)
    assert (row["component"], row["returned"], row["asked"]) == ("DON", 1, 1)


def test_months_in_which_nobody_lacked_a_component_count_in_its_denominator(lake):
    ward = lake.ward
    for day in (7, 8, 9):
        lake.life.another(2026, 4, day, 8, 0)
    lake.refresh()
    roll_up(lake.folder, lake.now)
    with office_facts(ward.office.database, ward.agency_id, ward.office.clock.now()) as facts:
        said = missing_components(facts, Scope.of(SPRING))
    with roll_ups(lake.folder) as of:
        found = missing(of, MONTHS)
    assert [(row["component"], row["returned"], row["required"]) for row in found] == [
        (each.component, each.returned.part, each.returned.whole) for each in said
    ]
    assert found[0]["required"] > 3


def test_only_months_that_changed_are_counted_again(lake):
    assert roll_up(lake.folder, lake.now).counted == ()
    lake.life.another(2026, 5, 4, 8, 0)
    lake.refresh()
    assert roll_up(lake.folder, lake.now).counted == (0,)
    with roll_ups(lake.folder) as of:
        assert sum(group.n for group in on_time(of, MONTHS, "month")) > 0


def test_a_roll_up_that_was_cut_off_is_told_and_counted_again(lake):
    path = lake.folder / rolled_files(lake.folder)[0].name
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(LakeDamaged, match=path.name):
        roll_ups(lake.folder)
    assert len(roll_up(lake.folder, lake.now).counted) == 1
    with roll_ups(lake.folder) as of:
        assert sum(group.n for group in on_time(of, MONTHS, "month")) > 0


def test_what_was_rolled_up_earlier_is_no_fresher_than_that(lake):
    with roll_ups(lake.folder) as of:
        before = of.fresh_us
    lake.ward.at(2026, 5, 4, 8, 0)
    lake.refresh()
    with roll_ups(lake.folder) as of:
        assert of.fresh_us == before
    roll_up(lake.folder, lake.now)
    with roll_ups(lake.folder) as of:
        assert of.fresh_us > before


def test_what_an_earlier_version_rolled_up_is_never_told_as_of_1970(lake):
    path = lake.folder / LIST
    told = orjson.loads(path.read_bytes())
    del told["fresh_us"]
    path.write_bytes(orjson.dumps(told))
    with pytest.raises(LakeDamaged, match="lake refresh"):
        roll_ups(lake.folder)
    roll_up(lake.folder, lake.now)
    with roll_ups(lake.folder) as of:
        assert of.fresh_us > 0


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 10_000_000), min_size=1, max_size=60))
def test_quantiles_of_added_bins_are_within_two_and_a_half_percent(durations):
    """Of two months together, counted apart."""
    runs = [
        {"step_run_id": number(i), "waiting_ws": 0, "handling_ws": ws, "month": 202603 + i % 2}
        for i, ws in enumerate(durations)
    ]
    with made_facts(step_interval=runs) as facts:
        months = (step_bins(facts, month) for month in (202603, 202604))
        facts.connection.register("step_bins", pa.concat_tables(m for m in months if m))
        (spread,) = step_spreads(facts, (202603, 202604))
    ordered = sorted(durations)
    for percent, found in ((50, spread.p50), (80, spread.p80), (95, spread.p95)):
        exact = nearest_rank(ordered, percent)
        assert abs(found - exact) * 40 <= exact
