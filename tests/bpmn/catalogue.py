"""The procedures of `bpmn/` with their scenarios, read once for all tests."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from processes.check import Checked, check
from processes.diagram import Diagram
from processes.procedure import Procedure

BPMN = Path(__file__).resolve().parents[2] / "bpmn"
FILES = tuple(sorted((BPMN / "procedures").glob("*.bpmn")))
NAMES = tuple(file.name for file in FILES)


@dataclass(frozen=True)
class Scenario:
    """One way through a procedure: what is handed in, and what is entered at each step."""

    file: str
    name: str
    case: str
    reception: dict[str, Any]
    components: dict[str, dict[str, int]]
    steps: tuple[tuple[str, dict[str, Any]], ...]
    outcome: str

    def __str__(self) -> str:
        return f"{self.file.split('-')[0]} {self.case} {self.outcome}"


@cache
def checked(name: str) -> Checked:
    return check((BPMN / "procedures" / name).read_bytes())


def procedure(name: str) -> Procedure:
    found = checked(name).procedure
    assert found is not None
    return found


def diagram(name: str) -> Diagram:
    found = checked(name).diagram
    assert found is not None
    return found


@cache
def scenarios(name: str) -> tuple[Scenario, ...]:
    """The scenarios of a procedure, from `bpmn/scenarios/<code>.json`."""
    stated = json.loads((BPMN / "scenarios" / f"{procedure(name).code}.json").read_text("utf-8"))
    assert set(stated) == {"procedure", "scenarios"}
    assert stated["procedure"] == name
    return tuple(_scenario(name, entry) for entry in stated["scenarios"])


def _scenario(file: str, entry: dict[str, Any]) -> Scenario:
    steps = tuple((step["element"], step["data"]) for step in entry.pop("steps"))
    return Scenario(file=file, steps=steps, **entry)


def all_scenarios() -> tuple[Scenario, ...]:
    return tuple(scenario for name in NAMES for scenario in scenarios(name))


def office() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((BPMN / "office.json").read_text("utf-8"))
    return loaded
