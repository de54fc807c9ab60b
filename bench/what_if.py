"""Seconds of CPU for a year of an office played once, and for reading its past.

23,000 dossiers of seven steps, thirty people. Run alone: `python -m bench.what_if`.
"""

import json
import sys
import time
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import numpy as np

from analysis.period import Period
from analysis.queues.scope import Scope
from analysis.replay.change import AS_IT_WAS
from analysis.replay.draws import Draws
from analysis.replay.play import play
from analysis.replay.staff import Staff
from analysis.replay.what_if import past_of, replay_hours
from bench.machine import load
from bench.spread import Spread
from engine.working_calendar.viet_nam import vietnam
from tests.analysis.made_facts import VN
from tests.analysis.replay.made_office import Post, evenly, made_office

YEAR = Scope.of(Period(date(2026, 1, 1), date(2026, 12, 31)))
_READ_AT = int(datetime(2027, 3, 1, tzinfo=VN).timestamp()) * 1_000_000
_PEOPLE = (2, 3, 8, 6, 4, 3, 4)
_DAY_WS = 8 * 3600
_BUSY = 0.9
_A_DAY = 80


def measure(passes: int, say: Callable[[str], None]) -> dict[str, Any]:
    """Seconds of CPU to read the past, to draw and to play one replication."""
    begun = load()
    say("what-if: an office is made")
    chance = np.random.default_rng(1)
    hours = replay_hours(vietnam(2025, 2028), YEAR)
    posts = [
        Post(f"Step_{number}", _BUSY * people * _DAY_WS / _A_DAY, people)
        for number, people in enumerate(_PEOPLE)
    ]
    arrivals = evenly(_A_DAY, YEAR, hours, chance=chance)
    facts = made_office(arrivals, posts, 5 * _DAY_WS, chance, hours=hours, read_at_us=_READ_AT)
    read = [_seconds(lambda: past_of(facts, "A", YEAR, hours)) for _ in range(min(passes, 5))]
    model = past_of(facts, "A", YEAR, hours).model
    staff = Staff.of(model)
    draws = Draws(model, staff.posts, AS_IT_WAS)
    drawn, played, runs = [], [], 0
    for number in range(passes):
        say(f"what-if: replication {number + 1}")
        drawn.append(_seconds(lambda n=number: _drawn(draws, n)))
        workload = _drawn(draws, number)
        runs = len(workload.post)
        played.append(_seconds(lambda w=workload: play(w, staff)))
    return {
        "loads": [[begun, load()]],
        "dossiers": len(arrivals),
        "runs": runs,
        "read_s": Spread.of(read),
        "draw_s": Spread.of(drawn),
        "play_s": Spread.of(played),
    }


def show(found: dict[str, Any]) -> None:
    """Print what a year costs."""
    print(f"\n## What if: a year of {found['dossiers']} dossiers, {found['runs']} runs of steps")
    for name, words in (("read_s", "read"), ("draw_s", "draw"), ("play_s", "play")):
        print(f"{words:<6} {found[name]} CPU s")


def _drawn(draws: Draws, number: int):
    return draws.workload(np.random.default_rng((1, number, 0)), 0)


def _seconds(act: Callable[[], Any]) -> float:
    begun = time.process_time()
    act()
    return time.process_time() - begun


if __name__ == "__main__":
    result = measure(10, lambda line: print(line, file=sys.stderr))
    print(json.dumps(result, default=lambda each: each.to_data(), indent=2))
