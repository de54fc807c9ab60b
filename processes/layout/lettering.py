"""How much room a text takes, without a font at hand; widths are a little above Arial's."""

import math
import unicodedata
from functools import lru_cache

TASK_LETTERS = 12.0  # px, the size of a task's name in bpmn-js
LABEL_LETTERS = 11.0  # px, the size of labels outside of shapes
LABEL_ROOM = 90.0  # px; bpmn-js wraps labels outside of shapes at this width
_STRIP_LINES = 2  # in the 30 px wide strip of a pool or lane
_STRIP_MOST = 400.0
_LINE = 1.2  # line height over letter size
_NARROW = frozenset("iIjlftr.,;:'|!()[]/\\` ·")
_WIDE = frozenset("mwMWOQG@%—…&")
_TASK_LINES = 3  # in a task of the usual height, below the sign of its kind
_MOST_LINES = 12  # a name longer than this is cut in the picture, never in the file


@lru_cache(maxsize=4096)
def text_width(text: str, letters: float = TASK_LETTERS) -> float:
    """Width in px of a text on one line; accents take no room."""
    em = 0.0
    for letter in unicodedata.normalize("NFD", text):
        if unicodedata.combining(letter):
            continue
        if letter in _NARROW:
            em += 0.32
        elif letter in _WIDE:
            em += 0.90
        else:
            em += 0.73 if letter.isupper() else 0.58
    return em * letters


def wrap(text: str, room: float, letters: float = TASK_LETTERS) -> tuple[str, ...]:
    """The lines of a text in a room of that width in px; a word too long is broken.

    >>> wrap("Tiếp nhận hồ sơ", 60)
    ('Tiếp nhận', 'hồ sơ')
    """
    lines: list[str] = []
    line = ""
    for word in unicodedata.normalize("NFC", text).split():
        for part in _parts(word, room, letters):
            longer = f"{line} {part}" if line else part
            if line and text_width(longer, letters) > room:
                lines.append(line)
                line = part
            else:
                line = longer
        if len(lines) > _MOST_LINES:
            break
    lines.append(line)
    if len(lines) > _MOST_LINES:
        lines = [*lines[: _MOST_LINES - 1], lines[_MOST_LINES - 1] + "…"]
    return tuple(line for line in lines if line)


def _parts(word: str, room: float, letters: float) -> list[str]:
    if text_width(word, letters) <= room:
        return [word]
    parts = [""]
    for letter in word[:1000]:
        if parts[-1] and text_width(parts[-1] + letter, letters) > room:
            parts.append("")
        parts[-1] += letter
    return parts


def upright_room(name: str, least: float) -> float:
    """The height in px at which a name, written upright in a strip, takes two lines."""
    room = least - 16
    while len(wrap(name, room * 0.9)) > _STRIP_LINES and room < _STRIP_MOST:
        room += 20
    return room + 16


def activity_size(name: str) -> tuple[float, float]:
    """Width and height in px of a task with that name: 120 by 80, more for a long name.

    The name starts below the sign of the task's kind, so three lines fit the usual height.
    """
    for width in (120.0, 140.0, 160.0, 180.0, 200.0):
        lines = len(wrap(name, width - 16))
        if lines <= _TASK_LINES:
            return width, 80.0
    return 200.0, 10.0 * math.ceil((lines * TASK_LETTERS * _LINE + 36) / 10)


def label_size(name: str, room: float = LABEL_ROOM) -> tuple[float, float]:
    """Width and height in px of a label outside of its shape; (0, 0) for no name."""
    lines = wrap(name, room, LABEL_LETTERS)
    if not lines:
        return 0.0, 0.0
    widest = max(text_width(line, LABEL_LETTERS) for line in lines)
    return float(math.ceil(widest) + 2), float(math.ceil(len(lines) * LABEL_LETTERS * _LINE))
