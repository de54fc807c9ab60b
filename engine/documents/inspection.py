"""Whether every document that is referred to is there and whole, and what nobody refers to.

After a restore, and now and then: the bytes are read and hashed again.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import select

from engine.documents.keeping import know_content, let_go
from engine.documents.store import Kept, Lying, NoContent
from engine.office import Office
from engine.store.tables import content

_PIECE = 1 << 20
Fault = Literal["missing", "damaged", "unknown"]


@dataclass(frozen=True, slots=True)
class Inspected:
    """One content: fault None where it is there and whole."""

    agency_id: str
    kept: Kept
    fault: Fault | None


def inspect_documents(office: Office) -> Iterator[Inspected]:
    """Every content that the office knows, and then what lies in its store unknown to it."""
    with office.database.read() as connection:
        rows = connection.execute(select(content.c.agency_id, content.c.sha256, content.c.size))
        known = {(row.agency_id, row.sha256): row.size for row in rows}
    for (agency_id, sha256), size in sorted(known.items()):
        fault = _fault_of(office, agency_id, sha256)
        yield Inspected(agency_id, Kept(sha256, size), fault)
    for lying in unknown_contents(office):
        yield Inspected(lying.agency_id, lying.kept, "unknown")


def unknown_contents(office: Office) -> Iterator[Lying]:
    """What lies in the store and no row knows: of a database restored from an older backup."""
    for lying in office.documents.store.all():
        here = (
            content.c.agency_id == lying.agency_id,
            content.c.sha256 == lying.kept.sha256,
        )
        with office.database.read() as connection:  # asked after it was seen: never a living upload
            known = connection.execute(select(content.c.size).where(*here)).first()
        if known is None:
            yield lying


def _fault_of(office: Office, agency_id: str, sha256: str) -> Fault | None:
    found = hashlib.sha256()
    try:
        with office.documents.store.open(agency_id, sha256) as stream:
            while piece := stream.read(_PIECE):
                found.update(piece)
    except NoContent:
        return "missing"
    return None if found.hexdigest() == sha256 else "damaged"


def remove_unknown(office: Office, found: Inspected) -> bool:
    """Really delete what no row knows, unless somebody brings it at this very moment."""
    now = office.clock.now()
    office.database.write(
        lambda transaction: know_content(transaction, found.agency_id, found.kept, now)
    )
    return let_go(office, found.agency_id, found.kept.sha256)
