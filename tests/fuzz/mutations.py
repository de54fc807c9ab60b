"""Ways to spoil a diagram: bytes, tokens of its text, branches of its tree."""

import random
import re
from collections.abc import Callable
from copy import deepcopy

from lxml import etree

Mutation = Callable[[bytes, random.Random], bytes]

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
_NAMES = (
    *("task", "userTask", "sendTask", "receiveTask", "serviceTask", "scriptTask", "manualTask"),
    *("subProcess", "adHocSubProcess", "transaction", "callActivity", "businessRuleTask"),
    *("startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent"),
    *("boundaryEvent", "exclusiveGateway", "parallelGateway", "inclusiveGateway"),
    *("eventBasedGateway", "complexGateway", "sequenceFlow", "lane", "laneSet", "process"),
    *("timerEventDefinition", "messageEventDefinition", "signalEventDefinition"),
    *("errorEventDefinition", "linkEventDefinition", "compensateEventDefinition"),
    *("terminateEventDefinition", "escalationEventDefinition", "cancelEventDefinition"),
    *("multiInstanceLoopCharacteristics", "standardLoopCharacteristics", "conditionExpression"),
    *("dataObjectReference", "messageFlow", "association", "participant", "collaboration"),
)
_VALUES = (
    *("", " ", "0", "-1", "true", "false", "none", "1e999", "P1D", "R/P", "R0/PT0S", "x = 1"),
    *("${x > 1}", "#{x}", "= x", "999999999999", "None", "Start", "End", "root", "\u202e", "ắ"),
    *("P99999999Y", "2026-02-30", "if true then 1 else", 'a["', "x" * 300, "n_a", "..", "{}", "%s"),
)
_PIECES = (
    b"<",
    b">",
    b"&",
    b"/>",
    b"<!--",
    b"]]>",
    b"\0",
    b"\xff",
    b'"',
    b"&#0;",
    b"<?x?>",
    b"xmlns",
)
_LARGEST = 500_000
_ATTRIBUTE = re.compile(rb'"[^"<>]{0,80}"')
_TAG = re.compile(rb"<[^<>]{1,300}>")


def flip_byte(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data))
    return data[:at] + bytes([chance.randrange(256)]) + data[at + 1 :]


def cut_piece(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data))
    return data[:at] + data[at + chance.choice((1, 2, 10, 100, 1000)) :]


def put_piece(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data))
    return data[:at] + chance.choice(_PIECES) + data[at:]


def repeat_piece(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data))
    piece = data[at : at + chance.choice((1, 20, 200))]
    return data[:at] + piece * chance.choice((2, 3, 50)) + data[at:]


def swap_values(data: bytes, chance: random.Random) -> bytes:
    """Two attribute values change places: references lead elsewhere."""
    found = list(_ATTRIBUTE.finditer(data))
    if len(found) < 2:
        return data
    first, second = sorted(chance.sample(found, 2), key=lambda match: match.start())
    between = data[first.end() : second.start()]
    rest = data[second.end() :]
    return data[: first.start()] + second[0] + between + first[0] + rest


def odd_value(data: bytes, chance: random.Random) -> bytes:
    found = list(_ATTRIBUTE.finditer(data))
    if not found:
        return data
    at = chance.choice(found)
    return data[: at.start()] + b'"' + chance.choice(_VALUES).encode() + b'"' + data[at.end() :]


def drop_tag(data: bytes, chance: random.Random) -> bytes:
    found = list(_TAG.finditer(data))
    if not found:
        return data
    at = chance.choice(found)
    return data[: at.start()] + data[at.end() :]


def on_tree(change: Callable[[list[etree._Element], random.Random], None]) -> Mutation:
    """A mutation of the tree; a file that cannot be parsed any more stays as it is."""

    def mutate(data: bytes, chance: random.Random) -> bytes:
        parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True)
        try:
            root = etree.fromstring(data, parser)
        except (etree.XMLSyntaxError, ValueError):
            return data
        elements = [each for each in root.iter() if isinstance(each.tag, str)][1:]
        if elements:
            change(elements, chance)
        return etree.tostring(root)

    mutate.__name__ = change.__name__
    return mutate


def drop_branch(elements: list[etree._Element], chance: random.Random) -> None:
    gone = chance.choice(elements)
    gone.getparent().remove(gone)


def repeat_branch(elements: list[etree._Element], chance: random.Random) -> None:
    source, target = deepcopy(chance.choice(elements)), chance.choice(elements)
    for _ in range(chance.choice((1, 1, 2, 30))):
        target.append(deepcopy(source))


def move_branch(elements: list[etree._Element], chance: random.Random) -> None:
    source, target = chance.choice(elements), chance.choice(elements)
    if source not in (target, *target.iterancestors()):
        target.insert(chance.randrange(len(target) + 1), source)


def rename(elements: list[etree._Element], chance: random.Random) -> None:
    chance.choice(elements).tag = f"{{{BPMN}}}{chance.choice(_NAMES)}"


def add_child(elements: list[etree._Element], chance: random.Random) -> None:
    child = etree.SubElement(chance.choice(elements), f"{{{BPMN}}}{chance.choice(_NAMES)}")
    child.text = chance.choice(_VALUES)


def drop_attribute(elements: list[etree._Element], chance: random.Random) -> None:
    attributes = chance.choice(elements).attrib
    if attributes:
        del attributes[chance.choice(list(attributes))]


def borrow_value(elements: list[etree._Element], chance: random.Random) -> None:
    """An attribute takes the value of another one of its name elsewhere: ids collide."""
    element = chance.choice(elements)
    name = chance.choice(list(element.attrib) or ["id"])
    values = [each.get(name) for each in elements if each.get(name) is not None]
    if values:
        element.set(name, chance.choice(values))


def odd_text(elements: list[etree._Element], chance: random.Random) -> None:
    chance.choice(elements).text = chance.choice(_VALUES)


MUTATIONS: tuple[Mutation, ...] = (
    *(flip_byte, cut_piece, put_piece, repeat_piece, swap_values, odd_value, drop_tag),
    *(
        on_tree(change)
        for change in (
            *(drop_branch, repeat_branch, move_branch, rename, rename, add_child),
            *(drop_attribute, borrow_value, borrow_value, odd_text),
        )
    ),
)


def mutant(data: bytes, chance: random.Random) -> bytes:
    """The file with one to six mutations, mostly of the tree, so that it is still read."""
    for _ in range(chance.choice((1, 1, 1, 2, 3, 6))):
        if not data or len(data) > _LARGEST:  # what is repeated again and again outgrows memory
            return data
        data = chance.choice(MUTATIONS)(data, chance)
    return data
