"""Values written as text: as the function `string` shows them, and as literals that read back."""

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from processes.feel import limits, temporal
from processes.feel.meter import Meter
from processes.feel.tokens import KEYWORDS, is_name
from processes.feel.values import Range, YearsMonths

_ESCAPED = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_TO_ESCAPE = re.compile(r'["\\\n\r\t]')
_TEMPORAL = (date, time, datetime, timedelta, YearsMonths)


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
    meter.charge(1)
    if depth > limits.VALUE_DEPTH:
        meter.too_deep()
    kind = value.__class__
    if value is None or kind is bool:
        return str(value).lower() if value is not None else "null"
    if kind is Decimal:
        return write_number(value)
    if kind is str:
        meter.charge(len(value) // limits.CHARACTERS_PER_STEP)
        return write_text(value)
    if kind in _TEMPORAL:
        return f'@"{temporal.write(value)}"' if literal or depth else temporal.write(value)
    if kind is list:
        inner = (_written(each, meter, depth + 1, literal=literal) for each in value)
        return f"[{', '.join(inner)}]"
    if kind is dict:
        entries = (
            f"{_key(key)}: {_written(each, meter, depth + 1, literal=literal)}"
            for key, each in value.items()
        )
        return f"{{{', '.join(entries)}}}"
    if kind is Range:
        return _range(value, meter, depth, literal=literal)
    return "function"


def _key(key: str) -> str:
    return key if is_name(key) and key not in KEYWORDS else write_text(key)


def _range(value: Range, meter: Meter, depth: int, *, literal: bool) -> str:
    def end(each: Any) -> str:
        return _written(each, meter, depth + 1, literal=literal)

    if value.equals is not None:
        return f"({'=' if value.equals else '!='}{end(value.start)})"
    if value.end is None:
        return f"({'>=' if value.start_included else '>'}{end(value.start)})"
    if value.start is None:
        return f"({'<=' if value.end_included else '<'}{end(value.end)})"
    opening, closing = "(["[value.start_included], ")]"[value.end_included]
    return f"{opening}{end(value.start)}..{end(value.end)}{closing}"
