"""Reports at the door: the form as JSON, Excel, CSV and PDF; what is closed stays as it was."""

import csv
import io
from datetime import date, timedelta

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader
from sqlalchemy import update

from analysis.facts.kept import KeptFacts
from analysis.period import Period
from analysis.reports.offered import REPORTS, Asked
from api.reports.letterhead import Letterhead
from api.reports.making import made
from api.reports.printed import report_pdf
from api.reports.table_csv import report_csv
from api.reports.workbook import workbook
from engine.accounts import actors
from engine.store.tables import account, procedure, unit
from tests.api.test_dossiers import refused

MARCH = "first=2026-03-01&last=2026-03-31"
MARCH_DAYS = {"first": "2026-03-01", "last": "2026-03-31"}
NUMBERED = [f"({n})" for n in range(1, 14)]


@pytest.fixture
def worked(desk):
    """Two dossiers of March: one withdrawn, one being handled."""
    return work(desk)


def work(desk):
    withdrawn, running = desk.receive(), desk.receive(channel="online")
    done = desk.lan.post(f"/dossiers/{withdrawn['code']}/withdraw", {"reason": "Đổi ý rồi"})
    assert done.status_code == 200, done.text
    return withdrawn, running


def numbers(report):
    """The eleven numbers of the total."""
    return report["total"]["cells"][2:]


def also_closes(desk, login):
    """Another person who may close periods."""

    def command(transaction):
        transaction.execute(
            update(account).where(account.c.login == login).values(roles=["staff", "reform"])
        )

    desk.office.database.write(command)
    return desk.caller(login)


def test_the_form_adds_up_and_says_what_it_counts(desk, worked):
    report = desk.hung.get(f"/reports/06a?{MARCH}").json()
    assert numbers(report) == [2, 1, 1, 0, 1, 0, 1, 0, 1, 1, 0]
    assert (report["form"], report["by"], report["wrong"]) == ("II.06a/VPCP/KSTT", "unit", [])
    assert report["definition"] == "06a/1"
    assert [line["key"] for line in report["lines"]] == ["mot_cua"]
    assert "Kỳ chưa hết" in report["notes"][-1]["vi"]


@pytest.mark.parametrize("by", ["unit", "field", "procedure", "handling_unit", "officer"])
def test_by_whatever_it_is_made_the_total_is_the_same(desk, worked, by):
    report = desk.hung.get(f"/reports/06a?{MARCH}&by={by}").json()
    assert numbers(report) == [2, 1, 1, 0, 1, 0, 1, 0, 1, 1, 0]


@pytest.mark.parametrize("report", REPORTS)
def test_every_report_is_had_in_every_shape(desk, worked, report):
    answer = desk.hung.get(f"/reports/{report}?{MARCH}")
    assert answer.status_code == 200, answer.text
    columns = len(answer.json()["columns"])
    assert all(len(line["cells"]) == columns for line in answer.json()["lines"])
    head = Letterhead("UBND phường")
    with desk.office.database.read() as connection:
        actor = next(
            each
            for each in actors(connection, "H01", desk.clock.now()).values()
            if "head" in each.roles
        )
    asked = Asked(report, Period(date(2026, 3, 1), date(2026, 3, 31)))
    made_one = made(desk.office, KeptFacts(desk.office.database), actor, asked)
    assert load_workbook(io.BytesIO(workbook(made_one, head))).active.max_column == columns
    rows = list(csv.reader(io.StringIO(report_csv(made_one).decode("utf-8-sig"))))
    assert {len(row) for row in rows} == {columns}
    assert report_pdf(made_one, head).startswith(b"%PDF")


def test_the_offered_reports_are_those_that_answer(desk):
    offered = [each["report"] for each in desk.hung.get("/reports").json()]
    assert offered[0] == "06a"
    assert len(offered) == 10
    facts = refused(desk.hung.get(f"/reports/06z?{MARCH}"), 404, "report.unknown")
    assert "06a" in facts["known"]


