"""Open dossiers of one edition, batch by batch, worked out for another; nothing is written."""

import logging
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from engine.dossiers.follow_calendar import ToEdition
from engine.open_cases import Read, read
from engine.plain_cases import Lines, NotPlain, PlainCases
from engine.store.gathered import UNABLE
from processes.errors import RuleError

_log = logging.getLogger("quytrinh.calendar")
EVERYBODY = UUID(int=(1 << 128) - 1)
"""After every id."""


@dataclass(slots=True)
class Batch:
    """Dossiers worked out, ready to be written. beside: by another process than this one."""

    after: UUID
    last: UUID
    lines: Lines = field(default_factory=Lines)
    failed: int = 0
    beside: bool = False

    @property
    def taken(self) -> int:
        return len(self.lines.dossiers) + len(self.lines.still) + self.failed


@dataclass(frozen=True, slots=True)
class Span:
    """Which dossiers: at most so many after an id, and none beyond another one.

    lock: take them for this transaction, and pass over those that others have taken (PostgreSQL).
    """

    after: UUID
    most: int
    lock: bool = False
    up_to: UUID = EVERYBODY


def worked_out(
    connection: Connection, agency_id: str, change: ToEdition, span: Span, now: datetime
) -> Batch | None:
    """What the change comes to for these; None where there are none. now: no event is before it."""
    old = change.old.number
    found = read(connection, agency_id, old, span.after, span.most, lock=span.lock)
    if span.up_to != EVERYBODY:
        found = [each for each in found if each.row.dossier_id <= span.up_to]
    if not found:
        return None
    batch = Batch(span.after, found[-1].row.dossier_id)
    plain = PlainCases(change, now)
    for each in found:
        try:
            plain.add(each, batch.lines)
        except NotPlain:
            batch.failed += by_the_long_way(each, now, plain, batch.lines)
    return batch


def by_the_long_way(each: Read, now: datetime, plain: PlainCases, lines: Lines) -> int:
    """Work out a dossier that is not plain; 1 where it cannot be."""
    case = each.case(not_before=now)
    try:
        moved = plain.change.moved(case)
    except (DBAPIError, *UNABLE):
        raise
    except RuleError as refusal:
        _log.error("dossier %s cannot follow the calendar: %s", case.row.code, refusal.code)
        return 1
    except Exception:  # noqa: BLE001 - one broken dossier must not stop the others
        _log.exception("dossier %s cannot follow the calendar", case.row.code)
        return 1
    if moved is None:
        lines.stands(each)
    else:
        plain.add_moved(each, case, moved, lines)
    return 0
