"""References: what an element names is there, and is of the kind that the place asks for.

One constraint for each reference of the standard's class diagrams. A reference with a prefix of
another namespace names something of an imported file and is believed.
"""

from collections.abc import Iterator
from typing import NamedTuple

from lxml.etree import _Element as Element

from processes.document import FLOW_NODES
from processes.finding import Finding, Severity
from processes.rule import Words
from processes.standard.constraint import Constraint
from processes.standard.model import ACTIVITY_KINDS, CHOREOGRAPHY_KINDS, EVENT_KINDS, Model

_VI = "{what}: {attribute} trỏ tới “{reference}”, {problem} Chọn lại {wanted}, hoặc xóa tham chiếu."
_EN = "{what}: {attribute} names '{reference}', {problem} Choose {wanted} again, or remove it."
_ABSENT = Words("không có trong tệp.", "which is not in the file.")


class _Target(NamedTuple):
    """What a reference may name: kinds of elements, none for anything; what people call it."""

    kinds: frozenset[str]
    words: Words


class Reference(NamedTuple):
    """Where a reference stands, and what it may name.

    owners: kinds of elements; place: the attribute, or the child element if `is_child`.
    """

    owners: frozenset[str]
    place: str
    is_child: bool
    target: _Target
    constraint: Constraint


def _target(kinds: str, vi: str, en: str) -> _Target:
    return _Target(frozenset(kinds.split()), Words(vi, en))


_ANY = _target("", "phần tử", "the element")
_MESSAGE = _target("message", "thông điệp", "the message")
_OPERATION = _target("operation", "thao tác dịch vụ", "the operation")
_ITEM = _target("itemDefinition", "kiểu dữ liệu", "the item definition")
_POOL = _target("participant", "bể", "the pool")
_PROCESS = _target("process", "quy trình", "the process")
_MESSAGE_FLOW = _target("messageFlow", "luồng thông điệp", "the message flow")
_ERROR_DEFINED = _target("error", "lỗi", "the error")
_LINK = _target("linkEventDefinition", "sự kiện liên kết", "the link event")
_CATEGORY = _target("categoryValue", "giá trị phân loại", "the category value")
_PROPERTY = _target("correlationProperty", "thuộc tính tương quan", "the correlation property")
_DATA = _target(
    "dataObject dataObjectReference dataStoreReference dataStore dataInput dataOutput property "
    "inputDataItem outputDataItem",
    "phần tử dữ liệu",
    "the data element",
)
DATA_KINDS = _DATA.kinds
_CALLED = _target(
    "process globalTask globalUserTask globalManualTask globalScriptTask globalBusinessRuleTask",
    "quy trình được gọi",
    "the called process",
)
_EVENT = _target(
    " ".join(
        f"{kind}EventDefinition"
        for kind in (
            *("message", "timer", "error", "escalation", "cancel", "compensate"),
            *("conditional", "link", "signal", "terminate"),
        )
    ),
    "định nghĩa sự kiện",
    "the event definition",
)
_ACTIVITY = _Target(ACTIVITY_KINDS, Words("bước cần bù trừ", "the activity to compensate"))
_NODE = _Target(
    frozenset({*FLOW_NODES, *CHOREOGRAPHY_KINDS}),
    Words("bước, sự kiện hoặc cổng", "the step, event or gateway"),
)
_ITEM_AWARE = (
    "dataObject dataObjectReference dataStore dataStoreReference dataInput dataOutput property "
    "inputDataItem outputDataItem"
)
_ASSOCIATIONS = "dataInputAssociation dataOutputAssociation"
_LOOP = "multiInstanceLoopCharacteristics"
_ROLES = "resourceRole performer humanPerformer potentialOwner"
_TALKS = "conversation subConversation callConversation"
_CHOREOGRAPHIES = " ".join(sorted(CHOREOGRAPHY_KINDS))

