"""A report as an Excel workbook with the head of the form: merged cells, numbers as numbers."""

import io
from datetime import date
from decimal import Decimal
from typing import Any

import xlsxwriter

from analysis.rate import Rate
from analysis.reports.table import Cell, Column, Heading, Kind, Line, Report, Words, headings
from api.reports.cell_text import NOTHING, closed_text, hours, period_text, said
from api.reports.letterhead import Letterhead
from processes.errors import Language

_FONT = {"font_name": "Times New Roman", "font_size": 12, "valign": "vcenter"}
_BOXED = {"border": 1, "text_wrap": True}
_FORMATS: dict[str, dict[str, Any]] = {
    "plain": {},
    "bold": {"bold": True},
    "italic": {"italic": True},
    "right": {"italic": True, "align": "right"},
    "title": {"bold": True, "align": "center", "font_size": 14, "text_wrap": True},
    "center": {"italic": True, "align": "center"},
    "head": {**_BOXED, "bold": True, "align": "center"},
    "number_of": {**_BOXED, "italic": True, "align": "center"},
    "note": {"text_wrap": True, "valign": "top", "italic": True},
    "wrong": {"text_wrap": True, "valign": "top", "bold": True, "font_color": "#B00020"},
}
_CELLS: dict[Kind, dict[str, Any]] = {
    Kind.TEXT: {**_BOXED},
    Kind.NUMBER: {**_BOXED, "num_format": "#,##0", "align": "right"},
    Kind.RATE: {**_BOXED, "num_format": "0.00%", "align": "right"},
    Kind.DAY: {**_BOXED, "num_format": "dd/mm/yyyy", "align": "center"},
    Kind.HOURS: {**_BOXED, "num_format": "#,##0.0", "align": "right"},
    Kind.DECIMAL: {**_BOXED, "num_format": "#,##0.00", "align": "right"},
}
_WIDE, _NARROW = 34, 11
_HEADINGS_HIGH = 48
_SHEET = 31  # letters that the name of a sheet may have
_NOTE_LETTERS = 150


def workbook(report: Report, head: Letterhead, language: Language = "vi") -> bytes:
    """The workbook; the same bytes for the same report."""
    kept = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(kept, options)
    book.set_properties(
        {
            "title": said(report.title, language),
            "company": head.agency,
            "comments": report.definition,
            "created": report.at.replace(tzinfo=None),
        }
    )
    _Sheet(book, report, head, language).write()
    book.close()
    return kept.getvalue()


