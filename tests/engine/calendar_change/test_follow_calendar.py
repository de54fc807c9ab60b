"""Open dossiers follow a change of the calendar: all of them, once, with the reason written."""

from datetime import timedelta

import pytest
from sqlalchemy import update

import engine.calendar_change.reprojection as job
from engine.calendar_change.batches import Walk
from engine.calendar_change.beside import Beside, ProcessGone
from engine.calendar_change.change import (
    editions,
)
from engine.calendar_change.moved_promise import moved_promise
from engine.calendar_change.open_cases import NOBODY
from engine.calendar_change.reprojection import follow_calendars, follow_in, left_to_follow
from engine.dossiers.acting import have_follow
from engine.dossiers.claim import claim
from engine.dossiers.complete_step import LateReason, complete_step
from engine.dossiers.extend import extend
from engine.dossiers.pauses import resume, suspend
from engine.dossiers.receive import Reception, receive
from engine.dossiers.timeouts import let_time_pass
from engine.office import Office
from engine.proofs.rebuild import rebuild
from engine.store.database import StaleState
from engine.store.tables import dossier, journal
from engine.store.tables import timer as timers
from engine.working_calendar.layer import Level
from tests.engine.calendar_changes import (
    DECISION,
    STORM,
    approved,
    changed,
    closure,
    look,
    office_layer,
    proposed,
    unit_layer,
)
from tests.engine.drawing import draw, end, start, step, timer
from tests.engine.offices import datetime_of, open_ward

TWO_STEPS = draw(
    start(),
    step("A", limit="1 working_day"),
    step("B", limit="2 working_day"),
    end(),
    flows=("S A", "A B", "B E"),
)
ONE_DAY = draw(
    start(),
    step("A"),
    end(),
    flows=("S A", "A E"),
    cases='<qt:case code="normal" name="Thường"><qt:limit amount="1" unit="working_day"/></qt:case>',
)
TIMERS = draw(
    start(),
    step("A", limit="3 working_day"),
    timer("Work", limit="2 working_day", on="A", interrupting=False),
    timer("Wall", after="P2D", on="A", interrupting=False),
    end(),
    end("E2", None),
    end("E3", None),
    flows=("S A", "A E", "Work E2", "Wall E3"),
)
STORM_DAYS = office_layer(closure((3, 5), (3, 6)))


def officer(ward):
    return ward.holder("chuyen_vien", "van_phong")


def journal_of(ward, outcome):
    rows = ward.stored(journal, dossier_id=outcome.dossier_id)
    return sorted(rows, key=lambda row: row.seq)


def broken(ward):
    """Dossiers that do not come out of their journals as they are stored."""
    with ward.office.database.read() as connection:
        return [each.differences for each in rebuild(connection) if each.differences]


def test_an_approved_closure_moves_open_dossiers_and_says_why_on_each_journal(ward):
    outcome = ward.received(TWO_STEPS, 2026, 3, 2, 9)
    ward.at(2026, 3, 4, 10)
    done = changed(ward, STORM_DAYS)
    assert (done.state, done.edition, done.looked_at, done.moved) == ("applying", 2, 1, 1)
    file = ward.file(outcome)
    assert file.row.due_at == datetime_of(2026, 3, 11, 9)
    assert file.row.original_due_at == datetime_of(2026, 3, 9, 9)  # what was promised is kept
    assert file.row.calendar_edition == 2
    event = journal_of(ward, outcome)[-1]
    assert (event.kind, event.actor_id) == ("calendar.changed", ward.actors["chutich"].account_id)
    assert "09T02:00:00+00:00" in event.body
    assert STORM in event.body
    assert DECISION in event.body
    assert broken(ward) == []


