"""A clock that stands has no due time: whether it is late is what it had used, not the first date."""

import pytest

from analysis.reports.counted import total_of
from analysis.reports.four_cells import four_cells
from analysis.reports.indicators_766 import on_time_by_766
from analysis.reports.late_list import report_late
from analysis.reports.names import Names
from tests.analysis.reports.test_form_06a import MARCH, at, cells, dossier, stopped
from tests.analysis.reports.test_other_reports import facts, step

DAY_WS = 28_800
STANDS = {"due_us": None, "age_ws": DAY_WS // 2}
EARLIER = stopped(1, at(3, 3), at(3, 10), "tax")


@pytest.mark.parametrize(("kind", "cell"), [("tax", "running"), ("supplement", "on_time")])
def test_who_stood_before_is_not_late_by_the_first_date(kind, cell):
    """Promised for the fifth, stood from the third to the tenth, stands again since the twelfth."""
    one = dossier(1, at(3, 2), at(3, 5), **STANDS)
    found = cells([one], [EARLIER, stopped(1, at(3, 12), kind=kind)])
    assert found[cell] == 1
    assert not found.keys() & {"late", "overdue"}


def test_who_had_used_up_the_limit_is_late_however_it_stands():
    one = dossier(1, at(3, 2), at(3, 5), due_us=None, age_ws=DAY_WS + 1)
    assert cells([one], [stopped(1, at(3, 12), kind="tax")])["overdue"] == 1
    assert cells([one], [stopped(1, at(3, 12))])["late"] == 1


def test_of_an_extended_one_the_limit_says_nothing_and_a_note_does():
    one = dossier(1, at(3, 2), at(3, 5), **STANDS, extensions=1)
    assert cells([one], [stopped(1, at(3, 12), kind="tax")])["overdue"] == 1


def test_what_ended_without_a_limit_was_in_time_by_766_too():
    ended = dossier(1, at(3, 2), finished_us=at(3, 9))
    running = dossier(2, at(3, 2))
    rate = on_time_by_766(facts([ended, running]), MARCH)
    assert (rate.part, rate.whole) == (2, 2)


def test_a_task_that_was_late_before_it_stood_still_is_late():
    used_up = step(1, at(3, 2), limit_ws=DAY_WS, age_ws=DAY_WS + 60)
    in_time = step(2, at(3, 2), limit_ws=DAY_WS, age_ws=60)
    stands = [stopped(1, at(3, 12)), stopped(2, at(3, 12))]
    found = four_cells(
        facts([dossier(1, at(3, 1)), dossier(2, at(3, 1))], [used_up, in_time], stands), MARCH
    )
    assert (found["running_late"], found["running_in_time"]) == (1, 1)


def test_an_open_step_overran_most_where_it_has_taken_longest():
    done = step(1, at(3, 2), at(3, 4), due=at(3, 3), result="late", late_ws=60, unit="T", name="A")
    still = step(
        1, at(3, 4), due=at(3, 5), limit_ws=DAY_WS, age_ws=5 * DAY_WS, name="B", run=50, unit="U"
    )
    known = facts([dossier(1, at(3, 1), at(3, 5))], [done, still])
    (line,) = report_late(known, MARCH, Names()).lines
    assert line.cells[9] == "B"
    assert total_of(known, MARCH)["overdue"] == 1


@pytest.mark.parametrize(
    ("kind", "cell"),
    [("tax", "running_late"), ("council", "running_late"), ("force_majeure", "running_in_time")],
)
def test_a_task_that_others_do_is_late_past_its_own_limit_though_the_dossier_stands(kind, cell):
    """The limit of the tax office runs: it is how it is held to its time."""
    task = step(1, at(3, 2), None, at(3, 6))
    found = four_cells(facts(steps=[task], pauses=[stopped(1, at(3, 2), kind=kind)]), MARCH)
    assert found[cell] == 1
