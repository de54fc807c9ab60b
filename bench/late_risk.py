"""`python -m bench.late_risk`: whether forecasts of lateness come true on days not learnt from.

Generated offices whose truth is known, steps independent and slow together (correlation 0.5). For
each tenth of the forecasts: happened less said, and what sampling alone makes of it, the square
root of p (1 - p) / n. A worst tenth says something of the forecast only where that is well below
0.02: of 3,000 it is up to 0.009, and now and then the worst of ten is above 0.02 for a forecast
that is right. The default has some 13,000 in a tenth.
"""

import argparse
import json
from math import sqrt
from pathlib import Path
from statistics import mean
from typing import Any

from analysis.survival.calibration import Calibration, judge, of_analysis
from bench.machine import load, machine
from tests.analysis.made_facts import DAY_WS
from tests.analysis.survival.generated_office import SECOND_US, generated_office

DAYS = 70
MOMENTS = tuple(day * DAY_WS * SECOND_US for day in (30, 38, 46, 54))
TOGETHER = (0.0, 0.5)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dossiers", type=int, default=400_000)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    found: dict[str, Any] = {"machine": machine(), "load": [load()]}
    for together in TOGETHER:
        runs = [_run(given.dossiers, seed, together) for seed in range(1, given.seeds + 1)]
        found[f"together {together}"] = told = {
            "runs": runs,
            "mean_gaps": [
                round(mean(gaps), 4) for gaps in zip(*(run["gaps"] for run in runs), strict=True)
            ],
            "worst": [run["worst"] for run in runs],
        }
        print(f"together {together}", json.dumps(told, indent=1), flush=True)
    if given.json:
        given.json.write_text(json.dumps(found, indent=2), encoding="utf-8")


def _run(dossiers: int, seed: int, together: float) -> dict[str, Any]:
    with generated_office(dossiers, DAYS, seed, together=together) as facts:
        judged = judge(facts, MOMENTS, of_analysis)
    return {
        "seed": seed,
        "forecasts": judged.n,
        "gaps": [round(part.happened - part.said, 4) for part in judged.parts],
        "sampling": [round(each, 4) for each in _sampling(judged)],
        "worst": round(judged.worst_gap or 0.0, 4),
    }


def _sampling(judged: Calibration) -> list[float]:
    """The standard error of each tenth's share."""
    return [sqrt(part.said * (1 - part.said) / part.n) for part in judged.parts]


if __name__ == "__main__":
    main()
