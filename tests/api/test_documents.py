"""Documents by the JSON door: brought bare or by form, downloaded as attachments, removed."""

import hashlib
import io
from dataclasses import replace

import pytest

from engine.documents.scanner import Clamd
from engine.documents.store import MEGABYTE
from tests.engine.documents.files import pdf, picture

BARE = {"Content-Type": "application/octet-stream"}


@pytest.fixture
def dossier(any_desk):
    return any_desk.appraised()["dossier_id"]


def bring(caller, dossier, data=None, code="DON", name="đơn.pdf", **more):
    headers = {**BARE, **more.pop("headers", {})}
    params = {"component": code, "file_name": name}
    path = f"/dossiers/{dossier}/documents{more.pop('to', '')}"
    return caller.post(path, params=params, content=data or pdf(), headers=headers, **more)


def error_of(answer):
    return answer.status_code, answer.json()["error"]["code"]


def test_a_file_is_brought_listed_and_downloaded_as_it_was(any_desk, dossier):
    data = pdf(pages=2)
    answer = bring(any_desk.nam, dossier, data, key="k")
    assert answer.status_code == 201, answer.text
    document = answer.json()["document"]
    assert document["sha256"] == hashlib.sha256(data).hexdigest()
    assert (document["kind"], document["pages"], document["state"]) == ("pdf", 2, "current")
    listed = any_desk.nam.get(f"/dossiers/{dossier}/documents").json()["documents"]
    assert listed == [document]
    got = any_desk.lan.get(f"/dossiers/{dossier}/documents/{document['number']}/content")
    assert got.content == data
    assert got.headers["content-type"] == "application/pdf"
    assert got.headers["content-disposition"] == (
        "attachment; filename=\"don.pdf\"; filename*=UTF-8''%C4%91%C6%A1n.pdf"
    )
    assert got.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in got.headers["content-security-policy"]
    assert "no-store" in got.headers["cache-control"]
    looks = any_desk.nam.get(f"/dossiers/{dossier}/documents/accesses").json()["accesses"]
    assert [(look["by"], look["way"]) for look in looks] == [("Nguyễn Thị Lan", "download")]
    assert any_desk.nam.get(f"/dossiers/{dossier}").json()


def test_the_checklist_counts_the_file(any_desk, dossier):
    bring(any_desk.nam, dossier)
    found = {each["code"]: each for each in any_desk.file(dossier)["checklist"]}
    assert found["DON"]["present"] == {"electronic": 1, "original": 1}


def test_a_form_brings_a_file_too(any_desk, dossier):
    answer = any_desk.nam.send(
        "POST",
        f"/dossiers/{dossier}/documents?component=DON",
        files={"file": ("../../etc/đơn.pdf", pdf(), "text/html")},
    )
    assert answer.status_code == 201, answer.text
    assert answer.json()["document"]["name"] == "đơn.pdf"
    assert answer.json()["document"]["kind"] == "pdf"


def test_the_same_upload_sent_again_is_done_once(any_desk, dossier):
    first, again = (bring(any_desk.nam, dossier, key="mot") for _ in range(2))
    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    assert error_of(bring(any_desk.nam, dossier, pdf("khac"), key="mot")) == (
        409,
        "idempotency.reused",
    )


def test_a_new_version_and_a_removal(any_desk, dossier):
    number = bring(any_desk.nam, dossier).json()["document"]["number"]
    newer = bring(any_desk.nam, dossier, pdf("hai"), to=f"/{number}/versions").json()["document"]
    assert (newer["edition"], newer["first_number"], newer["component"]) == (2, number, "DON")
    why = {"reason": "Bản cũ bị mờ, không cần giữ"}
    path = f"/dossiers/{dossier}/documents/{number}"
    assert any_desk.nam.post(f"{path}/remove", why).status_code == 200
    assert error_of(any_desk.nam.get(f"{path}/content")) == (404, "document.not_found")
    assert error_of(any_desk.nam.post(f"{path}/remove", why)) == (404, "document.not_found")


def test_pages_are_looked_at_as_pictures(desk):
    dossier = desk.appraised()["dossier_id"]
    number = bring(desk.nam, dossier, pdf(pages=2)).json()["document"]["number"]
    path = f"/dossiers/{dossier}/documents/{number}/preview"
    got = desk.nam.get(path, params={"page": 2, "width": 300})
    assert got.status_code == 200, got.text
    assert got.headers["content-type"] == "image/png"
    assert got.content.startswith(b"\x89PNG")
    assert int.from_bytes(got.content[16:20], "big") == 300
    assert error_of(desk.nam.get(path, params={"page": 3})) == (422, "document.no_such_page")


