"""The database: one command is one transaction, acknowledged only after its commit.

SQLite has a single writer thread that drains a queue, runs every command in a savepoint of its
own and commits the group once: a bad command fails alone, a flush to disk is shared by all that
waited for it. PostgreSQL gives every command a pooled connection and repeats it when the server
reports a serialisation failure. Both run the same statements.
"""

import asyncio
import queue
import sqlite3
import threading
from collections import deque
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool, QueuePool

from engine.store.disk_full import cause_of, tell_full
from engine.store.prepared import Line
from engine.store.transaction import Answer, Command, StaleState, Transaction
from processes.errors import RuleError

__all__ = ["Command", "Database", "DatabaseStopped", "StaleState", "Transaction"]

_GROUP = 64  # commands that may share one commit
_PATIENCE, _A_MOMENT = 30_000, threading.Event()  # milliseconds; nothing sets it
_WAIT = "PRAGMA busy_timeout = 30000"  # of SQLite, for whoever has the lock
_ATTEMPTS = 8  # repeats after a serialisation failure or a lost race
_CONNECTIONS = 20  # of PostgreSQL, kept; as many more for a moment where all are taken
_THREADS = 12  # that wait for PostgreSQL on behalf of coroutines
_RETRIED = ("40001", "40P01", "23505")
"""SQLSTATE of serialisation failure, deadlock, and a key that somebody else was faster to take.

Nothing else heals by repeating: a broken reference or a missing value is refused at once.
"""


class DatabaseStopped(RuleError):
    """The server is shutting down and takes no more commands."""

    code = "database.stopped"
    vi = "Máy chủ đang dừng. Chờ ít phút rồi thử lại."
    en = "The server is stopping. Wait a few minutes and try again."


class Database:
    """Reads and writes of one database, whichever it is."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.is_sqlite = url.startswith("sqlite")
        self._engine = tell_full((_sqlite_engine if self.is_sqlite else _postgresql_engine)(url))
        self._lookup = (
            self._engine
            if self.is_sqlite  # there a statement outside of a transaction is by itself already
            else self._engine.execution_options(isolation_level="AUTOCOMMIT")
        )
        self._writer: _Writer | _Alone = (_Writer if self.is_sqlite else _Alone)(self._engine)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection for reading one consistent state, however many statements it takes."""
        if self._writer.stopped:
            raise DatabaseStopped
        with self._engine.connect() as connection:
            if not self.is_sqlite:
                connection.execution_options(
                    isolation_level="REPEATABLE READ", postgresql_readonly=True
                )
            yield connection

    def write(self, command: Command[Answer]) -> Answer:
        """Run the command in one transaction; return only after the commit.

        The command may be run again, in a new transaction, where another one was faster. Errors:
        what the command raises, StaleState when others were faster each time, DatabaseStopped.
        """
        for _ in range(_ATTEMPTS - 1):
            try:
                return self._writer.run(command)
            except (StaleState, DBAPIError) as error:
                if not _is_retried(error):
                    raise
        return self._writer.run(command)

    async def written(self, command: Command[Answer]) -> Answer:
        """`write` for a coroutine: no thread of the server waits for the commit."""
        for _ in range(_ATTEMPTS - 1):
            try:
                return await self._writer.soon(command)
            except (StaleState, DBAPIError) as error:
                if not _is_retried(error):
                    raise
        return await self._writer.soon(command)

    def look(self, question: Callable[[Connection], Answer]) -> Answer:
        """Ask what takes one prepared statement: it needs no transaction to be consistent."""
        if self._writer.stopped:
            raise DatabaseStopped
        with self._lookup.connect() as connection:
            return question(connection)

    async def looked(self, question: Callable[[Connection], Answer]) -> Answer:
        """`look` for a coroutine; SQLite answers sooner than a thread would begin."""
        if self.is_sqlite:
            return self.look(question)
        return await asyncio.to_thread(self.look, question)

    def close(self) -> None:
        """Finish what is queued and let go of every connection; nothing is taken from now on."""
        self._writer.stop()
        self._engine.dispose()


