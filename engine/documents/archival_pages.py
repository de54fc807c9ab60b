"""PDF files that are not PDF/A, drawn anew as PDF/A-2b; in a process that can be killed.

Each page is a picture, and over it lies its text, in the places it has and without colour, so that
the copy is searched as the original is. What cannot be drawn legibly is not copied.
The same file gives the same bytes.
"""

import io
import json
import re
import tempfile
import unicodedata
from collections.abc import Iterator
from math import sqrt
from pathlib import Path
from typing import Any

import pypdfium2
from PIL import Image, ImageChops

from engine.documents.archival_copy import compiled
from processes.archival import NoCopy

MOST_PAGES = 100
DOTS_PER_INCH = 200
_LEGIBLE = 100  # dots per inch that a larger page has at least
_MOST_PIXELS = 16_000_000  # of a page: A2 at 200 dots per inch
_QUALITY = 80
_POINTS_PER_INCH = 72
_GREY = 8  # so little colour is none, of 255
_PLACES = 2
_COLUMN = 1.5  # a gap so many times as wide as the text is high
_SIXTEEN = [round(value / 17) * 17 for value in range(256)]  # greys, black and white of them
# What the fonts that Typst brings can spell; one sign that none has would refuse the whole file.
_SPELT = re.compile(r"[^ -~\u00a1-\u00ac\u00ae-\u024f\u1e00-\u1eff\u2010-\u2026\u20ab\u20ac]+")
_SOURCE = """\
#set document(title: sys.inputs.title)
#set page(margin: 0pt)
#set text(fill: rgb(0, 0, 0, 0), ligatures: false, hyphenate: false)
#for sheet in json("sheets.json") {
  page(width: sheet.width * 1pt, height: sheet.height * 1pt, {
    place(image(sheet.picture, width: 100%, height: 100%, fit: "stretch"))
    for (x, y, width, height, words) in sheet.lines {
      place(dx: x * 1pt, dy: y * 1pt, context {
        let line = text(size: height * 1pt, top-edge: "ascender", bottom-edge: "descender", words)
        let natural = measure(line).width
        if natural > 0pt {
          scale(x: width * 1pt / natural * 100%, origin: left + top, line)
        }
      })
    }
  })
}
"""


def copy_pages(path: str, into: str, title: str, seconds: int) -> str:
    """Why it was not made (`NoCopy`), "" where it was.

    seconds: since 1970, the time the copy says it was made at.
    """
    try:
        with pypdfium2.PdfDocument(path) as opened:
            return _copied(opened, into, title, seconds)
    except pypdfium2.PdfiumError:  # a password, or no PDF that can be read
        return NoCopy.UNREADABLE.value


def _copied(opened: pypdfium2.PdfDocument, into: str, title: str, seconds: int) -> str:
    if len(opened) > MOST_PAGES:
        return NoCopy.PAGES.value
    opened.init_forms()
    with tempfile.TemporaryDirectory(prefix="quytrinh-keeping-") as folder:
        sheets = []
        for number in range(len(opened)):
            page = opened[number]
            dots = _dots(*page.get_size())
            if dots < _LEGIBLE:
                return NoCopy.SIZE.value
            sheets.append(_sheet(page, dots, Path(folder), f"{number}"))
            page.close()
        made = _compiled(folder, sheets, title, seconds)
    if made is None:
        return NoCopy.FAILED.value
    Path(into).write_bytes(made)
    return ""


def _compiled(folder: str, sheets: list[dict[str, Any]], title: str, seconds: int) -> bytes | None:
    """With the text over the pictures, or where that cannot be, the pictures alone."""
    for stated in (sheets, [{**each, "lines": []} for each in sheets]):
        (Path(folder) / "sheets.json").write_text(json.dumps(stated), encoding="utf-8")
        made = compiled(_SOURCE, folder, title, seconds)
        if made is not None:
            return made
    return None


def _dots(width: float, height: float) -> float:
    """Per inch: 200, and fewer where the page would have too many of them. Sizes in points."""
    inches = max(width, 1) * max(height, 1) / _POINTS_PER_INCH**2
    return min(DOTS_PER_INCH, sqrt(_MOST_PIXELS / inches))


