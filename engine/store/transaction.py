"""A transaction as a command sees it: it reads at once, and its writes are sent together."""

from collections.abc import Callable, Mapping
from dataclasses import InitVar, dataclass, field
from typing import Any, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from engine.store import prepared
from engine.store.prepared import Line, Prepared, Row
from engine.store.together import NONE_CHANGED, Write, together

Answer = TypeVar("Answer")


class StaleState(Exception):
    """What the command was computed from has changed; compute it again from the database."""


@dataclass(slots=True)
class Transaction:
    """One command's view of the database, and what to do with memory if it comes to nothing.

    reading: the connection, for whoever asks and neither writes nor locks. begun: whether the
    database knows of the transaction; it is told when a statement needs one that lasts. line: to
    the same connection, where there is one already.
    """

    reading: Connection
    begun: bool = True
    line: InitVar[Line | None] = None
    _undo: list[Callable[[], None]] = field(default_factory=list)
    _over: list[Callable[[], None]] = field(default_factory=list)
    _later: list[Write] = field(default_factory=list)
    _line: Line = field(init=False)

    def __post_init__(self, line: Line | None) -> None:
        self._line = Line(self.reading) if line is None else line

    @property
    def connection(self) -> Connection:
        """The connection, within the transaction."""
        if not self.begun:
            self._line.say("BEGIN ISOLATION LEVEL READ COMMITTED")
            self.begun = True
        return self.reading

    def if_undone(self, action: Callable[[], None]) -> None:
        """Have `action` called if this transaction is rolled back: memory must not run ahead."""
        self._undo.append(action)

    def when_over(self, action: Callable[[], None]) -> None:
        """Have `action` called when the transaction is over, whichever way it went."""
        self._over.append(action)

    def undo(self) -> None:
        """Forget what memory ran ahead with; called by the database only."""
        for action in reversed(self._undo):
            action()
        self._undo.clear()

    def over(self) -> None:
        """Release what was held for the transaction; called by the database only."""
        for action in reversed(self._over):
            action()
        self._over.clear()

    def execute(self, statement: Any, parameters: Any = None) -> Any:
        """Execute one statement of SQLAlchemy Core."""
        self.settle()
        return self.connection.execute(statement, parameters)

    def rows(self, statement: Prepared, given: Mapping[str, Any]) -> list[Row]:
        """What a prepared statement finds."""
        self.settle()
        compiled = statement.on(self.reading.dialect)
        if not self.begun and not compiled.only_reads:
            self.connection  # noqa: B018  begins
        return prepared.ask(self._line, compiled, given)

    def row(self, statement: Prepared, given: Mapping[str, Any]) -> Row | None:
        """The only row that a prepared statement finds; None where there is none."""
        return next(iter(self.rows(statement, given)), None)

    def change(self, statement: Prepared, given: Mapping[str, Any], *, must: bool = False) -> None:
        """Have a prepared statement write, at the latest before the next one and the commit.

        PostgreSQL is sent all that is gathered in one message. must: where no row is changed
        somebody else was faster (StaleState, raised here or when it is sent).
        """
        compiled = statement.on(self.reading.dialect)
        values = compiled.values(given)
        if not self._line.in_order:
            self._later.append((compiled, values, must))
        elif self._line.run(compiled.text, values).rowcount != 1 and must:
            raise StaleState

    def roll_back(self) -> None:
        """Have nothing kept; called by the database only."""
        if self.begun:
            self._line.roll_back()

    def settle(self) -> None:
        """Send what was gathered; StaleState where somebody else was faster."""
        if self._later:
            self.connection  # noqa: B018  begins
            gathered, self._later = _what_must_first(self._later), []
            changed = prepared.send(self._line, [each[:2] for each in gathered])
            for number, (_, _, must) in zip(changed, gathered, strict=True):
                if must and number != 1:
                    raise StaleState

    def commit(self) -> None:
        """Send what was gathered and have it kept; called by the database only."""
        one = None if self.begun or not self._later else together(self._later)
        if one is None:
            self.settle()
            if self.begun:
                self._line.commit()
            return
        if self._line.listens:
            for statement, values, _ in self._later:
                self._line.tell(statement.text, values)
        self.reading.dispatch.commit(self.reading)
        try:
            self._line.give(*one)
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) == NONE_CHANGED:
                raise StaleState from error
            raise


def _what_must_first(writes: list[Write]) -> list[Write]:
    """What must change a row goes first, as it does where all is one statement (`together`).

    So every act locks its dossier before anything of it, as the batches of workers do: none waits
    for the other in a circle. Writes of one table stay in their order.
    """
    first: list[Write] = []
    others: list[Write] = []
    tables: set[str | None] = set()
    for write in writes:
        table = write[0].changes or write[0].enters
        ahead = write[2] and write[0].changes is not None and table not in tables
        (first if ahead else others).append(write)
        tables.add(table)
    return first + others


Command = Callable[[Transaction], Answer]
