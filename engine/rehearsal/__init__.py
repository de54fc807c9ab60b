"""Rehearsal: a procedure run dry, on a clock of its own, with given or random answers.

Nothing is stored and nobody is told. People answer at once, so a timer fires only when nothing
else can happen; the one due first goes first, and waiting costs nothing. Messages and signals pass
between the pools of the file; what comes from outside comes when nothing else can happen.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.calendar import Calendar
from engine.rehearsal.acting import ByChance, Director, InOrder
from engine.rehearsal.every_path import MOST_RUNS, Explorer, entries_of
from engine.rehearsal.readiness import Part, Ready, make_ready
from engine.rehearsal.run import COMPLETED, FAILED, REFUSED, STUCK, Cue, Passed, Run, Script
from engine.rehearsal.scenario import Deviation, InvalidScenario, Scenario, read_scenarios
from engine.rehearsal.scenario_file import UnreadableScenarios, load
from engine.rehearsal.stage import Stage
from processes.finding import Finding

__all__ = [
    "COMPLETED",
    "FAILED",
    "REFUSED",
    "STUCK",
    "Coverage",
    "Cue",
    "Deviation",
    "InvalidScenario",
    "Passed",
    "Rehearsal",
    "Run",
    "Scenario",
    "Script",
    "UnreadableScenarios",
    "load",
    "read_scenarios",
]


@dataclass(frozen=True, slots=True)
class Coverage:
    """What several runs have passed together, and what none did, in file order."""

    elements: int
    missed_elements: tuple[str, ...]
    flows: int
    missed_flows: tuple[str, ...]


class Rehearsal:
    """A diagram ready to be run dry, as often as wanted; refused ones say why."""

    def __init__(
        self, data: bytes, calendar: Calendar, start: datetime, *, killable: bool = False
    ) -> None:
        """killable: as `make_ready` takes it."""
        self._data = data
        self._killable = killable
        self._calendar = calendar
        self._start = start
        self._as_drawn: Ready | Finding = make_ready(data, killable=killable)
        self._with_own_ways: Ready | Finding | None = None

    def run(self, script: Script, number: int = 1) -> Run:
        """Run once from start to end; the data decide."""
        return self._run(self._as_drawn, script, InOrder(), number)

    def play(self, scenarios: Sequence[Scenario]) -> Iterator[Run]:
        """Each scenario once; failed where it does not go as expected."""
        for number, scenario in enumerate(scenarios, start=1):
            run = self.run(scenario.script, number)
            ready = self._as_drawn
            yield scenario.judge(run, ready.procedure) if isinstance(ready, Ready) else run

    def random_runs(self, number: int, seed: int, data: Mapping[str, Any]) -> Iterator[Run]:
        """So many runs with all choices at random; the same seed gives the same runs.

        Where conditions ask for data that no form asks for, chance decides for the gateways.
        """
        ready = self._as_drawn
        parts: tuple[Part, ...] = ()
        if isinstance(ready, Finding) or not _asked(ready, data):
            ready = self._own_ways()
            parts = ready.parts if isinstance(ready, Ready) else ()
        for index in range(1, number + 1):
            chance = random.Random(f"{seed}/{index}")  # noqa: S311 - repeatability is the purpose
            yield self._run(ready, Script(data, chance=chance), ByChance(chance, parts), index)

    def every_path(self, seed: int, data: Mapping[str, Any]) -> Iterator[Run]:
        """Runs that take every way once, whatever the conditions say."""
        ready = self._own_ways()
        if isinstance(ready, Finding):
            yield self._run(ready, Script(), InOrder(), 1)
            return
        explorer = Explorer(ready)
        number = 0
        while number < MOST_RUNS and (explorer.aim() or number == 0):
            number += 1
            script = Script(data, chance=entries_of(seed, number))
            yield self._run(ready, script, explorer, number)

    def coverage(self, runs: Sequence[Run]) -> Coverage:
        """What the runs passed of all that there is."""
        ready = self._as_drawn if isinstance(self._as_drawn, Ready) else self._own_ways()
        parts: tuple[Part, ...] = ready.parts if isinstance(ready, Ready) else ()
        elements = frozenset[str]().union(*(run.elements for run in runs))
        flows = frozenset[str]().union(*(run.flows for run in runs))
        all_elements = [node.id for part in parts for node in part.diagram.nodes]
        all_flows = [flow.id for part in parts for flow in part.diagram.connecting]
        return Coverage(
            len(all_elements),
            tuple(each for each in all_elements if each not in elements),
            len(all_flows),
            tuple(each for each in all_flows if each not in flows),
        )

    @property
    def elements(self) -> frozenset[str]:
        """Ids of what a run can pass."""
        return frozenset(self.coverage(()).missed_elements)

    def _own_ways(self) -> Ready | Finding:
        if self._with_own_ways is None:
            self._with_own_ways = make_ready(self._data, ours=True, killable=self._killable)
        return self._with_own_ways

    def _run(self, ready: Ready | Finding, script: Script, director: Director, number: int) -> Run:
        if isinstance(ready, Finding):
            return Run(number, REFUSED, (), {}, f"{ready.vi} / {ready.en}")
        return Stage(ready, self._calendar, self._start, script, director).run(number)


def _asked(ready: Ready, data: Mapping[str, Any]) -> bool:
    """Whether forms or start data state everything that the conditions read."""
    procedure = ready.procedure
    known = {field.code for field in procedure.fields} | data.keys()
    known |= {field.code for step in procedure.steps for field in step.fields}
    read = {name for part in ready.parts for name in part.names}
    return read <= known
