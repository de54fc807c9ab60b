"""The repaired tree as a file: whatever no repair touched keeps every byte.

An element whose start tag, text and children are as they were is copied from the file as it was
sent: quotes, the order of attributes, comments, CDATA, line ends and the extensions of other tools.
Changed start tags keep the attributes that did not change; between children that stay, what stood
between them stays.
"""

import re
from collections.abc import Iterator, Mapping
from xml.sax.saxutils import escape, quoteattr

from lxml import etree
from lxml.etree import _Element as Element

from processes.document import BPMN, QT
from processes.editing.source import Place, Source
from processes.layout.names import BPMNDI, DC, DI
from processes.repair.keeping import XSI
from processes.repair.workpiece import Workpiece

_PREFIXES = {BPMN: "bpmn", QT: "qt", BPMNDI: "bpmndi", DC: "dc", DI: "di", XSI: "xsi"}
_ATTRIBUTE = re.compile(rb"\s+([^\s=<>/]+)\s*=\s*(?:\"[^\"]*\"|'[^']*')")
_XML = "http://www.w3.org/XML/1998/namespace"
_INDENT = "  "

Scope = Mapping[str, str]
"""Prefix -> namespace, "" for the default one."""


def write(piece: Workpiece) -> bytes:
    """The file, in the encoding and with the byte order mark of the original."""
    writer = _Writer(piece)
    document = piece.original
    encoded = writer.text().encode(document.encoding, errors="xmlcharrefreplace")
    mark = len(document.data) - len(document.text.encode(document.encoding))
    return document.data[:mark] + encoded


