"""The inbox: its first and tenth page and the numbers above it, while very many steps are open."""

import time
from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from bench.clients import door_to
from bench.databases import Databases
from bench.machine import load
from bench.office import START, found, open_office, people
from bench.open_steps import fill
from bench.procedure import LANES
from bench.served import served
from bench.spread import quantile, spreads
from engine.dossiers.timeouts import let_time_pass
from engine.worklist import Counts, Waiting, counts, place_of, worklist

_PAGE, _LAST = 50, 10
DESKS = {"one desk": 1, "100 desks": 100}

Answer = TypeVar("Answer")


def measure(
    databases: Databases, passes: int, times: int, steps: int, say: Callable[[str], None]
) -> dict[str, Any]:
    """Milliseconds with all open steps at one desk, and with as many spread over 100 desks."""
    result: dict[str, Any] = {"database": f"{databases.name} {databases.version}", "loads": []}
    for name, desks in DESKS.items():
        say(f"list {databases.name}: {steps} open steps at {name}")
        url = databases.founded(found)
        try:
            dues = fill(url, steps, desks)
            begun = load()
            figures = [_one_pass(url, dues, times) for _ in range(passes)]
            result["loads"].append([begun, load()])
        finally:
            databases.drop(url)
        result[name] = {**spreads(figures), "open_steps": steps, "mine": len(dues)}
    return result


def _one_pass(url: str, dues: list[datetime], times: int) -> dict[str, float]:
    office = open_office(url)
    actor = people(office)[LANES[0].position]
    until = START.replace(hour=23, minute=59)

    def page(after: Waiting | None) -> tuple[Waiting, ...]:
        place = None if after is None else place_of(after)
        with office.database.read() as connection:
            return worklist(connection, actor, at=START, until=until, after=place, most=_PAGE + 1)

    def numbers() -> Counts:
        with office.database.read() as connection:
            return counts(connection, actor, START, until)

    first_ms, first = _timed(lambda: page(None), times)
    _require_due(first, dues[: _PAGE + 1])
    last = first
    for _ in range(_LAST - 2):
        last = page(last[_PAGE - 1])
    last_ms, tenth = _timed(lambda: page(last[_PAGE - 1]), times)
    _require_due(tenth, dues[(_LAST - 1) * _PAGE : _LAST * _PAGE + 1])
    counts_ms, counted = _timed(numbers, times)
    if (counted.total, counted.late) != (len(dues), sum(due < START for due in dues)):
        raise AssertionError(f"{counted} for {len(dues)} open steps")
    watch_ms, done = _timed(lambda: let_time_pass(office), times)
    if done:
        raise AssertionError(f"{done} steps were due, none should be")
    office.database.close()
    return {
        "first_page_ms": first_ms,
        "tenth_page_ms": last_ms,
        "counts_ms": counts_ms,
        "watch_ms": watch_ms,
        "http_ms": _over_http(url, dues, times),
    }


def _timed(ask: Callable[[], Answer], times: int) -> tuple[float, Answer]:
    """Median milliseconds, after one call to warm up, and the last answer."""
    walls = []
    for _ in range(times + 1):
        begun = time.perf_counter()
        answer = ask()
        walls.append((time.perf_counter() - begun) * 1000)
    return quantile(walls[1:], 0.5), answer


def _over_http(url: str, dues: list[datetime], times: int) -> float:
    """The whole answer of the API: session, page and numbers."""
    with served(url) as server, door_to(server.address) as door:
        milliseconds, answer = _timed(
            lambda: door.get(f"/api/v1/worklist?limit={_PAGE}", LANES[0].position), times
        )
    shown = [datetime.fromisoformat(row["step"]["due_at"]) for row in answer["items"]]
    if shown != dues[:_PAGE] or answer["counts"]["total"] != len(dues):
        raise AssertionError("the page does not show what is due first")
    return milliseconds


def _require_due(shown: tuple[Waiting, ...], dues: list[datetime]) -> None:
    if [row.due_at for row in shown] != dues:
        raise AssertionError("these are not the steps that are due first")
