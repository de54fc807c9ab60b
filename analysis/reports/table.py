"""A report as a value: its head, its rows and what must be said beside them.

Every door draws the same value: the page, the spreadsheet, CSV, PDF and JSON.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from analysis.period import Period
from analysis.rate import Rate


@dataclass(frozen=True, slots=True)
class Words:
    """A text for people in both languages."""

    vi: str
    en: str


def same(text: str) -> Words:
    """A name or a code: the same in both languages."""
    return Words(text, text)


class Kind(StrEnum):
    """What the cells of a column are; None in a cell: nothing can be said there."""

    TEXT = "text"
    NUMBER = "number"
    RATE = "rate"
    DAY = "day"
    HOURS = "hours"  # working seconds, shown in hours
    DECIMAL = "decimal"


Cell = str | int | Decimal | Rate | date | Words | None


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    head: its headings from the outermost to its own. cell: which dossiers stand behind its
    numbers, in the words of `analysis.reports.members`; "" where it is no list of them.
    """

    key: str
    head: tuple[Words, ...]
    kind: Kind = Kind.NUMBER
    cell: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One row; key finds what it counts, dossier_id is of a row that is one dossier.

    period: of a row that counts another than its report. behind: which dossiers stand behind its
    numbers, by column, where its columns do not say it.
    """

    key: str
    cells: tuple[Cell, ...]
    dossier_id: str = ""
    period: Period | None = None
    behind: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Closed:
    """That the figures are those of a closed period: by whom, when, and the hash they have."""

    closing_id: str
    edition: int
    closed_at: datetime
    closed_by: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Report:
    """A report of a period.

    code: its name at the doors. form: the number that the form has in law, "" where it has none.
    counts: what is counted ("Đơn vị tính"). answer: what it says, in one sentence. numbered: the
    columns carry numbers (1), (2), ... wrong: what does not hold in it. at: the moment up to which
    everything was counted.
    """

    code: str
    form: str
    title: Words
    counts: Words
    period: Period
    definition: str
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    at: datetime
    answer: Words | None = None
    total: Line | None = None
    notes: tuple[Words, ...] = ()
    wrong: tuple[Words, ...] = ()
    group: str = ""
    numbered: bool = False
    closed: Closed | None = None


@dataclass(frozen=True, slots=True)
class Heading:
    """One cell of the head: where it stands, from 0, and over how much it reaches."""

    words: Words
    row: int
    column: int
    rows: int
    columns: int


def headings(columns: Sequence[Column]) -> tuple[tuple[Heading, ...], ...]:
    """The head in rows: what neighbours share stands above them, the rest reaches down."""
    depth = max(len(column.head) for column in columns)
    return tuple(tuple(_row(columns, level, depth)) for level in range(depth))


def _row(columns: Sequence[Column], level: int, depth: int) -> list[Heading]:
    found: list[Heading] = []
    at = 0
    while at < len(columns):
        head = columns[at].head
        last = at + 1
        if level < len(head):
            is_own = level == len(head) - 1
            above = head[: level + 1]
            while not is_own and last < len(columns) and columns[last].head[: level + 1] == above:
                last += 1
            rows = depth - level if is_own else 1
            found.append(Heading(head[level], level, at, rows, last - at))
        at = last
    return found
