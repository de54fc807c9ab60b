"""Which step an activity of a log may be, where its name is like a step's: to be confirmed."""

import re
import unicodedata
from collections.abc import Collection, Mapping
from difflib import SequenceMatcher

_LEAST = 0.55
"""Of likeness, 0 to 1: below it a guess is more often wrong than right."""
_WORDS = 2  # of a name that tells something wherever it stands
_MOST_LETTERS = 120
_MOST_PAIRS = 200_000


def proposed(activities: Collection[str], steps: Mapping[str, str]) -> dict[str, str]:
    """Activity -> the step (element) whose name is most like its own; none where none is.

    steps: element -> name. Several activities may be proposed one step. Of steps that are alike
    the one with the first id.
    """
    if len(activities) * len(steps) > _MOST_PAIRS:
        return {}
    words = {element: _words(name) for element, name in sorted(steps.items())}
    found = {}
    for activity in sorted(activities):
        own = _words(activity)
        likeness, element = max(
            ((likeness_of(own, words[each]), each) for each in words),
            key=lambda pair: pair[0],
            default=(0.0, ""),
        )
        if likeness >= _LEAST:
            found[activity] = element
    return found


def likeness_of(one: Collection[str], other: Collection[str]) -> float:
    """Mean of the words that both have, of all of either, and of the letters in their order; more
    where one name stands whole in the other ("Tiếp nhận hồ sơ tại bộ phận một cửa").
    """
    if not one or not other:
        return 0.0
    own, others = set(one), set(other)
    shared = len(own & others) / len(own | others)
    texts = [" ".join(words)[:_MOST_LETTERS] for words in (one, other)]
    alike = (shared + SequenceMatcher(None, texts[0], texts[1], autojunk=False).ratio()) / 2
    whole = min(len(own), len(others)) >= _WORDS and (own <= others or others <= own)
    return max(alike, _LEAST + (1 - _LEAST) * shared) if whole else alike


def _words(name: str) -> tuple[str, ...]:
    """Without case and accents; numbers that only count steps ("T02", "3.") do not matter."""
    plain = unicodedata.normalize("NFD", name.casefold().replace("đ", "d"))
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    words = re.findall(r"\w+", plain)
    return tuple(word for word in words if not re.fullmatch(r"[a-z]?\d+", word)) or tuple(words)
