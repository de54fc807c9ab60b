"""32 clients at once, beside an empty authenticated request of the same application.

Both are asked over the same kept connections, one after the other in the same pass: bearer token,
the same body, checked and thrown away by the one, a completed step by the other. The empty request
is asked twice: the way of all end points, and the short way that the step itself goes. The clients
are coroutines of this process on plain sockets, so that they take little of the cores they share.
"""

import asyncio
import json
import random
import time
from collections.abc import Callable, Iterable
from typing import Any

from bench.cpu import process_cpu
from bench.databases import Databases
from bench.doors import APPLICANT, WrongAnswer
from bench.kept import require_kept
from bench.machine import load
from bench.office import PASSWORD, found, open_office
from bench.procedure import COMPONENT, LANES, entries, procedure_code
from bench.served import EMPTY, SHORT_EMPTY, Served, served
from bench.spread import Spread, quantile, spreads

CLIENTS = 32
STEPS = 6
SLOW_COMMIT_MS = 3


class _Client:
    """One kept connection."""

    def __init__(self, tokens: dict[str, str]) -> None:
        self._tokens = tokens

    async def open(self, port: int) -> None:
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", port)

    def close(self) -> None:
        self._writer.close()

    async def post(
        self, path: str, body: Any, position: str | None = None, key: str | None = None
    ) -> Any:
        content = json.dumps(body).encode()
        lines = [f"POST {path} HTTP/1.1", "host: bench", "content-type: application/json"]
        lines.append(f"content-length: {len(content)}")
        if position is not None:
            lines.append(f"authorization: Bearer {self._tokens[position]}")
        if key is not None:
            lines.append(f"idempotency-key: {key}")
        self._writer.write("\r\n".join([*lines, "", ""]).encode() + content)
        head = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        (length,) = [line for line in head.splitlines() if line.startswith("content-length:")]
        answer = await self._reader.readexactly(int(length.partition(":")[2]))
        if head.split(None, 2)[1] not in ("200", "201"):
            raise WrongAnswer(f"{head.splitlines()[0]}: {answer[:300]!r}")
        return json.loads(answer)


def measure(
    databases: Databases, passes: int, dossiers: int, say: Callable[[str], None]
) -> dict[str, Any]:
    """dossiers: of each client in a pass. With a commit as it is, and with one that costs 3 ms."""
    figures: dict[str, list[dict[str, float]]] = {}
    loads = []
    slow = {"group": 64, "alone": 1} if databases.name == "SQLite" else {}
    for number in range(passes):
        say(f"many_clients {databases.name}: pass {number + 1} of {passes}")
        begun = load()
        runs = [("as it is", 0, 64)] + [(name, SLOW_COMMIT_MS, g) for name, g in slow.items()]
        for name, commit_ms, group in runs:
            one = _one_pass(databases, dossiers, number, commit_ms, group)
            figures.setdefault(name, []).append(one)
        loads.append([begun, load()])
    found_: dict[str, Any] = {
        "database": f"{databases.name} {databases.version}",
        "loads": loads,
        "runs": {name: spreads(each) for name, each in figures.items()},
    }
    if slow:
        pairs = zip(figures["group"], figures["alone"], strict=True)
        found_["group_per_alone"] = Spread.of(
            group["steps_per_second"] / alone["steps_per_second"] for group, alone in pairs
        )
    return found_


def _one_pass(
    databases: Databases, dossiers: int, seed: int, commit_ms: float, group: int
) -> dict[str, float]:
    url = databases.founded(found)
    try:
        with served(url, commit_ms=commit_ms, group=group) as server:
            figures = asyncio.run(_clients(server, dossiers, random.Random(seed)))
        office = open_office(url)
        require_kept(office, {STEPS: CLIENTS * (dossiers + 1)})
        office.database.close()
        return figures
    finally:
        databases.drop(url)


