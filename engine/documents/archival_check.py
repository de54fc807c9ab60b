"""A PDF looked through for what it declares of PDF/A and what speaks against it.

In a process that can be killed. By pikepdf (qpdf): every object of the file once, no content of
pages is run; colours, glyphs and the letter of the metadata are not judged.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pikepdf
from pikepdf import Name, PasswordError, PdfError

from processes.archival import Archival, Contradiction

_DECLARED = re.compile(r"([1-9])([ABUEFabuef]?)")
_LEVELS = {"1": ("A", "B"), "2": ("A", "B", "U"), "3": ("A", "B", "U"), "4": ("", "E", "F")}
_FORBIDDEN_ACTIONS = frozenset(
    {"/Launch", "/Sound", "/Movie", "/ResetForm", "/ImportData", "/Hide", "/Rendition", "/Trans"}
)
_MEDIA = frozenset({"/3D", "/Sound", "/Screen", "/Movie", "/RichMedia"})
_FONT_FILES = ("/FontFile", "/FontFile2", "/FontFile3")
_STATED = ("part", "conformance")
_HOLDERS = (pikepdf.Dictionary, pikepdf.Array)
_BLENDING = ("/Normal", "/Compatible")


def look_through(path: str) -> dict[str, Any]:
    """The findings as plain data (`Archival`)."""
    try:
        with pikepdf.open(path) as pdf:
            return _found(pdf).to_data()
    except PasswordError:
        return Archival(contradictions=(Contradiction.ENCRYPTED,), readable=False).to_data()
    except (PdfError, ValueError, RecursionError, UnicodeError):
        return Archival(readable=False).to_data()


def _found(pdf: pikepdf.Pdf) -> Archival:
    declared = _declaration(pdf)
    if not declared:
        return Archival()
    part, level = declared[0], declared[1:]
    found = set(_of_file(pdf, part, level))
    for each in _dictionaries(pdf):
        found.update(_of_object(each, part))
    return Archival(declared, tuple(each for each in Contradiction if each in found))


def _dictionaries(pdf: pikepdf.Pdf) -> Iterator[Any]:
    """Every dictionary and stream of the file, those that lie within others too, each once."""
    for each in pdf.objects:
        waiting = [each]
        while waiting:
            one = waiting.pop()
            if isinstance(one, (pikepdf.Dictionary, pikepdf.Stream)):
                yield one
                inner = [value for _, value in one.items()]
            else:
                inner = list(one) if isinstance(one, pikepdf.Array) else []
            waiting.extend(i for i in inner if isinstance(i, _HOLDERS) and not i.is_indirect)


def _declaration(pdf: pikepdf.Pdf) -> str:
    """Part and level of the metadata, "" where they declare none."""
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
        said = (str(metadata.get(f"pdfaid:{key}") or "").strip() for key in _STATED)
        stated = _DECLARED.fullmatch("".join(said))
    return f"{stated[1]}{stated[2].upper()}" if stated else ""


def _of_file(pdf: pikepdf.Pdf, part: str, level: str) -> Iterator[Contradiction]:
    if pdf.is_encrypted:
        yield Contradiction.ENCRYPTED
    levels = _LEVELS.get(part, ())
    if level not in levels:
        yield Contradiction.NO_SUCH_PART
    if "/ID" not in pdf.trailer:
        yield Contradiction.NO_ID
    root = pdf.Root
    marked = _dictionary(root.get("/MarkInfo")).get("/Marked")
    if level == "A" and ("/StructTreeRoot" not in root or marked is not True):
        yield Contradiction.NOT_TAGGED
    form = _dictionary(root.get("/AcroForm"))
    if "/XFA" in form or form.get("/NeedAppearances") is True:
        yield Contradiction.XFA
    if "/JavaScript" in _dictionary(root.get("/Names")):
        yield Contradiction.SCRIPT


def _of_object(each: Any, part: str) -> Iterator[Contradiction]:
    action, kind, sort = (str(each.get(key, "")) for key in ("/S", "/Type", "/Subtype"))
    if action == "/JavaScript" or "/JS" in each:
        yield Contradiction.SCRIPT
    if action in _FORBIDDEN_ACTIONS and kind in ("/Action", ""):
        yield Contradiction.ACTION
    if sort in _MEDIA and ("/Rect" in each or kind == "/Annot"):
        yield Contradiction.MEDIA
    if kind == "/Font" and not _is_embedded(each, sort):
        yield Contradiction.FONT
    if part == "1":
        yield from _transparent(each)
        if "/EF" in each:
            yield Contradiction.ATTACHMENT
    if isinstance(each, pikepdf.Stream):
        yield from _of_stream(each, sort)


def _of_stream(stream: Any, sort: str) -> Iterator[Contradiction]:
    if "/F" in stream or "/FFilter" in stream:
        yield Contradiction.EXTERNAL
    if "/LZWDecode" in _filters(stream):
        yield Contradiction.LZW
    if sort == "/PS" or str(stream.get("/Subtype2", "")) == "/PS":
        yield Contradiction.POSTSCRIPT


def _is_embedded(font: Any, sort: str) -> bool:
    """Fonts drawn in the file itself (Type 3) and those made of others (Type 0) carry no file."""
    if sort in ("/Type3", "/Type0"):
        return True
    described = _dictionary(font.get("/FontDescriptor"))
    return any(name in described for name in _FONT_FILES)


def _transparent(each: Any) -> Iterator[Contradiction]:
    group = _dictionary(each.get("/Group"))
    veiled = "/SMask" in each and each.get("/SMask") != Name("/None")
    blended = str(each.get("/BM", "/Normal")) not in _BLENDING
    opaque = all(float(each.get(key, 1)) == 1.0 for key in ("/CA", "/ca") if _is_number(each, key))
    if group.get("/S") == Name("/Transparency") or veiled or blended or not opaque:
        yield Contradiction.TRANSPARENCY


def _is_number(each: Any, key: str) -> bool:
    try:
        float(each.get(key, 1))
    except (TypeError, ValueError):
        return False
    return True


def _filters(stream: Any) -> tuple[str, ...]:
    stated = stream.get("/Filter")
    if isinstance(stated, pikepdf.Array):
        return tuple(str(each) for each in stated)
    return (str(stated),) if stated is not None else ()


def _dictionary(value: Any) -> Mapping[str, Any] | pikepdf.Dictionary:
    return value if isinstance(value, pikepdf.Dictionary) else {}
