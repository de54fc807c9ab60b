"""Completing a step over HTTP, beside what the same database does by itself in the same run."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from bench import child
from bench.clients import CLIENTS, STEPS, clients_at_once, door_to
from bench.cpu import DatabaseCpu, NoCpu, ServerCpu
from bench.databases import Databases
from bench.doors import HttpDoor, Stand, unwatched, walk
from bench.kept import require_kept
from bench.machine import load
from bench.office import found, open_office
from bench.procedure import entered_bytes
from bench.raw_commits import raw_commits
from bench.served import Served, served
from bench.spread import Spread, quantile, spreads


@dataclass(frozen=True, slots=True)
class Amount:
    """How much is measured. dossiers: length of chain -> dossiers of one pass."""

    passes: int
    dossiers: dict[int, int]
    commits: int
    dossiers_of_a_client: int


@dataclass(slots=True)
class Act:
    """One act: when it began by the servers' CPU, and how long the client waited for it."""

    kind: str
    wall_ms: float
    server_cpu: float
    database_cpu: float


def measure(databases: Databases, amount: Amount, say: Callable[[str], None]) -> dict[str, Any]:
    """Every figure of one kind of database, over all passes."""
    raw: list[dict[str, float]] = []
    served_figures: dict[str, list[dict[str, float]]] = {}
    loads = []
    for number in range(amount.passes):
        say(f"complete_step {databases.name}: pass {number + 1} of {amount.passes}")
        chance = random.Random(number)
        begun = load()
        raw.append(raw_commits(databases, amount.commits, chance))
        for name, figures in _one_pass(databases, amount, chance).items():
            served_figures.setdefault(name, []).append(figures)
        loads.append([begun, load()])
    return {
        "database": f"{databases.name} {databases.version}",
        "loads": loads,
        "raw": spreads(raw),
        "chains": {
            name: {**spreads(each), **_ratios(raw, each)}
            for name, each in served_figures.items()
            if name != "clients"
        },
        "clients": spreads(served_figures["clients"]),
        **_long_per_short(served_figures, amount),
    }


def _long_per_short(
    served_figures: dict[str, list[dict[str, float]]], amount: Amount
) -> dict[str, Spread]:
    """Server CPU of a step in the longest chain for that in the shortest, pass by pass."""
    if len(amount.dossiers) < 2:
        return {}
    short, long = (served_figures[str(f(amount.dossiers))] for f in (min, max))
    name = "complete_server_cpu_mean_ms"
    pairs = zip(short, long, strict=True)
    return {"long_per_short": Spread.of(ends[name] / begins[name] for begins, ends in pairs)}


def _one_pass(
    databases: Databases, amount: Amount, chance: random.Random
) -> dict[str, dict[str, float]]:
    """A fresh office served by a fresh process; each length of chain, then all clients at once."""
    url = databases.founded(found)
    try:
        finished = dict.fromkeys(amount.dossiers, 0)
        figures: dict[str, dict[str, float]] = {}
        with served(url) as server:
            with door_to(server.address) as door:
                for steps, dossiers in amount.dossiers.items():
                    walk(door, steps, chance, unwatched)
                    acts = _acts(door, server, databases, steps, dossiers, chance)
                    finished[steps] += 1 + dossiers
                    figures[str(steps)] = _figures(acts)
            figures["clients"] = clients_at_once(
                server.address, amount.dossiers_of_a_client, chance
            )
            finished[STEPS] += CLIENTS * (amount.dossiers_of_a_client + 1)
        office = open_office(url)
        require_kept(office, finished)
        office.database.close()
        return figures
    finally:
        databases.drop(url)


def _acts(
    door: HttpDoor,
    server: Served,
    databases: Databases,
    steps: int,
    dossiers: int,
    chance: random.Random,
) -> list[Act]:
    acts: list[Act] = []
    server_cpu, database_cpu = ServerCpu(server.pid), databases.cpu()

    def watch(kind: str, act: Callable[[], Stand]) -> Stand:
        used, used_by_database = server_cpu.reading(), database_cpu.reading()
        begun = time.perf_counter()
        stand = act()
        wall = (time.perf_counter() - begun) * 1000
        acts.append(Act(kind, wall, used, used_by_database))
        return stand

    for _ in range(dossiers):
        walk(door, steps, chance, watch)
    acts.append(Act("end", 0, server_cpu.reading(), database_cpu.reading()))
    _require_settled(acts, database_cpu)
    return acts


