"""Messages that leave by e-mail or as text: put into the outbox, logged, and kept within the cap.

What a text message costs is booked before it is posted: of what would go beyond the day's cap it is
logged that it was held, and the administrators are told once that day.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import insert, update
from sqlalchemy.dialects import postgresql, sqlite

from engine.actor import Role
from engine.ids import Ids
from engine.outbox import post
from engine.reminders.ladder_settings import LadderSettings
from engine.reminders.people import People, Person
from engine.store.database import Transaction
from engine.store.prepared import Prepared
from engine.store.reminder_tables import message, notice
from engine.store.tables import counter

EMAIL, TEXT = "email", "text"
HELD = "held"  # the kind of notice that tells administrators
BEYOND_CAP = "beyond the day's cost cap"
_GOOD_FOR = timedelta(days=2)
"""A reminder that could not be delivered for so long says nothing new any more."""
_ALONE, _OF_SEVERAL = 70, 67  # letters of a part, in the alphabet that Vietnamese needs


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message. body: as its deliverer takes it. text: what is counted where it costs."""

    kind: str
    person: Person
    event: str
    body: Mapping[str, str]
    text: str = ""
    dossier_id: UUID | None = None
    step_run_id: UUID | None = None


@dataclass(frozen=True)
class Desk:
    """Where messages of one agency are written at one moment. day: yyyymmdd in its zone."""

    ids: Ids
    now: datetime
    agency_id: str
    day: int
    settings: LadderSettings
    people: People

    def send(self, transaction: Transaction, out: Outgoing) -> bool:
        """Post and log it; whether it goes out. Who has no address is not written to."""
        to = out.person.email if out.kind == EMAIL else out.person.phone
        if not to:
            return False
        parts, cost = 1, 0
        if out.kind == TEXT:
            parts = parts_of(out.text)
            cost = parts * self.settings.text_cost
        held = None if self._booked(transaction, cost) else BEYOND_CAP
        letter_id = self.ids(self.now)
        self._log(transaction, out, letter_id, (parts, cost, held))
        if held is not None:
            self._tell_administrators(transaction)
            return False
        body = {**out.body, "good_until": (self.now + _GOOD_FOR).isoformat()}
        said = orjson.dumps(body, option=orjson.OPT_SORT_KEYS).decode()
        where = (self.agency_id, letter_id, out.kind, out.event, to, said)
        post(transaction, self.now, *where, dossier_id=out.dossier_id)
        return True

    def _log(
        self,
        transaction: Transaction,
        out: Outgoing,
        letter_id: UUID,
        cost: tuple[int, int, str | None],
    ) -> None:
        row = {
            "agency_id": self.agency_id,
            "message_id": letter_id,
            "kind": out.kind,
            "day": self.day,
            "dossier_id": out.dossier_id,
            "step_run_id": out.step_run_id,
            "account_id": out.person.account_id,
            "event": out.event,
            "at": self.now,
            **dict(zip(("parts", "cost", "held"), cost, strict=True)),
        }
        transaction.change(_LOGGED, row)

    def _booked(self, transaction: Transaction, cost: int) -> bool:
        """Take it from what the day may cost; whether there was so much left."""
        if not cost:
            return True
        if cost > self.settings.text_cap:
            return False
        series = f"text-cost:{self.day}"
        self._begin(transaction, series)
        room = self.settings.text_cap - cost
        this = counter.c.agency_id == self.agency_id, counter.c.series == series
        statement = update(counter).where(*this, counter.c.last <= room)
        changed = transaction.connection.execute(statement.values(last=counter.c.last + cost))
        return bool(changed.rowcount)

    def _begin(self, transaction: Transaction, series: str) -> bool:
        """Begin a series at nought; whether it was not there yet."""
        first = _insert_if_new(transaction, self.agency_id, series)
        return bool(transaction.connection.execute(first).rowcount)

    def _tell_administrators(self, transaction: Transaction) -> None:
        if not self._begin(transaction, f"text-held:{self.day}"):
            return
        for person in self.people.people:
            if Role.ADMIN in person.roles:
                tell_on_page(transaction, self, person, HELD)


def tell_on_page(
    transaction: Transaction, desk: Desk, person: Person, kind: str, about: Any = None
) -> None:
    """A line in the person's list of reminders. about: the row of the step, if it is of one."""
    row = {
        "agency_id": desk.agency_id,
        "notice_id": desk.ids(desk.now),
        "account_id": person.account_id,
        "kind": kind,
        "dossier_id": None if about is None else about.dossier_id,
        "step_run_id": None if about is None else about.step_run_id,
        "due_at": None if about is None else about.due_at,
        "at": desk.now,
    }
    transaction.change(_NOTICED, row)


def parts_of(text: str) -> int:
    """How many parts the network makes of a text message with Vietnamese letters.

    >>> parts_of("a" * 70), parts_of("a" * 71), parts_of("a" * 135)
    (1, 2, 3)
    """
    letters = len(text.encode("utf-16-le")) // 2
    return 1 if letters <= _ALONE else -(-letters // _OF_SEVERAL)


def _insert_if_new(transaction: Transaction, agency_id: str, series: str) -> Any:
    sqlite_used = transaction.connection.dialect.name == "sqlite"
    new = (sqlite if sqlite_used else postgresql).insert(counter)
    return new.values(agency_id=agency_id, series=series, last=0).on_conflict_do_nothing()


_LOGGED = Prepared(
    insert(message),
    (
        *("agency_id", "message_id", "kind", "day", "dossier_id", "step_run_id", "account_id"),
        *("event", "at", "parts", "cost", "held"),
    ),
)
_NOTICED = Prepared(
    insert(notice),
    (
        *("agency_id", "notice_id", "account_id", "kind", "dossier_id", "step_run_id"),
        *("due_at", "at"),
    ),
)
