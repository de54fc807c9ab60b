"""A round of reminders: steps whose next rung has come, found by index and told in batches.

No act knows of reminders: a step whose due time is not the one its next rung was worked out for
lies in an index of its own (`ix_step_run_unplanned`), whoever moved it. What is told and the mark
that it was commit together. Only the step's own row is locked, and others skip it.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import and_, bindparam, insert, select, update
from sqlalchemy.exc import DBAPIError

from engine.legal_clock.kept_clock import clock_in
from engine.office import Office
from engine.outbox import DOSSIER_EVENTS, send_event
from engine.reminders.ladder_settings import Way, silent_until
from engine.reminders.messages import EMAIL, TEXT, Desk, Outgoing, desk_at, tell_on_page
from engine.reminders.people import Person
from engine.reminders.rungs import Rung, ladder, next_of
from engine.reminders.wording import About
from engine.store.database import Transaction
from engine.store.gathered import UNABLE, Gathered, write_all
from engine.store.prepared import Prepared
from engine.store.reminder_tables import planned as has_rung
from engine.store.reminder_tables import reminder, unplanned
from engine.store.tables import dossier, procedure, step_run
from processes.errors import RuleError

REMINDED = f"{DOSSIER_EVENTS}step.reminded"
_TOGETHER = 100
_log = logging.getLogger("quytrinh.reminders")


@dataclass(slots=True)
class Done:
    """How many steps were looked at, and how many rungs told."""

    looked_at: int = 0
    told: int = 0


def remind(office: Office, most: int = 1000) -> Done:
    """Tell what is to be told by now of at most so many steps."""
    done = Done()
    while done.looked_at < most:
        number = min(_TOGETHER, most - done.looked_at)
        batch = office.database.write(partial(_take, office, number))
        done.looked_at += batch.looked_at
        done.told += batch.told
        if not batch.looked_at:
            break
    return done


@dataclass
class _Batch:
    """What a batch needs of each agency, read once."""

    office: Office
    connection: Any
    now: datetime
    desks: dict[str, Desk] = field(default_factory=dict)

    def desk(self, agency_id: str) -> Desk:
        if agency_id not in self.desks:
            self.desks[agency_id] = desk_at(self.office, self.connection, agency_id, self.now)
        return self.desks[agency_id]


def _take(office: Office, most: int, transaction: Transaction) -> Done:
    now, connection = office.clock.now(), transaction.connection
    rows = {
        row.step_run_id: row
        for row in connection.execute(
            _found(unplanned(step_run)).order_by(step_run.c.due_at).limit(most)
        )
    }
    due = _found(has_rung(step_run)).where(step_run.c.next_rung_at <= now)
    due = due.order_by(step_run.c.next_rung_at).limit(most)
    rows |= {row.step_run_id: row for row in connection.execute(due)}
    if not rows:
        return Done()
    told = _told_before(connection, list(rows.values()))
    batch = _Batch(office, connection, now)
    acts = [
        _act(batch, row, told.get((row.step_run_id, row.due_at), set())) for row in rows.values()
    ]
    errors = write_all(connection, [writes for writes, _ in acts])
    spoilt = [
        (row, error) for row, error in zip(rows.values(), errors, strict=True) if error is not None
    ]
    for row, error in spoilt:
        _give_up(connection, row, error)
    rungs = sum(1 for (_, rung), error in zip(acts, errors, strict=True) if rung and not error)
    return Done(len(rows), rungs)


def _act(batch: _Batch, row: Any, told: set[Rung]) -> tuple[Gathered, Rung | None]:
    """What is to be written for a step, and which rung is told."""
    writes = Gathered(batch.connection)
    try:
        return writes, _one(batch, writes, row, told)
    except (DBAPIError, *UNABLE):
        raise
    except Exception as error:  # noqa: BLE001 - one broken dossier must not stop the others
        writes = Gathered(batch.connection)
        _say_why(row, error)
        _plan(writes, row, None)
        return writes, None


def _one(batch: _Batch, writes: Gathered, row: Any, told: set[Rung]) -> Rung | None:
    clock = None if row.due_at is None else clock_in(row)
    if clock is None:
        _plan(writes, row, None)
        return None
    edition = batch.office.edition(batch.connection, row.agency_id)
    calendar, now = edition.calendar_of(row.unit), batch.now
    desk = batch.desk(row.agency_id)
    planned = ladder(clock, calendar, row.due_at, desk.settings.part_percent)
    coming = next_of(planned, told, now)
    if coming is None or coming.at > now:
        _plan(writes, row, None if coming is None else coming.at)
        return None
    opening = silent_until(calendar, now, desk.settings)
    if opening is not None:
        _plan(writes, row, opening)
        return None
    about = About(
        *(coming.rung, row.dossier_id, row.dossier_code, row.name, row.procedure_name),
        calendar.local(row.due_at),
        desk.settings.part_percent,
    )
    _tell(desk, writes, row, about)
    after = next_of(planned, {*told, coming.rung}, now)
    _plan(writes, row, None if after is None else after.at)
    return coming.rung


def _tell(desk: Desk, writes: Gathered, row: Any, about: About) -> None:
    """Everybody whom the rung means, each by all ways that any of their parts in it gives them."""
    found: dict[Any, tuple[Person, dict[Way, None]]] = {}
    for audience, ways in desk.settings.told(about.rung).items():
        for person in desk.people.of(audience, row):
            found.setdefault(person.account_id, (person, {}))[1].update(dict.fromkeys(ways))
    told: dict[str, list[str]] = {}
    for person, wanted in found.values():
        went = [way for way in wanted if _went(desk, writes, row, about, person, way)]
        told[str(person.account_id)] = [way.value for way in went]
    _note(desk, writes, row, about, told)


def _went(desk: Desk, writes: Gathered, row: Any, about: About, person: Person, way: Way) -> bool:
    """Tell one person by one way; whether it could be."""
    if way is Way.PAGE:
        tell_on_page(writes, desk, person, about.rung, row)
        return True
    text = about.short()
    body = {"text": text}
    if way is Way.EMAIL:
        body = {"subject": about.subject(), "text": about.letter(person.name), "page": about.page}
    kind = EMAIL if way is Way.EMAIL else TEXT
    out = Outgoing(kind, person, about.rung, body, text, row.dossier_id, row.step_run_id)
    return desk.send(writes, out)


def _note(desk: Desk, writes: Gathered, row: Any, about: About, told: dict[str, list[str]]) -> None:
    """The mark that it was told, by which it is told once, and the event for other systems."""
    mark = {
        "agency_id": row.agency_id,
        "step_run_id": row.step_run_id,
        "rung": about.rung.value,
        "due_at": row.due_at,
        "dossier_id": row.dossier_id,
        "at": desk.now,
        "told": told,
    }
    writes.change(_TOLD, mark)
    if not desk.settings.tells_webhooks(about.rung):
        return
    data = {
        "rung": about.rung.value,
        "step": row.element_id,
        "name": row.name,
        "attempt": row.attempt,
        "due": row.due_at.isoformat(),
        "dossier": row.dossier_code,
        "procedure": row.procedure_code,
        "unit": row.unit,
    }
    this = (row.agency_id, row.dossier_id, REMINDED, row.dossier_code)
    send_event(writes, desk.ids, desk.now, *this, data)


def _plan(writes: Transaction, row: Any, at: datetime | None) -> None:
    """When to look at the step again; never before something moves its due time, where None."""
    this = {"of_agency": row.agency_id, "of_step": row.step_run_id}
    writes.change(_PLANNED, {**this, "rungs_for": row.due_at, "next_rung_at": at})


def _give_up(connection: Any, row: Any, error: Exception) -> None:
    """What could not be written is not tried for this due time again."""
    _say_why(row, error)
    writes = Gathered(connection)
    _plan(writes, row, None)
    write_all(connection, [writes])


def _say_why(row: Any, error: Exception) -> None:
    trace = None if isinstance(error, RuleError) else error
    _log.error("no reminder for step %s: %r", row.step_run_id, error, exc_info=trace)


def _told_before(connection: Any, rows: Sequence[Any]) -> dict[Any, set[Rung]]:
    """The rungs told of these steps, by step and due time."""
    found: dict[Any, set[Rung]] = {}
    for agency_id in {row.agency_id for row in rows}:
        steps = [row.step_run_id for row in rows if row.agency_id == agency_id]
        this = reminder.c.agency_id == agency_id, reminder.c.step_run_id.in_(steps)
        for row in connection.execute(select(reminder).where(*this)):
            found.setdefault((row.step_run_id, row.due_at), set()).add(Rung(row.rung))
    return found


def _found(which: Any) -> Any:
    """Steps of one of the two indexes, with what a reminder says of them."""
    return (
        select(
            *(step_run.c[name] for name in _OF_STEP),
            dossier.c.code.label("dossier_code"),
            procedure.c.code.label("procedure_code"),
            procedure.c.name.label("procedure_name"),
        )
        .select_from(step_run)
        .join(dossier, _same(dossier, "dossier_id"))
        .join(procedure, _same(procedure, "procedure_id"))
        .where(which)
        .with_for_update(of=step_run, skip_locked=True)
    )


def _same(table: Any, column: str) -> Any:
    return and_(table.c.agency_id == step_run.c.agency_id, table.c[column] == step_run.c[column])


_OF_STEP = (
    *("agency_id", "dossier_id", "step_run_id", "element_id", "name", "attempt", "unit"),
    *("position", "holder_id", "due_at", "clock"),
)
_PLANNED = Prepared(
    update(step_run).where(
        step_run.c.agency_id == bindparam("of_agency"),
        step_run.c.step_run_id == bindparam("of_step"),
    ),
    ("rungs_for", "next_rung_at"),
)
_TOLD = Prepared(
    insert(reminder),
    ("agency_id", "step_run_id", "rung", "due_at", "dossier_id", "at", "told"),
)
