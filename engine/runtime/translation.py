"""From the designer's diagram to the bare one that SpiffWorkflow is given.

Only what runs is passed on: no lanes, drawing, documents or foreign extensions. Ids are spelt so
that they can never meet the library's own names (`Start`, `End`, `<id>.EndJoin`...), timers are
spelt as data that our own event definition reads, and every activity of a person is a user task.
"""

import json
import re
from copy import deepcopy

from lxml import etree

from engine.runtime.rewriting import rewrite
from engine.runtime.rewriting.compensation import BORDER, UNDOES, mark_undoing
from engine.runtime.rewriting.definitions import ABOUT, spell_out
from engine.runtime.rewriting.links import join_links
from engine.runtime.rewriting.scope import INVENTED, RUN
from engine.runtime.rewriting.shared_definitions import put_in_place
from processes.document import BPMN, qt_children
from processes.drawing import truth
from processes.time_limit import TimeLimit
from processes.vocabulary import read_limit

_PERSONS = ("task", "manualTask", "sendTask", "receiveTask")
_SCOPES = ("subProcess", "transaction", "adHocSubProcess")
_KEPT = frozenset(
    {
        "process",
        "startEvent",
        "endEvent",
        "userTask",
        "exclusiveGateway",
        "parallelGateway",
        "inclusiveGateway",
        "eventBasedGateway",
        "subProcess",
        "intermediateThrowEvent",
        "intermediateCatchEvent",
        "boundaryEvent",
        "cancelEventDefinition",
        "compensateEventDefinition",
        "conditionalEventDefinition",
        "errorEventDefinition",
        "escalationEventDefinition",
        "messageEventDefinition",
        "signalEventDefinition",
        "timerEventDefinition",
        "terminateEventDefinition",
        "sequenceFlow",
        "conditionExpression",
    }
)
_REFERENCES = ("id", "sourceRef", "targetRef", "default", "attachedToRef", UNDOES, BORDER)
_TRUTHS = (
    *("cancelActivity", "isInterrupting", "parallelMultiple", "triggeredByEvent"),
    *("isForCompensation", "sent"),
)
_OURS = (ABOUT, BORDER, UNDOES, "sent")


def inner_id(element_id: str) -> str:
    """The id under which the library knows an element: letters and digits only after `n_`.

    What a rewriting invented beside an element has a dot behind that element's id.
    """
    return "n_" + "".join(_spelt(c) for c in element_id)


def _spelt(character: str) -> str:
    if character == INVENTED:
        return "."
    plain = character.isalnum() or character == "-"
    return character if plain else f"_{ord(character):x}h"


def element_id(name: str) -> str:
    """The designer's id of a task specification, or of what it was invented beside."""
    drawn = name.removeprefix("n_").partition(".")[0]
    return _SPELT.sub(lambda spelt: chr(int(spelt[1], 16)), drawn)


_SPELT = re.compile("_([0-9a-f]+)h")


def is_drawn(name: str) -> bool:
    """Whether a task specification stands for something the designer drew."""
    return name.startswith("n_") and "." not in name


def runnable(definitions: etree._Element, process_id: str) -> etree._Element:
    """Definitions with the one process, ready for the library; the input is left alone."""
    process = next(p for p in definitions.iter(f"{{{BPMN}}}process") if p.get("id") == process_id)
    copy = deepcopy(process)
    copy.tail = None
    _rewrite_events(copy, definitions)
    rewrite(copy)
    _strip(copy)
    root = etree.Element(f"{{{BPMN}}}definitions", nsmap={"bpmn": BPMN})
    root.append(copy)
    return root


def _rewrite_events(process: etree._Element, definitions: etree._Element) -> None:
    for element in process.iter(etree.Element):
        for key in _OURS:
            element.attrib.pop(key, None)
    put_in_place(process, definitions)
    spell_out(process, definitions)
    for container in list(process.iter(*(f"{{{BPMN}}}{tag}" for tag in ("process", *_SCOPES)))):
        join_links(container)
    mark_undoing(process)


def _strip(element: etree._Element) -> None:
    stated = next(qt_children(element, "limit"), None)
    limit = None if stated is None else read_limit(stated)
    for child in list(element):
        local = _local(child)
        if local in _PERSONS:
            child.tag = f"{{{BPMN}}}userTask"
            local = "userTask"
        if local == "transaction":
            child.tag = f"{{{BPMN}}}subProcess"
            local = "subProcess"
        if child.tag in _OWN:
            _strip_own(child)
        elif local == "timerEventDefinition":
            _spell_timer(child, limit)
        elif local in _KEPT:
            _strip(child)
        else:
            element.remove(child)
    _strip_attributes(element)


def _strip_attributes(element: etree._Element) -> None:
    attributes = {key: element.get(key) for key in _REFERENCES if element.get(key) is not None}
    for key in _TRUTHS:
        if element.get(key) is not None:
            attributes[key] = "true" if truth(element.get(key)) else "false"
    about = element.get(ABOUT)
    if about is not None:
        refers = _local(element) == "compensateEventDefinition" and about
        attributes[ABOUT] = inner_id(about) if refers else about
    is_process = _local(element) == "process"
    element.attrib.clear()
    for key, value in attributes.items():
        element.set(key, inner_id(value or "") if key in _REFERENCES else value or "")
    if is_process:
        element.set("isExecutable", "true")


def _strip_own(element: etree._Element) -> None:
    """What a rewriting invented of our own keeps what it states."""
    del element[:]
    for key in ("id", "of"):
        if element.get(key) is not None:
            element.set(key, inner_id(element.get(key, "")))


_OWN = frozenset(
    f"{{{RUN}}}{name}" for name in ("each", "turn", "together", "gather", "complex", "reset")
)


def _local(element: etree._Element) -> str | None:
    if not isinstance(element.tag, str):
        return None
    name = etree.QName(element)
    return name.localname if name.namespace == BPMN else None


def _spell_timer(definition: etree._Element, limit: TimeLimit | None) -> None:
    """State the timer as one JSON text under timeDuration, whatever its kind."""
    if limit is not None:
        spelt = {"kind": "limit", "amount": str(limit.amount), "unit": limit.unit.value}
    else:
        timer = next(child for child in definition if _local(child) in _TIMER_KINDS)
        text = "".join(timer.itertext()).strip()
        spelt = {"kind": _TIMER_KINDS[_local(timer) or ""], "value": text}
    definition.clear()
    duration: etree._Element = etree.SubElement(definition, f"{{{BPMN}}}timeDuration")
    duration.text = json.dumps(spelt, ensure_ascii=False, sort_keys=True)


_TIMER_KINDS = {"timeDate": "date", "timeDuration": "duration", "timeCycle": "cycle"}
