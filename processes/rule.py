"""Rules: what a check looks for, with the sentence it says in each language.

Every rule is a constant beside the check that uses it; `processes.check.RULES` lists them all.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from processes.finding import Finding, Severity

_SHOWN = 120  # characters of a designer's text that a sentence repeats


class Words(NamedTuple):
    """The same words in both languages; a fact given so is shown in the sentence's own."""

    vi: str
    en: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule; the `{placeholders}` of its sentences are filled from facts."""

    code: str
    severity: Severity
    vi: str
    en: str

    def at(self, element: str | None, **facts: Any) -> Finding:
        """The finding that this element breaks the rule."""
        vi = self.vi.format_map(_shown(facts, 0))
        en = self.en.format_map(_shown(facts, 1))
        return Finding(self.code, self.severity, element, vi, en)


def shorten(text: str) -> str:
    """A designer's text on one line, cut where a sentence would become unreadable."""
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else f"{line[: _SHOWN - 1]}…"


def listed(words: tuple[str, ...] | list[str], at_most: int = 8) -> str:
    """Words for a sentence: "a, b, c, …", a dash where there are none."""
    shown = [shorten(word) for word in words[:at_most]]
    return ", ".join(shown + ["…"] * (len(words) > at_most)) or "–"


def _shown(facts: Mapping[str, Any], language: int) -> dict[str, str]:
    return {
        name: fact[language] if isinstance(fact, Words) else shorten(str(fact))
        for name, fact in facts.items()
    }
