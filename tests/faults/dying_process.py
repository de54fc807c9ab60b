"""A worker that dies as by a power cut, before a statement of its own: nothing is left to chance.

`python -m tests.faults.dying_process URL WORK AT STATEMENT BATCH`; STATEMENT 0: it lives until
nothing is left to do.
"""

import os
import signal
import subprocess
import sys
from datetime import datetime
from itertools import count
from pathlib import Path

from sqlalchemy import event
from sqlalchemy.engine import Engine

import engine.reminders.round as reminders
from engine.calendar_change import reprojection
from engine.clock import SetClock
from engine.ids import unguessable_ids
from engine.office import Office
from engine.reminders.owed_round import tell_what_is_owed
from engine.store.database import Database

ROOT = Path(__file__).resolve().parents[2]
CALENDAR, BESIDE, REMINDERS, OWED = "calendar", "beside", "reminders", "owed"
"""Beside: a change of the calendar of which the due times are counted by a process of its own."""


def work_until(url: str, work: str, at: datetime, statement: int, batch: int) -> bool:
    """Have a worker do it in a process of its own; whether it died at that statement."""
    asked = [url, work, at.isoformat(), str(statement), str(batch)]
    done = subprocess.run(
        [sys.executable, "-m", __name__, *asked], cwd=ROOT, timeout=300, check=False
    )
    assert done.returncode in (0, -signal.SIGKILL), "its own words are above"
    return done.returncode != 0


def _die_before(statement: int) -> None:
    numbers = count(1)

    @event.listens_for(Engine, "before_cursor_execute")
    def counted(*_: object) -> None:
        if next(numbers) == statement:
            os.kill(os.getpid(), signal.SIGKILL)

    @event.listens_for(Engine, "commit")
    def committed(_: object) -> None:
        counted()


def _work(url: str, work: str, at: str, statement: str, batch: str) -> None:
    _die_before(int(statement))
    few = int(batch)  # so that many are cut
    reprojection._BATCH = reminders._TOGETHER = few
    office = Office(Database(url), SetClock(datetime.fromisoformat(at)), unguessable_ids())
    if work == BESIDE:
        reprojection._WORTH_A_PROCESS = 1
        reprojection._BESIDE_ALONE = few
    if work in (CALENDAR, BESIDE):
        while reprojection.follow_calendars(office, alone=work == BESIDE).looked_at:
            pass
    elif work == OWED:
        while tell_what_is_owed(office, few):
            pass
    else:
        while reminders.remind(office).looked_at:
            pass
    office.database.close()


if __name__ == "__main__":
    _work(*sys.argv[1:])
