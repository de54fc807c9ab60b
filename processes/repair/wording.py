"""Elements in words: in sentences, before and after, and as codes."""

from lxml.etree import _Element as Element

from processes.diagram import KIND_WORDS, NodeKind, designation
from processes.dialects import field_code
from processes.document import FLOW_NODES, bpmn, local_name
from processes.reader.positions import fold
from processes.rule import Words

_CODE_CHARS = 40


def words_of(element: Element) -> Words:
    """An element as the designer sees it, for sentences."""
    name = local_name(element)
    kind = Words(name, name)
    if name in FLOW_NODES:
        kind = KIND_WORDS[NodeKind(name)]
    elif name == "sequenceFlow":
        kind = Words("luồng", "flow")
    return designation(element.get("name", ""), element.get("id", ""), kind)


def name_of(element: Element) -> str:
    """The element's name on one line, "" where it has none."""
    return " ".join(element.get("name", "").split())


def shown(element: Element) -> str:
    """An element for before and after: its tag with its name, else its id."""
    tag, name = local_name(element), name_of(element)
    return f"{tag} “{name}”" if name else f"{tag} {element.get('id', '–')}"


def quoted(element: Element) -> str:
    """An element's name in quotes, else its id."""
    return f"“{name}”" if (name := name_of(element)) else element.get("id", "–")


def condition_of(flow: Element) -> str:
    """The text of a flow's condition, "" without one."""
    stated = flow.find(bpmn("conditionExpression"))
    return "" if stated is None else "".join(stated.itertext()).strip()


def code_of(*texts: str) -> str:
    """The first of the texts that has letters or digits, as a field code of at most 40 signs.

    >>> code_of("?", "Đủ điều kiện?")
    'du_dieu_kien'
    """
    folded = (fold(text)[:_CODE_CHARS].strip("_") for text in texts)
    return field_code(next((code for code in folded if code), "f"))
