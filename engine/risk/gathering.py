"""The past in short: finished dossiers are read once, and each step keeps the last of its runs.

What is read lies behind a place in the order in which dossiers were finished, so that a round costs
the same however long the past is. An office that begins with it begins with its latest dossiers.
Dossiers that are still open are not in it (docs/reference/risk.md says what that does).
"""

import logging
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, and_, insert, or_, select, update

from engine.calendar import Calendar
from engine.legal_clock.kept_clock import clock_in
from engine.office import Office
from engine.risk.anew import have_rated
from engine.risk.known_outlooks import from_data, to_data
from engine.risk.outlook import Curve, Outlook, Past
from engine.store.condition import agencies
from engine.store.database import Transaction
from engine.store.risk_tables import risk_round, step_history
from engine.store.tables import dossier, step_run
from processes.errors import RuleError

_log = logging.getLogger("quytrinh.risk")
KEPT_RUNS = 1_000  # of each step
EVERY = timedelta(minutes=10)
"""How often the past of an office is read on, where not much lies there."""
_SETTLED = timedelta(minutes=1)  # by then what finished before is committed
_BATCH = 200
_FIRST = 20_000  # finished dossiers with which an office begins
_NOBODY = UUID(int=0)
_MOVED = 0.05  # by so much another curve is worth rating open steps anew
_MOVED_WS = 900

Key = tuple[UUID, str]


@dataclass(slots=True)
class _Read:
    """What was read of finished dossiers, by procedure and step, the newest last."""

    to: datetime
    last: UUID
    dossiers: int = 0
    own: dict[Key, list[int]] = field(default_factory=lambda: defaultdict(list))
    whole: dict[Key, list[list[int]]] = field(default_factory=lambda: defaultdict(list))


def gather(office: Office) -> int:
    """Read on in every agency; how many finished dossiers were read."""
    return sum(_of_agency(office, agency_id) for agency_id in agencies(office.database))


def _of_agency(office: Office, agency_id: str) -> int:
    now = office.clock.now()
    with office.database.read() as connection:
        row = connection.execute(
            select(risk_round).where(risk_round.c.agency_id == agency_id)
        ).one_or_none()
        if row is not None and row.looked_at <= now < row.looked_at + EVERY:
            return 0
        begun = _beginning(connection, agency_id, now) if row is None else row.read_to
        read = _read(office, connection, agency_id, begun, _NOBODY if row is None else row.read_id)
        rows = _histories(connection, agency_id, read)
    histories = [_Added.to(known, key, read) for key, known in rows.items()]

    def write(transaction: Transaction) -> int:
        if not _put_forward(transaction, agency_id, row, read, now):
            return 0  # another worker has read the same
        for each in histories:
            each.write(transaction, agency_id, now)
        if any(each.moved for each in histories):
            have_rated(transaction, agency_id)
        return read.dossiers

    done = office.database.write(write)
    for procedure_id in {procedure_id for procedure_id, _ in rows}:
        office.outlooks.drop((agency_id, procedure_id))
    return done


# What is read


def _beginning(connection: Connection, agency_id: str, now: datetime) -> datetime:
    """The place before the latest dossiers."""
    latest = select(dossier.c.finished_at).where(
        dossier.c.agency_id == agency_id, dossier.c.finished_at < now
    )
    latest = latest.order_by(dossier.c.finished_at.desc()).offset(_FIRST).limit(1)
    found: datetime | None = connection.execute(latest).scalar_one_or_none()
    return datetime.fromisoformat("1970-01-01T00:00:00+00:00") if found is None else found


def _read(
    office: Office, connection: Connection, agency_id: str, since: datetime, last: UUID
) -> _Read:
    until = office.clock.now() - _SETTLED
    finished, number = dossier.c.finished_at, dossier.c.dossier_id
    columns = (number, dossier.c.procedure_id, finished, dossier.c.clock)
    found = connection.execute(
        select(*columns, dossier.c.calendar_edition)
        .where(
            dossier.c.agency_id == agency_id,
            finished >= since,
            finished <= until,
            or_(finished > since, number > last),
        )
        .order_by(finished, number)
        .limit(_BATCH)
    ).all()
    if not found:
        return _Read(since, last)
    read = _Read(found[-1].finished_at, found[-1].dossier_id, len(found))
    runs = _runs(connection, agency_id, [row.dossier_id for row in found])
    for row in found:
        try:
            edition = office.edition_numbered(connection, agency_id, row.calendar_edition)
            _note(read, row, runs[row.dossier_id], edition.office)
        except RuleError as refusal:  # one broken dossier is no reason to know nothing
            _log.error("dossier %s tells nothing of the past: %s", row.dossier_id, refusal.code)
    return read


def _runs(connection: Connection, agency_id: str, dossiers: Sequence[UUID]) -> dict[UUID, Any]:
    found: dict[UUID, list[Any]] = defaultdict(list)
    columns = ["dossier_id", "element_id", "ended_at", "waiting_ws", "handling_ws"]
    query = select(*(step_run.c[name] for name in columns)).where(
        step_run.c.agency_id == agency_id,
        step_run.c.dossier_id.in_(dossiers),
        step_run.c.state.in_(("completed", "sent_back")),
    )
    for run in connection.execute(query.order_by(step_run.c.ended_at)):
        found[run.dossier_id].append(run)
    return found


