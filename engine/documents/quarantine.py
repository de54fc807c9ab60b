"""Documents that no scanner has passed yet are scanned again until one has a verdict."""

from typing import Any

from sqlalchemy import select

from engine.actor import system_actor
from engine.documents.scanner import ScannerSilent
from engine.documents.store import NoContent
from engine.documents.taking_in import take_out
from engine.dossiers.documents import QUARANTINED, release_document
from engine.office import Office
from engine.store.tables import document
from processes.errors import RuleError

_AT_A_TIME = 50


def scan_quarantined(office: Office) -> int:
    """Release what the scanner passes, delete what it knows; how many were decided.

    Without a scanner nothing is released: who takes the scanner away has to decide that, too.
    """
    scanner = office.documents.scanner
    if scanner is None:
        return 0
    waiting = (
        select(document)
        .where(document.c.state == QUARANTINED)
        .order_by(document.c.added_at)
        .limit(_AT_A_TIME)
    )
    with office.database.read() as connection:
        rows = list(connection.execute(waiting))
    decided = 0
    for row in rows:
        try:
            with office.documents.store.open(row.agency_id, row.sha256) as stream:
                virus = scanner.scan(stream)
        except ScannerSilent:
            return decided  # it will be as silent to the others
        except NoContent:
            continue
        _decide(office, row, virus)
        decided += 1
    return decided


def _decide(office: Office, row: Any, virus: str | None) -> None:
    system = system_actor(row.agency_id)
    try:
        if virus is None:
            release_document(office, system, row.dossier_id, row.number, "clamd")
        else:
            said = f"Máy quét phát hiện mã độc: {virus[:100]}"
            take_out(office, system, row.dossier_id, row.number, said)
    except RuleError:  # somebody else has decided meanwhile
        return
