"""A file on its way into a dossier: received, examined, scanned, kept, referred to.

Nothing of a refused file stays. `EXAMINERS` is the place for who looks at files of a kind before
they are accepted: what they find stands with the document and in its journal.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select

from engine.actor import Actor
from engine.documents.keeping import held, let_go
from engine.documents.reading import DocumentRecord, documents_of
from engine.documents.room import bound, examined
from engine.documents.scanner import InfectedFile, ScannerSilent
from engine.documents.store import MEGABYTE, Arriving, DocumentTooLarge
from engine.dossiers.documents import (
    DossierTooLarge,
    FileFacts,
    NoSuchDocument,
    add_document,
    remove_document,
    replace_document,
)
from engine.dossiers.in_hand import CLOSED, OPEN, RETURNED
from engine.dossiers.outcome import Outcome
from engine.dossiers.refusals import DossierClosed, NoSuchDossier, NotYours
from engine.office import Office
from engine.store.tables import document, dossier, idempotency, step_run
from processes.component import Component
from processes.file_kind import (
    PICTURES,
    USUAL_KINDS,
    FileKind,
    KindNotAccepted,
    UnknownKind,
    accepted_words,
)
from processes.file_name import kept_name, shown_name

Examiner = Callable[[Office, Actor, Path, FileFacts], Mapping[str, Any] | None]
"""Looks at an examined file where it lies; what it found as plain data, None for nothing.

