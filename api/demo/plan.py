"""What each played dossier will bring: drawn from the scenarios beside the real procedures."""

import json
import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

_FAMILY = (
    "Nguyễn",
    "Trần",
    "Lê",
    "Phạm",
    "Hoàng",
    "Huỳnh",
    "Phan",
    "Vũ",
    "Võ",
    "Đặng",
    "Bùi",
    "Đỗ",
)
_MIDDLE = ("Văn", "Thị", "Minh", "Ngọc", "Thanh", "Quốc", "Hữu", "Thu", "Hoài", "Đức")
_GIVEN = ("An", "Bình", "Châu", "Dũng", "Giang", "Hà", "Hải", "Hạnh", "Hùng", "Lan", "Linh")
_GIVEN_MORE = ("Long", "Mai", "Nam", "Oanh", "Phúc", "Quân", "Sơn", "Thảo", "Trang", "Tuấn", "Yến")
_USUAL = 6  # the first scenario of a procedure is so many times as frequent as each other one


@dataclass(frozen=True, slots=True)
class Scenario:
    """One way a dossier of a procedure can go; `steps` are (element, data) in order."""

    procedure_code: str
    name: str
    case: str
    reception: Mapping[str, Any]
    components: Mapping[str, Mapping[str, int]]
    steps: tuple[tuple[str, Mapping[str, Any]], ...]

    def reception_on(self, day: date) -> dict[str, Any]:
        """What is entered at reception on a day; a day that was yet to come is that very day."""
        return {name: _come_by(value, day) for name, value in self.reception.items()}


def _come_by(value: Any, day: date) -> Any:
    try:
        stated = date.fromisoformat(value)
    except (TypeError, ValueError):
        return value
    return min(stated, day).isoformat()


def read_scenarios(folder: Path, codes_of_files: Mapping[str, str]) -> dict[str, list[Scenario]]:
    """Scenarios by procedure code; `codes_of_files` maps a diagram's file name to its code."""
    found: dict[str, list[Scenario]] = {}
    for path in sorted(folder.glob("*.json")):
        stated = json.loads(path.read_text(encoding="utf-8"))
        code = codes_of_files.get(stated["procedure"])
        if code is None:
            continue  # the office does not have this procedure
        found[code] = [
            Scenario(
                code,
                scenario["name"],
                scenario["case"],
                scenario["reception"],
                scenario["components"],
                tuple((step["element"], step["data"]) for step in scenario["steps"]),
            )
            for scenario in stated["scenarios"]
        ]
    return found


def choose(chance: random.Random, scenarios: list[Scenario]) -> Scenario:
    """One scenario, the usual one more often than the others."""
    weights = [_USUAL] + [1] * (len(scenarios) - 1)
    return chance.choices(scenarios, weights)[0]


def person(chance: random.Random) -> str:
    """A Vietnamese name."""
    given = chance.choice(_GIVEN + _GIVEN_MORE)
    return f"{chance.choice(_FAMILY)} {chance.choice(_MIDDLE)} {given}"


def identity_number(chance: random.Random) -> str:
    """Twelve digits in the shape of a citizen card of nobody (province code 000)."""
    return "000" + "".join(str(chance.randrange(10)) for _ in range(9))
