"""Forms and registers at the door: issued once, printed again the same, codes understood."""

import hashlib
import io

import pytest
from pypdf import PdfReader

from tests.api.test_dossiers import NOBODY, refused


@pytest.fixture
def received(desk):
    return desk.receive()


def issued(desk, received, kind="receipt", **more):
    return desk.lan.post(f"/dossiers/{received['code']}/forms", {"kind": kind, **more})


def test_a_receipt_is_issued_kept_and_printed_again(desk, received):
    answer = issued(desk, received)
    assert answer.status_code == 201
    form = answer.json()
    assert form["number_text"] == "01/TTPVHCC"
    pdf = desk.lan.get(f"/forms/{form['issue_id']}/pdf")
    assert pdf.headers["content-type"] == "application/pdf"
    assert hashlib.sha256(pdf.content).hexdigest() == form["pdf_sha256"]
    assert received["code"] in PdfReader(io.BytesIO(pdf.content)).pages[0].extract_text()
    assert issued(desk, received).json() == form
    assert desk.lan.get(f"/dossiers/{received['code']}/forms").json() == [form]
    assert desk.lan.get(f"/forms/{form['issue_id']}").json() == form


def test_another_content_needs_leave(desk, received):
    issued(desk, received)
    refused(issued(desk, received, entries={"sets": "2"}), 409, "form.differs")
    second = issued(desk, received, entries={"sets": "2"}, replacing=True)
    assert second.json()["number"] == 2


def test_a_form_that_is_not_called_for_is_refused(desk, received):
    refused(issued(desk, received, "apology"), 422, "form.not_called_for")
    refused(issued(desk, received, "khong_co"), 404, "form.unknown_kind")
    refused(issued(desk, received, entries={"la": "x"}), 422, "form.entry_invalid")
    refused(desk.lan.get(f"/forms/{NOBODY}/pdf"), 404, "form.not_found")


def test_the_kinds_say_what_is_entered(desk):
    kinds = {each["kind"]: each for each in desk.lan.get("/forms/kinds").json()}
    assert "register" not in kinds
    assert [e["name"] for e in kinds["submission_slip"]["entries"] if e["needed"]] == [
        "to",
        "proposal",
    ]


def test_a_draft_in_word_is_had_without_a_number(desk, received):
    answer = desk.lan.get(f"/dossiers/{received['code']}/forms/receipt/draft")
    assert answer.status_code == 200
    assert answer.content[:2] == b"PK"
    assert desk.lan.get(f"/dossiers/{received['code']}/forms").json() == []


def test_the_register_is_printed(desk, received):
    day = received["code"].split("-")[1]
    period = {"first": f"20{day[:2]}-{day[2:4]}-01", "last": f"20{day[:2]}-{day[2:4]}-28"}
    answer = desk.lan.post("/registers/dossiers", period)
    assert answer.status_code == 201
    assert answer.json()["number_text"] == "01/STD"
    wrong = {"first": period["last"], "last": period["first"]}
    refused(desk.lan.post("/registers/dossiers", wrong), 422, "form.register_period")


def test_documents_are_registered_in_a_row(desk):
    body = {"direction": "incoming", "correspondent": "Sở Nội vụ", "subject": "Rà soát"}
    first = desk.lan.post("/registers/documents", body, key="van-ban-1").json()
    assert desk.lan.post("/registers/documents", body, key="van-ban-1").json() == first
    second = desk.lan.post("/registers/documents", body).json()
    assert [first["number"], second["number"]] == [1, 2]
    year = first["year"]
    listed = desk.lan.get(f"/registers/documents?direction=incoming&year={year}").json()
    assert [each["number"] for each in listed] == [2, 1]
    older = desk.lan.get(f"/registers/documents?direction=incoming&year={year}&before=2").json()
    assert [each["number"] for each in older] == [1]
    refused(
        desk.lan.post("/registers/documents", {**body, "subject": " "}),
        422,
        "registers.invalid_document",
    )


def test_codes_are_understood_as_people_type_them(desk, received):
    dirty = f" “{received['code'].lower().replace('0', 'o')}” "
    answer = desk.lan.get("/codes", params={"code": [dirty, received["code"], "khong co", ""]})
    found = answer.json()
    assert [each["code"] for each in found] == [received["code"], received["code"], None, None]
    assert set(found[0]["mended"]) == {"quotes", "spaces", "case", "letters"}
    assert desk.lan.get(f"/dossiers/{dirty.strip()}").status_code == 200
    assert [r["code"] for r in desk.lan.get("/dossiers", params={"search": dirty}).json()["items"]]
