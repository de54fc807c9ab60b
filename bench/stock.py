"""Our engine beside stock SpiffWorkflow: CPU of a step, each in a process of its own, no HTTP.

Two readings of "a step". The whole act does what the office needs (rights, limits, components,
journal, worklist, measures); the runtime alone does what the stock library does: take the state,
do the step, keep state and data; `first`: as if no dossier had gone that way before. The `bare`
figures leave out what the database's driver takes.
"""

import random
from collections.abc import Callable
from typing import Any

from bench import child
from bench.databases import Databases
from bench.machine import load
from bench.office import found
from bench.procedure import entered_bytes
from bench.spread import Spread, spreads

_WAYS: dict[str, tuple[str, dict[str, Any]]] = {
    "ours": ("bench.in_process", {}),
    "runtime": ("bench.runtime_alone", {"live": True, "known": True}),
    "read_back": ("bench.runtime_alone", {"live": False, "known": True}),
    "first": ("bench.runtime_alone", {"live": True, "known": False}),
    "stock": ("bench.stock_library", {}),
}


def measure(
    databases: Databases, passes: int, dossiers: dict[int, int], say: Callable[[str], None]
) -> dict[str, Any]:
    """For each length of chain: CPU ms of a step, every way, and ratios; passes interleaved."""
    figures: dict[int, list[dict[str, float]]] = {steps: [] for steps in dossiers}
    loads = []
    chance = random.Random(0)
    for number in range(passes):
        say(f"stock {databases.name}: pass {number + 1} of {passes}")
        begun = load()
        for steps, dossiers_of_it in dossiers.items():
            order = list(_WAYS)
            chance.shuffle(order)
            one = {who: _run(databases, who, steps, dossiers_of_it, number) for who in order}
            figures[steps].append({f"{who}_{k}": v for who, f in one.items() for k, v in f.items()})
        loads.append([begun, load()])
    chains = {}
    for steps, each in figures.items():
        ratios = {
            f"stock_cpu_per_{who}": Spread.of(
                one["stock_cpu_ms"] / one[f"{who}_cpu_ms"] for one in each
            )
            for who in _WAYS
            if who != "stock"
        }
        for who in ("runtime", "first"):
            ratios[f"stock_bare_per_{who}"] = Spread.of(
                one["stock_bare_cpu_ms"] / one[f"{who}_bare_cpu_ms"] for one in each
            )
        chains[str(steps)] = {**spreads(each), **ratios}
    return {
        "database": f"{databases.name} {databases.version}",
        "loads": loads,
        "chains": chains,
    }


def _run(databases: Databases, who: str, steps: int, dossiers: int, seed: int) -> dict[str, float]:
    url = databases.founded(found) if who == "ours" else databases.empty()
    try:
        databases.compact(url)
        before = databases.sizes(url)[""]
        module, more = _WAYS[who]
        order = {"url": url, "steps": steps, "dossiers": dossiers, "seed": seed, "warm": 1}
        done = child.run(module, order | more)
        databases.compact(url)
        grown = databases.sizes(url)[""] - before
    finally:
        databases.drop(url)
    if done["steps"] != steps * dossiers:
        raise AssertionError(f"{who}: {done['steps']} steps of {steps * dossiers}")
    bare = done.get("bare_cpu_seconds", done["cpu_seconds"])
    return {
        "bare_cpu_ms": bare / done["steps"] * 1000,
        "cpu_ms": done["cpu_seconds"] / done["steps"] * 1000,
        "wall_ms": done["wall_seconds"] / done["steps"] * 1000,
        "bytes_per_entered_byte": grown / (dossiers + 1) / entered_bytes(steps),
    }
