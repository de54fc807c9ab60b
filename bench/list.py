"""The inbox: first page, tenth page and the numbers above, while very many dossiers are open.

For the officer at the big desk, where half of them wait, and one at a small desk; asked of the
engine, of the REST API, and as the page that people see.
"""

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from bench import copies
from bench.clients import door_to
from bench.cpu import ServerCpu
from bench.databases import Databases
from bench.desks import BIG, CHAIN, SMALL, found_desks, receive_models, shares
from bench.machine import load
from bench.office import START, open_office, people
from bench.procedure import entries
from bench.served import served
from bench.spread import quantile, spreads
from engine.actor import Actor
from engine.clock import SetClock
from engine.dossiers.complete_step import LateReason, complete_step
from engine.dossiers.timeouts import let_time_pass
from engine.office import Office
from engine.worklist import MOST_COUNTED, Counts, Waiting, counts, place_of, worklist

DESKS = {"big": BIG, "small": SMALL}
_PAGE, _LAST = 50, 10
_WARM = 2  # asked before the clock counts
_AT_SMALL = 700  # what waits there, a sixth of it suspended: ten pages and a little more
_UNTIL = START.replace(hour=23, minute=59)

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class _Desk:
    """An officer's list as it must be: due times in order, and how much of it stands."""

    login: str
    dues: list[datetime]
    paused: int

    @property
    def total(self) -> int:
        return len(self.dues) + self.paused

    def numbers(self) -> Counts:
        late = sum(due < START for due in self.dues)
        today = sum(START <= due <= _UNTIL for due in self.dues)
        return Counts(*(min(n, MOST_COUNTED) for n in (self.total, late, today, self.paused, late)))


def measure(
    databases: Databases, passes: int, times: int, dossiers: int, say: Callable[[str], None]
) -> dict[str, Any]:
    """Milliseconds among so many open dossiers, at the big desk and at the small one."""
    say(f"list {databases.name}: filling in {dossiers} open dossiers")
    url = databases.founded_anew(found_desks)
    try:
        begun = time.perf_counter()
        models = receive_models(url)
        copied = shares(models, dossiers, _AT_SMALL)
        copies.copy(url, [model.dossier_id for model in models], copied)
        filled = time.perf_counter() - begun
        desks = {name: _desk(models, copied, login) for name, login in DESKS.items()}
        loads, figures = [], {name: list[dict[str, float]]() for name in desks}
        for number in range(passes):
            say(f"list {databases.name}: pass {number + 1} of {passes}")
            loads.append([load()])
            for name, desk in desks.items():
                figures[name].append(_one_pass(databases, url, desk, times))
            loads[-1].append(load())
        _require_alive(url)
        stored = databases.sizes(url)[""]
    finally:
        databases.drop(url)
    return {
        "database": f"{databases.name} {databases.version}",
        "loads": loads,
        "dossiers": dossiers,
        "fill_seconds": filled,
        "stored_bytes": stored,
        "desks": {
            name: {**spreads(figures[name]), "waiting": desk.total} for name, desk in desks.items()
        },
    }


def _desk(models: Sequence[Any], copied: Sequence[int], login: str) -> _Desk:
    dues: list[datetime] = []
    paused = 0
    for model, share in zip(models, copied, strict=True):
        if model.desk == login and model.due_at is None:
            paused += share + 1
        elif model.desk == login:
            dues += [model.due_at] * (share + 1)
    return _Desk(login, sorted(dues), paused)


def _one_pass(databases: Databases, url: str, desk: _Desk, times: int) -> dict[str, float]:
    office = open_office(url)
    actor = people(office)[desk.login]

    def page(after: Waiting | None) -> tuple[Waiting, ...]:
        place = None if after is None else place_of(after)
        with office.database.read() as connection:
            return worklist(connection, actor, at=START, until=_UNTIL, after=place, most=_PAGE + 1)

    def numbers() -> Counts:
        with office.database.read() as connection:
            return counts(connection, actor, START, _UNTIL)

    first_ms, first = _timed(lambda: page(None), times)
    shown, last = list(first[:_PAGE]), first
    for _ in range(_LAST - 2):
        last = page(last[_PAGE - 1])
        shown += last[:_PAGE]
    before = last[_PAGE - 1]
    tenth_ms, tenth = _timed(lambda: page(before), times)
    _require_due([*shown, *tenth], desk.dues)
    counts_ms, counted = _timed(numbers, times)
    if counted != desk.numbers():
        raise AssertionError(f"{counted} instead of {desk.numbers()}")
    watch_ms, done = _timed(lambda: let_time_pass(office), times)
    if done:
        raise AssertionError(f"{done} steps were due, none should be")
    office.database.close()
    return {
        "first_page_ms": first_ms,
        "tenth_page_ms": tenth_ms,
        "counts_ms": counts_ms,
        "watch_ms": watch_ms,
        **_over_http(databases, url, desk, before, times),
    }


