"""Types as an expression names them, and whether a value is of one (`instance of`)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from processes.feel.values import FeelFunction, Range, YearsMonths


@dataclass(frozen=True, slots=True)
class FeelType:
    """A named type with its members.

    members: element type of a list or range, entry types of a context (then `keys` names them),
    parameter types of a function followed by its result type. None: written without members.
    """

    name: str
    members: tuple["FeelType", ...] | None = None
    keys: tuple[str, ...] = ()

    def unknown(self) -> str | None:
        """The first name in it that is no type of the language, None when all are."""
        if self.name not in _CLASSES:
            return self.name
        return next(filter(None, (member.unknown() for member in self.members or ())), None)

    def admits(self, value: Any, charge: Callable[[int], None]) -> bool | None:
        """Whether the value is of this type; None for a type nobody knows.

        charge: is told of every element looked at.
        """
        charge(1)
        if self.name not in _CLASSES:
            return None
        if value is None:
            return self.name == "Null"
        if self.name == "Any":
            return True
        if value.__class__ not in _CLASSES[self.name]:
            return False
        return _MEMBERS.get(self.name, _no_members)(self, value, charge)


def _no_members(_type: FeelType, _value: Any, _charge: Callable[[int], None]) -> bool:
    return True


def _elements(type_: FeelType, value: Any, charge: Callable[[int], None]) -> bool | None:
    if not type_.members:
        return True
    return _all_of(type_.members[0].admits(each, charge) for each in value)


def _ends(type_: FeelType, value: Range, charge: Callable[[int], None]) -> bool | None:
    if not type_.members:
        return True
    ends = (end for end in (value.start, value.end) if end is not None)
    return _all_of(type_.members[0].admits(end, charge) for end in ends)


def _entries(type_: FeelType, value: Any, charge: Callable[[int], None]) -> bool | None:
    members = zip(type_.keys, type_.members or (), strict=False)
    return _all_of(
        key in value and (value[key] is None or member.admits(value[key], charge))
        for key, member in members
    )


def _signature(type_: FeelType, value: FeelFunction, _charge: Callable[[int], None]) -> bool:
    # parameters carry no types at run time, so only their number can be compared
    return type_.members is None or len(type_.members) - 1 == len(value.parameters)


def _all_of(results: Any) -> bool | None:
    for result in results:
        if result is not True:
            return bool(result) if result is not None else None
    return True


_CLASSES: dict[str, tuple[type, ...]] = {
    "Any": (),
    "Null": (type(None),),
    "number": (Decimal,),
    "string": (str,),
    "boolean": (bool,),
    "date": (date,),
    "time": (time,),
    "date and time": (datetime,),
    "days and time duration": (timedelta,),
    "years and months duration": (YearsMonths,),
    "list": (list,),
    "context": (dict,),
    "range": (Range,),
    "function": (FeelFunction,),
}
_MEMBERS: dict[str, Callable[[FeelType, Any, Callable[[int], None]], bool | None]] = {
    "list": _elements,
    "range": _ends,
    "context": _entries,
    "function": _signature,
}
TYPE_NAMES = frozenset(_CLASSES)
