"""Acts on many dossiers in one transaction: each gathers what it writes, all is sent together.

What a hundred acts write is a handful of statements with a hundred rows each. Where one of them
cannot be written, each act is written by itself in a savepoint, so that a bad one fails alone.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from engine.store import prepared
from engine.store.database import DatabaseStopped, StaleState, Transaction
from engine.store.disk_full import DatabaseFull
from engine.store.prepared import Compiled, Prepared

UNABLE = (OperationalError, InterfaceError, PoolTimeout, DatabaseFull, DatabaseStopped)
"""Raised where the database cannot go on: no act is to blame for it."""


@dataclass(slots=True)
class Gathered(Transaction):
    """One act's view of the database: it reads at once, its writes wait to be sent with others.

    What it reads is therefore as it was before the act.
    """

    def execute(self, statement: Any, parameters: Any = None) -> Any:
        """Ask; to write is for `change`."""
        if not statement.is_select:
            raise RuntimeError(_NOT_GATHERED)
        return self.connection.execute(statement, parameters)

    def change(self, statement: Prepared, given: Mapping[str, Any], *, must: bool = False) -> None:
        """Have a prepared statement write when all is sent."""
        compiled = statement.on(self.connection.dialect)
        self._later.append((compiled, compiled.values(given), must))

    def settle(self) -> None:
        """Nothing is sent before the end."""

    @property
    def writes(self) -> Sequence[tuple[Compiled, Any, bool]]:
        """What the act writes: statement, values, whether a row must be changed by it."""
        return self._later


_NOT_GATHERED = "a statement of SQLAlchemy Core writes at once; give a prepared one to `change`"


def write_all(connection: Connection, acts: Sequence[Gathered]) -> list[Exception | None]:
    """Write all acts, each whole or not at all; why, of each that could not be written.

    Errors: UNABLE.
    """
    try:
        with savepoint(connection):
            _send_together(connection, acts)
    except UNABLE:
        raise
    except Exception as error:  # noqa: BLE001 - of whichever it is, the others are written
        return [error] if len(acts) == 1 else [_alone(connection, act) for act in acts]
    return [None] * len(acts)


def _alone(connection: Connection, act: Gathered) -> Exception | None:
    return write_all(connection, [act])[0]


def _send_together(connection: Connection, acts: Sequence[Gathered]) -> None:
    """Statement by statement, in the order in which the acts first came to them."""
    rows: dict[Compiled, list[Any]] = {}
    musts: set[Compiled] = set()
    for act in acts:
        for statement, values, must in act.writes:
            rows.setdefault(statement, []).append(values)
            if must:
                musts.add(statement)
    for statement, given in rows.items():
        changed = prepared.execute_many(connection, statement, given)
        if statement in musts and changed != len(given):
            raise StaleState


@contextmanager
def savepoint(connection: Connection) -> Iterator[None]:
    """A part of a transaction that is kept whole or not at all."""
    prepared.say(connection, "SAVEPOINT acts")
    try:
        yield
        prepared.say(connection, "RELEASE SAVEPOINT acts")
    except BaseException:
        prepared.say(connection, "ROLLBACK TO SAVEPOINT acts")
        prepared.say(connection, "RELEASE SAVEPOINT acts")
        raise
