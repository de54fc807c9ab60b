"""Statements of the hot path: built and compiled once, then given to the driver as they are.

SQLAlchemy builds, keys and wraps a statement anew each time it is run. For the few that every act
runs this costs more than the database's own work, so those are written once, as statements of
SQLAlchemy Core like all others, and kept as text with the readers and writers of their columns.
Whatever goes wrong is raised as SQLAlchemy raises it.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NoReturn

from sqlalchemy import Connection, Dialect
from sqlalchemy.sql.base import ColumnCollection
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine

Written = Callable[[Any], Any]
"""Makes a value of a column what the driver takes, or what the driver gave a value."""

Shape = Mapping[str, tuple[int, Written | None]]
"""Columns by name: their place in the row, and how they are read."""


class Row:
    """A row whose columns are read when they are asked for: most acts look at a few of them."""

    def __init__(self, values: Sequence[Any], shape: Shape) -> None:
        self._values, self._shape = values, shape

    def __getattr__(self, name: str) -> Any:
        try:
            place, read = self._shape[name]
        except KeyError:
            raise AttributeError(name) from None
        value = self._values[place]
        if read is not None:
            value = read(value)
        self.__dict__[name] = value
        return value


class Prepared:
    """One statement, for both kinds of database.

    columns: those that an INSERT or UPDATE sets, each from the value of its name; every other
    value is a `bindparam` of the statement, named otherwise than any column.
    """

    def __init__(self, statement: Any, columns: Sequence[str] = ()) -> None:
        self._statement = statement
        self._columns = list(columns) or None
        self._compiled: dict[str, Compiled] = {}

    def on(self, dialect: Dialect) -> "Compiled":
        """The statement as this kind of database takes it."""
        found = self._compiled.get(dialect.name)
        if found is None:
            text = self._statement.compile(dialect=dialect, column_keys=self._columns)
            selected = getattr(self._statement, "selected_columns", None)
            if selected is None:
                selected = self._statement.exported_columns  # what it returns, if anything
            found = self._compiled[dialect.name] = Compiled(text, dialect, selected)
        return found

    def rows(self, connection: Connection, given: Mapping[str, Any]) -> list[Row]:
        """What the statement finds. Errors: as SQLAlchemy raises them."""
        compiled = self.on(connection.dialect)
        return compiled.rows(execute(connection, compiled, given))


class Compiled:
    """The text of a statement, and how its values are written and its rows are read."""

    def __init__(
        self, compiled: SQLCompiler, dialect: Dialect, selected: "ColumnCollection[Any, Any] | None"
    ) -> None:
        self.text = str(compiled)
        self._by_place = bool(compiled.positional)
        names = compiled.positiontup if compiled.positional else list(compiled.binds)
        self._writers = [
            (name, compiled.binds[name].type.dialect_impl(dialect).bind_processor(dialect))
            for name in names or ()
        ]
        self._dialect = dialect
        self._selected: list[tuple[str, TypeEngine[Any]]] = [
            (column.name, column.type) for column in selected or ()
        ]
        self._shape: Shape | None = None

    def values(self, given: Mapping[str, Any]) -> Any:
        """The values as the driver takes them."""
        if self._by_place:
            return [
                given[name] if write is None else write(given[name])
                for name, write in self._writers
            ]
        return {
            name: given[name] if write is None else write(given[name])
            for name, write in self._writers
        }

    def rows(self, cursor: Any) -> list[Row]:
        """All rows that the statement found."""
        found = cursor.fetchall()
        if not found:
            return []
        if self._shape is None:
            self._shape = self._shape_of(cursor.description)
        shape = self._shape
        return [Row(values, shape) for values in found]

    def _shape_of(self, description: Any) -> Shape:
        shape = {}
        for place, (name, kind) in enumerate(self._selected):
            code = description[place][1]
            read = kind.dialect_impl(self._dialect).result_processor(self._dialect, code)
            shape[name] = place, read
        return shape


def execute(connection: Connection, statement: Compiled, given: Mapping[str, Any]) -> Any:
    """Run a statement; the driver's cursor. Errors: as SQLAlchemy raises them."""
    return _run(connection, _driver(connection), statement.text, statement.values(given))


def send(connection: Connection, statements: Sequence[tuple[Compiled, Any]]) -> list[int]:
    """Run statements in order, in one message where the driver can; how many rows each changed."""
    driver = _driver(connection)
    if len(statements) == 1 or connection.dialect.name == "sqlite":
        return [_run(connection, driver, each.text, values).rowcount for each, values in statements]
    first, values = statements[0]
    try:
        with driver.pipeline():
            cursors = [_run(connection, driver, each.text, values) for each, values in statements]
    except connection.dialect.loaded_dbapi.Error as error:
        explain(connection, error, first.text, values)
    return [cursor.rowcount for cursor in cursors]


def say(connection: Connection, text: str) -> None:
    """Tell the database where a transaction or a part of it begins or ends."""
    _run(connection, _driver(connection), text, ())


def _driver(connection: Connection) -> Any:
    return connection.connection.driver_connection


def _run(connection: Connection, driver: Any, text: str, values: Any) -> Any:
    connection.dispatch.before_cursor_execute(connection, driver, text, values, None, False)
    try:
        return driver.execute(text, values)
    except connection.dialect.loaded_dbapi.Error as error:
        explain(connection, error, text, values)


def explain(connection: Connection, error: Exception, text: str, values: Any) -> NoReturn:
    """Raise what SQLAlchemy would: it also lets go of a connection that is broken."""
    connection._handle_dbapi_exception(error, text, values, None, None)  # noqa: SLF001
