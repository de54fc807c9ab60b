"""The table of goals of the engine core, filled in with what was measured."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bench.printing import table
from bench.spread import Spread, shown

Found = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Goal:
    """One figure, and what it must reach; measured is None where nothing was measured."""

    figure: str
    database: str
    goal: str
    measured: Spread | None
    holds: Callable[[float], bool]

    @property
    def reached(self) -> str:
        if self.measured is None:
            return "not measured"
        if not self.holds(self.measured.median):
            return "no"
        ends = self.measured.low, self.measured.high
        return "yes" if all(map(self.holds, ends)) else "yes, not in every pass"

    def to_data(self) -> dict[str, Any]:
        measured = None if self.measured is None else self.measured.to_data()
        names = {"figure": self.figure, "database": self.database, "goal": self.goal}
        return {**names, "measured": measured, "reached": self.reached}


DATABASES = ("SQLite", "PostgreSQL")
_LENGTHS = ("6", "30", "100")  # of chains, in steps


def goals(found: Found) -> list[Goal]:
    """Every row of the table, in its order."""
    rows = (_step, _many, _plain, _stock, _loops, _stored, _inbox, _timers)
    return [goal for each in rows for goal in each(found)]


def print_goals(found: Found) -> None:
    rows = [
        [goal.figure, goal.database, goal.goal, goal.measured or "–", goal.reached]
        for goal in goals(found)
    ]
    head = ["figure", "database", "goal", "median (lowest-highest)", "reached"]
    print(table("goals of the engine core", head, rows))


def _at_most(figure: str, database: str, most: float, measured: Any) -> Goal:
    return Goal(figure, database, f"<= {shown(most)}", _spread(measured), lambda v: v <= most)


def _at_least(figure: str, database: str, least: float, measured: Any) -> Goal:
    return Goal(figure, database, f">= {shown(least)}", _spread(measured), lambda v: v >= least)


def _spread(measured: Any) -> Spread | None:
    if measured is None or isinstance(measured, Spread):
        return measured
    return Spread.of([measured])


def _at(found: Any, *names: str) -> Any:
    """What lies under these names; None where it was not measured."""
    for name in names:
        if not isinstance(found, Mapping) or name not in found:
            return None
        found = found[name]
    return found


def _step(found: Found) -> Iterator[Goal]:
    figure = "complete a step over HTTP, 6 steps, one client, server CPU ms"
    for database, most in zip(DATABASES, (0.9, 1.8), strict=True):
        own = _at(found, "complete_step", database)
        yield _at_most(
            figure, database, most, _at(own, "chains", "6", "complete_server_cpu_mean_ms")
        )
    for database in DATABASES:
        own = _at(found, "complete_step", database)
        yield _at_most("the same, 100 steps / 6 steps", database, 1.2, _at(own, "long_per_short"))
    for database in DATABASES:
        counted = _at(found, "complete_step", database, "counted")
        for name, most in (("statements", 8), ("commits", 1)):
            numbers = [one[f"complete_{name}_most"] for one in (counted or {}).values()]
            most_seen = max(numbers) if numbers else None
            yield _at_most(f"{name} of a completion, the most", database, most, most_seen)


def _many(found: Found) -> Iterator[Goal]:
    figure = "complete a step over HTTP, 6 steps, 32 clients, server CPU ms"
    for database, most in zip(DATABASES, (0.9, 1.8), strict=True):
        each = _at(found, "many_clients", database, "runs", "as it is", "server_cpu_ms")
        yield _at_most(figure, database, most, each)
    own = _at(found, "many_clients", "SQLite")
    run = _at(own, "runs", "as it is")
    ratio = _at(run, "steps_per_empty")
    yield _at_least("32 clients, steps/s / empty requests/s", "SQLite", 0.35, ratio)
    yield _at_most("32 clients, p95 / p50", "SQLite", 4, _at(run, "p95_per_p50"))
    group = _at(own, "group_per_alone")
    yield _at_least("a commit costs 3 ms: groups / one at a time", "SQLite", 1.5, group)


def _plain(found: Found) -> Iterator[Goal]:
    ratio = _at(found, "plain_connections", "PostgreSQL", "figures", "steps_per_plain")
    yield _at_least("32 clients over HTTP / plain connections", "PostgreSQL", 0.3, ratio)


def _stock(found: Found) -> Iterator[Goal]:
    readings = (
        ("stock / our runtime, no database in either", "stock_bare_per_runtime"),
        ("the same, ways that no dossier went before", "stock_bare_per_first"),
        ("stock / our runtime, both written durably", "stock_cpu_per_runtime"),
        ("stock / our whole act", "stock_cpu_per_ours"),
    )
    for figure, name in readings:
        for steps in _LENGTHS:
            ratio = _at(found, "stock", "SQLite", "chains", steps, name)
            yield _at_least(f"{figure}, {steps} steps", "SQLite", 15, ratio)


def _loops(found: Found) -> Iterator[Goal]:
    for database in DATABASES:
        own = _at(found, "loops", database)
        last = max(_at(own, "loops") or [3_000])
        for kind, name in (("gateway", "through a gateway"), ("send_back", "sent back")):
            ratio = _at(own, "last_per_first", kind)
            figure = f"step CPU after {last:,} loops / 10 loops, {name}"
            yield _at_most(figure, database, 1.2, ratio)


def _stored(found: Found) -> Iterator[Goal]:
    for database in DATABASES:
        stored = _at(found, "complete_step", database, "stored", "30", "bytes_per_entered_byte")
        yield _at_most("stored / entered, 30 steps of 2 kB", database, 2.0, stored)


def _inbox(found: Found) -> Iterator[Goal]:
    for database in DATABASES:
        own = _at(found, "list", database)
        number = _at(own, "dossiers") or 1_000_000
        for door, title in (("http", "REST"), ("html", "HTML page")):
            for page in ("first", "tenth"):
                desks = [_at(own, "desks", desk, f"{door}_{page}_ms") for desk in ("big", "small")]
                slowest = max(filter(None, desks), key=lambda each: each.median, default=None)
                figure = f"inbox among {number:,}, {title}, {page} page, ms (slower of two desks)"
                yield _at_most(figure, database, 20, slowest)


def _timers(found: Found) -> Iterator[Goal]:
    for database in DATABASES:
        fired = _at(found, "timers", database, "figures", "timers_per_second")
        yield _at_least("timers fired a second, 3 workers", database, 4_000, fired)
