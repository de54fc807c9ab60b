"""How the functions of the language are declared, and how arguments find their parameters.

A function is declared with its FEEL signature: "name: kind" for each parameter, "name?: kind" for
one that may be left out. Arguments of another kind give null; a list of one element stands for the
element and an element for a list of one (DMN 1.3, 10.3.2.9.4).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal, DecimalException
from typing import Any, TypeVar

from processes.feel import limits
from processes.feel.meter import Meter
from processes.feel.values import FeelFunction, Range, YearsMonths

_KINDS: dict[str, frozenset[type] | None] = {
    "any": None,
    "list": frozenset({list}),
    "string": frozenset({str}),
    "number": frozenset({Decimal}),
    "boolean": frozenset({bool}),
    "context": frozenset({dict}),
    "function": frozenset({FeelFunction}),
    "range": frozenset({Range}),
    "point": frozenset({Decimal, str, date, time, datetime, timedelta, YearsMonths}),
    "date": frozenset({date}),
    "time": frozenset({time}),
    "date or date and time": frozenset({date, datetime}),
    "time or date and time": frozenset({time, datetime, date}),
    "days and time duration": frozenset({timedelta}),
    "duration": frozenset({timedelta, YearsMonths}),
}
_ABSENT = object()
_Run = TypeVar("_Run", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Signature:
    """One way to call a function.

    gathers: several arguments may stand for the one list parameter.
    repeats: the last parameter may be given any number of times.
    """

    parameters: tuple[str, ...]
    kinds: tuple[frozenset[type] | None, ...]
    required: int
    run: Callable[..., Any]
    gathers: bool = False
    repeats: bool = False

    def takes(self, number: int) -> bool:
        """Whether so many arguments by position can fit."""
        if self.gathers or self.repeats:
            return number >= self.required
        return self.required <= number <= len(self.parameters)

    def order(self, names: Sequence[str]) -> tuple[int | None, ...] | None:
        """For each parameter, the index of the argument with its name; None if they do not fit."""
        if not set(names) <= set(self.parameters) or len(set(names)) != len(names):
            return None
        if not set(self.parameters[: self.required]) <= set(names):
            return None
        return tuple(
            names.index(parameter) if parameter in names else None for parameter in self.parameters
        )

    def admit(self, arguments: Sequence[Any]) -> list[Any] | None:
        """The arguments as the function takes them, None where one is of another kind."""
        if self.gathers:
            if len(arguments) > 1:
                return [list(arguments)]
            return None if arguments[0] is None else [_as_list(arguments[0])]
        if self.repeats:
            return list(arguments)
        admitted = []
        for value, kinds in zip(arguments, self.kinds, strict=False):
            fitting = value if value is _ABSENT else _fit(value, kinds)
            if fitting is _ABSENT and value is not _ABSENT:
                return None
            admitted.append(None if fitting is _ABSENT else fitting)
        return admitted


@dataclass(frozen=True, slots=True)
class Builtin:
    """A function of the language with its signatures, tried in order."""

    name: str
    signatures: list[Signature] = field(default_factory=list)

    def call(self, meter: Meter, arguments: Sequence[Any]) -> Any:
        """Call with arguments by position; null where no signature admits them."""
        _charge(meter, arguments)
        for signature in self.signatures:
            if not signature.takes(len(arguments)):
                continue
            admitted = signature.admit(arguments)
            if admitted is not None:
                return _run(signature, meter, admitted)
        return None

    def call_named(self, meter: Meter, names: Sequence[str], arguments: Sequence[Any]) -> Any:
        """Call with arguments by name; null where no signature admits them."""
        _charge(meter, arguments)
        for signature in self.signatures:
            order = signature.order(names)
            if order is None:
                continue
            values = [_ABSENT if index is None else arguments[index] for index in order]
            admitted = signature.admit(values)
            if admitted is not None:
                return _run(signature, meter, admitted)
        return None

    def fits(self, number: int, names: Sequence[str]) -> bool:
        """Whether a call with so many arguments, or with these names, can have a result at all."""
        if names:
            return any(signature.order(names) is not None for signature in self.signatures)
        return any(signature.takes(number) for signature in self.signatures)

    def as_function(self) -> FeelFunction:
        """The function as a value, called with the arguments of its first signature."""
        parameters = self.signatures[0].parameters
        return FeelFunction(parameters, lambda meter, *values: self.call(meter, values), self.name)

    def usage(self) -> str:
        """The signatures as a person reads them."""
        return "; ".join(
            f"{self.name}({', '.join(_shown(signature))})" for signature in self.signatures
        )


BUILTINS: dict[str, Builtin] = {}


def builtin(name: str, *parameters: str) -> Callable[[_Run], _Run]:
    """Declare a function (or one more signature of it); it is given the meter first."""
    return _declaring(name, parameters)


def gathering(name: str, parameter: str = "list") -> Callable[[_Run], _Run]:
    """Declare a function of one list, whose elements may also be given one by one."""
    return _declaring(name, (f"{parameter}: list",), gathers=True)


def repeating(name: str, *parameters: str) -> Callable[[_Run], _Run]:
    """Declare a function whose last parameter may be given any number of times."""
    return _declaring(name, parameters, repeats=True)


def _declaring(
    name: str, written: Sequence[str], *, gathers: bool = False, repeats: bool = False
) -> Callable[[_Run], _Run]:
    names = tuple(each.partition(":")[0].rstrip("?") for each in written)
    kinds = tuple(_KINDS[each.partition(":")[2].strip()] for each in written)
    required = sum("?" not in each.partition(":")[0] for each in written)

    def declare(run: _Run) -> _Run:
        signature = Signature(names, kinds, required, run, gathers, repeats)
        BUILTINS.setdefault(name, Builtin(name)).signatures.append(signature)
        return run

    return declare


def _as_list(value: Any) -> list[Any]:
    return value if value.__class__ is list else [value]


def _fit(value: Any, kinds: frozenset[type] | None) -> Any:
    """The value as a parameter of these kinds takes it, _ABSENT where it does not."""
    if kinds is None or value.__class__ in kinds:
        return value
    if value is None:
        return _ABSENT
    if kinds == _KINDS["list"]:
        return [value]
    if value.__class__ is list and len(value) == 1 and value[0].__class__ in kinds:
        return value[0]
    return _ABSENT


def _charge(meter: Meter, arguments: Sequence[Any]) -> None:
    steps = 1
    for value in arguments:
        if value.__class__ is str:
            steps += len(value) // limits.CHARACTERS_PER_STEP
        elif value.__class__ is list or value.__class__ is dict:
            steps += len(value)
    meter.charge(steps)


def _run(signature: Signature, meter: Meter, arguments: list[Any]) -> Any:
    try:
        return signature.run(meter, *arguments)
    except DecimalException:
        return None  # no such number


def _shown(signature: Signature) -> list[str]:
    return [
        name if index < signature.required else f"{name}?"
        for index, name in enumerate(signature.parameters)
    ]
