"""On which weekday work is done, and whether in batches."""

from analysis.queues.scope import Scope
from analysis.queues.weekdays import by_weekday
from tests.analysis.made_facts import made_facts
from tests.analysis.queues.office_month import BINH, at, run, us

WEEK = Scope(us(at(2, 0)), us(at(9, 0)))


def of(runs):
    return {day.weekday: day for day in by_weekday(made_facts(step_interval=runs), WEEK)}


def test_four_ended_within_minutes_on_friday_are_a_batch():
    friday = [run(n, at(2, 8, n), at(6, 16), at(6, 16, n)) for n in range(1, 5)]
    monday = [run(n, at(2, 8, n), at(2, 9), at(2, n)) for n in range(9, 12)]
    found = of([*friday, *monday])
    assert (found[5].batched.part, found[5].ended, found[5].came) == (4, 4, 0)
    assert (found[1].batched.part, found[1].ended, found[1].came) == (0, 3, 7)
    assert found[3].ended == 0


def test_two_are_no_batch():
    assert of([run(n, at(2, 8, n), at(6, 16), at(6, 16, n)) for n in (1, 2)])[5].batched.part == 0


def test_out_of_turn_is_no_batch():
    runs = [run(n, at(2, 9 - n), at(6, 16), at(6, 16, n)) for n in range(1, 4)]
    assert of(runs)[5].batched.part == 0


def test_three_people_are_no_batch():
    runs = [run(n, at(2, 8, n), at(6, 16), at(6, 16, n)) for n in range(1, 3)]
    assert (
        of([*runs, run(3, at(2, 8, 3), at(6, 16), at(6, 16, 3), person_id=BINH)])[5].batched.part
        == 0
    )


def test_every_weekday_is_there():
    assert list(of([])) == [1, 2, 3, 4, 5, 6, 7]
