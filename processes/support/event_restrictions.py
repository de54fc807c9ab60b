"""What is refused of events that run otherwise: nothing there can be done rightly."""

from collections.abc import Iterator

from lxml.etree import _Element as Element

from processes.diagram import NodeKind
from processes.document import BPMN, bpmn, local_name
from processes.drawing import truth
from processes.feel import InvalidExpression, compile_expression
from processes.rule import Words
from processes.support.construct import refused

_REFERENCE = bpmn("eventDefinitionRef")


EVENT_RESTRICTIONS = (
    refused(
        "eventBasedGateway.instantiate",
        Words("cổng theo sự kiện tự mở hồ sơ", "instantiating event-based gateway"),
        Words(
            "Hồ sơ bắt đầu khi được tiếp nhận: đặt một sự kiện bắt đầu trước cổng, bỏ instantiate.",
            "A dossier begins when it is received: put a start event before the gateway and "
            "remove instantiate.",
        ),
    ),
    refused(
        "event.unmixable",
        Words("các loại sự kiện không ghép được với nhau", "event definitions that do not mix"),
        Words(
            "Một sự kiện chỉ có một hẹn giờ; liên kết và bù trừ gắn trên bước phải đứng riêng.",
            "An event has one timer at most; links, and compensation on a border, stand alone.",
        ),
    ),
    refused(
        "event.definitionMissing",
        Words("định nghĩa sự kiện dùng chung không có trong tệp", "missing event definition"),
        Words(
            "Sửa eventDefinitionRef, hoặc đặt định nghĩa ngay trong sự kiện.",
            "Mend the eventDefinitionRef, or put the definition into the event itself.",
        ),
    ),
    refused(
        "event.condition",
        Words("sự kiện điều kiện không có biểu thức FEEL hợp lệ", "event without a FEEL condition"),
        Words(
            "Ghi điều kiện FEEL vào condition, ví dụ: so_tien > 100.",
            "State a FEEL condition, such as: amount > 100.",
        ),
    ),
    refused(
        "compensation.notAwaited",
        Words("bù trừ không chờ xong", "compensation that is not waited for"),
        Words(
            "Bỏ waitForCompletion: sự kiện luôn chờ các bước bù trừ làm xong.",
            "Remove waitForCompletion: the event always waits until everything is undone.",
        ),
    ),
)


def restricted_event(element: Element, kind: NodeKind) -> Iterator[str]:
    """Codes of what is refused of an event or an event-based gateway."""
    if kind is NodeKind.EVENT_BASED:
        parallel = element.get("eventGatewayType", "Exclusive").strip() == "Parallel"
        if parallel or truth(element.get("instantiate")):
            yield "eventBasedGateway.instantiate"
        return
    definitions = definitions_of(element)
    names = [local_name(child).removesuffix("EventDefinition") for child in definitions]
    alone = "link" in names or (kind is NodeKind.BOUNDARY and "compensate" in names)
    if len(names) > 1 and (alone or names.count("timer") > 1):
        yield "event.unmixable"
    for definition in definitions:
        if not truth(definition.get("waitForCompletion"), otherwise=True):
            yield "compensation.notAwaited"
        if local_name(definition) == "conditionalEventDefinition" and not _decides(definition):
            yield "event.condition"
    if any(_named(reference) is None for reference in element.iterchildren(_REFERENCE)):
        yield "event.definitionMissing"


def definitions_of(element: Element) -> list[Element]:
    """The definitions of an event, in the file's order; shared ones where they are referred to."""
    found: list[Element] = []
    for child in element.iterchildren(f"{{{BPMN}}}*"):
        definition = _named(child) if child.tag == _REFERENCE else child
        if definition is not None and local_name(definition).endswith("EventDefinition"):
            found.append(definition)
    return found


def _decides(definition: Element) -> bool:
    condition = definition.find(bpmn("condition"))
    text = "" if condition is None else "".join(condition.itertext()).strip()
    try:
        compile_expression(text)
    except InvalidExpression:
        return False
    return bool(text)


def _named(reference: Element) -> Element | None:
    """The shared definition that a reference names; None where the file has none."""
    wanted = (reference.text or "").strip().rpartition(":")[2]
    root = reference.getroottree().getroot()
    for child in root.iterchildren(f"{{{BPMN}}}*"):
        if local_name(child).endswith("EventDefinition") and child.get("id") == wanted:
            return child
    return None
