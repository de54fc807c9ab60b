"""Microseconds of the working calendar's two questions, beside plain datetime arithmetic."""

import random
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from bench.machine import load
from bench.office import START
from bench.spread import Spread, spreads
from engine.calendar import Calendar
from engine.working_calendar.viet_nam import vietnam

_SPAN = timedelta(days=365)
_LONGEST = 60 * 8 * 3600  # working seconds: sixty working days


def measure(passes: int, questions: int, say: Callable[[str], None]) -> dict[str, Any]:
    """add: a moment and a limit to a due time; elapsed: working seconds between two moments."""
    calendar = vietnam(2024, 2028)
    figures, begun = [], load()
    for number in range(passes):
        say(f"calendar: pass {number + 1} of {passes}")
        figures.append(_one_pass(calendar, questions, random.Random(number)))
    return {
        "loads": [[begun, load()]],
        **spreads(figures),
        "add_per_datetime": Spread.of(each["add_us"] / each["datetime_us"] for each in figures),
        "elapsed_per_datetime": Spread.of(
            each["elapsed_us"] / each["datetime_us"] for each in figures
        ),
        "questions": questions,
    }


def _one_pass(calendar: Calendar, questions: int, chance: random.Random) -> dict[str, float]:
    starts = [START + chance.random() * _SPAN for _ in range(questions)]
    limits = [chance.randrange(_LONGEST) for _ in range(questions)]
    gaps = [timedelta(seconds=seconds) for seconds in limits]
    bare, plain = _timed(lambda: [at + gap for at, gap in zip(starts, gaps, strict=True)])
    add, dues = _timed(lambda: [calendar.add(*each) for each in zip(starts, limits, strict=True)])
    elapsed, found = _timed(
        lambda: [calendar.elapsed(*each) for each in zip(starts, dues, strict=True)]
    )
    # What lies between a moment and its due time is the limit, to the second.
    if found != limits or any(due < at for at, due in zip(starts, plain, strict=True)):
        raise AssertionError("elapsed does not give back what was added")
    return {
        "add_us": add / questions * 1e6,
        "elapsed_us": elapsed / questions * 1e6,
        "datetime_us": bare / questions * 1e6,
    }


def _timed(ask: Callable[[], list[Any]]) -> tuple[float, list[Any]]:
    """CPU seconds of all the questions, and the answers."""
    begun = time.process_time()
    found = ask()
    return time.process_time() - begun, found
