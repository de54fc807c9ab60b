"""Workers that die in the midst: a change of the calendar and reminders are done once all the same.

Each dies before a statement, or a commit, drawn at random. QUYTRINH_KILLS=20 has twenty of them
die one after another; a few are enough in CI.
"""

import os
import random
from collections import Counter
from datetime import timedelta

import pytest

from engine.calendar_change.reprojection import left_to_follow
from engine.dossiers.claim import claim
from engine.dossiers.follow_calendar import CHANGED
from engine.dossiers.receive import Reception, receive
from engine.journal import verify
from engine.store.reminder_tables import message, notice, reminder
from engine.store.tables import dossier, journal, outbox, step_run
from tests.engine.calendar_changes import approved, closure, look, office_layer, proposed
from tests.engine.drawing import OFFICER, draw, end, start, step, timer
from tests.engine.offices import datetime_of, open_ward
from tests.engine.reminders.ladders import decides, reachable_by
from tests.faults.dying_process import BESIDE, CALENDAR, OWED, REMINDERS, work_until

DEATHS = int(os.environ.get("QUYTRINH_KILLS", "2"))
DOSSIERS = 15 * DEATHS  # so many that none is at the end when it dies
SEED = 5
_DIAGRAM = draw(
    start(),
    step("A", limit="3 working_day"),
    timer("Work", limit="2 working_day", on="A", interrupting=False),
    end(),
    end("E2", None),
    flows=("S A", "A E", "Work E2"),
    cases='<qt:case code="normal" name="Thường"><qt:limit amount="4" unit="working_day"/></qt:case>',
)


@pytest.fixture
def ward(database_url):
    opened = open_ward(database_url)
    yield opened
    opened.office.database.close()


def received(ward):
    ward.publish(_DIAGRAM)
    ward.at(2026, 3, 2, 9)
    officer = ward.holder(*OFFICER)
    return [receive(ward.office, officer, Reception("T-01", f"Người {n}")) for n in range(DOSSIERS)]


def die_again_and_again(ward, work, longest, meanwhile=None):
    """Each of those that die is followed by one whose clock is past what it had taken."""
    chance = random.Random(SEED)
    died = 0
    for number in range(DEATHS):
        at = ward.clock.now() + timedelta(minutes=number)
        url = ward.office.database.url
        died += work_until(url, work, at, chance.randint(1, longest), batch=2)
        if meanwhile is not None:
            meanwhile(number)
    assert died == DEATHS, "all was done before they died: nothing was shown"
    assert not work_until(url, work, ward.clock.now() + timedelta(hours=1), 0, batch=5)


@pytest.mark.parametrize("way", [CALENDAR, BESIDE])
def test_each_dossier_follows_the_calendar_once_however_often_workers_die(ward, way):
    outcomes = received(ward)
    done = approved(ward, proposed(ward, office_layer(closure((3, 4)))))

    def somebody_works(number):
        claim(ward.office, ward.holder(*OFFICER), outcomes[-1 - number].opened[0].step_run_id)

    die_again_and_again(ward, way, 40, somebody_works)
    rows = ward.stored(dossier)
    assert {row.calendar_edition for row in rows} == {2}
    assert {row.due_at for row in rows} == {datetime_of(2026, 3, 9, 9)}
    assert {row.due_at for row in ward.stored(step_run)} == {datetime_of(2026, 3, 6, 9)}
    events = Counter(row.dossier_id for row in ward.stored(journal, kind=CHANGED))
    assert events == {outcome.dossier_id: 1 for outcome in outcomes}
    with ward.office.database.read() as connection:
        assert verify(connection) == (2 * DOSSIERS + DEATHS, ())
        assert left_to_follow(connection, ward.agency_id, 2) == 0
    assert look(ward, done).state == "applied"
    assert look(ward, done).moved >= DOSSIERS - DEATHS  # the rest was brought over by who worked


@pytest.mark.parametrize("way", ["email", "text"])
def test_each_rung_is_told_once_however_often_workers_die(ward, way):
    officer = ward.holder(*OFFICER)
    reachable_by(ward, officer, email="canbo@phuong.example.vn", phone="0901234567")
    told = {"holder": ["page", way]}
    rungs = {"due": told, "day_before": {}, "part_used": {}, "overdue": {}}
    decides(ward, rungs=rungs, text_cap=100_000_000)
    for outcome in received(ward):
        claim(ward.office, officer, outcome.opened[0].step_run_id)
    ward.at(2026, 3, 5, 9)
    die_again_and_again(ward, REMINDERS, 40)
    steps = {row.step_run_id: 1 for row in ward.stored(step_run)}
    assert Counter(row.step_run_id for row in ward.stored(reminder)) == steps
    assert Counter(row.step_run_id for row in ward.stored(notice)) == steps
    assert Counter(row.step_run_id for row in ward.stored(message)) == steps
    logged = {row.message_id for row in ward.stored(message)}
    assert {row.outbox_id for row in ward.stored(outbox, kind=way)} == logged
    assert len(logged) == DOSSIERS


def test_what_a_dossier_owes_is_told_once_however_often_workers_die(ward):
    officer = ward.holder(*OFFICER)
    reachable_by(ward, officer, email="canbo@phuong.example.vn")
    decides(ward, rungs={"owed": {"holder": ["page", "email"]}})
    for outcome in received(ward):
        claim(ward.office, officer, outcome.opened[0].step_run_id)
    ward.at(2026, 3, 5, 9)
    die_again_and_again(ward, OWED, 40)
    dossiers = {row.dossier_id: 1 for row in ward.stored(dossier)}
    assert Counter(row.dossier_id for row in ward.stored(reminder)) == dossiers
    assert Counter(row.dossier_id for row in ward.stored(notice)) == dossiers
    assert Counter(row.dossier_id for row in ward.stored(message)) == dossiers
    assert len(ward.stored(outbox, kind="email")) == DOSSIERS
