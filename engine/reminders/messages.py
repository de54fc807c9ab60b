"""Messages that leave by e-mail or as text: put into the outbox, logged, and kept within the cap.

What a text message costs is booked before it is posted. What would go beyond the cap of the day or
the month, and what a citizen would get at night, is held: logged with the reason and kept until it
may go out (`held`). Of a reached cap the administrators are told once that day.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Connection, insert, update
from sqlalchemy.dialects import postgresql, sqlite

from engine.actor import Role
from engine.ids import Ids
from engine.office import Office
from engine.outbox import post
from engine.reminders.ladder_settings import LadderSettings, settings_of, silent_until
from engine.reminders.people import People, Person, people_of
from engine.store.database import Transaction
from engine.store.prepared import Prepared
from engine.store.reminder_tables import message, notice
from engine.store.tables import counter

EMAIL, TEXT = "email", "text"
HELD = "held"  # the kind of notice that tells administrators
BEYOND_CAP = "beyond the day's cost cap"
BEYOND_MONTH = "beyond the month's cost cap"
QUIET = "quiet hours"
_GOOD_FOR = timedelta(days=2)
"""A reminder that could not be delivered for so long says nothing new any more."""
_ALONE, _OF_SEVERAL = 70, 67  # letters of a part, in the alphabet that Vietnamese needs


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message. body: as its deliverer takes it. text: what is counted where it costs.

    person: the officer; None for the citizen, who is reached at `address`. good_until: from then
    on it says nothing new any more; None: two days after it was written.
    """

    kind: str
    person: Person | None
    event: str
    body: Mapping[str, str]
    text: str = ""
    dossier_id: UUID | None = None
    step_run_id: UUID | None = None
    address: str = ""
    good_until: datetime | None = None

    @property
    def to(self) -> str:
        if self.person is None:
            return self.address
        return self.person.email if self.kind == EMAIL else self.person.phone


@dataclass(frozen=True)
class Desk:
    """Where messages of one agency are written at one moment. day: yyyymmdd in its zone.

    silent: nobody is texted at this hour. Reminders are not even made then.
    """

    ids: Ids
    now: datetime
    agency_id: str
    day: int
    settings: LadderSettings
    people: People
    silent: bool = False

    def send(self, transaction: Transaction, out: Outgoing) -> bool:
        """Post and log it; whether it goes out. Who has no address is not written to."""
        if not out.to:
            return False
        parts, cost = 1, 0
        if out.kind == TEXT:
            parts = parts_of(out.text)
            cost = parts * self.settings.text_cost
        held = QUIET if self.silent and out.kind == TEXT else self.held_back(transaction, cost)
        letter_id = self.ids(self.now)
        good_until = out.good_until or self.now + _GOOD_FOR
        body = {**out.body, "good_until": good_until.isoformat()}
        said = orjson.dumps(body, option=orjson.OPT_SORT_KEYS).decode()
        self._log(transaction, out, letter_id, (parts, cost, held), (said, good_until))
        if held is not None:
            if held != QUIET:
                self._tell_administrators(transaction)
            return False
        where = (self.agency_id, letter_id, out.kind, out.event, out.to, said)
        post(transaction, self.now, *where, dossier_id=out.dossier_id)
        return True

    def _log(
        self,
        transaction: Transaction,
        out: Outgoing,
        letter_id: UUID,
        cost: tuple[int, int, str | None],
        letter: tuple[str, datetime],
    ) -> None:
        row = {
            "agency_id": self.agency_id,
            "message_id": letter_id,
            "kind": out.kind,
            "day": self.day,
            "dossier_id": out.dossier_id,
            "step_run_id": out.step_run_id,
            "account_id": None if out.person is None else out.person.account_id,
            "event": out.event.rpartition(".")[2],
            "at": self.now,
            **dict(zip(("parts", "cost", "held"), cost, strict=True)),
            "address": None,
            "letter": None,
            "good_until": None,
        }
        if row["held"] is not None:
            row |= {"address": out.to, "letter": letter[0], "good_until": letter[1]}
        transaction.change(_LOGGED, row)

    def held_back(self, transaction: Transaction, cost: int) -> str | None:
        """Take it from what the month and the day may cost; why there is not so much left."""
        if not cost:
            return None
        month, month_cap = f"text-cost:{self.day // 100}", self.settings.month_cap
        if month_cap is not None and not self._booked(transaction, month, cost, month_cap):
            return BEYOND_MONTH
        if self._booked(transaction, f"text-cost:{self.day}", cost, self.settings.text_cap):
            return None
        if month_cap is not None:
            self._booked(transaction, month, -cost, month_cap)
        return BEYOND_CAP

    def _booked(self, transaction: Transaction, series: str, cost: int, cap: int) -> bool:
        """Take it from what a series may cost; whether there was so much left."""
        if cost > cap:
            return False
        self._begin(transaction, series)
        this = counter.c.agency_id == self.agency_id, counter.c.series == series
        statement = update(counter).where(*this, counter.c.last <= cap - cost)
        changed = transaction.connection.execute(statement.values(last=counter.c.last + cost))
        return bool(changed.rowcount)

    def _begin(self, transaction: Transaction, series: str) -> bool:
        """Begin a series at nought; whether it was not there yet."""
        first = _insert_if_new(transaction, self.agency_id, series)
        return transaction.connection.execute(first).first() is not None

    def _tell_administrators(self, transaction: Transaction) -> None:
        if not self._begin(transaction, f"text-held:{self.day}"):
            return
        for person in self.people.people:
            if Role.ADMIN in person.roles:
                tell_on_page(transaction, self, person, HELD)


def desk_at(
    office: Office, connection: Connection, agency_id: str, now: datetime, *, at_night: bool = True
) -> Desk:
    """Where an agency's messages are written at a moment. at_night: texts go out at any hour."""
    calendar = office.calendar(connection, agency_id)
    local, settings = calendar.local(now), settings_of(connection, agency_id)
    return Desk(
        ids=office.ids,
        now=now,
        agency_id=agency_id,
        day=local.year * 10_000 + local.month * 100 + local.day,
        settings=settings,
        people=people_of(connection, agency_id, now),
        silent=not at_night and silent_until(calendar, now, settings) is not None,
    )


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
    new = new.values(agency_id=agency_id, series=series, last=0).on_conflict_do_nothing()
    return new.returning(counter.c.last)  # of an INSERT psycopg is not asked for a number of rows


_LOGGED = Prepared(
    insert(message),
    (
        *("agency_id", "message_id", "kind", "day", "dossier_id", "step_run_id", "account_id"),
        *("event", "at", "parts", "cost", "held", "address", "letter", "good_until"),
    ),
)
_NOTICED = Prepared(
    insert(notice),
    (
        *("agency_id", "notice_id", "account_id", "kind", "dossier_id", "step_run_id"),
        *("due_at", "at"),
    ),
)
