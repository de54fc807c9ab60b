"""Office documents (DOCX, XLSX, ODT, ODS): archives that are what they say and unpack to little.

Every part is really unpacked, in pieces that are thrown away: what headers state proves nothing.
"""

import zipfile
import zlib

from lxml import etree

from processes.file_kind import CarriesProgram, ExpandsTooMuch, FileKind, UnreadableFile

MOST_PARTS = 5_000
MOST_UNPACKED = 300_000_000
SMALL = 20_000_000  # up to there nobody asks how tightly it was packed
MOST_TIMES = 100  # larger ones may unpack to so many times their size
_MOST_STATED = 2_000_000
_PIECE = 1 << 20
_TYPES = "[Content_Types].xml"
_MIMETYPE = "mimetype"
_MAIN = {
    b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml": (
        FileKind.DOCX
    ),
    b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml": FileKind.XLSX,
}
_OPEN = {
    FileKind.ODT.media_type.encode(): FileKind.ODT,
    FileKind.ODS.media_type.encode(): FileKind.ODS,
}
_PROGRAMS = ("vbaproject.bin", "basic/", "scripts/")
_OVERRIDE = "{http://schemas.openxmlformats.org/package/2006/content-types}Override"


def examine_office_file(path: str, name: str) -> FileKind | None:
    """Its kind, None where it is some other archive.

    Errors: UnreadableFile, ExpandsTooMuch, CarriesProgram.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            kind, programs = _kind_of(archive)
            if kind is None:
                return None
            if programs:
                raise CarriesProgram(name=name)
            _unpack(archive, path, name)
            return kind
    except (
        zipfile.BadZipFile,
        zlib.error,
        NotImplementedError,  # a way of packing that no office program uses
        RuntimeError,  # encrypted
        EOFError,
        OSError,
        ValueError,
        etree.XMLSyntaxError,
    ) as error:
        raise UnreadableFile(name=name, kind="Office (DOCX, XLSX, ODT)") from error


def _kind_of(archive: zipfile.ZipFile) -> tuple[FileKind | None, bool]:
    """The kind that the archive states, and whether it carries macros."""
    names = archive.namelist()
    programs = any(
        each.lower().startswith(_PROGRAMS[1:]) or each.lower().endswith(_PROGRAMS[0])
        for each in names
    )
    if names and names[0] == _MIMETYPE:
        return _OPEN.get(_read(archive, _MIMETYPE).strip()), programs
    if _TYPES not in names:
        return None, programs
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    stated = etree.fromstring(_read(archive, _TYPES), parser)
    types = [each.get("ContentType", "") for each in stated.iter(_OVERRIDE)]
    programs = programs or any("macroenabled" in each.lower() for each in types)
    if programs and any("main+xml" in each for each in types):
        return FileKind.DOCX, True
    kinds = (_MAIN.get(each.encode()) for each in types)
    return next((kind for kind in kinds if kind is not None), None), programs


def _read(archive: zipfile.ZipFile, part: str) -> bytes:
    with archive.open(part) as opened:
        data = opened.read(_MOST_STATED + 1)
    if len(data) > _MOST_STATED:
        raise ValueError(part)
    return data


def _unpack(archive: zipfile.ZipFile, path: str, name: str) -> None:
    parts = archive.infolist()
    if min(part.header_offset for part in parts) != 0:
        raise ValueError(path)  # something stands before the archive
    with open(path, "rb") as whole:  # noqa: PTH123 - its size, as it lies there
        size = whole.seek(0, 2)
    most = min(MOST_UNPACKED, max(SMALL, MOST_TIMES * size))
    refusal = ExpandsTooMuch(name=name, megabytes=most // 1_000_000)
    if len(parts) > MOST_PARTS:
        raise refusal
    left = most
    for part in parts:
        with archive.open(part) as opened:
            while piece := opened.read(_PIECE):
                left -= len(piece)
                if left < 0:
                    raise refusal
