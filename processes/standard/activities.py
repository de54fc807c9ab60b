"""Activities: tokens, compensation, messages that start, roles."""

import re
from collections.abc import Iterator

from lxml.etree import _Element as Element

from processes.document import bpmn
from processes.drawing import truth
from processes.finding import Finding, Severity
from processes.standard.constraint import Constraint
from processes.standard.model import ACTIVITY_KINDS, Model

START_QUANTITY = Constraint(
    "std-start-quantity",
    Severity.ERROR,
    "{node}: startQuantity là “{value}”, phải là số nguyên từ 1. Sửa hoặc bỏ thuộc tính.",
    "{node}: startQuantity is '{value}', but must be a whole number from 1. Correct or remove it.",
    "10.3.1",
)
COMPLETION_QUANTITY = Constraint(
    "std-completion-quantity",
    Severity.ERROR,
    "{node}: completionQuantity là “{value}”, phải là số nguyên từ 1. Sửa hoặc bỏ thuộc tính.",
    "{node}: completionQuantity is '{value}', but must be a whole number from 1. Correct or remove "
    "it.",
    "10.3.1",
)
COMPENSATION_INCOMING = Constraint(
    "std-compensation-incoming",
    Severity.ERROR,
    "{node} là bước bù trừ nên không được có luồng vào. Bỏ luồng vào.",
    "{node} is a compensation activity, so no flow may lead into it. Remove the flow.",
    "10.7.1",
)
COMPENSATION_OUTGOING = Constraint(
    "std-compensation-outgoing",
    Severity.ERROR,
    "{node} là bước bù trừ nên không được có luồng ra. Bỏ luồng ra.",
    "{node} is a compensation activity, so no flow may leave it. Remove the flow.",
    "10.7.1",
)
COMPENSATION_LOOSE = Constraint(
    "std-compensation-loose",
    Severity.ERROR,
    "{node} là bước bù trừ nhưng không nối với sự kiện bù trừ nào, nên không bao giờ chạy. Nối "
    "bằng đường nối (association).",
    "{node} is a compensation activity, but no compensation event leads to it, so it never runs. "
    "Connect it by an association.",
    "10.7.1",
)
RECEIVE_INCOMING = Constraint(
    "std-receive-instantiate",
    Severity.ERROR,
    "{node} mở quy trình (instantiate) nên không được có luồng vào. Bỏ luồng vào hoặc thuộc tính.",
    "{node} starts the process (instantiate), so no flow may lead into it. Remove the flow or the "
    "attribute.",
    "10.3.3",
)
TASK_MESSAGE = Constraint(
    "std-task-message-missing",
    Severity.WARNING,
    "{node} thuộc quy trình thực thi nhưng chưa chọn thông điệp. Chọn thông điệp.",
    "{node} is part of an executable process but names no message. Choose the message.",
    "10.3.3",
)
SCRIPT_FORMAT = Constraint(
    "std-script-format",
    Severity.WARNING,
    "{node} có mã lệnh nhưng chưa ghi ngôn ngữ (scriptFormat). Ghi ngôn ngữ.",
    "{node} has a script but no scriptFormat. State its language.",
    "10.3.3",
)
SCRIPT_TYPE = Constraint(
    "std-script-mime-type",
    Severity.WARNING,
    "{node}: scriptFormat “{format}” không phải kiểu MIME (như text/x-groovy). Sửa lại.",
    "{node}: the scriptFormat '{format}' is no MIME type (such as text/x-groovy). Correct it.",
    "10.3.3",
)
ROLE = Constraint(
    "std-role-twice",
    Severity.WARNING,
    "{node}: người thực hiện được ghi cả bằng resourceRef và bằng biểu thức. Chỉ giữ một.",
    "{node}: a role is stated both by resourceRef and by an expression. Keep one.",
    "10.2.1",
)
ROLE_PARAMETERS = Constraint(
    "std-role-parameters",
    Severity.WARNING,
    "{node}: người thực hiện có tham số nhưng không có resourceRef. Ghi resourceRef hoặc bỏ tham "
    "số.",
    "{node}: a role has parameters but no resourceRef. State the resourceRef, or remove them.",
    "10.2.1",
)
RULES = (
    *(START_QUANTITY, COMPLETION_QUANTITY, COMPENSATION_INCOMING, COMPENSATION_OUTGOING),
    *(COMPENSATION_LOOSE, RECEIVE_INCOMING, TASK_MESSAGE, SCRIPT_FORMAT, SCRIPT_TYPE),
    *(ROLE, ROLE_PARAMETERS),
)

_QUANTITIES = (("startQuantity", START_QUANTITY), ("completionQuantity", COMPLETION_QUANTITY))
_ROLES = ("resourceRole", "performer", "humanPerformer", "potentialOwner")
_WHOLE = re.compile(r"\+?0*[1-9]\d{0,17}")
_MIME_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+(\s*;.*)?")


def judge_activities(model: Model) -> Iterator[Finding]:
    """Findings about tasks, calls and sub-processes as activities (10.3, 10.7.1)."""
    for activity in model.of(*sorted(ACTIVITY_KINDS)):
        if activity not in model.flowing:
            continue
        yield from _quantities(model, activity)
        if model.is_compensation(activity):
            yield from _compensation(model, activity)
    yield from _messages(model)
    yield from _scripts(model)
    for role in model.of(*_ROLES):
        yield from _role(model, role)


def _quantities(model: Model, activity: Element) -> Iterator[Finding]:
    for attribute, rule in _QUANTITIES:
        value = activity.get(attribute, "1").strip()
        if not _WHOLE.fullmatch(value):
            yield rule.at(model.id_of(activity), node=model.words(activity), value=value)


def _compensation(model: Model, activity: Element) -> Iterator[Finding]:
    where, words = model.id_of(activity), model.words(activity)
    if model.incoming.get(activity):
        yield COMPENSATION_INCOMING.at(where, node=words)
    if model.outgoing.get(activity):
        yield COMPENSATION_OUTGOING.at(where, node=words)
    callers = model.associated.get(activity, ())
    called = any("compensate" in model.event_kinds(event) for event in callers)
    if not called and not model.is_event_sub_process(activity):
        yield COMPENSATION_LOOSE.at(where, node=words)


def _messages(model: Model) -> Iterator[Finding]:
    for task in model.of("receiveTask"):
        if truth(task.get("instantiate")) and model.incoming.get(task):
            yield RECEIVE_INCOMING.at(model.id_of(task), node=model.words(task))
    for task in model.of("sendTask", "receiveTask"):
        named = task.get("messageRef") or task.get("operationRef")
        if not named and model.is_executable(task):
            yield TASK_MESSAGE.at(model.id_of(task), node=model.words(task))


def _scripts(model: Model) -> Iterator[Finding]:
    for task in model.of("scriptTask"):
        written = task.find(bpmn("script"))
        language = task.get("scriptFormat", "").strip()
        if written is not None and not language:
            yield SCRIPT_FORMAT.at(model.id_of(task), node=model.words(task))
        elif language and not _MIME_TYPE.fullmatch(language):
            yield SCRIPT_TYPE.at(model.id_of(task), node=model.words(task), format=language)


def _role(model: Model, role: Element) -> Iterator[Finding]:
    named = bool(model.children(role, "resourceRef"))
    around = model.parent[role]
    if named and model.children(role, "resourceAssignmentExpression"):
        yield ROLE.at(model.id_of(around), node=model.words(around))
    if not named and model.children(role, "resourceParameterBinding"):
        yield ROLE_PARAMETERS.at(model.id_of(around), node=model.words(around))
