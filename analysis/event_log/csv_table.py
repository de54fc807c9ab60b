"""Read a CSV event log: delimiter and columns are found from the header, rows may come mixed."""

import codecs
import csv
from collections.abc import Iterable, Iterator
from datetime import tzinfo
from itertools import chain, islice

from analysis.event_log.assembly import Assembly
from analysis.event_log.bounded_text import BoundedText
from analysis.event_log.columns import CASE_DATES, REQUIRED, TIMES, Role, map_columns
from analysis.event_log.date_order import DateOrderEvidence
from analysis.event_log.findings import shown
from analysis.event_log.invalid_log import (
    LogBroken,
    LogColumnsMissing,
    LogEncodingUnknown,
    LogTooLarge,
)
from analysis.event_log.log import Event, EventLog

_DELIMITERS = ",;\t|"
_HEADER_LINES = 20  # a quoted column name may hold line breaks

Cells = tuple[str, ...]


def read_csv(text: BoundedText, zone: tzinfo) -> EventLog:
    """The log in a CSV stream; the rows of a case may stand anywhere, in the order of the file.

    zone: of time stamps that name none.
    """
    table = _Table(text)
    assembly = Assembly(text.log_name, text.limits, zone, table.dates.order(text.log_name))
    if table.ragged:
        assembly.tally.note("log-row-ragged", None, str(table.first_ragged), table.ragged)
    if table.dates.assumed:
        assembly.tally.note("log-date-order-assumed", None, table.dates.assumed)
    if orphans := table.cases.pop("", []):
        assembly.tally.note("log-event-without-case", n=len(orphans))
    for case_id, rows in table.cases.items():
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
        self.ragged = self.first_ragged = 0
        rows = _rows(text)
        header = next(rows, [])
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

    def _read(self, text: BoundedText, rows: Iterator[list[str]], width: int) -> None:
        case_at = self._roles.index(Role.CASE)
        times_at = [at for at, role in enumerate(self._roles) if role in TIMES]
        number = 0
        for number, row in enumerate(rows, start=2):
            if number > text.limits.events + 1:
                raise LogTooLarge(name=text.log_name, bound="events", most=text.limits.events)
            if len(row) != width:
                self.ragged += 1
                self.first_ragged = self.first_ragged or number
                row.extend([""] * (width - len(row)))
            cells = tuple([row[column] for column in self._columns])
            for at in times_at:
                self.dates.see(cells[at])
            self.cases.setdefault(cells[case_at], []).append(cells)


def _rows(text: BoundedText) -> Iterator[list[str]]:
    """Rows that are not blank; the first is the header."""
    lines = _lines(text)
    head = list(islice(lines, _HEADER_LINES))
    if head and head[0].casefold().startswith("sep="):  # Excel's own first line
        head = head[1:]
    reader = csv.reader(chain(head, lines), delimiter=_delimiter(head), skipinitialspace=True)
    try:
        for row in reader:
            if any(row):
                yield row
    except csv.Error as broken:
        raise LogBroken(name=text.log_name, line=reader.line_num) from broken


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
    """Lines with their ends; only a line feed ends one, as `csv` wants it."""
    head = text.peek(4)
    wide = head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    decoder = codecs.getincrementaldecoder("utf-16" if wide else "utf-8-sig")()
    rest, number = "", 0
    try:
        while chunk := text.read():
            *whole, rest = (rest + decoder.decode(chunk)).split("\n")
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
