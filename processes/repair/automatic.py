"""Work that a machine did elsewhere: here a person does it and says when it is done."""

from collections.abc import Iterator
from functools import partial

from lxml.etree import _Element as Element

from processes.diagram import NodeKind
from processes.document import bpmn, local_name
from processes.repair.repair import Change, Kind
from processes.repair.wording import quoted, shown, words_of
from processes.repair.workpiece import Workpiece
from processes.rule import Words

STEP = Kind(
    "task.person",
    "{node} là {kind}: hệ thống không chạy phần mềm hay mã lệnh trong sơ đồ. Đổi thành bước của "
    "người thực hiện, giữ tên và mô tả: một người làm rồi xác nhận hoàn thành.",
    "{node} is a {kind}: no software or code of a diagram is run here. It becomes a person's step "
    "with the same name and documentation: somebody does it and completes it.",
    answers=(
        "support.serviceTask",
        "support.scriptTask",
        "support.businessRuleTask",
    ),
)
INSTANTIATING = Kind(
    "task.instantiate",
    "{node} là bước nhận tự mở hồ sơ; ở đây hồ sơ mở khi được tiếp nhận. Thành bước nhận thường.",
    "{node} opens a dossier by itself; here a dossier begins when it is received. It becomes an "
    "ordinary receive task.",
    answers=("support.receiveTask.instantiate", "std-receive-instantiate"),
)
QUANTITY = Kind(
    "task.quantity",
    "{node} ghi số thẻ khác 1 ({before}); không có trong việc của cơ quan. Bỏ các thuộc tính này.",
    "{node} states token quantities other than 1 ({before}), which offices do not count. They are "
    "taken out.",
    answers=("support.activity.quantity", "std-start-quantity", "std-completion-quantity"),
)
KINDS = (STEP, INSTANTIATING, QUANTITY)

_WORDS = {
    NodeKind.SERVICE_TASK: Words("tác vụ dịch vụ", "service task"),
    NodeKind.SCRIPT_TASK: Words("tác vụ kịch bản", "script task"),
    NodeKind.BUSINESS_RULE_TASK: Words("tác vụ quy tắc nghiệp vụ", "business rule task"),
}
_QUANTITIES = ("startQuantity", "completionQuantity")
_MOST = 2_000  # characters of a script that are kept to read


def give_work_to_people(piece: Workpiece) -> Iterator[Change]:
    """Service, script and rule tasks become steps; tokens are counted one by one."""
    for node in piece.of_kind(*_WORDS):
        kind = NodeKind(local_name(node))
        if piece.refuses(node, kind):
            after = f"userTask {quoted(node)}"
            facts = {"node": words_of(node), "kind": _WORDS[kind]}
            repair = STEP.of(node.get("id"), shown(node), after, **facts)
            yield Change(repair, partial(_to_step, piece, node))
    for node in list(piece.nodes.values()):
        stated = {q: node.get(q, "1") for q in _QUANTITIES if node.get(q, "1").strip() != "1"}
        if stated and piece.complaints.at(node.get("id"), QUANTITY.answers):
            before = " ".join(f'{name}="{value}"' for name, value in stated.items())
            repair = QUANTITY.of(node.get("id"), before, "–", node=words_of(node))
            yield Change(repair, partial(_unset, node, *stated))
    for node in piece.of_kind(NodeKind.RECEIVE_TASK):
        instantiate = node.get("instantiate", "").strip() in ("true", "1")
        if instantiate and piece.refuses(node, "receiveTask.instantiate"):
            repair = INSTANTIATING.of(
                node.get("id"), 'instantiate="true"', "–", node=words_of(node)
            )
            yield Change(repair, partial(_unset, node, "instantiate"))


def _to_step(piece: Workpiece, node: Element) -> None:
    for script in list(node.iterchildren(bpmn("script"))):
        text = "".join(script.itertext()).strip()
        if text:
            piece.say(node, f"Mã lệnh trong sơ đồ gốc (không chạy):\n{text[:_MOST]}")
        piece.drop(script, node)
    piece.change_kind(node, "userTask", "scriptFormat", "implementation", "operationRef")


def _unset(node: Element, *attributes: str) -> None:
    for attribute in attributes:
        node.attrib.pop(attribute, None)
