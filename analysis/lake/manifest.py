"""What the office's database says of its lake: the mark up to where it knows, and the files.

Both change in one transaction, in which the mark must still be the one that was read: of two who
refresh at a time one comes too late, and leaves nothing but files that nobody counts.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from analysis.lake.layout import LakeFile
from engine.store.database import Database, Transaction
from engine.store.tables import lake_file, lake_mark
from processes.errors import Conflict


class LakeMovedOn(Conflict):
    """Somebody else refreshed the lake meanwhile."""

    code = "lake.moved_on"
    vi = "Kho phân tích của {agency} vừa được nơi khác làm mới. Không cần làm gì; có thể chạy lại."
    en = "The lake of {agency} was refreshed by somebody else. Nothing is lost; it can run again."


@dataclass(frozen=True, slots=True)
class Mark:
    """number: of the refresh. xact: PostgreSQL transactions below it were read. source: of what."""

    number: int
    fresh_at: datetime
    xact: int | None
    source: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """The mark (None before the first refresh) and the files that count."""

    agency_id: str
    mark: Mark | None
    files: tuple[LakeFile, ...]


def manifest(connection: Connection, agency_id: str) -> Manifest:
    """What counts now."""
    row = connection.execute(
        select(lake_mark).where(lake_mark.c.agency_id == agency_id)
    ).one_or_none()
    mark = None if row is None else Mark(row.number, row.fresh_at, row.xact, row.source)
    files = connection.execute(
        select(lake_file)
        .where(lake_file.c.agency_id == agency_id, lake_file.c.superseded_at.is_(None))
        .order_by(lake_file.c.name)
    )
    found = (LakeFile(r.name, r.fact, r.part, r.rows, r.bytes, r.sha256) for r in files)
    return Manifest(agency_id, mark, tuple(found))


def enter(
    database: Database, before: Manifest, mark: Mark, files: Sequence[LakeFile], at: datetime
) -> Manifest:
    """Let these files count from now on, all at once (LakeMovedOn)."""
    kept = {file.name for file in files}
    gone = [file.name for file in before.files if file.name not in kept]
    there = {file.name for file in before.files}
    added = [file for file in files if file.name not in there]

    def work(transaction: Transaction) -> None:
        connection = transaction.connection
        _advance(connection, before, mark)
        for name in gone:
            connection.execute(
                update(lake_file)
                .where(lake_file.c.agency_id == before.agency_id, lake_file.c.name == name)
                .values(superseded_at=at)
            )
        if added:
            rows = [asdict(f) | {"agency_id": before.agency_id, "written_at": at} for f in added]
            connection.execute(insert(lake_file), rows)

    database.write(work)
    return Manifest(before.agency_id, mark, tuple(sorted(files, key=lambda file: file.name)))


def _advance(connection: Connection, before: Manifest, mark: Mark) -> None:
    """Move the mark on from where it was read."""
    values = asdict(mark)
    if before.mark is None:
        there = select(lake_mark.c.number).where(lake_mark.c.agency_id == before.agency_id)
        if connection.execute(there).first() is not None:
            raise LakeMovedOn(agency=before.agency_id)
        connection.execute(insert(lake_mark), {"agency_id": before.agency_id, **values})
        return
    moved = connection.execute(
        update(lake_mark)
        .where(lake_mark.c.agency_id == before.agency_id, lake_mark.c.number == before.mark.number)
        .values(**values)
    )
    if moved.rowcount != 1:
        raise LakeMovedOn(agency=before.agency_id)


def forget_superseded(database: Database, agency_id: str, before: datetime) -> list[str]:
    """Take files out of the list that have not counted since a moment; their names."""
    these = lake_file.c.agency_id == agency_id, lake_file.c.superseded_at < before

    def work(transaction: Transaction) -> list[str]:
        names = list(transaction.execute(select(lake_file.c.name).where(*these)).scalars())
        if names:
            transaction.execute(delete(lake_file).where(*these))
        return names

    return database.write(work)


def known_names(connection: Connection, agency_id: str) -> set[str]:
    """Files that count, and those which did until a moment ago."""
    query = select(lake_file.c.name).where(lake_file.c.agency_id == agency_id)
    return set(connection.execute(query).scalars())
