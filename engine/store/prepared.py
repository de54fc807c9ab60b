"""Statements of the hot path: built and compiled once, then given to the driver as they are.

SQLAlchemy builds, keys and wraps a statement anew each time it is run. For the few that every act
runs this costs more than the database's own work, so those are written once, as statements of
SQLAlchemy Core like all others, and kept as text with the readers and writers of their columns.
Whatever goes wrong is raised as SQLAlchemy raises it.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NoReturn

import psycopg
from sqlalchemy import Connection, Delete, Dialect, Insert, Select, Update
from sqlalchemy.sql.base import ColumnCollection
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine

from engine.store.at_once import at_once

Written = Callable[[Any], Any]
"""Makes a value of a column what the driver takes, or what the driver gave a value."""

_NAMED = re.compile(r"%\((\w+)\)s")


class Shape(dict[str, tuple[int, Written | None]]):
    """Columns by name: their place in the row, and how they are read."""

    def __init__(self, columns: Mapping[str, tuple[int, Written | None]]) -> None:
        super().__init__(columns)
        self._parts: dict[str, Shape] = {}

    def part(self, prefix: str) -> "Shape":
        """The columns whose names begin so, without it."""
        found = self._parts.get(prefix)
        if found is None:
            own = {n.removeprefix(prefix): p for n, p in self.items() if n.startswith(prefix)}
            found = self._parts[prefix] = Shape(own)
        return found


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

    @property
    def values(self) -> Sequence[Any]:
        """All columns as the driver gave them, in their places."""
        return self._values

    def raw(self, name: str) -> Any:
        """A column as the driver gave it."""
        return self._values[self._shape[name][0]]

    def part(self, prefix: str) -> "Row":
        """The columns whose names begin so, by the rest of their names."""
        return Row(self._values, self._shape.part(prefix))


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
            found = self._compiled[dialect.name] = Compiled(text, dialect, self._statement)
        return found

    def rows(self, connection: Connection, given: Mapping[str, Any]) -> list[Row]:
        """What the statement finds. Errors: as SQLAlchemy raises them."""
        return ask(Line(connection), self.on(connection.dialect), given)


class Compiled:
    """The text of a statement, and how its values are written and its rows are read.

    only_reads: it neither writes nor locks. changes: the table that it changes rows of, enters:
    the one that it adds rows to, if any.
    """

    def __init__(self, compiled: SQLCompiler, dialect: Dialect, statement: Any) -> None:
        self.text, names = _numbered(compiled)
        self._writers = [
            (name, compiled.binds[name].type.dialect_impl(dialect).bind_processor(dialect))
            for name in names
        ]
        self._stated = {
            name: compiled.binds[name].effective_value
            for name in names
            if not compiled.binds[name].required and compiled.binds[name].value is not None
        }
        self._dialect = dialect
        selected: ColumnCollection[Any, Any] | None = getattr(statement, "selected_columns", None)
        if selected is None:
            selected = statement.exported_columns  # what it returns, if anything
        self._selected: list[tuple[str, TypeEngine[Any]]] = [
            (column.name, column.type) for column in selected or ()
        ]
        self._shape: Shape | None = None
        self.only_reads = isinstance(statement, Select) and statement._for_update_arg is None  # noqa: SLF001
        self.changes = str(statement.table) if isinstance(statement, Update | Delete) else None
        self.enters = str(statement.table) if isinstance(statement, Insert) else None

    @property
    def width(self) -> int:
        """How many values it takes."""
        return len(self._writers)

    def values(self, given: Mapping[str, Any]) -> list[Any]:
        """The values as the driver takes them, in their places."""
        if self._stated:
            given = {**self._stated, **given}
        return [
            given[name] if write is None else write(given[name]) for name, write in self._writers
        ]

    def rows(self, cursor: Any) -> list[Row]:
        """All rows that the statement found."""
        found = cursor.fetchall()
        if not found:
            return []
        shape = self._shape
        if shape is None:
            shape = self._shape = self._shape_of(cursor.description)
        return [Row(values, shape) for values in found]

    def _shape_of(self, description: Any) -> Shape:
        shape = {}
        for place, (name, kind) in enumerate(self._selected):
            code = description[place][1]
            read = kind.dialect_impl(self._dialect).result_processor(self._dialect, code)
            shape[name] = place, read
        return Shape(shape)


def _numbered(compiled: SQLCompiler) -> tuple[str, list[str]]:
    """The text with its values by place, and their names: the drivers look for names each time."""
    text = str(compiled)
    if compiled.positional:
        return text, list(compiled.positiontup or ())
    names: list[str] = []

    def numbered(match: re.Match[str]) -> str:
        name = match[1]
        if name not in names:
            names.append(name)
        return f"${names.index(name) + 1}"

    return _NAMED.sub(numbered, text).replace("%%", "%"), names


class Line:
    """A connection as prepared statements use it: the driver's own, and whether anybody listens."""

    __slots__ = ("connection", "driver", "in_order", "listens")

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.driver: Any = connection.connection.driver_connection
        self.in_order = connection.dialect.name == "sqlite"  # it answers before one could wait
        self.listens = bool(connection.dispatch.before_cursor_execute)

    def run(self, text: str, values: Sequence[Any]) -> Any:
        """Run a text; the driver's cursor. Errors: as SQLAlchemy raises them."""
        if self.listens:
            self.tell(text, values)
        return self.give(text, values)

    def give(self, text: str, values: Sequence[Any]) -> Any:
        """`run` without telling anybody."""
        try:
            if self.in_order:
                return self.driver.execute(text, values)
            return psycopg.RawCursor(self.driver).execute(text, values)
        except self.connection.dialect.loaded_dbapi.Error as error:
            explain(self.connection, error, text, values)

    def commit(self) -> None:
        """Have everything kept that was run since the transaction began."""
        if self.connection.in_transaction():  # SQLAlchemy knows of it: one of its own was run
            self.connection.commit()
            return
        self.connection.dispatch.commit(self.connection)
        try:
            self.driver.commit()
        except self.connection.dialect.loaded_dbapi.Error as error:
            explain(self.connection, error, "COMMIT", ())

    def roll_back(self) -> None:
        """Have nothing kept that was run since the transaction began."""
        if self.connection.in_transaction():
            self.connection.rollback()
        elif not self.connection.invalidated:  # a broken one is gone, and all that it did
            self.driver.rollback()

    def tell(self, text: str, values: Any, *, many: bool = False) -> None:
        """Let whoever listens know what is about to be run."""
        connection = self.connection
        connection.dispatch.before_cursor_execute(connection, self.driver, text, values, None, many)

    def say(self, text: str) -> None:
        """Tell the database where a transaction or a part of it begins or ends."""
        self.run(text, ())


