"""An uploaded file as a BPMN document: hostile until proven otherwise.

`parse` is the only way in. It refuses, before anything else looks at the file, whatever could
cost time or memory or mean two things: other encodings than the listed ones, any DOCTYPE, and
sizes beyond the caps below (the largest of 14,829 public files has 340 kB, 2,430 elements and
95 flow nodes).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree
from lxml.etree import _Element as Element

from processes.errors import InvalidInput

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
QT = "urn:vn:quy-trinh:1.0"

MAX_BYTES = 2_000_000
MAX_DEPTH = 100
MAX_ELEMENTS = 20_000
MAX_FLOW_NODES = 500
MAX_SEQUENCE_FLOWS = 2_000
MAX_ATTRIBUTES = 100  # of one element
MAX_ATTRIBUTE_CHARS = 10_000
MAX_ID_CHARS = 255
MAX_NAMESPACES = 10_000  # declarations in the whole file; exporters repeat them by the thousand

FLOW_NODES = frozenset(
    {
        *("task", "userTask", "manualTask", "sendTask", "receiveTask", "serviceTask"),
        *("scriptTask", "businessRuleTask", "callActivity"),
        *("subProcess", "adHocSubProcess", "transaction"),
        *("startEvent", "endEvent", "boundaryEvent"),
        *("intermediateCatchEvent", "intermediateThrowEvent", "implicitThrowEvent", "event"),
        *("exclusiveGateway", "inclusiveGateway", "parallelGateway"),
        *("complexGateway", "eventBasedGateway"),
    }
)
"""Local names of the nodes that sequence flows connect (BPMN 2.0.2, 7.6)."""

_CHUNK = 65_536
_NESTING = ("số cấp lồng nhau", "levels of nesting")
_PARSER_DEPTH = 256  # where the parser itself stops; nothing else of its limits is within ours
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_UTF32 = (b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff")
_ENCODINGS = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "us-ascii": "ascii",
    "ascii": "ascii",
    "iso-8859-1": "iso-8859-1",
    "windows-1252": "cp1252",
    "windows-1258": "cp1258",
}
_BLANK_BEFORE = re.compile(rb"\s+<\?xml\s")  # forbidden by XML, yet written; nothing is lost
_DECLARED = re.compile(
    rb"<\?xml[^>]{0,100}?encoding\s{0,9}=\s{0,9}[\"']([A-Za-z0-9._-]{1,40})[\"']"
)


class EmptyFile(InvalidInput):
    """Nothing was sent."""

    code = "document.empty"
    vi = "Tệp rỗng. Chọn lại tệp sơ đồ BPMN (.bpmn) rồi tải lên."
    en = "The file is empty. Choose the BPMN diagram (.bpmn) again and upload it."


class FileTooLarge(InvalidInput):
    """More bytes than any procedure needs."""

    code = "document.too_large"
    vi = (
        "Tệp có {size} byte, tối đa {limit} byte. Bỏ hình ảnh nhúng, hoặc tách sơ đồ thành "
        "nhiều quy trình."
    )
    en = (
        "The file has {size} bytes, at most {limit} are read. Remove embedded pictures, or "
        "split the diagram into several procedures."
    )


class UnknownEncoding(InvalidInput):
    """The bytes cannot be turned into text with certainty."""

    code = "document.encoding"
    vi = "Không đọc được bảng mã chữ của tệp ({encoding}). Lưu lại tệp với bảng mã UTF-8."
    en = "The file's character encoding cannot be read ({encoding}). Save it again as UTF-8."


class NotXml(InvalidInput):
    """The text is not well-formed XML."""

    code = "document.not_xml"
    vi = (
        "Tệp không phải là XML đúng chuẩn (dòng {line}, cột {column}: {detail}). Mở sơ đồ bằng "
        "công cụ vẽ BPMN rồi lưu lại."
    )
    en = (
        "The file is not well-formed XML (line {line}, column {column}: {detail}). Open the "
        "diagram in a BPMN tool and save it again."
    )


class DoctypeForbidden(InvalidInput):
    """A document type declaration could define entities; BPMN never needs one."""

    code = "document.doctype"
    vi = "Tệp có khai báo DOCTYPE, BPMN không dùng và không được phép. Xóa dòng <!DOCTYPE …>."
    en = "The file declares a DOCTYPE, which BPMN never needs. Delete the <!DOCTYPE …> line."


class TooComplex(InvalidInput):
    """More of something than can be checked in bounded time."""

    code = "document.too_complex"
    vi = "Sơ đồ quá lớn: {what_vi} là {count}, tối đa {limit}. Tách thành nhiều quy trình."
    en = "The diagram is too large: {what_en}: {count}, at most {limit}. Split the procedure."


class NotBpmn(InvalidInput):
    """Well-formed XML, but not a BPMN 2.0 model."""

    code = "document.not_bpmn"
    vi = (
        "Tệp không phải là sơ đồ BPMN 2.0 (phần tử gốc là “{root}”). Xuất sơ đồ theo định dạng "
        "BPMN 2.0 XML rồi tải lên."
    )
    en = (
        "The file is not a BPMN 2.0 diagram (its root is '{root}'). Export the diagram as "
        "BPMN 2.0 XML and upload that."
    )


@dataclass(frozen=True, slots=True, eq=False)
class Document:
    """A parsed BPMN file. `root` is shared: nobody changes it (see `processes.editing`).

    text: the file decoded; encoding: the Python codec that gave it, BOM left off.
    """

    data: bytes
    text: str
    encoding: str
    root: Element


def bpmn(name: str) -> str:
    """The name of a BPMN element as lxml writes it."""
    return f"{{{BPMN}}}{name}"


def qt(name: str) -> str:
    """The name of an element of our vocabulary as lxml writes it."""
    return f"{{{QT}}}{name}"


def local_name(element: Element) -> str:
    """The name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def namespace(element: Element) -> str:
    """The namespace, empty where there is none."""
    return str(element.tag)[1:].partition("}")[0] if str(element.tag).startswith("{") else ""


