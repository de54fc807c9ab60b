"""What nobody should ask, and what a careful office asks all the same: each has an honest answer."""

from datetime import date

import pytest

from analysis.period import Period
from analysis.queues.scope import Scope
from analysis.rate import Rate
from analysis.replay.change import (
    Arrivals,
    Change,
    Dropped,
    InvalidChange,
    Limit,
    People,
    SupplementRate,
)
from analysis.replay.figures import observed
from analysis.replay.office_model import NothingToReplay
from analysis.replay.what_if import past_of, replay_hours, what_if
from tests.analysis.made_facts import made_facts, number
from tests.analysis.replay.made_office import CALENDAR, HOURS, READ_AT, SPRING
from tests.analysis.replay.test_what_if import asked, difference, office

HOUR_US = 3_600_000_000


@pytest.fixture(scope="module")
def facts():
    return office()


def test_where_nobody_is_left_nothing_is_finished_and_it_says_so(facts):
    answer = asked(facts, Change(people=(People("U", "Appraise", -2),)))
    assert answer.never_before == 0
    assert answer.never_after == answer.observed.received
    median = difference(answer, "p50_ws")
    assert median.as_it_was > 0
    assert (median.changed, median.difference, median.interval) == (None, None, None)
    assert not median.certain


def test_where_nothing_comes_there_is_nothing_to_tell(facts):
    answer = asked(facts, Change(arrivals=(Arrivals(0),)))
    assert [each.changed for each in answer.differences] == [None, None, None]
    assert answer.never_after == 0
    assert answer == asked(facts, Change(arrivals=(Arrivals(0, "P"),)))


def test_where_every_step_is_left_out_nothing_takes_time(facts):
    steps = ("Receive", "Appraise", "Sign")
    answer = asked(facts, Change(dropped=tuple(Dropped("P", step) for step in steps)))
    assert [each.changed for each in answer.differences] == [1, 0, 0]


@pytest.mark.parametrize("step", ["Receive", "Appraise", "Sign"])
def test_a_step_left_out_makes_no_dossier_slower(facts, step):
    answer = asked(facts, Change(dropped=(Dropped("P", step),)))
    assert difference(answer, "p50_ws").difference < 0
    assert difference(answer, "in_time").difference >= 0


@pytest.mark.parametrize(
    "change",
    [
        lambda: Change(limits=(Limit("P", 10**30),)),
        lambda: Change(limits=(Limit("P", 60), Limit("P", 90))),
        lambda: Change(supplements=(SupplementRate("P", 0.1), SupplementRate("P", 0.2))),
        lambda: Change(arrivals=(Arrivals(3), Arrivals(3, "P"))),
        lambda: Change(arrivals=(Arrivals(1.1), Arrivals(1.1))),
    ],
)
def test_what_cannot_be_meant_is_refused(change):
    with pytest.raises(InvalidChange):
        change()


@pytest.mark.parametrize(
    "days",
    [
        Period(date(2026, 3, 8), date(2026, 3, 8)),  # a Sunday
        Period(date(2026, 8, 3), date(2026, 9, 3)),  # still to come
        Period(date(2025, 3, 3), date(2025, 3, 9)),  # long before
    ],
    ids=["day off", "to come", "before"],
)
def test_a_period_in_which_nothing_came_has_nothing_to_replay(facts, days):
    scope = Scope.of(days)
    with pytest.raises(NothingToReplay):
        past_of(facts, "A", scope, replay_hours(CALENDAR, scope))


def run(n: int, dossier: int, element: str, begun_us: int, hours: int | None, **columns):
    """A run that somebody takes up at once, and ends after so many hours, or has in hand."""
    ended = None if hours is None else begun_us + hours * HOUR_US
    return {
        "dossier_id": number(dossier),
        "step_run_id": number(100 + n),
        "element_id": element,
        "person_id": number(7),
        "enabled_us": begun_us,
        "started_us": begun_us,
        "ended_us": ended,
        "state": "open" if hours is None else "completed",
    } | columns


def dossier(n: int, received_us: int, hours: int | None, **columns):
    over = None if hours is None else received_us + hours * HOUR_US
    return {
        "dossier_id": number(n),
        "received_us": received_us,
        "finished_us": over,
        "state": "open" if hours is None else "finished",
        "work_ws": None if hours is None else hours * 3600,
    } | columns


def day(month: int, n: int) -> int:
    """Eight in the morning (Asia/Ho_Chi_Minh)."""
    return Scope.of(Period(date(2026, month, n), date(2026, month, n))).start_us + 8 * HOUR_US