def test_the_step_that_is_open_moves_with_its_dossier(ward):
    outcome = ward.received(TWO_STEPS, 2026, 3, 4, 16)
    assert outcome.opened[0].due_at == datetime_of(2026, 3, 5, 16)
    changed(ward, STORM_DAYS)
    run = ward.run(outcome, "A")
    assert run.due_at == datetime_of(2026, 3, 9, 16)
    ward.at(2026, 3, 9, 15)
    complete_step(ward.office, officer(ward), run.step_run_id)
    ended = ward.run(outcome, "A")
    assert (ended.result, ended.late_ws, ended.waiting_ws) == ("on_time", 0, 7 * 3600)
    assert ward.run(outcome, "B").due_at == datetime_of(2026, 3, 11, 15)
    assert broken(ward) == []


def test_what_was_over_before_the_closure_stays_as_it_was(ward):
    """No event and no new number: it only says by which edition it is counted now."""
    outcome = ward.received(ONE_DAY, 2026, 3, 2, 9)
    before = ward.file(outcome).row
    done = changed(ward, STORM_DAYS)
    row = ward.file(outcome).row
    assert (done.looked_at, done.moved) == (1, 0)
    assert (row.due_at, row.version, row.events) == (before.due_at, before.version, before.events)
    assert row.calendar_edition == 2
    assert broken(ward) == []


def test_a_step_opened_after_the_change_says_by_which_edition_it_was_counted(ward):
    """The journal of a dossier that did not move names the edition with the next act."""
    outcome = ward.received(TWO_STEPS, 2026, 3, 2, 9)
    changed(ward, office_layer(closure((3, 12))))
    assert ward.file(outcome).row.events == 1
    ward.at(2026, 3, 10, 10)
    let_time_pass(ward.office)
    late = ward.run(outcome, "A")
    reason = LateReason("overload", "Nhiều hồ sơ cùng lúc")
    complete_step(ward.office, officer(ward), late.step_run_id, None, reason)
    assert ward.run(outcome, "B").due_at == datetime_of(2026, 3, 13, 10)  # the 12th is off
    assert '"calendar":2' in journal_of(ward, outcome)[-1].body
    assert broken(ward) == []


def test_dossiers_received_after_the_approval_count_by_the_new_calendar(ward):
    ward.received(TWO_STEPS, 2026, 3, 2, 9)
    approved(ward, proposed(ward, STORM_DAYS))
    later = receive(ward.office, officer(ward), Reception("T-01", "Trần Văn Ba"))
    assert later.due_at == datetime_of(2026, 3, 11, 9)
    assert follow_calendars(ward.office).looked_at == 1


def test_who_acts_before_the_dossier_was_reached_acts_on_the_new_calendar(ward):
    """The act brings its dossier over first, in the same transaction."""
    outcome = ward.received(TWO_STEPS, 2026, 3, 4, 16)
    approved(ward, proposed(ward, STORM_DAYS))
    claim(ward.office, officer(ward), outcome.opened[0].step_run_id)
    assert ward.events(outcome)[-2:] == ["calendar.changed", "step.claimed"]
    assert ward.run(outcome, "A").due_at == datetime_of(2026, 3, 9, 16)
    assert follow_calendars(ward.office).moved == 0  # and nothing is done twice
    assert broken(ward) == []


def test_a_process_that_has_not_heard_of_the_change_acts_as_the_dossier_says(ward):
    """Its memory is up to a minute old: the number on the dossier counts, not the memory."""
    outcome = ward.received(TWO_STEPS, 2026, 3, 4, 16)
    other = Office(ward.office.database, ward.clock, ward.office.ids)
    with other.database.read() as connection:
        other.calendar(connection, ward.agency_id)
    changed(ward, STORM_DAYS)
    claim(other, officer(ward), outcome.opened[0].step_run_id)
    complete_step(other, officer(ward), outcome.opened[0].step_run_id)
    assert ward.run(outcome, "B").due_at == datetime_of(2026, 3, 10, 16)
    assert broken(ward) == []