# code, section, owners, attribute or /child, what it may name
_EXECUTION = (
    ("message", "10.5.5", "messageEventDefinition", "messageRef", _MESSAGE),
    ("error", "10.5.5", "errorEventDefinition", "errorRef", _ERROR_DEFINED),
    (
        *("escalation", "10.5.5", "escalationEventDefinition", "escalationRef"),
        _target("escalation", "việc báo cấp trên", "the escalation"),
    ),
    (
        *("signal", "10.5.5", "signalEventDefinition", "signalRef"),
        _target("signal", "tín hiệu", "the signal"),
    ),
    ("compensation", "10.5.5", "compensateEventDefinition", "activityRef", _ACTIVITY),
    ("event-definition", "10.5.5", " ".join(sorted(EVENT_KINDS)), "/eventDefinitionRef", _EVENT),
    ("task-message", "10.3.3", "sendTask receiveTask", "messageRef", _MESSAGE),
    ("called-element", "10.3.6", "callActivity", "calledElement", _CALLED),
    (
        *("data-object", "10.4.1", "dataObjectReference", "dataObjectRef"),
        _target("dataObject", "đối tượng dữ liệu", "the data object"),
    ),
    ("participant-process", "9.3", "participant", "processRef", _PROCESS),
)
_DRAWING = (
    ("message-operation", "10.5.5", "messageEventDefinition", "/operationRef", _OPERATION),
    ("link-source", "10.5.5", "linkEventDefinition", "/source", _LINK),
    ("link-target", "10.5.5", "linkEventDefinition", "/target", _LINK),
    ("task-operation", "10.3.3", "sendTask receiveTask serviceTask", "operationRef", _OPERATION),
    ("operation-in", "8.4.4", "operation", "/inMessageRef", _MESSAGE),
    ("operation-out", "8.4.4", "operation", "/outMessageRef", _MESSAGE),
    ("operation-error", "8.4.4", "operation", "/errorRef", _ERROR_DEFINED),
    (
        *("data-store", "10.4.1", "dataStoreReference", "dataStoreRef"),
        _target("dataStore", "kho dữ liệu", "the data store"),
    ),
    ("item", "10.4.1", _ITEM_AWARE, "itemSubjectRef", _ITEM),
    ("message-item", "8.4.11", "message", "itemRef", _ITEM),
    ("payload-item", "8.4", "error escalation signal", "structureRef", _ITEM),
    (
        *("input-set", "10.4.2", "inputSet", "/dataInputRefs"),
        _target("dataInput", "dữ liệu vào", "the data input"),
    ),
    (
        *("output-set", "10.4.2", "outputSet", "/dataOutputRefs"),
        _target("dataOutput", "dữ liệu ra", "the data output"),
    ),
    (
        *("input-set-outputs", "10.4.2", "inputSet", "/outputSetRefs"),
        _target("outputSet", "tập dữ liệu ra", "the output set"),
    ),
    (
        *("output-set-inputs", "10.4.2", "outputSet", "/inputSetRefs"),
        _target("inputSet", "tập dữ liệu vào", "the input set"),
    ),
    ("data-source", "10.4.2", _ASSOCIATIONS, "/sourceRef", _DATA),
    ("data-target", "10.4.2", _ASSOCIATIONS, "/targetRef", _DATA),
    ("loop-input", "10.3.8", _LOOP, "/loopDataInputRef", _DATA),
    ("loop-output", "10.3.8", _LOOP, "/loopDataOutputRef", _DATA),
    ("loop-one-event", "10.3.8", _LOOP, "oneBehaviorEventRef", _EVENT),
    ("loop-none-event", "10.3.8", _LOOP, "noneBehaviorEventRef", _EVENT),
    (
        *("participant-interface", "9.3", "participant", "/interfaceRef"),
        _target("interface", "giao diện dịch vụ", "the interface"),
    ),
    ("lane-node", "10.8", "lane", "/flowNodeRef", _NODE),
    ("lane-partition", "10.8", "lane", "partitionElementRef", _ANY),
    ("message-flow-message", "9.4", "messageFlow", "messageRef", _MESSAGE),
    ("association-source", "8.4.1", "association", "sourceRef", _ANY),
    ("association-target", "8.4.1", "association", "targetRef", _ANY),
    ("category", "8.4.1", "group", "categoryValueRef", _CATEGORY),
    (
        *("resource", "10.2.1", _ROLES, "/resourceRef"),
        _target("resource", "nguồn lực", "the resource"),
    ),
    (
        *("resource-parameter", "8.4.12", "resourceParameterBinding", "parameterRef"),
        _target("resourceParameter", "tham số nguồn lực", "the resource parameter"),
    ),
    ("correlation-property", "8.4.2", "correlationKey", "/correlationPropertyRef", _PROPERTY),
    (
        *("correlation-message", "8.4.2", "correlationPropertyRetrievalExpression", "messageRef"),
        _MESSAGE,
    ),
    (
        *("correlation-key", "8.4.2", "correlationSubscription", "correlationKeyRef"),
        _target("correlationKey", "khóa tương quan", "the correlation key"),
    ),
    (
        *("correlation-binding", "8.4.2", "correlationPropertyBinding", "correlationPropertyRef"),
        _PROPERTY,
    ),
    (
        *("definitional-collaboration", "10.2", "process", "definitionalCollaborationRef"),
        _target("collaboration choreography", "sơ đồ cộng tác", "the collaboration"),
    ),
    ("supported-process", "10.2", "process", "/supports", _PROCESS),
    ("conversation-pool", "9.5", _TALKS, "/participantRef", _POOL),
    ("conversation-flow", "9.5", _TALKS, "/messageFlowRef", _MESSAGE_FLOW),
    ("choreography-pool", "11.5", _CHOREOGRAPHIES, "/participantRef", _POOL),
    ("choreography-message-flow", "11.5.1", "choreographyTask", "/messageFlowRef", _MESSAGE_FLOW),
    (
        *("called-choreography", "11.5.3", "callChoreography", "calledChoreographyRef"),
        _target("choreography globalChoreographyTask", "biên đạo", "the called choreography"),
    ),
    ("pool-association", "9.3", "participantAssociation", "/innerParticipantRef", _POOL),
    ("partner", "9.3", "partnerEntity partnerRole", "/participantRef", _POOL),
    ("binding-operation", "10.4.2", "ioBinding", "operationRef", _OPERATION),
)