def test_excel_has_the_head_of_the_form_with_merged_cells(desk, worked):
    answer = desk.hung.get(f"/reports/06a.xlsx?{MARCH}")
    sheet = load_workbook(io.BytesIO(answer.content)).active
    texts = {cell.value: cell.coordinate for row in sheet for cell in row if cell.value is not None}
    assert sheet["A1"].value == "Biểu số: II.06a/VPCP/KSTT"
    assert "TÌNH HÌNH, KẾT QUẢ GIẢI QUYẾT THỦ TỤC HÀNH CHÍNH" in texts
    assert "Kỳ báo cáo: Từ ngày 01/03/2026 đến ngày 31/03/2026" in texts
    assert "Đơn vị tính: Số hồ sơ TTHC" in texts
    assert "Đơn vị báo cáo: UBND H01" in texts
    merged = {str(area) for area in sheet.merged_cells.ranges}
    assert {"A7:A9", "B7:B9", "C7:F7", "D8:E8", "G7:J7", "K7:M7", "F8:F9"} <= merged
    assert [cell.value for cell in sheet[10]] == NUMBERED
    assert [cell.value for cell in sheet[11]] == [1, "mot_cua", 2, 1, 1, 0, 1, 0, 1, 0, 1, 1, 0]
    assert [cell.value for cell in sheet[12]][1:4] == ["Tổng cộng", 2, 1]
    assert sheet["C11"].number_format == "#,##0"


def test_csv_opens_in_a_spreadsheet(desk, worked):
    answer = desk.hung.get(f"/reports/06a.csv?{MARCH}")
    assert answer.content.startswith(b"\xef\xbb\xbf")
    head, row, total = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert head[3] == "Số hồ sơ tiếp nhận / Trong kỳ / Trực tuyến"
    assert row == ["1", "mot_cua", "2", "1", "1", "0", "1", "0", "1", "0", "1", "1", "0"]
    assert total[1] == "Tổng cộng"


def test_the_printed_form_is_an_archive_pdf_and_the_same_each_time(desk, worked):
    first = desk.hung.get(f"/reports/06a.pdf?{MARCH}")
    assert first.content == desk.hung.get(f"/reports/06a.pdf?{MARCH}").content
    reader = PdfReader(io.BytesIO(first.content))
    text = " ".join(reader.pages[0].extract_text().split())
    assert "Biểu số: II.06a/VPCP/KSTT" in text
    assert "(13)" in text
    assert b"pdfaid" in first.content


def test_the_same_report_is_the_same_workbook_byte_for_byte(desk, worked):
    one, two = (desk.hung.get(f"/reports/06a.xlsx?{MARCH}").content for _ in range(2))
    assert one == two


def test_behind_a_number_stand_its_dossiers(desk, worked):
    withdrawn, running = worked
    path = f"/reports/06a/dossiers?{MARCH}"
    assert [d["code"] for d in desk.hung.get(f"{path}&cell=running").json()] == [running["code"]]
    assert [d["code"] for d in desk.hung.get(f"{path}&cell=resolved").json()] == [withdrawn["code"]]
    both = desk.hung.get(f"{path}&cell=received&limit=1").json()
    rest = desk.hung.get(f"{path}&cell=received&after={both[0]['code']}").json()
    assert [d["code"] for d in [*both, *rest]] == sorted([withdrawn["code"], running["code"]])
    assert desk.hung.get(f"{path}&cell=received&unit=khac").json() == []
    refused(desk.hung.get(f"{path}&cell=nothing"), 422, "report.unknown_cell")


@pytest.mark.parametrize("path", ["/reports", "/reports/06a", "/reports/late", "/reports/06a.xlsx"])
def test_only_readers_of_analysis_get_reports(desk, path):
    refused(desk.lan.get(f"{path}?{MARCH}"), 403, "not_allowed")


def test_figures_of_single_officers_are_for_heads_alone(desk, worked):
    refused(desk.designer.get(f"/reports/06a?{MARCH}&by=officer"), 403, "not_allowed")
    report = desk.hung.get(f"/reports/06a?{MARCH}&by=officer").json()
    assert all(line["key"] in ("", "(few)") for line in report["lines"]), "two dossiers are few"


