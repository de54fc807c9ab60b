"""The runtime runs a process exactly as the library does with its own hands, only cheaper.

Each play runs twice: here, where others have gone some of its ways before, saved and restored at
random moments and forgetting as it goes, and in a program in which the library is as it ships
(`stock_library`). Everything that came of every act must be the same, order included. QUYTRINH_DIFFERENCES=5000 plays that many generated processes, and
every file and case instead of some.
"""

import json
import os
import random
import subprocess
import sys
from dataclasses import asdict, replace
from decimal import Decimal
from pathlib import Path

import pytest

from engine.runtime import automatic, forgetting
from engine.runtime.conditions import Conditions
from engine.runtime.instance import Instance
from tests.conformance.registry import all_cases
from tests.engine.runtime.generated import generated
from tests.engine.runtime.playing import Play, Player, parts

ROOT = Path(__file__).resolve().parents[3]
ASKED = int(os.environ.get("QUYTRINH_DIFFERENCES", "0"))
GENERATED = ASKED or 25
RUNS_AWAY = "RunsAway"
SOME_CASES, SOME_FILES = (1, 1) if ASKED else (5, 15)  # every so manieth


class Stock:
    """The program on the other side."""

    def __init__(self):
        self._program = subprocess.Popen(
            [sys.executable, "-m", "tests.engine.runtime.stock_library"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        self.functions = json.loads(self._program.stdout.readline())
        self.largest = 0

    def trace(self, play):
        self._program.stdin.write(json.dumps(asdict(play)) + "\n")
        self._program.stdin.flush()
        answer = json.loads(self._program.stdout.readline())
        self.largest = max(self.largest, answer["instances"])
        return answer["trace"]

    def close(self):
        self._program.stdin.close()
        self._program.stdout.close()
        assert self._program.wait() == 0


@pytest.fixture(scope="module")
def stock():
    other = Stock()
    yield other
    other.close()


def ours(play, ready):
    """Saved and restored now and then, after others went the same ways and others.

    With every third play what is known is forgotten now and then.
    """
    chance, places = random.Random(-play.seed), ready.specification.places

    def between(instance):
        if play.seed % 3 == 0 and chance.random() < 0.2:
            places.forget()
        if chance.random() < 0.4:
            return Instance.restore(ready.specification, instance.encode())
        return instance

    for seed in (play.seed + 1, play.seed):
        Player(replace(play, seed=seed), ready, between).trace()
    return json.loads(json.dumps(Player(play, ready, between).trace()))


def difference(play, stock):
    """The first thing that came otherwise; None where nothing did."""
    ready = parts(play)
    mine = None if ready is None else ours(play, ready)
    theirs = stock.trace(play)
    if mine and mine[-1][-1] == RUNS_AWAY:  # the library stops at depth 1,000 without a word
        mine, theirs = mine[:-1], theirs[: len(mine) - 1]
    if mine == theirs:
        return None
    pairs = zip(mine or [], theirs or [], strict=False)
    return next(
        (pair for pair in pairs if pair[0] != pair[1]), (len(mine or []), len(theirs or []))
    )


def play_of(seed):
    drawn = generated(seed)
    return Play(drawn.file, seed, 40, drawn.values)


@pytest.fixture(params=["at-once", "when-it-pays"])
def forgets(request, monkeypatch):
    """Forgetting after every act, and as it is done in the office."""
    if request.param == "at-once":
        monkeypatch.setattr(forgetting, "_SLACK", -(10**9))


def test_the_other_side_runs_the_functions_of_the_library(stock):
    assert [Path(name).parts[-2:] for name in stock.functions] == [
        ("SpiffWorkflow", "workflow.py"),
        ("SpiffWorkflow", "task.py"),
    ]


@pytest.mark.usefixtures("forgets")
def test_generated_processes_run_alike(stock):
    found = {seed: difference(play_of(seed), stock) for seed in range(GENERATED)}
    assert {seed: pair for seed, pair in found.items() if pair} == {}
    assert stock.largest > 40  # the other side has forgotten nothing


def test_every_construct_runs_alike(stock):
    found = {}
    for number, case in enumerate(all_cases()[::SOME_CASES]):
        values = {}
        for act in case.script:
            for name, value in act.given.items():
                values.setdefault(name, []).append(plain(value))
        at = case.script[0].element or None
        play = Play(case.drawn().decode(), number, 30, values, at)
        found[case.id] = difference(play, stock)
    assert {case: pair for case, pair in found.items() if pair} == {}
    assert len(found) >= 10


def plain(value):
    """As JSON has it."""
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    return int(value) if isinstance(value, Decimal) else value


@pytest.mark.corpus
def test_every_file_of_the_corpora_that_runs_runs_alike(stock, corpora):
    found, ran = {}, 0
    files = sorted((corpora / "bpmn").rglob("*.bpmn"))[::SOME_FILES]
    for number, path in enumerate(files):
        try:
            play = Play(path.read_text("utf-8"), number, 60, {}, ours=True)
        except UnicodeDecodeError:
            continue
        found[path.name] = difference(play, stock)
        ran += parts(play) is not None
    assert {name: pair for name, pair in found.items() if pair} == {}
    assert ran > len(files) / 2


FAULTS = {
    "forgets-too-much": (forgetting, "_RETURNS", 0),
    "forgets-arrivals": (forgetting._Seen, "_give_back", lambda _: False),
    "looks-in-another-order": (
        automatic,
        "tokens",
        lambda workflow, tokens=automatic.tokens: tokens(workflow)[::-1],
    ),
    "knows-a-way-whatever-conditions-say": (
        Conditions,
        "_ask",
        lambda self, question: question.answer(self.data, self.at),
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_in_the_runtime_would_be_seen(stock, monkeypatch, fault):
    monkeypatch.setattr(forgetting, "_SLACK", -(10**9))
    monkeypatch.setattr(*FAULTS[fault])
    assert any(difference(play_of(seed), stock) for seed in range(150))
