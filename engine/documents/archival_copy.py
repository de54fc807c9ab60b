"""Pictures made PDF/A-2b for keeping, by Typst; in a process that can be killed.

JPEG goes in as it is; other pictures as PNG, without loss. The same picture gives the same bytes.
"""

import tempfile
from pathlib import Path
from typing import Any, Literal

from PIL import Image, ImageOps

_POINTS_PER_INCH = 72
_DOTS_PER_INCH = 200  # of a scan that does not say
_A4_SHORT, _A4_LONG = 595.28, 841.89  # points
_STANDARD: Literal["a-2b"] = "a-2b"


def copy_picture(path: str, kind: str, into: str, title: str, seconds: int) -> bool:
    """Whether it could be made. seconds: since 1970, the time the file says it was made at."""
    with tempfile.TemporaryDirectory(prefix="quytrinh-keeping-") as folder:
        source = ["#set document(title: sys.inputs.title)", "#set page(margin: 0pt)"]
        with Image.open(path, formats=(kind.upper(),)) as opened:
            for number in range(getattr(opened, "n_frames", 1)):
                opened.seek(number)
                name, size = _laid(opened, Path(path), Path(folder), number)
                width, height = _page(size)
                source.append(
                    f"#page(width: {width:.2f}pt, height: {height:.2f}pt,"
                    f' image("{name}", width: 100%, height: 100%, fit: "contain"))'
                )
        made = compiled("\n".join(source), folder, title, seconds)
    if made is None:
        return False
    Path(into).write_bytes(made)
    return True


def compiled(source: str, folder: str, title: str, seconds: int) -> bytes | None:
    """A PDF/A-2b of what the source says, files being in the folder; None where it cannot be."""
    import typst  # noqa: PLC0415 - only copies for keeping need it

    try:
        made: Any = typst.Compiler(root=folder, ignore_system_fonts=True).compile(
            source.encode(),
            format="pdf",
            sys_inputs={"title": title},
            pdf_standards=[_STANDARD],
            timestamp=seconds,
        )
    except RuntimeError:  # a picture that Typst does not read, or that PDF/A does not hold
        return None
    return bytes(made)


def _laid(
    opened: Image.Image, path: Path, folder: Path, number: int
) -> tuple[str, tuple[int, int]]:
    """The picture as a file in the folder, upright; its name and size in pixels."""
    turned = opened.getexif().get(0x0112, 1) != 1  # as the camera was held
    if opened.format == "JPEG" and opened.mode in ("RGB", "L") and not turned:
        name = f"{number}.jpg"
        (folder / name).write_bytes(path.read_bytes())
        return name, opened.size
    upright = ImageOps.exif_transpose(opened)
    if upright.mode not in ("1", "L", "RGB"):
        upright = upright.convert("RGB")
    name = f"{number}.png"
    upright.save(folder / name, "PNG")
    return name, upright.size


def _page(size: tuple[int, int]) -> tuple[float, float]:
    """A page of A4 at most, upright or across as the picture is; in points."""
    width, height = (side * _POINTS_PER_INCH / _DOTS_PER_INCH for side in size)
    box = (_A4_SHORT, _A4_LONG) if height >= width else (_A4_LONG, _A4_SHORT)
    scale = min(1.0, box[0] / width, box[1] / height)
    return width * scale, height * scale