def test_what_such_a_process_receives_on_the_old_calendar_is_found_and_brought_over(ward):
    ward.received(TWO_STEPS, 2026, 3, 2, 9)
    other = Office(ward.office.database, ward.clock, ward.office.ids)
    with other.database.read() as connection:
        other.calendar(connection, ward.agency_id)
    done = changed(ward, STORM_DAYS)
    ward.clock.set(ward.clock.now() + timedelta(seconds=30))
    late = receive(other, officer(ward), Reception("T-01", "Trần Văn Ba"))
    assert late.due_at == datetime_of(2026, 3, 9, 9, 0, 30)
    assert look(ward, done).state == "applying"  # it waits for such
    assert follow_calendars(ward.office).moved == 1
    assert ward.file(late).row.due_at > datetime_of(2026, 3, 11, 9)
    ward.clock.set(ward.clock.now() + timedelta(minutes=2))
    follow_calendars(ward.office)
    assert look(ward, done).state == "applied"
    assert broken(ward) == []


def test_a_change_is_undone_by_proposing_what_was_before(ward):
    outcome = ward.received(TWO_STEPS, 2026, 3, 4, 16)
    changed(ward, STORM_DAYS)
    undone = changed(
        ward, reason="Bão đổi hướng, làm việc bình thường", without=[(Level.OFFICE, "")]
    )
    assert undone.edition == 3
    assert ward.run(outcome, "A").due_at == datetime_of(2026, 3, 5, 16)
    assert ward.file(outcome).row.due_at == datetime_of(2026, 3, 11, 16)
    assert ward.events(outcome)[-2:] == ["calendar.changed"] * 2
    with ward.office.database.read() as connection:
        assert [line.number for line in editions(connection, ward.agency_id)] == [3, 2, 1]
    assert ward.office.editions.get((ward.agency_id, 3)).office == ward.calendar
    assert broken(ward) == []


def test_a_storm_declared_afterwards_gives_the_time_back(ward):
    """Claimed on the day that turns out to have been off: it waited, and was handled, for less."""
    outcome = ward.received(TWO_STEPS, 2026, 3, 4, 16)
    run = outcome.opened[0].step_run_id
    ward.at(2026, 3, 5, 10)
    claim(ward.office, officer(ward), run)
    ward.at(2026, 3, 9, 9)
    let_time_pass(ward.office)
    assert ward.run(outcome, "A").escalated_at is not None
    changed(ward, STORM_DAYS)
    again = ward.run(outcome, "A")
    assert again.due_at == datetime_of(2026, 3, 9, 16)
    assert again.escalated_at is None  # it is not late any more
    assert again.waiting_ws == 3600
    complete_step(ward.office, officer(ward), run)
    ended = ward.run(outcome, "A")
    assert (ended.waiting_ws, ended.handling_ws, ended.result) == (3600, 5400, "on_time")


def test_time_that_stands_is_counted_again_when_it_goes_on(ward):
    outcome = ward.received(TWO_STEPS, 2026, 3, 2, 9)
    run = outcome.opened[0].step_run_id
    ward.at(2026, 3, 2, 10)
    suspend(ward.office, officer(ward), run, "Chờ kết luận thanh tra", "Điều 9 Luật mẫu")
    ward.at(2026, 3, 3, 8)
    changed(ward, STORM_DAYS)
    assert ward.file(outcome).row.due_at is None
    resume(ward.office, officer(ward), outcome.dossier_id, "Đã có kết luận")
    assert ward.file(outcome).row.due_at == datetime_of(2026, 3, 11, 16, 30)
    assert broken(ward) == []


def test_a_promised_extension_stands(ward):
    outcome = ward.received(TWO_STEPS, 2026, 3, 2, 9)
    extend(ward.office, ward.head, outcome.dossier_id, datetime_of(2026, 3, 12, 15), "Chờ xác minh")
    changed(ward, STORM_DAYS)
    assert ward.file(outcome).row.due_at == datetime_of(2026, 3, 12, 15)
    assert broken(ward) == []


def test_timers_in_working_time_move_and_those_by_the_wall_do_not(ward):
    ward.received(TIMERS, 2026, 3, 4, 16)
    assert dues(ward) == [datetime_of(2026, 3, 6, 16), datetime_of(2026, 3, 6, 16)]
    changed(ward, STORM_DAYS)
    assert dues(ward) == [datetime_of(2026, 3, 6, 16), datetime_of(2026, 3, 10, 16)]
    assert broken(ward) == []


