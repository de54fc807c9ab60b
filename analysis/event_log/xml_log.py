"""An XML log as a hostile file: its beginning, looked at before the rest, and its elements."""

from collections.abc import Iterator

from lxml import etree

from analysis.event_log.bounded_text import BoundedText
from analysis.event_log.invalid_log import LogBroken, LogDoctype, LogFormatUnknown

_PROLOG_BYTES = 1 << 20
_OCEL = ("object-types", "event-types", "objects", "events")
_TELLING = (*_OCEL, "trace", "event")  # before them both may have declarations


def is_ocel(text: BoundedText) -> bool:
    """Whether the log is OCEL and not XES: both have a root `log`, other elements begin it.

    Refuses a document type and a foreign root (LogDoctype, LogFormatUnknown, LogBroken). What does
    not begin within a mebibyte is taken for XES. OCEL 1.0 declares its attributes before.
    """
    parser = etree.XMLPullParser(
        events=("start",), resolve_entities=False, load_dtd=False, no_network=True
    )
    size = 0
    root = None
    try:
        while size < _PROLOG_BYTES:
            head = text.peek(size + 4096)
            if len(head) == size:
                break
            parser.feed(head[size:])
            size = len(head)
            for _, element in parser.read_events():
                if root is None:
                    root = element
                    _check_root(root, text.log_name)
                elif element.getparent() is root and local_name(element) in _TELLING:
                    return local_name(element) in _OCEL
    except etree.XMLSyntaxError as broken:
        if root is None:
            raise LogBroken(name=text.log_name, line=broken.lineno or 0) from broken
    if root is None:
        raise LogFormatUnknown(name=text.log_name)
    return False


def finished_elements(text: BoundedText, *names: str) -> Iterator[tuple[str, etree._Element]]:
    """Elements of these names as they end, of a hostile file: no entities, nothing fetched."""
    return etree.iterparse(
        text,
        events=("end",),
        tag=tuple(f"{{*}}{name}" for name in names),
        remove_blank_text=True,
        remove_comments=True,
        remove_pis=True,
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
    )


def local_name(element: etree._Element) -> str:
    """The name of an element, whatever its namespace; a broken one is still only a name."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _check_root(root: etree._Element, name: str) -> None:
    if root.getroottree().docinfo.internalDTD is not None:
        raise LogDoctype(name=name)
    if local_name(root) != "log":
        raise LogFormatUnknown(name=name)
