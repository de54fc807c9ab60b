"""The share on time under each of its three rules, by name: nobody has to guess the denominator.

Of the dossiers that form II.06a counts in the period (received before its end, not ended before it
began), by the cells of `members`:

- `06a`: handled early or on time / handled (columns 8 + 9 of 7);
- `nd61`: handled early or on time / received, carried over included (columns 8 + 9 of 3), as NĐ
  61/2018 art. 30.2c divides: what is still being handled is in the denominator, so this share is
  never above that of 06a;
- `766`: ended on time by QĐ 766's own measure, or running within the limit / received (2.1).

Each share has Wilson's interval and the cells whose dossiers are counted.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from analysis.comparison.intervals import Interval, wilson
from analysis.comparison.on_time import OnTimeComparison, Stratum, compared
from analysis.facts.facts import Facts
from analysis.period import Period
from analysis.rate import Rate
from analysis.reports.counted import counted, total_of
from analysis.reports.members import ALL, Only

RULES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "06a": ("in_time", "resolved"),
        "nd61": ("in_time", "received"),
        "766": ("on_time_766", "received"),
    }
)
"""The cells that each rule divides."""


@dataclass(frozen=True, slots=True)
class NamedShare:
    """A share on time. rule: whose; part_cell, whole_cell: which dossiers its numbers count."""

    rule: str
    rate: Rate
    interval: Interval
    part_cell: str
    whole_cell: str


@dataclass(frozen=True, slots=True)
class OnTime:
    """The period by form 06a: how many ended how, the three shares, and the period before.

    change: 06a's share against the period before, within procedures too (case mix apart).
    """

    early: int
    on_time: int
    late: int
    shares: tuple[NamedShare, ...]
    change: OnTimeComparison

    @property
    def share(self) -> NamedShare:
        """That of form 06a."""
        return self.shares[0]


def three_shares(facts: Facts, period: Period, only: Only = ALL) -> tuple[NamedShare, ...]:
    """The share on time by each rule, in the order of `RULES`."""
    cells = tuple(dict.fromkeys(cell for both in RULES.values() for cell in both))
    return _shares(total_of(facts, period, only, cells))


def on_time(facts: Facts, period: Period, only: Only = ALL) -> OnTime:
    """What the first line of a page says of a period."""
    cells = ("early", "on_time", "late", "in_time", "resolved", "on_time_766", "received")
    total = total_of(facts, period, only, cells)
    return OnTime(
        total["early"],
        total["on_time"],
        total["late"],
        _shares(total),
        compared(_strata(facts, period.before(), period, only)),
    )


def _shares(total: Mapping[str, int]) -> tuple[NamedShare, ...]:
    return tuple(
        NamedShare(
            rule, Rate(total[part], total[whole]), wilson(total[part], total[whole]), part, whole
        )
        for rule, (part, whole) in RULES.items()
    )


def _strata(facts: Facts, before: Period, now: Period, only: Only) -> tuple[Stratum, ...]:
    """In time and handled, of each procedure in both periods."""
    of_before, of_now = (_by_procedure(facts, period, only) for period in (before, now))
    nothing = (0, 0)
    return tuple(
        Stratum(key, *of_before.get(key, nothing), *of_now.get(key, nothing))
        for key in sorted({*of_before, *of_now})
    )


def _by_procedure(facts: Facts, period: Period, only: Only) -> dict[str, tuple[int, int]]:
    rows = counted(facts, period, "procedure", only, ("in_time", "resolved")).rows
    return {row.key: (row.numbers["in_time"], row.numbers["resolved"]) for row in rows}
