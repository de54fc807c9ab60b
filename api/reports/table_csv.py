"""A report as CSV for spreadsheets: UTF-8 with its mark, one header, plain numbers."""

import csv
import io
from datetime import date

from analysis.rate import Rate
from analysis.reports.table import Cell, Column, Kind, Report, Words
from api.reports.cell_text import hours, said
from api.spreadsheet_text import harmless
from processes.errors import Language


def report_csv(report: Report, language: Language = "vi") -> bytes:
    """Rows and total. Shares in percent with a point, hours to a tenth; empty: nothing is known."""
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow([_head(column, language) for column in report.columns])
    for line in (*report.lines, *([report.total] if report.total else [])):
        cells = zip(report.columns, line.cells, strict=True)
        table.writerow([_plain(cell, column.kind, language) for column, cell in cells])
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def _head(column: Column, language: Language) -> str:
    return " / ".join(said(words, language) for words in column.head)


def _plain(cell: Cell, kind: Kind, language: Language) -> str:
    if cell is None:
        return ""
    if isinstance(cell, Words):
        return harmless(said(cell, language))
    if isinstance(cell, Rate):
        return "" if cell.percent is None else str(cell.percent)
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, str):
        return harmless(cell)
    return str(hours(int(cell))) if kind is Kind.HOURS else str(cell)