def ask(line: Line, statement: Compiled, given: Mapping[str, Any]) -> list[Row]:
    """What a statement finds. Errors: as SQLAlchemy raises them."""
    return statement.rows(line.run(statement.text, statement.values(given)))


def send(line: Line, statements: Sequence[tuple[Compiled, Any]]) -> list[int]:
    """Run statements in order, in one message where the driver can; how many rows each changed."""
    if len(statements) == 1 or line.in_order:
        return [line.run(each.text, values).rowcount for each, values in statements]
    first, values = statements[0]
    try:
        with line.driver.pipeline():
            cursors = [line.run(each.text, values) for each, values in statements]
    except line.connection.dialect.loaded_dbapi.Error as error:
        explain(line.connection, error, first.text, values)
    return [cursor.rowcount for cursor in cursors]


def execute_many(connection: Connection, statement: Compiled, rows: Sequence[Any]) -> int:
    """Run a statement with each of these values, as `Compiled.values` made them.

    How many rows were changed by all. Errors: as SQLAlchemy raises them.
    """
    line = Line(connection)
    if len(rows) == 1:
        return int(line.run(statement.text, rows[0]).rowcount)
    line.tell(statement.text, rows, many=True)
    one = None if line.in_order else at_once(statement.text, rows)
    if one is not None:
        return int(line.give(*one).rowcount)
    cursor = line.driver.cursor() if line.in_order else psycopg.RawCursor(line.driver)
    try:
        cursor.executemany(statement.text, rows)
        return int(cursor.rowcount)
    except connection.dialect.loaded_dbapi.Error as error:
        explain(connection, error, statement.text, rows)
    finally:
        cursor.close()


def say(connection: Connection, text: str) -> None:
    """Tell the database where a transaction or a part of it begins or ends."""
    Line(connection).say(text)


def explain(connection: Connection, error: Exception, text: str, values: Any) -> NoReturn:
    """Raise what SQLAlchemy would: it also lets go of a connection that is broken.

    Where it knows of no transaction it would roll back what it takes for a left-over.
    """
    driver = connection.connection.driver_connection
    if not connection.in_transaction() and getattr(driver, "in_transaction", True):
        connection.begin()
    connection._handle_dbapi_exception(error, text, values, None, None)  # noqa: SLF001
