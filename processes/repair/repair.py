"""Repairs: one change to a file each, with the reason, what was and what will be."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from processes.finding import Severity
from processes.rule import Rule

_DIGITS = 10
UNASKED: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Repair:
    """One change that the designer may accept.

    kind: dotted word. element: id of the element in the file, None for the file as a whole. vi, en:
    the reason. before, after: the same place before and after, in the file's own words. key: tells
    two repairs of one kind on one element apart.
    """

    kind: str
    element: str | None
    vi: str
    en: str
    before: str
    after: str
    key: str = ""

    @property
    def id(self) -> str:
        """The same for the same repair of the same file, whatever else is accepted."""
        stated = "\0".join((self.kind, self.element or "", self.key))
        return f"{self.kind}-{hashlib.sha256(stated.encode()).hexdigest()[:_DIGITS]}"

    def to_data(self) -> dict[str, Any]:
        """The repair as plain data, as `quytrinh check --json` prints it."""
        return {
            "id": self.id,
            "kind": self.kind,
            "element": self.element,
            "vi": self.vi,
            "en": self.en,
            "before": self.before,
            "after": self.after,
        }


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of repair; the `{placeholders}` of its sentences are filled from facts.

    answers: codes of the rules that it answers, or their beginnings up to a dot. A repair is only
    proposed while the check complains under one of them, so what runs stays as it is drawn.
    UNASKED: no rule complains; it takes over what another tool states, which would be lost.
    """

    code: str
    vi: str
    en: str
    answers: tuple[str, ...]

    def of(
        self, element: str | None, before: str, after: str, key: str = "", /, **facts: Any
    ) -> Repair:
        """The repair of this element; before and after are facts too."""
        rule = Rule(self.code, Severity.WARNING, self.vi, self.en)
        said = rule.at(element, **{"before": before, "after": after, **facts})
        vi, en = (text[:1].upper() + text[1:] for text in (said.vi, said.en))
        return Repair(self.code, element, vi, en, _line(before), _line(after), key)


@dataclass(frozen=True, slots=True)
class Change:
    """A repair and how it is made."""

    repair: Repair
    make: Callable[[], object]


_SHOWN = 600  # characters


def _line(text: str) -> str:
    """One line; a script of another engine may be long."""
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else f"{line[: _SHOWN - 1]}…"
