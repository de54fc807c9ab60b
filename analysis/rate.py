"""Rates that never flatter: numerator and denominator always shown, percentages truncated.

34,355 late of 22,343,787 is reported as 99.84 %, not 99.85: truncation, so that 100 % never appears
while one dossier is late.
"""

from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

_HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Rate:
    """`part` of `whole`; no percentage where there is nothing to divide by."""

    part: int
    whole: int

    @property
    def percent(self) -> Decimal | None:
        """In percent with two decimals, truncated; None where the whole is 0.

        >>> Rate(22_343_787 - 34_355, 22_343_787).percent
        Decimal('99.84')
        """
        if self.whole == 0:
            return None
        return (Decimal(self.part) * 100 / Decimal(self.whole)).quantize(_HUNDREDTH, ROUND_DOWN)