def _require_settled(acts: list[Act], database_cpu: DatabaseCpu | NoCpu) -> None:
    """Work of database processes that were not watched would be missing from the figures."""
    watched = acts[-1].database_cpu - acts[0].database_cpu
    if database_cpu.newcomers() > 0.1 * watched + 0.05:
        raise AssertionError("new processes of the database did a good part of the work")


def _figures(acts: list[Act]) -> dict[str, float]:
    """An act's CPU is counted until the next act begins, so that what the server does after its
    answer is not lost."""
    walls: dict[str, list[float]] = {"receive": [], "complete": []}
    server: dict[str, list[float]] = {"receive": [], "complete": []}
    database: dict[str, list[float]] = {"receive": [], "complete": []}
    for act, following in pairwise(acts):
        walls[act.kind].append(act.wall_ms)
        server[act.kind].append((following.server_cpu - act.server_cpu) * 1000)
        database[act.kind].append((following.database_cpu - act.database_cpu) * 1000)
    figures: dict[str, float] = {}
    for kind, waited in walls.items():
        figures |= {
            f"{kind}_p50_ms": quantile(waited, 0.5),
            f"{kind}_p95_ms": quantile(waited, 0.95),
            f"{kind}_server_cpu_p50_ms": quantile(server[kind], 0.5),
            f"{kind}_server_cpu_p95_ms": quantile(server[kind], 0.95),
            f"{kind}_server_cpu_mean_ms": sum(server[kind]) / len(server[kind]),
            f"{kind}_database_cpu_mean_ms": sum(database[kind]) / len(database[kind]),
        }
    figures["completions"] = len(walls["complete"])
    return figures


def _ratios(raw: list[dict[str, float]], served_passes: list[dict[str, float]]) -> dict[str, Any]:
    """What the product costs for each raw commit, pass by pass."""
    pairs = list(zip(raw, served_passes, strict=True))
    return {
        "latency_per_raw_commit": Spread.of(
            ours["complete_p50_ms"] / bare["commit_p50_ms"] for bare, ours in pairs
        ),
        "cpu_per_raw_commit": Spread.of(
            (ours["complete_server_cpu_mean_ms"] + ours["complete_database_cpu_mean_ms"])
            / (bare["client_cpu_ms"] + bare["database_cpu_ms"])
            for bare, ours in pairs
        ),
        "p95_per_p50": Spread.of(
            ours["complete_p95_ms"] / ours["complete_p50_ms"] for _, ours in pairs
        ),
    }


def count(databases: Databases, dossiers: dict[int, int]) -> dict[str, Any]:
    """Statements and commits of the acts, with and without idempotency keys."""
    counted: dict[str, Any] = {}
    for steps, number in dossiers.items():
        for keys in (True, False):
            url = databases.founded(found)
            order = {"url": url, "steps": steps, "dossiers": number, "seed": steps, "keys": keys}
            name = f"{steps}" if keys else f"{steps} without keys"
            counted[name] = child.run("bench.statements", order)
            databases.drop(url)
    return counted


def store(databases: Databases, dossiers: dict[int, int]) -> dict[str, Any]:
    """Bytes that finished dossiers add to a compacted database, and where they lie."""
    stored: dict[str, Any] = {}
    for steps, number in dossiers.items():
        url = databases.founded(found)
        databases.compact(url)
        before = databases.sizes(url)
        order = {"url": url, "steps": steps, "dossiers": number, "seed": steps, "warm": 0}
        child.run("bench.in_process", order)
        databases.compact(url)
        after = databases.sizes(url)
        databases.drop(url)
        grown = {name: (size - before.get(name, 0)) / number for name, size in after.items()}
        whole = grown.pop("")
        stored[str(steps)] = {
            "bytes_per_dossier": whole,
            "entered_per_dossier": entered_bytes(steps),
            "bytes_per_entered_byte": whole / entered_bytes(steps),
            "by_table": {name: size for name, size in sorted(grown.items()) if size > 0},
            "dossiers": number,
        }
    return stored
