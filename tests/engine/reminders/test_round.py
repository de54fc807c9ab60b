"""Each rung is told once, in office hours, to whom the office says; another due, another ladder."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import and_, select, text, update

from engine.dossiers.claim import claim
from engine.dossiers.complete_step import complete_step
from engine.dossiers.pauses import resume, suspend
from engine.office import Office
from engine.reminders.ladder_settings import InvalidLadder, read_settings
from engine.reminders.round import remind
from engine.store.database import Transaction
from engine.store.reminder_tables import notice, planned, reminder, unplanned
from engine.store.tables import step_run
from tests.engine.offices import START, datetime_of
from tests.engine.reminders.ladders import decides, holder, noticed, open_step, ticks, told

MONDAY = 2026, 3, 9


def test_the_ladder_is_climbed_rung_by_rung_and_each_is_told_once(ward):
    open_step(ward)
    assert ticks(ward, 2026, 3, 5, 10, 0) == []
    assert ticks(ward, 2026, 3, 5, 16, 0) == ["part_used"]
    assert ticks(ward, 2026, 3, 6, 7, 59) == ["part_used"]
    assert ticks(ward, 2026, 3, 6, 8, 0) == ["part_used", "day_before"]
    assert ticks(ward, *MONDAY, 8, 0) == ["part_used", "day_before", "due"]
    everything = ["part_used", "day_before", "due", "overdue"]
    assert ticks(ward, 2026, 3, 10, 8, 0) == everything
    assert ticks(ward, 2026, 4, 10, 8, 0) == everything


def test_after_a_standstill_only_the_last_rung_is_told(ward):
    open_step(ward)
    assert ticks(ward, *MONDAY, 9, 0) == ["due"]
    assert ticks(ward, 2026, 3, 10, 9, 0) == ["due", "overdue"]


def test_nothing_is_told_while_the_office_is_closed(ward):
    open_step(ward)
    assert ticks(ward, 2026, 3, 7, 10, 0) == []  # a Saturday
    assert ticks(ward, 2026, 3, 8, 23, 0) == []
    assert ticks(ward, *MONDAY, 7, 30) == ["day_before"]


def test_an_office_may_want_to_be_told_at_night(ward):
    decides(ward, quiet=False)
    open_step(ward)
    assert ticks(ward, 2026, 3, 7, 10, 0) == ["day_before"]


def test_an_ended_step_is_not_reminded_of(ward):
    outcome = open_step(ward)
    remind(ward.office)
    officer = holder(ward)
    complete_step(ward.office, officer, ward.run(outcome, "A").step_run_id, {})
    assert [row for row in ward.stored(reminder) if row.rung == "due"] == []
    steps = {row.element_id for row in ward.stored(step_run, state="open")}
    assert steps == {"B"}
    ticks(ward, 2026, 3, 20, 9, 0)
    assert {row.step_run_id for row in ward.stored(reminder)} == {
        ward.run(outcome, "B").step_run_id
    }


def test_a_changed_due_time_has_a_ladder_of_its_own(ward):
    outcome = open_step(ward)
    ticks(ward, *MONDAY, 8, 0)
    run = ward.run(outcome, "A")
    later = run.due_at + timedelta(days=7)
    move_due(ward, run, later)
    assert ticks(ward, *MONDAY, 9, 0) == ["due"]
    assert ticks(ward, 2026, 3, 13, 8, 0) == ["due", "day_before"]
    assert ticks(ward, 2026, 3, 16, 8, 0) == ["due", "day_before", "due"]
    move_due(ward, run, run.due_at)
    assert ticks(ward, 2026, 3, 16, 9, 0) == ["due", "day_before", "due", "overdue"]


def move_due(ward, run, due_at):
    def move(transaction: Transaction) -> None:
        this = step_run.c.step_run_id == run.step_run_id
        transaction.execute(update(step_run).where(this).values(due_at=due_at))

    ward.office.database.write(move)


def test_what_stands_is_not_reminded_of_and_goes_on_with_its_new_due_time(ward):
    outcome = open_step(ward)
    remind(ward.office)
    ward.at(2026, 3, 3, 8, 30)
    officer = holder(ward)
    suspend(
        ward.office,
        officer,
        ward.run(outcome, "A").step_run_id,
        "Bão số 1, mất điện",
        "Luật Phòng, chống thiên tai",
    )
    assert ticks(ward, 2026, 3, 12, 10, 0) == []
    resume(ward.office, officer, outcome.dossier_id, "Hết bão")
    assert ticks(ward, 2026, 3, 12, 10, 1) == []
    due = ward.run(outcome, "A").due_at
    assert due > datetime_of(2026, 3, 17, 8, 0)
    ward.clock.set(due)
    remind(ward.office)
    assert told(ward) == ["due"]


def test_an_unclaimed_step_is_told_to_all_who_may_claim_it_a_claimed_one_to_its_holder(ward):
    outcome = open_step(ward)
    officer = holder(ward)
    ticks(ward, 2026, 3, 5, 16, 0)
    first = {row.account_id for row in ward.stored(notice)}
    assert officer.account_id in first
    claim(ward.office, officer, ward.run(outcome, "A").step_run_id)
    ticks(ward, 2026, 3, 6, 8, 0)
    assert {row.account_id for row in ward.stored(notice, kind="day_before")} == {
        officer.account_id
    }


def test_what_is_overdue_reaches_the_heads(ward):
    outcome = open_step(ward)
    claim(ward.office, holder(ward), ward.run(outcome, "A").step_run_id)
    ticks(ward, *MONDAY, 8, 0)
    ticks(ward, 2026, 3, 10, 8, 0)
    heads = [actor for actor in ward.actors.values() if "head" in actor.roles]
    assert all("overdue" in noticed(ward, head.account_id) for head in heads)
    assert all("part_used" not in noticed(ward, head.account_id) for head in heads)


def test_a_rung_may_tell_nobody(ward):
    decides(ward, rungs={"due": {}})
    open_step(ward)
    ticks(ward, *MONDAY, 8, 0)
    assert told(ward) == ["due"]
    assert ward.stored(notice) == []


@pytest.mark.parametrize(
    "stated",
    [
        [],
        {"other": 1},
        {"rungs": {"never": {}}},
        {"rungs": {"due": {"citizen": ["page"]}}},
        {"rungs": {"due": {"holder": ["pigeon"]}}},
        {"rungs": {"due": {"holder": None}}},
        {"rungs": 3},
        {"quiet": 1},
        {"text_cost": -1},
        {"text_cap": True},
    ],
)
def test_settings_that_say_nothing_are_refused(stated):
    with pytest.raises(InvalidLadder):
        read_settings(stated)


def test_workers_side_by_side_tell_each_rung_once(ward):
    outcomes = [open_step(ward) for _ in range(6)]
    ward.at(*MONDAY, 8, 0)
    offices = [Office(ward.office.database, ward.clock, ward.office.ids) for _ in range(4)]
    together = threading.Barrier(len(offices))

    def work(office):
        together.wait()
        return remind(office).told

    with ThreadPoolExecutor(len(offices)) as threads:
        done = list(threads.map(work, offices))
    assert sum(done) == len(outcomes)
    assert len(ward.stored(reminder)) == len(outcomes)
    assert remind(ward.office).looked_at == 0


def test_a_step_that_cannot_be_reminded_of_holds_up_no_other_and_is_not_tried_again(ward):
    broken, _ = open_step(ward), open_step(ward)
    run = ward.run(broken, "A")

    def spoil(transaction: Transaction) -> None:
        this = step_run.c.step_run_id == run.step_run_id
        transaction.execute(update(step_run).where(this).values(clock={"limit": "?"}))

    ward.office.database.write(spoil)
    assert ticks(ward, *MONDAY, 8, 0) == ["due"]
    [stands] = ward.stored(step_run, step_run_id=run.step_run_id)
    assert (stands.rungs_for, stands.next_rung_at) == (run.due_at, None)
    ward.at(*MONDAY, 9, 0)
    assert remind(ward.office).looked_at == 0


def test_steps_are_found_by_their_indexes(ward):
    open_step(ward)
    with ward.office.database.read() as connection:
        if not ward.office.database.is_sqlite:
            connection.execute(text("SET LOCAL enable_seqscan = off"))
        word = "EXPLAIN QUERY PLAN" if ward.office.database.is_sqlite else "EXPLAIN"
        asked = {
            "ix_step_run_unplanned": unplanned(step_run),
            "ix_step_run_rung": and_(planned(step_run), step_run.c.next_rung_at <= START),
        }
        for index, which in asked.items():
            sought = select(step_run.c.step_run_id).where(which)
            said = sought.compile(connection, compile_kwargs={"literal_binds": True})
            plan = connection.execute(text(f"{word} {said}")).all()
            assert index in str(plan)
