"""Values written as text: as the function `string` shows them, and as literals that read back."""

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from types import NoneType
from typing import Any

from processes.feel import limits, temporal
from processes.feel.meter import Meter
from processes.feel.tokens import KEYWORDS, is_name
from processes.feel.values import FeelFunction, Range, YearsMonths

_ESCAPED = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_TO_ESCAPE = re.compile(r'["\\\n\r\t]')


def write_plain(value: Any, meter: Meter) -> str:
    """The value as `string(value)` gives it: a text itself stays bare."""
    if value.__class__ is str:
        return str(value)
    return meter.text(_written(value, meter, 0, literal=False))


def write_literal(value: Any, meter: Meter) -> str:
    """An expression whose value is the given one (functions have none)."""
    return meter.text(_written(value, meter, 0, literal=True))


def write_number(value: Decimal) -> str:
    """Without exponent and without idle zeros: equal numbers are written alike."""
    written = f"{value:f}"
    if "." in written:
        written = written.rstrip("0").rstrip(".")
    return "0" if written in ("-0", "") else written


def write_text(value: str) -> str:
    """In quotes."""
    return f'"{_TO_ESCAPE.sub(lambda found: _ESCAPED[found.group()], value)}"'


def _written(value: Any, meter: Meter, depth: int, *, literal: bool) -> str:
    meter.charge(limits.STEPS_PER_WRITTEN)
    if depth > limits.VALUE_DEPTH:
        meter.too_deep()
    return _WRITERS[value.__class__](_Writer(meter, depth, literal=literal), value)


class _Writer:
    """Writes the inside of lists, contexts and ranges."""

    def __init__(self, meter: Meter, depth: int, *, literal: bool) -> None:
        self.meter, self.depth, self.literal = meter, depth, literal

    def inner(self, value: Any) -> str:
        return _written(value, self.meter, self.depth + 1, literal=self.literal)

    def text(self, value: str) -> str:
        self.meter.charge(len(value) // limits.CHARACTERS_PER_STEP)
        return write_text(value)

    def moment(self, value: Any) -> str:
        bare = temporal.write(value)
        return f'@"{bare}"' if self.literal or self.depth else bare

    def list(self, value: Any) -> str:
        return f"[{', '.join(map(self.inner, value))}]"

    def context(self, value: dict[str, Any]) -> str:
        entries = (f"{_key(key)}: {self.inner(each)}" for key, each in value.items())
        return f"{{{', '.join(entries)}}}"

    def range(self, value: Range) -> str:
        if value.equals is not None:
            return f"({'=' if value.equals else '!='}{self.inner(value.start)})"
        if value.end is None:
            return f"({'>=' if value.start_included else '>'}{self.inner(value.start)})"
        if value.start is None:
            return f"({'<=' if value.end_included else '<'}{self.inner(value.end)})"
        opening, closing = "(["[value.start_included], ")]"[value.end_included]
        return f"{opening}{self.inner(value.start)}..{self.inner(value.end)}{closing}"


def _key(key: str) -> str:
    return key if is_name(key) and key not in KEYWORDS else write_text(key)


_WRITERS: dict[type, Callable[[_Writer, Any], str]] = {
    NoneType: lambda _writer, _value: "null",
    bool: lambda _writer, value: "true" if value else "false",
    Decimal: lambda _writer, value: write_number(value),
    str: _Writer.text,
    **dict.fromkeys((date, time, datetime, timedelta, YearsMonths), _Writer.moment),
    list: _Writer.list,
    dict: _Writer.context,
    Range: _Writer.range,
    FeelFunction: lambda _writer, value: f"function({', '.join(value.parameters)})",
}
