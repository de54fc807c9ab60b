"""What is refused of constructs that run otherwise: nothing there can be done rightly."""

from collections.abc import Iterator

from lxml.etree import _Element as Element

from processes.diagram import SUB_PROCESSES, NodeKind
from processes.document import BPMN, bpmn, local_name
from processes.drawing import truth
from processes.feel import InvalidExpression, compile_expression
from processes.rule import Words
from processes.support.construct import refused
from processes.support.instances import Instances, read_instances

MOST_TOKENS = 100  # that an activity may want or give
MOST_TURNS = 10_000  # of a loop

_EXPRESSION = Words(
    "Sửa biểu thức FEEL; số lần phải là số nguyên dương.",
    "Mend the FEEL expression; numbers of times are positive whole numbers.",
)


RESTRICTIONS = (
    refused(
        "activity.standardLoop.endless",
        Words("dấu lặp không có điều kiện dừng", "loop marker without an end"),
        Words(
            "Ghi loopCondition (lặp khi còn đúng) hoặc loopMaximum.",
            "State a loopCondition (go on while it holds) or a loopMaximum.",
        ),
    ),
    refused(
        "activity.multiInstance.unnumbered",
        Words("dấu nhiều lượt không có số lượt", "multi-instance marker without a number"),
        Words(
            "Ghi loopCardinality (số lượt) hoặc loopDataInputRef (danh sách), không ghi cả hai.",
            "State a loopCardinality (how many) or a loopDataInputRef (a list), not both.",
        ),
    ),
    refused(
        "activity.multiInstance.output",
        Words("gom kết quả của các lượt", "collected output of instances"),
        Words(
            "Bỏ loopDataOutputRef và outputDataItem: mọi lượt ghi vào cùng các trường, lượt sau "
            "cùng được giữ.",
            "Remove loopDataOutputRef and outputDataItem: all instances enter the same fields, "
            "and the last one's values are kept.",
        ),
    ),
    refused(
        "activity.multiInstance.events",
        Words("sự kiện phát khi xong từng lượt", "events thrown by instances"),
        Words(
            "Bỏ thuộc tính behavior hoặc để All; vẽ sự kiện trong một quy trình con nhiều lượt.",
            "Remove the behavior or make it All; draw the event in a multi-instance sub-process.",
        ),
    ),
    refused(
        "activity.repetition.expression",
        Words("biểu thức của dấu lặp không hợp lệ", "invalid expression of a repetition"),
        _EXPRESSION,
    ),
    refused(
        "activity.repetition.compensation",
        Words("bước bù trừ có dấu lặp", "repeated compensation activity"),
        Words("Bỏ dấu lặp của bước bù trừ.", "Remove the marker of the compensation activity."),
    ),
    refused(
        "activity.quantity.number",
        Words("số thẻ không hợp lệ", "invalid token quantity"),
        Words(
            f"Ghi một số nguyên từ 1 đến {MOST_TOKENS}.",
            f"State a whole number from 1 to {MOST_TOKENS}.",
        ),
    ),
    refused(
        "adHocSubProcess.condition",
        Words(
            "quy trình con tùy biến không có điều kiện hoàn thành",
            "ad-hoc sub-process without a completion condition",
        ),
        Words(
            "Ghi completionCondition bằng FEEL: khi nào thì đủ.",
            "State a completionCondition in FEEL: when it is enough.",
        ),
    ),
    refused(
        "adHocSubProcess.remaining",
        Words(
            "quy trình con tùy biến chờ các bước còn lại (cancelRemainingInstances=false)",
            "ad-hoc sub-process that waits for what remains (cancelRemainingInstances=false)",
        ),
        Words(
            "Bỏ thuộc tính này: khi đủ điều kiện, các bước còn mở được đóng lại.",
            "Remove the attribute: when it is enough, the steps that are still open are closed.",
        ),
    ),
    refused(
        "adHocSubProcess.sequential",
        Words(
            "quy trình con bên trong quy trình con tùy biến tuần tự",
            "sub-process in a sequential ad-hoc sub-process",
        ),
        Words(
            "Bỏ ordering=Sequential, hoặc vẽ các bước trực tiếp.",
            "Remove ordering=Sequential, or draw the steps directly.",
        ),
    ),
    refused(
        "adHocSubProcess.events",
        Words(
            "sự kiện bắt đầu hoặc kết thúc trong quy trình con tùy biến",
            "start or end event in an ad-hoc sub-process",
        ),
        Words("Bỏ các sự kiện đó.", "Remove these events."),
    ),
    refused(
        "complexGateway.activation",
        Words(
            "cổng phức hợp gộp nhánh không có điều kiện kích hoạt",
            "complex gateway that joins without an activation condition",
        ),
        Words(
            "Ghi activationCondition, ví dụ activationCount >= 2, hoặc dùng cổng bao hàm.",
            "State an activationCondition such as activationCount >= 2, or use an inclusive one.",
        ),
    ),
    refused(
        "complexGateway.both",
        Words(
            "cổng phức hợp vừa gộp vừa rẽ theo điều kiện",
            "complex gateway that joins and also chooses",
        ),
        Words(
            "Tách thành hai cổng: một cổng gộp, một cổng bao hàm để rẽ.",
            "Draw two gateways: one that joins, and an inclusive one that chooses.",
        ),
    ),
)

