"""A BPMN file as text with places: where each element begins and ends, to the byte.

Edits are splices into the file as it was sent. Whatever no edit touches keeps every byte: quotes,
the order of attributes, comments, CDATA, the extensions of other tools and the drawing.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat
from xml.sax.saxutils import quoteattr

from processes.document import BPMN, QT, Document, NotXml

_TAG = re.compile(rb"<([^\s/>]+)")
_ATTRIBUTE = re.compile(rb"\s+([^\s=<>/]+)\s*=\s*(?:\"[^\"]*\"|'[^']*')")
_START_TAG = re.compile(rb"(?:[^\"'>]++|\"[^\"]*+\"|'[^']*+')*+>")
_INDENT = "  "


@dataclass(slots=True, eq=False)
class Place:
    """An element's place in the UTF-8 source.

    name: namespace and local name with a space between. start: of "<". opened: behind the start
    tag. closing: of "</", equal to `opened` where the element is a single tag. end: behind it all.
    namespaces: prefix -> namespace in scope.
    """

    name: str
    attributes: dict[str, str]
    namespaces: dict[str, str]
    start: int
    opened: int = 0
    closing: int = 0
    end: int = 0
    children: list["Place"] = field(default_factory=list)

    def all(self, name: str) -> Iterator["Place"]:
        return (child for child in self.children if child.name == name)

    def child(self, name: str) -> "Place | None":
        return next(self.all(name), None)


@dataclass(frozen=True, slots=True)
class New:
    """An element to be written; attributes that are None are left out."""

    tag: str
    attributes: dict[str, str | None] = field(default_factory=dict)
    children: tuple["New", ...] = ()

    def text(self, joint: str) -> str:
        """The element as text. joint: the line break and indentation before it, "" for none."""
        stated = "".join(
            f" {name}={quoteattr(value)}"
            for name, value in self.attributes.items()
            if value is not None
        )
        if not self.children:
            return f"{joint}<{self.tag}{stated}/>"
        inner = "".join(child.text(joint and joint + _INDENT) for child in self.children)
        return f"{joint}<{self.tag}{stated}>{inner}{joint}</{self.tag}>"


def bpmn_name(name: str) -> str:
    return f"{BPMN} {name}"


def qt_name(name: str) -> str:
    return f"{QT} {name}"


class Source:
    """The text of a document, and the splices to be made into it."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._data = document.text.encode("utf-8")
        self._newline = "\r\n" if b"\r\n" in self._data else "\n"
        self._splices: list[tuple[int, int, str]] = []
        self._filled: dict[Place, list[New]] = {}
        self.root = _Places(self._data).root

    def by_id(self, element_id: str, names: frozenset[str]) -> Place | None:
        """The first BPMN element with that id, if it is one of these."""
        wanted = {bpmn_name(name) for name in names}
        waiting = [self.root]
        while waiting:
            place = waiting.pop()
            if place.name in wanted and place.attributes.get("id") == element_id:
                return place
            waiting += reversed(place.children)
        return None

    def prefixed(self, near: Place, name: str) -> str:
        """A BPMN element's name with the prefix that its neighbour uses."""
        prefix, colon, _ = self._tag(near).rpartition(":")
        return f"{prefix}{colon}{name}"

    def qt_tag(self, near: Place, name: str) -> tuple[str, dict[str, str | None]]:
        """A name of the vocabulary with its prefix, and the declaration it needs there."""
        for prefix, namespace in near.namespaces.items():
            if namespace == QT:
                return (f"{prefix}:{name}" if prefix else name), {}
        return f"qt:{name}", {"xmlns:qt": QT}

    def insert(self, parent: Place, new: New, after: Place | None = None) -> None:
        """Put an element into another, behind one of its children or before all of them."""
        if self._is_single(parent):
            self._filled.setdefault(parent, []).append(new)
            return
        at = after.end if after else parent.opened
        text = new.text(self._joint(parent, inner=True))
        if parent.opened == parent.closing:
            text += self._joint(parent, inner=False)
        self._splices.append((at, at, text))

    def remove(self, place: Place) -> None:
        """Take the element out, with its line where it stands alone on it."""
        line = self._data.rfind(b"\n", 0, place.start)
        start = place.start
        if line >= 0 and not self._data[line:start].strip():
            start = line - 1 if self._data[line - 1 : line] == b"\r" else line
        self._splices.append((start, place.end, ""))

    def set_attribute(self, place: Place, name: str, value: str | None) -> None:
        """Write an attribute without a prefix, or take it out (None); equal values stay as is."""
        if place.attributes.get(name) == value:
            return
        stated = "" if value is None else f" {name}={quoteattr(value)}"
        head = place.start + len(self._tag(place).encode()) + 1
        for found in _ATTRIBUTE.finditer(self._data, head, place.opened):
            if found[1].decode() == name:
                self._splices.append((found.start(), found.end(), stated))
                return
            head = found.end()
        self._splices.append((head, head, stated))

    def result(self) -> bytes:
        """The file with every splice made, in its own encoding, with its byte order mark."""
        for place, news in self._filled.items():
            self._fill(place, news)
        self._filled.clear()
        pieces: list[bytes] = []
        at = 0
        for start, end, text in sorted(self._splices, key=lambda splice: splice[:2]):
            pieces += [self._data[at:start], text.encode("utf-8")]
            at = end
        pieces.append(self._data[at:])
        edited = b"".join(pieces).decode("utf-8")
        encoded = edited.encode(self._document.encoding, errors="xmlcharrefreplace")
        mark = len(self._document.data) - len(self._document.text.encode(self._document.encoding))
        return self._document.data[:mark] + encoded

    def _fill(self, place: Place, news: list[New]) -> None:
        """Open a single tag and put elements into it."""
        inner = "".join(new.text(self._joint(place, inner=True)) for new in news)
        text = f">{inner}{self._joint(place, inner=False)}</{self._tag(place)}>"
        slash = place.opened - 2
        blanks = len(self._data[:slash]) - len(self._data[:slash].rstrip())
        self._splices.append((slash - blanks, place.opened, text))

    def _tag(self, place: Place) -> str:
        found = _TAG.match(self._data, place.start)
        return found[1].decode() if found else ""

    def _is_single(self, place: Place) -> bool:
        return self._data[place.opened - 2 : place.opened] == b"/>"

    def _joint(self, parent: Place, *, inner: bool) -> str:
        """What stands before an element in the parent, or before the parent's closing tag."""
        if inner and parent.children and (own := self._line_start(parent.children[0])) is not None:
            return self._newline + own
        own = self._line_start(parent)
        if own is None:
            return ""
        return self._newline + own + (_INDENT if inner else "")

    def _line_start(self, place: Place) -> str | None:
        """The blanks before an element that begins its line, None where it does not."""
        line = self._data.rfind(b"\n", 0, place.start) + 1
        before = self._data[line : place.start]
        return None if before.strip() or not line else before.decode()