async def _clients(server: Served, dossiers: int, chance: random.Random) -> dict[str, float]:
    port = int(server.address.rpartition(":")[2])
    tokens: dict[str, str] = {}
    clients = [_Client(tokens) for _ in range(CLIENTS)]
    for client in clients:
        await client.open(port)
    for lane in LANES:
        login = {"login": lane.position, "password": PASSWORD}
        tokens[lane.position] = (await clients[0].post("/api/v1/login", login))["token"]
    await _complete(clients, await _receive(clients, 1, chance), chance)  # warms up everything
    received = await _receive(clients, dossiers, chance)
    walls, seconds, cpu = await _watched(server, _complete(clients, received, chance))
    bare, bare_seconds, bare_cpu = await _watched(server, _empty(clients, EMPTY, dossiers, chance))
    short, short_seconds, short_cpu = await _watched(
        server, _empty(clients, SHORT_EMPTY, dossiers, chance)
    )
    for client in clients:
        client.close()
    per_second, bare_per_second = len(walls) / seconds, len(bare) / bare_seconds
    short_per_second = len(short) / short_seconds
    return {
        "steps_per_second": per_second,
        "p50_ms": quantile(walls, 0.5),
        "p95_ms": quantile(walls, 0.95),
        "p95_per_p50": quantile(walls, 0.95) / quantile(walls, 0.5),
        "server_cpu_ms": cpu / len(walls) * 1000,
        "empty_per_second": bare_per_second,
        "empty_cpu_ms": bare_cpu / len(bare) * 1000,
        "steps_per_empty": per_second / bare_per_second,
        "short_empty_per_second": short_per_second,
        "short_empty_cpu_ms": short_cpu / len(short) * 1000,
        "steps_per_short_empty": per_second / short_per_second,
    }


async def _watched(server: Served, work: Any) -> tuple[list[float], float, float]:
    """What the work answers, the milliseconds of each request; its seconds; the server's CPU."""
    used, begun = process_cpu(server.pid), time.perf_counter()
    walls = await work
    return walls, time.perf_counter() - begun, process_cpu(server.pid) - used


Opened = dict[str, Any]


async def _receive(
    clients: list[_Client], dossiers: int, chance: random.Random
) -> list[list[Opened]]:
    """The first open steps of each client's dossiers."""

    async def one(client: _Client) -> list[Opened]:
        return [_opened(await client.post(*_reception(chance))) for _ in range(dossiers)]

    return await asyncio.gather(*map(one, clients))


async def _complete(
    clients: list[_Client], received: list[list[Opened]], chance: random.Random
) -> list[float]:
    """Every client takes its dossiers to the end."""

    async def one(client: _Client, first: list[Opened]) -> list[float]:
        walls = []
        for stand in first:
            for number in range(1, STEPS + 1):
                path = f"/api/v1/steps/{stand['step_run_id']}/complete"
                data, key = {"data": entries(number, STEPS, chance)}, _key(chance)
                begun = time.perf_counter()
                answer = await client.post(path, data, stand["position"], key)
                walls.append((time.perf_counter() - begun) * 1000)
                stand = _opened(answer) if number < STEPS else answer  # noqa: PLW2901
            if stand["state"] != "returned":
                raise WrongAnswer(f"the chain did not end: {stand}")
        return walls

    return _together(await asyncio.gather(*map(one, clients, received)))


async def _empty(
    clients: list[_Client], path: str, dossiers: int, chance: random.Random
) -> list[float]:
    """Twice as many as steps of so many dossiers: they are short."""
    body = {"data": entries(1, STEPS, chance)}

    async def one(client: _Client) -> list[float]:
        walls = []
        for _ in range(2 * dossiers * STEPS):
            begun = time.perf_counter()
            await client.post(path, body, LANES[0].position)
            walls.append((time.perf_counter() - begun) * 1000)
        return walls

    return _together(await asyncio.gather(*map(one, clients)))


def _together(lists: Iterable[list[float]]) -> list[float]:
    return [each for some in lists for each in some]


def _reception(chance: random.Random) -> tuple[str, dict[str, Any], str, str]:
    body = {
        "procedure": procedure_code(STEPS),
        "applicant": APPLICANT,
        "components": [{"component": COMPONENT, "form": "original", "number": 1}],
    }
    return "/api/v1/dossiers", body, LANES[0].position, _key(chance)


def _opened(answer: dict[str, Any]) -> Opened:
    (opened,) = answer["opened"]
    return dict(opened)


def _key(chance: random.Random) -> str:
    return f"{chance.getrandbits(128):032x}"
