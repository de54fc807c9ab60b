"""Letters that a printed form has no sign for: each is drawn as □, and a note says so.

One name with a picture in it, or in a script that the fonts do not know, would otherwise keep a
form or a whole report from being printed. What the record keeps stays as it was written. Which
letters those are is asked of the press itself, once each.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from engine.forms.press import pdf
from engine.forms.refusals import FormFailed

BOX = "\N{WHITE SQUARE}"
_KNOWN = frozenset(
    chr(code)
    for first, last in (
        (0x20, 0x7E),
        (0xA0, 0x17F),
        (0x1A0, 0x1B0),
        (0x300, 0x323),
        (0x1EA0, 0x1EF9),
    )
    for code in range(first, last + 1)
) | frozenset("\n–—‘’“”…•₫→" + BOX)
"""What Vietnamese and English are written in; of other letters the press is asked."""
_MOST = 200
_AT_FOOT = f"{BOX}: ký tự không in được, hồ sơ điện tử ghi đúng"
_LETTER = '#let facts = json(bytes(sys.inputs.facts))\n#set document(title: "?")\n#facts.letter\n'
_THEN = datetime(2026, 1, 1, tzinfo=UTC)


def legible(facts: Mapping[str, Any]) -> tuple[Mapping[str, Any], bool]:
    """The facts with a box for each letter that cannot be drawn, and whether there was one."""
    unusual = sorted(_letters(facts) - _KNOWN)
    boxes = {ord(each): BOX for each in unusual[_MOST:]}
    boxes |= {ord(each): BOX for each in unusual[:_MOST] if not _is_drawn(each)}
    return (_with(facts, boxes), True) if boxes else (facts, False)


def legible_form(facts: Mapping[str, Any]) -> Mapping[str, Any]:
    """The facts of a form, with a word at its foot where a letter is a box."""
    drawn, has_boxes = legible(facts)
    return {**drawn, "basis": f"{drawn['basis']} · {_AT_FOOT}"} if has_boxes else facts


def _letters(value: Any) -> frozenset[str]:
    if isinstance(value, str):
        return frozenset(value)
    if isinstance(value, Mapping):
        value = value.values()
    if isinstance(value, int):
        return frozenset()
    return frozenset().union(*map(_letters, value))


def _with(value: Any, boxes: Mapping[int, str]) -> Any:
    if isinstance(value, str):
        return value.translate(boxes)
    if isinstance(value, Mapping):
        return {key: _with(each, boxes) for key, each in value.items()}
    return value if isinstance(value, int) else [_with(each, boxes) for each in value]


@lru_cache(1_000)
def _is_drawn(letter: str) -> bool:
    try:
        pdf(_LETTER, {"letter": letter}, _THEN)
    except FormFailed:
        return False
    return True
