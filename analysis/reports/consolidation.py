"""Forms 06a that other systems made, put together: the job people do by hand (domain facts 7.2).

A file is read by the row that numbers its columns, (1) to (13), wherever it stands. A file with a
sum that does not hold is refused with the row; nothing is mended. An empty number is taken for 0
only because the sums then prove it, and the report says how many were.
"""

import hashlib
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from analysis.period import Period
from analysis.reports.counted import Counted, Row, checked
from analysis.reports.form_06a import drawn
from analysis.reports.invariants import NUMBERED, broken_sums
from analysis.reports.names import Names
from analysis.reports.table import Report, Words
from processes.errors import InvalidInput

_MOST_BYTES, _MOST_UNPACKED = 10 << 20, 100 << 20
_MOST_ROWS = 20_000
_COLUMNS = 13
_LARGEST = 10**9
_EMPTY = ("", "-", "–", "—")
_DAY = r"(\d{1,2})/(\d{1,2})/(\d{4})"
_PERIOD = re.compile(rf"từ ngày\s+{_DAY}\s+đến ngày\s+{_DAY}", re.IGNORECASE)
_TOTAL = ("tổng", "cộng")
_ORDINAL = re.compile(r"\(?\s*(\d{1,2})\s*\)?")
_AMOUNT = re.compile(r"\d{1,9}|\d{1,3}([., \u00a0])\d{3}(?:\1\d{3})*")
"""A number of dossiers as text, thousands set apart or not: what "10.0" means nobody knows."""
_MOST_COLUMNS = 200


class NoForm06a(InvalidInput):
    """The file is no form 06a that can be read."""

    code = "report.no_form_06a"
    vi = "Tệp “{file}” không đọc được thành biểu 06a: {why_vi}."
    en = "The file '{file}' cannot be read as form 06a: {why_en}."


class FormDoesNotAddUp(InvalidInput):
    """A sum of the file does not hold."""

    code = "report.form_does_not_add_up"
    vi = "Tệp “{file}”, dòng {row} (“{name}”): {why_vi}. Sửa tệp rồi gộp lại."
    en = "File '{file}', row {row} ('{name}'): {why_en}. Mend the file and try again."


class PeriodsDiffer(InvalidInput):
    """The files are of different periods."""

    code = "report.periods_differ"
    vi = "Tệp “{file}” là của kỳ {period}, các tệp trước là của kỳ {first}."
    en = "The file '{file}' is of {period}, those before it of {first}."


class FormGivenTwice(InvalidInput):
    """The very same file is given twice; its dossiers would count twice."""

    code = "report.form_given_twice"
    vi = "Tệp “{file}” trùng hoàn toàn với tệp “{first}”. Bỏ bớt một tệp rồi gộp lại."
    en = "The file '{file}' is the very same as '{first}'. Leave one out and try again."


@dataclass(frozen=True, slots=True)
class Foreign:
    """What one file says: its period and its rows; blanks: empty cells that were taken for 0."""

    file: str
    period: Period
    rows: tuple[Row, ...]
    blanks: int


def read_06a(path: Path) -> Foreign:
    """The form in an Excel file. Errors: NoForm06a, FormDoesNotAddUp."""
    sheet = _cells(path)
    start, places = _ordinals(path.name, sheet)
    period = _period(path.name, sheet[:start])
    rows: list[Row] = []
    blanks = 0
    for number, cells in enumerate(sheet[start + 1 :], start=start + 2):
        name = _text(_at(cells, places[1]))
        values = [_at(cells, place) for place in places[2:]]
        if all(_is_blank(value) for value in values):
            if rows:
                break  # under the table stand notes
            continue
        numbers, empty = _numbers(path.name, number, name, values)
        _require_sums(path.name, number, name, numbers)
        if name.casefold().startswith(_TOTAL):
            _require_total(path.name, number, name, rows, numbers)
            break
        rows.append(Row(name, numbers))
        blanks += empty
    if not rows:
        raise NoForm06a(file=path.name, why_vi="không có dòng số liệu", why_en="it has no rows")
    return Foreign(path.name, period, tuple(rows), blanks)


def consolidated(files: Sequence[Path], at: datetime) -> Report:
    """One form of several: rows of the same name are added, in the order they come.

    Errors: those of `read_06a`, PeriodsDiffer, FormGivenTwice.
    """
    _require_different(files)
    read = [read_06a(path) for path in files]
    for each in read[1:]:
        if each.period != read[0].period:
            raise PeriodsDiffer(
                file=each.file, period=_said(each.period), first=_said(read[0].period)
            )
    names = list(dict.fromkeys(row.key for each in read for row in each.rows))
    rows = tuple(
        Row(name, _sum([row for each in read for row in each.rows if row.key == name]))
        for name in names
    )
    total = _sum(rows)
    found = Counted("unit", rows, total, checked(rows, total))
    report = drawn(found, read[0].period, Names(), at)
    return _with_sources(report, read)


def _require_different(files: Sequence[Path]) -> None:
    seen: dict[bytes, Path] = {}
    for path in files:
        if path.stat().st_size <= _MOST_BYTES:  # what is larger is no form
            first = seen.setdefault(hashlib.sha256(path.read_bytes()).digest(), path)
            if first is not path:
                raise FormGivenTwice(file=path.name, first=first.name)


