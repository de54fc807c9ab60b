"""`quytrinh form` and `quytrinh register` at the machine itself."""

import json

import pytest
from typer.testing import CliRunner

from api.cli import app
from tests.api.desk import open_desk


@pytest.fixture
def place(founded_files, tmp_path):
    """A database with one dossier; its address, and the dossier's code."""
    url = founded_files.fresh(tmp_path)
    desk = open_desk(url, tmp_path)
    code = desk.receive()["code"]
    desk.office.database.close()
    return url, code


def run(url, *arguments, typed=None):
    where = ["--database", url, "--agency", "H01"]
    return CliRunner().invoke(app, [*map(str, arguments), *where], input=typed)


def test_a_form_is_issued_listed_and_printed_again(place, tmp_path):
    url, code = place
    first, again = tmp_path / "1.pdf", tmp_path / "2.pdf"
    made = run(
        url, "form", "issue", code, "receipt", "--as", "lan", "--out", first, "--set", "sets=2"
    )
    assert made.exit_code == 0, made.output
    assert made.output.startswith("01/TTPVHCC receipt 2025/01 ")
    assert run(url, "form", "list", code).output == made.output
    assert run(url, "form", "reprint", code, "01/TTPVHCC", "--out", again).exit_code == 0
    assert first.read_bytes() == again.read_bytes()
    differs = run(url, "form", "issue", code, "receipt", "--as", "lan", "--out", first)
    assert differs.exit_code == 2
    replaced = run(
        url, "form", "issue", code, "receipt", "--as", "lan", "--out", first, "--replace"
    )
    assert replaced.output.startswith("02/TTPVHCC ")


def test_a_draft_is_written(place, tmp_path):
    url, code = place
    out = tmp_path / "du-thao.docx"
    made = run(url, "form", "draft", code, "receipt", "--as", "lan", "--out", out)
    assert made.exit_code == 0, made.output
    assert out.read_bytes()[:2] == b"PK"


def test_an_own_template_is_tried_kept_listed_and_dropped(place, tmp_path):
    url, _ = place
    file = tmp_path / "rieng.typ"
    file.write_text("#let x = (", encoding="utf-8")
    stated = ("form", "template-set", "rieng", "receipt", file, "--from", "2026-01-01")
    refused = run(url, *stated, "--basis", "QĐ 1")
    assert refused.exit_code == 2
    file.write_text('#import "/parts.typ": *\n#form({ head(); title("Riêng") })', encoding="utf-8")
    assert run(url, *stated, "--basis", "QĐ 1").exit_code == 0
    listed = [json.loads(line) for line in run(url, "form", "templates").output.splitlines()]
    assert [each["template"] for each in listed if each["own"]] == ["rieng"]
    assert run(url, "form", "template-drop", "rieng").exit_code == 0
    assert run(url, "form", "template-drop", "rieng").exit_code == 2


def test_the_register_is_printed_and_its_settings_are_kept(place, tmp_path):
    url, _ = place
    out, settings = tmp_path / "so.pdf", tmp_path / "so.json"
    period = ("2026-03-01", "2026-03-31")
    printed = run(url, "register", "print", *period, "--as", "lan", "--out", out)
    assert printed.exit_code == 0, printed.output
    assert out.read_bytes()[:5] == b"%PDF-"
    settings.write_text(json.dumps({"spelling": "reversed"}), encoding="utf-8")
    shown = json.loads(run(url, "register", "settings", settings).output)
    assert shown["spelling"] == "reversed"
    assert json.loads(run(url, "register", "settings").output) == shown


def test_codes_from_a_file_are_looked_up_and_reported(place):
    url, code = place
    found = run(url, "register", "find", typed=f" {code.lower()} \nkhông có\n\n")
    lines = [json.loads(line) for line in found.output.splitlines()]
    assert [line["code"] for line in lines] == [code, None, None]
    assert found.exit_code == 1
    assert run(url, "register", "find", code).exit_code == 0
