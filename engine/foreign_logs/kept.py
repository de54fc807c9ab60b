"""A foreign log as it is kept: whose, until when, how far its analysis is, what it said.

Everybody of the agency who may read its analysis sees it; nobody of another agency does.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

import zstandard
from sqlalchemy import Connection, Row, select

from engine.actor import Actor
from engine.store.tables import foreign_log
from processes.errors import Conflict, NotFound, Unmet

KEPT_FOR = timedelta(days=30)
MOST_LOGS = 20
"""Of one agency."""
SILENT = timedelta(seconds=60)
"""Whoever analyses is heard of each second; after so long without, that process is gone."""
MOST_AGAIN = 1
"""Deaths of a process after which an analysis is begun anew: it may be what kills them."""
MOST_ANSWER = 64 << 20
"""Bytes of an answer, unpacked."""


class LogState(StrEnum):
    """How far the last analysis of a log is."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    REFUSED = "refused"
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"

    @property
    def at_work(self) -> bool:
        return self in (LogState.WAITING, LogState.RUNNING)


class NoSuchLog(NotFound):
    """Not there, deleted, past its time, or of another agency."""

    code = "foreign_log.not_found"
    vi = "Không tìm thấy nhật ký này. Có thể đã bị xóa hoặc hết hạn lưu; tải tệp lên lại."
    en = "This log was not found. It may have been deleted, or its time is over; bring it again."


class TooManyLogs(Unmet):
    """The agency keeps as many logs as one may."""

    code = "foreign_log.too_many"
    vi = "Cơ quan đang lưu {most} nhật ký, mức tối đa. Xóa bớt nhật ký không cần rồi tải lên lại."
    en = "The agency keeps {most} logs, the most it may. Delete one that is not needed first."


class LogAtWork(Conflict):
    """It is being analysed."""

    code = "foreign_log.at_work"
    vi = "Nhật ký này đang được phân tích. Đợi xong hoặc bấm “Dừng” rồi hỏi lại."
    en = "This log is being analysed. Wait for it to end, or stop it, and ask again."


class NotAnalysed(Unmet):
    """There is no answer of it."""

    code = "foreign_log.not_analysed"
    vi = "Nhật ký này chưa có kết quả phân tích."
    en = "There is no answer of this log yet."


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an analysis is; stages as of `analysis.progress`. of: 0 where that is not known.

    again: how often it was begun anew, the process that was at it having died.
    """

    stage: str = ""
    done: int = 0
    of: int = 0
    again: int = 0


@dataclass(frozen=True, slots=True)
class KeptLog:
    """run: which analysis of it. question: what that one was asked, plain data.

    state: INTERRUPTED where whoever analysed it is gone; resumes: whether a server then begins it
    anew by itself. refusal: why it came to nothing.
    """

    log_id: UUID
    name: str
    sha256: str
    size: int
    brought_by: UUID
    brought_at: datetime
    kept_until: datetime
    run: int
    question: Mapping[str, Any]
    state: LogState
    resumes: bool
    progress: Progress
    refusal: Mapping[str, str] | None
    has_diagram: bool


_COLUMNS = (
    *(
        foreign_log.c[name]
        for name in (
            *("log_id", "name", "sha256", "size", "brought_by", "brought_at", "kept_until"),
            *("run", "question", "state", "seen_at", "progress", "refusal"),
        )
    ),
    foreign_log.c.diagram.is_not(None).label("has_diagram"),
)


def logs_of(connection: Connection, actor: Actor, at: datetime) -> tuple[KeptLog, ...]:
    """The logs that the actor's agency keeps, the latest first."""
    rows = connection.execute(
        select(*_COLUMNS)
        .where(foreign_log.c.agency_id == actor.agency_id, foreign_log.c.kept_until > at)
        .order_by(foreign_log.c.brought_at.desc(), foreign_log.c.log_id)
    )
    return tuple(_kept(row, at) for row in rows)


def log_of(connection: Connection, actor: Actor, log_id: UUID, at: datetime) -> KeptLog:
    """One log of the agency (NoSuchLog)."""
    return _kept(_row(connection, actor.agency_id, log_id, at, *_COLUMNS), at)


def answer_of(connection: Connection, actor: Actor, log_id: UUID, at: datetime) -> bytes:
    """What its analysis said, JSON (NoSuchLog, NotAnalysed)."""
    row = _row(connection, actor.agency_id, log_id, at, foreign_log.c.answer)
    if row.answer is None:
        raise NotAnalysed
    packed: bytes = row.answer
    return zstandard.ZstdDecompressor().decompress(packed, max_output_size=MOST_ANSWER)


def diagram_of(connection: Connection, agency_id: str, log_id: UUID, at: datetime) -> bytes | None:
    """The BPMN that it is laid against (NoSuchLog)."""
    found: bytes | None = _row(connection, agency_id, log_id, at, foreign_log.c.diagram).diagram
    return found


def _row(
    connection: Connection, agency_id: str, log_id: UUID, at: datetime, *columns: Any
) -> Row[Any]:
    row = connection.execute(
        select(*columns).where(
            foreign_log.c.agency_id == agency_id,
            foreign_log.c.log_id == log_id,
            foreign_log.c.kept_until > at,
        )
    ).one_or_none()
    if row is None:
        raise NoSuchLog
    return row


def _kept(row: Row[Any], at: datetime) -> KeptLog:
    state, progress = LogState(row.state), Progress(*row.progress)
    died = state.at_work and row.seen_at + SILENT < at
    deaths = progress.again + (died and state is LogState.RUNNING)
    if died:
        state = LogState.INTERRUPTED
    return KeptLog(
        log_id=row.log_id,
        name=row.name,
        sha256=row.sha256,
        size=row.size,
        brought_by=row.brought_by,
        brought_at=row.brought_at,
        kept_until=row.kept_until,
        run=row.run,
        question=row.question,
        state=state,
        resumes=state is LogState.INTERRUPTED and deaths <= MOST_AGAIN,
        progress=progress,
        refusal=row.refusal,
        has_diagram=row.has_diagram,
    )