def dues(ward):
    return sorted(row.due_at for row in ward.stored(timers))


def test_a_unit_that_is_closed_moves_only_its_own_steps(ward):
    outcome = ward.received(TWO_STEPS, 2026, 3, 4, 16)
    changed(ward, unit_layer("van_phong", closure((3, 5), name="Mất điện")))
    assert ward.run(outcome, "A").due_at == datetime_of(2026, 3, 6, 16)
    assert ward.file(outcome).row.due_at == datetime_of(2026, 3, 11, 16)
    changed(ward, unit_layer("tu_phap", closure((3, 6), name="Mất điện")))
    assert ward.run(outcome, "A").due_at == datetime_of(2026, 3, 6, 16)


def test_a_restart_in_the_middle_misses_nothing_and_doubles_nothing(ward, monkeypatch):
    monkeypatch.setattr(job, "_BATCH", 2)
    outcomes = several_received(ward)
    done = approved(ward, proposed(ward, STORM_DAYS))
    first = follow_in(ward.office, ward.agency_id, 3)
    assert 3 <= first.looked_at == first.moved < 7  # batches of two
    with ward.office.database.read() as connection:
        assert left_to_follow(connection, ward.agency_id, 2) == 7 - first.moved
    ward.forget()
    assert follow_calendars(ward.office).moved == 7 - first.moved
    assert follow_calendars(ward.office).looked_at == 0
    for outcome in outcomes:
        assert ward.events(outcome) == ["dossier.received", "calendar.changed"]
        assert ward.file(outcome).row.due_at == datetime_of(2026, 3, 11, 9)
    assert (look(ward, done).looked_at, look(ward, done).moved) == (7, 7)
    assert broken(ward) == []


def test_nobody_reads_again_what_another_hand_has_just_taken(ward):
    """Two who share the work on one database: each begins after what the other took."""
    several_received(ward)
    walk = Walk()

    def take(transaction):
        after, rows = walk.take(transaction.connection, ward.agency_id, 1, 3)
        return after, [row.dossier_id for row in rows]

    taken = [ward.office.database.write(take) for _ in range(3)]
    ids = [each for _, some in taken for each in some]
    assert len(ids) == len(set(ids)) == 7
    assert [after for after, _ in taken] == [NOBODY, ids[2], ids[5]]
    walk.back_to(ids[2])
    assert ward.office.database.write(take) == (ids[2], ids[3:6])


def test_a_batch_that_others_upset_is_tried_again_and_not_passed_over(postgresql_url, monkeypatch):
    monkeypatch.setattr(job, "_BATCH", 2)
    ward = open_ward(postgresql_url)
    outcomes = several_received(ward)
    approved(ward, proposed(ward, STORM_DAYS))
    written, upset = job._written, []

    def once_upset(task, transaction, batch):
        done = written(task, transaction, batch)
        if not upset:
            upset.append(batch.after)
            raise StaleState
        return done

    monkeypatch.setattr(job, "_written", once_upset)
    assert follow_calendars(ward.office).moved == 7
    assert len(upset) == 1
    for outcome in outcomes:
        assert ward.events(outcome) == ["dossier.received", "calendar.changed"]
    assert broken(ward) == []
    ward.office.database.close()


def several_received(ward):
    ward.publish(TWO_STEPS)
    ward.at(2026, 3, 2, 9)
    return [receive(ward.office, officer(ward), Reception("T-01", f"Người {n}")) for n in range(7)]


