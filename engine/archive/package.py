"""A finished dossier as one package: a BagIt bag (RFC 8493) in a ZIP, streamed, always the same.

bagit.txt bag-info.txt manifest-sha256.txt tagmanifest-sha256.txt README.txt verify.py
data/dossier.json       facts, steps, pauses, components, sealed entries, people
data/journal.jsonl      the sealed bytes of each event, a line each
data/journal-proof.json the head of the chain, and the way to the root of a day
data/signatures.json    what was found of the signatures of each document
data/diagram.bpmn       the version of the procedure that it ran by
data/documents/…        every version of every document      data/forms/…  the issued forms
data/archival/…         pictures and PDF files that are not PDF/A, made so for keeping
"""

import re
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from engine.actor import Actor
from engine.archive.contents import (
    Contents,
    contents,
    dossier_data,
    journal_lines,
    proof_data,
    signatures_data,
)
from engine.archive.read_me import read_me
from engine.archive.zip_stream import ZipStream
from engine.documents.archival import made_for_keeping
from engine.documents.reading import DocumentRecord, opened, require_reader
from engine.dossiers.documents import QUARANTINED
from engine.forms.issued import pdf_of
from engine.office import Office
from processes.archival import NoCopy

EXPORT = "export"
_CHUNK = 1 << 20
_UNSAFE = re.compile(r"[^\w.()-]+")
_MOST_NAME = 80
_BAGIT = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"


@dataclass(frozen=True, slots=True)
class Package:
    """A package on its way out. file_name: for whoever saves it; chunks: its bytes, once."""

    file_name: str
    chunks: Iterator[bytes]


def export(office: Office, actor: Actor, dossier_id: UUID) -> Package:
    """The package of a finished dossier, for who may read its documents; each is logged as read.

    Errors, before any byte: NoSuchDossier, NotYourDocuments, NotFinished, AlreadyDestroyed.
    """
    with office.database.read() as connection:
        require_reader(connection, actor, dossier_id)
        found = contents(office, connection, actor, dossier_id)
    folder = _safe(found.row.code)
    return Package(f"{folder}.zip", _written(office, actor, found, ZipStream(folder)))


def _written(office: Office, actor: Actor, found: Contents, out: ZipStream) -> Iterator[bytes]:
    with tempfile.TemporaryDirectory(prefix="quytrinh-package-") as folder:
        yield from _filled(office, actor, found, out, Path(folder))
    yield from _tags(found, out)
    yield out.end()


def _filled(
    office: Office, actor: Actor, found: Contents, out: ZipStream, folder: Path
) -> Iterator[bytes]:
    """What the package holds. folder: for what is made on the way."""
    paths: dict[int, str | None] = {}
    for each in found.documents:
        paths[each.number] = None
        if each.state != QUARANTINED:
            paths[each.number] = f"data/documents/{each.number:04d}-{_safe(each.name)}"
    forms = [f"data/forms/{n:03d}-{_safe(e.file_name)}" for n, e in enumerate(found.forms, 1)]
    yield from out.add("data/journal.jsonl", journal_lines(found))
    yield from out.add("data/journal-proof.json", [proof_data(found)])
    yield from out.add("data/signatures.json", [signatures_data(found)])
    yield from out.add("data/diagram.bpmn", [found.diagram])
    for number, path in paths.items():
        if path is not None:
            yield from out.add(path, _document(office, actor, found, number))
    copies: dict[int, str | NoCopy] = {}
    for each in found.documents:
        yield from _copied(office, actor, each, out, folder / str(each.number), copies)
    yield from out.add("data/dossier.json", [dossier_data(found, paths, copies, forms)])
    for form, path in zip(found.forms, forms, strict=True):
        with office.database.read() as connection:
            pdf = pdf_of(connection, form, actor.agency_id)
        yield from out.add(path, [pdf])


def _copied(
    office: Office,
    actor: Actor,
    record: DocumentRecord,
    out: ZipStream,
    into: Path,
    copies: dict[int, str | NoCopy],
) -> Iterator[bytes]:
    """A document made PDF/A; copies: where it lies in the package, or why it was not made."""
    why = made_for_keeping(office, actor.agency_id, record, into)
    if why is not None:
        copies[record.number] = why
        return
    path = f"data/archival/{record.number:04d}-{_safe(record.name)}"
    copies[record.number] = path if path.endswith(".pdf") else f"{path}.pdf"
    yield from out.add(copies[record.number], _pieces(into.open("rb")))
    into.unlink()


def _document(office: Office, actor: Actor, found: Contents, number: int) -> Iterator[bytes]:
    _, stream = opened(office, actor, found.row.dossier_id, number, EXPORT)
    yield from _pieces(stream)


def _pieces(stream: BinaryIO) -> Iterator[bytes]:
    with stream:
        while chunk := stream.read(_CHUNK):
            yield chunk


def _tags(found: Contents, out: ZipStream) -> Iterator[bytes]:
    """The files that say what the others are."""
    data = dict(out.hashes)
    last = found.events[-1].at.astimezone(found.zone).date().isoformat()
    info = (
        f"Source-Organization: {found.row.agency_id}\n"
        f"External-Identifier: {found.row.code}\n"
        f"Bagging-Date: {last}\n"
        f"Payload-Oxum: {out.bytes}.{len(data)}\n"
    )
    yield from out.add("bagit.txt", [_BAGIT])
    yield from out.add("bag-info.txt", [info.encode()])
    yield from out.add("manifest-sha256.txt", [_manifest(data)])
    yield from out.add("README.txt", [read_me(found).encode()])
    yield from out.add("verify.py", [stand_alone_source()])
    tags = {name: digest for name, digest in out.hashes.items() if name not in data}
    yield from out.add("tagmanifest-sha256.txt", [_manifest(tags)])


def stand_alone_source() -> bytes:
    """The verifier that goes along: it is the one that we use ourselves."""
    return Path(__file__).with_name("stand_alone.py").read_bytes()


def _manifest(hashes: Mapping[str, str]) -> bytes:
    return "".join(f"{digest}  {name}\n" for name, digest in sorted(hashes.items())).encode()


def _safe(name: str) -> str:
    """A name that every system can unpack: letters, digits and a few signs."""
    stem, dot, ending = name.rpartition(".")
    if not dot:
        stem, ending = name, ""
    plain = _UNSAFE.sub("-", stem).strip("-.")[:_MOST_NAME] or "-"
    return plain + (f".{_UNSAFE.sub('', ending)[:10]}" if dot else "")
