"""Functions of texts (DMN 1.3, 10.3.4.3). Positions count characters (code points) from 1."""

from decimal import Decimal
from typing import Any

from processes.feel.arithmetic import whole
from processes.feel.builtins.registry import builtin
from processes.feel.limits import CHARACTERS_PER_STEP
from processes.feel.meter import Meter
from processes.feel.pattern import compile_pattern


@builtin("substring", "string: string", "start position: number", "length?: number")
def substring(
    _meter: Meter, text: str, start: Decimal, length: Decimal | None = None
) -> str | None:
    first = whole(start.to_integral_value("ROUND_DOWN"))
    if not first or abs(first) > len(text):
        return None
    begin = first - 1 if first > 0 else len(text) + first
    if length is None:
        return text[begin:]
    number = whole(length.to_integral_value("ROUND_DOWN"))
    return None if number is None or number < 1 else text[begin : begin + number]


@builtin("string length", "string: string")
def string_length(_meter: Meter, text: str) -> Decimal:
    return Decimal(len(text))


@builtin("upper case", "string: string")
def upper_case(meter: Meter, text: str) -> str:
    return meter.text(text.upper())


@builtin("lower case", "string: string")
def lower_case(meter: Meter, text: str) -> str:
    return meter.text(text.lower())


@builtin("substring before", "string: string", "match: string")
def substring_before(_meter: Meter, text: str, match: str) -> str:
    before, found, _ = text.partition(match) if match else ("", "", text)
    return before if found else ""


@builtin("substring after", "string: string", "match: string")
def substring_after(_meter: Meter, text: str, match: str) -> str:
    _, found, after = text.partition(match) if match else ("", "", text)
    return after if found or not match else ""


@builtin("contains", "string: string", "match: string")
def contains(_meter: Meter, text: str, match: str) -> bool:
    return match in text


@builtin("starts with", "string: string", "match: string")
def starts_with(_meter: Meter, text: str, match: str) -> bool:
    return text.startswith(match)


@builtin("ends with", "string: string", "match: string")
def ends_with(_meter: Meter, text: str, match: str) -> bool:
    return text.endswith(match)


@builtin("matches", "input: string", "pattern: string", "flags?: string")
def matches(meter: Meter, text: str, pattern: str, flags: str | None = None) -> bool | None:
    """Whether the pattern is found in the text; null for no pattern."""
    compiled = compile_pattern(pattern, flags or "", meter)
    return None if compiled is None else compiled.find(text, 0, meter) is not None


@builtin("replace", "input: string", "pattern: string", "replacement: string", "flags?: string")
def replace(
    meter: Meter, text: str, pattern: str, replacement: str, flags: str | None = None
) -> str | None:
    """Every match replaced; null for no pattern, or one that matches the empty text."""
    compiled = compile_pattern(pattern, flags or "", meter)
    if compiled is None or compiled.find("", 0, meter) is not None:
        return None
    pieces = compiled.replacement(replacement)
    if pieces is None:
        return None
    written: list[str] = []
    position = 0
    for found in compiled.find_all(text, meter):
        meter.charge(_STEPS_PER_MATCH)
        written.append(text[position : found.start])
        written += [piece if isinstance(piece, str) else found.group(piece) for piece in pieces]
        position = found.end
    written.append(text[position:])
    return _joined(meter, written)


@builtin("split", "string: string", "delimiter: string")
def split(meter: Meter, text: str, delimiter: str) -> list[str] | None:
    """The texts between the matches of a pattern; null for no pattern, or one that matches ""."""
    compiled = compile_pattern(delimiter, "", meter)
    if compiled is None or compiled.find("", 0, meter) is not None:
        return None
    parts: list[str] = []
    position = 0
    for found in compiled.find_all(text, meter):
        meter.charge(_STEPS_PER_MATCH)
        parts.append(text[position : found.start])
        position = found.end
    meter.charge(len(parts))
    return [*parts, text[position:]]


@builtin("string join", "list: list", "delimiter?: any", "prefix?: any", "suffix?: any")
def string_join(
    meter: Meter, elements: list[Any], delimiter: Any = None, prefix: Any = None, suffix: Any = None
) -> str | None:
    """Null elements are left out, a null delimiter is the empty text."""
    around = (delimiter, prefix, suffix)
    texts = [each for each in elements if each is not None]
    if any(each.__class__ is not str for each in (*texts, *(x for x in around if x is not None))):
        return None
    between = delimiter or ""
    meter.charge(sum(len(each) + len(between) for each in texts) // CHARACTERS_PER_STEP)
    return meter.text((prefix or "") + between.join(texts) + (suffix or ""))


_STEPS_PER_MATCH = 3


def _joined(meter: Meter, pieces: list[str]) -> str:
    meter.charge(len(pieces) + sum(map(len, pieces)) // CHARACTERS_PER_STEP)
    return meter.text("".join(pieces))
