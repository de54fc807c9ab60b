"""What a measure looks at: a period, and perhaps one procedure, version, step, unit or office."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from analysis.period import VIET_NAM, Period

_FILTERS = ("agency_id", "procedure_code", "element_id", "unit", "version_id")
_OF_DOSSIERS = ("agency_id", "procedure_code", "unit", "version_id")
_VERSION = {"version_id": "cast(version_id as varchar)"}
_SECOND_US = 1_000_000


@dataclass(frozen=True, slots=True)
class Scope:
    """From start_us to end_us, the end not included; None = all of them.

    unit: of a step who does it, of a dossier who received it. version_id: of a procedure, as text.
    """

    start_us: int
    end_us: int
    agency_id: str | None = None
    procedure_code: str | None = None
    element_id: str | None = None
    unit: str | None = None
    version_id: str | None = None

    @classmethod
    def of(cls, period: Period, **filters: str | None) -> Self:
        """The whole days of a period, narrowed by the other fields."""
        start, end = (int(at.timestamp()) * _SECOND_US for at in (period.start, period.end))
        return cls(start, end, **filters)

    @property
    def period(self) -> Period:
        """The whole days that it touches."""
        first, last = self.start_us // _SECOND_US, (self.end_us - 1) // _SECOND_US
        return Period(*(datetime.fromtimestamp(at, VIET_NAM).date() for at in (first, last)))

    def steps(self, moment: str = "") -> tuple[str, dict[str, Any]]:
        """A condition on step_interval, `moment` within the period (or whenever), its values."""
        return self._condition(moment, _FILTERS, _VERSION)

    def dossiers(self, moment: str = "") -> tuple[str, dict[str, Any]]:
        """A condition on dossier_fact, `moment` within the period (or whenever), its values."""
        return self._condition(moment, _OF_DOSSIERS, {"unit": "receiving_unit", **_VERSION})

    def _condition(
        self, moment: str, names: tuple[str, ...], columns: Mapping[str, str]
    ) -> tuple[str, dict[str, Any]]:
        parts, values = ["true"], dict[str, Any]()
        if moment:
            parts.append(f"{moment} >= $start_us and {moment} < $end_us")
            values |= {"start_us": self.start_us, "end_us": self.end_us}
        for name in names:
            value = getattr(self, name)
            if value is not None:
                parts.append(f"{columns.get(name, name)} = ${name}")
                values[name] = value
        return " and ".join(parts), values
