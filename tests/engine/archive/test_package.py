"""A finished dossier leaves as a package that a third party verifies without us."""

import hashlib
import io
import json
import logging
import subprocess
import sys
import zipfile

import orjson
import pypdfium2
import pytest

from engine.archive.package import export
from engine.archive.refusals import NotFinished
from engine.archive.stand_alone import verify
from engine.documents import taking_in
from engine.documents.archival import ARCHIVAL, look_for_archival
from engine.documents.archival_pages import MOST_PAGES
from engine.documents.keeping import arrive_from
from engine.documents.reading import NotYourDocuments, accesses_of
from engine.documents.taking_in import Offered, take_in
from engine.dossiers.end_early import discontinue
from engine.dossiers.return_result import return_result
from engine.proofs.published_root import document as roots_document
from engine.proofs.published_root import published_root
from engine.signatures.exchange import look_for_signatures
from tests.engine.documents.files import pdf as a_pdf
from tests.engine.documents.files import picture
from tests.engine.offices import VN, datetime_of
from tests.engine.signatures.authority import OFFICE, signed
from tests.engine.signatures.test_signing_a_step import Signing


@pytest.fixture(autouse=True)
def _uploads_are_looked_at(monkeypatch):
    monkeypatch.setitem(taking_in.EXAMINERS, "signatures", look_for_signatures)
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def finished(ward, folder):
    """A dossier that was signed, sealed and returned, on the day after that."""
    work = Signing(ward, folder)
    work.signed_by_the_chief()
    work.complete(work.chief)
    work.send(signed(work.given_out(), OFFICE().seal, "KyCoQuan"), work.officer)
    work.complete(work.officer)
    if ward.file(work.outcome).row.state not in ("returned", "closed"):
        return_result(ward.office, work.officer, work.dossier)
    ward.clock.set(datetime_of(2026, 3, 4, 8, 0))
    return work


@pytest.fixture
def work(sqlite_ward, tmp_path):
    return finished(sqlite_ward, tmp_path)


def packed(work, actor=None):
    return b"".join(export(work.office, actor or work.ward.head, work.dossier).chunks)


def files(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name.split("/", 1)[1]: archive.read(name) for name in archive.namelist()}


