"""What people do with foreign logs: bring one, ask something else of it, stop, delete."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, insert, select, update

from engine.actor import Actor
from engine.answered_once import Asked, do_once
from engine.documents.keeping import held, let_go
from engine.documents.store import Arriving
from engine.foreign_logs.kept import (
    KEPT_FOR,
    MOST_LOGS,
    SILENT,
    LogAtWork,
    LogState,
    TooManyLogs,
    log_of,
)
from engine.office import Office
from engine.store.database import Transaction
from engine.store.tables import foreign_log
from processes.data_entry import is_storable

_LONGEST_NAME = 200
_AT_WORK = (LogState.WAITING.value, LogState.RUNNING.value)
_NOT_OVER = (*_AT_WORK, LogState.INTERRUPTED.value)


@dataclass(frozen=True, slots=True)
class Question:
    """What an analysis is asked. told: plain data, opaque here. diagram: BPMN beside it."""

    told: Mapping[str, Any]
    diagram: bytes | None = None

    def row(self, now: datetime) -> dict[str, Any]:
        return {
            "question": dict(self.told),
            "diagram": self.diagram,
            "state": LogState.WAITING.value,
            "seen_at": now,
            "progress": [],
            "refusal": None,
            "answer": None,
        }

    def request(self) -> dict[str, Any]:
        drawn = None if self.diagram is None else hashlib.sha256(self.diagram).hexdigest()
        return {"question": dict(self.told), "diagram": drawn}


def bring_log(
    office: Office,
    actor: Actor,
    arrived: Arriving,
    name: str,
    question: Question,
    *,
    key: str | None = None,
) -> UUID:
    """Keep a file that has arrived, its first analysis waiting to be made; its id.

    Errors: TooManyLogs, EmptyDocument, StorageFull, StorageUnavailable.
    """
    kept = arrived.finish()
    name = "".join(filter(is_storable, name))[-_LONGEST_NAME:]
    now = office.clock.now()

    def command(transaction: Transaction) -> UUID:
        mine = foreign_log.c.agency_id == actor.agency_id
        number = transaction.execute(
            select(func.count())
            .select_from(foreign_log)
            .where(mine, foreign_log.c.kept_until > now)
        ).scalar_one()
        if number >= MOST_LOGS:
            raise TooManyLogs(most=MOST_LOGS)
        log_id = office.ids(now)
        row = {
            "agency_id": actor.agency_id,
            "log_id": log_id,
            "name": name,
            "sha256": kept.sha256,
            "size": kept.size,
            "brought_by": actor.account_id,
            "brought_at": now,
            "kept_until": now + KEPT_FOR,
            "run": 1,
            **question.row(now),
        }
        transaction.execute(insert(foreign_log), row)
        return log_id

    request = {"sha256": kept.sha256, "name": name, **question.request()}
    asked = Asked(actor, "bring_foreign_log", request, key)
    with held(office, actor.agency_id, arrived):
        return do_once(office, asked, lambda: command)


def ask_log(
    office: Office, actor: Actor, log_id: UUID, question: Question, *, key: str | None = None
) -> int:
    """Have a log analysed once more, asked something else; the number of that run.

    What it said before is gone, so that question and answer always belong together.

    Errors: NoSuchLog, LogAtWork.
    """
    now = office.clock.now()

    def command(transaction: Transaction) -> int:
        found = log_of(transaction.connection, actor, log_id, now)
        changed = transaction.execute(
            update(foreign_log)
            .where(
                *_this(actor, log_id),
                foreign_log.c.run == found.run,
                foreign_log.c.state.not_in(_AT_WORK) | (foreign_log.c.seen_at < now - SILENT),
            )
            .values(run=found.run + 1, **question.row(now))
        )
        if changed.rowcount == 0:
            raise LogAtWork
        return found.run + 1

    request = {"log": log_id.hex, **question.request()}
    return do_once(office, Asked(actor, "ask_foreign_log", request, key), lambda: command)


def stop_log(office: Office, actor: Actor, log_id: UUID, *, key: str | None = None) -> None:
    """Stop its analysis, also one that was interrupted; the file stays. One that is over stays as
    it is.

    Errors: NoSuchLog.
    """
    now = office.clock.now()

    def command(transaction: Transaction) -> UUID:
        log_of(transaction.connection, actor, log_id, now)
        transaction.execute(
            update(foreign_log)
            .where(*_this(actor, log_id), foreign_log.c.state.in_(_NOT_OVER))
            .values(state=LogState.CANCELLED.value)
        )
        return log_id

    do_once(office, Asked(actor, "stop_foreign_log", {"log": log_id.hex}, key), lambda: command)


def delete_log(office: Office, actor: Actor, log_id: UUID, *, key: str | None = None) -> None:
    """Delete the file, what it said and how it was mapped; gone already is gone (NoSuchLog)."""
    now = office.clock.now()
    gone: list[str] = []

    def command(transaction: Transaction) -> UUID:
        gone[:] = [log_of(transaction.connection, actor, log_id, now).sha256]
        transaction.execute(delete(foreign_log).where(*_this(actor, log_id)))
        return log_id

    do_once(office, Asked(actor, "delete_foreign_log", {"log": log_id.hex}, key), lambda: command)
    for sha256 in gone:
        let_go(office, actor.agency_id, sha256)


def purge_logs(office: Office) -> int:
    """Delete the logs of every agency whose time is over, with their files; how many."""
    now = office.clock.now()
    over = foreign_log.c.kept_until <= now

    def command(transaction: Transaction) -> list[tuple[str, str]]:
        columns = (foreign_log.c.agency_id, foreign_log.c.sha256)
        found = [
            (row.agency_id, row.sha256) for row in transaction.execute(select(*columns).where(over))
        ]
        transaction.execute(delete(foreign_log).where(over))
        return found

    gone = office.database.write(command)
    for agency_id, sha256 in gone:
        let_go(office, agency_id, sha256)
    return len(gone)


def _this(actor: Actor, log_id: UUID) -> tuple[Any, ...]:
    return foreign_log.c.agency_id == actor.agency_id, foreign_log.c.log_id == log_id
