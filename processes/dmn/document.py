"""An uploaded file as a DMN document: hostile until proven otherwise.

`parse` is the only way in. It reads DMN 1.1 to 1.5, which differ in their namespace only as far as
we read them.
"""

import re
from collections.abc import Iterator
from unicodedata import normalize

from lxml import etree
from lxml.etree import _Element as Element

from processes.dmn.errors import InvalidDecisionModel, NotDecisionModel

MAX_BYTES = 2_000_000
MAX_ELEMENTS = 50_000
MAX_DEPTH = 100

_DOCTYPE = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_MODEL = re.compile(r"https?://www\.omg\.org/spec/DMN/\d{8}/(?:MODEL/|dmn\.xsd)")


def parse(data: bytes) -> Element:
    """The root of a decision model, or NotDecisionModel with a sentence that says why not."""
    if len(data) > MAX_BYTES:
        raise _refusal(f"tệp lớn hơn {MAX_BYTES} byte.", f"it has more than {MAX_BYTES} bytes.")
    if _DOCTYPE.search(data):
        raise _doctype()
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise _refusal(f"không phải XML ({error}).", f"it is not XML ({error}).") from None
    docinfo = root.getroottree().docinfo
    if docinfo.doctype or docinfo.internalDTD is not None:  # in an encoding the bytes do not show
        raise _doctype()
    _refuse_size(root)
    if local_name(root) != "definitions" or not _MODEL.fullmatch(_namespace(root)):
        raise _refusal(
            f"phần tử gốc là “{str(root.tag)[:100]}”.", f"its root is '{str(root.tag)[:100]}'."
        )
    return root


def local_name(element: Element) -> str:
    """The name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def children(element: Element, *names: str) -> Iterator[Element]:
    """The DMN elements of these names directly inside; all where no name is given."""
    namespace = _namespace(element)
    for child in element:
        if _namespace(child) == namespace and (not names or local_name(child) in names):
            yield child


def child(element: Element, name: str) -> Element | None:
    """The first DMN element of that name directly inside."""
    return next(children(element, name), None)


def text_of(element: Element | None) -> str:
    """The content of the element's `text`, empty where there is none."""
    text = None if element is None else child(element, "text")
    return "" if text is None else (text.text or "").strip()


def name_of(element: Element) -> str:
    """The element's name: NFC, single spaces; empty where it has none."""
    return " ".join(normalize("NFC", element.get("name") or "").split())


def wrong(element: Element, detail_vi: str, detail_en: str) -> InvalidDecisionModel:
    """The refusal of something in the model, naming the decision (or the like) it stands in."""
    named: Element | None = element
    while named is not None and not (name_of(named) or named.get("label")):
        named = named.getparent()
    name = (name_of(named) or named.get("label") or "") if named is not None else ""
    line = element.sourceline or 0
    return InvalidDecisionModel(
        element=element.get("id") or name,
        place_vi=f"“{name}” (dòng {line})",
        place_en=f"'{name}' (line {line})",
        detail_vi=detail_vi,
        detail_en=detail_en,
    )


def _namespace(element: Element) -> str:
    tag = str(element.tag)
    return tag[1:].partition("}")[0] if tag.startswith("{") else ""


def _refuse_size(root: Element) -> None:
    number = depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        number += event == "start"
        if number > MAX_ELEMENTS or depth > MAX_DEPTH:
            raise _refusal(
                f"nhiều hơn {MAX_ELEMENTS} phần tử hoặc lồng sâu hơn {MAX_DEPTH} cấp.",
                f"it has more than {MAX_ELEMENTS} elements, or {MAX_DEPTH} levels of them.",
            )


def _doctype() -> NotDecisionModel:
    return _refusal("không được khai báo DOCTYPE.", "it declares a DOCTYPE, which is forbidden.")


def _refusal(detail_vi: str, detail_en: str) -> NotDecisionModel:
    return NotDecisionModel(detail_vi=detail_vi, detail_en=detail_en)
