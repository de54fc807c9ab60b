"""Signatures and packages at the JSON door and the command line."""

import io
import json
import logging

import pytest
from typer.testing import CliRunner

from api.cli import app
from engine.archive.stand_alone import verify
from engine.documents import taking_in
from engine.signatures.exchange import look_for_signatures
from engine.signatures.trust import TrustFolder
from processes.procedure import ProcedureKind
from tests.api.test_documents import BARE, bring, error_of
from tests.engine.signatures.authority import OFFICE, STRANGER, document, issued, signed

WHY = {"reason": "Công dân xin rút để nộp lại sau khi đủ giấy tờ"}


@pytest.fixture(autouse=True)
def _silent(monkeypatch):
    monkeypatch.setitem(taking_in.EXAMINERS, "signatures", look_for_signatures)
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def office(any_desk, tmp_path):
    any_desk.office.trusted = TrustFolder(OFFICE().folder(tmp_path / "trust"))
    return any_desk


@pytest.fixture
def dossier(office):
    return office.appraised()["dossier_id"]


def signatures(desk, dossier, number):
    return desk.nam.get(f"/dossiers/{dossier}/documents/{number}/signatures").json()


def send(desk, dossier, number, data, key=None):
    path = f"/dossiers/{dossier}/documents/{number}/signed"
    return desk.nam.post(path, content=data, headers=BARE, key=key)


def test_an_uploaded_document_tells_who_signed_it_and_whether_it_holds(office, dossier):
    data = signed(document(), OFFICE().officer, stamped_by=OFFICE().stamps)
    number = bring(office.nam, dossier, data).json()["document"]["number"]
    told = signatures(office, dossier, number)
    assert (told["signed"], told["hold"], told["obstacle"]) == (True, True, None)
    (one,) = told["signatures"]
    assert (one["name"], one["time_stamped"], one["coverage"]) == ("Nguyễn Văn An", True, "whole")
    foreign = bring(office.nam, dossier, signed(document(), STRANGER().officer)).json()
    told = signatures(office, dossier, foreign["document"]["number"])
    assert (told["hold"], told["signatures"][0]["flaws"]) == (False, ["foreign"])
    assert "tin cậy" in told["signatures"][0]["why_vi"]
    plain = bring(office.nam, dossier, document()).json()["document"]["number"]
    assert signatures(office, dossier, plain)["signed"] is False


def test_a_document_goes_out_and_comes_back(office, dossier):
    number = bring(office.nam, dossier, document()).json()["document"]["number"]
    path = f"/dossiers/{dossier}/documents"
    prepared = office.nam.post(f"{path}/{number}/prepare", {}, key="p")
    assert prepared.status_code == 201, prepared.text
    newest = office.nam.get(path).json()["documents"][-1]["number"]
    out = office.nam.get(f"{path}/{newest}/content").content
    assert out.startswith(document())
    other = signed(document("Quyet dinh so 99"), OFFICE().officer)
    assert error_of(send(office, dossier, newest, other)) == (422, "signature.not_the_same")
    assert error_of(send(office, dossier, newest, out)) == (422, "signature.nothing_signed")
    back = signed(out, OFFICE().officer, "KyCaNhan")
    first = send(office, dossier, newest, back, key="s")
    assert first.status_code == 201, first.text
    assert send(office, dossier, newest, back, key="s").json() == first.json()
    number = office.nam.get(path).json()["documents"][-1]["number"]
    assert signatures(office, dossier, number)["hold"] is True


def test_who_has_nothing_to_do_with_the_dossier_sees_no_signatures(office, dossier):
    number = bring(office.nam, dossier, document()).json()["document"]["number"]
    path = f"/dossiers/{dossier}/documents/{number}"
    assert error_of(office.stranger.get(f"{path}/signatures")) == (404, "dossier.not_found")
    assert office.designer.get(f"{path}/signatures").status_code == 403
    assert office.stranger.post(f"{path}/prepare", {}).status_code == 404