def test_old_dossiers_in_hand_and_younger_ones_are_no_past_of_the_period():
    runs = [run(1, 1, "Receive", day(1, 5), None), run(2, 2, "Receive", day(5, 5), 1)]
    dossiers = [dossier(1, day(1, 5), None), dossier(2, day(5, 5), 1)]
    facts = made_facts(READ_AT, step_interval=runs, dossier_fact=dossiers)
    scope = Scope.of(Period(date(2026, 4, 1), date(2026, 4, 10)))
    with pytest.raises(NothingToReplay):
        past_of(facts, "A", scope, replay_hours(CALENDAR, scope))


def test_of_a_step_that_nobody_has_ended_yet_no_time_is_made_up():
    later = day(5, 5)  # after the period: what came then may go other ways
    runs = [
        run(1, 1, "Receive", day(3, 3), 1),
        run(2, 3, "Verify", day(4, 29), None),
        run(3, 1, "Verify", later, 2, person_id=None),
        run(4, 4, "Receive", later, 1),
        run(5, 4, "Publish", later + 2 * HOUR_US, 1),
    ]
    dossiers = [
        dossier(1, day(3, 3), 1, finished_us=later + 2 * HOUR_US),
        dossier(3, day(4, 29), None),
        dossier(4, later, 3),
    ]
    facts = made_facts(READ_AT, step_interval=runs, dossier_fact=dossiers)
    past = past_of(facts, "A", SPRING, HOURS)
    assert set(past.model.samples) == {("P", "Receive")}
    (only,) = past.model.routes["P"]
    assert [step.element_id for step in only.steps] == ["Receive", "Verify"]
    assert what_if(past, Change(), seed=1, replications=2).dossiers == 2


def test_a_supplement_asked_for_while_two_steps_are_open_side_by_side_is_one_supplement():
    """It stops both, and the citizen takes his time once."""
    runs, dossiers, pauses = [], [], []
    for n in range(1, 21):
        at = day(3, 1 + n)
        until = at + 2 * HOUR_US
        stood = {"paused_ws": 7200, "paused_us": 2 * HOUR_US}
        runs += [run(10 * n + place, n, f"Task_{place}", at, 3) | stood for place in (1, 2)]
        dossiers.append(dossier(n, at, 3, work_ws=3600, limit_ws=7200, result="on_time"))
        asked_for = {"kind": "supplement", "since_us": at, "until_us": until, "paused_ws": 7200}
        pauses.append({"dossier_id": number(n)} | asked_for)
    facts = made_facts(READ_AT, step_interval=runs, dossier_fact=dossiers, pause_fact=pauses)
    known = past_of(facts, "A", SPRING, HOURS).model.supplements["P"]
    assert (known.share, known.paused_ws.tolist()) == (1, [7200] * 20)


@pytest.mark.parametrize(("age_ws", "late"), [(7201, 20), (7200, 0)])
def test_what_stands_still_after_its_limit_was_used_up_is_late_in_the_past_as_in_a_play(
    age_ws, late
):
    runs, dossiers = [], []
    for n in range(1, 21):
        at = day(3, 1 + n)
        runs.append(run(n, n, "Task_1", at, 1))
        runs.append(run(100 + n, 100 + n, "Task_1", at, 1))
        dossiers.append(dossier(n, at, 1, work_ws=3600, limit_ws=7200, result="on_time"))
        standing = {"finished_us": None, "due_us": None, "state": "paused", "age_ws": age_ws}
        dossiers.append(dossier(100 + n, at, 1, limit_ws=7200, extensions=0) | standing)
    facts = made_facts(READ_AT, step_interval=runs, dossier_fact=dossiers)
    past = past_of(facts, "A", SPRING, HOURS)
    assert observed(facts, "A", SPRING, past.model).in_time == Rate(20, 20 + late)


def test_a_pause_over_several_steps_that_others_do_is_the_offices_time_in_none_of_them():
    """Two steps of others in turn, one pause over both, then an hour of the office's own."""
    runs, dossiers, pauses = [], [], []
    for n in range(1, 21):
        at = day(3, 1 + n)
        steps = (("Ask", 1, 0), ("Answer", 1, 1), ("Decide", 1, 2))
        runs += [
            run(10 * n + place, n, element, at + begun * HOUR_US, hours)
            for place, (element, hours, begun) in enumerate(steps)
        ]
        dossiers.append(dossier(n, at, 3, work_ws=3600, limit_ws=7200, result="on_time"))
        until = at + 2 * HOUR_US
        stood = {"kind": "other_unit", "since_us": at, "until_us": until, "paused_ws": 7200}
        pauses.append({"dossier_id": number(n)} | stood)
    facts = made_facts(READ_AT, step_interval=runs, dossier_fact=dossiers, pause_fact=pauses)
    answer = asked(facts)
    median = next(each for each in answer.checks if each.measure == "p50_ws")
    assert (median.observed, median.replayed) == (3600, 3600)
    stops = past_of(facts, "A", SPRING, HOURS).model.samples
    assert [stops["P", element].stops for element, *_ in steps] == [True, True, False]
