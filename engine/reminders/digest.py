"""The daily digest: one e-mail a day to who has something due or late, at the day's opening.

All of an agency's digests of a day are written in one transaction with the mark that they were, so
that each is written once. Heads are told how their units stand.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.dialects import postgresql, sqlite

from engine.actor import Role
from engine.office import Office
from engine.reminders.ladder_settings import settings_of, silent_until
from engine.reminders.messages import EMAIL, Desk, Outgoing
from engine.reminders.people import People, Person, people_of
from engine.risk.morning import AtRisk, Led, at_risk
from engine.store.condition import agencies
from engine.store.database import Transaction
from engine.store.tables import counter, dossier, step_run

DIGEST = "digest"
_LINES = 30
_MOST = 20_000  # steps due within the day that are looked at


def send_digests(office: Office) -> int:
    """Write the digests of the day of every agency that opens on it; how many letters."""
    return sum(_of_agency(office, agency_id) for agency_id in agencies(office.database))


def _of_agency(office: Office, agency_id: str) -> int:
    now = office.clock.now()
    with office.database.read() as connection:
        calendar = office.calendar(connection, agency_id)
        local = calendar.local(now)
        day = local.year * 10_000 + local.month * 100 + local.day
        if not calendar.open_at(now) or _written(connection, agency_id, day):
            return 0
        settings = settings_of(connection, agency_id)
        early = settings.digest_at is not None and local.time() < settings.digest_at
        if early or silent_until(calendar, now, settings) is not None:
            return 0
        people = people_of(connection, agency_id, now)
        tonight = local.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
        steps = _due(connection, agency_id, tonight)
        pressing = {
            head.account_id: at_risk(
                connection, _led(agency_id, people, head), tonight, most=_LINES
            )
            for head in people.people
            if settings.digest and Role.HEAD in head.roles
        }
    desk = Desk(office.ids, now, agency_id, day, settings, people)
    letters = (
        list(_letters(people, _Morning(steps, pressing), now, calendar.local))
        if settings.digest
        else []
    )

    def write(transaction: Transaction) -> int:
        if transaction.execute(_mark(transaction, agency_id, day)).first() is None:
            return 0
        return sum(desk.send(transaction, letter) for letter in letters)

    return office.database.write(write)


@dataclass(frozen=True, slots=True)
class _Morning:
    """What is due by tonight, and for each head what presses in their units."""

    steps: Sequence[Any]
    pressing: Mapping[UUID, Sequence[AtRisk]]


def _led(agency_id: str, people: People, head: Person) -> Led:
    """The head's units, and of their people the positions and the accounts."""
    units = frozenset(unit for unit, _ in head.holdings)
    theirs = [
        (position, person.account_id)
        for person in people.people
        for unit, position in person.holdings
        if unit in units
    ]
    positions = frozenset(position for position, _ in theirs)
    accounts = frozenset(account_id for _, account_id in theirs)
    return Led(agency_id, units, positions, accounts)


def _letters(people: People, morning: _Morning, now: datetime, local: Any) -> Iterable[Outgoing]:
    for person in people.people:
        own = [row for row in morning.steps if _concerns(person, row)]
        units = {unit for unit, _ in person.holdings} if Role.HEAD in person.roles else set()
        led = [row for row in morning.steps if row.unit in units]
        pressing = morning.pressing.get(person.account_id, ())
        if own or led or pressing:
            said = _said(person, own, led, now, local)
            if pressing:
                said |= {"text": _with_pressing(said["text"], pressing, now, local)}
                said |= {} if own else {"page": "/morning"}
            yield Outgoing(EMAIL, person, DIGEST, said)


def _with_pressing(text: str, pressing: Sequence[AtRisk], now: datetime, local: Any) -> str:
    """The head's morning list below what was said: what presses most, and in whose hands it is."""
    lines = ["", f"Cần chú ý nhất sáng nay ở đơn vị ({len(pressing)} bước gấp nhất):"]
    for row in pressing:
        word = "an toàn đến"
        if row.safe_at <= now:
            late = row.due_at is not None and row.due_at <= now
            word = "quá hạn từ" if late else "nguy cơ trễ cao từ"
        at = row.due_at if word == "quá hạn từ" else row.safe_at
        holder = row.holder or "chưa ai nhận"
        lines.append(
            f"- {row.dossier_code}: {row.name} ({holder}), {word} {local(at):%H:%M %d/%m/%Y}"
        )
    return text + "\n".join([*lines, ""])


def _concerns(person: Person, row: Any) -> bool:
    if row.holder_id is not None:
        return bool(row.holder_id == person.account_id or row.holder_id in person.stands_in_for)
    return person.may_claim(row.unit, row.position)


def _said(
    person: Person, own: Sequence[Any], led: Sequence[Any], now: datetime, local: Any
) -> dict[str, str]:
    late = sum(1 for row in own if row.due_at <= now)
    vi = f"{late} bước đã quá hạn, {len(own) - late} bước đến hạn hôm nay"
    lines = [f"Kính gửi {person.name},", "", f"Việc của bạn: {vi}."]
    for row in own[:_LINES]:
        word = "quá hạn" if row.due_at <= now else "hạn"
        lines.append(f"- {row.code}: {row.name}, {word} {local(row.due_at):%H:%M %d/%m/%Y}")
    if len(own) > _LINES:
        lines.append(f"- và {len(own) - _LINES} bước khác")
    if led:
        theirs = sum(1 for row in led if row.due_at <= now)
        told = f"{theirs} bước đã quá hạn, {len(led) - theirs} bước đến hạn hôm nay"
        lines += ["", f"Đơn vị của bạn: {told}."]
    en = f"Your steps: {late} overdue, {len(own) - late} due today."
    return {
        "subject": f"[Nhắc việc] {vi}",
        "text": "\n".join([*lines, "", en, ""]),
        "page": "/inbox",
    }


def _due(connection: Any, agency_id: str, until: datetime) -> Sequence[Any]:
    """Open steps due before a moment, the longest due first."""
    found: Sequence[Any] = connection.execute(
        select(
            *(step_run.c[name] for name in ("name", "unit", "position", "holder_id", "due_at")),
            dossier.c.code,
        )
        .select_from(step_run)
        .join(
            dossier,
            and_(
                dossier.c.agency_id == step_run.c.agency_id,
                dossier.c.dossier_id == step_run.c.dossier_id,
            ),
        )
        .where(
            step_run.c.agency_id == agency_id,
            step_run.c.state == "open",
            step_run.c.due_at < until,
        )
        .order_by(step_run.c.due_at, step_run.c.step_run_id)
        .limit(_MOST)
    ).all()
    return found


def _written(connection: Any, agency_id: str, day: int) -> bool:
    this = counter.c.agency_id == agency_id, counter.c.series == f"{DIGEST}:{day}"
    return connection.execute(select(counter.c.last).where(*this)).first() is not None


def _mark(transaction: Transaction, agency_id: str, day: int) -> Any:
    used = sqlite if transaction.connection.dialect.name == "sqlite" else postgresql
    new = used.insert(counter).values(agency_id=agency_id, series=f"{DIGEST}:{day}", last=1)
    # RETURNING says whether it was new; of an INSERT psycopg is not asked for a number of rows
    return new.on_conflict_do_nothing().returning(counter.c.last)
