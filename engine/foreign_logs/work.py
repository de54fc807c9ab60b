"""What whoever analyses foreign logs writes down: that it is at it, how far it is, what came of it.

Every note says of which run of which log; of a run that was stopped, deleted or asked again
meanwhile nothing is written, and the answer says so.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import zstandard
from sqlalchemy import update

from engine.foreign_logs.kept import LogState, Progress
from engine.office import Office
from engine.store.tables import foreign_log


@dataclass(frozen=True, slots=True)
class Run:
    """One analysis of one log. again: how often a process died at it."""

    agency_id: str
    log_id: UUID
    number: int
    again: int = 0


def begin(office: Office, run: Run) -> bool:
    """It is at work now; False where nobody waits for it any more, or another process has it."""
    waiting = (LogState.WAITING,)
    return _note(office, run, waiting, state=LogState.RUNNING.value)


def still(office: Office, run: Run, progress: Progress | None = None) -> bool:
    """It goes on, and is so far; None leaves that as it stands. False: stop."""
    if progress is None:
        return _note(office, run)
    told = [progress.stage, progress.done, progress.of, run.again]
    return _note(office, run, progress=told)


def done(office: Office, run: Run, answer: bytes, drawn: bytes | None = None) -> bool:
    """It is done; answer: JSON. drawn: its diagram with a drawing, where it had none."""
    packed = zstandard.ZstdCompressor(level=6).compress(answer)
    values: dict[str, Any] = {"state": LogState.DONE.value, "answer": packed}
    if drawn is not None:
        values["diagram"] = drawn
    return _note(office, run, **values)


def refused(office: Office, run: Run, refusal: Mapping[str, str]) -> bool:
    """It came to nothing; refusal: code, vi, en."""
    return _note(office, run, state=LogState.REFUSED.value, refusal=dict(refusal))


def interrupted(office: Office, run: Run) -> bool:
    """The process that was at it is ending; another one begins it anew (`resuming`)."""
    return _note(office, run, state=LogState.INTERRUPTED.value)


def _note(
    office: Office,
    run: Run,
    states: Collection[LogState] = (LogState.WAITING, LogState.RUNNING),
    **values: Any,
) -> bool:
    now = office.clock.now()
    wanted = (
        foreign_log.c.agency_id == run.agency_id,
        foreign_log.c.log_id == run.log_id,
        foreign_log.c.run == run.number,
        foreign_log.c.state.in_([state.value for state in states]),
    )
    statement = update(foreign_log).where(*wanted).values(seen_at=now, **values)
    return office.database.write(lambda t: bool(t.execute(statement).rowcount))
