"""An office moved to another database, with proof that all of it arrived and nothing changed.

The source is held so that nobody writes meanwhile, read in one transaction and left as it is. The
target gets everything in one transaction: until the proof holds and it is committed, it is empty.
Proved are, for every table, number of rows and digest (`engine.store.copying`), read back from the
target, and in the target every chain of the journal and every seal of what was entered.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal

from sqlalchemy import Connection, literal, select, table, text
from sqlalchemy.exc import SQLAlchemyError

from engine.journal import verify
from engine.proofs.sealed_entries import verify_entries
from engine.store.condition import newest_schema
from engine.store.copying import DRIVER_ERRORS, Contents, carry, contents, count, know_sizes
from engine.store.holding import held, one_line, tables_of
from engine.store.migrations import upgrade
from engine.store.partitions import make_months, months_of
from engine.store.tables import dossier, metadata
from processes.errors import Conflict, InvalidInput, RuleError, Unmet

VERSIONS = "alembic_version"  # the one table that is not carried: migrations write it


class SameDatabase(InvalidInput):
    """Source and target are one."""

    code = "move.same_database"
    vi = "Nguồn và đích là cùng một cơ sở dữ liệu. Chọn một đích khác."
    en = "Source and target are the same database. Choose another target."


class NoOffice(InvalidInput):
    """There is no office in the source."""

    code = "move.no_office"
    vi = "Nguồn không chứa dữ liệu của hệ thống này. Kiểm tra địa chỉ --from."
    en = "The source holds no data of this product. Check the address of --from."


class SourceOutdated(Unmet):
    """The source has an older or newer schema; moving it never changes it."""

    code = "move.source_outdated"
    vi = (
        "Nguồn có lược đồ {found}, bản này cần {wanted}. Chạy quytrinh migrate cho nguồn rồi "
        "chuyển lại; nguồn chưa bị thay đổi."
    )
    en = (
        "The source has schema {found}, this version needs {wanted}. Run quytrinh migrate on the "
        "source, then move; the source was not changed."
    )


class UnknownTables(Unmet):
    """The source has tables that this version would leave behind."""

    code = "move.unknown_tables"
    vi = "Nguồn có bảng mà bản này không biết: {tables}. Chuyển bằng đúng bản đang dùng nguồn."
    en = "The source has tables unknown here: {tables}. Move with the version that serves it."


class TargetNotEmpty(Conflict):
    """Something is in the target already."""

    code = "move.target_not_empty"
    vi = "Đích không trống: có dữ liệu ở {what}. Chọn một cơ sở dữ liệu trống."
    en = "The target is not empty: there is something in {what}. Choose an empty database."


class NotProved(Conflict):
    """What arrived is not what was sent; the target was left empty."""

    code = "move.not_proved"
    vi = "Dữ liệu ở đích khác nguồn ({what}). Đích đã được trả về trống; có thể chuyển lại."
    en = "The target is not what the source is ({what}). It was left empty; move again."


class MoveFailed(Conflict):
    """A database refused in between; the target was left empty."""

    code = "move.failed"
    vi = "Không chuyển được: {detail}. Đích vẫn trống, nguồn như cũ; có thể chuyển lại."
    en = "The move failed: {detail}. The target is still empty, the source as it was; move again."


@dataclass(frozen=True, slots=True)
class MovedTable:
    """One table after the move: in both databases so many rows, with this digest."""

    name: str
    contents: Contents


@dataclass(frozen=True, slots=True)
class Moved:
    """The proof: every table, and how many events of how many dossiers were checked.

    faults: chains and entries that do not hold; each did not hold in the source either.
    unsized: why PostgreSQL could not look at what it holds now; "" where it did. The move stands.
    """

    tables: tuple[MovedTable, ...]
    dossiers: int
    events: int
    faults: int
    unsized: str = ""

    @property
    def rows(self) -> int:
        return sum(table.contents.rows for table in self.tables)


Stage = Literal["copy", "prove"]
Told = Callable[[Stage, str, int, int], None]
"""Hears the stage, the table, how many rows there are, and how many are done."""


def _silent(_stage: Stage, _table: str, _of: int, _done: int) -> None:
    """Nobody watches."""


def move(source_url: str, target_url: str, told: Told = _silent) -> Moved:
    """Move the office; the proof. After any error the target holds no office.

    Errors: NoDatabase, DatabaseInUse (of either), SameDatabase, NoOffice, SourceOutdated,
    UnknownTables, TargetNotEmpty, NotProved, MoveFailed.
    """
    if source_url == target_url:
        raise SameDatabase
    with held(source_url, writing=False) as source:
        _require_whole(source)
        with _told_as_failure():
            with held(target_url, writing=True) as target:
                _require_empty(target)
            upgrade(target_url)
            with held(target_url, writing=True) as target:
                _require_empty(target)
                moved = _move(source, target, told)
    return replace(moved, unsized=_unsized(target_url))


def _unsized(target_url: str) -> str:
    """All is there and kept by now: what goes wrong here is told, and fails nothing."""
    try:
        know_sizes(target_url)
    except (SQLAlchemyError, *DRIVER_ERRORS) as error:
        return one_line(error)
    return ""


def _require_whole(source: Connection) -> None:
    tables = set(tables_of(source))
    if VERSIONS not in tables:
        raise NoOffice
    found = source.execute(text(f"SELECT version_num FROM {VERSIONS}")).scalar()  # noqa: S608
    if found != newest_schema():
        raise SourceOutdated(found=found, wanted=newest_schema())
    unknown = tables - set(metadata.tables) - {VERSIONS}
    if unknown:
        raise UnknownTables(tables=", ".join(sorted(unknown)))


def _require_empty(target: Connection) -> None:
    tables = set(tables_of(target))
    if tables and VERSIONS not in tables:
        raise TargetNotEmpty(what=", ".join(sorted(tables)[:5]))
    for name in sorted(tables - {VERSIONS}):
        if target.execute(select(literal(1)).select_from(table(name)).limit(1)).first():
            raise TargetNotEmpty(what=name)


@contextmanager
def _told_as_failure() -> Iterator[None]:
    """What a database or a value says against the move, as a refusal; nothing was committed."""
    try:
        yield
    except RuleError:
        raise
    except (SQLAlchemyError, *DRIVER_ERRORS, ValueError, TypeError, OverflowError) as error:
        raise MoveFailed(detail=one_line(error)) from error


def _move(source: Connection, target: Connection, told: Told) -> Moved:
    ids = select(dossier.c.dossier_id).execution_options(yield_per=1000)
    make_months(target, months_of(source.execute(ids).scalars()))
    sent = {}
    for each in metadata.sorted_tables:
        said = partial(told, "copy", each.name, count(source, each))
        sent[each.name] = carry(source, target, each, said)
    for each in metadata.sorted_tables:
        said = partial(told, "prove", each.name, sent[each.name].rows)
        arrived = contents(target, each, said)
        if arrived != sent[each.name]:
            raise NotProved(what=f"{each.name}: {arrived.rows}/{sent[each.name].rows}")
    events, breaks = verify(target)
    altered = verify_entries(target)
    if (breaks, altered) != (verify(source)[1], verify_entries(source)):
        raise NotProved(what=f"journal: {len(breaks)}, {len(altered)}")
    tables = tuple(MovedTable(name, each) for name, each in sent.items())
    return Moved(tables, sent[dossier.name].rows, events, len(breaks) + len(altered))