def _is_retried(error: StaleState | DBAPIError) -> bool:
    return isinstance(error, StaleState) or getattr(error.orig, "sqlstate", None) in _RETRIED


def _postgresql_engine(url: str) -> Engine:
    return create_engine(
        url,
        poolclass=QueuePool,
        pool_size=_CONNECTIONS,
        max_overflow=_CONNECTIONS,
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
        cursor.execute(_WAIT)
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # The driver's own BEGIN is off (isolation_level None).
        line = Line(connection)
        if not line.driver.in_transaction:  # the writer's has begun, at once with its lock
            line.say("BEGIN")

    return engine


def _begin_writing(line: Line) -> None:
    """Begin at once with the lock; while another process has it, ask every millisecond.

    SQLite by itself looks ever more rarely, at last ten times a second, and would miss the moments
    between the transactions of a process that writes very much.
    """
    if line.listens:
        line.tell("BEGIN IMMEDIATE", ())
    line.driver.execute("PRAGMA busy_timeout = 0")
    try:
        for _ in range(_PATIENCE):
            try:
                line.driver.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                    break  # trying once more says what it is
                _A_MOMENT.wait(0.001)
            else:
                return
    finally:
        line.driver.execute(_WAIT)
    line.give("BEGIN IMMEDIATE", ())


class _Alone:
    """Each command in a transaction and on a connection of its own.

    Until a command needs a transaction that lasts, each statement is one by itself: to read
    without repeating what was read is no more than READ COMMITTED promises.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine.execution_options(isolation_level="AUTOCOMMIT")
        self._within = threading.local()
        self._idle: deque[Connection] = deque()
        self._threads = ThreadPoolExecutor(_THREADS, "command")  # none until one is needed
        self.stopped = False

    def soon(self, command: Command[Answer]) -> Awaitable[Answer]:
        loop = asyncio.get_running_loop()
        try:
            return loop.run_in_executor(self._threads, self.run, command)
        except RuntimeError:  # its threads take nothing more
            raise DatabaseStopped from None

    def run(self, command: Command[Answer]) -> Answer:
        if self.stopped:
            raise DatabaseStopped
        if getattr(self._within, "command", False):
            raise RuntimeError(_NESTED)
        self._within.command = True
        try:
            return self._run(command)
        finally:
            self._within.command = False

    def _run(self, command: Command[Answer]) -> Answer:
        connection = self._connection()
        try:
            transaction = Transaction(connection, begun=False)
            try:
                answer = command(transaction)
                transaction.commit()
            except BaseException:
                transaction.undo()
                transaction.roll_back()
                raise
            finally:
                transaction.over()
        except BaseException:
            self._let_go(connection)
            raise
        self._keep(connection)
        return answer

    def _connection(self) -> Connection:
        with suppress(IndexError):
            return self._idle.pop()
        return self._engine.connect()

    def _keep(self, connection: Connection) -> None:
        """Keep the connection for the next command: the pool takes longer than a statement."""
        connection.rollback()  # forgets what SQLAlchemy takes for a transaction
        if self.stopped or len(self._idle) >= _THREADS:
            connection.close()
        else:
            self._idle.append(connection)

    def _let_go(self, connection: Connection) -> None:
        """Close a connection on which a command failed; where it broke, others will have, too."""
        if connection.invalidated:
            while self._idle:
                self._idle.pop().close()
        connection.close()

    def stop(self) -> None:
        self._threads.shutdown()
        self.stopped = True
        while self._idle:
            self._idle.pop().close()


_NESTED = "a command may not start another command"


@dataclass(slots=True)
class _Waiting:
    """A command in the queue, and how it went: told only after the transaction is over.

    loop: of the coroutine that waits for the answer; None where a thread does.
    """

    command: Command[Any]
    answer: Future[Any] | asyncio.Future[Any]
    loop: asyncio.AbstractEventLoop | None = None
    result: Any = None
    error: BaseException | None = None

    def tell(self) -> None:
        """To be called where the answer is waited for, or by any thread where a thread waits."""
        if self.answer.cancelled():  # who asked has gone
            return
        if self.error is None:
            self.answer.set_result(self.result)
        else:
            self.answer.set_exception(self.error)


def _tell(group: list[_Waiting]) -> None:
    """Tell everybody how it went; each loop is woken once for all who wait in it."""
    in_loops: dict[asyncio.AbstractEventLoop, list[_Waiting]] = {}
    for waiting in group:
        if waiting.loop is None:
            waiting.tell()
        else:
            in_loops.setdefault(waiting.loop, []).append(waiting)
    for loop, asked in in_loops.items():
        with suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(_tell_all, asked)


def _tell_all(asked: list[_Waiting]) -> None:
    for waiting in asked:
        waiting.tell()


class _Writer:
    """The one thread that writes to SQLite, many commands to a commit."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._queue: queue.SimpleQueue[_Waiting | None] = queue.SimpleQueue()
        self._taking = threading.Lock()  # nothing may come to stand behind the end of the queue
        self.stopped = False
        self._thread = threading.Thread(target=self._loop, name="sqlite-writer", daemon=True)
        self._thread.start()

    def run(self, command: Command[Answer]) -> Answer:
        answer: Future[Answer] = Future()
        self._take(_Waiting(command, answer))
        return answer.result()

    def soon(self, command: Command[Answer]) -> Awaitable[Answer]:
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Answer] = loop.create_future()
        self._take(_Waiting(command, answer, loop))
        return answer

    def _take(self, waiting: _Waiting) -> None:
        if threading.current_thread() is self._thread:
            raise RuntimeError(_NESTED)
        with self._taking:
            if self.stopped:
                raise DatabaseStopped
            self._queue.put(waiting)

    def stop(self) -> None:
        with self._taking:
            if not self.stopped:
                self._queue.put(None)
            self.stopped = True
        self._thread.join()

    def _loop(self) -> None:
        connection: Connection | None = None
        last = False
        while not last:
            group, last = self._gather()
            try:
                if connection is None:
                    connection = self._engine.connect()
                self._commit_group(connection, group)
            except BaseException as error:  # noqa: BLE001 - every waiter must hear of it
                cause = cause_of([waiting.error for waiting in group], error)
                for waiting in group:
                    waiting.error = waiting.error or cause
                if connection is not None:
                    connection.invalidate()
                    connection.close()
                    connection = None
            _tell(group)
        if connection is not None:
            connection.close()

    def _gather(self) -> tuple[list[_Waiting], bool]:
        """What is queued, at least one and at most a group; and whether it is the last."""
        group: list[_Waiting] = []
        while len(group) < _GROUP:
            try:
                waiting = self._queue.get(block=not group)
            except queue.Empty:
                break
            if waiting is None:
                return group, True
            group.append(waiting)
        return group, False

    def _commit_group(self, connection: Connection, group: list[_Waiting]) -> None:
        begun: list[Transaction] = []
        line = Line(connection)
        try:
            _begin_writing(line)
            for waiting in group:
                transaction = Transaction(connection, line=line)
                begun.append(transaction)
                self._run_one(waiting, transaction, line, alone=len(group) == 1)
            if all(waiting.error is not None for waiting in group):
                line.roll_back()
            else:
                line.commit()
        except BaseException:
            for transaction in begun:
                transaction.undo()
            raise
        finally:
            for transaction in begun:
                transaction.over()

    def _run_one(
        self, waiting: _Waiting, transaction: Transaction, line: Line, *, alone: bool
    ) -> None:
        """Run a command in a savepoint, so that a bad one fails alone; by itself it needs none.

        A full disk may end the whole transaction and the savepoints with it: then the rollback
        fails too, and with it the group.
        """
        if not alone:
            line.say("SAVEPOINT command")
        try:
            waiting.result = waiting.command(transaction)
            transaction.settle()
        except BaseException as error:  # noqa: BLE001 - carried to the thread that waits
            waiting.error = error
            transaction.undo()
            if not alone:
                line.say("ROLLBACK TO command")
        if not alone:
            line.say("RELEASE command")