def qt_children(element: Element, name: str) -> Iterator[Element]:
    """The vocabulary's elements of that name in the element's extensionElements."""
    for extensions in element.iterchildren(bpmn("extensionElements")):
        yield from extensions.iterchildren(qt(name))


def parse(data: bytes) -> Document:
    """Read an uploaded file, or refuse it with a sentence that says what to do.

    Errors: EmptyFile, FileTooLarge, UnknownEncoding, DoctypeForbidden, NotXml, TooComplex,
    NotBpmn; all are InvalidInput.
    """
    if not data.strip():
        raise EmptyFile
    if len(data) > MAX_BYTES:
        raise FileTooLarge(size=len(data), limit=MAX_BYTES)
    if _BLANK_BEFORE.match(data):
        data = data.lstrip()
    text, encoding = _decode(data)
    _refuse_doctype(text)
    if (declarations := text.count("xmlns")) > MAX_NAMESPACES:
        raise _too_complex("số khai báo namespace", "namespaces", declarations, MAX_NAMESPACES)
    root = _build(_without_declaration(text).encode("utf-8"))
    _refuse_entities(root)
    if root.tag != bpmn("definitions"):
        raise NotBpmn(root=str(root.tag)[:100])
    return Document(data, text, encoding, root)


def _decode(data: bytes) -> tuple[str, str]:
    encoding, start = _encoding(data)
    try:
        return data[start:].decode(encoding), encoding
    except UnicodeDecodeError:
        if not data[start:].lstrip().startswith(b"<"):  # a PDF, a picture, an archive
            raise NotXml(line=1, column=1, detail="binary") from None
        raise UnknownEncoding(encoding=encoding) from None


def _encoding(data: bytes) -> tuple[str, int]:
    """The codec and the length of the byte order mark; a contradiction is refused."""
    if data.startswith(_UTF32):
        raise UnknownEncoding(encoding="UTF-32")
    marked = next(((codec, len(bom)) for bom, codec in _BOMS if data.startswith(bom)), None)
    if marked is not None and marked[0] != "utf-8":
        declared = _DECLARED.match(data[marked[1] :].replace(b"\0", b"")[:200])
        if declared and not declared[1].lower().startswith(b"utf-16"):
            raise UnknownEncoding(encoding=f"{declared[1].decode()} / UTF-16")
        return marked
    start = marked[1] if marked else 0
    declared = _DECLARED.match(data[start : start + 200])
    name = declared[1].decode().lower() if declared else "utf-8"
    if name not in _ENCODINGS or (marked and _ENCODINGS[name] != "utf-8"):
        raise UnknownEncoding(encoding=name)
    return _ENCODINGS[name], start


