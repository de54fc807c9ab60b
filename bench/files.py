"""Strangers' files: what a check says of each and how long it takes, and how they rehearse.

The corpora lie outside of the project: QUYTRINH_CORPORA, by default `../shared/corpora`.
"""

import os
import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bench.machine import load
from bench.spread import Spread, quantile
from engine.rehearsal import Rehearsal, Script
from engine.working_calendar.viet_nam import vietnam
from processes.check import check

_ROOT = Path(__file__).parents[1]
_ENDINGS = (".bpmn", ".bpmn2", ".xml")
_START = datetime(2026, 3, 2, 8, 0, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))


def files() -> list[Path]:
    """The BPMN files of the corpora; none where they are absent."""
    folder = Path(os.environ.get("QUYTRINH_CORPORA", _ROOT / ".." / "shared" / "corpora"))
    found = sorted((folder / "bpmn").rglob("*"))
    return [path for path in found if path.suffix in _ENDINGS and path.is_file()]


def measure(passes: int, say: Callable[[str], None], most: int | None = None) -> dict[str, Any]:
    """Outcomes, and milliseconds of CPU a file: a check, a rehearsal with default answers."""
    chosen = [(path.name, path.read_bytes()) for path in files()[:most]]
    if not chosen:
        return {"files": 0}
    begun = load()
    outcomes: Counter[str] = Counter()
    checked: list[list[float]] = []
    for number in range(passes):
        say(f"files: check, pass {number + 1}")
        outcomes.clear()
        checked.append([])
        for name, data in chosen:
            before = time.process_time()
            outcomes[check(data, name).outcome.value] += 1
            checked[-1].append((time.process_time() - before) * 1e3)
    say("files: rehearse")
    runs, rehearsed = _rehearse([data for _, data in chosen])
    return {
        "files": len(chosen),
        "outcomes": dict(outcomes),
        "check_p50_ms": Spread.of(quantile(each, 0.5) for each in checked),
        "check_p99_ms": Spread.of(quantile(each, 0.99) for each in checked),
        "check_most_ms": Spread.of(max(each) for each in checked),
        "runs": runs,
        "rehearse_p50_ms": quantile(rehearsed, 0.5),
        "rehearse_most_ms": max(rehearsed),
        "loads": [[begun, load()]],
    }


def _rehearse(chosen: list[bytes]) -> tuple[dict[str, int], list[float]]:
    calendar = vietnam(2026, 2030)
    runs: Counter[str] = Counter()
    used = []
    for data in chosen:
        before = time.process_time()
        runs[Rehearsal(data, calendar, _START).run(Script()).outcome] += 1
        used.append((time.process_time() - before) * 1e3)
    return dict(runs), used
