"""Reasons and remarks that people give for what they do, as they are kept."""

from engine.dossiers.refusals import ReasonNeeded
from processes.data_entry import is_storable

_SHORTEST_REASON, _LONGEST_REASON = 5, 2000


def stated(reason: str | None) -> str:
    """The reason in words; refused where there is none."""
    words = in_words(reason)
    if len(words) < _SHORTEST_REASON:
        raise ReasonNeeded
    return words


def in_words(text: str | None) -> str:
    """A remark on one line, without what no database can keep; it may be empty."""
    return " ".join("".join(filter(is_storable, text or "")).split())[:_LONGEST_REASON]
