"""Names of other engines: their namespaces, their attributes, their variables as field codes."""

import re
from collections.abc import Iterator
from unicodedata import normalize

from lxml.etree import _Element as Element

from processes.document import bpmn, namespace
from processes.reader.aliases import NAMESPACES

_OTHER = re.compile(r"\W+")
_CODE = re.compile(r"[^\W\d]\w*")
_KEYWORDS = frozenset(
    {
        *("and", "or", "not", "if", "then", "else", "for", "in", "return", "some", "every"),
        *("satisfies", "between", "instance", "of", "true", "false", "null", "function"),
        "external",
    }
)
"""Words of FEEL that no field may be called (`processes.lint.fields`)."""

ENGINES = {**NAMESPACES, "http://activiti.com/modeler": "activiti"}
"""Namespace -> the engine's usual prefix."""


def field_code(name: str) -> str:
    """A variable's name as a field code that conditions can use; good codes stay as they are.

    >>> field_code("ketQua"), field_code("order.amount"), field_code("2nd-check"), field_code("of")
    ('ketQua', 'order_amount', 'f_2nd_check', 'of_')
    """
    code = _OTHER.sub("_", normalize("NFC", name).strip()).strip("_") or "f"
    if not _CODE.fullmatch(code):
        code = f"f_{code}"
    return f"{code}_" if code in _KEYWORDS else code


def engine_attributes(element: Element, name: str) -> Iterator[tuple[str, str]]:
    """The element's attributes of that name in the engines' namespaces: ("camunda", value)."""
    for space, prefix in ENGINES.items():
        if (value := element.get(f"{{{space}}}{name}", "").strip()) != "":
            yield prefix, value


def engine_elements(owner: Element, *names: str) -> Iterator[tuple[str, Element]]:
    """The engines' elements of these names anywhere in the owner's extensionElements."""
    for extensions in owner.iterchildren(bpmn("extensionElements")):
        wanted = (f"{{{space}}}{name}" for space in ENGINES for name in names)
        for element in extensions.iterdescendants(*wanted):
            yield ENGINES[namespace(element)], element


def is_dynamic(text: str) -> bool:
    """Whether the value is computed by the other engine when it runs: `${initiator}`, `= boss`."""
    return text.lstrip().startswith(("${", "#{", "="))
