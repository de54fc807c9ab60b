"""Workers killed in the midst of firing timers: none is lost, none fires twice.

QUYTRINH_TIMERS=100000 fires so many on each kind of database; a few hundred are enough in CI.
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


def killed_again_and_again(url):
    """Three at a time; each of the killed is followed by one whose clock is past its claims."""
    chance = random.Random(SEED)
    moments = (START + timedelta(hours=2, minutes=later) for later in range(10_000))
    batch = 100 if TIMERS >= MANY else BATCH
    cut = 0
    for _ in range(KILLS):
        workers = [WorkerProcess(url, next(moments), batch) for _ in range(WORKERS)]
        for worker in workers:
            worker.wait_until_ready()
        time.sleep(chance.uniform(0.01, 0.12) * max(1, TIMERS / 4000))
        cut += sum(worker.kill() for worker in workers)
    last = [WorkerProcess(url, next(moments), batch) for _ in range(min(WORKERS, KILLS + 1))]
    for worker in last:
        worker.finish()
    return cut


def fire_all_with_workers_killed(url):
    ward = open_ward(url)
    try:
        ward.publish(DIAGRAM)
        officer = ward.holder(*OFFICER)
        for _ in range(TIMERS):
            receive(ward.office, officer, Reception("T-01", "Lê Thị Hoa"))
        cut = killed_again_and_again(url)
        assert cut > 0, "all were done before a worker was killed: nothing was shown"
        _require_each_once(ward)
        print(f"{TIMERS} timers, {cut} workers killed at work: 0 lost, 0 doubled")  # noqa: T201  a figure, shown by pytest -rP
    finally:
        ward.office.database.close()


def _require_each_once(ward):
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


def test_timers_fire_once_however_often_workers_are_killed_on_sqlite(sqlite_url):
    fire_all_with_workers_killed(sqlite_url)


def test_timers_fire_once_however_often_workers_are_killed_on_postgresql(postgresql_url):
    fire_all_with_workers_killed(postgresql_url)
