"""Names that people gave, in the files of a report: words stay words, and none breaks the file."""

import csv
import io
from datetime import date, datetime

import pytest
from openpyxl import load_workbook
from pikepdf import Pdf

from analysis.period import VIET_NAM, Period
from analysis.reports.counted import Counted, Row
from analysis.reports.form_06a import drawn
from analysis.reports.invariants import NUMBERED
from analysis.reports.names import Names
from api.reports.letterhead import Letterhead
from api.reports.printed import report_pdf
from api.reports.table_csv import report_csv
from api.reports.workbook import workbook
from engine.forms.legible import BOX, legible

HEAD = Letterhead("UBND phường Bạch Mai", "UBND thành phố Hà Nội")
STRANGE = {
    "a formula": "=cmd|' /C calc'!A1",
    "an old formula": "@SUM(A1)",
    "a sum": "+1+1",
    "markup of the form": '#panic("x") *đậm* $x^2$ [a] \\ // <nhãn> `mã` @ref',
    "markup of a page": "<script>alert(1)</script>",
    "an address": "https://example.vn/",
    "a picture": "Phòng 👩 một cửa",
    "another script": "Phòng 王 عربي",
    "apart accents": "Thu\u031b\u0301",
    "a sign nobody sees": "Phòng\x07 tư pháp",
    "a long one": "Ủy ban nhân dân " * 200,
}


def report_of(name: str):
    numbers = dict.fromkeys(NUMBERED, 0) | {"received": 1, "counter": 1, "open": 1, "running": 1}
    counted = Counted("unit", (Row("U", numbers),), numbers, ())
    at = datetime(2026, 4, 1, 8, tzinfo=VIET_NAM)
    march = Period(date(2026, 3, 1), date(2026, 3, 31))
    return drawn(counted, march, Names(units={"U": name}), at)


@pytest.mark.parametrize("name", STRANGE.values(), ids=STRANGE.keys())
def test_a_strange_name_is_printed_and_keeps_nothing_from_being_printed(name):
    with Pdf.open(io.BytesIO(report_pdf(report_of(name), HEAD))) as printed:
        assert len(printed.pages) > 0


@pytest.mark.parametrize("name", STRANGE.values(), ids=STRANGE.keys())
def test_in_a_workbook_a_name_is_never_calculated(name):
    sheet = load_workbook(io.BytesIO(workbook(report_of(name), HEAD))).active
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert not [cell for cell in cells if cell.hyperlink]
    if name.isprintable():
        assert [cell for cell in cells if cell.value == name]


@pytest.mark.parametrize("name", ["=cmd|' /C calc'!A1", "@SUM(A1)", "+1+1", "-1", "\t=1"])
def test_in_a_plain_table_a_name_is_never_calculated(name):
    text = report_csv(report_of(name)).decode("utf-8-sig")
    (_, line, _) = csv.reader(io.StringIO(text))
    assert line[1] == f"'{name}"


def test_what_cannot_be_drawn_is_a_box_and_everything_else_stays():
    said, has_boxes = legible({"lines": [["Phòng 王 👩 một cửa", "≥ 1 Ω"]], "day": [2026]})
    assert said == {"lines": [[f"Phòng {BOX} {BOX} một cửa", "≥ 1 Ω"]], "day": [2026]}
    assert has_boxes
    assert legible({"words": "Ữ ự ộ “ẫ” – ₫"}) == ({"words": "Ữ ự ộ “ẫ” – ₫"}, False)
