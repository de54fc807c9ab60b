"""A kept log, to take away: as it was brought, or in another format."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory

from api.foreign_log_work import lay_log
from api.foreign_logs import LogWriters
from api.log_files import KINDS, LogForm
from api.rest.documents import ATTACHED, attachment
from engine.foreign_logs.kept import KeptLog
from engine.office import Office

_PIECE = 1 << 18


class TakenForm(StrEnum):
    """In which form a kept log is taken away."""

    ORIGINAL = "original"
    XES = "xes"
    XES_GZ = "xes.gz"
    CSV = "csv"
    OCEL_JSON = "ocel-json"
    OCEL_XML = "ocel-xml"
    OCEL_SQLITE = "ocel-sqlite"


@dataclass(frozen=True, slots=True)
class Taken:
    """The bytes of a file in pieces, and what is to be said of them.

    left_out: events that no format can say, having no time. renamed: cases of a name that another
    has.
    """

    name: str
    media_type: str
    chunks: Iterator[bytes]
    left_out: int = 0
    renamed: int = 0


def taken(
    office: Office, writers: LogWriters, agency_id: str, log: KeptLog, form: TakenForm
) -> Taken:
    """The log in that form; written apart, whole, before its first byte is sent.

    Errors: ForeignLogsBusy, ForeignLogRefused, ForeignLogTooLong, ForeignLogFailed, NoContent.
    """
    if form is TakenForm.ORIGINAL:
        chunks = _original(office, agency_id, log)
        return Taken(log.name, "application/octet-stream", chunks)
    packed = form is TakenForm.XES_GZ
    written = LogForm.XES if packed else LogForm(form.value)
    options = ["--format", written.value, *(["--gzip"] if packed else [])]
    if log.question.get("object_type"):
        options += [f"--object-type={log.question['object_type']}"]
    folder = TemporaryDirectory()
    try:
        out = Path(folder.name, "out")
        source = lay_log(office, agency_id, log, Path(folder.name, "log"))
        told = writers.write(source, [*options, "--out", str(out)])
        chunks = _sent(folder, out)
    except BaseException:
        folder.cleanup()
        raise
    kind = KINDS[written]
    name = f"{Path(log.name).name.partition('.')[0] or 'log'}.{kind.ending}"
    return Taken(
        name + (".gz" if packed else ""),
        "application/gzip" if packed else kind.media_type,
        chunks,
        told["events_left_out"],
        told["cases_renamed"],
    )


def headers_of(found: Taken) -> dict[str, str]:
    """What a door says of the file beside its bytes."""
    return {
        **ATTACHED,
        "Content-Disposition": attachment(found.name),
        "X-Events-Left-Out": str(found.left_out),
        "X-Cases-Renamed": str(found.renamed),
    }


def _original(office: Office, agency_id: str, log: KeptLog) -> Iterator[bytes]:
    stream = office.documents.store.open(agency_id, log.sha256)

    def pieces() -> Iterator[bytes]:
        with stream:
            while piece := stream.read(_PIECE):
                yield piece

    return pieces()


def _sent(folder: "TemporaryDirectory[str]", file: Path) -> Iterator[bytes]:
    stream = file.open("rb")

    def pieces() -> Iterator[bytes]:
        with folder, stream:
            while piece := stream.read(_PIECE):
                yield piece

    return pieces()
