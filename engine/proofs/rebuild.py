"""Rebuilding: every dossier comes to be again from its journal and is compared with the tables.

Each event is done again by the act that wrote it, at its moment and in its officer's name, in an
empty office beside the real one (`engine.proofs.replay`). What people entered stands once, in the
tables, and is taken from there. Whatever the acts then write must be what the tables hold.
"""

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, Table, delete, insert, select, update

from engine.clock import SetClock
from engine.ids import unguessable_ids
from engine.journal import Event, events_of
from engine.office import Office
from engine.proofs.replay import CannotRepeat, Replay
from engine.proofs.sealed_entries import DESTROYED
from engine.runtime.codec import UnreadableState
from engine.runtime.instance import Instance
from engine.store.database import Database, Transaction
from engine.store.tables import (
    agency,
    applicant_number,
    calendar,
    calendar_edition,
    component_reuse,
    document,
    dossier,
    dossier_component,
    execution,
    journal,
    metadata,
    pause,
    procedure,
    procedure_version,
    signing,
    step_run,
    timer,
)
from processes.errors import RuleError

_BOOK = ("register", "register_no")
_OF_DOSSIER = (
    *(applicant_number, component_reuse, signing, document, timer, pause),
    *(journal, dossier_component, step_run, execution),
)
_COMPARED: tuple[tuple[Table, tuple[str, ...], frozenset[str]], ...] = (
    (
        dossier,
        (),
        frozenset({"dossier_id", "code", "search", "head_hash", "calendar_edition", *_BOOK}),
    ),
    (
        step_run,
        ("token", "attempt"),
        frozenset({"dossier_id", "step_run_id", "rungs_for", "next_rung_at", "safe_at"}),
    ),
    (dossier_component, ("component", "form"), frozenset({"dossier_id"})),
    (document, ("number",), frozenset({"dossier_id"})),
    (component_reuse, ("component",), frozenset({"dossier_id", "source_id"})),
    (signing, ("first_number",), frozenset({"dossier_id"})),
    (pause, ("since",), frozenset({"dossier_id", "pause_id"})),
    (timer, ("token",), frozenset({"dossier_id", "timer_id", "taken_until"})),
)
"""Tables, what tells their rows apart, and what is new each time: ids, and what holds them."""
_NOT_OF_OLD = frozenset({"measure"})
"""Columns that dossiers finished before they were kept do not have."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Where the stored dossier is not what its journal makes of it.

    what: "event 7", or table, row and column, such as "step_run 3/1 due_at".
    """

    what: str
    stored: str
    rebuilt: str


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """One dossier after its journal was done again; as stored where there is no difference."""

    agency_id: str
    dossier_id: UUID
    code: str
    events: int
    differences: tuple[Difference, ...]


def rebuild(
    connection: Connection, agency_id: str | None = None, dossier_id: UUID | None = None
) -> Iterator[Rebuilt]:
    """Rebuild every dossier, those of one agency, or one, one after the other."""
    every = select(dossier).order_by(dossier.c.agency_id, dossier.c.dossier_id)
    if agency_id is not None:
        every = every.where(dossier.c.agency_id == agency_id)
    if dossier_id is not None:
        every = every.where(dossier.c.dossier_id == dossier_id)
    with _empty_office() as beside:
        for row in connection.execute(every.execution_options(yield_per=100)):
            beside.know(connection, row)
            yield _rebuilt(connection, beside, row)


def _rebuilt(connection: Connection, beside: "_Beside", row: Row[Any]) -> Rebuilt:
    events = events_of(connection, row.agency_id, row.dossier_id)
    if events and events[-1].kind == DESTROYED:  # what it was made of is gone, as it should be
        return Rebuilt(row.agency_id, row.dossier_id, row.code, len(events), ())
    replay = beside.replay(connection, row)
    stopped = _stopped(beside, replay, events)
    differences = [stopped] if stopped else list(_differences(connection, beside, row, replay))
    beside.forget(replay)
    return Rebuilt(row.agency_id, row.dossier_id, row.code, len(events), tuple(differences))


def _stopped(beside: "_Beside", replay: Replay, events: Iterable[Event]) -> Difference | None:
    """The first event that cannot be done again, or that comes out as something else."""
    for event in events:
        beside.clock.set(event.at)
        came_out = _come_out(beside, replay, event)
        if came_out != f"{event.seq} {event.kind}":
            return Difference(f"event {event.seq}", event.kind, came_out)
    if replay.dossier_id is None:
        return Difference("event 1", "dossier.received", "–")
    # Of an edition of the calendar that moved nothing the journal says nothing: nothing may move.
    replay.count_by(replay.row.calendar_edition, beside.clock.now())
    replay.follow_calendar()
    return None


def _come_out(beside: "_Beside", replay: Replay, event: Event) -> str:
    """Number and kind of the event that was written when it was done again, or why none was."""
    try:
        replay.repeat(event)
    except (RuleError, CannotRepeat, LookupError, ValueError, TypeError) as refusal:
        return f"{type(refusal).__name__}: {refusal}"
    return beside.last_event(replay)


