"""All conformance cases: those of every file in `cases/`, which has one construct or a few kin."""

import importlib
from collections import Counter
from functools import cache
from pathlib import Path

from tests.conformance.harness import Case

FOLDER = Path(__file__).parent / "cases"


@cache
def all_cases() -> tuple[Case, ...]:
    """Each file states `CASES`."""
    names = sorted(path.stem for path in FOLDER.glob("*.py"))
    modules = [importlib.import_module(f"tests.conformance.cases.{name}") for name in names]
    return tuple(case for module in modules for case in module.CASES)


@cache
def numbers() -> Counter[str]:
    """How many cases cover a construct, by its code."""
    return Counter(code for case in all_cases() for code in case.covers)
