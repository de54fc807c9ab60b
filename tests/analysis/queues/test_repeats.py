"""Work that came back, inside the office and to citizens."""

from datetime import date

from analysis.period import Period
from analysis.queues.repeats import repeated_steps, returned_dossiers, sent_back
from analysis.queues.scope import Scope
from tests.analysis.made_facts import DAY_US, HOUR_WS, made_facts, number

MARCH = Scope.of(Period(date(2026, 3, 1), date(2026, 3, 31)))
IN_MARCH = MARCH.start_us + DAY_US


def run(n: int, **columns):
    usual = {"dossier_id": number(n), "enabled_us": IN_MARCH, "ended_us": IN_MARCH}
    return usual | {"handling_ws": HOUR_WS} | columns


def test_a_step_done_again_is_counted_once_a_dossier_and_costs_the_time_of_its_repeats():
    runs = [run(1), run(1, attempt=2), run(1, attempt=3), run(2), run(3)]
    (found,) = repeated_steps(made_facts(step_interval=runs), MARCH)
    assert (found.repeated.part, found.repeated.whole) == (1, 3)
    assert (found.repeats, found.most_attempts) == (2, 3)
    assert (found.repeat_handling_ws, found.handling_ws) == (2 * HOUR_WS, 5 * HOUR_WS)


def test_a_step_that_is_never_done_again_is_not_listed():
    assert repeated_steps(made_facts(step_interval=[run(1), run(2)]), MARCH) == ()


def test_who_sends_back_to_whom():
    runs = [
        run(1, element_id="Appraise", sent_back_from="Sign", attempt=2),
        run(2, element_id="Appraise", sent_back_from="Sign", attempt=2),
        run(2, element_id="Appraise", sent_back_from="Sign", attempt=3),
        run(3, element_id="Receive", sent_back_from="Appraise", attempt=2),
        run(4, element_id="Receive"),
    ]
    found = sent_back(made_facts(step_interval=runs), MARCH)
    assert [(f.sent_from, f.sent_to, f.times, f.dossiers) for f in found] == [
        ("Sign", "Appraise", 3, 2),
        ("Appraise", "Receive", 1, 1),
    ]


def test_the_procedure_that_returns_most_of_its_dossiers_comes_first():
    dossiers = [
        {"dossier_id": number(n), "received_us": IN_MARCH, "procedure_code": code, "supplements": s}
        for n, (code, s) in enumerate([("P", 0), ("P", 1), ("Q", 2), ("Q", 1), ("Q", 0)])
    ]
    found = returned_dossiers(made_facts(dossier_fact=dossiers), MARCH)
    assert [
        (f.procedure_code, f.returned.part, f.returned.whole, f.supplements) for f in found
    ] == [
        ("Q", 2, 3, 3),
        ("P", 1, 2, 1),
    ]