def _references() -> Iterator[Reference]:
    for severity, table in ((Severity.ERROR, _EXECUTION), (Severity.WARNING, _DRAWING)):
        for code, section, owners, place, target in table:
            constraint = Constraint(f"std-ref-{code}", severity, _VI, _EN, section)
            is_child = place.startswith("/")
            where = place.removeprefix("/")
            yield Reference(frozenset(owners.split()), where, is_child, target, constraint)


REFERENCES = tuple(_references())
RULES = tuple(reference.constraint for reference in REFERENCES)

# Procedures of other files are called by their ids: only what is here can be of a wrong kind.
_MAY_BE_ELSEWHERE = frozenset({"std-ref-called-element"})


def judge_references(model: Model) -> Iterator[Finding]:
    """Findings about references that name nothing, or something of another kind (8.2, 8.4)."""
    for reference in REFERENCES:
        for kind in sorted(reference.owners & model.by_kind.keys()):
            for owner in model.by_kind[kind]:
                for text in _texts(model, owner, reference):
                    yield from _judge(model, owner, reference, text)


def _texts(model: Model, owner: Element, reference: Reference) -> list[str]:
    if not reference.is_child:
        text = owner.get(reference.place, "").strip()
        return [text] if text else []
    texts = ((child.text or "").strip() for child in model.children(owner, reference.place))
    return [text for text in texts if text]


def _judge(model: Model, owner: Element, reference: Reference, text: str) -> Iterator[Finding]:
    found = model.resolve(text)
    kinds, wanted = reference.target
    if found is None:
        elsewhere = reference.constraint.code in _MAY_BE_ELSEWHERE
        if elsewhere or model.is_foreign(owner, text):
            return
        problem = _ABSENT
    elif not kinds or model.kind[found] in kinds:
        return
    else:
        words = model.words(found)
        problem = Words(f"là {words.vi}, sai loại.", f"which is {words.en}, of a wrong kind.")
    yield reference.constraint.at(
        model.id_of(owner),
        what=model.visible(owner),
        attribute=reference.place,
        reference=text,
        problem=problem,
        wanted=wanted,
    )
