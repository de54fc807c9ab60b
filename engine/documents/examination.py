"""What a stranger's file really is: by its content, opened by the programs that read such files.

Runs in a process that can be killed (`engine.documents.room`). A file passes only if its first
byte begins a known kind, a reader of that kind opens it, and no other kind hides in it.
"""

import struct
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path

import pypdfium2
from PIL import Image, UnidentifiedImageError
from pypdfium2 import raw as pdfium

from engine.documents.office_file import examine_office_file
from engine.documents.xml_file import begins_like_xml, examine_xml
from processes.file_kind import (
    FileKind,
    PasswordNeeded,
    TwoFilesInOne,
    UnknownKind,
    UnreadableFile,
    accepted_words,
)

MOST_PIXELS = 120_000_000  # A3 at 600 dots an inch is 70 million
Image.MAX_IMAGE_PIXELS = MOST_PIXELS

_HEAD = 1024  # readers of PDF look for its mark that far; so do browsers that guess
_ZIP = b"PK\x03\x04"
_ZIP_END = b"PK\x05\x06"
_ZIP_END_AT_MOST = 22 + 65_535
_MARKS: tuple[tuple[bytes, FileKind], ...] = (
    (b"%PDF-", FileKind.PDF),
    (b"\xff\xd8\xff", FileKind.JPEG),
    (b"\x89PNG\r\n\x1a\n", FileKind.PNG),
    (b"II*\0", FileKind.TIFF),
    (b"MM\0*", FileKind.TIFF),
)
_PAGE_MARKS = (b"<!doctype", b"<html", b"<head", b"<body", b"<script", b"<?php", b"<svg")
_OTHERS: tuple[tuple[bytes, str, str], ...] = (
    (b"MZ", "chương trình Windows (.exe, .dll)", "a Windows program (.exe, .dll)"),
    (b"\x7fELF", "chương trình Linux", "a Linux program"),
    (b"#!", "tệp lệnh (script)", "a script"),
    (b"Rar!", "tệp nén RAR", "a RAR archive"),
    (b"7z\xbc\xaf", "tệp nén 7z", "a 7z archive"),
    (b"\x1f\x8b", "tệp nén gzip", "a gzip archive"),
    (_ZIP, "tệp nén ZIP", "a ZIP archive"),
    (b"\xd0\xcf\x11\xe0", "tệp Office đời cũ (.doc, .xls)", "an old Office file (.doc, .xls)"),
    (b"{\\rtf", "tệp RTF", "an RTF file"),
    (b"GIF8", "ảnh GIF", "a GIF picture"),
    (b"BM", "ảnh BMP", "a BMP picture"),
)


def examine(path: str, name: str) -> tuple[str, int | None]:
    """The kind of the file, and how many pages it has where it has pages.

    Errors: UnknownKind, TwoFilesInOne, UnreadableFile, PasswordNeeded, ExpandsTooMuch,
    CarriesProgram.
    """
    with Path(path).open("rb") as file:
        head = file.read(_HEAD)
    kind = _begins_like(head)
    if kind is None and head.startswith(_ZIP):
        if b"%PDF-" in head:
            raise TwoFilesInOne(name=name, kind="ZIP", other="PDF")
        found = examine_office_file(path, name)
        if found is not None and _zip_ends_it(path):
            return found.value, None
        if found is not None:
            raise TwoFilesInOne(name=name, kind=found.value.upper(), other="dữ liệu khác (data)")
    if kind is None and begins_like_xml(head):
        kind = examine_xml(path, name)
    if kind is None:
        what_vi, what_en = _other_kind(head)
        accepted = accepted_words(tuple(FileKind))
        raise UnknownKind(name=name, what_vi=what_vi, what_en=what_en, accepted=accepted)
    _refuse_second_kind(path, name, head, kind)
    reader = _READERS.get(kind)
    return kind.value, None if reader is None else reader(path, name, kind)


def _begins_like(head: bytes) -> FileKind | None:
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return FileKind.WEBP
    return next((kind for mark, kind in _MARKS if head.startswith(mark)), None)


def _other_kind(head: bytes) -> tuple[str, str]:
    """What a refused file looks like, for the sentence; it decides nothing."""
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if text.startswith(_PAGE_MARKS):
        return "trang web (HTML)", "a web page (HTML)"
    if text.startswith(b"<?xml"):
        return "tệp XML", "an XML file"
    if head[4:8] == b"ftyp":
        return "ảnh HEIC hoặc phim", "a HEIC picture or a film"
    for mark, vi, en in _OTHERS:
        if head.startswith(mark):
            return vi, en
    return "loại không nhận ra", "of a kind that is not recognised"


def _refuse_second_kind(path: str, name: str, head: bytes, kind: FileKind) -> None:
    """Refuse what other programs would read as something else."""
    other = None
    if kind is not FileKind.PDF and b"%PDF-" in head:
        other = "PDF"
    elif kind is not FileKind.PDF and any(mark in head.lower() for mark in _PAGE_MARKS):
        other = "HTML"
    elif _zip_ends_it(path):
        other = "ZIP"
    if other is not None:
        raise TwoFilesInOne(name=name, kind=kind.value.upper(), other=other)


def _zip_ends_it(path: str) -> bool:
    """Whether the file's last bytes are those of an archive, whatever it begins with."""
    with Path(path).open("rb") as file:
        size = file.seek(0, 2)
        start = max(0, size - _ZIP_END_AT_MOST)
        file.seek(start)
        tail = file.read()
    at = tail.find(_ZIP_END)
    while at >= 0:
        stated = tail[at + 20 : at + 22]
        if len(stated) == 2 and at + 22 + struct.unpack("<H", stated)[0] == len(tail):  # noqa: PLR2004
            return True
        at = tail.find(_ZIP_END, at + 1)
    return False


def _pages_of_pdf(path: str, name: str, kind: FileKind) -> int:
    try:
        with pypdfium2.PdfDocument(path) as opened:
            pages = len(opened)
            opened[0].close()
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == pdfium.FPDF_ERR_PASSWORD:
            raise PasswordNeeded(name=name) from error
        raise UnreadableFile(name=name, kind=kind.value.upper()) from error
    except IndexError as error:
        raise UnreadableFile(name=name, kind=kind.value.upper()) from error
    return pages


def _pages_of_picture(path: str, name: str, kind: FileKind) -> int:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(path, formats=(kind.value.upper(),)) as picture:
                pages: int = getattr(picture, "n_frames", 1)
                picture.load()
    except (
        UnidentifiedImageError,
        OSError,
        SyntaxError,
        ValueError,
        EOFError,
        Image.DecompressionBombError,
        Image.DecompressionBombWarning,
    ) as error:
        raise UnreadableFile(name=name, kind=kind.value.upper()) from error
    return pages


_READERS: Mapping[FileKind, Callable[[str, str, FileKind], int]] = {
    FileKind.PDF: _pages_of_pdf,
    FileKind.JPEG: _pages_of_picture,
    FileKind.PNG: _pages_of_picture,
    FileKind.TIFF: _pages_of_picture,
    FileKind.WEBP: _pages_of_picture,
}
