"""`quytrinh documents`: what is missing, damaged or unknown is named, and the exit code says so."""

import json

import pytest
from typer.testing import CliRunner

from api.cli import app
from tests.api.desk import open_desk
from tests.api.test_documents import bring
from tests.engine.documents.files import pdf

RUNNER = CliRunner()


@pytest.fixture
def place(founded_files, tmp_path, monkeypatch):
    """A database with two documents, and where they lie."""
    url = founded_files.fresh(tmp_path)
    desk = open_desk(url, tmp_path)
    dossier = desk.appraised()["dossier_id"]
    found = [
        bring(desk.nam, dossier, pdf(words)).json()["document"]["sha256"] for words in ("a", "b")
    ]
    desk.office.database.close()
    monkeypatch.setenv("QUYTRINH_DOCUMENTS_FOLDER", str(desk.documents))
    return url, [next(desk.documents.rglob(sha256)) for sha256 in found]


def run(url, *more):
    return RUNNER.invoke(app, ["documents", "--database", url, *more])


def test_documents_that_are_whole_are_counted(place):
    done = run(place[0])
    assert done.exit_code == 0, done.output
    assert "2 nội dung / contents, 0 lỗi" in done.stdout


def test_what_is_missing_or_damaged_is_named(place):
    url, (first, second) = place
    first.unlink()
    second.write_bytes(b"%PDF-damaged")
    done = run(url, "--json")
    assert done.exit_code == 1
    faults = {each["sha256"]: each["fault"] for each in map(json.loads, done.stdout.splitlines())}
    assert faults == {first.name: "missing", second.name: "damaged"}


def test_what_nobody_knows_is_deleted_only_when_asked(place):
    url, (first, _) = place
    unknown = first.parents[1] / "00" / ("0" * 64)
    unknown.parent.mkdir()
    unknown.write_bytes(b"left by an older office")
    assert run(url).exit_code == 1
    assert unknown.exists()
    done = run(url, "--remove-unknown")
    assert (done.exit_code, unknown.exists()) == (0, False)
    assert "1 đã xóa" in done.stdout
    assert run(url).exit_code == 0
    assert first.exists()
