"""Cases as one CSV table, a row an event; the names of the columns are those of XES."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pyarrow as pa

from analysis.log_export.column_text import (
    each,
    instants,
    instants_or,
    joined,
    numbers,
    only,
    taken,
    whole,
)
from analysis.log_export.pieces import COMPLETE, Piece

COLUMNS = (
    *("case:concept:name", "concept:name", "time:timestamp", "lifecycle:transition"),
    *("concept:instance", "org:resource", "org:group", "qt:element", "qt:attempt", "qt:limit_ws"),
    *("qt:result", "case:agency", "case:procedure", "case:version", "case:case", "case:channel"),
    *("case:received", "case:deadline", "case:enddate_planned", "case:enddate", "case:state"),
    *("case:outcome", "case:result"),
)
_BOM = b"\xef\xbb\xbf"


Cell = Callable[[str], str]


def csv_chunks(found: Iterable[Piece], cell: Cell = str) -> Iterator[bytes]:
    """The table in pieces, some cases each: UTF-8 with its mark, commas, one heading.

    cell: what is done to each text, such as keeping spreadsheets from taking it for a formula;
    moments and numbers are no texts.
    """
    heading = io.StringIO()
    csv.writer(heading).writerow(COLUMNS)
    yield _BOM + heading.getvalue().encode()
    for piece in found:
        yield whole(_rows(piece, _Cells(cell)))


class _Cells:
    """Writes cells: each with a comma behind it."""

    def __init__(self, cell: Cell) -> None:
        self._cell = cell

    def __call__(self, value: object) -> str:
        text = io.StringIO()
        told = "" if value is None else str(value)
        csv.writer(text, lineterminator="").writerow((self._cell(told), ""))
        return text.getvalue()


def _rows(piece: Piece, cells: _Cells) -> "pa.Array[Any]":
    """A line for each event."""
    runs, cases = piece.runs, piece.cases
    who = joined(
        *(each(runs[of], cells) for of in ("person", "unit", "element_id", "attempt", "limit_ws"))
    )
    instance = joined(numbers(piece.number), ",", who)
    result = only(each(runs["result"], cells), piece.run, piece.kind == COMPLETE)
    return joined(
        taken(each(cases["code"], cells), piece.case),
        taken(each(runs["activity"], cells), piece.run),
        instants(piece.at_us),
        taken([f",{cells(kind)}" for kind in piece.transitions], piece.kind),
        taken(instance, piece.run),
        result,
        taken([",", ""], (piece.kind == COMPLETE).astype("int64")),
        taken(_of_case(cases, cells), piece.case),
    )


def _of_case(cases: pa.Table, cells: _Cells) -> "pa.Array[Any]":
    texts = ("agency_id", "procedure_code", "version_id", "case_code", "channel")
    moments = ("received_us", "due_us", "original_due_us", "ended_us")
    return joined(
        *(each(cases[of], cells) for of in texts),
        *(part for of in moments for part in (instants_or(cases[of], "", ""), ",")),
        *(each(cases[of], cells) for of in ("state", "outcome")),
        each(cases["result"], lambda value: f"{cells(value).removesuffix(',')}\r\n"),
    )