@dataclass
class _Beside:
    """The empty office in which dossiers come to be again."""

    office: Office
    clock: SetClock
    _known: set[tuple[str, UUID]] = field(default_factory=set)

    def know(self, source: Connection, row: Row[Any]) -> None:
        """Have the agency, its calendars, and the dossier's version in force."""
        fresh = (row.agency_id, row.version_id) not in self._known
        new_agency = all(known != row.agency_id for known, _ in self._known)
        this = {"agency_id": row.agency_id, "procedure_id": row.procedure_id}
        new_procedure = fresh and not self._has(procedure, this)

        def command(transaction: Transaction) -> None:
            if new_agency:
                _copy(source, transaction, agency, {"agency_id": row.agency_id})
                _copy(source, transaction, calendar, {"agency_id": row.agency_id})
                _copy(source, transaction, calendar_edition, {"agency_id": row.agency_id})
            if new_procedure:
                _copy(source, transaction, procedure, this)
            if fresh:
                version = {"agency_id": row.agency_id, "version_id": row.version_id}
                _copy(source, transaction, procedure_version, version)
            here = (procedure.c[name] == value for name, value in this.items())
            transaction.execute(update(procedure).where(*here).values(version_id=row.version_id))

        self.office.database.write(command)
        self._known.add((row.agency_id, row.version_id))

    def _has(self, table: Table, columns: Mapping[str, Any]) -> bool:
        with self.office.database.read() as connection:
            return bool(_rows(connection, table, columns))

    def replay(self, source: Connection, row: Row[Any]) -> Replay:
        """The dossier before its first event."""
        this = {"agency_id": row.agency_id, "dossier_id": row.dossier_id}
        with self.office.database.read() as connection:
            version = self.office.version(connection, row.agency_id, row.version_id)
        positions = {s.assignment.position for s in version.procedure.steps if s.assignment}
        return Replay(
            office=self.office,
            procedure=version.procedure.code,
            row=row,
            runs=_rows(source, step_run, this),
            pauses=_rows(source, pause, this),
            holdings=frozenset((row.receiving_unit or "", position) for position in positions),
        )

    def last_event(self, replay: Replay) -> str:
        """Number and kind of what the dossier's journal here ends with."""
        last = (
            select(journal.c.seq, journal.c.kind)
            .where(journal.c.dossier_id == replay.dossier)
            .order_by(journal.c.seq.desc())
        )
        with self.office.database.read() as connection:
            found = connection.execute(last.limit(1)).one()
        return f"{found.seq} {found.kind}"

    def forget(self, replay: Replay) -> None:
        """Make room for the next."""
        gone = replay.dossier_id
        if gone is None:
            return

        def command(transaction: Transaction) -> None:
            for table in (*_OF_DOSSIER, dossier):
                transaction.execute(delete(table).where(table.c.dossier_id == gone))

        self.office.database.write(command)
        self.office.live.drop((replay.row.agency_id, gone))


@contextmanager
def _empty_office() -> Iterator[_Beside]:
    with tempfile.TemporaryDirectory(prefix="quytrinh-rebuild-") as folder:
        database = Database(f"sqlite:///{Path(folder) / 'beside.db'}")
        try:
            database.write(lambda transaction: metadata.create_all(transaction.connection))
            clock = SetClock(datetime.fromisoformat("2000-01-01T00:00:00+00:00"))
            yield _Beside(Office(database, clock, unguessable_ids()), clock)
        finally:
            database.close()


def _differences(
    source: Connection, beside: _Beside, row: Row[Any], replay: Replay
) -> Iterator[Difference]:
    stored = {"agency_id": row.agency_id, "dossier_id": row.dossier_id}
    rebuilt = {"agency_id": row.agency_id, "dossier_id": replay.dossier}
    with beside.office.database.read() as here:
        for table, keys, left_out in _COMPARED:
            known = _by_key(_rows(source, table, stored), keys)
            made = _by_key(_rows(here, table, rebuilt), keys)
            columns = [name for name in table.c.keys() if name not in left_out]  # noqa: SIM118
            for key in sorted(known.keys() | made.keys(), key=str):
                label = " ".join(filter(None, (table.name, "/".join(map(str, key)))))
                yield from _of_rows(label, known.get(key), made.get(key), columns)
        version = beside.office.version(here, row.agency_id, row.version_id)
        states = [
            _rows(each, execution, this) for each, this in ((source, stored), (here, rebuilt))
        ]
    shown = [_standing(version.specification, found) for found in states]
    if shown[0] != shown[1]:
        yield Difference("execution", *shown)


def _of_rows(
    label: str, known: Row[Any] | None, made: Row[Any] | None, columns: Iterable[str]
) -> Iterator[Difference]:
    if known is None or made is None:
        yield Difference(label, "–" if known is None else "✓", "–" if made is None else "✓")
        return
    for name in columns:
        stored, rebuilt = getattr(known, name), getattr(made, name)
        if stored is None and name in _NOT_OF_OLD:
            continue
        if stored != rebuilt:
            yield Difference(f"{label} {name}", str(stored), str(rebuilt))


def _standing(specification: Any, found: list[Row[Any]]) -> str:
    """Where the dossier stands by its stored state: open steps, timers, whether it is over."""
    if len(found) != 1:
        return f"{len(found)} rows"
    try:
        instance = Instance.restore(specification, found[0].state)
    except (UnreadableState, LookupError, ValueError, TypeError) as error:
        return type(error).__name__
    steps = sorted((token, step.element_id) for token, step in instance.open_steps().items())
    timers = sorted((token, each.element_id) for token, each in instance.waiting_timers().items())
    return f"{steps} {timers} {instance.completed}"


def _by_key(rows: Iterable[Row[Any]], keys: tuple[str, ...]) -> dict[tuple[Any, ...], Row[Any]]:
    return {tuple(getattr(row, key) for key in keys): row for row in rows}


def _rows(connection: Connection, table: Table, columns: Mapping[str, Any]) -> list[Row[Any]]:
    this = (table.c[name] == value for name, value in columns.items())
    return list(connection.execute(select(table).where(*this)))


def _copy(
    source: Connection, transaction: Transaction, table: Table, columns: Mapping[str, Any]
) -> None:
    for row in _rows(source, table, columns):
        transaction.execute(insert(table), dict(row._mapping))  # noqa: SLF001 - SQLAlchemy's name
