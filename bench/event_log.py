"""CPU nanoseconds an event takes to be read, measured and aligned; against PM4Py where it is there.

Run alone: `python -m bench.event_log LOG [--pm4py PYTHON] [--diagram BPMN]`. PYTHON is the
interpreter of an environment of its own in which PM4Py is installed: its licence (AGPL) keeps it
out of ours. Each figure is the least CPU time of several passes; nothing is measured by the wall.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC
from pathlib import Path
from typing import Any

from analysis.conformance.conformance import conformance
from analysis.directly_follows import directly_follows
from analysis.event_log.arrays import arrays_of
from analysis.event_log.findings import Tally
from analysis.event_log.reading import read_log
from analysis.event_log.step_runs import step_runs
from analysis.log_measures import measure_log
from analysis.weekly_hours import WeeklyHours
from bench.machine import load
from processes.document import parse
from processes.reader import read

WEEK = WeeklyHours.parse("Mon-Fri 7:30-11:30 13:00-17:00", UTC)
_PASSES = 20
_ROOT = Path(__file__).resolve().parents[1]

PM4PY = """
import json, sys, time, warnings
warnings.filterwarnings("ignore")
import pm4py
log = pm4py.read_xes(sys.argv[1]) if ".xes" in sys.argv[1] else None
day = [(27000, 41400), (46800, 61200)]
slots = [(d * 86400 + b, d * 86400 + e) for d in range(5) for b, e in day]
def least(call, passes):
    found = []
    for _ in range(passes):
        begun = time.process_time(); call(); found.append(time.process_time() - begun)
    return min(found)
told = {
    "events": len(log),
    "ways": least(lambda: pm4py.discover_performance_dfg(log), 5),
    "ways in office hours": least(lambda: pm4py.discover_performance_dfg(
        log, business_hours=True, business_hour_slots=slots), 5),
}
if len(sys.argv) > 2:
    net = pm4py.convert_to_petri_net(pm4py.read_bpmn(sys.argv[2]))
    told["alignments"] = least(lambda: pm4py.fitness_alignments(log, *net), 1)
print("TOLD" + json.dumps(told))
"""


def measure(log: Path, diagram: Path | None = None, passes: int = _PASSES) -> dict[str, float]:
    """CPU nanoseconds an event, by what is done. The log is in memory but for reading it."""
    events = read_log(log)
    cases = [step_runs(trace, Tally()) for trace in events.traces]
    arrays = arrays_of(cases)
    number = sum(map(len, cases))
    found = {
        "read": _least(lambda: read_log(log), 3),
        "runs of steps": _least(
            lambda: [step_runs(trace, Tally()) for trace in events.traces], passes
        ),
        "columns": _least(lambda: arrays_of(cases), passes),
        "ways": _least(lambda: directly_follows(arrays), passes),
        "ways in office hours": _least(lambda: directly_follows(arrays, WEEK), passes),
        "every measure": _least(lambda: measure_log(events, WEEK), 3),
    }
    if diagram is not None:
        drawn = read(parse(diagram.read_bytes())).diagram
        assert drawn is not None, "the file holds no diagram"
        found["alignments"] = _least(lambda: conformance(events, drawn), 1)
    return {name: seconds / number * 1e9 for name, seconds in found.items()} | {"events": number}


def of_pm4py(python: str, log: Path, diagram: Path | None = None) -> dict[str, float]:
    """The same of PM4Py, in a process of its own."""
    named = [str(log), *([] if diagram is None else [str(diagram)])]
    out = subprocess.run(
        [python, "-c", PM4PY, *named], check=True, capture_output=True, text=True
    ).stdout
    told = json.loads(out.partition("TOLD")[2])
    number = told.pop("events")
    return {name: seconds / number * 1e9 for name, seconds in told.items()} | {"events": number}


def _least(call: Callable[[], Any], passes: int) -> float:
    found = []
    for _ in range(passes):
        begun = time.process_time()
        call()
        found.append(time.process_time() - begun)
    return min(found)


def corpus_log() -> Path:
    """The real log of the corpora; where they are, QUYTRINH_CORPORA says."""
    folder = os.environ.get("QUYTRINH_CORPORA", str(_ROOT.parent / "shared" / "corpora"))
    return Path(folder) / "logs" / "receipt.xes.gz"


def show(ours: dict[str, float], theirs: dict[str, float]) -> None:
    """Print nanoseconds an event, PM4Py's beside ours where they are known."""
    print(f"{'CPU ns an event':<24}{'ours':>12}{'PM4Py':>12}{'ratio':>9}")
    for name, nanoseconds in ours.items():
        if name == "events":
            continue
        other = theirs.get(name)
        beside = "" if other is None else f"{other:>12.0f}{other / nanoseconds:>9.1f}"
        print(f"{name:<24}{nanoseconds:>12.0f}{beside}")


def main() -> None:
    told = argparse.ArgumentParser(description=__doc__)
    told.add_argument("log", type=Path)
    told.add_argument("--pm4py", help="interpreter of an environment with PM4Py")
    told.add_argument("--diagram", type=Path)
    told.add_argument("--json", action="store_true")
    given = told.parse_args()
    begun = load()
    ours = measure(given.log, given.diagram)
    theirs = {} if given.pm4py is None else of_pm4py(given.pm4py, given.log, given.diagram)
    if given.json:
        print(json.dumps({"load": [begun, load()], "ours": ours, "pm4py": theirs}))
        return
    print(f"{given.log.name}: {ours['events']:.0f} events; load {begun} to {load()}")
    show(ours, theirs)


if __name__ == "__main__":
    sys.exit(main())
