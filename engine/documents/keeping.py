"""Contents brought to the store and taken away again, so that a referred one is always there.

    with held(office, agency_id, arrived) as kept:       # bytes are on the disk, nobody refers yet
        office.database.write(...)                       # a row of `document` refers to kept.sha256

A content row is written before its bytes are put in place and deleted, with them, under the row's
lock and only while nobody refers to it or holds it. Whatever dies in between is tidied up later.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import BinaryIO

from sqlalchemy import ColumnElement, delete, exists, insert, select, update

from engine.documents.store import Arriving, Kept
from engine.office import Office
from engine.store.database import Transaction
from engine.store.tables import content, content_hold, document, foreign_log

HELD_FOR = timedelta(days=1)  # an upload that takes longer has died
_CHUNK = 1 << 20
_AT_A_TIME = 500


def arrive_from(office: Office, stream: BinaryIO, most: int | None = None) -> Arriving:
    """A stream read to its end into a temporary file of the store; to be used as a context.

    Errors: DocumentTooLarge, EmptyDocument, StorageFull, StorageUnavailable, NoDocumentStore.
    """
    arrived = office.documents.store.arrive(most or office.documents.most_bytes)
    try:
        while chunk := stream.read(_CHUNK):
            arrived.write(chunk)
        arrived.finish()
    except BaseException:
        arrived.drop()
        raise
    return arrived


@contextmanager
def held(office: Office, agency_id: str, arrived: Arriving) -> Iterator[Kept]:
    """Keep what has arrived, and hold it until whoever refers to it has said so.

    If nobody refers to it when the context is over, it is gone again.
    """
    kept = arrived.finish()
    now = office.clock.now()
    hold_id = office.ids(now)

    def hold(transaction: Transaction) -> None:
        know_content(transaction, agency_id, kept, now)
        transaction.execute(
            insert(content_hold),
            {
                "agency_id": agency_id,
                "hold_id": hold_id,
                "sha256": kept.sha256,
                "until": now + HELD_FOR,
            },
        )

    def release(transaction: Transaction) -> None:
        transaction.execute(
            delete(content_hold).where(
                content_hold.c.agency_id == agency_id, content_hold.c.hold_id == hold_id
            )
        )

    office.database.write(hold)
    try:
        yield office.documents.store.keep(agency_id, arrived)
    finally:
        office.database.write(release)
        let_go(office, agency_id, kept.sha256)


def know_content(transaction: Transaction, agency_id: str, kept: Kept, at: datetime) -> None:
    """Have the content's row, and its lock until the transaction is over."""
    here = (content.c.agency_id == agency_id, content.c.sha256 == kept.sha256)
    # Sets what it is already: that takes the row's lock, which is what it is for.
    if transaction.execute(update(content).where(*here).values(size=kept.size)).rowcount == 0:
        row = {"agency_id": agency_id, "sha256": kept.sha256, "size": kept.size, "kept_at": at}
        transaction.execute(insert(content), row)


def let_go(office: Office, agency_id: str, sha256: str) -> bool:
    """Really delete a content to which nobody refers any more; whether it was deleted."""

    def take_away(transaction: Transaction) -> bool:
        here = (content.c.agency_id == agency_id, content.c.sha256 == sha256)
        query = select(content.c.sha256).where(*here, *_unwanted(office.clock.now()))
        # Locked first, looked at after: who holds it meanwhile has been waited for.
        transaction.execute(select(content.c.sha256).where(*here).with_for_update())
        if transaction.execute(query).first() is None:
            return False
        transaction.execute(delete(content).where(*here))
        office.documents.store.remove(agency_id, sha256)
        return True

    return office.database.write(take_away)


def tidy(office: Office) -> int:
    """Delete what uploads left that died half-way, and contents of deleted dossiers; how many."""
    now = office.clock.now()
    office.database.write(
        lambda transaction: transaction.execute(
            delete(content_hold).where(content_hold.c.until < now)
        )
    )
    unwanted = select(content.c.agency_id, content.c.sha256).where(*_unwanted(now))
    with office.database.read() as connection:
        found = list(connection.execute(unwanted.limit(_AT_A_TIME)))
    gone = sum(let_go(office, row.agency_id, row.sha256) for row in found)
    return gone + office.documents.store.sweep((now - HELD_FOR).timestamp())


def _unwanted(now: datetime) -> tuple[ColumnElement[bool], ...]:
    of_content = (
        content_hold.c.agency_id == content.c.agency_id,
        content_hold.c.sha256 == content.c.sha256,
        content_hold.c.until >= now,
    )
    of_document = (
        document.c.agency_id == content.c.agency_id,
        document.c.sha256 == content.c.sha256,
    )
    of_log = (
        foreign_log.c.agency_id == content.c.agency_id,
        foreign_log.c.sha256 == content.c.sha256,
    )
    return (
        ~exists(select(content_hold.c.hold_id).where(*of_content)),
        ~exists(select(document.c.number).where(*of_document)),
        ~exists(select(foreign_log.c.log_id).where(*of_log)),
    )
