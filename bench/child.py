"""Measurements in a process of their own: `run` starts one, `answer` is what it ends with."""

import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

_ROOT = Path(__file__).resolve().parent.parent


def run(module: str, order: Mapping[str, Any]) -> Any:
    """Have `python -m module` measure what the order says; what it answered."""
    done = subprocess.run(
        [sys.executable, "-m", module],
        input=json.dumps(order),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        cwd=_ROOT,
    )
    return json.loads(done.stdout)


def answer(measure: Callable[..., Any]) -> None:
    """Read the order from standard input, print what `measure(**order)` found."""
    print(json.dumps(measure(**json.load(sys.stdin))))