def test_pictures_are_bound_into_one_pdf(desk):
    dossier = desk.appraised()["dossier_id"]
    pages = [("file", (f"{n}.jpg", picture("JPEG", (900, 1200)), "image/jpeg")) for n in range(3)]
    path = f"/dossiers/{dossier}/documents/scans?component=DON&file_name=Bản quét"
    answer = desk.nam.send("POST", path, files=pages)
    assert answer.status_code == 201, answer.text
    document = answer.json()["document"]
    assert (document["name"], document["kind"], document["pages"]) == ("Bản quét.pdf", "pdf", 3)
    mixed = [*pages, ("file", ("a.pdf", pdf(), "application/pdf"))]
    assert error_of(desk.nam.send("POST", path, files=mixed)) == (422, "document.kind_not_accepted")


def test_others_neither_bring_nor_see(any_desk, dossier):
    number = bring(any_desk.nam, dossier).json()["document"]["number"]
    for caller, status in ((any_desk.designer, 403), (any_desk.stranger, 404)):
        assert bring(caller, dossier).status_code == status
        assert caller.get(f"/dossiers/{dossier}/documents").status_code == status
        path = f"/dossiers/{dossier}/documents/{number}"
        assert caller.get(f"{path}/content").status_code == status
        assert caller.get(f"{path}/preview").status_code == status
        assert caller.get(f"/dossiers/{dossier}/documents/accesses").status_code == status


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"MZ\x90\0" * 9, "document.unknown_kind"),
        (b"<html></html>", "document.unknown_kind"),
        (pdf()[:99], "document.unreadable"),
    ],
)
def test_what_is_no_document_is_refused_and_leaves_nothing(desk, data, code):
    dossier = desk.appraised()["dossier_id"]
    assert error_of(bring(desk.nam, dossier, data)) == (422, code)
    assert [path for path in desk.documents.rglob("*") if path.is_file()] == []


def test_two_thousand_megabytes_are_refused_before_they_come(desk):
    """Only the head of the request is read: the body would never end."""
    dossier = desk.appraised()["dossier_id"]

    def endless():
        yield b"%PDF-1.7"

    stated = {**BARE, "Content-Length": str(2_000_000_000)}
    path = f"/dossiers/{dossier}/documents?component=DON"
    answer = desk.nam.post(path, content=endless(), headers=stated)
    assert error_of(answer) == (413, "file.too_large")
    assert "50 MB" in answer.json()["error"]["vi"]
    assert answer.headers["connection"] == "close"


def test_who_does_not_say_how_much_comes_is_cut_off_at_the_limit(desk):
    desk.office.documents = replace(desk.office.documents, most_bytes=MEGABYTE)
    dossier = desk.appraised()["dossier_id"]
    sent = []

    def much():
        yield b"%PDF-1.7"
        for _ in range(100):
            sent.append(1)
            yield bytes(100_000)

    path = f"/dossiers/{dossier}/documents?component=DON"
    answer = desk.nam.post(path, content=much(), headers=BARE)
    assert error_of(answer) == (413, "file.too_large")
    assert [path for path in desk.documents.rglob("*") if path.is_file()] == []


def test_elsewhere_the_old_limit_stands(desk):
    stated = {**BARE, "Content-Length": str(3_000_000)}
    assert desk.lan.post("/dossiers", content=b"{}", headers=stated).status_code == 413


def test_while_the_scanner_is_silent_a_file_waits_and_nobody_opens_it(desk):
    nobody = Clamd("127.0.0.1:1")
    desk.office.documents = replace(desk.office.documents, scanner=nobody)
    dossier = desk.appraised()["dossier_id"]
    document = bring(desk.nam, dossier).json()["document"]
    assert document["state"] == "quarantined"
    path = f"/dossiers/{dossier}/documents/{document['number']}"
    for part in ("content", "preview"):
        assert error_of(desk.nam.get(f"{path}/{part}")) == (422, "document.in_quarantine")
    found = {each["code"]: each for each in desk.file(dossier)["checklist"]}
    assert "electronic" not in found["DON"]["present"]


def test_a_form_without_a_file_says_so(desk):
    dossier = desk.appraised()["dossier_id"]
    path = f"/dossiers/{dossier}/documents?component=DON"
    answer = desk.nam.send("POST", path, files={"other": io.BytesIO(b"x")})
    assert error_of(answer) == (422, "upload.file_missing")