class _Places:
    """Builds the tree of places; the document has been through `parse`, so it is small."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._open: list[Place] = []
        self._scopes: list[dict[str, str]] = [{}]
        self._declared: dict[str, str] = {}
        self._parser = expat.ParserCreate("utf-8", " ")
        self._parser.StartNamespaceDeclHandler = self._declare
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self.root = Place("", {}, {}, 0)
        try:
            self._parser.Parse(data, True)
        except expat.ExpatError as error:
            raise NotXml(line=error.lineno, column=error.offset, detail=str(error)) from None

    def _declare(self, prefix: str | None, namespace: str | None) -> None:
        self._declared[prefix or ""] = namespace or ""

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if self._declared:
            self._scopes.append({**self._scopes[-1], **self._declared})
            self._declared = {}
        else:
            self._scopes.append(self._scopes[-1])
        start = self._parser.CurrentByteIndex
        place = Place(name, attributes, self._scopes[-1], start)
        place.opened = _tag_end(self._data, start)
        if self._open:
            self._open[-1].children.append(place)
        else:
            self.root = place
        self._open.append(place)

    def _end(self, _name: str) -> None:
        place = self._open.pop()
        self._scopes.pop()
        place.closing = max(self._parser.CurrentByteIndex, place.opened)
        single = self._data[place.opened - 2 : place.opened] == b"/>"
        if single:
            place.closing = place.end = place.opened
        else:
            place.end = self._data.index(b">", place.closing) + 1


def _tag_end(data: bytes, start: int) -> int:
    """Behind the ">" of a start tag; a ">" inside quotes does not end it."""
    found = _START_TAG.match(data, start)
    return found.end() if found else start
