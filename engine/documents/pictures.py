"""Pictures of pages to look at, and scans bound into one PDF; in a process that can be killed."""

import io
from pathlib import Path

import pypdfium2
from PIL import Image, ImageOps

from processes.file_kind import FileKind, NoSuchPage

MOST_WIDTH = 2_000
_POINTS_PER_INCH = 72
_DOTS_PER_INCH = 200  # of a scan that does not say
_A4_SHORT, _A4_LONG = 595.28, 841.89  # points


def preview(path: str, kind: str, page: int, width: int) -> bytes:
    """One page (from 1) as PNG, so many pixels wide at most. Errors: NoSuchPage, UnreadableFile."""
    width = max(16, min(width, MOST_WIDTH))
    if kind == FileKind.PDF:
        return _png(_page_of_pdf(path, page, width))
    with Image.open(path, formats=(kind.upper(),)) as opened:
        if not 1 <= page <= getattr(opened, "n_frames", 1):
            raise NoSuchPage(page=page)
        opened.seek(page - 1)
        upright = ImageOps.exif_transpose(opened).convert("RGB")
    upright.thumbnail((width, 4 * width))
    return _png(upright)


def bind(paths: list[str], into: str) -> int:
    """Pictures, one after the other, as the pages of one PDF; how many pages.

    JPEG goes in as it is, without being packed anew. Errors: UnreadableFile.
    """
    bound = pypdfium2.PdfDocument.new()
    try:
        for path in paths:
            _add_picture(bound, path)
        bound.save(into)
        return len(bound)
    finally:
        bound.close()


def _add_picture(bound: pypdfium2.PdfDocument, path: str) -> None:
    with Image.open(path, formats=("JPEG", "PNG", "TIFF", "WEBP")) as opened:
        for number in range(getattr(opened, "n_frames", 1)):
            opened.seek(number)
            turned = opened.getexif().get(0x0112, 1) != 1  # as the camera was held
            plain = opened.format == "JPEG" and opened.mode in ("RGB", "L") and not turned
            upright = ImageOps.exif_transpose(opened)
            data = Path(path).read_bytes() if plain else _jpeg(upright)
            _add_page(bound, data, upright.size)


def _add_page(bound: pypdfium2.PdfDocument, jpeg: bytes, size: tuple[int, int]) -> None:
    """A page of A4 at most, upright or across as the picture is."""
    width, height = (side * _POINTS_PER_INCH / _DOTS_PER_INCH for side in size)
    box = (_A4_SHORT, _A4_LONG) if height >= width else (_A4_LONG, _A4_SHORT)
    scale = min(1.0, box[0] / width, box[1] / height)
    width, height = width * scale, height * scale
    picture = pypdfium2.PdfImage.new(bound)
    picture.load_jpeg(io.BytesIO(jpeg), inline=True)
    picture.set_matrix(pypdfium2.PdfMatrix().scale(width, height))
    page = bound.new_page(width, height)
    page.insert_obj(picture)
    page.gen_content()


def _page_of_pdf(path: str, page: int, width: int) -> Image.Image:
    with pypdfium2.PdfDocument(path) as opened:
        if not 1 <= page <= len(opened):
            raise NoSuchPage(page=page)
        one = opened[page - 1]
        wide, high = one.get_size()
        scale = min(width / max(wide, 1), 4 * width / max(high, 1))
        drawn: Image.Image = one.render(scale=scale, may_draw_forms=True).to_pil()
        return drawn


def _png(picture: Image.Image) -> bytes:
    written = io.BytesIO()
    picture.save(written, "PNG")
    return written.getvalue()


def _jpeg(picture: Image.Image) -> bytes:
    written = io.BytesIO()
    picture.convert("RGB").save(written, "JPEG", quality=90)
    return written.getvalue()
