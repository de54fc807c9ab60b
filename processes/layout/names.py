"""Names of BPMN 2.0 elements that are drawn, and their namespaces."""

from lxml.etree import _Element

from processes.document import BPMN, bpmn

BPMNDI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
DI = "http://www.omg.org/spec/DD/20100524/DI"

EVENTS = frozenset(
    {
        "startEvent",
        "endEvent",
        "intermediateCatchEvent",
        "intermediateThrowEvent",
        "boundaryEvent",
    }
)
GATEWAYS = frozenset(
    {
        "exclusiveGateway",
        "inclusiveGateway",
        "parallelGateway",
        "eventBasedGateway",
        "complexGateway",
    }
)
CONTAINERS = frozenset({"subProcess", "transaction", "adHocSubProcess"})
ACTIVITIES = frozenset(
    {
        "task",
        "userTask",
        "manualTask",
        "serviceTask",
        "scriptTask",
        "sendTask",
        "receiveTask",
        "businessRuleTask",
        "callActivity",
    }
)
FLOW_NODES = EVENTS | GATEWAYS | CONTAINERS | ACTIVITIES
ARTIFACTS = frozenset({"dataObjectReference", "dataStoreReference", "textAnnotation", "group"})
DATA_LINKS = frozenset({"dataInputAssociation", "dataOutputAssociation"})


def kind(element: _Element) -> str:
    """The local name of a BPMN element; "" for comments and other namespaces."""
    namespace, _, name = str(element.tag).rpartition("}")
    return name if namespace == f"{{{BPMN}" else ""


def add_element(
    parent: _Element,
    tag: str,
    attributes: dict[str, str] | None = None,
    nsmap: dict[str | None, str] | None = None,
) -> _Element:
    """Append a new child and give it."""
    child = parent.makeelement(tag, attributes or {}, nsmap)
    parent.append(child)
    return child


def text_of(element: _Element, child: str) -> str:
    """The stripped text of the first child of that BPMN name, "" where there is none."""
    found = element.find(bpmn(child))
    return "" if found is None else "".join(found.itertext()).strip()


def local(reference: str | None) -> str:
    """An id from a reference that may carry a prefix (`tns:Task_1`)."""
    return (reference or "").strip().rpartition(":")[2]
