"""What one evaluation has used up, and the refusal when it is too much."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, NoReturn

from processes.feel import limits
from processes.feel.errors import ExpressionTooCostly, MomentMissing
from processes.feel.incoming import UNCHANGED, read_value


class Meter:
    """Counts the steps of one evaluation and keeps its moment."""

    __slots__ = ("_left", "at", "calls", "expression")

    def __init__(self, expression: str, at: datetime | None) -> None:
        self._left = limits.STEPS
        self.expression = expression
        self.at = at
        self.calls = 0  # nesting of the functions being called

    @property
    def used(self) -> int:
        """Steps used up so far."""
        return limits.STEPS - self._left

    def charge(self, steps: int) -> None:
        """Use up steps; refuse when none are left."""
        self._left -= steps
        if self._left < 0:
            self.refuse(f"quá {limits.STEPS} bước", f"more than {limits.STEPS} steps")

    def refuse(self, detail_vi: str, detail_en: str) -> NoReturn:
        raise ExpressionTooCostly(
            expression=self.expression, detail_vi=detail_vi, detail_en=detail_en
        )

    def too_deep(self) -> NoReturn:
        self.refuse("lồng nhau quá sâu", "nested too deeply")

    def text(self, value: str) -> str:
        """A new string, charged by its length and refused when too long."""
        length = len(value)
        if length > limits.STRING_CHARACTERS:
            self.refuse(
                f"chuỗi dài hơn {limits.STRING_CHARACTERS} ký tự",
                f"a string of more than {limits.STRING_CHARACTERS} characters",
            )
        self.charge(length // limits.CHARACTERS_PER_STEP)
        return value

    def moment(self) -> datetime:
        """The moment `now()` stands for."""
        if self.at is None:
            raise MomentMissing(expression=self.expression)
        return self.at


class Frame:
    """Where a part of an expression looks up names: the variables, and local values by slot.

    converted: variables already read as values of the language; None when all of them are such.
    """

    __slots__ = ("converted", "locals", "meter", "variables")

    def __init__(
        self,
        variables: Mapping[str, Any],
        local: dict[int, Any],
        meter: Meter,
        converted: dict[str, Any] | None = None,
    ) -> None:
        self.variables = variables
        self.locals = local
        self.meter = meter
        self.converted = converted

    def inside(self, local: dict[int, Any], meter: Meter) -> "Frame":
        """A frame for the same variables with other local values."""
        return Frame(self.variables, local, meter, self.converted)

    def bind(self, slot: int, value: Any) -> "Frame":
        """A frame that sees one more local value."""
        meter = self.meter
        meter.charge(len(self.locals) // limits.LOCALS_PER_STEP)
        return Frame(self.variables, {**self.locals, slot: value}, meter, self.converted)

    def variable(self, name: str) -> Any:
        """A variable as a value of the language; null when there is none."""
        value: Any = self.variables.get(name)
        kind = value.__class__
        if kind in UNCHANGED:
            return value
        if kind is str and value.isascii() and len(value) <= limits.STRING_CHARACTERS:
            return value
        if kind is int and -_SMALL < value < _SMALL:
            return Decimal(value)
        converted = self.converted
        if converted is None:
            return value
        if name not in converted:
            converted[name] = read_value(name, value, self.meter.charge)
        return converted[name]


_SMALL = 10**18