def _note(read: _Read, row: Any, runs: Sequence[Any], calendar: Calendar) -> None:
    """What the runs of a finished dossier took, and what came after each until it was finished."""
    clock = None if row.clock is None else clock_in(row)
    for run in runs:
        if run.waiting_ws is None or run.handling_ws is None:
            continue
        key, own = (row.procedure_id, run.element_id), max(0, run.waiting_ws + run.handling_ws)
        read.own[key].append(own)
        if run.ended_at <= row.finished_at and clock is not None:
            stood = sum(
                calendar.elapsed(max(pause.since, run.ended_at), min(pause.until, row.finished_at))
                for pause in clock.pauses
                if pause.until is not None and pause.until > run.ended_at
            )
            after = calendar.elapsed(run.ended_at, row.finished_at) - stood
            read.whole[key].append([own, max(0, after)])


def _histories(connection: Connection, agency_id: str, read: _Read) -> dict[Key, Any]:
    """The rows of the steps that were read of; None of those that have none yet."""
    known: dict[Key, Any] = dict.fromkeys(read.own)
    procedures = {procedure_id for procedure_id, _ in known}
    query = select(step_history).where(
        step_history.c.agency_id == agency_id, step_history.c.procedure_id.in_(procedures)
    )
    for row in connection.execute(query) if procedures else ():
        if (row.procedure_id, row.element_id) in known:
            known[row.procedure_id, row.element_id] = row
    return known


# What is made of it, and written


@dataclass(frozen=True, slots=True)
class _Added:
    """A step's past with what was added; moved: open steps are to be rated anew by it."""

    key: Key
    own: list[int]
    whole: list[list[int]]
    outlook: Outlook
    new: bool
    moved: bool

    @classmethod
    def to(cls, known: Any, key: Key, read: _Read) -> "_Added":
        own = ([] if known is None else known.own) + read.own[key]
        whole = ([] if known is None else known.whole) + read.whole.get(key, [])
        own, whole = own[-KEPT_RUNS:], whole[-KEPT_RUNS:]
        outlook = outlook_of(own, whole)
        before = None if known is None else from_data(known.outlook)
        return cls(key, own, whole, outlook, known is None, _has_moved(before, outlook))

    def write(self, transaction: Transaction, agency_id: str, now: datetime) -> None:
        procedure_id, element_id = self.key
        this = {"agency_id": agency_id, "procedure_id": procedure_id, "element_id": element_id}
        values = {"own": self.own, "whole": self.whole, "outlook": to_data(self.outlook), "at": now}
        if self.new:
            transaction.execute(insert(step_history).values(**this, **values))
            return
        row = and_(*(step_history.c[name] == value for name, value in this.items()))
        transaction.execute(update(step_history).where(row).values(**values))


def outlook_of(own: Sequence[int], whole: Sequence[Sequence[int]]) -> Outlook:
    """What runs that took so long, with what came after them, say of the next."""
    past = Past.of(own, (0,))
    if not whole:
        return Outlook(past, None, _curve(past), None)
    both = Past.of([each[0] for each in whole], [each[1] for each in whole])
    return Outlook(past, both, _curve(past), _curve(both))


def _curve(past: Past) -> Curve | None:
    return Curve.of(past) if past.enough else None


def _has_moved(before: Outlook | None, after: Outlook) -> bool:
    """Whether it is now from another age on that lateness is likely."""
    curves = (after.own_curve, None if before is None else before.own_curve)
    wholes = (after.whole_curve, None if before is None else before.whole_curve)
    return any(_differ(*pair) for pair in (curves, wholes))


def _differ(one: Curve | None, other: Curve | None) -> bool:
    if one is None or other is None:
        return one is not other
    pairs = ((one.allowed[0], other.allowed[0]), (one.ages[-1], other.ages[-1]))
    return any(abs(a - b) > max(_MOVED_WS, _MOVED * max(a, b)) for a, b in pairs)


def _put_forward(
    transaction: Transaction, agency_id: str, row: Any, read: _Read, now: datetime
) -> bool:
    """Put the place forward; whether nobody else has meanwhile."""
    looked_at = now - EVERY if read.dossiers == _BATCH else now  # more lies there: at once again
    values = {"read_to": read.to, "read_id": read.last, "looked_at": looked_at}
    this = risk_round.c.agency_id == agency_id
    if row is None:
        known = transaction.execute(select(risk_round.c.agency_id).where(this)).first()
        if known is None:
            transaction.execute(insert(risk_round).values(agency_id=agency_id, **values))
        return known is None
    still = and_(this, risk_round.c.read_to == row.read_to, risk_round.c.read_id == row.read_id)
    changed = transaction.execute(update(risk_round).where(still).values(**values))
    return bool(changed.rowcount == 1)
