"""Read a CSV event log: delimiter and columns are found from the header, rows may come mixed."""

import codecs
import csv
from collections.abc import Iterable, Iterator
from datetime import tzinfo
from itertools import chain, islice

from analysis.event_log.assembly import Assembly, named
from analysis.event_log.bounded_text import BoundedText
from analysis.event_log.columns import CASE_DATES, REQUIRED, TIMES, Role, map_columns
from analysis.event_log.date_order import DateOrderEvidence
from analysis.event_log.findings import shown
from analysis.event_log.invalid_log import (
    InvalidLog,
    LogBroken,
    LogColumnsMissing,
    LogEncodingUnknown,
    LogQuotesUnclosed,
    LogTooLarge,
)
from analysis.event_log.log import Event, EventLog
from analysis.progress import counted

_DELIMITERS = ",;\t|"
_PEEKED = 1 << 16
_HEADER_LINES = 20  # a quoted column name may hold line breaks

Cells = tuple[str, ...]


def read_csv(text: BoundedText, zone: tzinfo) -> EventLog:
    """The log in a CSV stream; the rows of a case may stand anywhere, in the order of the file.

    zone: of time stamps that name none.
    """
    table = _Table(text)
    assembly = Assembly(text.log_name, text.limits, zone, table.dates.order(text.log_name))
    for rule, (first, number) in table.odd.items():
        assembly.tally.note(rule, None, str(first), number)
    if table.dates.assumed:
        assembly.tally.note("log-date-order-assumed", None, table.dates.assumed)
    cases = table.cases
    for case_id, rows in counted(cases.items(), "cases", len(cases), text.progress):
        told = [table.told(cells) for cells in rows]
        assembly.case(case_id, _events(assembly, case_id, told), _dates(assembly, case_id, told))
    return assembly.log("csv")


def _events(assembly: Assembly, case_id: str, rows: Iterable[dict[Role, str]]) -> Iterator[Event]:
    for row in rows:
        if (event := assembly.event(case_id, row)) is not None:
            yield event


def _dates(assembly: Assembly, case_id: str, rows: Iterable[dict[Role, str]]) -> dict[Role, str]:
    """The first value of each date of the case; a later one that differs is a finding."""
    dates: dict[Role, str] = {}
    for row in rows:
        for role in CASE_DATES:
            if (value := row.get(role)) and value != dates.setdefault(role, value):
                assembly.tally.note("log-case-date-varies", case_id, value)
    return dates


class _Table:
    """The rows of the file by case, with only the columns that mean something to a log."""

    def __init__(self, text: BoundedText) -> None:
        self.cases: dict[str, list[Cells]] = {}
        self.dates = DateOrderEvidence()
        self.odd: dict[str, tuple[int, int]] = {}
        """Rule -> line of the first row that it is found in, and how many rows."""
        rows = _rows(text)
        _, header = next(rows, (0, []))
        if len(header) > (most := text.limits.attributes):
            raise LogTooLarge(name=text.log_name, bound="columns", most=most)
        columns = map_columns(header)
        if missing := [role for role in REQUIRED if role not in columns]:
            raise LogColumnsMissing(
                name=text.log_name,
                missing=", ".join(missing),
                found=", ".join(shown(name, 30) for name in header[:30]),
            )
        self._roles = tuple(columns)
        self._columns = tuple(columns.values())
        self._read(text, rows, len(header))

    def told(self, cells: Cells) -> dict[Role, str]:
        """What a row says, by the role of its columns."""
        return dict(zip(self._roles, cells, strict=True))

    def _read(self, text: BoundedText, rows: Iterator[tuple[int, list[str]]], width: int) -> None:
        case_at, activity_at = self._roles.index(Role.CASE), self._roles.index(Role.ACTIVITY)
        times_at = [at for at, role in enumerate(self._roles) if role in TIMES]
        for number, (line, row) in enumerate(rows, start=1):
            if number > text.limits.events:
                raise LogTooLarge(name=text.log_name, bound="events", most=text.limits.events)
            if len(row) != width:
                self._note("log-row-ragged", line)
                row.extend([""] * (width - len(row)))
            cells = tuple([row[column] for column in self._columns])
            for at in times_at:
                self.dates.see(cells[at])
            if not (case := named(cells[case_at])):
                self._note("log-event-without-case", line)
                continue
            if not cells[activity_at] or cells[activity_at].isspace():
                self._note("log-event-without-activity", line)
                self.cases.setdefault(case, [])
                continue
            self.cases.setdefault(case, []).append(cells)

    def _note(self, rule: str, line: int) -> None:
        first, number = self.odd.get(rule, (line, 0))
        self.odd[rule] = first, number + 1


def _rows(text: BoundedText) -> Iterator[tuple[int, list[str]]]:
    """Rows that are not blank, each with the line that it begins on; the first is the header."""
    lines = _lines(text)
    head = list(islice(lines, _HEADER_LINES))
    before = 0
    if head and head[0].casefold().startswith("sep="):  # Excel's own first line
        head, before = head[1:], 1
    reader = csv.reader(
        chain(head, lines), delimiter=_delimiter(head), skipinitialspace=True, strict=True
    )
    begun = before + 1
    try:
        for row in reader:
            if any(row):
                yield begun, row
            begun = before + reader.line_num + 1
    except csv.Error as broken:
        raise _refusal(text.log_name, str(broken), begun) from broken


def _refusal(name: str, why: str, line: int) -> InvalidLog:
    """What is wrong with the row that begins on a line, by what the library says of it."""
    if "field larger" in why:
        return LogTooLarge(name=name, bound="characters/cell", most=csv.field_size_limit())
    if "unexpected end" in why or "expected after" in why:
        return LogQuotesUnclosed(name=name, line=line)
    return LogBroken(name=name, line=line)


def _delimiter(head: list[str]) -> str:
    """The delimiter under which the header names most of what a log has."""

    def understood(delimiter: str) -> int:
        try:
            rows = csv.reader(head, delimiter=delimiter)
            return len(map_columns(next(filter(any, rows), [])))
        except csv.Error:
            return 0

    return max(_DELIMITERS, key=understood)


def _lines(text: BoundedText) -> Iterator[str]:
    """Lines with their ends; only a line feed ends one, as `csv` wants it. In a file that has none
    it is the carriage return, as old Macs wrote.
    """
    head = text.peek(_PEEKED)
    end = "\r" if b"\r" in head and b"\n" not in head else "\n"
    wide = head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    decoder = codecs.getincrementaldecoder("utf-16" if wide else "utf-8-sig")()
    rest, number = "", 0
    try:
        while chunk := text.read():
            *whole, rest = (rest + decoder.decode(chunk)).split(end)
            for line in whole:
                number += 1
                yield line + "\n"
            if whole:
                text.mark()
        rest += decoder.decode(b"", final=True)
    except UnicodeDecodeError as broken:
        at = number + broken.object[: broken.start].count(b"\n") + 1
        raise LogEncodingUnknown(name=text.log_name, line=at) from broken
    if rest:
        yield rest
