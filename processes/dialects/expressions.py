"""Conditions of other engines said in FEEL: `${amount > 1000 && !urgent}`, `x == 'a' or y`.

One grammar serves JUEL (Camunda 7, Flowable, Activiti), Groovy and JavaScript as far as conditions
go, Python (SpiffWorkflow), XPath comparisons, and FEEL with paths (Camunda 8). What it does not
know it refuses: a condition is translated with its meaning or not at all. Data here are flat, so
`order.amount` becomes the field `order_amount`. A variable without a value counts as false.
"""

import re
from collections.abc import Collection
from functools import lru_cache

from processes.dialects.grammar import read_condition, read_value
from processes.dialects.words import MOST_CHARS, Untranslatable
from processes.feel import InvalidExpression, compile_expression
from processes.feel.parser import clean, parse
from processes.feel.syntax import Literal, Name, Node, Path

_CONSTANTS = frozenset({"True", "False", "TRUE", "FALSE", "None", "undefined", "nil"})
"""Written so they are names in FEEL, and constants where they come from."""
_WRAPPED = re.compile(r"[$#]\{([^{}]*)\}")


def to_feel(text: str, declared: Collection[str] = ()) -> str:
    """The condition in FEEL; a text that is FEEL already comes back as it is.

    declared: codes of fields, whose parts FEEL may name (`ngay.year`).
    Errors: Untranslatable.

    >>> to_feel("${amount > 1000 && !urgent}")
    'amount > 1000 and urgent = false'
    """
    stripped = text.strip()
    if len(stripped) > MOST_CHARS:
        raise Untranslatable(text=stripped[:60], detail=f"> {MOST_CHARS}")
    if is_usable(stripped, declared):
        return text
    translated = read_condition(_bare(stripped))
    if not is_usable(translated, declared):
        raise Untranslatable(text=stripped, detail=translated)
    return translated


def to_feel_value(text: str) -> str:
    """An expression of any type in FEEL: `${n + 1}` is `n + 1`. Errors: Untranslatable."""
    stripped = text.strip()
    translated = read_value(_bare(stripped))
    if _read(translated) is None:
        raise Untranslatable(text=stripped[:60], detail=translated)
    return translated


def _bare(text: str) -> str:
    """The expression without the wrapping of its engine."""
    if (whole := _WRAPPED.fullmatch(text)) is not None:
        return whole[1].strip()
    return _WRAPPED.sub(lambda found: f"({found[1]})", text).removeprefix("=")


def is_usable(text: str, declared: Collection[str] = ()) -> bool:
    """Whether the text is a FEEL condition over flat data: no path into what nobody declared."""
    read = _read(text)
    if read is None:
        return False
    names, node = read
    if isinstance(node, Literal) and not isinstance(node.value, bool):
        return False
    if names & _CONSTANTS:
        return False
    return not _leads_into(node, declared)


def names_in(text: str) -> frozenset[str]:
    """The data that a FEEL condition reads, none where it is not FEEL."""
    read = _read(text)
    return frozenset() if read is None else read[0]


def bare_name(text: str) -> str | None:
    """The name that a FEEL text consists of, None where it is anything else."""
    read = _read(text)
    return read[1].name if read is not None and isinstance(read[1], Name) else None


@lru_cache(maxsize=1024)
def _read(text: str) -> tuple[frozenset[str], Node] | None:
    """The names and the parts of a FEEL text; repairs look at the same texts again and again."""
    try:
        return compile_expression(text).names, parse(clean(text), ())
    except InvalidExpression:
        return None


def _leads_into(node: Node, declared: Collection[str]) -> bool:
    waiting = [node]
    while waiting:
        part = waiting.pop()
        source = part.source if isinstance(part, Path) else None
        if isinstance(source, Name) and source.name not in declared:
            return True
        waiting += part.parts()
    return False
