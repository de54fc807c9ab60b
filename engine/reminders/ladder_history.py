"""Deciding the ladder's settings anew, and what was decided before: by whom, when and why.

The history lies beside the settings. To undo a decision is to decide the settings before it again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, delete, insert, select, update

from engine.actor import Actor, Role
from engine.answered_once import Asked, do_once
from engine.dossiers.reason import in_words
from engine.office import Office
from engine.reminders.ladder_settings import (
    HISTORY,
    LadderSettings,
    read_settings,
    require_sense,
    settings_of,
)
from engine.store.database import Command, Transaction
from engine.store.reminder_tables import reminder_settings
from engine.store.tables import step_run
from processes.errors import Conflict, NotFound

WHO = "quản trị hoặc lãnh đạo (admin, head)"
_KEPT = 200
_LONGEST = 500


class LadderOvertaken(Conflict):
    """Somebody else decided since the settings were read."""

    code = "reminders.overtaken"
    vi = "Thiết lập nhắc việc đã được người khác đổi lúc {at}. Xem lại rồi lưu."
    en = "Somebody else changed the reminder settings at {at}. Look at them again, then save."


@dataclass(frozen=True, slots=True)
class Decided:
    """Settings that counted from a moment on. number: 0 is the usual, which nobody decided."""

    number: int
    at: datetime | None
    by: UUID | None
    reason: str
    settings: LadderSettings


def set_ladder(
    office: Office,
    actor: Actor,
    stated: Any,
    reason: str = "",
    *,
    seen: int | None = None,
    key: str | None = None,
) -> LadderSettings:
    """Decide it anew; from then on it counts for every reminder.

    seen: the number of the decision that was looked at. Errors: NotAllowed, InvalidLadder,
    SenselessLadder, LadderOvertaken.
    """
    settings = read_settings(stated)
    request = {"settings": settings.to_data(), "reason": reason, "seen": seen}
    asked = Asked(actor, "reminders.set", request, key)
    do_once(office, asked, lambda: decision(office, actor, settings, reason, seen))
    return settings


def undo_ladder(
    office: Office,
    actor: Actor,
    number: int,
    reason: str,
    *,
    seen: int | None = None,
    key: str | None = None,
) -> LadderSettings:
    """Have the settings of an earlier decision count again (NotFound)."""
    with office.database.read() as connection:
        found = next((d for d in decided(connection, actor) if d.number == number), None)
    if found is None:
        raise NotFound(what=f"thiết lập / settings {number}")
    settings, request = found.settings, {"number": number, "reason": reason, "seen": seen}
    asked = Asked(actor, "reminders.undo", request, key)
    do_once(office, asked, lambda: decision(office, actor, settings, reason, seen))
    return settings


def decision(
    office: Office, actor: Actor, settings: LadderSettings, reason: str, seen: int | None
) -> Command[int]:
    """The command that writes a decision down; its number."""
    actor.require(Role.ADMIN, Role.HEAD, who=WHO)
    now, words = office.clock.now(), in_words(reason)[:_LONGEST]

    def change(transaction: Transaction) -> int:
        connection = transaction.connection
        require_sense(settings, office.calendar(connection, actor.agency_id), now)
        before = _rows(connection, actor.agency_id)
        number = before[0]["number"] if before else 0
        if seen is not None and seen != number:
            raise LadderOvertaken(at=before[0]["at"] if before else "–")
        was = settings_of(connection, actor.agency_id)
        made = {
            "number": number + 1,
            "at": now.isoformat(),
            "by": str(actor.account_id),
            "reason": words,
            "settings": settings.to_data(),
        }
        row = {
            "agency_id": actor.agency_id,
            "data": {**settings.to_data(), HISTORY: [made, *before][:_KEPT]},
            "set_at": now,
            "set_by": actor.account_id,
        }
        this = reminder_settings.c.agency_id == actor.agency_id
        transaction.execute(delete(reminder_settings).where(this))
        transaction.execute(insert(reminder_settings), row)
        if was.part_percent != settings.part_percent:
            _plan_anew(transaction, actor.agency_id)
        return number + 1

    return change


def decided(connection: Connection, actor: Actor) -> tuple[Decided, ...]:
    """The decisions, the newest first; the usual stands at the end (NotAllowed)."""
    actor.require(Role.ADMIN, Role.HEAD, who=WHO)
    usual = Decided(0, None, None, "", LadderSettings())
    return (*(_decided(row) for row in _rows(connection, actor.agency_id)), usual)


def _decided(row: Mapping[str, Any]) -> Decided:
    at, by = datetime.fromisoformat(row["at"]), UUID(row["by"])
    return Decided(row["number"], at, by, row["reason"], read_settings(row["settings"]))


def _rows(connection: Connection, agency_id: str) -> list[dict[str, Any]]:
    stored = connection.execute(
        select(reminder_settings).where(reminder_settings.c.agency_id == agency_id)
    ).one_or_none()
    if stored is None:
        return []
    if HISTORY in stored.data:
        return list(stored.data[HISTORY])
    only = {"number": 1, "at": stored.set_at.isoformat(), "by": str(stored.set_by), "reason": ""}
    return [{**only, "settings": stored.data}]


def _plan_anew(transaction: Transaction, agency_id: str) -> None:
    """The first rung lies elsewhere now: the next round works out again when to remind."""
    waiting = step_run.c.agency_id == agency_id, step_run.c.state == "open"
    planned = step_run.c.rungs_for.is_not(None)
    transaction.execute(update(step_run).where(*waiting, planned).values(rungs_for=None))
