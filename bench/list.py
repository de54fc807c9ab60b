"""The inbox: its first page and the numbers above it, while very many steps are open."""

import random
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import insert, text

from bench.clients import door_to
from bench.databases import Databases
from bench.machine import load
from bench.office import AGENCY, START, found, open_office, people
from bench.procedure import LANES, procedure_code
from bench.served import served
from bench.spread import quantile, spreads
from engine.actor import Actor
from engine.ids import seeded_ids
from engine.office import Office
from engine.store.columns import to_microseconds
from engine.store.tables import dossier, step_run
from engine.worklist import Waiting, counts, place_of, worklist
from processes.search_key import search_key

_CHAIN = 6
_PAGE = 50
_AT_ONCE = 2_000
_DESKS = 100  # where the work is spread, each officer waits for one in so many


def measure(
    databases: Databases, passes: int, times: int, steps: int, say: Callable[[str], None]
) -> dict[str, Any]:
    """Milliseconds with all open steps at one desk, and with the same number over 100 desks."""
    result: dict[str, Any] = {"database": f"{databases.name} {databases.version}", "loads": []}
    for name, desks in (("one desk", 1), ("100 desks", _DESKS)):
        say(f"list {databases.name}: {steps} open steps at {name}")
        url = databases.empty()
        try:
            found(url, [_CHAIN])
            dues = _fill(url, steps, desks)
            _know(url)
            begun = load()
            result[name] = {
                **spreads([_one_pass(url, dues, times) for _ in range(passes)]),
                "open_steps": steps,
                "mine": len(dues),
            }
            result["loads"].append([begun, load()])
        finally:
            databases.drop(url)
    return result


def _fill(url: str, steps: int, desks: int) -> list[datetime]:
    """Enter open steps directly; the due times of those that wait for the first officer."""
    office = open_office(url)
    actor = people(office)[LANES[0].position]
    chance, ids = random.Random(steps), seeded_ids(steps)
    version_id, procedure_id = _version(office)
    dues = []
    for first in range(0, steps, _AT_ONCE):
        rows = []
        for number in range(first, min(first + _AT_ONCE, steps)):
            mine = number % desks == 0
            due = START + timedelta(seconds=chance.randrange(-5, 30) * 86_400 + number % 9973)
            position = LANES[0].position if mine else f"ban_{number % desks}"
            rows.append(_rows(actor, ids(START), ids(START), number, due, position))
            if mine:
                dues.append(due)
        both = {"procedure_id": procedure_id, "version_id": version_id}
        _enter(office, [(d | both, s | both) for d, s in rows])
    office.database.close()
    return sorted(dues)


def _version(office: Office) -> tuple[UUID, UUID]:
    with office.database.read() as connection:
        row = connection.execute(
            text("SELECT version_id, procedure_id FROM procedure WHERE code = :code"),
            {"code": procedure_code(_CHAIN)},
        ).one()
    return UUID(str(row[0])), UUID(str(row[1]))


def _rows(
    actor: Actor, dossier_id: UUID, step_id: UUID, number: int, due: datetime, position: str
) -> tuple[dict[str, Any], dict[str, Any]]:
    code, applicant = f"{AGENCY}-{number:06d}", f"Nguyễn Văn {number}"
    return (
        {
            "agency_id": AGENCY,
            "dossier_id": dossier_id,
            "code": code,
            "case_code": "normal",
            "applicant": applicant,
            "applicant_contact": {},
            "search": search_key(f"{code} {applicant}"),
            "channel": "counter",
            "received_by": actor.account_id,
            "received_at": START,
            "due_at": due + timedelta(days=5),
            "state": "open",
            "national_status": "2",
            "data": {},
            "version": 1,
            "head_hash": bytes(32),
            "events": 1,
        },
        {
            "agency_id": AGENCY,
            "step_run_id": step_id,
            "dossier_id": dossier_id,
            "element_id": "Task_1",
            "token": 3,
            "name": "Xử lý bước 1",
            "attempt": 1,
            "unit": LANES[0].unit,
            "position": position,
            "state": "open",
            "enabled_at": START,
            "c_enabled": 0,
            "calendar_version": "bench",
            "limit_ws": 28_800,
            "due_at": due,
        },
    )


def _enter(office: Office, rows: list[tuple[dict[str, Any], dict[str, Any]]]) -> None:
    def command(transaction: Any) -> None:
        transaction.execute(insert(dossier), [each for each, _ in rows])
        transaction.execute(insert(step_run), [each for _, each in rows])

    office.database.write(command)


def _know(url: str) -> None:
    """Let PostgreSQL count its rows now, as autovacuum would within the minute."""
    if url.startswith("postgresql"):
        office = open_office(url)
        office.database.write(lambda transaction: transaction.execute(text("ANALYZE")))
        office.database.close()


def _one_pass(url: str, dues: list[datetime], times: int) -> dict[str, float]:
    office = open_office(url)
    actor = people(office)[LANES[0].position]
    figures: dict[str, float] = {}
    at, until = START, START.replace(hour=23, minute=59)

    def first() -> tuple[Waiting, ...]:
        with office.database.read() as connection:
            return worklist(connection, actor, at=at, until=until, most=_PAGE + 1)

    pages = []

    def second() -> tuple[Waiting, ...]:
        with office.database.read() as connection:
            after = place_of(pages[0][_PAGE - 1])
            return worklist(connection, actor, at=at, until=until, after=after, most=_PAGE + 1)

    def above() -> object:
        with office.database.read() as connection:
            return counts(connection, actor, at, until)

    for name, ask in (("first_page", first), ("second_page", second), ("counts", above)):
        walls = []
        for _ in range(times + 1):
            begun = time.perf_counter()
            answer = ask()
            walls.append((time.perf_counter() - begun) * 1000)
            pages.append(answer)
        figures[f"{name}_ms"] = quantile(walls[1:], 0.5)
        _require_right(name, answer, dues)
    office.database.close()
    return {**figures, "http_ms": _over_http(url, dues, times)}


def _over_http(url: str, dues: list[datetime], times: int) -> float:
    """The whole answer of the API: session, page and numbers."""
    walls = []
    with served(url) as server, door_to(server.address) as door:
        for _ in range(times + 1):
            begun = time.perf_counter()
            answer = door.get(f"/api/v1/worklist?limit={_PAGE}", LANES[0].position)
            walls.append((time.perf_counter() - begun) * 1000)
            shown = [datetime.fromisoformat(row["step"]["due_at"]) for row in answer["items"]]
            if shown != dues[:_PAGE] or answer["counts"]["total"] != len(dues):
                raise AssertionError("the page does not show what is due first")
    return quantile(walls[1:], 0.5)


def _require_right(name: str, answer: Any, dues: list[datetime]) -> None:
    if name == "counts":
        late = sum(due < START for due in dues)
        right = (answer.total, answer.late) == (len(dues), late)
    else:
        begin = 0 if name == "first_page" else _PAGE
        shown = [to_microseconds(row.due_at) for row in answer]
        right = shown == [to_microseconds(due) for due in dues[begin : begin + _PAGE + 1]]
    if not right:
        raise AssertionError(f"{name}: not the rows that are due first")
