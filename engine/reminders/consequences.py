"""What settings of the ladder would have sent in the last 30 days, worked out from the log.

The rungs that were climbed are on record, whoever was told of them. Whom they would have told is
asked of the officers of today. The first rung at another percentage is asked of the step runs.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, func, or_, select

from engine.actor import Actor, Role
from engine.calendar import Calendar
from engine.legal_clock.duty import Duty
from engine.reminders.digest import DIGEST
from engine.reminders.ladder_history import WHO
from engine.reminders.ladder_settings import LadderSettings, Way
from engine.reminders.messages import EMAIL, parts_of
from engine.reminders.people import People, Person, people_of
from engine.reminders.rungs import Rung
from engine.reminders.wording import About, AboutDossier
from engine.store.reminder_tables import message, reminder
from engine.store.tables import dossier, procedure, step_run

DAYS = 30
_MOST = 100_000  # rungs that are looked at


@dataclass(slots=True)
class Consequences:
    """Of the last 30 days. rungs: climbed. steps: that anybody was told of by a message.

    held: text messages beyond a cap. cost: đồng. digests: letters; at_most: they were off, so that
    who would have had one is not known. cut: there was more than was looked at.
    """

    rungs: int = 0
    by_way: Counter[str] = field(default_factory=Counter)
    by_rung: Counter[str] = field(default_factory=Counter)
    held: int = 0
    cost: int = 0
    steps: int = 0
    digests: int = 0
    at_most: bool = False
    cut: bool = False

    @property
    def texts_per_step(self) -> float:
        """Text messages for each step that any was sent about."""
        return self.by_way[Way.TEXT] / self.steps if self.steps else 0.0


@dataclass(frozen=True, slots=True)
class _Climbed:
    """A rung that was climbed, and the step it was of."""

    rung: Rung
    at: datetime
    row: Any


def consequences(
    connection: Connection,
    actor: Actor,
    now: datetime,
    calendar: Calendar,
    in_force: LadderSettings,
    wanted: LadderSettings,
) -> Consequences:
    """What `wanted` would have sent instead of what is in force (NotAllowed)."""
    actor.require(Role.ADMIN, Role.HEAD, who=WHO)
    since = now - timedelta(days=DAYS)
    people = people_of(connection, actor.agency_id, now)
    found = Consequences()
    same = wanted.part_percent == in_force.part_percent
    climbed = list(_climbed(connection, actor.agency_id, since, with_first=same))
    climbed += _owed(connection, actor.agency_id, since)
    if not same:
        climbed += _first_rungs(connection, actor.agency_id, since, wanted.part_percent)
    found.cut = len(climbed) >= _MOST
    _count(found, sorted(climbed, key=lambda each: each.at), people, calendar, wanted)
    if wanted.digest:
        _digests(found, connection, actor.agency_id, since, people, calendar, in_force, now)
    return found


def _count(
    found: Consequences,
    climbed: list[_Climbed],
    people: People,
    calendar: Calendar,
    wanted: LadderSettings,
) -> None:
    """Each rung to each person by each way; text messages up to the caps of their day and month."""
    spent: Counter[str] = Counter()
    whom: dict[Any, list[tuple[Person, frozenset[Way]]]] = {}
    about = set()
    for each in climbed:
        found.rungs += 1
        if wanted.tells_webhooks(each.rung):
            found.by_way["webhook"] += 1
        key = each.rung, each.row.unit, each.row.position, each.row.holder_id
        if key not in whom:
            whom[key] = list(_told(people, each, wanted))
        parts = _parts(each, calendar, wanted) if any(Way.TEXT in w for _, w in whom[key]) else 0
        for person, ways in whom[key]:
            for way in ways:
                if not _reached(person, way):
                    continue
                if way is Way.TEXT:
                    if not _booked(found, spent, calendar.local(each.at), parts, wanted):
                        continue
                    about.add(each.row.step_run_id)
                found.by_way[way] += 1
                found.by_rung[each.rung] += 1
    found.steps = len(about)


def _reached(person: Person, way: Way) -> bool:
    address = {Way.EMAIL: person.email, Way.TEXT: person.phone}
    return bool(address.get(way, "page"))


def _told(
    people: People, each: _Climbed, wanted: LadderSettings
) -> Iterator[tuple[Person, frozenset[Way]]]:
    ways: dict[Any, set[Way]] = {}
    known: dict[Any, Person] = {}
    for audience, by in wanted.told(each.rung).items():
        for person in people.of(audience, each.row):
            known[person.account_id] = person
            ways.setdefault(person.account_id, set()).update(by)
    for account_id, found in ways.items():
        yield known[account_id], frozenset(found)


def _parts(each: _Climbed, calendar: Calendar, wanted: LadderSettings) -> int:
    row = each.row
    if each.rung is Rung.OWED:  # the longer of the two sentences
        due, owes = calendar.local(row.reminded_due), Duty.RESULT_OR_APOLOGY
        said = AboutDossier(row.dossier_id, row.dossier_code, row.procedure_name, due, owes)
        return parts_of(said.short())
    about = About(
        *(each.rung, row.dossier_id, row.dossier_code, row.name, row.procedure_name),
        calendar.local(row.reminded_due),
        wanted.part_percent,
    )
    return parts_of(about.short())


def _booked(
    found: Consequences, spent: Counter[str], at: datetime, parts: int, wanted: LadderSettings
) -> bool:
    cost, day, month = parts * wanted.text_cost, f"{at:%Y%m%d}", f"{at:%Y%m}"
    over_month = wanted.month_cap is not None and spent[month] + cost > wanted.month_cap
    if cost and (over_month or spent[day] + cost > wanted.text_cap):
        found.held += 1
        return False
    spent[day] += cost
    spent[month] += cost
    found.cost += cost
    return True


def _climbed(
    connection: Connection, agency_id: str, since: datetime, *, with_first: bool
) -> Iterator[_Climbed]:
    """Rungs that the log says were climbed."""
    kept = [reminder.c.agency_id == agency_id, reminder.c.at >= since]
    if not with_first:
        kept.append(reminder.c.rung != Rung.PART_USED.value)
    query = (
        _steps(reminder.c.rung, reminder.c.at, reminder.c.due_at.label("reminded_due"))
        .join(
            reminder,
            and_(
                reminder.c.agency_id == step_run.c.agency_id,
                reminder.c.step_run_id == step_run.c.step_run_id,
            ),
        )
        .where(*kept)
        .order_by(reminder.c.at)
        .limit(_MOST)
    )
    for row in connection.execute(query):
        yield _Climbed(Rung(row.rung), row.at, row)


def _owed(connection: Connection, agency_id: str, since: datetime) -> Iterator[_Climbed]:
    """Dossiers of which it was told what they owe, each with a step that was open then."""
    at = reminder.c.at
    query = (
        _steps(reminder.c.rung, at, reminder.c.due_at.label("reminded_due"))
        .join(
            reminder,
            and_(
                reminder.c.agency_id == step_run.c.agency_id,
                reminder.c.dossier_id == step_run.c.dossier_id,
                reminder.c.step_run_id == reminder.c.dossier_id,
            ),
        )
        .where(
            reminder.c.agency_id == agency_id,
            at >= since,
            reminder.c.rung == Rung.OWED.value,
            step_run.c.enabled_at <= at,
            or_(step_run.c.ended_at.is_(None), step_run.c.ended_at > at),
        )
        .order_by(at)
        .limit(_MOST)
    )
    seen = set()
    for row in connection.execute(query):
        if (row.dossier_id, row.reminded_due) not in seen:
            seen.add((row.dossier_id, row.reminded_due))
            yield _Climbed(Rung.OWED, row.at, row)


def _first_rungs(
    connection: Connection, agency_id: str, since: datetime, percent: int
) -> Iterator[_Climbed]:
    """Step runs that used so much of their limit and ended lately, or were told of and are open."""
    used = func.coalesce(step_run.c.waiting_ws, 0) + func.coalesce(step_run.c.handling_ws, 0)
    ended = and_(step_run.c.ended_at >= since, used * 100 >= step_run.c.limit_ws * percent)
    told = select(reminder.c.step_run_id).where(
        reminder.c.agency_id == agency_id,
        reminder.c.rung == Rung.PART_USED.value,
        reminder.c.at >= since,
    )
    still = and_(step_run.c.state == "open", step_run.c.step_run_id.in_(told))
    at = func.coalesce(step_run.c.ended_at, step_run.c.enabled_at).label("at")
    due = func.coalesce(step_run.c.due_at, step_run.c.ended_at).label("reminded_due")
    query = (
        _steps(at, due)
        .where(step_run.c.agency_id == agency_id, step_run.c.limit_ws > 0, or_(ended, still))
        .limit(_MOST)
    )
    for row in connection.execute(query):
        if row.reminded_due is not None:
            yield _Climbed(Rung.PART_USED, row.at, row)


def _steps(*more: Any) -> Any:
    columns = ("step_run_id", "dossier_id", "name", "unit", "position", "holder_id")
    return (
        select(
            *(step_run.c[name] for name in columns),
            dossier.c.code.label("dossier_code"),
            procedure.c.name.label("procedure_name"),
            *more,
        )
        .select_from(step_run)
        .join(dossier, _same(dossier, "dossier_id"))
        .join(procedure, _same(procedure, "procedure_id"))
    )


def _same(table: Any, column: str) -> Any:
    return and_(table.c.agency_id == step_run.c.agency_id, table.c[column] == step_run.c[column])


def _digests(
    found: Consequences,
    connection: Connection,
    agency_id: str,
    since: datetime,
    people: People,
    calendar: Calendar,
    in_force: LadderSettings,
    now: datetime,
) -> None:
    """Letters of the log; where none were sent, one a working day to everybody with an address."""
    if in_force.digest:
        sent = select(func.count()).where(
            message.c.agency_id == agency_id,
            message.c.event == DIGEST,
            message.c.kind == EMAIL,
            message.c.at >= since,
        )
        found.digests = int(connection.execute(sent).scalar_one())
        return
    days = calendar.working_days(calendar.local(since).date(), calendar.local(now).date())
    found.digests = days * sum(bool(person.email and person.holdings) for person in people.people)
    found.at_most = True
