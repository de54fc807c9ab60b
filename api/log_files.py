"""An office's facts as an event log to take away: the formats, their names, and their bytes."""

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory

from analysis.facts.office import office_facts
from analysis.log_export.csv_table import csv_chunks
from analysis.log_export.ocel_json import ocel_json_chunks
from analysis.log_export.ocel_sqlite import write_ocel_sqlite
from analysis.log_export.ocel_xml import ocel_xml_chunks
from analysis.log_export.pieces import Piece, pieces
from analysis.log_export.pseudonyms import Pseudonyms
from analysis.log_export.xes import xes_chunks
from analysis.period import Period
from analysis.survival.observed import Picked
from api.spreadsheet_text import harmless
from engine.office import Office
from engine.store.columns import to_microseconds

_PIECE = 1 << 16


class LogForm(StrEnum):
    """What other tools read."""

    XES = "xes"
    CSV = "csv"
    OCEL_JSON = "ocel-json"
    OCEL_XML = "ocel-xml"
    OCEL_SQLITE = "ocel-sqlite"


@dataclass(frozen=True, slots=True)
class _Kind:
    media_type: str
    ending: str


KINDS: Mapping[LogForm, _Kind] = {
    LogForm.XES: _Kind("application/xml", "xes"),
    LogForm.CSV: _Kind("text/csv; charset=utf-8", "csv"),
    LogForm.OCEL_JSON: _Kind("application/json", "ocel.json"),
    LogForm.OCEL_XML: _Kind("application/xml", "ocel.xml"),
    LogForm.OCEL_SQLITE: _Kind("application/vnd.sqlite3", "ocel.sqlite"),
}


def file_name(form: LogForm, period: Period) -> str:
    return f"nhat-ky-{period.first}-{period.last}.{KINDS[form].ending}"


def log_chunks(
    office: Office,
    agency_id: str,
    form: LogForm,
    period: Period,
    procedure_code: str | None,
    key: bytes,
    at: datetime,
) -> Generator[bytes, None, None]:
    """The file in pieces: dossiers received in the period, with all that happened to them.

    key: of the pseudonyms. The facts are read when the first piece is asked for.
    """
    picked = Picked(
        agency_id=agency_id,
        procedure_code=procedure_code,
        from_us=to_microseconds(period.start),
        to_us=to_microseconds(period.end),
    )
    with office_facts(office.database, agency_id, at) as facts:
        yield from written(form, pieces(facts, Pseudonyms(key), picked))


def written(form: LogForm, found: Iterable[Piece]) -> Generator[bytes, None, None]:
    """Cases as a file of that form, in pieces; who stops on the way closes it."""
    yield from _WRITERS[form](found)


def _csv(found: Iterable[Piece]) -> Iterator[bytes]:
    return csv_chunks(found, lambda cell: str(harmless(cell)))


def _sqlite(found: Iterable[Piece]) -> Iterator[bytes]:
    with TemporaryDirectory() as folder:
        file = Path(folder, "log.sqlite")
        write_ocel_sqlite(found, file)
        with file.open("rb") as stream:
            while piece := stream.read(_PIECE):
                yield piece


_WRITERS: Mapping[LogForm, Callable[[Iterable[Piece]], Iterator[bytes]]] = {
    LogForm.XES: xes_chunks,
    LogForm.CSV: _csv,
    LogForm.OCEL_JSON: ocel_json_chunks,
    LogForm.OCEL_XML: ocel_xml_chunks,
    LogForm.OCEL_SQLITE: _sqlite,
}
