"""Open due times after a change of the calendar: all of them counted again, with their reason.

Every dossier has an open step; a day that lies before all due times becomes a day off, so each
dossier and each step moves, and each journal gets an event. The second pass is stopped half-way
and gone on with; then it is made sure that nothing was missed or doubled: by counting, by the
seals of the journals, and by counting a sample's due times from the beginning.

`python -m bench.reprojection --dossiers 1000000 --database sqlite`; with `--person` an officer
takes up steps meanwhile in another process; with `--scattered` the rows lie in no order of the
ids, as where thousands of dossiers come in one millisecond; with `--next-month` the day off is one
of the next month, as most changes are: it says how many dossiers move by it, and what others cost.
"""

import argparse
import json
import random
import resource
import time
from collections.abc import Callable
from contextlib import closing
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select

from api.background import collect_less_often
from bench.copies import copy
from bench.databases import Databases, postgresql_databases, sqlite_databases
from bench.machine import load
from bench.office import AGENCY, START, found, open_office, people
from bench.person_beside import Person
from bench.procedure import LANES, procedure_code
from engine.actor import Actor, Role
from engine.calendar_change.change import approve, preview, propose
from engine.calendar_change.reprojection import follow_calendars, left_to_follow
from engine.clock import SetClock
from engine.dossiers.follow_calendar import CHANGED
from engine.dossiers.receive import Reception, receive
from engine.journal import verify
from engine.legal_clock.ledger_clock import LedgerClock
from engine.office import Office
from engine.store.tables import dossier, journal, step_run
from engine.working_calendar.layer import DayRule, Layer, Level, RuleKind

MODELS, _BETWEEN = 40, timedelta(minutes=3)
_SAMPLE = 500
_OFF = date(2026, 3, 3)  # the day after the last reception: before every due time


_NEXT_MONTH = date(2026, 4, 15)


