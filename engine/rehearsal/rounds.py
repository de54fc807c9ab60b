"""How often things are done: what loops, instances and ad-hoc sub-processes ask the data.

Where nobody is asked for that data, a rehearsal of its own ways goes round twice instead.
"""

from collections.abc import Collection, Iterator

from lxml.etree import _Element as Element

from processes.document import bpmn
from processes.errors import InvalidInput
from processes.feel import compile_expression
from processes.support.instances import read_instances

_LOOP, _MULTI = bpmn("standardLoopCharacteristics"), bpmn("multiInstanceLoopCharacteristics")
_AD_HOC, _ENOUGH = bpmn("adHocSubProcess"), bpmn("completionCondition")
_TWICE = "2"
_COUNTS = (
    *("loopCounter", "nrOfInstances", "nrOfActiveInstances"),
    *("nrOfCompletedInstances", "nrOfTerminatedInstances"),
)


def names_of_rounds(process: Element) -> frozenset[str]:
    """The data that decide in a process how often something is done."""
    return frozenset(
        name for element in process.iter(_LOOP, _MULTI, _AD_HOC) for name in _names(element)
    )


def go_round_twice(root: Element, known: Collection[str]) -> None:
    """Twice, or once each in an ad-hoc sub-process, wherever data beside the known would decide."""
    for element in list(root.iter(_LOOP, _MULTI, _AD_HOC)):
        if _names(element) <= set(known):
            continue
        if element.tag == _AD_HOC:
            for condition in element.findall(_ENOUGH):
                element.remove(condition)
            continue
        _restate(element)


def _restate(marker: Element) -> None:
    """The same marker, without what it asks."""
    for child in list(marker):
        marker.remove(child)
    for name in [name for name in marker.attrib if name.startswith("{")]:
        del marker.attrib[name]
    if marker.tag == _LOOP:
        marker.set("loopMaximum", _TWICE)
        _add(marker, "loopCondition", "true")
    else:
        _add(marker, "loopCardinality", _TWICE)


def _add(marker: Element, name: str, text: str) -> None:
    stated = marker.makeelement(bpmn(name), {})
    stated.text = text
    marker.append(stated)


def _names(element: Element) -> set[str]:
    local = set(_COUNTS)
    found: set[str] = set()
    for text in _texts(element, local):
        try:
            found |= set(compile_expression(text.removeprefix("=")).names)
        except InvalidInput:
            continue  # the check speaks of it
    return found - local


def _texts(element: Element, local: set[str]) -> Iterator[str]:
    activity = element.getparent()
    if element.tag == _MULTI and activity is not None:
        stated = read_instances(element, activity)
        local |= {stated.item} if stated.item else set()
        texts = (stated.number, stated.collection, stated.completion)
        yield from (text for text in texts if text)
        return
    for child in element.iterchildren(bpmn("loopCondition"), _ENOUGH):
        if text := "".join(child.itertext()).strip():
            yield text
