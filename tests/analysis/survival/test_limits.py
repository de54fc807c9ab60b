"""A proposed limit stands beside the one of today, in the measure in which the office thinks."""

from itertools import pairwise

from analysis.survival.curve_points import points
from analysis.survival.limits import HALF_HOUR_WS, limits, stated_limit
from analysis.survival.observed import Picked, dossiers_watched
from analysis.survival.proposed_limit import HALF_DAY_WS
from tests.analysis.made_facts import DAY_WS, HOUR_WS, made_facts, number

P = Picked(procedure_code="P")


def dossiers(*limits_ws, lasted=HOUR_WS):
    return [
        {"dossier_id": number(n), "received_us": n, "limit_ws": limit, "work_ws": lasted}
        for n, limit in enumerate(limits_ws)
    ]


def runs(n, limit_ws, lasted_ws, element="Task_1"):
    return [
        {
            "step_run_id": number(100 * len(element) + each),
            "dossier_id": number(each),
            "element_id": element,
            "enabled_us": each,
            "limit_ws": limit_ws,
            "waiting_ws": 0,
            "handling_ws": lasted_ws,
        }
        for each in range(n)
    ]


def test_a_same_day_limit_is_another_for_each_dossier_and_none_of_them_is_called_the_limit():
    facts = made_facts(dossier_fact=dossiers(9_000, 11_000, 14_000, 14_000, 20_000))
    assert stated_limit(facts, P) is None
    assert stated_limit(made_facts(dossier_fact=dossiers(DAY_WS, DAY_WS, 9_000)), P) == DAY_WS


def test_a_step_of_one_hour_is_not_offered_half_a_day():
    facts = made_facts(
        dossier_fact=dossiers(*[3 * DAY_WS] * 40, lasted=9 * HOUR_WS),
        step_interval=[*runs(40, HOUR_WS, 2_000), *runs(40, 2 * DAY_WS, 5 * HOUR_WS, "Task_22")],
    )
    whole, short, long = limits(facts, P, 0.95)
    assert (whole.unit_ws, whole.limit_ws, whole.proposed.limit_ws) == (
        *(HALF_DAY_WS, 3 * DAY_WS),
        3 * HALF_DAY_WS,
    )
    assert (short.unit_ws, short.limit_ws) == (HALF_HOUR_WS, HOUR_WS)
    assert short.proposed.limit_ws == 2 * HALF_HOUR_WS  # 33 minutes need an hour
    assert (long.unit_ws, long.proposed.limit_ws) == (HALF_DAY_WS, 2 * HALF_DAY_WS)


def test_a_procedure_without_any_limit_is_proposed_one_in_half_days():
    (whole,) = limits(made_facts(dossier_fact=dossiers(None, None)), P, 0.8)
    assert (whole.limit_ws, whole.unit_ws) == (None, HALF_DAY_WS)
    assert whole.proposed.limit_ws == HALF_DAY_WS


def test_the_curve_as_a_table_ends_where_the_last_one_ended_and_never_falls():
    rows = [
        {"dossier_id": number(n), "received_us": n, "work_ws": 60 * (n + 1)} for n in range(500)
    ]
    facts = made_facts(dossier_fact=rows)
    told = points(dossiers_watched(facts, P).curve(), most=50)
    assert len(told) == 50
    assert (told[0].lasted_ws, told[-1].lasted_ws, told[-1].done) == (60, 30_000, 1.0)
    assert all(a.done <= b.done for a, b in pairwise(told))
    assert all(each.low <= each.done <= each.high for each in told)
    assert points(dossiers_watched(made_facts(), P).curve()) == ()
