"""PostgreSQL alone: the statements of completed steps, sent again on plain connections.

The product is listened to at the driver while one client completes steps: every statement with its
values, what is sent in one message, where transactions begin and end. A second copy of the same
database is then sent all of it by as many processes as there are clients, a connection each,
without HTTP, checks or thought. What is stored at the end is the same. In a process of its own:
`python -m bench.plain_connections`.
"""

import gc
import multiprocessing
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import psycopg
from starlette.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from bench import child, many_clients
from bench.databases import Databases, plain
from bench.doors import HttpDoor, Stand
from bench.kept import require_kept
from bench.machine import load
from bench.many_clients import CLIENTS, STEPS
from bench.office import found, open_office
from bench.procedure import entries
from bench.spread import Spread, quantile, spreads


def measure(
    databases: Databases, passes: int, dossiers: int, say: Callable[[str], None]
) -> dict[str, Any]:
    """Completed steps a second, both ways, pass by pass; dossiers: of each client in a pass."""
    figures, loads = [], []
    chance = random.Random(0)
    for number in range(passes):
        say(f"plain_connections {databases.name}: pass {number + 1} of {passes}")
        begun = load()
        one: dict[str, float] = {}
        ways = [_product, _plain]
        chance.shuffle(ways)
        for way in ways:
            one |= way(databases, dossiers, number)
        one["steps_per_plain"] = one["steps_per_second"] / one["plain_per_second"]
        figures.append(one)
        loads.append([begun, load()])
    return {
        "database": f"{databases.name} {databases.version}",
        "loads": loads,
        "figures": spreads(figures),
    }


def _product(databases: Databases, dossiers: int, _seed: int) -> dict[str, float]:
    said = many_clients.measure(databases, 1, dossiers, lambda _: None)["runs"]["as it is"]
    names = ("steps_per_second", "p50_ms", "p95_ms", "server_cpu_ms")
    return {name: _value(said[name]) for name in names}


def _value(spread: Spread) -> float:
    return spread.median  # of one pass


def _plain(databases: Databases, dossiers: int, seed: int) -> dict[str, float]:
    listened, repeated = databases.founded(found), databases.founded(found)
    try:
        order = {"listened": listened, "repeated": repeated, "dossiers": dossiers, "seed": seed}
        answer: dict[str, float] = child.run("bench.plain_connections", order)
    finally:
        databases.drop(listened)
        databases.drop(repeated)
    return answer


@dataclass(frozen=True, slots=True)
class Said:
    """A statement with its values, or "commit" or "rollback".

    by_place: its values are $1, $2, ...; alone: the driver begins no transaction for it; together:
    it was sent in one message with those around it; many: there are several sets of values.
    """

    text: Any
    values: Any = None
    by_place: bool = False
    alone: bool = False
    together: bool = False
    many: bool = False


class Listening:
    """Writes down what the driver of this process is given while it is on."""

    def __init__(self) -> None:
        self.said: list[Said] = []
        self._before = {
            (kind, name): getattr(kind, name)
            for kind, name in (
                (psycopg.Cursor, "execute"),
                (psycopg.Cursor, "executemany"),
                (psycopg.Connection, "commit"),
                (psycopg.Connection, "rollback"),
            )
        }
        for (kind, name), given in self._before.items():
            hears = self._statement if kind is psycopg.Cursor else self._end
            setattr(kind, name, hears(name, given))

    def taken(self) -> list[Said]:
        """What was said since the last time."""
        taken, self.said = self.said, []
        return taken

    def stop(self) -> None:
        for (kind, name), given in self._before.items():
            setattr(kind, name, given)

    def _statement(self, name: str, given: Any) -> Any:
        def hear(cursor: Any, text: Any, values: Any = None, **others: Any) -> Any:
            driver = cursor.connection
            self.said.append(
                Said(
                    text,
                    list(values) if isinstance(values, list) else values,
                    by_place=isinstance(cursor, psycopg.RawCursor),
                    alone=driver.autocommit,
                    together=driver.pgconn.pipeline_status != psycopg.pq.PipelineStatus.OFF,
                    many=name == "executemany",
                )
            )
            return given(cursor, text, values, **others)

        return hear

    def _end(self, name: str, given: Any) -> Any:
        def hear(driver: Any) -> Any:
            if driver.info.transaction_status != psycopg.pq.TransactionStatus.IDLE:
                self.said.append(Said(name))
            return given(driver)

        return hear