def _with_sources(report: Report, read: Sequence[Foreign]) -> Report:
    told = [
        Words(
            f"Gộp từ {len(read)} tệp: {', '.join(each.file for each in read)}.",
            f"Put together from {len(read)} files: {', '.join(each.file for each in read)}.",
        )
    ]
    if blanks := sum(each.blanks for each in read):
        told.append(
            Words(f"{blanks} ô trống được hiểu là 0.", f"{blanks} empty cells were taken for 0.")
        )
    kept = tuple(note for note in report.notes if note.vi.startswith("*"))
    return replace(report, notes=(*kept, *told), definition="06a, gộp/consolidated 1")


def _cells(path: Path) -> list[tuple[Any, ...]]:
    """The first sheet that has the form's numbers of columns; bounded."""
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise NoForm06a(file=path.name, why_vi="tệp quá lớn", why_en="it is too large")
        with zipfile.ZipFile(path) as packed:
            unpacked = sum(entry.file_size for entry in packed.infolist())
        if unpacked > _MOST_UNPACKED:
            raise NoForm06a(file=path.name, why_vi="tệp quá lớn", why_en="it is too large")
        book = load_workbook(path, read_only=True, data_only=True)
    except (OSError, zipfile.BadZipFile, KeyError, ValueError) as error:
        reason = str(error)[:200]
        raise NoForm06a(
            file=path.name, why_vi=f"không phải tệp .xlsx ({reason})", why_en=f"no .xlsx ({reason})"
        ) from error
    try:
        for sheet in book.worksheets:
            rows = list(
                sheet.iter_rows(values_only=True, max_row=_MOST_ROWS, max_col=_MOST_COLUMNS)
            )
            if any(_is_ordinals(row) for row in rows):
                return rows
    finally:
        book.close()
    raise NoForm06a(
        file=path.name,
        why_vi="không có hàng số cột (1) đến (13)",
        why_en="no row numbers the columns (1) to (13)",
    )


def _is_ordinals(row: Sequence[Any]) -> bool:
    return _ordinal_numbers(row) == list(range(1, _COLUMNS + 1))


def _ordinal_numbers(row: Sequence[Any]) -> list[int]:
    found = (_ORDINAL.fullmatch(_text(cell)) for cell in row)
    return [int(each[1]) for each in found if each]


def _ordinals(file: str, sheet: Sequence[Sequence[Any]]) -> tuple[int, list[int]]:
    """Where the row of numbers stands, and the place of each column."""
    for number, row in enumerate(sheet):
        if _is_ordinals(row):
            return number, [n for n, cell in enumerate(row) if _ORDINAL.fullmatch(_text(cell))]
    raise NoForm06a(file=file, why_vi="không có hàng số cột", why_en="no row numbers the columns")


def _period(file: str, head: Sequence[Sequence[Any]]) -> Period:
    for cell in _filled(head):
        found = _PERIOD.search(cell)
        if found:
            days = [int(each) for each in found.groups()]
            try:
                first, last = (date(year, month, day) for day, month, year in (days[:3], days[3:]))
                return Period(first, last)
            except ValueError:
                break
    raise NoForm06a(
        file=file,
        why_vi="không thấy “Từ ngày … đến ngày …”",
        why_en="it does not say 'Từ ngày … đến ngày …'",
    )


def _filled(rows: Sequence[Sequence[Any]]) -> Iterator[str]:
    return (_text(cell) for row in rows for cell in row if not _is_blank(cell))


def _numbers(
    file: str, number: int, name: str, values: Sequence[Any]
) -> tuple[dict[str, int], int]:
    """The eleven numbers of a row, and how many were empty."""
    found = {}
    for (cell, column), value in zip(NUMBERED.items(), values, strict=True):
        if _is_blank(value):
            found[cell] = 0
            continue
        amount = _amount(value)
        if amount is None:
            raise FormDoesNotAddUp(
                file=file,
                row=number,
                name=name,
                why_vi=f"cột {column} ghi “{value}”, không phải số hồ sơ",
                why_en=f"column {column} says '{value}', which is no number of dossiers",
            )
        found[cell] = amount
    return found, sum(_is_blank(value) for value in values)


def _amount(value: Any) -> int | None:
    """A number of dossiers; None where it is none."""
    if isinstance(value, str):
        text = value.strip()
        return int(re.sub(r"\D", "", text)) if _AMOUNT.fullmatch(text) else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return int(value) if 0 <= value < _LARGEST and value == int(value) else None


def _require_sums(file: str, number: int, name: str, numbers: dict[str, int]) -> None:
    for broken in broken_sums(name, numbers):
        raise FormDoesNotAddUp(file=file, row=number, name=name, why_vi=broken.vi, why_en=broken.en)


def _require_total(
    file: str, number: int, name: str, rows: Sequence[Row], numbers: dict[str, int]
) -> None:
    summed = _sum(rows)
    for cell, column in NUMBERED.items():
        if summed[cell] != numbers[cell]:
            raise FormDoesNotAddUp(
                file=file,
                row=number,
                name=name,
                why_vi=f"cột {column} là {numbers[cell]}, các dòng trên cộng được {summed[cell]}",
                why_en=f"column {column} is {numbers[cell]}, the rows sum to {summed[cell]}",
            )


def _sum(rows: Sequence[Row]) -> dict[str, int]:
    return {cell: sum(row.numbers[cell] for row in rows) for cell in NUMBERED}


def _at(cells: Sequence[Any], place: int) -> Any:
    return cells[place] if place < len(cells) else None


def _is_blank(value: Any) -> bool:
    return value is None or _text(value) in _EMPTY


def _text(value: Any) -> str:
    return "" if value is None else str(value).strip()


def _said(period: Period) -> str:
    return f"{period.first:%d/%m/%Y} – {period.last:%d/%m/%Y}"
