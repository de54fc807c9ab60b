"""Spoilt procedures: real ones with parts dropped, repeated, swapped or stripped."""

from copy import deepcopy
from pathlib import Path

from hypothesis import strategies as st
from lxml import etree
from lxml.etree import _Element as Element

from tests.processes.drawn import DIAGRAMS

PROCEDURES = Path(__file__).resolve().parents[3] / "bpmn" / "procedures"
SEEDS = [
    file.read_bytes() for folder in (DIAGRAMS, PROCEDURES) for file in sorted(folder.glob("*.bpmn"))
]
REFERENCES = ("sourceRef", "targetRef", "attachedToRef", "default", "processRef", "bpmnElement")
KINDS = (
    *("task", "serviceTask", "callActivity", "subProcess", "receiveTask", "boundaryEvent"),
    *("complexGateway", "eventBasedGateway", "parallelGateway", "inclusiveGateway"),
    *("startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent"),
)
DEFINITIONS = ("message", "signal", "error", "link", "timer", "compensate", "terminate", "cancel")
LINES = [
    f"{{http://www.omg.org/spec/BPMN/20100524/MODEL}}{name}"
    for name in ("process", "sequenceFlow", "messageFlow", "association")
]
DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
MODEL = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"


class Spoilt(bytes):
    """A file that is not printed whole when a test fails."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"<{len(self)} bytes>"


@st.composite
def mutants(draw) -> Spoilt:
    """A procedure with one to six things done to it."""
    root = etree.fromstring(draw(st.sampled_from(SEEDS)))
    for _ in range(draw(st.integers(1, 6))):
        elements = [e for e in root.iter("{*}*") if e.getparent() is not None]
        if not elements:
            break
        mutation = draw(st.sampled_from(MUTATIONS))
        mutation(draw, root, elements)
    return Spoilt(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))


def one(draw, elements: list[Element]) -> Element:
    return elements[draw(st.integers(0, len(elements) - 1))]


def model(elements: list[Element]) -> list[Element]:
    return [e for e in elements if str(e.tag).startswith(MODEL)] or elements


def drop_element(draw, root, elements):
    element = one(draw, model(elements))
    element.getparent().remove(element)


def drop_attribute(draw, root, elements):
    element = one(draw, [e for e in model(elements) if e.attrib] or elements)
    if element.attrib:
        del element.attrib[draw(st.sampled_from(sorted(map(str, element.attrib))))]


def repeat_id(draw, root, elements):
    carriers = [e for e in model(elements) if e.get("id")] or elements
    one(draw, carriers).set("id", one(draw, carriers).get("id", "x"))


def repeat_element(draw, root, elements):
    element = one(draw, model(elements))
    element.addnext(deepcopy(element))


def swap_reference(draw, root, elements):
    pointing = [(e, name) for e in elements for name in REFERENCES if e.get(name)]
    ids = [e.get("id") for e in elements if e.get("id")] + ["nothing", ""]
    if pointing:
        element, name = pointing[draw(st.integers(0, len(pointing) - 1))]
        element.set(name, draw(st.sampled_from(ids)))


def move_inside(draw, root, elements):
    """An element becomes the last child of another one."""
    element, owner = one(draw, model(elements)), one(draw, model(elements))
    if element is not owner and element not in owner.iterancestors():
        owner.append(element)


def change_kind(draw, root, elements):
    nodes = [e for e in model(elements) if e.get("id") and e.tag not in LINES]
    one(draw, nodes or elements).tag = MODEL + draw(st.sampled_from(KINDS))


def add_definition(draw, root, elements):
    events = [e for e in model(elements) if str(e.tag).endswith("Event")] or elements
    kind = draw(st.sampled_from(DEFINITIONS))
    etree.SubElement(one(draw, events), f"{MODEL}{kind}EventDefinition")


def mark(draw, root, elements):
    name = draw(
        st.sampled_from(["triggeredByEvent", "isForCompensation", "instantiate", "isExecutable"])
    )
    one(draw, model(elements)).set(name, draw(st.sampled_from(["true", "false"])))


def spoil_text(draw, root, elements):
    texts = [e for e in model(elements) if (e.text or "").strip()] or elements
    one(draw, texts).text = draw(st.sampled_from(["", "${x > 1}", "= = =", "P1X", "a b", "true"]))


def strip_drawing(draw, root, elements):
    for diagram in root.findall(f"{DI}BPMNDiagram"):
        root.remove(diagram)


def drop_shape(draw, root, elements):
    shapes = [e for e in elements if str(e.tag).startswith(DI)]
    if shapes:
        shape = one(draw, shapes)
        shape.getparent().remove(shape)


MUTATIONS = (
    *(drop_element, drop_attribute, repeat_id, repeat_element, swap_reference, move_inside),
    *(change_kind, add_definition, mark, spoil_text, strip_drawing, drop_shape),
)
