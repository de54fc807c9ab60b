"""Dossiers on their last day: those who can still act are told, once, what is owed.

From one working day before its time runs out a dossier owes the result, or an apology and a new
date (form 04, NĐ 61/2018 art. 19.9). The duty is the dossier's, whatever time its open step has, so
it is told apart from the ladder of the step; but as its rungs are: once for each due time, in
office hours, to whom and by which ways the office says. The mark is written first, and who writes
it tells: of many workers one does.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, and_, exists, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError

from engine.calendar import Calendar
from engine.legal_clock.duty import Duty, duty, is_same_day, owed
from engine.office import Office
from engine.outbox import DOSSIER_EVENTS, send_event
from engine.reminders.ladder_settings import Way, settings_of, silent_until
from engine.reminders.messages import EMAIL, TEXT, Desk, Outgoing, desk_at, tell_on_page
from engine.reminders.people import Person
from engine.reminders.rungs import Rung
from engine.reminders.wording import AboutDossier
from engine.store.condition import agencies
from engine.store.database import Transaction
from engine.store.gathered import UNABLE
from engine.store.reminder_tables import reminder
from engine.store.tables import dossier, procedure, step_run

OWING = f"{DOSSIER_EVENTS}owing"
_LATELY = timedelta(days=31)
"""What ran out earlier is no news: it stands in the lists of what is late."""
_log = logging.getLogger("quytrinh.reminders")


@dataclass(frozen=True, slots=True)
class _Line:
    """What a notice is about: the dossier, none of its steps."""

    dossier_id: UUID
    due_at: datetime
    step_run_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class _Nowhere:
    """Whom to tell where no step is open, as for a message that is waited for: heads."""

    unit: str | None = None
    position: str | None = None
    holder_id: UUID | None = None


def tell_what_is_owed(office: Office, most: int = 200) -> int:
    """Tell of at most so many dossiers of each agency; of how many."""
    return sum(_of_agency(office, agency_id, most) for agency_id in agencies(office.database))


def _of_agency(office: Office, agency_id: str, most: int) -> int:
    now = office.clock.now()
    with office.database.read() as connection:
        calendar = office.calendar(connection, agency_id)
        if silent_until(calendar, now, settings_of(connection, agency_id)) is not None:
            return 0
        if not connection.execute(_untold(agency_id, calendar, now, 1)).first():
            return 0
    return office.database.write(partial(_tell_all, office, agency_id, calendar, most))


def _tell_all(
    office: Office, agency_id: str, calendar: Calendar, most: int, transaction: Transaction
) -> int:
    connection, now = transaction.connection, office.clock.now()
    rows = connection.execute(_untold(agency_id, calendar, now, most)).all()
    steps = _open_steps(connection, agency_id, [row.dossier_id for row in rows])
    desk = desk_at(office, connection, agency_id, now)
    done = 0
    for row in rows:
        try:
            owes = _owes(office, connection, calendar, row, now)
        except (DBAPIError, *UNABLE):
            raise
        except Exception as error:  # noqa: BLE001 - one broken dossier must not stop the others
            _log.error("cannot say what dossier %s owes: %r", row.dossier_id, error)
            owes = None
        whom = {} if owes is None else _whom(desk, steps.get(row.dossier_id) or [_Nowhere()])
        if _marked(transaction, row, now, whom) and owes is not None:
            _tell(desk, transaction, _about(row, calendar, owes), row, whom)
            done += 1
    return done


def _untold(agency_id: str, calendar: Calendar, now: datetime, most: int) -> Any:
    """Dossiers that owe something of which nobody was told for their due time, the first due."""
    told = exists().where(
        reminder.c.agency_id == dossier.c.agency_id,
        reminder.c.step_run_id == dossier.c.dossier_id,
        reminder.c.rung == Rung.OWED.value,
        reminder.c.due_at == dossier.c.due_at,
    )
    return (
        select(
            *(dossier.c[name] for name in _OF_DOSSIER),
            procedure.c.code.label("procedure_code"),
            procedure.c.name.label("procedure_name"),
            is_same_day().label("same_day"),
        )
        .join(
            procedure,
            and_(
                procedure.c.agency_id == dossier.c.agency_id,
                procedure.c.procedure_id == dossier.c.procedure_id,
            ),
        )
        .where(
            dossier.c.agency_id == agency_id,
            dossier.c.state == "open",
            owed(calendar, now),
            dossier.c.due_at > now - _LATELY,
            ~told,
        )
        .order_by(dossier.c.due_at, dossier.c.dossier_id)
        .limit(most)
    )


def _owes(
    office: Office, connection: Connection, calendar: Calendar, row: Any, now: datetime
) -> Duty | None:
    version = office.version(connection, row.agency_id, row.version_id)
    may_extend = row.extensions < version.procedure.extensions_at_most
    this = row.due_at, row.limit_ws, calendar, now
    return duty(*this, may_extend=may_extend, same_day=row.same_day)


def _about(row: Any, calendar: Calendar, owes: Duty) -> AboutDossier:
    due = calendar.local(row.due_at)
    return AboutDossier(row.dossier_id, row.code, row.procedure_name, due, owes)


def _whom(desk: Desk, steps: Sequence[Any]) -> dict[UUID, tuple[Person, dict[Way, None]]]:
    """Everybody whom the office means for any of the open steps, with all their ways."""
    found: dict[UUID, tuple[Person, dict[Way, None]]] = {}
    for audience, ways in desk.settings.told(Rung.OWED).items():
        for step in steps:
            for person in desk.people.of(audience, step):
                found.setdefault(person.account_id, (person, {}))[1].update(dict.fromkeys(ways))
    return found


def _marked(transaction: Transaction, row: Any, now: datetime, whom: Any) -> bool:
    """Write that it is told for this due time; whether nobody had."""
    used = sqlite if transaction.connection.dialect.name == "sqlite" else postgresql
    mark = {
        "agency_id": row.agency_id,
        "step_run_id": row.dossier_id,
        "rung": Rung.OWED.value,
        "due_at": row.due_at,
        "dossier_id": row.dossier_id,
        "at": now,
        "told": {str(each): [way.value for way in ways] for each, (_, ways) in whom.items()},
    }
    new = used.insert(reminder).values(mark).on_conflict_do_nothing().returning(reminder.c.rung)
    return transaction.connection.execute(new).first() is not None


def _tell(
    desk: Desk, transaction: Transaction, about: AboutDossier, row: Any, whom: dict[UUID, Any]
) -> None:
    for person, ways in whom.values():
        for way in ways:
            if way is Way.PAGE:
                line = _Line(row.dossier_id, row.due_at)
                tell_on_page(transaction, desk, person, about.kind, line)
                continue
            text = about.short()
            body = {"text": text}
            if way is Way.EMAIL:
                said = about.subject(), about.letter(person.name), about.page
                body = dict(zip(("subject", "text", "page"), said, strict=True))
            kind = EMAIL if way is Way.EMAIL else TEXT
            desk.send(transaction, Outgoing(kind, person, Rung.OWED, body, text, row.dossier_id))
    if desk.settings.tells_webhooks(Rung.OWED):
        data = {
            "owes": about.owes.value,
            "due": row.due_at.isoformat(),
            "dossier": row.code,
            "procedure": row.procedure_code,
        }
        this = (desk.agency_id, row.dossier_id, OWING, row.code, data)
        send_event(transaction, desk.ids, desk.now, *this)


def _open_steps(
    connection: Connection, agency_id: str, dossiers: Sequence[UUID]
) -> dict[UUID, list[Any]]:
    rows = connection.execute(
        select(
            *(step_run.c[name] for name in ("dossier_id", "unit", "position", "holder_id"))
        ).where(
            step_run.c.agency_id == agency_id,
            step_run.c.dossier_id.in_(dossiers),
            step_run.c.state == "open",
        )
    )
    found: dict[UUID, list[Any]] = {}
    for row in rows:
        found.setdefault(row.dossier_id, []).append(row)
    return found


_OF_DOSSIER = "agency_id", "dossier_id", "code", "version_id", "due_at", "limit_ws", "extensions"
