"""Fills an office with very many open steps, and a past, entered straight into the tables."""

import random
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, text

from bench.office import AGENCY, START, open_office, people
from bench.procedure import LANES, procedure_code
from engine.ids import seeded_ids
from engine.office import Office
from engine.store.tables import dossier, procedure, step_run
from processes.search_key import search_key

_CHAIN = 6
_AT_ONCE = 2_000
_DAY = 86_400


def fill(url: str, steps: int, desks: int) -> list[datetime]:
    """Enter dossiers with one open and one completed step each.

    Of the open steps one in so many `desks` waits for the first officer: their due times, sorted.
    """
    office = open_office(url)
    received_by = people(office)[LANES[0].position].account_id
    chance, ids = random.Random(steps), seeded_ids(steps)
    versions = _versions(office)
    mine = []
    for first in range(0, steps, _AT_ONCE):
        dossiers, runs = [], []
        for number in range(first, min(first + _AT_ONCE, steps)):
            due = START + timedelta(seconds=chance.randrange(-5 * _DAY, 30 * _DAY))
            position = LANES[0].position if number % desks == 0 else f"ban_{number % desks}"
            dossier_id = ids(START)
            dossiers.append(_dossier(dossier_id, received_by, number, due) | versions)
            done = _run(dossier_id, ids(START), due, position) | versions | _COMPLETED
            waits = _run(dossier_id, ids(START), due, position) | versions
            # Who is late already has been told of: the watch has nothing left to do.
            waits["escalated_at"] = START if due < START else None
            runs += [done | {"escalated_at": None}, waits | dict.fromkeys(_COMPLETED) | _OPEN]
            if number % desks == 0:
                mine.append(due)
        _enter(office, dossiers, runs)
    _let_planner_know(office)
    office.database.close()
    return sorted(mine)


_OPEN = {"state": "open"}
_COMPLETED: dict[str, Any] = {
    "state": "completed",
    "started_at": START,
    "ended_at": START,
    "c_started": 0,
    "c_ended": 0,
    "waiting_ws": 0,
    "handling_ws": 0,
    "month": 202603,
}


def _versions(office: Office) -> dict[str, UUID]:
    with office.database.read() as connection:
        row = connection.execute(
            select(procedure.c.version_id, procedure.c.procedure_id).where(
                procedure.c.code == procedure_code(_CHAIN)
            )
        ).one()
    return {"version_id": row.version_id, "procedure_id": row.procedure_id}


def _dossier(dossier_id: UUID, received_by: UUID, number: int, due: datetime) -> dict[str, Any]:
    code, applicant = f"{AGENCY}-{number:06d}", f"Nguyễn Văn {number}"
    return {
        "agency_id": AGENCY,
        "dossier_id": dossier_id,
        "code": code,
        "case_code": "normal",
        "applicant": applicant,
        "applicant_contact": {},
        "search": search_key(f"{code} {applicant}"),
        "channel": "counter",
        "received_by": received_by,
        "received_at": START,
        "due_at": due + timedelta(days=5),
        "state": "open",
        "national_status": "2",
        "data": {},
        "version": 1,
        "head_hash": bytes(32),
        "events": 1,
    }


def _run(dossier_id: UUID, step_run_id: UUID, due: datetime, position: str) -> dict[str, Any]:
    return {
        "agency_id": AGENCY,
        "step_run_id": step_run_id,
        "dossier_id": dossier_id,
        "element_id": "Task_1",
        "token": 3,
        "name": "Xử lý bước 1",
        "attempt": 1,
        "unit": LANES[0].unit,
        "position": position,
        "enabled_at": START,
        "c_enabled": 0,
        "calendar_version": "bench",
        "limit_ws": 28_800,
        "due_at": due,
    }


def _enter(office: Office, dossiers: list[dict[str, Any]], runs: list[dict[str, Any]]) -> None:
    def command(transaction: Any) -> None:
        transaction.execute(insert(dossier), dossiers)
        transaction.execute(insert(step_run), runs)

    office.database.write(command)


def _let_planner_know(office: Office) -> None:
    """Let PostgreSQL count its rows now, as autovacuum would within the minute."""
    if not office.database.is_sqlite:
        office.database.write(lambda transaction: transaction.execute(text("ANALYZE")))