class _Sheet:
    """Writes one sheet from top to bottom."""

    def __init__(
        self, book: xlsxwriter.Workbook, report: Report, head: Letterhead, language: Language
    ) -> None:
        self._report, self._head, self._language = report, head, language
        self._sheet = book.add_worksheet(report.code[:_SHEET])
        self._formats = {
            name: book.add_format({**_FONT, **look}) for name, look in _FORMATS.items()
        }
        for kind, look in _CELLS.items():
            self._formats[kind.value] = book.add_format({**_FONT, **look})
            self._formats[f"{kind.value} bold"] = book.add_format({**_FONT, **look, "bold": True})
        self._last = len(report.columns) - 1
        self._row = 0

    def write(self) -> None:
        self._lay_out()
        self._write_form_head()
        self._write_headings()
        for line in self._report.lines:
            self._write_line(line, "")
        if self._report.total is not None:
            self._write_line(self._report.total, " bold")
        self._write_foot()

    def _t(self, vi: str, en: str) -> str:
        return vi if self._language == "vi" else en

    def _lay_out(self) -> None:
        for place, column in enumerate(self._report.columns):
            wide = column.kind is Kind.TEXT and column.key not in ("code", "indicator")
            self._sheet.set_column(place, place, _WIDE if wide else _NARROW)
        if self._report.columns[0].key == "no":
            self._sheet.set_column(0, 0, 6)
        self._sheet.set_landscape()
        self._sheet.set_paper(9)
        self._sheet.fit_to_pages(1, 0)
        self._sheet.set_margins(0.4, 0.4, 0.5, 0.5)

    def _write_form_head(self) -> None:
        report, language = self._report, self._language
        middle = max(self._last // 2, 1)
        number = self._t("Biểu số", "Form")
        left = [f"{number}: {report.form}" if report.form else "", self._head.legal_basis]
        right = [
            f"{self._t('Đơn vị báo cáo', 'Reporting agency')}: {self._head.agency}",
            f"{self._t('Đơn vị nhận báo cáo', 'Reported to')}: {self._head.above or NOTHING}",
        ]
        for on_left, on_right in zip(left, right, strict=True):
            self._merged(self._row, 0, middle - 1, on_left, "bold")
            self._merged(self._row, middle, self._last, on_right, "plain")
            self._row += 1
        self._row += 1
        self._merged(self._row, 0, self._last, said(report.title, language).upper(), "title")
        kept = self._t("Kỳ báo cáo", "Period")
        period = f"{kept}: {period_text(report, language)}"
        self._merged(self._row + 1, 0, self._last, period, "center")
        unit = f"{self._t('Đơn vị tính', 'Counted')}: {said(report.counts, language)}"
        self._merged(self._row + 2, 0, self._last, unit, "right")
        self._row += 3

    def _write_headings(self) -> None:
        first = self._row
        drawn = headings(self._report.columns)
        for row in drawn:
            for heading in row:
                self._write_heading(first, heading)
        self._sheet.set_row(first + len(drawn) - 1, _HEADINGS_HIGH)
        self._row = first + len(drawn)
        if self._report.numbered:
            for place in range(self._last + 1):
                self._sheet.write_string(
                    self._row, place, f"({place + 1})", self._formats["number_of"]
                )
            self._row += 1
        self._sheet.freeze_panes(self._row, 2)
        self._sheet.repeat_rows(first, self._row - 1)

    def _write_heading(self, first: int, heading: Heading) -> None:
        top, left = first + heading.row, heading.column
        bottom, right = top + heading.rows - 1, left + heading.columns - 1
        words = said(heading.words, self._language)
        if (top, left) == (bottom, right):
            self._sheet.write_string(top, left, words, self._formats["head"])
        else:
            self._sheet.merge_range(top, left, bottom, right, words, self._formats["head"])

    def _write_line(self, line: Line, look: str) -> None:
        for place, (column, cell) in enumerate(zip(self._report.columns, line.cells, strict=True)):
            self._write_cell(place, column, cell, look)
        self._row += 1

    def _write_cell(self, place: int, column: Column, cell: Cell, look: str) -> None:
        form = self._formats[f"{column.kind.value}{look}"]
        value = _value(cell, column.kind, self._language)
        if value is None:
            self._sheet.write_string(self._row, place, "" if look else NOTHING, form)
        elif isinstance(value, date):
            self._sheet.write_datetime(self._row, place, value, form)
        elif isinstance(value, str):
            self._sheet.write_string(self._row, place, value, form)
        else:
            self._sheet.write_number(self._row, place, value, form)

    def _write_foot(self) -> None:
        self._row += 1
        for words in self._report.wrong:
            self._note(said(words, self._language), "wrong")
        for words in self._report.notes:
            self._note(said(words, self._language), "note")
        counted = self._t("Số liệu lấy lúc", "Read at")
        definition = self._t("định nghĩa", "definition")
        about = (
            f"{counted} {self._report.at:%H:%M %d/%m/%Y}; {definition} {self._report.definition}."
        )
        self._note(about, "note")
        if closed := closed_text(self._report, self._language):
            self._note(closed, "note")

    def _note(self, text: str, look: str) -> None:
        self._merged(self._row, 0, self._last, text, look)
        self._sheet.set_row(self._row, 16 * (1 + len(text) // _NOTE_LETTERS))
        self._row += 1

    def _merged(self, row: int, left: int, right: int, text: str, look: str) -> None:
        if left == right:
            self._sheet.write_string(row, left, text, self._formats[look])
        else:
            self._sheet.merge_range(row, left, row, right, text, self._formats[look])


def _value(cell: Cell, kind: Kind, language: Language) -> str | float | date | None:
    """As a spreadsheet keeps it: shares as fractions, hours as numbers."""
    if isinstance(cell, Words):
        return said(cell, language)
    if isinstance(cell, Rate):
        return None if cell.percent is None else float(cell.percent / 100)
    if isinstance(cell, int) and kind is Kind.HOURS:
        return float(hours(cell))
    if isinstance(cell, Decimal):
        return float(cell)
    return cell
