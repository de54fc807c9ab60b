"""Forms of other systems are put together; one that does not add up is refused with its row."""

from datetime import UTC, date, datetime

import pytest
import xlsxwriter

from analysis.period import Period
from analysis.reports.consolidation import (
    FormDoesNotAddUp,
    FormGivenTwice,
    NoForm06a,
    PeriodsDiffer,
    consolidated,
    read_06a,
)
from analysis.reports.form_06a import report_06a
from analysis.reports.names import Names
from api.reports.letterhead import Letterhead
from api.reports.workbook import workbook
from tests.analysis.made_facts import made_facts
from tests.analysis.reports.test_form_06a import ENDED_IN_TIME, MARCH, MAY, dossier

NOW = datetime(2026, 4, 2, 8, tzinfo=UTC)
TITLE = "Kỳ báo cáo: Từ ngày 01/03/2026 đến ngày 31/03/2026"
NUMBERED = [f"({n})" for n in range(1, 14)]
LAND = [1, "Đất đai", 10, 4, 5, 1, 7, 2, 4, 1, 3, 2, 1]
CIVIL = [2, "Hộ tịch", 2, 0, 2, 0, 2, 2, 0, 0, 0, 0, 0]


def form(tmp_path, *rows, name="a.xlsx", title=TITLE, ordinals=NUMBERED, column=0):
    """A workbook as another system lays it out; column: where the table begins."""
    path = tmp_path / name
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet()
    sheet.write(2, 3, title)
    for place, cells in enumerate([ordinals, *rows], start=7):
        for n, cell in enumerate(cells):
            if cell is not None:
                sheet.write(place, column + n, cell)
    book.close()
    return path


def test_rows_of_one_name_are_added_and_the_others_stand_beside_them(tmp_path):
    one = form(tmp_path, LAND, CIVIL)
    two = form(tmp_path, LAND, name="b.xlsx", column=2, ordinals=range(1, 14))
    report = consolidated([one, two], NOW)
    assert [line.cells[1:] for line in report.lines] == [
        (report.lines[0].cells[1], 20, 8, 10, 2, 14, 4, 8, 2, 6, 4, 2),
        (report.lines[1].cells[1], 2, 0, 2, 0, 2, 2, 0, 0, 0, 0, 0),
    ]
    assert report.total.cells[2] == 22
    assert report.wrong == ()
    assert report.notes[-1].vi == "Gộp từ 2 tệp: a.xlsx, b.xlsx."


def test_what_we_export_can_be_put_together(tmp_path):
    facts = made_facts(
        at_us=MAY, dossier_fact=[ENDED_IN_TIME, dossier(2, ENDED_IN_TIME["received_us"])]
    )
    path = tmp_path / "ours.xlsx"
    path.write_bytes(workbook(report_06a(facts, MARCH, Names()), Letterhead("UBND phường")))
    read = read_06a(path)
    assert read.period == Period(date(2026, 3, 1), date(2026, 3, 31))
    assert [(row.key, row.numbers["received"]) for row in read.rows] == [("U", 2)]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({2: 11}, "dòng 9 (“Đất đai”): không khớp 3 = 4 + 5 + 6: cột 3 là 11, cộng được 10"),
        ({7: 3}, "không khớp 7 = 8 + 9 + 10"),
        ({11: 1}, "không khớp 11 = 12 + 13"),
        ({3: "bốn"}, "cột 4 ghi “bốn”"),
        ({3: -4}, "cột 4 ghi “-4”"),
        ({3: 4.5}, "cột 4 ghi “4.5”"),
        ({3: "nan"}, "cột 4 ghi “nan”"),
        ({3: "1e400"}, "cột 4 ghi “1e400”"),
        ({3: "4.0"}, "cột 4 ghi “4.0”"),
        ({3: "1_0"}, "cột 4 ghi “1_0”"),
        ({3: True}, "cột 4 ghi “True”"),
    ],
)
def test_a_file_that_does_not_add_up_is_refused_with_its_row(tmp_path, change, said):
    row = [change.get(place, cell) for place, cell in enumerate(LAND)]
    with pytest.raises(FormDoesNotAddUp) as refusal:
        read_06a(form(tmp_path, row))
    assert said in refusal.value.message("vi")


def test_a_total_that_is_not_the_sum_of_its_rows_is_refused(tmp_path):
    with pytest.raises(FormDoesNotAddUp, match="the rows sum to 12") as refusal:
        read_06a(form(tmp_path, LAND, CIVIL, [None, "Tổng cộng", *LAND[2:]]))
    assert refusal.value.facts["row"] == 11


def test_empty_cells_are_nought_where_the_sums_prove_it_and_it_is_told(tmp_path):
    empty = [cell or None for cell in CIVIL]
    report = consolidated([form(tmp_path, empty, ["Ghi chú: số liệu đến 31/03"])], NOW)
    assert report.notes[-1].vi == "7 ô trống được hiểu là 0."
    with pytest.raises(FormDoesNotAddUp, match="3 = 4"):
        read_06a(form(tmp_path, [*LAND[:4], None, *LAND[5:]]))


def test_files_of_different_periods_are_not_mixed(tmp_path):
    other = form(tmp_path, LAND, name="b.xlsx", title=TITLE.replace("/03/", "/01/"))
    with pytest.raises(PeriodsDiffer, match="01/01/2026"):
        consolidated([form(tmp_path, LAND), other], NOW)


def test_what_is_no_form_is_refused(tmp_path):
    text = tmp_path / "c.xlsx"
    text.write_text("không phải Excel", encoding="utf-8")
    for path in (
        text,
        form(tmp_path, LAND, ordinals=["(1)"]),
        form(tmp_path, LAND, title="Tháng 3"),
        form(tmp_path),
    ):
        with pytest.raises(NoForm06a):
            read_06a(path)


def test_thousands_may_be_set_apart_as_they_are_in_the_office(tmp_path):
    for n, (one, four) in enumerate((("1.000", "1.004"), ("1,000", "1,004"), ("1 000", "1 004"))):
        row = [1, "Đất đai", four, one, 4, "0", four, "0", four, 0, 0, 0, 0]
        (read,) = read_06a(form(tmp_path, row, name=f"{n}.xlsx")).rows
        assert (read.numbers["received"], read.numbers["online"]) == (1004, 1000)


def test_a_word_beside_the_numbers_of_the_columns_moves_none_of_them(tmp_path):
    row = ["x", *LAND]
    (read,) = read_06a(form(tmp_path, row, ordinals=["Mã", *NUMBERED, "Ghi chú"])).rows
    assert (read.key, read.numbers["received"], read.numbers["overdue"]) == ("Đất đai", 10, 1)


def test_the_same_file_does_not_count_twice(tmp_path):
    one = form(tmp_path, LAND)
    again = tmp_path / "copy.xlsx"
    again.write_bytes(one.read_bytes())
    with pytest.raises(FormGivenTwice, match=r"as .a\.xlsx"):
        consolidated([one, again], NOW)