def _sheet(page: pypdfium2.PdfPage, dots: float, folder: Path, name: str) -> dict[str, Any]:
    """A page drawn, and its lines of text; places and sizes in points from above on the left."""
    scale = dots / _POINTS_PER_INCH
    bitmap = page.render(scale=scale, may_draw_forms=True)
    picture = _plain(bitmap.to_pil())
    ending, data = _packed(picture)
    name = f"{name}.{ending}"
    (folder / name).write_bytes(data)
    width, height = page.get_size()
    lines = _lines(page, bitmap.get_posconv(page), scale, (width, height))
    bitmap.close()
    return {"picture": name, "width": width, "height": height, "lines": lines}


def _packed(picture: Image.Image) -> tuple[str, bytes]:
    """Ending and bytes, the smaller ones: in 16 greys without loss as print is, or as JPEG."""
    packed = [("jpg", _saved(picture, "JPEG", quality=_QUALITY, optimize=True))]
    if picture.mode == "L":
        packed.append(("png", _saved(picture.point(_SIXTEEN), "PNG")))
    return min(packed, key=lambda each: len(each[1]))


def _saved(picture: Image.Image, kind: str, **how: Any) -> bytes:
    written = io.BytesIO()
    picture.save(written, kind, **how)
    return written.getvalue()


def _plain(drawn: Image.Image) -> Image.Image:
    """Without colour where there is none, which halves it."""
    coloured = drawn.convert("RGB")
    red, green, blue = coloured.split()
    differences = (ImageChops.difference(red, green), ImageChops.difference(green, blue))
    if not any(sum(each.histogram()[_GREY:]) for each in differences):
        return green
    return coloured


def _lines(
    page: pypdfium2.PdfPage,
    places: pypdfium2.PdfPosConv,
    scale: float,
    size: tuple[float, float],
) -> list[tuple[float, float, float, float, str]]:
    """Left, top, width, height and words of each line on the page; what lies beside it is not."""
    text = page.get_textpage()
    found = []
    for signs, boxes in _runs(text):
        words = _spelt(signs)
        corners = [places.to_bitmap(x, y) for x, y in _corners(boxes)]
        left, right = sorted(x / scale for x, _ in corners)
        top, bottom = sorted(y / scale for _, y in corners)
        inside = 0 <= left < size[0] and 0 <= top < size[1]
        if words and inside and right > left and bottom > top:
            box = (left, top, right - left, bottom - top)
            found.append((*(round(value, _PLACES) for value in box), words))
    text.close()
    return found


_Box = tuple[float, float, float, float]


def _runs(text: pypdfium2.PdfTextPage) -> Iterator[tuple[str, list[_Box]]]:
    """Signs that stand beside each other, with their boxes, in the order of the text."""
    signs: list[str] = []
    boxes: list[_Box] = []
    for number in range(text.count_chars()):
        sign = chr(pypdfium2.raw.FPDFText_GetUnicode(text, number))
        box = text.get_charbox(number, loose=True)
        apart = sign in "\r\n" or (boxes and not sign.isspace() and _is_apart(boxes[-1], box))
        if apart and boxes:
            yield "".join(signs), boxes
            signs, boxes = [], []
        signs.append(sign)
        if not sign.isspace():
            boxes.append(box)
    if boxes:
        yield "".join(signs), boxes


def _is_apart(one: _Box, other: _Box) -> bool:
    """Whether more than a blank is between them: another column of a table."""
    size = max(one[3] - one[1], other[3] - other[1])
    return max(other[0] - one[2], one[0] - other[2]) > _COLUMN * size


def _corners(boxes: list[_Box]) -> tuple[tuple[float, float], tuple[float, float]]:
    lefts, bottoms, rights, tops = zip(*boxes, strict=True)
    return (min(lefts), min(bottoms)), (max(rights), max(tops))


def _spelt(words: str) -> str:
    """On one line, less the signs that cannot be spelt; a broken word's hyphen is one."""
    joined = " ".join(words.replace("\ufffe", "-").replace("\u00a0", " ").split())
    return " ".join(_SPELT.sub(" ", unicodedata.normalize("NFC", joined)).split())
