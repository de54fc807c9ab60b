"""What many dossiers have to write when they follow a calendar, in a handful of statements."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Uuid

from engine.calendar_change.plain_cases import Lines
from engine.dossiers.follow_calendar import CHANGED
from engine.store import prepared
from engine.store.database import StaleState
from engine.store.many_rows import ManyRows


def write_lines(
    connection: Connection,
    agency_id: str,
    lines: Lines,
    edition: int,
    approved_by: UUID | None,
    *,
    one_by_one: bool = False,
) -> None:
    """Write all of it; StaleState where a dossier is no longer what it was, and nothing is kept.

    one_by_one: on SQLite, where nothing else wants Python's lock. Whoever calls has a savepoint to
    go back to. Errors: those of the database.
    """
    on_sqlite = connection.dialect.name == "sqlite"

    def write(many: ManyRows, rows: Sequence[Any], *values: Any) -> None:
        how = many.run_each if on_sqlite and one_by_one else many.run
        if rows and how(connection, rows, *values) != len(rows):
            raise StaleState

    write(_STILL, lines.still, agency_id, edition)
    hashes, actor = bytes(lines.hashes), _actor(connection, approved_by)
    given = lines.dossiers, hashes, agency_id, edition
    if on_sqlite:
        write(_DOSSIER, *given)
        write(_JOURNAL, *given, actor, CHANGED)
    else:
        write(_WITH_ITS_EVENT, *given, actor, CHANGED)
    lines.runs.sort(key=_as_in_indexes)
    write(_RUN, lines.runs, agency_id)
    write(_TIMER, lines.timers, agency_id)


def as_is_best(connection: Connection) -> None:
    """Have PostgreSQL look for each row of a batch by index, and not wait for the disk, until the
    transaction ends.

    It guesses how many rows there are. Nobody is told that a batch was kept: one that a power cut
    takes is found again, and an act reaches the disk with all that was written before it.
    """
    prepared.say(connection, _AS_IS_BEST)


_AS_IS_BEST = "SELECT " + ", ".join(
    f"set_config('{name}', 'off', true)"
    for name in ("enable_hashjoin", "enable_mergejoin", "synchronous_commit")
)


def _as_in_indexes(run: Mapping[str, Any]) -> int:
    """What lies together is written together: every page is then taken up once.

    Those due at one time stay in the order of their dossiers.
    """
    return run["due_at"] or 0


def _actor(connection: Connection, account_id: UUID | None) -> Any:
    write = Uuid().dialect_impl(connection.dialect).bind_processor(connection.dialect)
    return account_id if account_id is None or write is None else write(account_id)


_STILL = ManyRows(
    "UPDATE dossier SET calendar_edition = ?3 FROM {rows}"
    " WHERE dossier.agency_id = ?2 AND dossier.dossier_id = r.id AND dossier.version = r.version"
    " AND dossier.calendar_edition < ?3",
    {"id": "uuid", "version": "int"},
)
_MOVE = (
    "UPDATE dossier SET clock = coalesce(r.clock, dossier.clock), due_at = r.due_at,"
    " limit_ws = r.limit_ws, paused_ws = r.paused_ws, calendar_edition = ?4,"
    " version = r.version + 1, events = r.seq, head_hash = {hash} FROM {rows}"
    " WHERE dossier.agency_id = ?3 AND dossier.dossier_id = r.id AND dossier.version = r.version"
    " AND dossier.calendar_edition < ?4"
)
_ENTER = (
    "INSERT INTO journal (agency_id, dossier_id, seq, at, actor_id, kind, body, hash)"
    " SELECT ?3, r.id, r.seq, r.at, ?5::uuid, ?6, r.body, {hash} FROM {rows}"
)
_MOVED = {
    "id": "uuid",
    "place": "int",
    "version": "int",
    "seq": "int",
    "clock": "text",
    "due_at": "bigint",
    "limit_ws": "bigint",
    "paused_ws": "bigint",
}
_EVENT = {"id": "uuid", "place": "int", "seq": "int", "at": "bigint", "body": "text"}
_DOSSIER = ManyRows(_MOVE, _MOVED)
_JOURNAL = ManyRows(_ENTER, _EVENT)
_WITH_ITS_EVENT = ManyRows(  # PostgreSQL reads the rows once
    "WITH moved AS ("
    + _MOVE
    + " RETURNING r.id, r.seq, r.at, r.body, dossier.head_hash AS hash) "
    + _ENTER.format(hash="r.hash", rows="moved AS r"),
    {**_MOVED, **_EVENT},
)
_RUN = ManyRows(
    "UPDATE step_run SET clock = coalesce(r.clock, step_run.clock), due_at = r.due_at,"
    " limit_ws = r.limit_ws, paused_ws = r.paused_ws, waiting_ws = r.waiting_ws,"
    " c_enabled = r.c_enabled, c_started = r.c_started, calendar_version = r.calendar_version,"
    " escalated_at = r.escalated_at, safe_at = r.safe_at FROM {rows}"
    " WHERE step_run.agency_id = ?2 AND step_run.step_run_id = r.id",
    {
        "id": "uuid",
        "clock": "text",
        "due_at": "bigint",
        "limit_ws": "bigint",
        "paused_ws": "bigint",
        "waiting_ws": "bigint",
        "c_enabled": "bigint",
        "c_started": "bigint",
        "calendar_version": "text",
        "escalated_at": "bigint",
        "safe_at": "bigint",
    },
)
_TIMER = ManyRows(
    "UPDATE timer SET clock = r.clock, due_at = r.due_at FROM {rows}"
    " WHERE timer.agency_id = ?2 AND timer.timer_id = r.id",
    {"id": "uuid", "clock": "text", "due_at": "bigint"},
)
