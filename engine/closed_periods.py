"""Closing a reporting period (chốt kỳ): what was reported stays as it was, with a hash.

The figures come from analysis and are opaque here, as are the dossiers they count. A closed period
is opened again for a reason that one person states and another agrees to; what was closed before
is kept as an earlier edition and never changed.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, and_, insert, select, update

from engine.actor import Actor, Role
from engine.answered_once import Asked, do_once
from engine.dossiers.reason import stated
from engine.office import Office
from engine.store.columns import spell
from engine.store.database import Transaction
from engine.store.numbers import next_number
from engine.store.tables import account, period_closing, period_reopening
from processes.errors import Conflict, NotAllowed, NotFound, Unmet

CLOSERS = (Role.HEAD, Role.REFORM)
"""Who may close a period, ask to reopen it and agree to it (each time another person)."""

_WHO = "lãnh đạo, tổ cải cách (head, reform)"


class PeriodNotOver(Unmet):
    """The last day of the period is not over."""

    code = "report.period_not_over"
    vi = "Chưa chốt được kỳ: ngày cuối {last} chưa hết."
    en = "The period cannot be closed: its last day {last} is not over."


class PeriodIsClosed(Conflict):
    """The period is closed already."""

    code = "report.period_closed"
    vi = "Kỳ {first} – {last} đã chốt (lần {edition}). Muốn chốt lại phải mở lại kỳ trước."
    en = "The period {first} – {last} is closed (edition {edition}). Reopen it first."


class NoSuchClosing(NotFound):
    """No such closing, or not of this agency."""

    code = "report.no_such_closing"
    vi = "Không tìm thấy lần chốt kỳ này. Mở lại từ trang báo cáo."
    en = "This closing was not found. Open it again from the reports."


class ReopeningAsked(Conflict):
    """Somebody asked to reopen it already."""

    code = "report.reopening_asked"
    vi = "Đã có đề nghị mở lại kỳ này."
    en = "Somebody has asked to reopen this period already."


class NothingToAgreeTo(Unmet):
    """Nobody asks to reopen the period, or it is reopened already."""

    code = "report.no_reopening_asked"
    vi = "Không có đề nghị mở lại nào đang chờ đồng ý."
    en = "No request to reopen waits to be agreed to."


class NotTheLatest(Conflict):
    """Only the latest closing of a period can be reopened."""

    code = "report.not_the_latest"
    vi = "Chỉ mở lại được lần chốt mới nhất của kỳ."
    en = "Only the latest closing of the period can be reopened."


class SecondPersonNeeded(NotAllowed):
    """Who asked cannot agree."""

    code = "report.second_person"
    vi = "Người đề nghị mở lại không được tự đồng ý. Cần một người khác."
    en = "Who asked to reopen cannot agree to it. Somebody else must."


@dataclass(frozen=True, slots=True)
class Figures:
    """What is closed: counted by which definition, up to when, and of which dossiers."""

    definition: str
    counted_at: datetime
    figures: Mapping[str, Any]
    members: bytes


@dataclass(frozen=True, slots=True)
class Reopening:
    """Why a closed period is opened again; agreed_at is None until a second person agrees."""

    reason: str
    asked_at: datetime
    asked_by: str
    agreed_at: datetime | None
    agreed_by: str


@dataclass(frozen=True, slots=True)
class Closing:
    """One closing of a period; in_force until it is reopened. intact: the hash still fits."""

    closing_id: UUID
    report: str
    first: date
    last: date
    edition: int
    definition: str
    counted_at: datetime
    figures: Mapping[str, Any]
    members: bytes
    sha256: str
    closed_at: datetime
    closed_by: str
    intact: bool
    reopening: Reopening | None

    @property
    def in_force(self) -> bool:
        return self.reopening is None or self.reopening.agreed_at is None


def close_period(
    office: Office,
    actor: Actor,
    report: str,
    first: date,
    last: date,
    count: Callable[[], Figures],
    *,
    key: str | None = None,
) -> UUID:
    """Keep the figures of a period for good.

    count: makes them, once. Errors: NotAllowed, PeriodNotOver, PeriodIsClosed.
    """
    actor.require(*CLOSERS, who=_WHO)
    request = {"report": report, "first": first.isoformat(), "last": last.isoformat()}

    def prepare() -> Callable[[Transaction], UUID]:
        with office.database.read() as connection:
            calendar = office.calendar(connection, actor.agency_id)
            _require_open(_latest(connection, actor, report, first, last))
        over = datetime.combine(last + timedelta(days=1), time.min, calendar.tz)
        if office.clock.now() < over:
            raise PeriodNotOver(last=f"{last:%d/%m/%Y}")
        made = count()

        def work(transaction: Transaction) -> UUID:
            series = f"closing/{report}/{first}/{last}"
            edition = next_number(transaction, actor.agency_id, series)  # twins wait here
            _require_open(_latest(transaction.connection, actor, report, first, last))
            at = office.clock.now()
            row = {
                **_sealed(actor.agency_id, report, first, last, edition, made),
                "closing_id": office.ids(at),
                "closed_at": at,
                "closed_by": actor.account_id,
            }
            transaction.execute(insert(period_closing), row)
            return UUID(str(row["closing_id"]))

        return work

    return do_once(office, Asked(actor, "report.close", request, key), prepare)


def ask_to_reopen(
    office: Office, actor: Actor, closing_id: UUID, reason: str, *, key: str | None = None
) -> UUID:
    """State why a closed period has to be opened again; it stays closed until another agrees.

    Errors: NotAllowed, NoSuchClosing, NotTheLatest, ReopeningAsked, ReasonNeeded.
    """
    actor.require(*CLOSERS, who=_WHO)
    request = {"closing": str(closing_id), "reason": reason}

    def work(transaction: Transaction) -> UUID:
        words = stated(reason)
        of = closing(transaction.connection, actor, closing_id)
        _lock(transaction, actor, of)
        of = closing(transaction.connection, actor, closing_id)
        if of.reopening is not None:
            raise ReopeningAsked
        latest = _latest(transaction.connection, actor, of.report, of.first, of.last)
        if latest is None or latest.closing_id != closing_id:
            raise NotTheLatest
        row = {
            "agency_id": actor.agency_id,
            "closing_id": closing_id,
            "reason": words,
            "asked_at": office.clock.now(),
            "asked_by": actor.account_id,
        }
        transaction.execute(insert(period_reopening), row)
        return closing_id

    return do_once(office, Asked(actor, "report.ask_reopen", request, key), lambda: work)


def agree_to_reopen(
    office: Office, actor: Actor, closing_id: UUID, *, key: str | None = None
) -> UUID:
    """The second person agrees: the period can be closed anew.

    Errors: NotAllowed, NoSuchClosing, NothingToAgreeTo, SecondPersonNeeded.
    """
    actor.require(*CLOSERS, who=_WHO)
    mine = and_(
        period_reopening.c.agency_id == actor.agency_id,
        period_reopening.c.closing_id == closing_id,
    )

    def work(transaction: Transaction) -> UUID:
        _lock(transaction, actor, closing(transaction.connection, actor, closing_id))
        asked = transaction.execute(select(period_reopening).where(mine)).one_or_none()
        if asked is None or asked.agreed_at is not None:
            raise NothingToAgreeTo
        if asked.asked_by == actor.account_id:
            raise SecondPersonNeeded
        agreed = {"agreed_at": office.clock.now(), "agreed_by": actor.account_id}
        transaction.execute(update(period_reopening).where(mine).values(**agreed))
        return closing_id

    request = {"closing": str(closing_id)}
    return do_once(office, Asked(actor, "report.agree_reopen", request, key), lambda: work)


def closing(connection: Connection, actor: Actor, closing_id: UUID) -> Closing:
    """One closing (NoSuchClosing)."""
    found = _closings(connection, actor, period_closing.c.closing_id == closing_id)
    if not found:
        raise NoSuchClosing
    return found[0]


def closing_in_force(
    connection: Connection, actor: Actor, report: str, first: date, last: date
) -> Closing | None:
    """The closing that says what the period's figures are, if it is closed."""
    latest = _latest(connection, actor, report, first, last)
    return latest if latest is not None and latest.in_force else None