@pytest.mark.parametrize("by", ["person", "late", "1=1"])
def test_a_report_by_something_else_is_refused(desk, by):
    refused(desk.hung.get(f"/reports/06a?{MARCH}&by={by}"), 422, "report.unknown_group")


def test_another_agency_sees_none_of_it(desk, worked):
    report = desk.caller("hung.khac").get(f"/reports/06a?{MARCH}").json()
    assert numbers(report) == [0] * 11


def test_a_closed_period_stays_as_it_was_and_tells_what_changed(any_desk):
    desk = any_desk
    _withdrawn, running = work(desk)
    days = {"first": "2026-03-01", "last": "2026-03-31"}
    refused(desk.hung.post("/reports/closings", days), 422, "report.period_not_over")
    desk.at(2026, 4, 1, 8)
    closed = desk.hung.post("/reports/closings", days, key="chot-ky-3")
    assert closed.status_code == 201, closed.text
    assert closed.content == desk.hung.post("/reports/closings", days, key="chot-ky-3").content
    closing = closed.json()
    assert (closing["edition"], closing["closed_by"], closing["intact"]) == (
        1, "Phạm Quốc Hùng", True,
    )  # fmt: skip
    before = desk.hung.get(f"/reports/06a?{MARCH}").json()
    assert before["closed"]["sha256"] == closing["sha256"]
    assert desk.hung.get("/reports/closings").json() == [closing]
    address = f"/reports/closings/{closing['closing_id']}"
    assert desk.hung.get(f"{address}/differences").json() == {"total": [], "moved": []}
    # A later decision on what was overdue at the end of March is told, and changes nothing there.
    extension = {"new_due_at": "2026-05-04T10:00:00+07:00", "reason": "Cần xác minh thêm"}
    answer = desk.hung.post(f"/dossiers/{running['code']}/extend", extension)
    assert answer.status_code == 200, answer.text
    assert desk.hung.get(f"{address}/differences").json() == {
        "total": [
            {"cell": "running", "closed": 0, "now": 1},
            {"cell": "overdue", "closed": 1, "now": 0},
        ],
        "moved": [
            {
                "dossier_id": running["dossier_id"],
                "code": running["code"],
                "closed": ["online", "overdue"],
                "now": ["online", "running"],
            }
        ],
    }
    assert desk.hung.get(f"/reports/06a?{MARCH}").json() == before
    refused(desk.hung.post("/reports/closings", days, key="lan-2"), 409, "report.period_closed")


def test_reopening_takes_a_reason_and_a_second_person(desk, worked):
    yen = also_closes(desk, "yen")
    desk.at(2026, 4, 1, 8)
    days = {"first": "2026-03-01", "last": "2026-03-31"}
    closing = desk.hung.post("/reports/closings", days).json()
    address = f"/reports/closings/{closing['closing_id']}"
    refused(desk.hung.post(f"{address}/reopening/agreement"), 422, "report.no_reopening_asked")
    refused(desk.hung.post(f"{address}/reopening", {"reason": " "}), 422, "reason.needed")
    asked = desk.hung.post(f"{address}/reopening", {"reason": "Sót hồ sơ trực tuyến"}).json()
    assert (asked["in_force"], asked["reopening"]["agreed_at"]) == (True, None)
    refused(
        desk.hung.post(f"{address}/reopening", {"reason": "Lần nữa"}), 409, "report.reopening_asked"
    )
    refused(desk.hung.post(f"{address}/reopening/agreement"), 403, "report.second_person")
    refused(desk.designer.post(f"{address}/reopening/agreement"), 403, "not_allowed")
    agreed = yen.post(f"{address}/reopening/agreement").json()
    assert (agreed["in_force"], agreed["reopening"]["agreed_by"]) == (False, "Cao Thị Yến")
    assert desk.hung.get(f"/reports/06a?{MARCH}").json()["closed"] is None
    again = yen.post("/reports/closings", days).json()
    assert (again["edition"], again["in_force"]) == (2, True)
    assert [c["edition"] for c in desk.hung.get("/reports/closings").json()] == [2, 1]
    old = desk.hung.post(f"{address}/reopening", {"reason": "Mở lại lần cũ"})
    refused(old, 409, "report.reopening_asked")


