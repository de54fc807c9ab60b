"""`python -m bench`: every benchmark, or those named, as tables and, with --json, as a file."""

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bench import (
    calendar,
    complete_step,
    feel,
    files,
    many_clients,
    report,
    soundness,
    stock,
    timers,
)
from bench import list as inbox
from bench.complete_step import Amount
from bench.databases import Databases, postgresql_databases, sqlite_databases
from bench.machine import load, machine
from tests.databases import PostgreSQLUnavailable

NAMES = (
    "complete_step",
    "many_clients",
    "stock",
    "list",
    "timers",
    "calendar",
    "feel",
    "soundness",
    "files",
)


@dataclass(frozen=True, slots=True)
class Size:
    """How much each benchmark measures; dossiers by length of chain."""

    served: Amount
    counted: dict[int, int]
    stored: dict[int, int]
    stock_passes: int
    stock: dict[int, int]
    list_passes: int
    open_steps: int
    passes: int
    times: int
    dossiers_of_many: int
    timers: int
    blocks: tuple[int, ...]
    files: int | None


FULL = Size(
    served=Amount(5, {6: 60, 30: 11, 100: 3}, 500, 40),
    counted={6: 5, 30: 2, 100: 1},
    stored={6: 60, 30: 20, 100: 8},
    stock_passes=3,
    stock={6: 40, 30: 10, 100: 3},
    list_passes=3,
    open_steps=100_000,
    passes=5,
    times=20_000,
    dossiers_of_many=5,
    timers=2_000,
    blocks=soundness.BLOCKS,
    files=None,
)
QUICK = Size(
    served=Amount(1, {6: 5}, 100, 5),
    counted={6: 1},
    stored={6: 10},
    stock_passes=1,
    stock={6: 5},
    list_passes=1,
    open_steps=12_000,
    passes=3,
    times=2_000,
    dossiers_of_many=1,
    timers=60,
    blocks=soundness.BLOCKS[:2],
    files=40,
)
_ASKED = 15  # times each list is asked for in a pass


def main() -> None:
    options = _options()
    size = QUICK if options.quick else FULL
    if options.open_steps:
        size = replace(size, open_steps=options.open_steps)
    begun = load()
    facts = machine()
    print(report.machine_lines(facts), flush=True)
    found: dict[str, Any] = {"machine": facts, "quick": options.quick, "load_begin": begun}
    for name in options.only:
        if name not in _WITH_DATABASE:
            found[name] = _WITHOUT_DATABASE[name](size)
    for kind, opened in _KINDS.items():
        if kind not in options.database:
            continue
        with opened() as databases:
            if databases is None:
                continue
            for name in options.only:
                if name in _WITH_DATABASE:
                    result = _WITH_DATABASE[name](databases, size)
                    found.setdefault(name, {})[databases.name] = result
    found["load_end"] = load()
    print("\n" + report.load_line(found["load_begin"], found["load_end"]))
    if options.json:
        text = json.dumps(report.to_data(found), ensure_ascii=False, indent=1)
        options.json.write_text(text + "\n", encoding="utf-8")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small: shows that all of it runs")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every figure here too")
    parser.add_argument("--open-steps", type=int, metavar="N", help="in the inbox's office")
    parser.add_argument("--only", nargs="+", choices=NAMES, default=list(NAMES))
    parser.add_argument("--database", nargs="+", choices=list(_KINDS), default=list(_KINDS))
    return parser.parse_args()


def _complete_step(databases: Databases, size: Size) -> dict[str, Any]:
    found = complete_step.measure(databases, size.served, _say)
    _say(f"complete_step {databases.name}: counting statements")
    found["counted"] = complete_step.count(databases, size.counted)
    _say(f"complete_step {databases.name}: weighing what is stored")
    found["stored"] = complete_step.store(databases, size.stored)
    report.print_complete_step(found, found["counted"])
    report.print_statements(found["database"], found["counted"])
    report.print_stored(found["database"], found["stored"])
    return found


def _stock(databases: Databases, size: Size) -> dict[str, Any]:
    found = stock.measure(databases, size.stock_passes, size.stock, _say)
    report.print_stock(found)
    return found


def _list(databases: Databases, size: Size) -> dict[str, Any]:
    found = inbox.measure(databases, size.list_passes, _ASKED, size.open_steps, _say)
    report.print_list(found)
    return found


def _many_clients(databases: Databases, size: Size) -> dict[str, Any]:
    found = many_clients.measure(databases, size.list_passes, size.dossiers_of_many, _say)
    report.print_many_clients(found)
    return found


def _timers(databases: Databases, size: Size) -> dict[str, Any]:
    found = timers.measure(databases, size.list_passes, size.timers, _say)
    report.print_timers(found)
    return found


def _soundness(size: Size) -> dict[str, Any]:
    found = soundness.measure(size.list_passes, _say, size.blocks)
    report.print_soundness(found)
    return found


def _files(size: Size) -> dict[str, Any]:
    found = files.measure(size.list_passes, _say, size.files)
    report.print_files(found)
    return found


def _calendar(size: Size) -> dict[str, Any]:
    found = calendar.measure(size.passes, size.times, _say)
    report.print_calendar(found)
    return found


def _feel(size: Size) -> dict[str, Any]:
    found = feel.measure(size.passes, size.times, _say)
    report.print_feel(found)
    return found


_WITH_DATABASE: dict[str, Callable[[Databases, Size], dict[str, Any]]] = {
    "complete_step": _complete_step,
    "many_clients": _many_clients,
    "stock": _stock,
    "list": _list,
    "timers": _timers,
}
_WITHOUT_DATABASE: dict[str, Callable[[Size], dict[str, Any]]] = {
    "calendar": _calendar,
    "feel": _feel,
    "soundness": _soundness,
    "files": _files,
}


@contextmanager
def _postgresql() -> Iterator[Databases | None]:
    try:
        opened = postgresql_databases()
        databases = opened.__enter__()
    except PostgreSQLUnavailable as missing:
        print(f"\n!!! NOT MEASURED ON POSTGRESQL: {missing}")
        yield None
        return
    try:
        yield databases
    finally:
        opened.__exit__(None, None, None)


_KINDS: dict[str, Callable[[], Any]] = {"sqlite": sqlite_databases, "postgresql": _postgresql}


def _say(what: str) -> None:
    """Progress, for whoever waits; not part of the report."""
    print(f"... {what}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
