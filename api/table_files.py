"""Rows of measured values as files for spreadsheets: CSV with its mark, Excel with numbers."""

import io
from collections.abc import Iterable
from typing import Any, Literal

import xlsxwriter
from fastapi import Response

from api.measure_rows import cells, table

Kind = Literal["csv", "xlsx"]
TYPES: dict[str, str] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_SHEET = 31  # letters that the name of a sheet may have
_NOT_IN_A_NAME = "[]:*?/\\'"
_WIDE, _NARROW = 34, 14
_MOST_ROWS = 1_048_575  # of a sheet, less its head
_MOST_LETTERS = 32_767  # of a cell
_TOO_LONG = "(dài quá một ô của Excel: xem CSV / too long for a cell of Excel: see the CSV)"


def table_file(kind: Kind, name: str, rows: Iterable[Any], title: str = "") -> Response:
    """A download of that kind. name: of the file, without its ending. title: of the sheet."""
    body = table(rows) if kind == "csv" else workbook(rows, title or name)
    headers = {
        "Content-Disposition": f'attachment; filename="{name}.{kind}"',
        "Cache-Control": "no-store",
    }
    return Response(body, media_type=TYPES[kind], headers=headers)


def workbook(rows: Iterable[Any], title: str) -> bytes:
    """The same columns as the CSV has; numbers stay numbers, words never become formulas."""
    columns, lines = cells(rows)
    kept = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "nan_inf_to_errors": True,
    }
    book = xlsxwriter.Workbook(kept, options)
    sheet = book.add_worksheet(_name(title))
    bold = book.add_format({"bold": True})
    sheet.freeze_panes(1, 0)
    for place, column in enumerate(columns):
        texts = any(isinstance(line.get(column), str) for line in lines[:200])
        sheet.set_column(place, place, _WIDE if texts else _NARROW)
        sheet.write_string(0, place, column, bold)
    for number, line in enumerate(lines[:_MOST_ROWS], start=1):
        for place, column in enumerate(columns):
            _write(sheet, number, place, line.get(column))
    book.close()
    return kept.getvalue()


def _write(sheet: Any, row: int, place: int, value: Any) -> None:
    if value is None or value == "":
        return
    if isinstance(value, bool):
        sheet.write_boolean(row, place, value)
    elif isinstance(value, int | float):
        sheet.write_number(row, place, value)
    else:
        text = str(value)
        sheet.write_string(row, place, text if len(text) <= _MOST_LETTERS else _TOO_LONG)


def _name(title: str) -> str:
    kept = "".join(letter for letter in title if letter not in _NOT_IN_A_NAME)
    return kept[:_SHEET].strip() or "1"
