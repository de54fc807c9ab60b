"""`python -m bench.analysis --dossiers N`: make a city, roll it up, ask it, and tell what it cost.

The folder is removed at the end. Each part runs in a process of its own, so that the most memory
is that of the part.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from bench.analysis import city_figures, export_figures, facts_in_memory, office_refresh
from bench.analysis.made_city import make_city
from bench.machine import load, machine
from bench.report import to_data

PARTS = (
    "make",
    "roll-up",
    "quantiles",
    "tiles",
    "planted",
    "attribution",
    "refresh",
    "facts",
    "export",
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dossiers", type=int, default=500_000)
    parser.add_argument("--folder", type=Path, help="where a made city stands already")
    parser.add_argument("--exact-passes", type=int, default=1)
    parser.add_argument("--passes", type=int, default=7)
    parser.add_argument("--copies", type=int, default=60_000, help="of two dossiers, for refresh")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--part", choices=PARTS, help="only this, told as JSON")
    given = parser.parse_args()
    if given.part:
        print(json.dumps(to_data(_one(given.part, given.folder, given))))
        return
    with tempfile.TemporaryDirectory(prefix="qt-city-") as made:
        folder = given.folder or Path(made)
        found: dict[str, Any] = {"machine": machine(), "dossiers": given.dossiers}
        for part in PARTS:
            if part == "make" and given.folder:
                continue
            found[part] = {"load": [load()], **_apart(part, folder), "load_after": [load()]}
            print(part, json.dumps(found[part], indent=2), flush=True)
    if given.json:
        given.json.write_text(json.dumps(to_data(found), indent=2), encoding="utf-8")


def _apart(part: str, folder: Path) -> dict[str, Any]:
    """One part in a process of its own."""
    asked = [*sys.argv[1:], "--part", part, "--folder", str(folder)]
    done = subprocess.run(
        [sys.executable, "-m", "bench.analysis", *asked], check=True, stdout=subprocess.PIPE
    )
    return dict(json.loads(done.stdout))


def _one(part: str, folder: Path, given: argparse.Namespace) -> dict[str, Any]:
    lake = folder / "lake"
    if part == "make":
        begun = time.process_time()
        made = make_city(lake, given.dossiers, folder)
        found: dict[str, Any] = {"steps": made.steps, "cpu_s": time.process_time() - begun}
    elif part == "roll-up":
        found = city_figures.rolled(lake)
    elif part == "quantiles":
        found = city_figures.quantiles(lake, given.passes, given.exact_passes)
    elif part == "tiles":
        found = city_figures.tiles(lake, given.passes)
    elif part == "planted":
        found = city_figures.planted(lake)
    elif part == "attribution":
        found = city_figures.attribution(lake)
    elif part == "refresh":
        found = office_refresh.measure(given.copies, 2)
    elif part == "facts":
        found = facts_in_memory.measure(given.passes)
    else:
        found = export_figures.measure(given.passes)
    return {**found, "peak_gb": city_figures.peak_gb()}


if __name__ == "__main__":
    main()
