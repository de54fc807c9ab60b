"""Data from outside become values of the language: numbers exact, nothing unknown let in."""

import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from types import NoneType
from typing import Any, NoReturn

from processes.feel import limits
from processes.feel.arithmetic import round_to_digits
from processes.feel.errors import UnusableValue
from processes.feel.values import FeelFunction, Range, YearsMonths

UNCHANGED = frozenset({bool, NoneType, date, time, datetime, timedelta, YearsMonths, FeelFunction})
_MANY_BITS = 4 * limits.DIGITS  # more than any number of so many digits has


def read_value(name: str, value: Any, charge: Callable[[int], None]) -> Any:
    """A datum as a value of the language.

    name: of the variable, for the refusal; charge: is told of every element.
    Raises UnusableValue for what the language cannot express.
    """
    return _Reader(name, charge).read(value, 0)


class _Reader:
    def __init__(self, name: str, charge: Callable[[int], None]) -> None:
        self.name = name
        self.charge = charge

    def read(self, value: Any, depth: int) -> Any:
        kind = value.__class__
        if kind in UNCHANGED:
            return value
        self.charge(1)
        if isinstance(value, Enum):
            return self.read(value.value, depth)
        if isinstance(value, str):
            return self._string(str(value))
        if isinstance(value, int):
            return self._integer(int(value))
        if isinstance(value, Decimal | float):
            return self._number(value)
        if depth >= limits.VALUE_DEPTH:
            self._refuse("lồng nhau quá sâu.", "nested too deeply.")
        return self._collection(value, depth)

    def _collection(self, value: Any, depth: int) -> Any:
        if isinstance(value, Mapping):
            return {self._key(key): self.read(each, depth + 1) for key, each in value.items()}
        if isinstance(value, list | tuple):
            return [self.read(each, depth + 1) for each in value]
        if isinstance(value, Range):
            ends = self.read(value.start, depth + 1), self.read(value.end, depth + 1)
            return Range(*ends, value.start_included, value.end_included, value.equals)
        kind = value.__class__.__name__
        return self._refuse(f"kiểu {kind} không dùng được.", f"its type is {kind}.")

    def _key(self, key: Any) -> str:
        if not isinstance(key, str):
            self._refuse("tên phần tử phải là chuỗi.", "names of entries must be strings.")
        return unicodedata.normalize("NFC", key)

    def _string(self, value: str) -> str:
        if len(value) > limits.STRING_CHARACTERS:
            self._refuse(
                f"chuỗi dài hơn {limits.STRING_CHARACTERS} ký tự.",
                f"a string of more than {limits.STRING_CHARACTERS} characters.",
            )
        self.charge(len(value) // limits.CHARACTERS_PER_STEP)
        return unicodedata.normalize("NFC", value)

    def _integer(self, value: int) -> Decimal:
        if value.bit_length() > _MANY_BITS:
            self._too_many_digits()
        return self._number(Decimal(value))

    def _number(self, value: Decimal | float) -> Decimal:
        # repr of a float is the shortest decimal that reads back as it: what the sender wrote
        number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
        if not number.is_finite():
            self._refuse("không phải là số.", "it is not a number.")
        rounded = round_to_digits(number)
        if rounded != number:
            self._too_many_digits()
        return rounded

    def _too_many_digits(self) -> NoReturn:
        self._refuse(
            f"số có hơn {limits.DIGITS} chữ số.", f"a number of more than {limits.DIGITS} digits."
        )

    def _refuse(self, detail_vi: str, detail_en: str) -> NoReturn:
        raise UnusableValue(name=self.name, detail_vi=detail_vi, detail_en=detail_en)
