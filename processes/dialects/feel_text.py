"""Pieces of FEEL text that know how tightly they bind, so that brackets stand where they must."""

from dataclasses import dataclass
from enum import Enum, auto

from processes.dialects.words import Untranslatable

JOINED_OR, JOINED_AND, COMPARED, ADDED, MULTIPLIED, ATOM = range(6)
"""How tightly the outermost operator binds, loosest first."""


class Sort(Enum):
    """What a piece is worth where a condition is wanted."""

    NAME = auto()  # a variable: true or false, or anything else
    CONDITION = auto()
    VALUE = auto()


@dataclass(frozen=True, slots=True)
class Term:
    """A piece of FEEL. path: the names of a variable such as `order.amount`, else empty."""

    text: str
    level: int = ATOM
    sort: Sort = Sort.VALUE
    path: tuple[str, ...] = ()

    def at(self, level: int) -> str:
        """The text as an operand of an operator that binds so tightly."""
        return self.text if self.level >= level else f"({self.text})"


def as_condition(term: Term) -> Term:
    """The piece where true or false is wanted; an empty variable then counts as false."""
    if term.sort is Sort.NAME:
        return Term(f"{term.text} = true", COMPARED, Sort.CONDITION)
    if term.sort is Sort.VALUE:
        raise Untranslatable(text=term.text, detail="true/false?")
    return term


def negated(term: Term) -> Term:
    if term.sort is Sort.NAME:
        return Term(f"{term.text} = false", COMPARED, Sort.CONDITION)
    return Term(f"not({as_condition(term).text})", ATOM, Sort.CONDITION)


def compared(left: Term, operator: str, right: Term) -> Term:
    text = f"{left.at(ADDED)} {operator} {right.at(ADDED)}"
    return Term(text, COMPARED, Sort.CONDITION)


def is_empty(term: Term) -> Term:
    """Neither a value nor a letter."""
    return Term(f'{term.at(ADDED)} = null or {term.at(ADDED)} = ""', JOINED_OR, Sort.CONDITION)