A RuleError that it raises refuses the file.
"""

EXAMINERS: dict[str, Examiner] = {}
"""Name of what is found ("signatures") -> who looks for it."""


@dataclass(frozen=True, slots=True)
class Offered:
    """What somebody wants to bring: for which component, under which name, in place of what.

    replaces: number of the document whose new version it is, of whose component it is then.
    """

    dossier_id: UUID
    component: str
    name: str
    replaces: int | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """document: None where the same request was answered before and it is gone meanwhile."""

    outcome: Outcome
    document: DocumentRecord | None


def look_before(
    office: Office, actor: Actor, offered: Offered, size: int | None, key: str | None
) -> None:
    """Refuse what will be refused anyway, before its bytes come; `size` as the sender states it.

    Errors: NoSuchDossier, DossierClosed, NotYours, DocumentTooLarge, DossierTooLarge.
    """
    if size is not None and size > office.documents.most_bytes:
        raise DocumentTooLarge(megabytes=f"{office.documents.most_bytes / MEGABYTE:g}")
    with office.database.read() as connection:
        if key is not None and answered_before(connection, actor, key):
            return
        _require_entitled(connection, actor, offered.dossier_id)
        used = _used(connection, actor.agency_id, offered.dossier_id)
    most = office.documents.most_dossier_bytes
    if size is not None and used + size > most:
        told = {"used": f"{used / MEGABYTE:.1f}", "most": f"{most / MEGABYTE:g}"}
        raise DossierTooLarge(**told, number="–", most_number="–")


def take_in(
    office: Office, actor: Actor, offered: Offered, arrived: Arriving, *, key: str | None = None
) -> Taken:
    """Examine what has arrived and make it a document of the dossier.

    Errors: those of `look_before`, of `engine.documents.room.examined`, KindNotAccepted,
    InfectedFile, StorageFull, StorageUnavailable, and of `engine.dossiers.documents`.
    """
    offered = _of_component(office, actor, offered)
    facts = facts_of(office, actor, offered, arrived)
    with held(office, actor.agency_id, arrived):
        outcome = _refer(office, actor, offered, facts, key)
    return _taken(office, actor, offered, outcome)


def take_in_scans(
    office: Office,
    actor: Actor,
    offered: Offered,
    pictures: list[Arriving],
    *,
    key: str | None = None,
) -> Taken:
    """Pictures of pages, bound into one PDF in their order. Errors: as of `take_in`."""
    for picture in pictures:
        kind, _ = examined(picture.path, offered.name)
        if kind not in PICTURES:
            raise KindNotAccepted(
                name=offered.name, kind=kind.value.upper(), accepted=accepted_words(PICTURES)
            )
    name = shown_name(offered.name, FileKind.PDF.ending)
    with office.documents.store.arrive(office.documents.most_bytes) as pdf:
        made = pdf.path.with_suffix(".bound")
        try:
            bound([picture.path for picture in pictures], made, name)
            with made.open("rb") as stream:
                while chunk := stream.read(1 << 20):
                    pdf.write(chunk)
        finally:
            made.unlink(missing_ok=True)
        return take_in(office, actor, replace(offered, name=name), pdf, key=key)


def take_out(
    office: Office,
    actor: Actor,
    dossier_id: UUID,
    number: int,
    reason: str,
    *,
    key: str | None = None,
) -> Outcome:
    """Remove a document, and its content if that was the last reference to it."""
    with office.database.read() as connection:
        sha256 = connection.execute(
            select(document.c.sha256).where(
                document.c.agency_id == actor.agency_id,
                document.c.dossier_id == dossier_id,
                document.c.number == number,
            )
        ).scalar_one_or_none()
    outcome = remove_document(office, actor, dossier_id, number, reason, key=key)
    if sha256 is not None:
        let_go(office, actor.agency_id, sha256)
    return outcome


def accepted_for(component: Component | None) -> tuple[FileKind, ...]:
    """The kinds of files that are taken; what steps make is of the usual ones."""
    return USUAL_KINDS if component is None else component.file_kinds


def facts_of(office: Office, actor: Actor, offered: Offered, arrived: Arriving) -> FileFacts:
    """What is known of a file that has arrived, before anything refers to it."""
    kept = arrived.finish()
    accepted = accepted_for(_component(office, actor, offered))
    try:
        kind, pages = examined(arrived.path, shown_name(offered.name))
    except UnknownKind as refusal:  # whoever examined it does not know what is taken here
        raise UnknownKind(**{**refusal.facts, "accepted": accepted_words(accepted)}) from None
    name = shown_name(offered.name, kind.ending)
    if kind not in accepted:
        raise KindNotAccepted(name=name, kind=kind.value.upper(), accepted=accepted_words(accepted))
    facts = FileFacts(
        component=offered.component,
        name=name,
        given_name=kept_name(offered.name),
        sha256=kept.sha256,
        size=kept.size,
        kind=kind.value,
        pages=pages,
        quarantined=not _passed(office, arrived, name),
    )
    found = {what: look(office, actor, arrived.path, facts) for what, look in EXAMINERS.items()}
    return replace(facts, findings={what: told for what, told in found.items() if told is not None})


def _passed(office: Office, arrived: Arriving, name: str) -> bool:
    """Whether no scanner has anything against it; one that is silent has not passed it."""
    scanner = office.documents.scanner
    if scanner is None:
        return True
    try:
        with arrived.path.open("rb") as stream:
            virus = scanner.scan(stream)
    except ScannerSilent:
        return False
    if virus is not None:
        raise InfectedFile(name=name, virus=virus[:100])
    return True


def _refer(
    office: Office, actor: Actor, offered: Offered, facts: FileFacts, key: str | None
) -> Outcome:
    if offered.replaces is None:
        return add_document(office, actor, offered.dossier_id, facts, key=key)
    number = offered.replaces
    return replace_document(office, actor, offered.dossier_id, number, facts, key=key)


def _taken(office: Office, actor: Actor, offered: Offered, outcome: Outcome) -> Taken:
    with office.database.read() as connection:
        known = documents_of(connection, actor.agency_id, offered.dossier_id)
    return Taken(outcome, next((each for each in known if each.number == outcome.version), None))


def _of_component(office: Office, actor: Actor, offered: Offered) -> Offered:
    """A new version is of the component of what it replaces (NoSuchDocument)."""
    if offered.replaces is None:
        return offered
    with office.database.read() as connection:
        known = documents_of(connection, actor.agency_id, offered.dossier_id)
    old = next((each for each in known if each.number == offered.replaces), None)
    if old is None:
        raise NoSuchDocument(number=offered.replaces)
    return replace(offered, component=old.component)


def _component(office: Office, actor: Actor, offered: Offered) -> Component | None:
    with office.database.read() as connection:
        version_id = connection.execute(
            select(dossier.c.version_id).where(*_this(actor.agency_id, offered.dossier_id))
        ).scalar_one_or_none()
        if version_id is None:
            raise NoSuchDossier(dossier=offered.dossier_id)
        version = office.version(connection, actor.agency_id, version_id)
    return version.procedure.component(offered.component)


def _require_entitled(connection: Connection, actor: Actor, dossier_id: UUID) -> None:
    """What the act asks again, asked before the bytes come."""
    row = connection.execute(
        select(dossier.c.state, dossier.c.code, dossier.c.received_by).where(
            *_this(actor.agency_id, dossier_id)
        )
    ).one_or_none()
    if row is None:
        raise NoSuchDossier(dossier=dossier_id)
    if row.state in (RETURNED, CLOSED):
        raise DossierClosed(dossier=row.code)
    runs = connection.execute(
        select(step_run.c.name, step_run.c.position, step_run.c.unit).where(
            step_run.c.agency_id == actor.agency_id,
            step_run.c.dossier_id == dossier_id,
            step_run.c.state == OPEN,
        )
    ).all()
    mine = any(actor.holds(run.position, run.unit) for run in runs)
    if not mine and row.received_by != actor.account_id:
        positions = ", ".join(sorted({run.position or "–" for run in runs}))
        raise NotYours(step=runs[0].name if runs else "–", position=positions)


def _used(connection: Connection, agency_id: str, dossier_id: UUID) -> int:
    return sum(each.size for each in documents_of(connection, agency_id, dossier_id))


def answered_before(connection: Connection, actor: Actor, key: str) -> bool:
    """Whether a request with that key was answered: its repetition is not looked at again."""
    known = select(idempotency.c.at).where(
        idempotency.c.agency_id == actor.agency_id,
        idempotency.c.account_id == actor.account_id,
        idempotency.c.key == key,
    )
    return connection.execute(known).first() is not None


def _this(agency_id: str, dossier_id: UUID) -> tuple[Any, ...]:
    return (dossier.c.agency_id == agency_id, dossier.c.dossier_id == dossier_id)
