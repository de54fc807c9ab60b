"""Which components are missing again and again, and what that costs."""

from datetime import date
from decimal import Decimal

from analysis.period import Period
from analysis.queues.missing import missing_components
from analysis.queues.scope import Scope
from tests.analysis.made_facts import DAY_US, DAY_WS, made_facts, number

MARCH = Scope.of(Period(date(2026, 3, 1), date(2026, 3, 31)))
RECEIVED = MARCH.start_us + DAY_US
ASKED = RECEIVED + DAY_US


def dossier(n: int, version: int = 1, received_us: int = RECEIVED):
    return {"dossier_id": number(n), "version_id": number(version), "received_us": received_us}


def cited(n: int, component: str, asked_us: int = ASKED):
    return {
        "dossier_id": number(n),
        "component": component,
        "name": f"Giấy {component}",
        "asked_us": asked_us,
    }


def pause(n: int, paused_ws: int | None, since_us: int = ASKED):
    until = None if paused_ws is None else since_us + DAY_US
    return {
        "dossier_id": number(n),
        "since_us": since_us,
        "until_us": until,
        "paused_ws": paused_ws,
    }


def required(component: str, requirement: str = "required", version: int = 1):
    return {"version_id": number(version), "component": component, "requirement": requirement}


def found(**tables):
    return missing_components(made_facts(**tables), MARCH)


def test_a_component_missing_in_two_of_five_dossiers_is_missing_in_forty_percent():
    (only,) = found(
        dossier_fact=[dossier(n) for n in range(5)],
        missing_component=[cited(1, "DON"), cited(2, "DON")],
        pause_fact=[pause(1, DAY_WS), pause(2, 3 * DAY_WS)],
        required_component=[required("DON")],
    )
    assert (only.returned.part, only.returned.whole) == (2, 5)
    assert only.returned.percent == Decimal("40.00")
    assert only.certain
    assert only.interval.low < 0.4 < only.interval.high
    assert only.mean_paused_ws == 2 * DAY_WS


def test_a_supplement_that_still_runs_adds_no_delay_yet():
    (only,) = found(
        dossier_fact=[dossier(1)],
        missing_component=[cited(1, "DON")],
        pause_fact=[pause(1, None)],
        required_component=[required("DON")],
    )
    assert (only.asked, only.ended, only.mean_paused_ws) == (1, 0, None)


def test_versions_that_do_not_ask_for_it_are_not_in_the_denominator():
    (only,) = found(
        dossier_fact=[dossier(1), dossier(2), dossier(3, version=2)],
        missing_component=[cited(1, "DON")],
        required_component=[required("DON"), required("ANH", version=2)],
    )
    assert only.returned.whole == 2


def test_a_component_asked_for_under_a_condition_says_that_the_rate_is_not_certain():
    (only,) = found(
        dossier_fact=[dossier(1)],
        missing_component=[cited(1, "UY_QUYEN")],
        required_component=[required("UY_QUYEN", "when")],
    )
    assert not only.certain


def test_the_pareto_adds_up_to_all_citations():
    rows = found(
        dossier_fact=[dossier(n) for n in range(4)],
        missing_component=[cited(0, "A"), cited(1, "A"), cited(2, "A"), cited(3, "B")],
        required_component=[required("A"), required("B")],
    )
    assert [(r.component, r.cumulative.part, r.cumulative.whole) for r in rows] == [
        ("A", 3, 4),
        ("B", 4, 4),
    ]


def test_asking_twice_in_one_dossier_is_one_dossier_returned():
    (only,) = found(
        dossier_fact=[dossier(1), dossier(2)],
        missing_component=[cited(1, "A"), cited(1, "A", ASKED + DAY_US)],
        required_component=[required("A")],
    )
    assert (only.returned.part, only.returned.whole, only.asked) == (1, 2, 2)


def test_a_pause_for_another_reason_is_not_the_components():
    (only,) = found(
        dossier_fact=[dossier(1)],
        missing_component=[cited(1, "A")],
        pause_fact=[pause(1, DAY_WS) | {"kind": "tax"}],
        required_component=[required("A")],
    )
    assert only.ended == 0