def measure(
    databases: Databases,
    dossiers: int,
    say: Callable[[str], None],
    interrupted: bool = True,
    person: bool = False,
    scattered: bool = False,
) -> dict[str, Any]:
    """One change that moves everything, then one that takes it back, stopped half-way."""
    url = databases.founded_anew(found)
    try:
        _fill(url, dossiers, say, scattered=scattered)
        office = open_office(url, SetClock(START + timedelta(hours=3)))
        with closing(office.database):
            beside = url if person else ""
            figures = _changed(office, _closed(), dossiers, say, stop_at=None, beside=beside)
            _require_exact(office, dossiers, 1)
            if interrupted:
                back = _changed(office, Layer(Level.OFFICE), dossiers, say, stop_at=dossiers // 2)
                _require_exact(office, dossiers, 2)
                figures |= {f"taken back, {name}": value for name, value in back.items()}
            count, breaks = _verified(office)
            if breaks:
                raise AssertionError(breaks)
        return {
            "database": f"{databases.name} {databases.version}",
            "dossiers": dossiers,
            "events_verified": count,
            "load": load(),
            **figures,
        }
    finally:
        databases.drop(url)


def measure_next_month(
    databases: Databases, dossiers: int, say: Callable[[str], None]
) -> dict[str, Any]:
    """A day of the next month becomes a day off: few dossiers move, or none."""
    url = databases.founded_anew(found)
    try:
        _fill(url, dossiers, say)
        office = open_office(url, SetClock(START + timedelta(hours=3)))
        with closing(office.database):
            figures = _changed(office, _closed(_NEXT_MONTH), dossiers, say, None, moves_all=False)
            if (breaks := _verified(office)[1]) != ():
                raise AssertionError(breaks)
        return {"database": f"{databases.name} {databases.version}", "load": load(), **figures}
    finally:
        databases.drop(url)


def _fill(url: str, dossiers: int, say: Callable[[str], None], *, scattered: bool = False) -> None:
    """Models received over two hours of the first morning, then copied.

    The copies' ids are of moments between their models', as those of dossiers that are received
    one after the other; scattered: of their models' own moments, each the same for all its copies.
    """
    clock = SetClock(START)
    office = open_office(url, clock)
    officer = people(office)[LANES[0].position]
    models = []
    for number in range(MODELS):
        clock.set(START + number * _BETWEEN)
        models.append(
            receive(office, officer, Reception(procedure_code(6), f"Mẫu {number}")).dossier_id
        )
    office.database.close()
    rest = dossiers - MODELS
    shares = [rest // MODELS + (number < rest % MODELS) for number in range(MODELS)]
    say(f"copying {rest:,} dossiers")
    apart = timedelta(0) if scattered else _BETWEEN / (rest // MODELS + 1)
    copy(url, models, shares, apart)


def _closed(off: date = _OFF) -> Layer:
    rule = DayRule(off, off, RuleKind.CLOSURE, "Nghỉ tránh bão", "Công điện 01/CĐ-UBND")
    return Layer(Level.OFFICE, days=(rule,))


def _changed(
    office: Office,
    layer: Layer,
    dossiers: int,
    say: Callable[[str], None],
    stop_at: int | None,
    *,
    moves_all: bool = True,
    beside: str = "",
) -> dict[str, float]:
    first, second = _entitled(office)
    proposed = propose(office, first, (layer,), "Thay đổi lịch để đo")
    say("preview")
    begun = time.perf_counter()
    seen = preview(office, first, proposed.change_id)
    previewed = time.perf_counter() - begun
    if seen.open != dossiers or (moves_all and seen.moved != dossiers):
        raise AssertionError(f"preview: {seen.open}, {seen.moved}")
    approved = approve(office, second, proposed.change_id, "QĐ đo")
    say("re-projection")
    person = Person(beside) if beside else None
    begun, cpu = time.perf_counter(), _cpu()
    done = follow_calendars(office, stop_at, alone=True)
    if stop_at is not None:
        office.calendars.drop(AGENCY)
        office.editions.drop((AGENCY, approved.edition or 0))
        done += follow_calendars(office, alone=True)
    spent, cpu = time.perf_counter() - begun, _cpu() - cpu
    acts = person.ended() if person is not None else {}
    by_acts = int(acts.get("person_acts", 0))  # an act has its own dossier follow first
    if done.failed or not dossiers - by_acts <= done.looked_at <= dossiers:
        raise AssertionError(f"re-projection: {done}, {acts}")
    if not seen.moved - by_acts <= done.moved <= seen.moved:
        raise AssertionError(f"re-projection: {done}")
    with office.database.read() as connection:
        left = left_to_follow(connection, AGENCY, approved.edition or 0)
    if left:
        raise AssertionError(f"left behind: {left}")
    return {
        "preview_s": round(previewed, 2),
        "apply_s": round(spent, 2),
        "apply_cpu_s": round(cpu, 2),
        "cpu_us_per_dossier": round(cpu / dossiers * 1e6, 1),
        "dossiers_per_s": round(dossiers / spent),
        "moved_share": round(seen.moved / seen.open, 4),
        **acts,
    }


def _entitled(office: Office) -> tuple[Actor, Actor]:
    first, second = list(people(office).values())[:2]
    return tuple(
        Actor(each.account_id, AGENCY, each.name, frozenset({Role.ADMIN}))
        for each in (first, second)
    )  # type: ignore[return-value]


def _cpu() -> float:
    """Of this process and of those it started that are over."""
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(used.ru_utime + used.ru_stime for used in both)


def _require_exact(office: Office, dossiers: int, times: int) -> None:
    """So many events for each dossier, and due times as they come out from the beginning."""
    with office.database.read() as connection:
        each = (
            select(func.count().label("n"))
            .where(journal.c.agency_id == AGENCY, journal.c.kind == CHANGED)
            .group_by(journal.c.dossier_id)
            .subquery()
        )
        counted = connection.execute(
            select(func.count(), func.min(each.c.n), func.max(each.c.n)).select_from(each)
        ).one()
        if tuple(counted) != (dossiers, times, times):
            raise AssertionError(f"events: {counted}")
        edition = office.edition(connection, AGENCY)
        for table in (dossier, step_run):
            _require_counted(connection, table, edition.office)


def _require_counted(connection: Any, table: Any, calendar: Any) -> None:
    chance = random.Random(1)
    ids = connection.execute(select(dossier.c.dossier_id)).scalars().all()
    for some in chance.sample(ids, min(_SAMPLE, len(ids))):
        row = connection.execute(
            select(table.c.clock, table.c.due_at).where(
                table.c.agency_id == AGENCY, table.c.dossier_id == some
            )
        ).first()
        kept = LedgerClock.from_data(row.clock)
        terms = kept.terms
        fresh = LedgerClock.start(
            calendar, kept.started_at, terms.limit, day_count=terms.day_count, cutoff=terms.cutoff
        )
        if fresh.due_at(calendar) != row.due_at:
            raise AssertionError(f"{table.name} {some}: {row.due_at}")


def _verified(office: Office) -> tuple[int, Any]:
    with office.database.read() as connection:
        return verify(connection, AGENCY)


def _say(text: str) -> None:
    print(text, flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dossiers", type=int, default=100_000)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--once", action="store_true", help="the change only, not its undoing")
    parser.add_argument("--person", action="store_true", help="an officer acts meanwhile")
    parser.add_argument("--scattered", action="store_true", help="rows in no order of the ids")
    parser.add_argument("--next-month", action="store_true", help="a day off that moves few")
    asked = parser.parse_args()
    collect_less_often()  # as `quytrinh worker` does
    opened = sqlite_databases if asked.database == "sqlite" else postgresql_databases
    with opened() as databases:
        if asked.next_month:
            found_out = measure_next_month(databases, asked.dossiers, _say)
        else:
            found_out = measure(
                databases, asked.dossiers, _say, not asked.once, asked.person, asked.scattered
            )
    print(json.dumps(found_out, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
