"""The database: one command is one transaction, acknowledged only after its commit.

SQLite has a single writer thread that drains a queue, runs every command in a savepoint of its
own and commits the group once: a bad command fails alone, a flush to disk is shared by all that
waited for it. PostgreSQL gives every command a pooled connection and repeats it when the server
reports a serialisation failure. Both run the same statements.
"""

import queue
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.pool import NullPool, QueuePool

from processes.errors import RuleError

Answer = TypeVar("Answer")

_GROUP = 64  # commands that may share one commit
_ATTEMPTS = 5  # repeats after a serialisation failure or a lost race
_RETRIED = ("40001", "40P01", "23505")  # SQLSTATE: serialisation, deadlock, somebody was faster


class StaleState(Exception):
    """What the command was computed from has changed; compute it again from the database."""


class DatabaseStopped(RuleError):
    """The server is shutting down and takes no more commands."""

    code = "database.stopped"
    vi = "Máy chủ đang dừng. Chờ ít phút rồi thử lại."
    en = "The server is stopping. Wait a few minutes and try again."


@dataclass(slots=True)
class Transaction:
    """One command's view of the database, and what to do with memory if it comes to nothing."""

    connection: Connection
    _undo: list[Callable[[], None]] = field(default_factory=list)
    _over: list[Callable[[], None]] = field(default_factory=list)

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
        return self.connection.execute(statement, parameters)


Command = Callable[[Transaction], Answer]


class Database:
    """Reads and writes of one database, whichever it is."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.is_sqlite = url.startswith("sqlite")
        self._engine = _sqlite_engine(url) if self.is_sqlite else _postgresql_engine(url)
        self._writer = _Writer(self._engine) if self.is_sqlite else None

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection for reading one consistent state."""
        with self._engine.connect() as connection:
            yield connection

    def write(self, command: Command[Answer]) -> Answer:
        """Run the command in one transaction; return only after the commit."""
        for attempt in range(_ATTEMPTS):
            try:
                if self._writer is not None:
                    return self._writer.run(command)
                return self._run_alone(command)
            except StaleState:
                if attempt == _ATTEMPTS - 1:
                    raise
            except DBAPIError as error:
                if attempt == _ATTEMPTS - 1 or not _is_retried(error):
                    raise
        raise AssertionError

    def close(self) -> None:
        """Finish what is queued and let go of every connection."""
        if self._writer is not None:
            self._writer.stop()
        self._engine.dispose()

    def _run_alone(self, command: Command[Answer]) -> Answer:
        with self._engine.connect() as connection:
            transaction = Transaction(connection)
            try:
                answer = command(transaction)
                connection.commit()
            except BaseException:
                transaction.undo()
                connection.rollback()
                raise
            finally:
                transaction.over()
        return answer


def _is_retried(error: DBAPIError) -> bool:
    return isinstance(error, IntegrityError) or getattr(error.orig, "sqlstate", None) in _RETRIED


def _postgresql_engine(url: str) -> Engine:
    return create_engine(
        url,
        poolclass=QueuePool,
        pool_size=10,
        max_overflow=10,
        pool_pre_ping=False,
        isolation_level="READ COMMITTED",
    )


def _sqlite_engine(url: str) -> Engine:
    engine = create_engine(
        url,
        poolclass=QueuePool if ":memory:" not in url else NullPool,
        connect_args={"check_same_thread": False, "timeout": 30, "isolation_level": None},
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute("PRAGMA busy_timeout=30000")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # The driver's own BEGIN is off (isolation_level None); a writer takes its lock at once.
        connection.exec_driver_sql(
            "BEGIN IMMEDIATE" if connection.get_execution_options().get("writer") else "BEGIN"
        )

    return engine


@dataclass(slots=True)
class _Waiting:
    command: Command[Any]
    answer: Future[Any]


class _Writer:
    """The one thread that writes to SQLite, many commands to a commit."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._queue: queue.SimpleQueue[_Waiting | None] = queue.SimpleQueue()
        self._stopped = False
        self._thread = threading.Thread(target=self._loop, name="sqlite-writer", daemon=True)
        self._thread.start()

    def run(self, command: Command[Answer]) -> Answer:
        if self._stopped:
            raise DatabaseStopped
        if threading.current_thread() is self._thread:
            message = "a command may not start another command"
            raise RuntimeError(message)
        answer: Future[Answer] = Future()
        self._queue.put(_Waiting(command, answer))
        return answer.result()

    def stop(self) -> None:
        self._stopped = True
        self._queue.put(None)
        self._thread.join()

    def _loop(self) -> None:
        connection: Connection | None = None
        while True:
            first = self._queue.get()
            if first is None:
                break
            group, last = self._gather(first)
            try:
                if connection is None:
                    connection = self._engine.connect().execution_options(writer=True)
                self._commit_group(connection, group)
            except BaseException as error:  # noqa: BLE001 - every waiter must hear of it
                for waiting in group:
                    if not waiting.answer.done():
                        waiting.answer.set_exception(error)
                if connection is not None:
                    connection.invalidate()
                    connection.close()
                    connection = None
            if last:
                break
        if connection is not None:
            connection.close()
        self._refuse_the_rest()

    def _refuse_the_rest(self) -> None:
        while not self._queue.empty():
            waiting = self._queue.get()
            if waiting is not None:
                waiting.answer.set_exception(DatabaseStopped())

    def _gather(self, first: _Waiting) -> tuple[list[_Waiting], bool]:
        group = [first]
        while len(group) < _GROUP:
            try:
                waiting = self._queue.get_nowait()
            except queue.Empty:
                break
            if waiting is None:
                return group, True
            group.append(waiting)
        return group, False

    def _commit_group(self, connection: Connection, group: list[_Waiting]) -> None:
        done: list[tuple[_Waiting, Transaction, Any]] = []
        begun: list[Transaction] = []
        try:
            with connection.begin():
                for waiting in group:
                    transaction = Transaction(connection)
                    begun.append(transaction)
                    answered, answer = self._run_one(waiting, transaction, alone=len(group) == 1)
                    if answered:
                        done.append((waiting, transaction, answer))
        except _Alone:
            return
        except BaseException:
            for _, transaction, _ in done:
                transaction.undo()
            raise
        finally:
            for transaction in begun:
                transaction.over()
        for waiting, _, answer in done:
            waiting.answer.set_result(answer)

    def _run_one(
        self, waiting: _Waiting, transaction: Transaction, *, alone: bool
    ) -> tuple[bool, Any]:
        savepoint = None if alone else transaction.connection.begin_nested()
        try:
            answer = waiting.command(transaction)
        except OperationalError:  # the disk, not the command: nobody is acknowledged
            transaction.undo()
            raise
        except BaseException as error:
            transaction.undo()
            waiting.answer.set_exception(error)
            if savepoint is None:
                raise _Alone from error
            savepoint.rollback()
            return False, None
        if savepoint is not None:
            savepoint.commit()
        return True, answer


class _Alone(Exception):
    """The only command of the group failed; its waiter has been told."""
