"""XML files of strangers: read without fetching or expanding anything, and never as a page."""

from pathlib import Path
from typing import Any

from lxml import etree

from processes.file_kind import FileKind, UnreadableFile

_PAGES = ("http://www.w3.org/1999/xhtml", "http://www.w3.org/2000/svg")
_BEFORE = b"\xef\xbb\xbf \t\r\n"


def begins_like_xml(head: bytes) -> bool:
    """Whether a file begins as XML does; HTML is told apart by `examine_xml`."""
    return head.lstrip(_BEFORE).startswith(b"<")


def parsed(data: bytes) -> Any:
    """The root of a stranger's XML; a DOCTYPE is refused (XMLSyntaxError, ValueError)."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    root = etree.fromstring(data, parser)
    if root.getroottree().docinfo.doctype:
        raise ValueError("DOCTYPE")
    return root


def examine_xml(path: str, name: str) -> FileKind | None:
    """XML; None where it is none, or a page of the web that a browser would run.

    Errors: UnreadableFile, of what says that it is XML and is not well-formed.
    """
    data = Path(path).read_bytes()
    try:
        root = parsed(data)
    except (etree.XMLSyntaxError, ValueError) as error:
        if data.lstrip(_BEFORE).startswith(b"<?xml"):
            raise UnreadableFile(name=name, kind="XML") from error
        return None
    beside = (*root.itersiblings(), *root.itersiblings(preceding=True))
    styled = any(each.tag is etree.ProcessingInstruction for each in beside)
    spaces = {etree.QName(each).namespace for each in root.iter(etree.Element)}
    if styled or spaces & set(_PAGES) or etree.QName(root).localname.lower() in ("html", "svg"):
        return None
    return FileKind.XML
