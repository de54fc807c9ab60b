"""Analyses that were left undone, a server having been stopped or killed, are begun anew.

Each is taken by one server alone, under the number of a new run: whoever was at the old one and
was only thought dead is told to stop as soon as it says that it goes on.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select, update

from engine.foreign_logs.kept import MOST_AGAIN, SILENT, LogState, Progress
from engine.foreign_logs.work import Run
from engine.office import Office
from engine.store.tables import foreign_log

_AT_WORK = (LogState.WAITING.value, LogState.RUNNING.value)
_COLUMNS = tuple(
    foreign_log.c[name] for name in ("agency_id", "log_id", "run", "state", "seen_at", "progress")
)


def take_over(office: Office) -> Run | None:
    """A run that nobody is at any more, now waiting for the caller; None where there is none."""
    now = office.clock.now()
    with office.database.read() as connection:
        left = _left(connection, now)
    for row in left:
        run = Run(row.agency_id, row.log_id, row.run + 1, _deaths(row))
        if _taken(office, row, run, now):
            return run
    return None


def _left(connection: Connection, now: datetime) -> list[Row[Any]]:
    """Runs of processes that ended or are silent, the longest first; not those that killed some."""
    silent = foreign_log.c.state.in_(_AT_WORK) & (foreign_log.c.seen_at < now - SILENT)
    rows = connection.execute(
        select(*_COLUMNS)
        .where(
            foreign_log.c.kept_until > now,
            silent | (foreign_log.c.state == LogState.INTERRUPTED.value),
        )
        .order_by(foreign_log.c.seen_at, foreign_log.c.log_id)
    )
    return [row for row in rows if _deaths(row) <= MOST_AGAIN]


def _deaths(row: Row[Any]) -> int:
    """How many processes died at it; one that only had it in its line did not die of it."""
    running: bool = row.state == LogState.RUNNING.value
    return Progress(*row.progress).again + running


def _taken(office: Office, row: Row[Any], run: Run, now: datetime) -> bool:
    as_seen = (
        foreign_log.c.agency_id == row.agency_id,
        foreign_log.c.log_id == row.log_id,
        foreign_log.c.run == row.run,
        foreign_log.c.state == row.state,
        foreign_log.c.seen_at == row.seen_at,
    )
    statement = (
        update(foreign_log)
        .where(*as_seen)
        .values(
            run=run.number,
            state=LogState.WAITING.value,
            seen_at=now,
            progress=["", 0, 0, run.again],
        )
    )
    return office.database.write(lambda t: bool(t.execute(statement).rowcount))
