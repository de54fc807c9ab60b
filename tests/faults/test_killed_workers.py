"""Workers killed in the midst of what is due: no timer and no escalation is lost or happens twice.

QUYTRINH_TIMERS=100000 has so many due at one moment on each kind of database; a few hundred are
enough in CI.
"""

import os
import random
import time
from datetime import timedelta

from sqlalchemy import func, select

from engine.dossiers.receive import Reception, receive
from engine.journal import verify
from engine.store.tables import dossier, journal, setback, step_run, timer
from tests.engine.drawing import OFFICER, draw, end, start, step
from tests.engine.drawing import timer as drawn_timer
from tests.engine.offices import START, open_ward
from tests.faults.worker_process import BATCH, WorkerProcess

TIMERS = int(os.environ.get("QUYTRINH_TIMERS", "240"))
MANY = 2000  # from so many on batches are as large as in life
WORKERS = 3
KILLS = max(1, min(20, TIMERS // 2000))
SEED = 4
FIRES, OVERDUE = START + timedelta(hours=2), START + timedelta(days=30)
DIAGRAM = draw(
    start(),
    *(step("A", limit="3 working_day"), step("B", limit="2 working_day")),
    *(drawn_timer("W", on="A", after="PT1H"), end(), end("E2")),
    flows=("S A", "A E", "W B", "B E2"),
)


def number(ward, *which, table=journal):
    with ward.office.database.read() as connection:
        return connection.execute(
            select(func.count()).select_from(table).where(*which)
        ).scalar_one()


def fired(ward):
    return number(ward, journal.c.kind == "timer.fired")


def killed_again_and_again(url, since, longest):
    """Three at a time; each of the killed is followed by one whose clock is past its claims."""
    chance = random.Random(SEED)
    moments = (since + timedelta(minutes=later) for later in range(10_000))
    batch = 1000 if TIMERS >= MANY else BATCH
    cut = 0
    for _ in range(KILLS):
        workers = [WorkerProcess(url, next(moments), batch) for _ in range(WORKERS)]
        for worker in workers:
            worker.wait_until_ready()
        time.sleep(chance.uniform(longest / 12, longest) * max(1, TIMERS / 4000))
        cut += sum(worker.kill() for worker in workers)
    last = [WorkerProcess(url, next(moments), batch) for _ in range(min(WORKERS, KILLS + 1))]
    for worker in last:
        worker.finish()
    return cut


def do_all_with_workers_killed(url):
    ward = open_ward(url)
    try:
        ward.publish(DIAGRAM)
        officer = ward.holder(*OFFICER)
        for _ in range(TIMERS):
            receive(ward.office, officer, Reception("T-01", "Lê Thị Hoa"))
        _told("timers", _timed(url, FIRES, 0.12))
        _require_each_fired_once(ward)
        _told("escalations", _timed(url, OVERDUE, 0.04))
        _require_each_escalated_once(ward)
    finally:
        ward.office.database.close()


def _timed(url, since, longest):
    begun = time.monotonic()
    cut = killed_again_and_again(url, since, longest)
    assert cut > 0 or TIMERS < MANY, "all were done before a worker was killed: nothing was shown"
    return cut, time.monotonic() - begun


def _told(what, done):
    cut, seconds = done
    killed = f"{cut} workers killed at work in {KILLS} rounds, {seconds:.0f} s with their starts"
    print(f"{TIMERS} {what}, {killed}: 0 lost, 0 doubled")  # noqa: T201  a figure, shown by pytest -rP


def _require_each_escalated_once(ward):
    assert number(ward, journal.c.kind == "step.escalated") == TIMERS
    escalated = step_run.c.element_id == "B", step_run.c.escalated_at.is_not(None)
    assert number(ward, *escalated, table=step_run) == TIMERS
    assert number(ward, table=setback) == 0
    with ward.office.database.read() as connection:
        assert verify(connection) == (3 * TIMERS, ())


def _require_each_fired_once(ward):
    assert fired(ward) == TIMERS
    assert number(ward, table=timer) == 0
    assert number(ward, table=setback) == 0
    assert number(ward, table=dossier) == TIMERS
    for element, state in (("A", "cancelled"), ("B", "open")):
        those = step_run.c.element_id == element, step_run.c.state == state
        assert number(ward, *those, table=step_run) == TIMERS
    assert number(ward, table=step_run) == 2 * TIMERS
    with ward.office.database.read() as connection:
        assert verify(connection) == (2 * TIMERS, ())


def test_all_that_is_due_happens_once_however_often_workers_are_killed_on_sqlite(sqlite_url):
    do_all_with_workers_killed(sqlite_url)


def test_all_that_is_due_happens_once_however_often_workers_are_killed_on_postgresql(
    postgresql_url,
):
    do_all_with_workers_killed(postgresql_url)
