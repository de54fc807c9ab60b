"""Microseconds of the working calendar's two questions, beside plain datetime arithmetic."""

import random
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from bench.machine import load
from bench.office import START
from bench.spread import Spread, spreads
from engine.calendar_vn import vietnam

_SPAN = timedelta(days=365)
_LONGEST = 60 * 8 * 3600  # working seconds: sixty working days


def measure(passes: int, questions: int, say: Callable[[str], None]) -> dict[str, Any]:
    """add: a moment and a limit to a due time; elapsed: working seconds between two moments."""
    calendar = vietnam(2024, 2028)
    figures, ratios, begun = [], [], load()
    for number in range(passes):
        say(f"calendar: pass {number + 1} of {passes}")
        chance = random.Random(number)
        asked = [
            (START + chance.random() * _SPAN, chance.randrange(_LONGEST)) for _ in range(questions)
        ]
        gaps = [timedelta(seconds=seconds) for _, seconds in asked]
        bare, plain = _timed(lambda: [at + gap for (at, _), gap in zip(asked, gaps, strict=True)])
        add, dues = _timed(lambda: [calendar.add(at, seconds) for at, seconds in asked])
        pairs = [(at, due) for (at, _), due in zip(asked, dues, strict=True)]
        elapsed, found = _timed(lambda: [calendar.elapsed(at, due) for at, due in pairs])
        _require_inverse([seconds for _, seconds in asked], found, plain)
        figures.append(
            {
                "add_us": add / questions * 1e6,
                "elapsed_us": elapsed / questions * 1e6,
                "datetime_us": bare / questions * 1e6,
            }
        )
        ratios.append((add / bare, elapsed / bare))
    return {
        "loads": [[begun, load()]],
        **spreads(figures),
        "add_per_datetime": Spread.of(ratio for ratio, _ in ratios),
        "elapsed_per_datetime": Spread.of(ratio for _, ratio in ratios),
        "questions": questions,
    }


def _timed(ask: Callable[[], list[Any]]) -> tuple[float, list[Any]]:
    begun = time.process_time()
    found = ask()
    return time.process_time() - begun, found


def _require_inverse(asked: list[int], found: list[int], plain: list[datetime]) -> None:
    """What lies between a moment and its due time is the limit, to the second."""
    if asked != found or len(plain) != len(asked):
        raise AssertionError("elapsed does not give back what was added")