def test_of_a_dossier_changed_meanwhile_nothing_is_overwritten(ward, monkeypatch):
    """What was worked out is no longer so: the next look finds it, and it is counted anew."""
    outcome = ward.received(TWO_STEPS, 2026, 3, 4, 16)
    other = receive(ward.office, officer(ward), Reception("T-01", "Trần Văn Ba"))
    approved(ward, proposed(ward, STORM_DAYS))
    worked_out = job._worked_out

    def overtaken(task, connection, after, *up_to):
        batch = worked_out(task, connection, after, *up_to)
        if batch is not None and not up_to:
            have_follow(ward.office, ward.agency_id, outcome.dossier_id)
        return batch

    monkeypatch.setattr(job, "_worked_out", overtaken)
    done = follow_calendars(ward.office)
    assert ward.events(outcome) == ["dossier.received", "calendar.changed"]
    assert ward.events(other) == ["dossier.received", "calendar.changed"]
    assert done.failed == 0
    assert broken(ward) == []


def test_a_moved_promise_is_known_until_it_is_moved_back(ward):
    outcome = ward.received(TWO_STEPS, 2026, 3, 4, 16)
    assert promise_of(ward, outcome) is None
    changed(ward, STORM_DAYS)
    promise = promise_of(ward, outcome)
    assert (promise.before, promise.after) == (
        datetime_of(2026, 3, 11, 16),
        datetime_of(2026, 3, 13, 16),
    )
    assert (promise.reason, promise.decision_no) == (STORM, DECISION)
    changed(ward, reason="Bão đổi hướng, làm việc bình thường", without=[(Level.OFFICE, "")])
    assert promise_of(ward, outcome) is None


def promise_of(ward, outcome):
    with ward.office.database.read() as connection:
        return moved_promise(connection, ward.head, outcome.dossier_id)


def test_a_step_opened_later_is_counted_by_its_unit(ward):
    """The office works on the 9th, the unit does not: only the step waits."""
    outcome = ward.received(TWO_STEPS, 2026, 3, 4, 16)
    changed(ward, unit_layer("van_phong", closure((3, 6), (3, 9), name="Sửa trụ sở")))
    ward.at(2026, 3, 5, 10)
    complete_step(ward.office, officer(ward), outcome.opened[0].step_run_id)
    ended, opened = ward.run(outcome, "A"), ward.run(outcome, "B")
    assert (ended.result, ended.waiting_ws) == ("on_time", 3 * 3600 + 1800)
    assert opened.due_at == datetime_of(2026, 3, 11, 10)  # the 6th and the 9th are off
    ward.at(2026, 3, 10, 9)
    claim(ward.office, officer(ward), opened.step_run_id)
    assert ward.run(outcome, "B").waiting_ws == 7 * 3600
    assert ward.file(outcome).row.due_at == datetime_of(2026, 3, 11, 16)
    assert broken(ward) == []


def test_what_is_not_overdue_by_the_new_calendar_does_not_escalate(ward):
    """Approved, not yet reached by the worker, and due by the old calendar only."""
    outcome = ward.received(TWO_STEPS, 2026, 3, 4, 16)
    approved(ward, proposed(ward, STORM_DAYS))
    ward.at(2026, 3, 5, 16, 30)
    let_time_pass(ward.office)
    assert ward.run(outcome, "A").escalated_at is None
    assert ward.events(outcome) == ["dossier.received", "calendar.changed"]
    assert broken(ward) == []


def test_a_timer_has_its_dossier_follow_before_it_fires(ward):
    outcome = ward.received(TIMERS, 2026, 3, 4, 16)
    approved(ward, proposed(ward, STORM_DAYS))
    ward.at(2026, 3, 6, 16, 30)
    let_time_pass(ward.office)
    assert ward.events(outcome)[1:] == ["calendar.changed", "timer.fired"]  # that by the wall
    assert dues(ward) == [datetime_of(2026, 3, 10, 16)]
    assert broken(ward) == []


def test_a_timer_fired_after_a_change_that_moved_nothing_can_be_done_again(ward):
    outcome = ward.received(TIMERS, 2026, 3, 4, 16)
    changed(ward, office_layer(closure((3, 20))))
    ward.at(2026, 3, 6, 16, 30)
    let_time_pass(ward.office)
    let_time_pass(ward.office)
    assert ward.events(outcome) == ["dossier.received", "timer.fired", "timer.fired"]
    assert '"calendar":2' in journal_of(ward, outcome)[-1].body
    assert broken(ward) == []


