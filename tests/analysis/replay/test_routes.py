"""Routes are what each run of a dossier waited for."""

from analysis.replay.routes import routes
from tests.analysis.made_facts import made_facts, number
from tests.analysis.queues.office_month import HOURS, at, us


def run(n: int, element: str, enabled, ended, **columns):
    return {
        "step_run_id": number(100 + n),
        "dossier_id": number(1),
        "element_id": element,
        "person_id": number(1),
        "enabled_us": us(enabled),
        "started_us": us(enabled),
        "ended_us": us(ended),
    } | columns


def route(runs, finished=None, received=None):
    dossier = {
        "dossier_id": number(1),
        "received_us": us(received or at(2, 8)),
        "finished_us": us(finished or at(6, 16)),
    }
    facts = made_facts(us(at(31, 17)), step_interval=runs, dossier_fact=[dossier])
    (only,) = routes(facts, "A", HOURS["A"], 0, us(at(31, 17)))
    return only.steps


def ways(steps):
    return [(step.element_id, step.waits_for) for step in steps]


def test_steps_in_turn_wait_for_each_other():
    found = route([run(1, "A", at(2, 8), at(2, 9)), run(2, "B", at(2, 9), at(2, 10))])
    assert ways(found) == [("A", ()), ("B", (0,))]
    assert found[1].lag_ws == 0


def test_branches_wait_for_the_same_and_the_join_for_both():
    found = route(
        [
            run(1, "A", at(2, 8), at(2, 9)),
            run(2, "B", at(2, 9), at(2, 10)),
            run(3, "C", at(2, 9), at(2, 11)),
            run(4, "D", at(2, 11), at(2, 14)),
        ]
    )
    assert ways(found) == [("A", ()), ("B", (0,)), ("C", (0,)), ("D", (1, 2))]


def test_a_loop_is_the_step_once_more():
    found = route(
        [
            run(1, "A", at(2, 8), at(2, 9)),
            run(2, "B", at(2, 9), at(2, 10)),
            run(3, "A", at(2, 10), at(2, 11), attempt=2),
        ]
    )
    assert ways(found) == [("A", ()), ("B", (0,)), ("A", (1,))]


def test_what_lies_between_is_counted_in_open_time():
    found = route([run(1, "A", at(2, 8), at(2, 17)), run(2, "B", at(3, 8, 30), at(3, 10))])
    assert found[1].lag_ws == 3600  # from half past seven


def test_a_run_of_nobody_needs_no_post():
    found = route(
        [run(1, "A", at(2, 8), at(2, 9), person_id=None), run(2, "B", at(2, 9), at(3, 9))]
    )
    assert [step.post for step in found] == [None, ("U", "chuyen_vien")]


def test_handling_ends_with_the_run_that_ended_then():
    runs = [run(1, "A", at(2, 8), at(2, 9)), run(2, "Return", at(2, 9), at(5, 9))]
    assert [step.finishes for step in route(runs, finished=at(2, 9))] == [True, False]
    assert [step.finishes for step in route(runs, finished=at(5, 8))] == [False, True]


def test_a_dossier_that_is_not_finished_is_no_route():
    open_one = {"dossier_id": number(1), "received_us": us(at(2, 8)), "state": "open"}
    facts = made_facts(step_interval=[run(1, "A", at(2, 8), at(2, 9))], dossier_fact=[open_one])
    assert routes(facts, "A", HOURS["A"], 0, us(at(31, 17))) == ()
