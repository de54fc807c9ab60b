"""Lifecycle events become runs of steps: who waited, who worked, who was paused, and since when."""

from analysis.event_log.findings import Tally
from analysis.event_log.log import Event, Trace
from analysis.event_log.step_runs import step_runs

MINUTE_US = 60_000_000


def runs(*lines):
    """Lines are (minute or None, activity, transition[, instance]); the file is in time order."""
    events = tuple(
        Event(
            activity,
            None if minute is None else minute * MINUTE_US,
            transition,
            instance=instance[0] if instance else None,
        )
        for minute, activity, transition, *instance in lines
    )
    tally = Tally()
    found = step_runs(Trace("A", events), tally)
    return found, {finding.rule for finding in tally.findings()}


def minutes(run):
    """Handed over, started, at (end), paused before the start, paused after it."""
    times = (run.enabled_us, run.started_us, run.at_us, run.pause_before_us, run.pause_us)
    return tuple(None if us is None else us / MINUTE_US for us in times)


def test_waiting_handling_and_pauses_of_one_step_are_told_apart():
    (run,), found = runs(
        (0, "Thẩm định", "assign"),
        (5, "Thẩm định", "suspend"),
        (8, "Thẩm định", "resume"),
        (10, "Thẩm định", "start"),
        (20, "Thẩm định", "suspend"),  # the citizen is asked for a supplement
        (50, "Thẩm định", "resume"),
        (60, "Thẩm định", "complete"),
    )
    assert minutes(run) == (0, 10, 60, 3, 30)
    assert run.completed
    assert found == set()


def test_a_log_of_completions_has_one_run_an_event():
    found_runs, found = runs((0, "a", "complete"), (1, "a", None), (2, "b", "COMPLETE"))
    assert [run.activity for run in found_runs] == ["a", "a", "b"]
    assert [minutes(run)[:2] for run in found_runs] == [(None, None)] * 3
    assert found == set()


def test_steps_in_parallel_do_not_mix_and_stand_in_the_order_in_which_they_end():
    (first, second), _ = runs(
        (0, "Lấy ý kiến", "Start"),
        (1, "Thẩm định", "Start"),
        (2, "Thẩm định", "Complete"),
        (9, "Lấy ý kiến", "Complete"),
    )
    assert (first.activity, minutes(first)[1:3]) == ("Thẩm định", (1, 2))
    assert (second.activity, minutes(second)[1:3]) == ("Lấy ý kiến", (0, 9))


def test_two_runs_of_one_step_are_told_apart_by_instance_else_oldest_first():
    lines = [(0, "a", "start", "i"), (1, "a", "start", "j"), (2, "a", "complete", "j")]
    lines.append((5, "a", "complete", "i"))
    by_instance, _ = runs(*lines)
    assert [minutes(run)[1:3] for run in by_instance] == [(1, 2), (0, 5)]
    oldest_first, _ = runs(*[line[:3] for line in lines])
    assert [minutes(run)[1:3] for run in oldest_first] == [(0, 2), (1, 5)]


def test_a_run_passes_from_hand_to_hand_and_has_waited_since_the_first():
    (run,), _ = runs(
        (0, "a", "schedule"),
        (1, "a", "assign"),
        (2, "a", "reassign"),
        (4, "a", "start"),
        (5, "a", "reassign"),
        (9, "a", "complete"),
    )
    assert minutes(run)[:3] == (0, 4, 9)


def test_a_pause_that_nobody_ended_lasts_until_the_next_act():
    (run,), _ = runs(
        (0, "a", "assign"),
        (1, "a", "suspend"),
        (3, "a", "start"),
        (4, "a", "suspend"),
        (5, "a", "suspend"),
        (9, "a", "complete"),
    )
    assert minutes(run) == (0, 3, 9, 2, 5)


def test_a_second_start_without_an_end_is_a_second_run():
    found_runs, found = runs((0, "a", "start"), (1, "a", "start"), (2, "a", "complete"))
    assert [(minutes(run)[1], run.completed) for run in found_runs] == [(1, False), (0, True)]
    assert found == {"log-run-not-completed"}


def test_a_withdrawn_or_aborted_run_has_ended():
    for word in ("withdraw", "ate_abort", "pi_abort", "autoskip", "manualskip"):
        (run,), found = runs((0, "a", "assign"), (3, "a", word))
        assert (minutes(run)[:3], run.completed, found) == ((0, None, 3), True, set())


def test_words_outside_of_the_standard_are_runs_of_their_own():
    found_runs, found = runs((0, "a", "In Progress"), (1, "a", "start"), (2, "a", "complete"))
    assert [minutes(run)[1:3] for run in found_runs] == [(None, 0), (1, 2)]
    assert found == {"log-transition-unknown"}


def test_a_resume_or_an_end_that_nothing_preceded_is_still_counted():
    found_runs, found = runs((0, "a", "resume"), (1, "b", "complete"), (2, "c", "suspend"))
    assert [run.activity for run in found_runs] == ["a", "b", "c"]
    assert found == {"log-run-not-completed"}


def test_starts_in_the_line_itself_are_used():
    event = Event("a", 9 * MINUTE_US, started_us=4 * MINUTE_US, enabled_us=1 * MINUTE_US)
    (run,) = step_runs(Trace("A", (event,)), Tally())
    assert minutes(run)[:3] == (1, 4, 9)


def test_a_start_after_the_end_is_not_measured_and_reported():
    tally = Tally()
    backwards = Event("a", 1, started_us=2, enabled_us=0)
    handed_late = Event("b", 9, started_us=4, enabled_us=5)
    first, second = step_runs(Trace("A", (backwards, handed_late)), tally)
    assert (first.started_us, first.enabled_us) == (None, None)
    assert (second.started_us, second.enabled_us) == (4, None)
    assert [f.rule for f in tally.findings()] == ["log-start-after-end", "log-enabled-after-start"]


def test_runs_without_times_are_still_runs():
    (run,), _ = runs((None, "a", "start"), (None, "a", "suspend"), (None, "a", "complete"))
    assert minutes(run) == (None, None, None, 0, 0)