class _Writer:
    """Writes elements beside their places in the original."""

    def __init__(self, piece: Workpiece) -> None:
        document = piece.original
        self._root = piece.root
        self._data = document.text.encode("utf-8")
        self._newline = "\r\n" if b"\r\n" in self._data else "\n"
        self._top = Source(document).root
        originals = list(document.root.iter("{*}*"))
        self._before: dict[Element, Element] = {}
        self._place: dict[Element, Place] = {}
        self._parts: list[Element] = []  # keeps the proxies alive, so that they can be keys
        self._pair(piece, originals)
        self._touched = self._find_touched()

    def _pair(self, piece: Workpiece, originals: list[Element]) -> None:
        """Elements of the copy with what they were; those that repairs added have nothing."""
        places = list(_all_places(self._top))
        for copied, number in piece.numbered.items():
            self._before[copied] = originals[number]
            self._place[copied] = places[number]

    def text(self) -> str:
        place = self._top
        scope = dict(place.namespaces)
        declared = {}
        for space, wanted in self._needed():
            if space not in scope.values():
                prefix = _free(wanted, scope)
                scope[prefix] = declared[prefix] = space
        root = self._element(self._root, scope, declared)
        head = self._data[: place.start].decode()
        return head + root + self._data[place.end :].decode()

    def _needed(self) -> Iterator[tuple[str, str]]:
        """Namespaces of what repairs wrote, each with the prefix it would like."""
        for element in self._root.iter("{*}*"):
            before = self._before.get(element)
            if before is None and _space(str(element.tag)) in _PREFIXES:
                yield _space(str(element.tag)), _PREFIXES[_space(str(element.tag))]
            for name in map(str, element.attrib):
                space = _space(name)
                if not space or space == _XML or (before is not None and name in before.attrib):
                    continue
                known = [p for p, bound in element.nsmap.items() if bound == space and p]
                if before is not None or space in _PREFIXES:
                    yield space, _PREFIXES.get(space, next(iter(known), "n"))

    # what changed

    def _find_touched(self) -> set[Element]:
        touched: set[Element] = set()
        for element in reversed(list(self._root.iter("{*}*"))):
            self._parts.append(element)
            before = self._before.get(element)
            if before is None or self._differs(element, before):
                touched.add(element)
            if element in touched and (parent := element.getparent()) is not None:
                touched.add(parent)
        return touched

    def _differs(self, element: Element, before: Element) -> bool:
        if element.tag != before.tag or not _same(element, before):
            return True
        if not len(element) and not len(before) and element.text != before.text:
            return True
        return [self._before.get(child) for child in element] != list(before)

    # writing

    def _element(
        self, element: Element, scope: Scope, declared: Mapping[str, str] | None = None
    ) -> str:
        place = self._place[element]
        if element not in self._touched and not declared:
            return self._data[place.start : place.end].decode()
        inside = scope if declared else {**scope, **place.namespaces}
        content = self._content(element, place, inside)
        start = self._start_tag(element, place, inside, declared or {})
        if not content and self._is_single(place):
            return f"{start}/>"
        return f"{start}>{content}</{self._tag(element, place, inside)}>"

    def _start_tag(
        self, element: Element, place: Place, scope: Scope, declared: Mapping[str, str]
    ) -> str:
        """The start tag without its end; attributes that did not change keep their bytes."""
        before = self._before[element]
        raw = self._data[place.start : place.opened]
        end = len(raw) - (2 if self._is_single(place) else 1)
        if not declared and element.tag == before.tag and _same(element, before):
            return raw[:end].decode()
        written = [f"<{self._tag(element, place, scope)}"]
        met: set[str] = set()
        for found in _ATTRIBUTE.finditer(raw):
            name = _clark(found[1].decode(), place.namespaces)
            met.add(name)
            if not name or element.attrib.get(name) == before.attrib.get(name):
                written.append(found[0].decode())
            elif name in element.attrib:
                written.append(f" {found[1].decode()}={quoteattr(element.attrib[name])}")
        for prefix, space in declared.items():
            written.append(f" xmlns:{prefix}={quoteattr(space)}")
        for name, value in element.attrib.items():
            if str(name) not in met:
                written.append(f" {_attribute(str(name), value, scope)}")
        return "".join(written)

    def _tag(self, element: Element, place: Place, scope: Scope) -> str:
        before = self._before[element]
        if element.tag == before.tag:
            raw = self._data[place.start + 1 : place.opened]
            return re.split(rb"[\s/>]", raw, maxsplit=1)[0].decode()
        return _spelt(str(element.tag), scope)

    def _content(self, element: Element, place: Place, scope: Scope) -> str:
        before = self._before[element]
        if not len(element) and not len(before) and element.text == before.text:
            return self._data[place.opened : place.closing].decode()
        if not len(element) and (not len(before) or (element.text or "").strip()):
            return self._escaped(element.text)
        gaps = self._gaps(element, place)
        joint = self._joint(place)
        written: list[str] = []
        added: list[str] = []
        for child in element:
            child_place = self._place.get(child)
            if child_place is not None and child_place in gaps:
                written += _with_added(gaps[child_place], added, self._newline)
                written.append(self._element(child, scope))
                added = []
            else:
                added.append(joint + self._elsewhere(child, scope, joint))
        last = gaps.get(None, "")
        if not last and joint and len(element):
            last = joint.removesuffix(_INDENT)
        return "".join([*written, *_with_added(last, added, self._newline)])

    def _escaped(self, text: str | None) -> str:
        return escape(text or "").replace("\n", self._newline)

    def _gaps(self, element: Element, place: Place) -> dict[Place | None, str]:
        """What stood before each child that stays, and before the end tag (None).

        Comments before a child that went stay before the next one.
        """
        staying = {self._place[child] for child in element if child in self._place}
        gaps: dict[Place | None, str] = {}
        at, kept = place.opened, ""
        for child in place.children:
            gap = self._data[at : child.start].decode()
            at = child.end
            if child in staying:
                gaps[child] = kept + gap
                kept = ""
            elif gap.strip():
                kept += gap
        gaps[None] = kept + self._data[at : place.closing].decode()
        return gaps

    def _elsewhere(self, child: Element, scope: Scope, joint: str) -> str:
        """A child that a repair added, or one that stood elsewhere."""
        place = self._place.get(child)
        if place is not None and _fits(place, scope):
            return self._element(child, scope)
        if place is None and _is_plain(child) and self._can_be_spelt(child, scope):
            return self._new(child, scope, joint)
        return str(etree.tostring(child, encoding="unicode", with_tail=False))

    def _can_be_spelt(self, element: Element, scope: Scope) -> bool:
        """Whether the element's names have prefixes here; `_needed` declares them at the root."""
        names = [str(element.tag), *map(str, element.attrib)]
        prefixed = {space for prefix, space in scope.items() if prefix} | {"", _XML}
        return _space(names[0]) in scope.values() and set(map(_space, names[1:])) <= prefixed

    def _new(self, element: Element, scope: Scope, joint: str) -> str:
        """An element that a repair added."""
        tag = _spelt(str(element.tag), scope)
        stated = "".join(
            f" {_attribute(str(name), value, scope)}" for name, value in element.attrib.items()
        )
        if not len(element):
            text = self._escaped(element.text)
            return f"<{tag}{stated}>{text}</{tag}>" if text else f"<{tag}{stated}/>"
        inner = joint + _INDENT if joint else ""
        children = [inner + self._elsewhere(child, scope, inner) for child in element]
        return f"<{tag}{stated}>{''.join(children)}{joint}</{tag}>"

    def _is_single(self, place: Place) -> bool:
        return self._data[place.opened - 2 : place.opened] == b"/>"

    def _joint(self, place: Place) -> str:
        """The line break and blanks before a new child."""
        for child in place.children:
            if (own := self._line_start(child)) is not None:
                return self._newline + own
        own = self._line_start(place)
        return "" if own is None else self._newline + own + _INDENT

    def _line_start(self, place: Place) -> str | None:
        line = self._data.rfind(b"\n", 0, place.start) + 1
        before = self._data[line : place.start]
        return None if before.strip() or not line else before.decode()


