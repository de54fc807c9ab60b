"""What an act writes on PostgreSQL, as one statement: its own transaction in a single message.

Each write becomes a part of one WITH, and the whole is written or nothing is. A row that must
change and did not (somebody else was faster) makes the statement fail by dividing by the number of
rows that changed, before anything is kept. All parts see the tables as they were before the first
of them; where that could differ from running them in order, they are not put together.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import chain
from typing import Any

from engine.store.prepared import Compiled

NONE_CHANGED = "22012"  # SQLSTATE of a division by zero
_PLACE = re.compile(r"\$(\d+)")
_SHAPES = 1_000  # acts differ in what they write; each way is put together once

Write = tuple[Compiled, list[Any], bool]
"""A statement, its values, and whether it must change a row."""


def together(writes: Sequence[Write]) -> tuple[str, list[Any]] | None:
    """One statement that does all of it, and its values; None where it takes several."""
    text = _text(tuple((statement, must) for statement, _, must in writes))
    return None if text is None else (text, list(chain.from_iterable(w[1] for w in writes)))


@lru_cache(_SHAPES)
def _text(parts: tuple[tuple[Compiled, bool], ...]) -> str | None:
    if not _may_be_together([statement for statement, _ in parts]):
        return None
    said, before = [], 0
    for number, (statement, must) in enumerate(parts):
        text = _moved(statement.text, before)
        said.append(f"w{number} AS ({text}{' RETURNING 1' if must else ''})")
        before += statement.width
    musts = [number for number, (_, must) in enumerate(parts) if must]
    checks = [f"1 / (SELECT count(*) FROM w{number})" for number in musts] or ["1"]  # noqa: S608
    return f"WITH {', '.join(said)} SELECT {', '.join(checks)}"


def _moved(text: str, by: int) -> str:
    """The text with its values so many places later."""
    return _PLACE.sub(lambda match: f"${int(match[1]) + by}", text)


def _may_be_together(statements: Sequence[Compiled]) -> bool:
    """Whether no part could meet a row that another part writes.

    Rows of a table are changed by one part at most, and before any are added to it.
    """
    changed: set[str] = set()
    entered: set[str] = set()
    for statement in statements:
        if statement.changes is None and statement.enters is None:
            return False
        if statement.changes in changed or statement.changes in entered:
            return False
        if statement.changes is not None:
            changed.add(statement.changes)
        if statement.enters is not None:
            entered.add(statement.enters)
    return True
