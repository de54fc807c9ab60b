"""`python -m bench`: every benchmark, or those named, as tables and, with --json, as a file."""

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bench import (
    calendar,
    complete_step,
    event_log,
    feel,
    files,
    forms,
    goals,
    loops,
    many_clients,
    plain_connections,
    report,
    reprojection,
    signatures,
    soundness,
    stock,
    timers,
    uploads,
    what_if,
)
from bench import list as inbox
from bench.complete_step import Amount
from bench.databases import Databases, postgresql_databases, sqlite_databases
from bench.machine import load, machine
from tests.databases import PostgreSQLUnavailable

ENGINE = ("complete_step", "many_clients", "plain_connections", "stock", "loops", "list", "timers")
NAMES = (
    *ENGINE,
    "reprojection",
    "calendar",
    "feel",
    "soundness",
    "files",
    "uploads",
    "forms",
    "signatures",
    "what_if",
    "event_log",
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
    open_dossiers: int
    passes: int
    times: int
    dossiers_of_many: int
    loops: tuple[int, ...]
    timed_loops: int
    timers: int
    reprojected: int
    blocks: tuple[int, ...]
    files: int | None


FULL = Size(
    served=Amount(5, {6: 60, 30: 11, 100: 3}, 500, 40),
    counted={6: 5, 30: 2, 100: 1},
    stored={6: 60, 30: 100, 100: 8},
    stock_passes=3,
    stock={6: 40, 30: 10, 100: 3},
    list_passes=3,
    open_dossiers=1_000_000,
    passes=5,
    times=20_000,
    dossiers_of_many=5,
    loops=loops.LOOPS,
    timed_loops=10,
    timers=3_000,
    reprojected=100_000,
    blocks=soundness.BLOCKS,
    files=None,
)
QUICK = Size(
    served=Amount(1, {6: 5, 100: 1}, 100, 5),
    counted={6: 1, 100: 1},
    stored={30: 30},  # fewer weigh the pages that hold them
    stock_passes=1,
    stock={6: 5, 100: 1},
    list_passes=1,
    open_dossiers=20_000,
    passes=3,
    times=2_000,
    dossiers_of_many=1,
    loops=(10, 100),
    timed_loops=5,
    timers=60,
    reprojected=500,
    blocks=soundness.BLOCKS[:2],
    files=40,
)
_ASKED = 15  # times each list is asked for in a pass


def main(given: Sequence[str] | None = None) -> None:
    options = _options(given)
    size = QUICK if options.quick else FULL
    if options.open_dossiers:
        size = replace(size, open_dossiers=options.open_dossiers)
    begun = load()
    facts = machine()
    print(report.machine_lines(facts), flush=True)
    found: dict[str, Any] = {"machine": facts, "quick": options.quick, "load_begin": begun}
    _measure(options, size, found)
    found["load_end"] = load()
    if not set(ENGINE).isdisjoint(options.only):
        goals.print_goals(found)
        found["goals"] = [goal.to_data() for goal in goals.goals(found)]
    print("\n" + report.load_line(found["load_begin"], found["load_end"]))
    if options.json:
        text = json.dumps(report.to_data(found), ensure_ascii=False, indent=1)
        options.json.write_text(text + "\n", encoding="utf-8")


def _measure(options: argparse.Namespace, size: Size, found: dict[str, Any]) -> None:
    """Every benchmark that was asked for; its figures are put into `found` under its name."""
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
                if name in _WITH_DATABASE and (name, kind) not in _NOT_ON:
                    result = _WITH_DATABASE[name](databases, size)
                    found.setdefault(name, {})[databases.name] = result


def _options(given: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small: shows that all of it runs")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every figure here too")
    parser.add_argument("--open-dossiers", type=int, metavar="N", help="in the inbox's office")
    parser.add_argument(
        "--only",
        nargs="+",
        choices=[*NAMES, "engine"],
        default=list(NAMES),
        help="engine: all that the table of goals needs",
    )
    parser.add_argument("--database", nargs="+", choices=list(_KINDS), default=list(_KINDS))
    options = parser.parse_args(given)
    if "engine" in options.only:
        options.only = [name for name in NAMES if name in {*options.only, *ENGINE}]
    return options


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
    found = inbox.measure(databases, size.list_passes, _ASKED, size.open_dossiers, _say)
    report.print_list(found)
    return found


def _many_clients(databases: Databases, size: Size) -> dict[str, Any]:
    found = many_clients.measure(databases, size.list_passes, size.dossiers_of_many, _say)
    report.print_many_clients(found)
    return found


def _plain_connections(databases: Databases, size: Size) -> dict[str, Any]:
    found = plain_connections.measure(databases, size.list_passes, size.dossiers_of_many, _say)
    report.print_plain_connections(found)
    return found


def _loops(databases: Databases, size: Size) -> dict[str, Any]:
    found = loops.measure(databases, size.list_passes, size.loops, size.timed_loops, _say)
    report.print_loops(found)
    return found


def _timers(databases: Databases, size: Size) -> dict[str, Any]:
    found = timers.measure(databases, size.list_passes, size.timers, _say)
    report.print_timers(found)
    return found


def _reprojection(databases: Databases, size: Size) -> dict[str, Any]:
    found = reprojection.measure(databases, size.reprojected, _say)
    report.print_reprojection(found)
    return found


def _soundness(size: Size) -> dict[str, Any]:
    found = soundness.measure(size.list_passes, _say, size.blocks)
    report.print_soundness(found)
    return found


def _files(size: Size) -> dict[str, Any]:
    found = files.measure(size.list_passes, _say, size.files)
    report.print_files(found)
    return found


def _uploads(size: Size) -> dict[str, Any]:
    found = uploads.measure(size.passes, _say)
    uploads.show(found)
    return found


def _forms(size: Size) -> dict[str, Any]:
    found = forms.measure(size.passes, _say)
    forms.show(found)
    return found


def _signatures(size: Size) -> dict[str, Any]:
    found = signatures.measure(size.passes, _say)
    signatures.show(found)
    return found


def _what_if(size: Size) -> dict[str, Any]:
    found = what_if.measure(size.passes, _say)
    what_if.show(found)
    return found


def _event_log(size: Size) -> dict[str, Any]:
    log = event_log.corpus_log()
    if not log.is_file():
        print(f"\n!!! NOT MEASURED: event_log; there is no {log.name} in QUYTRINH_CORPORA")
        return {}
    _say("event_log: reading and measuring a real log")
    found = event_log.measure(log, passes=size.passes)
    print(f"\n## Event log: {log.name}, {found['events']:.0f} events")
    event_log.show(found, {})
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
    "plain_connections": _plain_connections,
    "stock": _stock,
    "loops": _loops,
    "list": _list,
    "timers": _timers,
    "reprojection": _reprojection,
}
_NOT_ON = {("plain_connections", "sqlite")}  # a file has no server to connect to
_WITHOUT_DATABASE: dict[str, Callable[[Size], dict[str, Any]]] = {
    "calendar": _calendar,
    "feel": _feel,
    "soundness": _soundness,
    "files": _files,
    "uploads": _uploads,
    "forms": _forms,
    "signatures": _signatures,
    "what_if": _what_if,
    "event_log": _event_log,
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