def repacked(data, **changes):
    """The package with files exchanged, as a forger leaves it; None takes a file away."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            short = name.split("/", 1)[1]
            if short not in changes:
                new.writestr(name, old.read(name))
            elif changes[short] is not None:
                new.writestr(name, changes[short])
    return out.getvalue()


def resealed(data, **changes):
    """Forged more carefully: the manifests fit what was exchanged."""
    parts = {**files(data), **changes}
    for manifest, wanted in (
        ("manifest-sha256.txt", lambda name: name.startswith("data/")),
        ("tagmanifest-sha256.txt", lambda name: not name.startswith("data/")),
    ):
        names = sorted(n for n in parts if wanted(n) and n != "tagmanifest-sha256.txt")
        lines = (f"{hashlib.sha256(parts[name]).hexdigest()}  {name}\n" for name in names)
        parts[manifest] = "".join(lines).encode()
    return repacked(data, **parts)


def wrong(data, published=None):
    return verify(io.BytesIO(data), published)[1]


def test_a_package_holds_on_each_database(ward, tmp_path):
    work = finished(ward, tmp_path)
    said, problems = verify(io.BytesIO(packed(work)))
    assert problems == []
    assert any("are in the root of 2026-03-02" in line for line in said)
    assert any("quyet-dinh.pdf is the one in the journal" in line for line in said)


def test_the_same_dossier_gives_the_same_bytes(work):
    first = packed(work)
    work.ward.forget()
    work.ward.clock.set(datetime_of(2031, 5, 6, 7, 0))
    assert packed(work) == first


def test_what_is_in_it(work):
    inside = files(packed(work))
    told = orjson.loads(inside["data/dossier.json"])
    assert [each["edition"] for each in told["documents"]] == [1, 2, 3, 4]
    assert {step["element_id"] for step in told["steps"]} == {"Draft", "Sign", "Seal"}
    found = orjson.loads(inside["data/signatures.json"])
    newest = str(told["documents"][-1]["number"])
    assert [each["holds"] for each in found[newest]["signatures"]] == [True, True]
    assert "applicant" in {each["what"] for each in told["entries"]}
    assert inside["bagit.txt"].startswith(b"BagIt-Version: 1.0\n")


def test_it_says_of_each_file_what_it_is_and_holds_a_copy_for_keeping_or_why_not(work, monkeypatch):
    monkeypatch.setitem(taking_in.EXAMINERS, ARCHIVAL, look_for_archival)
    other = Signing(work.ward, work.ward.office.documents.store.folder.parent / "more")
    brought = (
        ("anh.jpg", picture("JPEG")),
        ("don.pdf", a_pdf("Xin cap phep")),
        ("day.pdf", a_pdf(pages=MOST_PAGES + 1)),
    )
    for name, data in brought:
        offered = Offered(other.dossier, "QD", name)
        with arrive_from(other.office, io.BytesIO(data)) as arrived:
            take_in(other.office, other.officer, offered, arrived)
    discontinue(other.office, other.officer, other.dossier, "Người nộp đề nghị dừng")
    data = b"".join(export(other.office, work.ward.head, other.dossier).chunks)
    inside = files(data)
    first, second, third = orjson.loads(inside["data/dossier.json"])["documents"]
    assert (first["archival"], second["archival"]) == (
        "JPEG, no PDF",
        "PDF, does not declare PDF/A",
    )
    assert inside[first["path"]] == picture("JPEG")
    assert inside[first["archival_copy"]].startswith(b"%PDF-")
    assert inside[second["path"]] == a_pdf("Xin cap phep")
    assert second["archival_copy"] == second["path"].replace("documents", "archival")
    with pypdfium2.PdfDocument(inside[second["archival_copy"]]) as copy:
        assert "Xin cap phep" in copy[0].get_textpage().get_text_range()
    assert (third["archival_copy"], third["no_archival_copy"]["code"]) == (None, "pages")
    assert first["no_archival_copy"] is second["no_archival_copy"] is None
    assert wrong(data) == []


def test_the_verifier_in_it_needs_nothing_of_ours(work, tmp_path):
    data = packed(work)
    package, program = tmp_path / "goi.zip", tmp_path / "verify.py"
    package.write_bytes(data)
    program.write_bytes(files(data)["verify.py"])
    asked = [sys.executable, "-I", "-S", str(program), str(package)]
    done = subprocess.run(asked, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith("The package holds.\n")
    package.write_bytes(repacked(data, **{"data/diagram.bpmn": b"<other/>"}))
    assert subprocess.run(asked, capture_output=True, check=False, cwd=tmp_path).returncode == 1


def test_sha256sum_alone_checks_the_files(work, tmp_path):
    with zipfile.ZipFile(io.BytesIO(packed(work))) as archive:
        archive.extractall(tmp_path)
        folder = tmp_path / archive.namelist()[0].split("/", 1)[0]
    for manifest in ("manifest-sha256.txt", "tagmanifest-sha256.txt"):
        asked = ["sha256sum", "--quiet", "-c", manifest]
        assert subprocess.run(asked, cwd=folder, check=False).returncode == 0


def test_each_kind_of_forgery_is_found(work):
    data = packed(work)
    inside = files(data)
    pdf = next(name for name in inside if name.startswith("data/documents/"))
    assert wrong(repacked(data, **{pdf: b"%PDF-1.7 other"}))
    assert wrong(repacked(data, **{pdf: None}))
    assert wrong(data[:-100])
    assert wrong(data[:200] + b"\0" + data[201:])
    carefully = resealed(data, **{pdf: b"%PDF-1.7 other"})
    assert any("is the one in the journal" in line for line in wrong(carefully))


def test_a_journal_written_anew_is_found(work):
    data = packed(work)
    lines = files(data)["data/journal.jsonl"].splitlines()
    forged = lines[2].replace(b"document.prepared", b"document.replaced")
    assert forged != lines[2]
    journal = b"\n".join([*lines[:2], forged, *lines[3:]]) + b"\n"
    assert any(
        "ends as stated" in line
        for line in wrong(resealed(data, **{"data/journal.jsonl": journal}))
    )
    shorter = b"\n".join(lines[:-1]) + b"\n"
    assert wrong(resealed(data, **{"data/journal.jsonl": shorter}))


def test_an_applicant_written_anew_is_found(work):
    data = packed(work)
    told = files(data)["data/dossier.json"].replace("Lê Thị Hoa".encode(), "Lê Thị Hạ".encode())
    problems = wrong(resealed(data, **{"data/dossier.json": told}))
    assert problems == ["the applicant of event 1 is as it was sealed"]


def test_everything_written_anew_is_found_by_the_published_root(work):
    data = packed(work)
    with work.office.database.read() as connection:
        day = datetime_of(2026, 3, 2, 8, 0).date()
        root = published_root(connection, work.ward.agency_id, day, VN)
    published = json.loads(roots_document(day, {work.ward.agency_id: root}))
    assert wrong(data, published) == []
    other = json.loads(json.dumps(published).replace(root.root.root.hex(), "0" * 64))
    assert wrong(data, other) == ["the root of 2026-03-02 is the published one"]
    assert wrong(data, {"day": "2026-03-01", "agencies": []})


def test_a_day_that_is_not_over_has_no_root_yet(work):
    work.ward.clock.set(datetime_of(2026, 3, 2, 23, 0))
    said, problems = verify(io.BytesIO(packed(work)))
    assert problems == []
    assert any("no day's root is final yet" in line for line in said)


def test_a_dossier_still_being_handled_is_not_exported(sqlite_ward, tmp_path):
    work = Signing(sqlite_ward, tmp_path)
    with pytest.raises(NotFinished):
        export(work.office, sqlite_ward.head, work.dossier)


def test_only_who_may_read_the_documents_exports_and_each_is_logged(work):
    known = {place for actor in (work.chief, work.officer) for _, place in actor.holdings}
    outsider = next(
        each
        for each in work.ward.actors.values()
        if "head" not in each.roles
        and not (known | {"can_bo_mot_cua"}) & {place for _, place in each.holdings}
    )
    with pytest.raises(NotYourDocuments):
        export(work.office, outsider, work.dossier)
    packed(work)
    with work.office.database.read() as connection:
        seen = accesses_of(connection, work.ward.head, work.dossier)
    assert [each.way for each in seen] == ["export"] * 4


@pytest.mark.parametrize("junk", [b"", b"PK\x03\x04", b"not a package at all" * 50])
def test_what_is_no_package_is_said_to_be_none(junk):
    (problem,) = wrong(junk)
    assert problem.startswith("the package cannot be read")
