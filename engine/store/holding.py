"""A whole database held by one: nobody else writes while it is carried away or filled."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, inspect, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from engine.store.condition import UNAVAILABLE
from processes.errors import Conflict, InvalidInput

_SECONDS = 2  # to wait for who writes at this moment


class NoDatabase(InvalidInput):
    """Nothing can be opened at the address."""

    code = "database.cannot_open"
    vi = "Không mở được cơ sở dữ liệu {where}: {detail}"
    en = "The database {where} cannot be opened: {detail}"


class DatabaseInUse(Conflict):
    """Somebody else works in the database that is to be held."""

    code = "database.in_use"
    vi = "Máy chủ hoặc lệnh khác đang dùng cơ sở dữ liệu {where}. Dừng nó rồi chạy lại."
    en = "A server or another command uses the database {where}. Stop it, then run this again."


@contextmanager
def held(url: str, *, writing: bool) -> Iterator[Connection]:
    """A connection in one transaction while nobody else can write; committed if `writing`.

    An SQLite file is refused while any other process has it open, even one that rests; of
    PostgreSQL every table is locked, so that a server may go on reading and its writes wait.
    Errors: NoDatabase, DatabaseInUse.
    """
    where = create_engine(url, poolclass=NullPool).url.render_as_string(hide_password=True)
    engine = _engine(url, where, writing=writing)
    try:
        with _opened(engine, where) as connection:
            _hold(connection, where, writing=writing)
            yield connection
            if writing:
                connection.commit()
    finally:
        engine.dispose()


def tables_of(connection: Connection) -> list[str]:
    """The names of all tables; parts of a table are not named, they are in it."""
    found = inspect(connection).get_table_names()
    if connection.dialect.name == "postgresql":
        parts = "SELECT relname FROM pg_class WHERE relispartition"
        found = sorted(set(found) - set(connection.execute(text(parts)).scalars()))
    return found


def _engine(url: str, where: str, *, writing: bool) -> Engine:
    if not url.startswith("sqlite"):
        return create_engine(url, poolclass=NullPool, isolation_level="REPEATABLE READ")
    engine = create_engine(
        url, poolclass=NullPool, connect_args={"isolation_level": None, "timeout": _SECONDS}
    )
    path = engine.url.database
    if not writing and not (path and Path(path).is_file()):
        raise NoDatabase(where=where, detail="–")
    return engine


@contextmanager
def _opened(engine: Engine, where: str) -> Iterator[Connection]:
    try:
        connection = engine.connect()
    except SQLAlchemyError as error:
        raise NoDatabase(where=where, detail=one_line(error)) from error
    try:
        yield connection
    finally:
        connection.close()


def _hold(connection: Connection, where: str, *, writing: bool) -> None:
    try:
        if connection.dialect.name == "sqlite":
            # In this mode nobody else may as much as have the file open.
            _say(connection, "PRAGMA locking_mode = EXCLUSIVE")
            _say(connection, "PRAGMA foreign_keys = ON")
            _say(connection, "BEGIN IMMEDIATE")
            return
        _say(connection, f"SET LOCAL lock_timeout = '{_SECONDS}s'")
        mode = "ACCESS EXCLUSIVE" if writing else "SHARE"
        quote = connection.dialect.identifier_preparer.quote
        names = ", ".join(map(quote, tables_of(connection)))
        connection.rollback()  # the locks first, then the picture of the data
        _say(connection, f"SET LOCAL lock_timeout = '{_SECONDS}s'")
        if names:
            _say(connection, f"LOCK TABLE {names} IN {mode} MODE")
    except UNAVAILABLE as error:
        raise DatabaseInUse(where=where) from error
    except DBAPIError as error:
        raise NoDatabase(where=where, detail=one_line(error)) from error


def _say(connection: Connection, words: str) -> None:
    connection.exec_driver_sql(words)


def one_line(error: BaseException) -> str:
    """The first line of what a database says."""
    said = str(getattr(error, "orig", None) or error).strip()
    return said.splitlines()[0][:300] if said else type(error).__name__