def closings(connection: Connection, actor: Actor, report: str) -> tuple[Closing, ...]:
    """All closings of a report, the latest period first, editions of one period newest first."""
    return _closings(connection, actor, period_closing.c.report == report)


def _latest(
    connection: Connection, actor: Actor, report: str, first: date, last: date
) -> Closing | None:
    found = _closings(
        connection,
        actor,
        and_(
            period_closing.c.report == report,
            period_closing.c.first == first.isoformat(),
            period_closing.c.last == last.isoformat(),
        ),
    )
    return found[0] if found else None


def _require_open(latest: Closing | None) -> None:
    if latest is not None and latest.in_force:
        raise PeriodIsClosed(
            first=f"{latest.first:%d/%m/%Y}",
            last=f"{latest.last:%d/%m/%Y}",
            edition=latest.edition,
        )


def _lock(transaction: Transaction, actor: Actor, of: Closing) -> None:
    """Of two who ask at a time the second waits for the first."""
    transaction.execute(
        select(period_closing.c.closing_id)
        .where(
            period_closing.c.agency_id == actor.agency_id,
            period_closing.c.closing_id == of.closing_id,
        )
        .with_for_update()
    )


def _closings(connection: Connection, actor: Actor, which: Any) -> tuple[Closing, ...]:
    both = and_(
        period_reopening.c.agency_id == period_closing.c.agency_id,
        period_reopening.c.closing_id == period_closing.c.closing_id,
    )
    again = (period_reopening.c[name] for name in ("reason", "asked_at", "asked_by"))
    agreed = (period_reopening.c[name] for name in ("agreed_at", "agreed_by"))
    rows = connection.execute(
        select(period_closing, *again, *agreed)
        .outerjoin(period_reopening, both)
        .where(period_closing.c.agency_id == actor.agency_id, which)
        .order_by(
            period_closing.c.last.desc(),
            period_closing.c.first.desc(),
            period_closing.c.edition.desc(),
        )
    ).all()
    people = _people(connection, actor) if rows else {}
    return tuple(_closing(row, people) for row in rows)


