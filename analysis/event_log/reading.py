"""Read an event log from a file or an upload; its content says what it is, not its name."""

import codecs
import os
from datetime import tzinfo
from pathlib import Path
from typing import BinaryIO, cast

from analysis.event_log.bounded_text import BoundedText
from analysis.event_log.csv_table import read_csv
from analysis.event_log.invalid_log import (
    LogEncodingUnknown,
    LogFormatUnknown,
    LogNotOpened,
    LogPacked,
    LogWithoutEvents,
)
from analysis.event_log.limits import GENEROUS, LogLimits
from analysis.event_log.log import EventLog
from analysis.event_log.ocel import read_ocel_json
from analysis.event_log.ocel_sqlite import MAGIC, read_ocel_sqlite
from analysis.event_log.ocel_xml import read_ocel_xml
from analysis.event_log.time_stamp import VIET_NAM
from analysis.event_log.xes import read_xes
from analysis.event_log.xml_log import is_ocel
from analysis.progress import Progress, Watched, unheard

_HEAD_BYTES = 512
_WIDE_HEAD = 16
_PACKED = (
    b"PK\x03\x04",
    b"\xd0\xcf\x11\xe0",
    b"\x1f\x8b",
    b"7z\xbc\xaf",
    b"Rar!",
    b"BZh",
    b"\xfd7zXZ",
)
"""How .xlsx and .zip, .xls, twice packed gzip, 7z, rar, bzip2 and xz begin."""
_WIDE = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}


def read_log(
    path: Path,
    *,
    zone: tzinfo = VIET_NAM,
    limits: LogLimits = GENEROUS,
    object_type: str | None = None,
    progress: Progress = unheard,
    stage: str = "reading",
) -> EventLog:
    """The event log in a file: XES, CSV, OCEL 2.0 as JSON, XML or SQLite, each also packed by gzip.

    zone: of time stamps that name none. object_type: of an object-centric log, which objects are
    the cases. progress: hears how many bytes are read, under the stage's name. Raises an
    `InvalidLog` that says what to do.
    """
    name = path.name.encode("utf-8", "replace").decode()
    try:
        with path.open("rb") as source:
            size = os.fstat(source.fileno()).st_size
            watched = cast("BinaryIO", Watched(source, size, stage, progress))
            return read_log_stream(
                watched,
                name,
                zone=zone,
                limits=limits,
                object_type=object_type,
                progress=progress,
            )
    except OSError as closed:
        raise LogNotOpened(name=name) from closed


def read_log_stream(
    source: BinaryIO,
    name: str,
    *,
    zone: tzinfo = VIET_NAM,
    limits: LogLimits = GENEROUS,
    object_type: str | None = None,
    progress: Progress = unheard,
) -> EventLog:
    """The same from an open binary stream, such as an upload; `name` is for messages."""
    with BoundedText(source, name, limits, progress) as text:
        head = text.peek(_HEAD_BYTES)
        if not head:
            raise LogWithoutEvents(name=name)
        if head.startswith(_PACKED):
            raise LogPacked(name=name)
        if head.startswith(MAGIC):
            return read_ocel_sqlite(text, zone, object_type)
        start = _beginning(head)
        if start.startswith("{"):
            return read_ocel_json(text, zone, object_type)
        if start.startswith("<"):
            return read_ocel_xml(text, zone, object_type) if is_ocel(text) else read_xes(text, zone)
        if head[1:_WIDE_HEAD:2].count(0) == _WIDE_HEAD // 2:  # UTF-16 that does not say so
            raise LogEncodingUnknown(name=name, line=1)
        if not start or "\0" in start:
            raise LogFormatUnknown(name=name)
        return read_csv(text, zone)


def _beginning(head: bytes) -> str:
    """The first letters without byte order mark and blanks; unreadable bytes do not matter here."""
    encoding = _WIDE.get(head[:2], "utf-8-sig")
    return head.decode(encoding, "ignore").lstrip("\ufeff \t\r\n")
