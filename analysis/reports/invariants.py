"""What must hold of form II.06a: 3 = 4 + 5 + 6, 7 = 8 + 9 + 10, 11 = 12 + 13 and 3 = 7 + 11.

A row that breaks one is told with both sides; it is never printed as if nothing were the matter.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

NUMBERED: Mapping[str, int] = {
    "received": 3,
    "online": 4,
    "counter": 5,
    "carried": 6,
    "resolved": 7,
    "early": 8,
    "on_time": 9,
    "late": 10,
    "open": 11,
    "running": 12,
    "overdue": 13,
}
"""The cells of the form, in their order, and the number each column has on it."""

_SUMS = (
    ("received", ("online", "counter", "carried")),
    ("resolved", ("early", "on_time", "late")),
    ("open", ("running", "overdue")),
    ("received", ("resolved", "open")),
)


@dataclass(frozen=True, slots=True)
class Broken:
    """A sum that does not hold in one row: `key` finds the row, or "" where it is the total."""

    key: str
    whole: str
    parts: tuple[str, ...]
    is_value: int
    should_be: int

    @property
    def formula(self) -> str:
        """As the form has it: "3 = 4 + 5 + 6"."""
        parts = " + ".join(str(NUMBERED[part]) for part in self.parts)
        return f"{NUMBERED[self.whole]} = {parts}"

    @property
    def vi(self) -> str:
        column = NUMBERED[self.whole]
        return (
            f"không khớp {self.formula}: cột {column} là {self.is_value}, "
            f"cộng được {self.should_be}"
        )

    @property
    def en(self) -> str:
        column = NUMBERED[self.whole]
        return (
            f"{self.formula} does not hold: column {column} is {self.is_value}, "
            f"the sum is {self.should_be}"
        )


def broken_sums(key: str, numbers: Mapping[str, int]) -> tuple[Broken, ...]:
    """The sums that do not hold in a row."""
    return tuple(
        Broken(key, whole, parts, numbers[whole], total)
        for whole, parts in _SUMS
        if numbers[whole] != (total := sum(numbers[part] for part in parts))
    )


def broken_total(rows: Iterable[Mapping[str, int]], total: Mapping[str, int]) -> tuple[Broken, ...]:
    """The columns of the total that are not the sum of the rows."""
    known = list(rows)
    sums = {cell: sum(row[cell] for row in known) for cell in NUMBERED}
    return tuple(
        Broken("", cell, (cell,), total[cell], sums[cell])
        for cell in NUMBERED
        if total[cell] != sums[cell]
    )
