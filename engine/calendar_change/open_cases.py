"""Open dossiers with all that a calendar can move, read in batches in the order of their ids."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, bindparam, literal_column, select, text

from engine.dossiers.follow_calendar import (
    PAUSE_COLUMNS,
    RUN_COLUMNS,
    STILL_OPEN,
    TIMER_COLUMNS,
    Case,
)
from engine.store.prepared import Prepared, Row
from engine.store.tables import dossier, journal, pause, step_run, timer

NOBODY = UUID(int=0)
"""Before every id."""

_OPEN = text("dossier.state IN ('open', 'paused', 'finished')")
"""Written out: SQLite takes the index of open dossiers only where it reads the states."""

_NONE: ColumnElement[int] = literal_column(
    "0"
)  # written out too: else SQLite is given a value without a name

_ALL = 1_000_000_000

_COLUMNS = (
    *("agency_id", "dossier_id", "code", "applicant", "clock", "due_at", "original_due_at"),
    *("limit_ws", "paused_ws", "state", "version", "events", "head_hash", "calendar_edition"),
)


def editions_of_open(connection: Connection, agency_id: str, below: int) -> Sequence[int]:
    """The editions before one by which open dossiers are still counted."""
    found = []
    at_least = 0
    while row := next(
        iter(_NEXT_EDITION.rows(connection, _given(agency_id, at_least, below))), None
    ):
        found.append(int(row.calendar_edition))
        at_least = found[-1] + 1
    return found


def _given(agency_id: str, at_least: int, below: int) -> dict[str, Any]:
    return {"of_agency": agency_id, "at_least": at_least, "below": below, "most": 1}


_NEXT_EDITION = Prepared(
    select(dossier.c.calendar_edition)
    .where(
        dossier.c.agency_id == bindparam("of_agency"),
        dossier.c.calendar_edition >= bindparam("at_least"),
        dossier.c.calendar_edition < bindparam("below"),
        _OPEN,
    )
    .order_by(dossier.c.calendar_edition)
    .limit(bindparam("most"))
    .offset(_NONE)
)


def cases(
    connection: Connection, agency_id: str, edition: int, after: UUID, most: int, *, lock: bool
) -> list[Case]:
    """Open dossiers counted by an edition, at most so many, after an id.

    lock: take them for this transaction, and pass over those that others have taken (PostgreSQL).
    """
    return [each.case() for each in read(connection, agency_id, edition, after, most, lock=lock)]


@dataclass(frozen=True, slots=True)
class Read:
    """An open dossier with all that a calendar can move, as the driver gave it."""

    row: Row
    runs: Sequence[Row] = ()
    timers: Sequence[Row] = ()
    pauses: Sequence[Row] = ()

    def case(self, not_before: datetime | None = None) -> Case:
        """The dossier as a value."""
        at = self.row.last_at if not_before is None else max(not_before, self.row.last_at)
        return Case(self.row, at, self.runs, self.timers, self.pauses)


def read(
    connection: Connection, agency_id: str, edition: int, after: UUID, most: int, *, lock: bool
) -> list[Read]:
    """`cases`, with values that are made only where they are asked for."""
    rows = dossiers(connection, agency_id, edition, after, most, lock=lock)
    return with_what_moves(connection, agency_id, edition, after, rows)


def dossiers(
    connection: Connection, agency_id: str, edition: int, after: UUID, most: int, *, lock: bool
) -> Sequence[Row]:
    """The dossiers of `cases` alone."""
    given = {"of_agency": agency_id, "of_edition": edition, "after": after, "most": most}
    return (_TAKEN if lock else _BATCH).rows(connection, given)


def with_what_moves(
    connection: Connection, agency_id: str, edition: int, after: UUID, rows: Sequence[Row]
) -> list[Read]:
    """Such dossiers with all that a calendar can move. after: the id that they come after."""
    if not rows:
        return []
    given = {"of_agency": agency_id, "of_edition": edition, "after": after}
    given |= {"last": rows[-1].dossier_id, "at_most": _ALL}
    runs, timers, pauses = (
        _by_dossier(question.rows(connection, given)) for question in (_RUNS, _TIMERS, _PAUSES)
    )
    own = [row.raw("dossier_id") for row in rows]
    return [
        Read(row, runs.get(each, ()), timers.get(each, ()), pauses.get(each, ()))
        for row, each in zip(rows, own, strict=True)
    ]


def every_case(connection: Connection, agency_id: str, below: int, most: int) -> Iterator[Case]:
    """All open dossiers that are counted by an edition before that one, whichever it is."""
    for edition in editions_of_open(connection, agency_id, below):
        after = NOBODY
        while batch := cases(connection, agency_id, edition, after, most, lock=False):
            yield from batch
            after = batch[-1].row.dossier_id


def _by_dossier(rows: Sequence[Row]) -> dict[Any, list[Row]]:
    found: dict[Any, list[Row]] = {}
    for row in rows:
        found.setdefault(row.raw("dossier_id"), []).append(row)
    return found


_COUNTED = (
    dossier.c.agency_id == bindparam("of_agency"),
    dossier.c.calendar_edition == bindparam("of_edition"),
    dossier.c.dossier_id > bindparam("after"),
    _OPEN,
)
_LAST_AT = (  # not a join: PostgreSQL would merge it, and read the journal from its beginning
    select(journal.c.at)
    .where(
        journal.c.agency_id == dossier.c.agency_id,
        journal.c.dossier_id == dossier.c.dossier_id,
        journal.c.seq == dossier.c.events,
    )
    .scalar_subquery()
)
DOSSIER_COLUMNS = (*_COLUMNS, "last_at")
_ROWS = (
    select(*(dossier.c[name] for name in _COLUMNS), _LAST_AT.label("last_at"))
    .where(*_COUNTED)
    .order_by(dossier.c.dossier_id)
    .limit(bindparam("most"))
    .offset(_NONE)
)
_BATCH = Prepared(_ROWS)
_TAKEN = Prepared(_ROWS.with_for_update(of=dossier, skip_locked=True))


def _of_batch(columns: Sequence[Any], table: Any, *also: Any) -> Prepared:
    """Asked for dossier by dossier: between two open ones there may be thousands that are over.

    The limit keeps SQLite from asking the other way round.
    """
    up_to = dossier.c.dossier_id <= bindparam("last")
    these = select(dossier.c.dossier_id).where(*_COUNTED, up_to)
    these = these.limit(bindparam("at_most")).offset(_NONE)
    here = table.c.agency_id == bindparam("of_agency"), table.c.dossier_id.in_(these)
    return Prepared(select(*columns).where(*here, *also))


_RUNS = _of_batch(RUN_COLUMNS, step_run, STILL_OPEN)
_TIMERS = _of_batch(TIMER_COLUMNS, timer, timer.c.clock.is_not(None))
_PAUSES = _of_batch(PAUSE_COLUMNS, pause)
