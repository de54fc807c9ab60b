"""Open dossiers of one edition, batch by batch, worked out for another; nothing is written."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from uuid import UUID

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from engine.calendar_change.open_cases import NOBODY, Read, dossiers, read, with_what_moves
from engine.calendar_change.plain_cases import Lines, NotPlain, PlainCases
from engine.dossiers.follow_calendar import ToEdition
from engine.store.gathered import UNABLE
from engine.store.prepared import Row
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
    """Which dossiers: at most so many after an id, and none beyond another one."""

    after: UUID
    most: int
    up_to: UUID = EVERYBODY


class Walk:
    """Where those have come to who share the dossiers of one edition (PostgreSQL).

    Each takes for its transaction what comes after what was taken last. Did each walk by itself, it
    would read, and pass over, all that the others have just taken.
    """

    def __init__(self) -> None:
        self._after = NOBODY
        self._turn = Lock()

    def take(
        self, connection: Connection, agency_id: str, edition: int, most: int
    ) -> tuple[UUID, Sequence[Row]]:
        """The next dossiers, and the id that they come after; others' are passed over."""
        with self._turn:
            after = self._after
            rows = dossiers(connection, agency_id, edition, after, most, lock=True)
            if rows:
                self._after = rows[-1].dossier_id
            return after, rows

    def back_to(self, after: UUID) -> None:
        """Go back: what was taken after that id was not written."""
        with self._turn:
            self._after = min(self._after, after)


def worked_out(
    connection: Connection, agency_id: str, change: ToEdition, span: Span, now: datetime
) -> Batch | None:
    """What the change comes to for these; None where there are none. now: no event is before it."""
    found = read(connection, agency_id, change.old.number, span.after, span.most, lock=False)
    found = [each for each in found if each.row.dossier_id <= span.up_to]
    return _counted(found, span.after, change, now)


def taken_and_worked_out(
    connection: Connection, agency_id: str, change: ToEdition, walk: Walk, most: int, now: datetime
) -> Batch | None:
    """`worked_out` of the next dossiers of a walk."""
    after, rows = walk.take(connection, agency_id, change.old.number, most)
    try:
        found = with_what_moves(connection, agency_id, change.old.number, after, rows)
        return _counted(found, after, change, now)
    except Exception:
        walk.back_to(after)
        raise


def _counted(found: Sequence[Read], after: UUID, change: ToEdition, now: datetime) -> Batch | None:
    if not found:
        return None
    batch = Batch(after, found[-1].row.dossier_id)
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
