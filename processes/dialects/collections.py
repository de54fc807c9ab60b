"""How often a repeated activity is done, as BPMN and other engines state it."""

from dataclasses import dataclass

from lxml.etree import _Element as Element

from processes.dialects.names import engine_attributes, engine_elements
from processes.document import bpmn

_COLLECTIONS = ("collection", "inputCollection")


@dataclass(frozen=True, slots=True)
class Collected:
    """For what an activity is repeated.

    of: the collection or the number as written, "" where not stated; sequential: one after another.
    """

    of: str
    sequential: bool


def read_collection(loop: Element) -> Collected:
    """What a multiInstanceLoopCharacteristics states."""
    sequential = loop.get("isSequential", "").strip() in ("true", "1")
    return Collected(_of(loop), sequential)


def _of(loop: Element) -> str:
    for attribute in _COLLECTIONS:
        for _, value in engine_attributes(loop, attribute):
            return value
        for _, element in engine_elements(loop, "loopCharacteristics", "collection"):
            if value := element.get(attribute, "").strip() or (element.text or "").strip():
                return value
    for name in ("loopCardinality", "loopDataInputRef"):
        stated = loop.find(bpmn(name))
        if stated is not None and (text := "".join(stated.itertext()).strip()):
            return text
    return ""
