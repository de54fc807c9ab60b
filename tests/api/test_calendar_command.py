"""`quytrinh calendar`: shown, exported, proposed from a file, previewed, approved, applied."""

import json
from datetime import datetime

import pytest
from typer.testing import CliRunner

from api.cli import app
from tests.api.desk import open_desk
from tests.engine.offices import VN


@pytest.fixture
def desk_url(founded_files, tmp_path):
    """A database with one open dossier; and the dossier's code."""
    url = founded_files.fresh(tmp_path)
    desk = open_desk(url, tmp_path)
    received = desk.receive()
    desk.office.database.close()
    added = ("officer", "add", "quantri", "Quản trị", "--role", "admin", "--agency", "H01")
    assert CliRunner().invoke(app, [*added, "--database", url]).exit_code == 0
    return url, received


def run(url, *arguments):
    return CliRunner().invoke(app, ["calendar", *arguments, "--agency", "H01", "--database", url])


def test_a_year_is_shown_with_its_working_days_and_grounds(desk_url):
    url, _ = desk_url
    done = run(url, "show", "--year", "2026")
    assert done.exit_code == 0, done.output
    assert "2026: 249 ngày làm việc" in done.stdout
    assert "02/01/2026" in done.stdout
    assert "Văn bản 12729/VPCP-KGVX" in done.stdout
    assert "chưa có quyết định" in run(url, "show", "--year", "2027").stdout


def test_a_day_is_proposed_approved_and_applied_and_taken_back_from_a_file(desk_url, tmp_path):
    url, _ = desk_url
    rule = ("2026-03-05", "--name", "Nghỉ tránh bão", "--basis", "Công điện 01")
    who = ("--as", "quantri", "--reason", "Bão số 3 đổ bộ")
    done = run(url, "propose", *rule, *who, "--json")
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    assert found["open"] == 1
    seen = run(url, "preview", found["change"], "--as", "quantri").stdout
    before = datetime.fromisoformat(found["lines"][0]["before"]).astimezone(VN)
    assert f"  {before:%d/%m/%Y %H:%M} -> " in seen  # as the clocks of the office show it
    approved = run(url, "approve", found["change"], "--as", "hung", "--decision", "QĐ 12")
    assert approved.exit_code == 0, approved.output
    assert "bản / edition 2" in approved.stdout
    assert "1 hồ sơ đã xem" in approved.stdout
    assert run(url, "apply").stdout.startswith("0 hồ sơ đã xem")
    listed = json.loads(run(url, "list", "--json").stdout)
    assert [line["edition"] for line in listed["editions"]] == [2, 1]
    assert listed["proposals"][0]["left"] == 0

    layer = run(url, "show", "--layer", "office").stdout
    file = tmp_path / "office.yaml"
    file.write_text(layer.replace("2026-03-05", "2026-03-06"), encoding="utf-8")
    back = run(url, "import", str(file), "--as", "quantri", "--reason", "Bão đến muộn một ngày")
    assert back.exit_code == 0, back.output
    assert "đề xuất / proposal" in back.stdout


def test_a_day_may_be_written_as_people_do(desk_url):
    url, _ = desk_url
    rest = ("--name", "Nghỉ tránh bão", "--basis", "Công điện 01", "--as", "quantri")
    done = run(url, "propose", "05/03/2026", *rest, "--reason", "Bão số 3 đổ bộ", "--json")
    assert (done.exit_code, json.loads(done.stdout)["open"]) == (0, 1)
    wrong = run(url, "propose", "31/02/2026", *rest, "--reason", "Bão số 3 đổ bộ")
    assert (wrong.exit_code, "“31/02/2026” không phải là ngày" in wrong.stderr) == (2, True)


def test_what_is_wrong_is_refused_in_both_languages(desk_url, tmp_path):
    url, _ = desk_url
    file = tmp_path / "wrong.yaml"
    file.write_text("level: office\ndays: [{from: 2026-03-05, kind: party}]", encoding="utf-8")
    done = run(url, "import", str(file), "--as", "quantri", "--reason", "Thử tệp sai")
    assert (done.exit_code, "Không đọc được" in done.stderr) == (2, True)
    assert run(url, "show", "--layer", "moon").exit_code == 2
    staff = run(url, "propose", "2026-03-05", "--name", "a", "--basis", "b", "--as", "lan",
                "--reason", "Không được phép")  # fmt: skip
    assert (staff.exit_code, "không có quyền" in staff.stderr) == (2, True)