def test_a_finished_dossier_is_exported_kept_and_destroyed(office, dossier, monkeypatch):
    bring(office.nam, dossier, signed(document(), OFFICE().officer))
    path = f"/dossiers/{dossier}"
    assert error_of(office.hung.get(f"{path}/package")) == (422, "archive.not_finished")
    assert office.lan.post(f"{path}/withdraw", WHY).status_code == 200
    office.at(2026, 3, 4, 8)
    got = office.hung.get(f"{path}/package")
    assert got.headers["content-type"] == "application/zip"
    assert verify(io.BytesIO(got.content))[1] == []
    destroyed = {
        "reason": "Hết thời hạn lưu giữ theo biên bản số 5",
        "decision_no": "12/QĐ-UBND",
    }
    assert error_of(office.hung.post(f"{path}/destroy", destroyed)) == (
        422,
        "archive.kept_for_ever",
    )
    settings = office.app.state.settings
    kept = {"retention_years": {ProcedureKind.PUBLIC: 1}}
    office.app.state.settings = settings.model_copy(update=kept)
    assert error_of(office.hung.post(f"{path}/destroy", destroyed)) == (422, "archive.still_kept")
    office.at(2028, 1, 3, 8)
    office.callers.clear()  # their sessions are over by then
    listed = office.hung.get("/archive/retention").json()["dossiers"]
    assert [each["until"] for each in listed] == ["2027-12-31"]
    url = office.office.database.url
    monkeypatch.setattr("api.cli.post.SystemClock", lambda: office.office.clock)
    where = ("--database", url, "--agency", "H01")
    told = run("retention", *where, QUYTRINH_RETENTION_YEARS='{"public": 1}')
    assert "02/03/2026 – 31/12/2027" in told.output, told.output
    assert "1 hồ sơ hết thời hạn" in told.output
    assert "\n0 hồ sơ" in "\n" + run("retention", *where).output
    assert office.nam.get("/archive/retention").status_code == 403
    assert office.nam.post(f"{path}/destroy", destroyed).status_code == 403
    assert office.hung.post(f"{path}/destroy", destroyed, key="d").status_code == 200
    (record,) = office.hung.get("/archive/destructions").json()["destructions"]
    assert (record["documents"], record["reason"]) == (1, destroyed["reason"])
    assert record["decision_no"] == "12/QĐ-UBND"
    assert office.hung.get("/archive/retention").json()["dossiers"] == []
    assert office.file(dossier)["applicant"] == ""


def run(*arguments, **environment):
    return CliRunner().invoke(app, [str(each) for each in arguments], env=environment)


def test_the_command_verifies_a_file_by_a_folder_of_roots(tmp_path):
    trust = OFFICE().folder(tmp_path / "trust")
    file = tmp_path / "quyet-dinh.pdf"
    file.write_bytes(signed(document(), OFFICE().officer))
    done = run("signature", file, "--trust", trust, "--at", "2026-03-02")
    assert done.exit_code == 0, done.output
    assert "ĐÚNG / holds: Nguyễn Văn An (UBND phường)" in done.stdout
    done = run("signature", file, "--trust", tmp_path / "none", "--json", "--at", "2026-03-02")
    assert done.exit_code == 1
    assert json.loads(done.stdout)["signatures"][0]["flaws"] == ["foreign"]
    file.write_bytes(b"%PDF-1.7 plain")
    assert "chưa ký số" in run("signature", file, "--trust", trust).stdout


def test_a_private_key_in_the_folder_of_roots_is_refused(tmp_path):
    trust = OFFICE().folder(tmp_path / "trust")
    (trust / "roots" / "khoa.pem").write_bytes(b"-----BEGIN PRIVATE KEY-----\n")
    file = tmp_path / "a.pdf"
    file.write_bytes(document())
    done = run("signature", file, "--trust", trust)
    assert done.exit_code == 2
    assert "khóa riêng" in done.stderr
    (trust / "roots" / "khoa.pem").write_bytes(b"nothing of the kind")
    assert run("signature", file, "--trust", trust).exit_code == 2


def test_the_commands_export_and_verify_a_package(desk, tmp_path):
    dossier = desk.appraised()
    bring(desk.nam, dossier["dossier_id"], signed(document(), issued("Ai đó")))
    assert desk.lan.post(f"/dossiers/{dossier['dossier_id']}/withdraw", WHY).status_code == 200
    url = str(desk.app.state.settings.database_url)
    given = {"QUYTRINH_VAR_FOLDER": str(tmp_path), "QUYTRINH_DATABASE_URL": url}
    done = run("export", dossier["code"], "--out", tmp_path, "--agency", "H01", **given)
    assert done.exit_code == 0, done.output
    package = tmp_path / f"{dossier['code']}.zip"
    done = run("verify-package", package)
    assert done.exit_code == 0, done.output
    assert "Gói đúng" in done.stdout
    package.write_bytes(package.read_bytes().replace(b"Quyet dinh so 12", b"Quyet dinh so 13"))
    done = run("verify-package", package, "--json")
    assert done.exit_code == 1
    assert json.loads(done.stdout)["holds"] is False
    assert run("export", "khong-co", "--agency", "H01", **given).exit_code == 2
    assert run("export", dossier["code"], "--agency", "H99", **given).exit_code == 2
