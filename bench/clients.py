"""Several clients at once, each a process of its own that takes whole dossiers back to back.

`python -m bench.clients ADDRESS DOSSIERS SEED` is one of them: it says "ready", waits for a line,
and prints how long each completion took.
"""

import json
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx

from bench.doors import OFFICERS, HttpDoor, Stand, unwatched, walk
from bench.spread import quantile

CLIENTS = 4
STEPS = 6  # the chain that they run
_ROOT = Path(__file__).resolve().parent.parent


def clients_at_once(address: str, dossiers: int, chance: random.Random) -> dict[str, float]:
    """Throughput and latency; the clients share the machine with server and database."""
    clients = [_Client(address, dossiers, chance.getrandbits(32)) for _ in range(CLIENTS)]
    for client in clients:
        if client.read() != "ready\n":
            raise AssertionError("a client did not get ready; its own words are above")
    begun = time.perf_counter()
    for client in clients:
        client.go()
    walls = [wall for client in clients for wall in json.loads(client.read())]
    seconds = time.perf_counter() - begun
    for client in clients:
        client.end()
    if len(walls) != CLIENTS * dossiers * STEPS:
        raise AssertionError(f"{len(walls)} completions came back")
    return {
        "dossiers_per_minute": CLIENTS * dossiers / seconds * 60,
        "steps_per_second": len(walls) / seconds,
        "complete_p50_ms": quantile(walls, 0.5),
        "complete_p95_ms": quantile(walls, 0.95),
    }


class _Client:
    """The other end of one client process."""

    def __init__(self, address: str, dossiers: int, seed: int) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bench.clients", address, str(dossiers), str(seed)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=_ROOT,
        )

    def read(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline()

    def go(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write("go\n")
        self._process.stdin.flush()

    def end(self) -> None:
        self._process.communicate()


@contextmanager
def door_to(address: str, logins: Sequence[str] = OFFICERS) -> Iterator[HttpDoor]:
    """One client with a kept connection, for so many officers."""
    with httpx.Client(base_url=address, timeout=60, trust_env=False) as client:
        yield HttpDoor(client, logins)


def _one(address: str, dossiers: int, seed: int) -> None:
    walls: list[float] = []

    def watch(kind: str, act: Callable[[], Stand]) -> Stand:
        begun = time.perf_counter()
        stand = act()
        if kind == "complete":
            walls.append((time.perf_counter() - begun) * 1000)
        return stand

    chance = random.Random(seed)
    with door_to(address) as door:
        walk(door, STEPS, chance, unwatched)
        print("ready", flush=True)
        sys.stdin.readline()
        for _ in range(dossiers):
            walk(door, STEPS, chance, watch)
    print(json.dumps(walls), flush=True)


if __name__ == "__main__":
    _one(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