def _repeat(listened: str, repeated: str, dossiers: int, seed: int) -> dict[str, float]:
    """Listen to the product on the one database, then send the same to the other."""
    prelude, warm, acts = _listen(listened, dossiers, random.Random(seed))
    with psycopg.connect(plain(repeated)) as connection:
        _say(connection, prelude)
    walls, seconds, cpu = _at_once(plain(repeated), warm, acts)
    office = open_office(repeated)
    require_kept(office, {STEPS: CLIENTS * (dossiers + _WARM)})
    office.database.close()
    if len(walls) != CLIENTS * dossiers * STEPS:
        raise AssertionError(f"{len(walls)} steps were completed")
    statements = [each for act in acts[0] for each in act if each.text not in _ENDS]
    return {
        "plain_per_second": len(walls) / seconds,
        "plain_p50_ms": quantile(walls, 0.5),
        "plain_p95_ms": quantile(walls, 0.95),
        "plain_client_cpu_ms": cpu / len(walls) * 1000,
        "statements": len(statements) / len(acts[0]),
    }


_WARM = 3  # dossiers of each connection: by then driver and server have prepared what returns
_ENDS = ("commit", "rollback")
Acts = list[list[Said]]


def _listen(
    url: str, dossiers: int, chance: random.Random
) -> tuple[list[Said], list[Acts], list[Acts]]:
    """What comes before (logins, receptions); of each client: acts to warm up, and the others."""
    office = open_office(url)
    app = create_app(office, Settings(database_url=url, tick_seconds=0))
    listening = Listening()
    warm: list[Acts] = []
    acts: list[Acts] = []
    with TestClient(app) as client:
        door = HttpDoor(client)
        received = [
            [
                door.receive(STEPS, f"{chance.getrandbits(128):032x}")
                for _ in range(dossiers + _WARM)
            ]
            for _ in range(CLIENTS)
        ]
        prelude = listening.taken()
        for stands in received:
            own = [act for each in stands for act in _completions(door, listening, each, chance)]
            warm.append(own[: _WARM * STEPS])
            acts.append(own[_WARM * STEPS :])
    office.database.close()
    listening.stop()
    return prelude, warm, acts


def _completions(
    door: HttpDoor, listening: Listening, stand: Stand, chance: random.Random
) -> Iterator[list[Said]]:
    for number in range(1, STEPS + 1):
        key = _key(chance)
        stand = door.complete(stand, entries(number, STEPS, chance), key)
        yield listening.taken()


def _key(chance: random.Random) -> str:
    return f"{chance.getrandbits(128):032x}"


def _at_once(url: str, warm: list[Acts], acts: list[Acts]) -> tuple[list[float], float, float]:
    """All clients at once, each a process forked from this one.

    Milliseconds of each act, seconds of all together, the clients' CPU seconds.
    """
    gc.freeze()  # or each client would copy all that was written down when it collects garbage
    forking = multiprocessing.get_context("fork")
    ready = forking.Barrier(CLIENTS + 1)
    pipes = []
    for own_warm, own_acts in zip(warm, acts, strict=True):
        mine, theirs = forking.Pipe(duplex=False)
        client = forking.Process(target=_client, args=(url, own_warm, own_acts, ready, theirs))
        client.start()
        pipes.append((mine, client))
    ready.wait()
    begun = time.perf_counter()
    answers = [mine.recv() for mine, _ in pipes]
    seconds = time.perf_counter() - begun
    for _, client in pipes:
        client.join()
    walls = [wall for own, _ in answers for wall in own]
    return walls, seconds, sum(cpu for _, cpu in answers)


def _client(url: str, warm: Acts, acts: Acts, ready: Any, answer: Any) -> None:
    with psycopg.connect(url) as connection:
        for act in warm:
            _say(connection, act)
        ready.wait()
        walls, used = [], time.process_time()
        for act in acts:
            begun = time.perf_counter()
            _say(connection, act)
            walls.append((time.perf_counter() - begun) * 1000)
        answer.send((walls, time.process_time() - used))


def _say(connection: psycopg.Connection[Any], said: list[Said]) -> None:
    """The statements as they were said; what is found is read."""
    for together, group in _groups(said):
        if not together:
            for each in group:
                _say_one(connection, each)
            continue
        with connection.pipeline():
            for each in group:
                _cursor(connection, each).execute(each.text, each.values)


def _cursor(connection: psycopg.Connection[Any], each: Said) -> psycopg.Cursor[Any]:
    return psycopg.RawCursor(connection) if each.by_place else psycopg.Cursor(connection)


def _groups(said: list[Said]) -> Iterator[tuple[bool, list[Said]]]:
    group: list[Said] = []
    for each in said:
        if group and group[-1].together != each.together:
            yield group[-1].together, group
            group = []
        group.append(each)
    if group:
        yield group[-1].together, group


def _say_one(connection: psycopg.Connection[Any], each: Said) -> None:
    if each.text in _ENDS:
        getattr(connection, each.text)()
        return
    if connection.autocommit != each.alone:
        connection.autocommit = each.alone
    cursor = _cursor(connection, each)
    if each.many:
        cursor.executemany(each.text, each.values)
        return
    cursor.execute(each.text, each.values)
    if cursor.description is not None:
        cursor.fetchall()


if __name__ == "__main__":
    child.answer(_repeat)
