"""Rows of many ids in one prepared statement, however many there are: they go as one value."""

from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Boolean, ColumnElement, Dialect, Text, Uuid, bindparam
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.types import TypeDecorator, TypeEngine


class _Ids(TypeDecorator[Any]):
    """A list of ids: an array on PostgreSQL, JSON on SQLite."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(
            Text() if dialect.name == "sqlite" else ARRAY(Uuid(as_uuid=True))
        )

    def process_bind_param(self, value: list[UUID] | None, dialect: Dialect) -> Any:
        if value is None or dialect.name != "sqlite":
            return value
        return orjson.dumps([each.hex for each in value]).decode()


class Among(ColumnElement[bool]):
    """Whether the id of a column is one of those given under a name."""

    inherit_cache = False
    type = Boolean()

    def __init__(self, column: ColumnElement[Any], name: str) -> None:
        self.column = column
        self.ids: Any = bindparam(name, type_=_Ids())

    def self_group(self, against: Any = None) -> "Among":  # noqa: ARG002
        return self  # SQLite is not asked whether it is 1

    @property
    def _from_objects(self) -> Any:  # the table is one of those asked
        return self.column._from_objects  # noqa: SLF001


@compiles(Among)
def _in_array(element: Among, compiler: Any, **how: Any) -> str:
    column, ids = compiler.process(element.column, **how), compiler.process(element.ids, **how)
    return f"{column} = ANY ({ids})"


@compiles(Among, "sqlite")
def _in_json(element: Among, compiler: Any, **how: Any) -> str:
    column, ids = compiler.process(element.column, **how), compiler.process(element.ids, **how)
    return f"{column} IN (SELECT value FROM json_each({ids}))"  # noqa: S608
