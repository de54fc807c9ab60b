"""Expressions of loops, instances and gateways that join: written in FEEL where they can be."""

from collections.abc import Iterator
from functools import partial

from lxml.etree import _Element as Element

from processes.dialects import Untranslatable, to_feel, to_feel_value
from processes.document import bpmn, local_name
from processes.repair.repair import Change, Kind
from processes.repair.wording import words_of
from processes.repair.workpiece import Workpiece

EXPRESSION = "activity.repetition.expression"
"""The construct's code: an expression that is not FEEL, or a number that is none."""

EVENT = "event.condition"
"""The construct's code: an event whose condition is not FEEL."""

TRANSLATED = Kind(
    "expression.translated",
    "Biểu thức {tag} của {node} viết bằng ngôn ngữ khác ({before}). Dịch sang FEEL, cùng ý nghĩa: "
    "{after}.",
    "The {tag} of {node} is written in another language ({before}). Translated to FEEL with the "
    "same meaning: {after}.",
    answers=(f"support.{EXPRESSION}", f"support.{EVENT}"),
)
KINDS = (TRANSLATED,)

_CONDITIONS = ("loopCondition", "completionCondition", "activationCondition", "condition")
_MARKERS = (
    *("standardLoopCharacteristics", "multiInstanceLoopCharacteristics"),
    "conditionalEventDefinition",
)
_TAGS = (*_CONDITIONS, "loopCardinality")


def translate_expressions(piece: Workpiece) -> Iterator[Change]:
    """Expressions that the check cannot read; what cannot be said is drawn instead."""
    for node in list(piece.nodes.values()):
        if piece.refuses(node, EXPRESSION, EVENT):
            for stated in _stated(node):
                yield from _translate(piece, node, stated)


def _stated(node: Element) -> list[Element]:
    """The node's expressions, and not those of the nodes inside."""
    own = [node, *node.iterchildren(*map(bpmn, _MARKERS))]
    return [e for owner in own for e in owner.iterchildren(*map(bpmn, _TAGS))]


def _translate(piece: Workpiece, node: Element, stated: Element) -> Iterator[Change]:
    text, tag = "".join(stated.itertext()).strip(), local_name(stated)
    try:
        feel = to_feel(text) if tag in _CONDITIONS else to_feel_value(text)
    except Untranslatable:
        return
    if feel == text:
        return
    facts = {"node": words_of(node), "tag": tag}
    repair = TRANSLATED.of(node.get("id"), text, feel, tag, **facts)
    yield Change(repair, partial(_write, piece, node, stated, feel))


def _write(piece: Workpiece, node: Element, stated: Element, feel: str) -> None:
    for child in list(stated):
        stated.remove(child)
    stated.attrib.pop("language", None)
    stated.text = feel
    for code in (EXPRESSION, EVENT):
        piece.complaints.answered(node.get("id"), f"support.{code}")
