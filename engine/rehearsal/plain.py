"""A rehearsal as a judge's process does it: asked and answered in plain values."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cache
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from engine.calendar import Calendar
from engine.rehearsal import COMPLETED, REFUSED, Rehearsal, Run, Script, read_scenarios
from engine.working_calendar.viet_nam import vietnam

START = datetime(2026, 3, 2, 8, 0, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))  # a Monday in office hours
MOST_RUNS = 200
_MOST_PASSED = 6_000  # so that runs which go round for ever are told, not killed


@cache
def working_hours() -> Calendar:
    """The calendar that timers of a rehearsal are due by."""
    return vietnam(START.year, START.year + 4)


def rehearse(data: bytes, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Run a file dry. wanted: the fields of `engine.rehearsal.room.Wanted`.

    The answer: `runs` as `Run.to_data` with `moves`, `expected` outcomes, `coverage`, and whether
    it was `cut` because the runs together grew too long.
    """
    rehearsal = Rehearsal(data, working_hours(), START, killable=True)
    scenarios = read_scenarios(wanted["scenarios"]) if wanted["scenarios"] is not None else ()
    runs: list[Run] = []
    passed = 0
    done = islice(_runs(rehearsal, wanted, scenarios), MOST_RUNS)
    for run in done:
        runs.append(run)
        passed += len(run.trace)
        if passed > _MOST_PASSED or run.outcome == REFUSED:  # refused once is refused always
            break
    found = rehearsal.coverage(runs)
    return {
        "runs": [run.to_data("") | {"moves": run.moves} for run in runs],
        "expected": [each.expected.outcome for each in scenarios] or [COMPLETED] * len(runs),
        "coverage": {
            "elements": found.elements,
            "missed_elements": list(found.missed_elements),
            "flows": found.flows,
            "missed_flows": list(found.missed_flows),
        },
        "passed": sorted(frozenset[str]().union(*(run.elements | run.flows for run in runs))),
        "cut": passed > _MOST_PASSED and next(done, None) is not None,
    }


def _runs(rehearsal: Rehearsal, wanted: Mapping[str, Any], scenarios: Any) -> Iterator[Run]:
    start, seed = wanted["data"], wanted["seed"]
    if wanted["scenarios"] is not None:
        return rehearsal.play(scenarios)
    if wanted["every_path"]:
        return rehearsal.every_path(seed, start)
    if wanted["random"]:
        return rehearsal.random_runs(wanted["random"], seed, start)
    return iter([rehearsal.run(Script(start, wanted["answers"]))])