def test_a_closing_of_another_agency_is_not_found(desk, worked):
    desk.at(2026, 4, 1, 8)
    days = {"first": "2026-03-01", "last": "2026-03-31"}
    closing = desk.hung.post("/reports/closings", days).json()
    other = desk.caller("hung.khac")
    path = f"/reports/closings/{closing['closing_id']}"
    refused(other.get(path), 404, "report.no_such_closing")
    refused(other.post(f"{path}/reopening", {"reason": "Tò mò"}), 404, "report.no_such_closing")


def test_staff_close_no_period(desk):
    desk.at(2026, 4, 1, 8)
    days = {"first": "2026-03-01", "last": "2026-03-31"}
    refused(desk.lan.post("/reports/closings", days), 403, "not_allowed")


def test_a_report_says_up_to_when_it_counts_and_is_counted_anew_within_a_minute(desk, worked):
    first = desk.hung.get(f"/reports/06a?{MARCH}").json()
    desk.receive()
    desk.clock.set(desk.clock.now() + timedelta(seconds=30))
    again = desk.hung.get(f"/reports/06a?{MARCH}").json()
    assert (again["at"], numbers(again)) == (first["at"], numbers(first))
    desk.clock.set(desk.clock.now() + timedelta(seconds=31))
    later = desk.hung.get(f"/reports/06a?{MARCH}").json()
    assert later["at"] > first["at"]
    assert numbers(later)[0] == numbers(first)[0] + 1


def test_a_period_is_closed_by_what_is_there_and_not_by_what_was_read_before(desk, worked):
    desk.at(2026, 4, 1, 8, 0)
    desk.hung.get(f"/reports/06a?{MARCH}")
    desk.lan.post(f"/dossiers/{worked[1]['code']}/withdraw", {"reason": "Đổi ý rồi"})
    desk.clock.set(desk.clock.now() + timedelta(seconds=5))
    made_id = desk.hung.post("/reports/closings", MARCH_DAYS).json()["closing_id"]
    differ = desk.hung.get(f"/reports/closings/{made_id}/differences").json()
    assert differ == {"total": [], "moved": []}


def test_a_closed_period_keeps_the_names_it_had(desk, worked):
    desk.at(2026, 4, 1, 8)
    assert desk.hung.post("/reports/closings", MARCH_DAYS).status_code == 201

    def shown():
        groups = ("unit", "procedure")
        endings = ("", ".csv", ".xlsx")
        return [
            desk.hung.get(f"/reports/06a{ending}?{MARCH}&by={group}").content
            for group in groups
            for ending in endings
        ]

    before = shown()

    def rename(transaction):  # as publishing a version under another name does
        transaction.execute(update(procedure).values(name="Tên gọi mới"))
        transaction.execute(update(unit).values(name="Đơn vị đổi tên"))

    desk.office.database.write(rename)
    assert shown() == before


@pytest.mark.parametrize("asked", [f"07a?{MARCH}", f"06a?{MARCH}&unit=mot_cua", f"late?{MARCH}"])
def test_what_is_counted_anew_of_a_closed_period_says_so(desk, worked, asked):
    desk.at(2026, 4, 1, 8)

    def says_so():
        notes = desk.hung.get(f"/reports/{asked}").json()["notes"]
        return [note["en"] for note in notes if "counted anew" in note["en"]]

    assert says_so() == []
    assert desk.hung.post("/reports/closings", MARCH_DAYS).status_code == 201
    assert len(says_so()) == 1
    whole = desk.hung.get(f"/reports/06a?{MARCH}").json()
    assert not [note for note in whole["notes"] if "counted anew" in note["en"]]