def test_a_dossier_whose_clock_cannot_be_read_does_not_hold_up_the_others(ward):
    spoilt = ward.received(TWO_STEPS, 2026, 3, 2, 9)
    other = receive(ward.office, officer(ward), Reception("T-01", "Trần Văn Ba"))
    done = approved(ward, proposed(ward, STORM_DAYS))
    this = dossier.c.dossier_id == spoilt.dossier_id
    ward.office.database.write(
        lambda transaction: transaction.execute(update(dossier).where(this).values(clock={"a": 1}))
    )
    follow_calendars(ward.office)
    assert (look(ward, done).state, look(ward, done).moved) == ("applying", 1)
    assert ward.stored(dossier, dossier_id=spoilt.dossier_id)[0].calendar_edition == 1
    assert ward.file(other).row.calendar_edition == 2


def beside(monkeypatch):
    """However few there are, they are worked out by a process beside this one, two at a time."""
    monkeypatch.setattr(job, "_WORTH_A_PROCESS", 1)
    monkeypatch.setattr(job, "_BESIDE", 2)
    monkeypatch.setattr(job, "_BESIDE_ALONE", 2)


@pytest.mark.parametrize("alone", [True, False])
def test_many_are_worked_out_beside_and_come_to_the_same(ward, monkeypatch, alone):
    beside(monkeypatch)
    outcomes = [ward.received(TWO_STEPS, 2026, 3, 4, 16)]
    outcomes += [receive(ward.office, officer(ward), Reception("T-01", f"{n}")) for n in range(4)]
    extend(ward.office, ward.head, outcomes[1].dossier_id, datetime_of(2026, 3, 12, 15), "Xác minh")
    done = approved(ward, proposed(ward, STORM_DAYS))
    assert follow_calendars(ward.office, alone=alone).moved == 5
    for outcome in outcomes:
        assert ward.events(outcome)[-1] == "calendar.changed"
        assert ward.run(outcome, "A").due_at == datetime_of(2026, 3, 9, 16)
    assert ward.file(outcomes[0]).row.due_at == datetime_of(2026, 3, 13, 16)
    assert ward.file(outcomes[1]).row.due_at == datetime_of(2026, 3, 12, 15)
    assert look(ward, done).moved == 5
    assert broken(ward) == []


def test_where_the_process_beside_dies_the_rest_is_worked_out_here(ward, monkeypatch):
    beside(monkeypatch)
    ward.received(TWO_STEPS, 2026, 3, 4, 16)
    for number in range(6):
        receive(ward.office, officer(ward), Reception("T-01", f"Người {number}"))
    approved(ward, proposed(ward, STORM_DAYS))
    told = Beside.batches

    def cut(self, after):
        yield next(told(self, after))
        raise ProcessGone

    monkeypatch.setattr(Beside, "batches", cut)
    assert follow_calendars(ward.office, alone=True).moved == 7
    assert broken(ward) == []


def test_a_dossier_changed_while_it_was_worked_out_beside_is_counted_anew(ward, monkeypatch):
    """And with it the whole batch, though those beside are larger than those here."""
    beside(monkeypatch)
    monkeypatch.setattr(job, "_BATCH", 1)
    monkeypatch.setattr(job, "_BESIDE_ALONE", 5)
    outcome = ward.received(TWO_STEPS, 2026, 3, 4, 16)
    others = [receive(ward.office, officer(ward), Reception("T-01", f"{n}")) for n in range(4)]
    approved(ward, proposed(ward, STORM_DAYS))
    told = Beside.batches

    def overtaken(self, after):
        for batch in told(self, after):
            have_follow(ward.office, ward.agency_id, outcome.dossier_id)
            yield batch

    monkeypatch.setattr(Beside, "batches", overtaken)
    done = follow_calendars(ward.office, alone=True)
    assert (done.moved, done.failed) == (4 if ward.office.database.is_sqlite else 5, 0)
    for each in (outcome, *others):
        assert ward.events(each) == ["dossier.received", "calendar.changed"]
    assert broken(ward) == []