def _without_declaration(text: str) -> str:
    """The parser gets UTF-8 whatever the declaration said; lines keep their numbers."""
    if not text.startswith("<?xml") or (end := text.find("?>")) < 0:
        return text
    return "\n" * text.count("\n", 0, end) + text[end + 2 :]


def _refuse_doctype(text: str) -> None:
    """Refuse a DOCTYPE before any parser sees it: it can stand before the root only."""
    at = 0
    while at >= 0:
        while at < len(text) and text[at].isspace():
            at += 1
        if text[at : at + 9].upper() == "<!DOCTYPE":
            raise DoctypeForbidden
        if text.startswith("<?", at):
            at = _after(text, "?>", at)
        elif text.startswith("<!--", at):
            at = _after(text, "-->", at + 4)
        else:
            return


def _after(text: str, end: str, at: int) -> int:
    """Where reading goes on after `end`; -1 where it is missing (the parser will say so)."""
    found = text.find(end, at)
    return found if found < 0 else found + len(end)


def _build(source: bytes) -> Element:
    """Parse in pieces, so that a cap that is exceeded stops the work early."""
    parser = etree.XMLPullParser(
        events=("start", "end"),
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    caps = _Caps()
    try:
        for start in range(0, len(source), _CHUNK):
            parser.feed(source[start : start + _CHUNK])
            caps.count(parser)
        root = parser.close()
        caps.count(parser)
    except etree.XMLSyntaxError as error:
        first = next(iter(parser.feed_error_log), None)  # the exception may only know the last
        if first is not None and first.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT:
            raise _too_complex(*_NESTING, _PARSER_DEPTH, MAX_DEPTH) from None
        line, column = (first.line, first.column) if first else error.position
        detail = " ".join(str(first.message if first else error.msg).split())[:200]
        raise NotXml(line=line, column=column, detail=detail) from None
    return root


class _Caps:
    """Running counts over the elements that the parser has met."""

    def __init__(self) -> None:
        self.elements = self.depth = self.flow_nodes = self.flows = 0

    def count(self, parser: "etree.XMLPullParser[Element]") -> None:
        for event, element in parser.read_events():
            if event == "end":
                self.depth -= 1
                continue
            self.depth += 1
            self.elements += 1
            if namespace(element) == BPMN:
                self.flow_nodes += local_name(element) in FLOW_NODES
                self.flows += local_name(element) == "sequenceFlow"
            self._refuse()
            _check_attributes(element)

    def _refuse(self) -> None:
        for what_vi, what_en, count, limit in (
            ("số phần tử", "elements", self.elements, MAX_ELEMENTS),
            (*_NESTING, self.depth, MAX_DEPTH),
            ("số bước, sự kiện và cổng", "flow nodes", self.flow_nodes, MAX_FLOW_NODES),
            ("số luồng", "sequence flows", self.flows, MAX_SEQUENCE_FLOWS),
        ):
            if count > limit:
                raise _too_complex(what_vi, what_en, count, limit)


def _check_attributes(element: Element) -> None:
    attributes = element.attrib
    if len(attributes) > MAX_ATTRIBUTES:
        raise _too_complex("số thuộc tính", "attributes", len(attributes), MAX_ATTRIBUTES)
    for name, value in attributes.items():
        limit = MAX_ID_CHARS if name == "id" else MAX_ATTRIBUTE_CHARS
        if max(len(name), len(value)) > limit:
            raise _too_complex(
                f"độ dài thuộc tính {str(name)[:40]}",
                f"length of attribute {str(name)[:40]}",
                max(len(name), len(value)),
                limit,
            )


def _refuse_entities(root: Element) -> None:
    """Checked again after parsing: neither a document type nor an entity got through."""
    docinfo = root.getroottree().docinfo
    if docinfo.internalDTD is not None or docinfo.externalDTD is not None or docinfo.doctype:
        raise DoctypeForbidden
    if next(root.iter(etree.Entity), None) is not None:
        raise DoctypeForbidden


def _too_complex(what_vi: str, what_en: str, count: int, limit: int) -> TooComplex:
    return TooComplex(what_vi=what_vi, what_en=what_en, count=count, limit=limit)
