"""Types of a decision model (item definitions): what a value must be to pass."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from processes.feel import UnaryTests, YearsMonths, limits
from processes.feel.meter import Meter
from processes.feel.type_names import TYPE_NAMES, FeelType

_SPELLINGS = {  # of DMN 1.1, and of other tools
    "dateTime": "date and time",
    "dayTimeDuration": "days and time duration",
    "yearMonthDuration": "years and months duration",
    "duration": "days and time duration",
    "integer": "number",
    "int": "number",
    "long": "number",
    "double": "number",
    "decimal": "number",
    "any": "Any",
    "<Undefined>": "Any",
    "Undefined": "Any",
}
ANY = "Any"


class Misfit(Exception):
    """A value is not of a type; what: the type in words."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


@dataclass(frozen=True, slots=True)
class ItemType:
    """A named type.

    base: the type it narrows; components: entries of a context, by name, with their type's name.
    collection: a list of such values. allowed: what each value must pass, None for all.
    """

    name: str
    base: str = ANY
    components: tuple[tuple[str, "ItemType"], ...] = ()
    collection: bool = False
    allowed: UnaryTests | None = None


@dataclass(frozen=True, slots=True)
class Types:
    """All types of a model by name, besides those of FEEL."""

    named: Mapping[str, ItemType]

    def knows(self, name: str) -> bool:
        """Whether the name is a type of the model or of the language."""
        return name in self.named or plain_name(name) in TYPE_NAMES

    def conform(self, value: Any, name: str, meter: Meter) -> Any:
        """The value as one of the named type: itself, its only element, or a list of it.

        Null is of every type. Raises Misfit.
        """
        return self._conform(value, name, meter, 0)

    def _conform(self, value: Any, name: str, meter: Meter, depth: int) -> Any:
        if value is None:
            return None
        if depth > limits.VALUE_DEPTH:
            meter.too_deep()
        item_type = self.named.get(name)
        if item_type is None:
            return _of_language(value, plain_name(name), meter)
        return self._of_item(value, item_type, meter, depth + 1)

    def _of_item(self, value: Any, item: ItemType, meter: Meter, depth: int) -> Any:
        if item.collection:
            elements = value if value.__class__ is list else [value]
            return [self._one(each, item, meter, depth) for each in elements]
        if value.__class__ is list and len(value) == 1 and item.base != "list":
            value = value[0]
        return self._one(value, item, meter, depth)

    def _one(self, value: Any, item: ItemType, meter: Meter, depth: int) -> Any:
        if value is None:
            return None
        meter.charge(1)
        if item.components:
            if value.__class__ is not dict:
                raise Misfit(item.name)
            value = {
                **value,
                **{
                    name: self._of_item(value.get(name), component, meter, depth + 1)
                    if value.get(name) is not None
                    else None
                    for name, component in item.components
                },
            }
        else:
            value = self._conform(value, item.base, meter, depth)
        if item.allowed is not None and not item.allowed.matches_within(value, {}, meter):
            raise Misfit(f"{item.name}: {item.allowed.text}")
        return value


def plain_name(name: str) -> str:
    """The FEEL name of a type: without a prefix, in the language's own spelling."""
    bare = name.rpartition(":")[2].strip()
    return _SPELLINGS.get(bare, bare)


def _of_language(value: Any, name: str, meter: Meter) -> Any:
    if name == ANY or name not in TYPE_NAMES:
        return value
    type_ = FeelType(name)
    if type_.admits(value, meter.charge):
        return value
    if value.__class__ is YearsMonths and name == "days and time duration":
        raise Misfit(name)
    if value.__class__ is list and len(value) == 1 and type_.admits(value[0], meter.charge):
        return value[0]
    if name == "list":
        return [value]
    raise Misfit(name)