def _people(connection: Connection, actor: Actor) -> dict[UUID, str]:
    query = select(account.c.account_id, account.c.name)
    found = connection.execute(query.where(account.c.agency_id == actor.agency_id))
    return {row.account_id: row.name for row in found}


def _closing(row: Any, people: Mapping[UUID, str]) -> Closing:
    reopening = None
    if row.asked_at is not None:
        reopening = Reopening(
            row.reason,
            row.asked_at,
            people.get(row.asked_by, "–"),
            row.agreed_at,
            people.get(row.agreed_by, ""),
        )
    made = Figures(row.definition, row.counted_at, row.figures, row.members)
    first, last = date.fromisoformat(row.first), date.fromisoformat(row.last)
    sealed = _sealed(row.agency_id, row.report, first, last, row.edition, made)
    return Closing(
        closing_id=row.closing_id,
        report=row.report,
        first=first,
        last=last,
        edition=row.edition,
        definition=row.definition,
        counted_at=row.counted_at,
        figures=row.figures,
        members=row.members,
        sha256=row.sha256.hex(),
        closed_at=row.closed_at,
        closed_by=people.get(row.closed_by, "–"),
        intact=sealed["sha256"] == row.sha256,
        reopening=reopening,
    )


def _sealed(
    agency_id: str, report: str, first: date, last: date, edition: int, made: Figures
) -> dict[str, Any]:
    """The row with the hash of what it says: SHA-256 of its canonical JSON."""
    row: dict[str, Any] = {
        "agency_id": agency_id,
        "report": report,
        "first": first.isoformat(),
        "last": last.isoformat(),
        "edition": edition,
        "definition": made.definition,
        "figures": made.figures,
    }
    about = {
        **row,
        "counted_at": made.counted_at.timestamp(),
        "members": hashlib.sha256(made.members).hexdigest(),
    }
    sha256 = hashlib.sha256(spell(about).encode()).digest()
    return {**row, "counted_at": made.counted_at, "members": made.members, "sha256": sha256}
