"""Every number that offices report is produced, or listed with the reason why it cannot be."""

from datetime import date

import pytest

from analysis.behind import dossiers_behind
from analysis.facts.office import office_facts
from analysis.period import Period
from analysis.reports.behind import in_cell
from analysis.reports.electronic import LISTED, dossiers_of, electronic
from analysis.reports.indicators_766 import UNKNOWN as UNKNOWN_766
from analysis.reports.indicators_766 import report_766
from analysis.reports.members import Only
from analysis.reports.office_numbers import MADE, UNKNOWN, report_numbers
from analysis.reports.procedures_in_use import covered, procedures_in_use, report_coverage
from tests.analysis.office_day import play

MARCH = Period(date(2026, 3, 1), date(2026, 3, 31))
SEEDS = {  # what an office's own reports name (domain facts 5.3): which entries answer it
    "22,343,787 dossiers in 2022": ("dossiers",),
    "99.84 % on time": ("on_time",),
    "34,355 late": ("late",),
    "1,354 pieces of feedback, 1,331 published": ("feedback",),
    "42 decisions, 498 public procedures": ("public_published",),
    "600 internal procedures checked": ("checked",),
    "34 decisions, 407 internal procedures": ("internal_published",),
    "1,766 procedures by level": ("levels",),
    "1,578 internal procedures": ("covered",),
    "141 groups reviewed by plan": ("review_plan",),
    "1,892 for decentralisation": ("decentralisation",),
    "93,073 documents in, 29,280 out": ("documents",),
    "16,245 messages on 1,209 tasks": ("messages",),
    "2,900 articles, 7,526,429 visits": ("portal",),
    "49 programmes, 262 tasks": ("programmes",),
    "39 of 81 done, 30 in time, 12 late": ("tasks",),
    "75 % to 85 % on time, 20 % to 15 % late": ("years",),
    "8 receptions, 13 cases": ("citizen_sessions",),
    "77 units in 4 clusters": ("ranking",),
    "25,925 of 25,969 in a commune": ("on_time", "years"),
    "time, components, quality": ("families", "returns"),
    "fewer steps": ("steps",),
    "dossiers returned": ("returns",),
    "personal digital signatures, exchange at four levels": ("signatures", "exchange"),
}


@pytest.fixture
def played(sqlite_ward):
    play(sqlite_ward)
    return sqlite_ward


@pytest.fixture
def numbers(played):
    at = played.clock.now()
    with (
        office_facts(played.office.database, played.agency_id, at) as facts,
        played.office.database.read() as connection,
    ):
        yield connection, facts, played.agency_id


def values(report):
    return {line.key: [] for line in report.lines} | {
        key: [line.cells[2:4] for line in report.lines if line.key == key]
        for key in {line.key for line in report.lines}
    }


def test_every_number_of_the_seeds_is_there_or_says_why_not(numbers):
    found = values(report_numbers(*numbers, MARCH))
    for seed, entries in SEEDS.items():
        for entry in entries:
            assert entry in found, seed
            if entry in UNKNOWN:
                assert found[entry] == [(None, None)], f"{seed}: unknown is not 0"
            else:
                assert all(part is not None for part, _ in found[entry]), seed


def test_no_entry_answers_nothing():
    asked = {entry for entries in SEEDS.values() for entry in entries}
    assert set(MADE) | set(UNKNOWN) == asked


def test_the_numbers_are_those_of_the_day_that_was_played(numbers):
    found = values(report_numbers(*numbers, MARCH))
    assert found["dossiers"] == [(2, None)]
    assert found["on_time"] == [(1, 2), (1, 2), (1, 2)]  # 06a, NĐ 61, QĐ 766
    assert found["late"] == [(1, None), (0, 1)]
    assert found["steps"][0] == (8, None)
    assert found["families"][1] == (2, 2)
    assert found["tasks"][0] == (8, 8)
    assert found["covered"] == [(1, 1)]


def test_coverage_tells_used_from_never_used_and_unpublished(played, numbers):
    connection, facts, agency_id = numbers
    (use,) = procedures_in_use(connection, facts, agency_id, MARCH)
    assert (use.code, use.in_period, use.ever, use.state.vi) == ("2.000908", 2, 2, "Đang dùng")
    april = Period(date(2026, 4, 1), date(2026, 4, 30))
    (use,) = procedures_in_use(connection, facts, agency_id, april)
    assert covered((use,)).part == 1
    before = Period(date(2026, 1, 1), date(2026, 1, 31))
    (use,) = procedures_in_use(connection, facts, agency_id, before)
    assert use.state.vi == "Chưa từng có hồ sơ"
    report = report_coverage(connection, facts, agency_id, MARCH)
    assert report.answer.vi.startswith("1/1 quy trình đã ban hành")


def test_766_lists_every_indicator_and_those_without_data_without_a_number(numbers):
    connection, facts, agency_id = numbers
    report = report_766(facts, MARCH, electronic(connection, agency_id, MARCH))
    found = {line.key: line.cells for line in report.lines}
    assert {"2.1", "3.2", "3.3", "4.1", "4.2", "4.3"} | set(UNKNOWN_766) == set(found)
    assert found["2.1"][2:4] == (1, 2)
    assert (str(found["2.1"][6]), str(found["2.1"][7])) == ("50.00", "10.00")
    for key in UNKNOWN_766:
        assert found[key][2:8] == (None,) * 6, f"{key}: unknown is not 0"
        assert found[key][8], f"{key} says why"


def listed(numbers, report, line, cell):
    """How many dossiers stand behind a number, as the lists are asked."""
    connection, facts, agency_id = numbers
    period = line.period or report.period
    if cell in LISTED:
        chosen = dossiers_of(connection, agency_id, period, cell)
    else:
        only = Only(procedure=line.key) if report.code == "coverage" else Only()
        chosen = in_cell(facts, period, cell, only)
    return dossiers_behind(facts, chosen).total


def test_each_number_of_766_of_coverage_and_of_the_office_is_as_long_as_its_list(numbers):
    connection, facts, agency_id = numbers
    known = electronic(connection, agency_id, MARCH)
    reports = (
        report_766(facts, MARCH, known),
        report_numbers(connection, facts, agency_id, MARCH),
        report_coverage(connection, facts, agency_id, MARCH),
    )
    seen = set()
    for report in reports:
        for line in report.lines:
            for column, value in zip(report.columns, line.cells, strict=True):
                cell = line.behind.get(column.key, column.cell)
                if not cell:
                    continue
                seen.add((report.code, cell))
                found = listed(numbers, report, line, cell)
                tasks = cell.startswith("tasks")  # a dossier has several
                assert found == value or (tasks and 0 < found <= value), (line.key, cell)
    assert {("766", cell) for cell in LISTED} <= seen
    assert {("coverage", "came"), ("coverage", "ever"), ("numbers", "complete")} <= seen


def test_a_list_of_files_is_of_this_office_and_of_this_period(numbers):
    connection, facts, agency_id = numbers
    april = Period(date(2026, 4, 1), date(2026, 4, 30))
    for cell in LISTED:
        assert dossiers_behind(facts, dossiers_of(connection, agency_id, april, cell)).total == 0
        assert dossiers_behind(facts, dossiers_of(connection, "other", MARCH, cell)).total == 0
