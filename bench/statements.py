"""Counts SQL statements and commits of an act through the REST API: `python -m bench.statements`.

A pass of its own, in one process, for counting costs time. Statements that only open or close a
transaction (BEGIN, SAVEPOINT, RELEASE) are not counted, commits are counted apart.
"""

import random
import re
from collections import Counter
from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine, event
from starlette.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from bench import child
from bench.doors import HttpDoor, Stand, unwatched, walk
from bench.kept import require_kept
from bench.office import open_office
from bench.spread import quantile

_TABLE = re.compile(r"\b(?:FROM|INTO|UPDATE)\s+(\w+)", re.IGNORECASE)
_FRAME = ("BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK")


class Counting:
    """Listens to every engine of this process while it is on."""

    def __init__(self) -> None:
        self.statements: list[str] = []
        self.commits = 0
        event.listen(Engine, "before_cursor_execute", self._statement)
        event.listen(Engine, "commit", self._commit)

    def reset(self) -> None:
        self.statements, self.commits = [], 0

    def _statement(self, _conn: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if not statement.startswith(_FRAME):
            self.statements.append(statement)

    def _commit(self, _conn: Any) -> None:
        self.commits += 1


def measure(url: str, steps: int, dossiers: int, seed: int, *, keys: bool) -> dict[str, Any]:
    """Median and most statements and commits of receiving and completing."""
    office = open_office(url)
    app = create_app(office, Settings(database_url=url, tick_seconds=0))
    found: dict[str, list[tuple[int, int]]] = {"receive": [], "complete": []}
    kinds: Counter[str] = Counter()
    with TestClient(app) as client:
        door, chance = HttpDoor(client), random.Random(seed)
        walk(door, steps, chance, unwatched, keys=keys)
        counting = Counting()

        def watch(kind: str, act: Callable[[], Stand]) -> Stand:
            counting.reset()
            stand = act()
            found[kind].append((len(counting.statements), counting.commits))
            if kind == "complete":
                kinds.update(map(_named, counting.statements))
            return stand

        for _ in range(dossiers):
            walk(door, steps, chance, watch, keys=keys)
    require_kept(office, {steps: dossiers + 1}, keys=keys)
    office.database.close()
    completions = len(found["complete"])
    return {
        **{f"{kind}_{name}": value for kind, acts in found.items() for name, value in _of(acts)},
        "completions": completions,
        "kinds": {name: number / completions for name, number in kinds.most_common()},
    }


def _of(acts: list[tuple[int, int]]) -> list[tuple[str, float]]:
    statements, commits = zip(*acts, strict=True)
    return [
        ("statements", quantile(statements, 0.5)),
        ("statements_most", max(statements)),
        ("commits", quantile(commits, 0.5)),
        ("commits_most", max(commits)),
    ]


def _named(statement: str) -> str:
    table = _TABLE.search(statement)
    return f"{statement.split(None, 1)[0].lower()} {table[1] if table else '?'}"


if __name__ == "__main__":
    child.answer(measure)
