"""A file is what its content is: what hides, deceives or explodes is refused with a sentence."""

import pytest

from engine.documents import office_file
from engine.documents.room import DocumentTooCostly, examined
from processes.file_kind import (
    CarriesProgram,
    ExpandsTooMuch,
    FileKind,
    PasswordNeeded,
    TwoFilesInOne,
    UnknownKind,
    UnreadableFile,
)
from tests.engine.documents import files

GOOD = {
    "pdf": (files.pdf(pages=3), FileKind.PDF, 3),
    "jpeg": (files.picture("JPEG"), FileKind.JPEG, 1),
    "png": (files.picture("PNG"), FileKind.PNG, 1),
    "tiff": (files.picture("TIFF"), FileKind.TIFF, 1),
    "webp": (files.picture("WEBP"), FileKind.WEBP, 1),
    "docx": (files.word(), FileKind.DOCX, None),
    "odt": (files.open_document(), FileKind.ODT, None),
    "xml": (
        b"\xef\xbb\xbf<?xml version='1.0'?>\n<to-khai><so>1</so></to-khai>",
        FileKind.XML,
        None,
    ),
}
BOMB = files.word(more={"word/media/a.bin": bytes(60_000_000)})
REFUSED = {
    "a program named .pdf": (b"MZ\x90\0" + bytes(300), UnknownKind, "Windows"),
    "a web page named .pdf": (b"<!DOCTYPE html><html>", UnknownKind, "HTML"),
    "a web page after a byte order mark": (b"\xef\xbb\xbf <script>", UnknownKind, "HTML"),
    "a web page as XML": (
        b"<?xml version='1.0'?><a xmlns:h='http://www.w3.org/1999/xhtml'>"
        + b" " * 1_100
        + b"<h:script>alert(1)</h:script></a>",
        UnknownKind,
        "XML",
    ),
    "a drawing that runs": (
        b"<?xml version='1.0'?>" + b" " * 1_100 + b"<s xmlns='http://www.w3.org/2000/svg'/>",
        UnknownKind,
        "XML",
    ),
    "XML with a style sheet": (
        b"<?xml version='1.0'?><?xml-stylesheet href='x.xsl'?><a/>",
        UnknownKind,
        "XML",
    ),
    "XML that fetches a file": (
        b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><a>&e;</a>",
        UnreadableFile,
        "XML",
    ),
    "XML that ends too soon": (b"<?xml version='1.0'?><a><b>", UnreadableFile, "XML"),
    "a shell script": (b"#!/bin/sh\nrm -rf /", UnknownKind, "script"),
    "an old Word file": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(99), UnknownKind, "Office"),
    "an archive that is no document": (files.archive({"a.exe": b"MZ"}), UnknownKind, "ZIP"),
    "noise": (b"\x07\x08" * 50, UnknownKind, "không nhận ra"),
    "a PDF that ends too soon": (files.pdf()[:200], UnreadableFile, "PDF"),
    "a picture that ends too soon": (files.picture("JPEG")[:300], UnreadableFile, "JPEG"),
    "a PDF that is an archive, too": (
        files.pdf() + files.archive({"a.exe": b"MZ"}),
        TwoFilesInOne,
        "ZIP",
    ),
    "a PDF that is a Java archive with a comment": (
        files.pdf() + files.archive({"a.class": b"x"}, b"c" * 400),
        TwoFilesInOne,
        "ZIP",
    ),
    "a picture that is a PDF, too": (
        files.picture("PNG")[:8] + b"\n" + files.pdf(),
        TwoFilesInOne,
        "PDF",
    ),
    "a picture that is a web page, too": (
        b"\xff\xd8\xff\xfe\x00\x20<html><script>alert(1)</script>" + files.picture("JPEG"),
        TwoFilesInOne,
        "HTML",
    ),
    "a document with macros": (
        files.word(files.MACROS, {"word/vbaProject.bin": b"x"}),
        CarriesProgram,
        "macro",
    ),
    "macros in a document that states none": (
        files.word(more={"word/vbaProject.bin": b"x"}),
        CarriesProgram,
        "macro",
    ),
    "a document that unpacks without end": (BOMB, ExpandsTooMuch, "giải nén"),
    "a document with a tail": (files.word() + b"MZ" * 40, TwoFilesInOne, "DOCX"),
    "a picture of a thousand million pixels": (files.wide_png(31_000), UnreadableFile, "PNG"),
}


@pytest.mark.parametrize("name", GOOD)
def test_a_file_is_known_by_its_content_whatever_it_is_called(tmp_path, name):
    data, kind, pages = GOOD[name]
    (tmp_path / "tai-lieu.exe").write_bytes(data)
    assert examined(tmp_path / "tai-lieu.exe", "tai-lieu.exe") == (kind, pages)


@pytest.mark.parametrize("name", REFUSED)
def test_what_deceives_is_refused_with_a_sentence_that_names_it(tmp_path, name):
    data, refusal, word = REFUSED[name]
    (tmp_path / "don.pdf").write_bytes(data)
    with pytest.raises(refusal) as refused:
        examined(tmp_path / "don.pdf", "don.pdf")
    assert "don.pdf" in refused.value.message("vi")
    assert word.lower() in refused.value.message("vi").lower()


def test_a_bomb_is_small_and_would_be_large():
    assert len(BOMB) < 100_000
    assert office_file.SMALL < 60_000_000


def test_a_locked_pdf_asks_to_be_unlocked(tmp_path):
    """Encrypted by 40-bit RC4 with a password of its own: nobody here knows it."""
    encrypt = (
        b"<< /Filter /Standard /V 1 /R 2 /P -4 /O <" + b"11" * 32 + b"> /U <" + b"22" * 32 + b"> >>"
    )
    locked = files.pdf().replace(b"/Root 1 0 R", b"/Root 1 0 R /ID [<00> <00>] /Encrypt " + encrypt)
    (tmp_path / "a.pdf").write_bytes(locked)
    with pytest.raises(PasswordNeeded):
        examined(tmp_path / "a.pdf", "a.pdf")


def test_after_a_refusal_the_next_file_is_examined_as_if_nothing_had_happened(tmp_path):
    (tmp_path / "bad").write_bytes(BOMB)
    (tmp_path / "good").write_bytes(files.pdf())
    with pytest.raises((ExpandsTooMuch, DocumentTooCostly)):
        examined(tmp_path / "bad", "bad")
    assert examined(tmp_path / "good", "good")[0] is FileKind.PDF
