"""`quytrinh report` at the machine itself: to a file, to the terminal, and closing a period."""

import json

import pytest
from openpyxl import load_workbook
from sqlalchemy import update

from engine.store.database import Database
from engine.store.tables import account, period_closing
from tests.api.desk import open_desk
from tests.api.test_form_command import run

MARCH = ("--from", "2026-03-01", "--to", "2026-03-31")


@pytest.fixture
def url(founded_files, tmp_path):
    """A database with one dossier; Yến may close periods beside the head."""
    url = founded_files.fresh(tmp_path)
    desk = open_desk(url, tmp_path)
    desk.receive()

    def command(transaction):
        found = account.c.login == "yen"
        transaction.execute(update(account).where(found).values(roles=["staff", "reform"]))

    desk.office.database.write(command)
    desk.office.database.close()
    return url


def test_the_form_goes_to_a_file(url, tmp_path):
    out = tmp_path / "06a.xlsx"
    made = run(url, "report", "06a", *MARCH, "--unit", "mot_cua", "--xlsx", out)
    assert made.exit_code == 0, made.output
    assert load_workbook(out).active["A1"].value == "Biểu số: II.06a/VPCP/KSTT"


def test_without_a_file_it_is_shown(url):
    shown = run(url, "report", "06a", *MARCH).output.splitlines()
    assert shown[0] == "II.06a/VPCP/KSTT Tình hình, kết quả giải quyết thủ tục hành chính"
    assert "1\tmot_cua\t1\t0\t1\t0\t0\t0\t0\t0\t1\t0\t1" in shown
    as_json = json.loads(run(url, "report", "06a", *MARCH, "--json").output)
    assert as_json["total"]["cells"][2:] == [1, 0, 1, 0, 0, 0, 0, 0, 1, 0, 1]


def test_a_period_is_closed_shown_compared_and_opened_again(url):
    assert run(url, "report", "close", *MARCH, "--as", "lan").exit_code == 2, "staff close nothing"
    closed = run(url, "report", "close", *MARCH, "--as", "hung")
    assert closed.exit_code == 0, closed.output
    told = json.loads(closed.output)
    assert (told["edition"], told["closed_by"]) == (1, "Phạm Quốc Hùng")
    assert run(url, "report", "closings").output == closed.output
    shown = run(url, "report", "show", told["closing_id"])
    assert shown.exit_code == 0
    assert shown.output.endswith("Tính lại từ hồ sơ đã giữ: khớp / recounted: the same\n")
    assert told["sha256"] in shown.output
    assert run(url, "report", "compare", told["closing_id"]).output == ""
    asked = run(
        url, "report", "reopen", told["closing_id"], "--reason", "Sót hồ sơ", "--as", "hung"
    )
    assert json.loads(asked.output)["in_force"]
    assert run(url, "report", "agree", told["closing_id"], "--as", "hung").exit_code == 2
    agreed = run(url, "report", "agree", told["closing_id"], "--as", "yen")
    assert not json.loads(agreed.output)["in_force"]


def test_figures_that_were_changed_in_the_tables_are_told(url):
    told = json.loads(run(url, "report", "close", *MARCH, "--as", "hung").output)
    database = Database(url)
    database.write(
        lambda transaction: transaction.execute(update(period_closing).values(definition="x"))
    )
    database.close()
    shown = run(url, "report", "show", told["closing_id"])
    assert shown.exit_code == 1
    assert "KHÔNG khớp" in shown.output
