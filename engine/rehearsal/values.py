"""What people enter in a rehearsal: answers that were given, chance, defaults."""

import random
from collections import Counter, deque
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from engine.rehearsal.run import Script
from processes.data_entry import Value, enter
from processes.data_field import DataField, FieldType

_WORDS = ("đạt", "bổ sung", "đồng ý", "xem lại", "hoàn thành")
_EXACT = 2**53
_MONTH = timedelta(days=30)
_AMOUNTS = (0, 1, 5, 10, 100, 1000, 1_000_000)


class Entries:
    """Answers of one run, used up as elements are visited.

    free: codes of fields that a repair put there; the diagram as drawn lets them be left out.
    """

    def __init__(self, script: Script, free: Collection[str] = ()) -> None:
        self._free = free
        self._visits: Counter[str] = Counter()
        self._chance = script.chance
        self._answers = {key: _queue(value) for key, value in script.answers.items()}

    def answer(self, element: str) -> Mapping[str, Any]:
        """What is entered at an element this time; of several answers the last one stays."""
        queue = self._answers.get(element)
        if not queue:
            return {}
        return queue.popleft() if len(queue) > 1 else queue[0]

    def entered(
        self,
        fields: Sequence[DataField],
        given: Mapping[str, Any],
        so_far: Mapping[str, Any],
        now: datetime,
    ) -> dict[str, Value]:
        """The typed values of a form, and what was given beyond its fields as it is.

        so_far: what is known already; it stays where nothing else is given.
        """
        asked = {each.code: each for each in fields if each.code not in self._free}
        stated = {key: so_far[key] for key in asked if so_far.get(key) is not None}
        stated |= {key: value for key, value in given.items() if key in asked}
        beyond = {key: exact(value) for key, value in given.items() if key not in asked}
        for each in fields:
            if each.code not in given:
                self._fill(each, stated if each.code in asked else beyond, so_far, now)
        return {**enter(asked.values(), stated), **beyond}

    def _fill(
        self, asked: DataField, into: dict[str, Any], so_far: Mapping[str, Any], now: datetime
    ) -> None:
        """What is entered in a field for which nothing is given, if anything."""
        if self._chance is not None:
            into[asked.code] = exact(_random_value(asked, self._chance, now))
        elif asked.code in self._free and (self._visits[asked.code] or asked.code not in so_far):
            into[asked.code] = exact(_value_in_turn(asked, self._visits[asked.code], now))
            self._visits[asked.code] += 1


def _queue(value: Any) -> deque[Mapping[str, Any]]:
    return deque(value if isinstance(value, list) else [value])


def exact(value: Any) -> Any:
    """Numbers without rounding, also inside lists and objects; all else as it is."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return Decimal(str(value))
    if isinstance(value, list):
        return [exact(each) for each in value]
    if isinstance(value, Mapping):
        return {key: exact(each) for key, each in value.items()}
    return value


def told(value: Any) -> Any:
    """A value as JSON says it: numbers as numbers where that is exact, dates as text."""
    if isinstance(value, Decimal):
        if value == value.to_integral_value() and abs(value) < _EXACT:
            return int(value)
        return float(value) if Decimal(repr(float(value))) == value else str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): told(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [told(each) for each in value]
    return value if value is None or isinstance(value, str | bool | int | float) else str(value)


def _value_in_turn(asked: DataField, visit: int, now: datetime) -> Any:
    """Another one at each visit, so that no loop is gone round for ever."""
    if asked.type is FieldType.CHOICE and asked.options:
        return asked.options[visit % len(asked.options)].value
    plain = {
        FieldType.BOOLEAN: visit % 2 == 0,
        FieldType.NUMBER: _AMOUNTS[(visit + 1) % len(_AMOUNTS)],  # 1 is the most usual
        FieldType.DATE: (now + visit * _MONTH).date(),
    }
    return plain.get(asked.type, _WORDS[visit % len(_WORDS)])


def _random_value(asked: DataField, chance: random.Random, now: datetime) -> Any:
    if asked.type is FieldType.CHOICE and asked.options:
        return chance.choice(asked.options).value
    if asked.type is FieldType.BOOLEAN:
        return chance.random() < 0.5  # noqa: PLR2004 - a coin
    if asked.type is FieldType.NUMBER:
        return chance.choice(_AMOUNTS)
    if asked.type is FieldType.DATE:
        return (now + timedelta(days=chance.randrange(-30, 30))).date()
    return chance.choice(_WORDS)
