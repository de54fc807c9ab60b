"""How full hands are, and whether that is why things wait."""

from analysis.queues.scope import Scope
from analysis.queues.utilisation import Burden, utilisation
from tests.analysis.made_facts import made_facts
from tests.analysis.queues.office_month import BINH, HOUR, HOURS, at, run, us

MONDAY = Scope(us(at(2, 0)), us(at(3, 0)))
TUESDAY_TOO = Scope(us(at(2, 0)), us(at(4, 0)))


def of(runs, scope=MONDAY, read_at=None, pauses=()):
    facts = made_facts(us(read_at or at(31, 17)), step_interval=runs, pause_fact=pauses)
    return utilisation(facts, scope, HOURS)


def test_two_runs_at_once_keep_one_person_busy_once():
    (found,) = of([run(1, at(2, 8), at(2, 8), at(2, 10)), run(2, at(2, 8), at(2, 9), at(2, 11))])
    assert (found.people, found.there_ws, found.busy_ws) == (1, 8 * HOUR, 3 * HOUR)
    assert found.handling_ws == 4 * HOUR


def test_two_people_were_there_twice_as_long():
    (found,) = of(
        [
            run(1, at(2, 8), at(2, 8), at(2, 10)),
            run(2, at(2, 8), at(2, 8), at(2, 10), person_id=BINH),
        ]
    )
    assert (found.people, found.there_ws, found.busy_ws) == (2, 16 * HOUR, 4 * HOUR)


def test_days_on_which_nobody_acted_are_not_there():
    (found,) = of([run(1, at(2, 8), at(2, 8), at(2, 10))], TUESDAY_TOO)
    assert found.there_ws == 8 * HOUR


def test_full_hands_and_a_growing_queue_are_a_lack_of_people():
    runs = [run(1, at(2, 7, 30), at(2, 7, 30), at(2, 17))]
    waiting = [
        run(n, at(2, 9), at(2, 9), at(2, 9))
        | {"state": "open", "started_us": None, "ended_us": None, "person_id": None}
        for n in range(5, 9)
    ]
    (found,) = of([*runs, *waiting])
    assert (found.queue_first, found.queue_last) == (0, 4)
    assert found.burden is Burden.CAPACITY


def test_full_hands_that_keep_up_are_full():
    (found,) = of([run(1, at(2, 7, 30), at(2, 7, 30), at(2, 17))])
    assert found.burden is Burden.FULL


def test_easy_hands_and_long_waits_are_a_rule():
    (found,) = of([run(1, at(2, 8), at(2, 13, 30), at(2, 14))])
    assert found.burden is Burden.RULE


def test_a_position_that_nobody_took_up_has_no_rate():
    run_of_nobody = run(1, at(2, 8), at(2, 8), at(2, 10), person_id=None)
    (found,) = of([run_of_nobody])
    assert (found.people, found.rate.percent) == (0, None)


def test_one_position_among_two_keeps_its_own_time():
    found = of(
        [
            run(1, at(2, 8), at(2, 8), at(2, 10), position="a"),
            run(2, at(2, 8), at(2, 9), at(2, 12), position="b"),
        ]
    )
    assert {u.position: u.busy_ws for u in found} == {"a": 2 * HOUR, "b": 150 * 60}


def test_work_begun_before_the_day_counts_within_it_only():
    tuesday = Scope(us(at(3, 0)), us(at(4, 0)))
    (found,) = of(
        [
            run(1, at(2, 8), at(2, 8), at(3, 9, 30)),
            run(2, at(3, 10), at(3, 10), at(3, 11)),
        ],
        tuesday,
    )
    assert found.busy_ws == 3 * HOUR
