"""Milliseconds in which a drawing is proved: against its size, and against parallel branches.

Run alone: `python -m bench.soundness`.
"""

import json
import sys
import time
from collections.abc import Callable, Sequence
from random import Random
from typing import Any

from bench.machine import load
from bench.spread import Spread
from processes.diagram import Diagram, Flow, Node, NodeKind
from processes.soundness import Verdict, prove
from tests.processes.soundness.random_diagrams import in_blocks, spoilt

BRANCHES = (5, 10, 15, 17, 20)
BLOCKS = (25, 50, 100, 200, 300, 400, 500)
_STEPS = 3  # in a branch
_SEEDS = 10


def parallel(branches: int) -> Diagram:
    """So many branches of steps between two parallel gateways."""
    nodes = [
        Node("Start", NodeKind.START, ""),
        Node("Split", NodeKind.PARALLEL, ""),
        Node("Join", NodeKind.PARALLEL, ""),
        Node("End", NodeKind.END, ""),
    ]
    pairs = [("Start", "Split"), ("Join", "End")]
    for branch in range(branches):
        names = [f"Step_{branch}_{number}" for number in range(_STEPS)]
        nodes += [Node(name, NodeKind.USER_TASK, "") for name in names]
        pairs += zip(["Split", *names], [*names, "Join"], strict=True)
    flows = [Flow(f"{source}_{target}", source, target) for source, target in pairs]
    return Diagram("P", "", tuple(nodes), tuple(flows), ())


def measure(
    passes: int, say: Callable[[str], None], blocks_of: Sequence[int] = BLOCKS
) -> dict[str, Any]:
    """Milliseconds of CPU by branches, and by blocks of sound and of spoilt drawings."""
    begun = load()
    branches = {n: _spread([parallel(n)] * passes, Verdict.SOUND) for n in BRANCHES}
    sound, unsound = {}, {}
    for blocks in blocks_of:
        say(f"soundness: {blocks} blocks")
        drawn = [in_blocks(Random(seed), blocks) for seed in range(_SEEDS)]
        sound[blocks] = _spread(drawn * passes, Verdict.SOUND)
        spoilt_ones = [spoilt(Random(seed), each, 3) for seed, each in enumerate(drawn)]
        unsound[blocks] = _spread(spoilt_ones * passes)
    return {
        "loads": [[begun, load()]],
        "parallel_branches_ms": branches,
        "blocks_sound_ms": sound,
        "blocks_spoilt_ms": unsound,
    }


def _spread(diagrams: list[Diagram], expected: Verdict | None = None) -> Any:
    used = []
    for diagram in diagrams:
        begun = time.process_time()
        proof = prove(diagram)
        used.append((time.process_time() - begun) * 1e3)
        if expected is not None and proof.verdict is not expected:
            raise AssertionError(f"a {expected} drawing was called {proof.verdict}")
    return Spread.of(used)


if __name__ == "__main__":
    found = measure(1, lambda line: print(line, file=sys.stderr))
    print(json.dumps(found, default=Spread.to_data, indent=1))