_LOOP, _MULTI = bpmn("standardLoopCharacteristics"), bpmn("multiInstanceLoopCharacteristics")
_EVENTS_OF_INSTANCES = ("noneBehaviorEventRef", "oneBehaviorEventRef")


def restricted(element: Element, kind: NodeKind) -> Iterator[str]:
    """Codes of what is refused of an activity or gateway whose kind runs."""
    yield from _quantities(element)
    loop, multiple = element.find(_LOOP), element.find(_MULTI)
    if loop is not None:
        yield from _loop(loop)
    elif multiple is not None:
        yield from _instances(multiple, element)
    repeated = loop is not None or multiple is not None
    if repeated and truth(element.get("isForCompensation")):
        yield "activity.repetition.compensation"
    if kind is NodeKind.AD_HOC_SUB_PROCESS:
        yield from _ad_hoc(element)
    elif kind is NodeKind.COMPLEX:
        yield from _complex(element)


def _quantities(element: Element) -> Iterator[str]:
    for name in ("startQuantity", "completionQuantity"):
        if _whole(element.get(name, "1"), MOST_TOKENS) is None:
            yield "activity.quantity.number"


def _loop(loop: Element) -> Iterator[str]:
    condition, maximum = _text(loop, "loopCondition"), loop.get("loopMaximum")
    if condition is None and maximum is None:
        yield "activity.standardLoop.endless"
    wrong = maximum is not None and _whole(maximum, MOST_TURNS) is None
    if wrong or not _compiles(condition):
        yield "activity.repetition.expression"


def _instances(multiple: Element, activity: Element) -> Iterator[str]:
    stated: Instances = read_instances(multiple, activity)
    if (stated.number is None) == (stated.collection is None):
        yield "activity.multiInstance.unnumbered"
    if not all(map(_compiles, (stated.number, stated.collection, stated.completion))):
        yield "activity.repetition.expression"
    outputs = ("loopDataOutputRef", "outputDataItem")
    if any(multiple.find(bpmn(name)) is not None for name in outputs):
        yield "activity.multiInstance.output"
    events = any(multiple.get(name) for name in _EVENTS_OF_INSTANCES)
    if events or multiple.find(bpmn("complexBehaviorDefinition")) is not None:
        yield "activity.multiInstance.events"


def _ad_hoc(element: Element) -> Iterator[str]:
    condition = _text(element, "completionCondition")
    inside = [local_name(child) for child in element.iterchildren(f"{{{BPMN}}}*")]
    in_turn = element.get("ordering") == "Sequential"
    if condition is None:
        yield "adHocSubProcess.condition"
    elif not _compiles(condition):
        yield "activity.repetition.expression"
    if not in_turn and not truth(element.get("cancelRemainingInstances"), otherwise=True):
        yield "adHocSubProcess.remaining"
    if in_turn and not {kind.value for kind in SUB_PROCESSES}.isdisjoint(inside):
        yield "adHocSubProcess.sequential"
    if "startEvent" in inside or "endEvent" in inside:
        yield "adHocSubProcess.events"


def _complex(gateway: Element) -> Iterator[str]:
    around = gateway.getparent()
    flows = [] if around is None else list(around.iterchildren(bpmn("sequenceFlow")))
    own = gateway.get("id")
    joins = sum(flow.get("targetRef") == own for flow in flows) > 1
    activation = _text(gateway, "activationCondition")
    chooses = any(
        flow.get("sourceRef") == own and flow.find(bpmn("conditionExpression")) is not None
        for flow in flows
    )
    if joins and activation is None:
        yield "complexGateway.activation"
    if joins and chooses:
        yield "complexGateway.both"
    if not _compiles(activation):
        yield "activity.repetition.expression"


def _text(element: Element, name: str) -> str | None:
    found = element.find(bpmn(name))
    text = "" if found is None else "".join(found.itertext()).strip()
    return text or None


def _whole(text: str, most: int) -> int | None:
    """A number from 1 to `most`; None for any other text."""
    stripped = text.strip()
    if not stripped.isdecimal() or len(stripped) > len(str(most)):
        return None
    number = int(stripped)
    return number if 1 <= number <= most else None


def _compiles(text: str | None) -> bool:
    if text is None:
        return True
    try:
        compile_expression(text)
    except InvalidExpression:
        return False
    return True