def _timed(ask: Callable[[], Answer], times: int) -> tuple[float, Answer]:
    """Median milliseconds, after two calls to warm up, and the last answer."""
    walls = []
    for _ in range(times + _WARM):
        begun = time.perf_counter()
        answer = ask()
        walls.append((time.perf_counter() - begun) * 1000)
    return quantile(walls[_WARM:], 0.5), answer


def _over_http(
    databases: Databases, url: str, desk: _Desk, before: Waiting, times: int
) -> dict[str, float]:
    """The whole answer: session, page and numbers; as data, and as the page that people see."""
    place = place_of(before)
    with served(url) as server, door_to(server.address, (desk.login,)) as door:
        address = f"/api/v1/worklist?limit={_PAGE}"
        after = door.get(address, desk.login)["next"]
        for _ in range(_LAST - 2):
            after = door.get(f"{address}&after={after}", desk.login)["next"]
        addresses = {
            "http_first": address,
            "http_tenth": f"{address}&after={after}",
            "html_first": "/inbox",
            "html_tenth": f"/inbox?after={place.at}_{place.step_run_id}",
        }
        used = ServerCpu(server.pid), databases.cpu()
        answers, figures = {}, {}
        for name, asked in addresses.items():
            ask = door.get if name.startswith("http") else door.page
            cpu = sum(each.reading() for each in used)
            figures[f"{name}_ms"], answers[name] = _timed(lambda: ask(asked, desk.login), times)  # noqa: B023
            cpu = sum(each.reading() for each in used) - cpu
            figures[f"{name}_cpu_ms"] = cpu / (times + _WARM) * 1000
    _require_shown(answers, desk)
    return figures


def _require_shown(answers: dict[str, Any], desk: _Desk) -> None:
    tenth = (_LAST - 1) * _PAGE
    for name, first in (("http_first", 0), ("http_tenth", tenth)):
        shown = [row["step"]["due_at"] for row in answers[name]["items"]]
        if [datetime.fromisoformat(due) for due in shown] != desk.dues[first : first + _PAGE]:
            raise AssertionError("the page does not show what is due first")
        if answers[name]["counts"]["total"] != desk.numbers().total:
            raise AssertionError(f"{answers[name]['counts']} instead of {desk.numbers()}")
    for name in ("html_first", "html_tenth"):
        if answers[name].count('class="row-link"') != _PAGE:
            raise AssertionError("the page does not show a page of the list")


def _require_due(shown: Sequence[Waiting], dues: Sequence[datetime]) -> None:
    """What the pages show one after the other is the list, each step once."""
    if [row.due_at for row in shown] != list(dues[: _LAST * _PAGE + 1]):
        raise AssertionError("these are not the steps that are due first")
    if len({row.step_run_id for row in shown}) != len(shown):
        raise AssertionError("a step is shown twice")


def _require_alive(url: str) -> None:
    """The copies are dossiers like any other: those on the first pages can be worked on."""
    office = open_office(url, SetClock(START + timedelta(minutes=5)))
    chance = random.Random(0)
    for login, number in ((BIG, 1), (SMALL, 2)):
        actor = people(office)[login]
        for row in _first(office, actor)[:: _PAGE // 5]:
            _complete(office, actor, row.step_run_id, number, chance)
    office.database.close()


def _first(office: Office, actor: Actor) -> tuple[Waiting, ...]:
    with office.database.read() as connection:
        return worklist(connection, actor, most=_PAGE)


def _complete(
    office: Office, actor: Actor, step_run_id: UUID, number: int, chance: random.Random
) -> None:
    entered = entries(number, CHAIN, chance)
    late = LateReason("overload", "Quá nhiều hồ sơ cùng lúc")
    outcome = complete_step(office, actor, step_run_id, entered, late)
    if [step.element_id for step in outcome.opened] != [f"Task_{number + 1}"]:
        raise AssertionError(f"a copied dossier does not go on: {outcome}")