def _with_added(gap: str, added: list[str], newline: str) -> list[str]:
    """New elements in a gap: behind what stands on the line of the element before."""
    line, end, rest = gap.partition(newline)
    return [line, *added, end, rest] if line.strip() else [*added, gap]


def _all_places(root: Place) -> Iterator[Place]:
    waiting = [root]
    while waiting:
        place = waiting.pop()
        yield place
        waiting += reversed(place.children)


def _space(name: str) -> str:
    return name[1:].partition("}")[0] if name.startswith("{") else ""


def _clark(name: str, namespaces: Scope) -> str:
    """An attribute's name as lxml writes it; "" for a declaration of a namespace."""
    prefix, colon, local = name.partition(":")
    if name == "xmlns" or prefix == "xmlns":
        return ""
    if not colon:
        return name
    space = _XML if prefix == "xml" else namespaces.get(prefix, "")
    return f"{{{space}}}{local}"


def _spelt(name: str, scope: Scope) -> str:
    """A tag with the prefix that its namespace has here."""
    space, local = _space(name), name.rpartition("}")[2]
    prefix = next((prefix for prefix, bound in scope.items() if bound == space), "")
    return f"{prefix}:{local}" if prefix else local


def _attribute(name: str, value: str, scope: Scope) -> str:
    """An attribute; where its namespace has no prefix here, with the declaration of one."""
    space, local = _space(name), name.rpartition("}")[2]
    if not space:
        return f"{local}={quoteattr(value)}"
    if space == _XML:
        return f"xml:{local}={quoteattr(value)}"
    for prefix, bound in scope.items():
        if bound == space and prefix:
            return f"{prefix}:{local}={quoteattr(value)}"
    prefix = _free("n", scope)
    return f"xmlns:{prefix}={quoteattr(space)} {prefix}:{local}={quoteattr(value)}"


def _same(element: Element, before: Element) -> bool:
    return dict(element.attrib) == dict(before.attrib)


def _is_plain(element: Element) -> bool:
    """Whether it holds either text or elements: what stands between elements means nothing."""
    texts = [element.text, *(child.tail for child in element)] if len(element) else []
    return not any(text and text.strip() for text in texts)


def _fits(place: Place, scope: Scope) -> bool:
    """Whether the prefixes of a place mean the same in another one."""
    return all(scope.get(prefix) == space for prefix, space in place.namespaces.items())


def _free(wanted: str, scope: Scope) -> str:
    prefix, number = wanted, 1
    while prefix in scope:
        number += 1
        prefix = f"{wanted}{number}"
    return prefix
