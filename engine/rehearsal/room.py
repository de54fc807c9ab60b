"""Rehearsals of strangers' files, in processes that are killed when they take too much.

They have a room apart, so that no check of a file waits for a rehearsal.
"""

import atexit
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from engine.judging import JudgingRoom, TakesTooLong
from engine.rehearsal import plain
from engine.rehearsal.run import COMPLETED
from engine.rehearsal.scenario import read_scenarios
from engine.rehearsal.scenario_file import load
from processes.document import MAX_BYTES, FileTooLarge
from processes.errors import InvalidInput
from processes.soundness import Move

SECONDS = 8.0  # of work that all runs of one rehearsal may cost
MOST_RANDOM = 100
_room = JudgingRoom(size=2, seconds=SECONDS)

atexit.register(_room.close)


class RehearsalTooLong(InvalidInput):
    """The runs were stopped when their time was over."""

    code = "rehearsal.too_long"
    vi = "Diễn thử quá {seconds} giây nên đã dừng. Giảm số lượt hoặc tách sơ đồ rồi thử lại."
    en = (
        "The rehearsal took more than {seconds} seconds and was stopped. Ask for fewer runs or "
        "split the diagram, and try again."
    )


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be run: scenarios, else every path, else so many runs at random, else one run.

    data: start values. answers: of that one run, by element. scenarios: content of their file.
    """

    random: int = 0
    seed: int = 1
    every_path: bool = False
    data: Mapping[str, Any] = field(default_factory=dict)
    answers: Mapping[str, Any] = field(default_factory=dict)
    scenarios: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class RunDone:
    """A run. told: as `quytrinh rehearse --json` prints it, less the file. moves: to be played."""

    told: Mapping[str, Any]
    expected: str
    moves: tuple[Move, ...]

    @property
    def well(self) -> bool:
        """Whether it went as it should."""
        return bool(self.told["outcome"] == self.expected)


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """All runs, what they passed together of the drawing, and whether runs were left out."""

    runs: tuple[RunDone, ...]
    coverage: Mapping[str, Any]
    passed: frozenset[str]
    cut: bool

    @property
    def well(self) -> bool:
        return all(run.well for run in self.runs)


def stated_scenarios(text: bytes) -> Mapping[str, Any]:
    """The content of a scenario file, proved playable. Errors: of `load` and `read_scenarios`."""
    stated = load(text)
    read_scenarios(stated)
    return stated


def rehearse(data: bytes, wanted: Wanted, *, trusted: bool = False) -> Rehearsed:
    """Run a file dry, bounded in time and memory.

    trusted: a file of our own, run in this process without a bound. Errors: InvalidInput,
    JudgesBusy.
    """
    if len(data) > MAX_BYTES:
        raise FileTooLarge(size=len(data), limit=MAX_BYTES)
    answer = plain.rehearse(data, asdict(wanted)) if trusted else _asked(data, wanted)
    outcomes = [*answer["expected"], *[COMPLETED] * len(answer["runs"])]
    runs = tuple(
        RunDone({k: v for k, v in run.items() if k not in ("file", "moves")}, wish, run["moves"])
        for run, wish in zip(answer["runs"], outcomes, strict=False)
    )
    return Rehearsed(runs, answer["coverage"], frozenset(answer["passed"]), answer["cut"])


def _asked(data: bytes, wanted: Wanted) -> dict[str, Any]:
    try:
        answer: dict[str, Any] = _room.ask("rehearse", data, asdict(wanted))
    except TakesTooLong:
        raise RehearsalTooLong(seconds=f"{SECONDS:g}") from None
    return answer
