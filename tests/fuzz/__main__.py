"""`python -m tests.fuzz --seconds 60 --seed 1`: spoils diagrams and looks what is said of them.

Wanted of every mutant: one of the three outcomes, within two seconds, the same a second time, and
whatever the repairs make of it can be read and is answered as well. What fails is written to
`--keep` and told; the exit code is 1. Seeds: bpmn/procedures and, where they are, the corpora.
"""

import argparse
import os
import random
import sys
import time
from collections import Counter
from pathlib import Path

from engine.judging import JudgingRoom
from tests.fuzz.faults import faults
from tests.fuzz.mutations import mutant

ROOT = Path(__file__).resolve().parent.parent.parent
CORPORA = Path(os.environ.get("QUYTRINH_CORPORA", ROOT.parent / "shared" / "corpora"))
LARGEST_SEED = 150_000


def seeds() -> list[bytes]:
    own = sorted((ROOT / "bpmn" / "procedures").glob("*.bpmn"))
    real = sorted((CORPORA / "bpmn").rglob("*.bpmn"))
    read = (path.read_bytes() for path in (*own, *real))
    return [data for data in read if len(data) <= LARGEST_SEED]


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, default=ROOT / "var" / "fuzz")
    stated = parser.parse_args()
    room, files, told = JudgingRoom(), seeds(), Counter[str]()
    until, number = time.monotonic() + stated.seconds, 0
    while time.monotonic() < until:
        number += 1
        chance = random.Random(f"{stated.seed}/{number}")
        data = mutant(chance.choice(files), chance)
        for fault in faults(room, data):
            told[fault.splitlines()[0][:150]] += 1
            stated.keep.mkdir(parents=True, exist_ok=True)
            (stated.keep / f"{stated.seed}-{number}.bpmn").write_bytes(data)
            say(f"{stated.seed}/{number}: {fault}")
    room.close()
    say(f"{number} mutants of {len(files)} files, {sum(told.values())} faults")
    for fault, times in told.most_common():
        say(f"{times:6} {fault}")
    return 1 if told else 0


if __name__ == "__main__":
    sys.exit(main())
