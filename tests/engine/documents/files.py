"""Files as people bring them, and as attackers do."""

import io
import struct
import zipfile
import zlib

from PIL import Image

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
MACROS = "application/vnd.ms-word.document.macroEnabled.main+xml"


def pdf(words: str = "Don de nghi", pages: int = 1, weight: bytes = b"") -> bytes:
    """A PDF with a line of text on each page; weight: bytes that it carries along."""
    contents = [f"BT /F1 24 Tf 72 700 Td ({words} {n + 1}) Tj ET".encode() for n in range(pages)]
    kids = " ".join(f"{4 + 2 * n} 0 R" for n in range(pages))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {pages} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for n, content in enumerate(contents):
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R"
            b" >> >> /Contents %d 0 R >>" % (5 + 2 * n)
        )
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content))
    if weight:
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(weight), weight))
    return _numbered(objects)


def _numbered(objects: list[bytes]) -> bytes:
    written = b"%PDF-1.7\n"
    places = []
    for number, each in enumerate(objects, start=1):
        places.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    return (
        written
        + b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, table)
        + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, len(written))
    )


def picture(kind: str = "PNG", size: tuple[int, int] = (120, 160), colour: str = "white") -> bytes:
    written = io.BytesIO()
    Image.new("RGB", size, colour).save(written, kind)
    return written.getvalue()


def word(main: str = WORD, more: dict[str, bytes] | None = None, comment: bytes = b"") -> bytes:
    """A small DOCX; more: further parts."""
    stated = (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        f'<Override PartName="/word/document.xml" ContentType="{main}"/></Types>'
    )
    parts = {
        "[Content_Types].xml": stated.encode(),
        "word/document.xml": b"<w:document/>" * 20,
        **(more or {}),
    }
    return archive(parts, comment)


def archive(parts: dict[str, bytes], comment: bytes = b"") -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in parts.items():
            made.writestr(name, data)
        made.comment = comment
    return written.getvalue()


def open_document() -> bytes:
    mimetype = b"application/vnd.oasis.opendocument.text"
    return archive({"mimetype": mimetype, "content.xml": b"<office/>" * 30})


def wide_png(pixels: int) -> bytes:
    """A PNG of few bytes that says it has so many pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", pixels, 1_000_000_000 // pixels, 8, 2, 0, 0, 0)
    packed = zlib.compress(b"\0" * 1000)
    mark = b"\x89PNG\r\n\x1a\n"
    return mark + chunk(b"IHDR", header) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")
