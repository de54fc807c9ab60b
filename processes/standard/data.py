"""Data: what data objects, inputs, outputs and the associations between them may join."""

from collections.abc import Iterator

from lxml.etree import _Element as Element

from processes.document import bpmn
from processes.finding import Finding, Severity
from processes.rule import Words
from processes.standard.constraint import Constraint
from processes.standard.model import Model
from processes.standard.references import DATA_KINDS

SCOPE = Constraint(
    "std-data-object-scope",
    Severity.WARNING,
    "{node} dùng {data}, nhưng dữ liệu đó thuộc quy trình hoặc quy trình con khác nên không thấy "
    "được. Chuyển dữ liệu ra cấp ngoài.",
    "{node} refers to {data} of another process or sub-process, where it cannot be seen. Move the "
    "data to a level around both.",
    "10.4.1",
)
NO_TARGET = Constraint(
    "std-data-association-target",
    Severity.WARNING,
    "{node}: một đường dữ liệu không ghi đích (targetRef). Nối lại với phần tử dữ liệu.",
    "{node}: a data association has no target (targetRef). Connect it to the data again.",
    "10.4.2",
)
NO_SOURCE = Constraint(
    "std-data-association-source",
    Severity.WARNING,
    "{node}: một đường dữ liệu vào không ghi nguồn (sourceRef). Nối lại với phần tử dữ liệu.",
    "{node}: a data input association has no source (sourceRef). Connect it to the data again.",
    "10.4.2",
)
SEVERAL_SOURCES = Constraint(
    "std-data-association-sources",
    Severity.WARNING,
    "{node}: một đường dữ liệu có {count} nguồn nhưng không có phép biến đổi (transformation). Ghi "
    "phép biến đổi hoặc tách ra.",
    "{node}: a data association has {count} sources but no transformation. State one, or split it.",
    "10.4.2",
)
INPUT_TARGET = Constraint(
    "std-data-input-elsewhere",
    Severity.WARNING,
    "{node}: đường dữ liệu vào dẫn tới {data}, không phải dữ liệu vào của phần tử này. Nối lại.",
    "{node}: its data input association leads to {data}, which is no input of it. Connect it "
    "again.",
    "10.4.2",
)
OUTPUT_SOURCE = Constraint(
    "std-data-output-elsewhere",
    Severity.WARNING,
    "{node}: đường dữ liệu ra bắt đầu từ {data}, không phải dữ liệu ra của phần tử này. Nối lại.",
    "{node}: its data output association starts at {data}, which is no output of it. Connect it "
    "again.",
    "10.4.2",
)
DIFFERENT_ITEMS = Constraint(
    "std-data-association-items",
    Severity.WARNING,
    "{node}: đường dữ liệu nối {source} với {target} có kiểu khác nhau mà không có phép biến đổi. "
    "Dùng cùng kiểu, hoặc ghi transformation.",
    "{node}: a data association joins {source} and {target} of different types without a "
    "transformation. Use one type, or state the transformation.",
    "10.4.2",
)
NO_INPUT_SET = Constraint(
    "std-io-input-set",
    Severity.WARNING,
    "{node}: đặc tả dữ liệu thiếu inputSet. Thêm inputSet, có thể rỗng.",
    "{node}: its ioSpecification has no inputSet. Add one; it may be empty.",
    "10.4.2",
)
NO_OUTPUT_SET = Constraint(
    "std-io-output-set",
    Severity.WARNING,
    "{node}: đặc tả dữ liệu thiếu outputSet. Thêm outputSet, có thể rỗng.",
    "{node}: its ioSpecification has no outputSet. Add one; it may be empty.",
    "10.4.2",
)
INPUT_UNUSED = Constraint(
    "std-io-input-unused",
    Severity.WARNING,
    "{node}: {data} không thuộc inputSet nào. Thêm vào một inputSet.",
    "{node}: {data} is in no inputSet. Put it into one.",
    "10.4.2",
)
OUTPUT_UNUSED = Constraint(
    "std-io-output-unused",
    Severity.WARNING,
    "{node}: {data} không thuộc outputSet nào. Thêm vào một outputSet.",
    "{node}: {data} is in no outputSet. Put it into one.",
    "10.4.2",
)
CATCH_INPUT = Constraint(
    "std-catch-data-input",
    Severity.WARNING,
    "{node} nhận sự kiện nên chỉ có dữ liệu ra, không có dữ liệu vào. Bỏ dữ liệu vào.",
    "{node} catches an event, so it has data outputs only. Remove the data input.",
    "10.5.1",
)
THROW_OUTPUT = Constraint(
    "std-throw-data-output",
    Severity.WARNING,
    "{node} phát sự kiện nên chỉ có dữ liệu vào, không có dữ liệu ra. Bỏ dữ liệu ra.",
    "{node} throws an event, so it has data inputs only. Remove the data output.",
    "10.5.1",
)
RULES = (
    *(SCOPE, NO_TARGET, NO_SOURCE, SEVERAL_SOURCES, INPUT_TARGET, OUTPUT_SOURCE),
    *(DIFFERENT_ITEMS, NO_INPUT_SET, NO_OUTPUT_SET, INPUT_UNUSED, OUTPUT_UNUSED),
    *(CATCH_INPUT, THROW_OUTPUT),
)

_CATCHING = frozenset({"startEvent", "boundaryEvent", "intermediateCatchEvent"})
_THROWING = frozenset({"endEvent", "intermediateThrowEvent"})
_INPUTS = frozenset({"dataInput", "property", "inputDataItem"})
_OUTPUTS = frozenset({"dataOutput", "property", "outputDataItem"})


def judge_data(model: Model) -> Iterator[Finding]:
    """Findings about data and data associations (10.4)."""
    for reference in model.of("dataObjectReference"):
        data = model.resolve(reference.get("dataObjectRef", ""))
        seen = data is None or model.kind[data] != "dataObject"
        if not seen and data is not None and not _sees(model, reference, data):
            facts = {"node": model.words(reference), "data": model.words(data)}
            yield SCOPE.at(model.id_of(reference), **facts)
    for association in model.of("dataInputAssociation", "dataOutputAssociation"):
        yield from _association(model, association)
    for specification in model.of("ioSpecification"):
        yield from _specification(model, specification)
    for kind, events, rule in (
        ("dataInput", _CATCHING, CATCH_INPUT),
        ("dataOutput", _THROWING, THROW_OUTPUT),
    ):
        for data in model.of(kind):
            event = model.parent[data]
            if model.kind[event] in events:
                yield rule.at(model.id_of(event), node=model.words(event))


def _sees(model: Model, reference: Element, data: Element) -> bool:
    """Whether what holds the data is around the reference."""
    around: Element | None = model.parent[reference]
    home = model.parent[data]
    while around is not None and around is not home:
        around = model.parent.get(around)
    return around is home


def _association(model: Model, association: Element) -> Iterator[Finding]:
    owner = model.parent[association]
    where, words = model.id_of(owner), model.words(owner)
    sources = [s for s in model.children(association, "sourceRef") if (s.text or "").strip()]
    targets = [t for t in model.children(association, "targetRef") if (t.text or "").strip()]
    is_input = model.kind[association] == "dataInputAssociation"
    transformed = association.find(bpmn("transformation")) is not None
    assigned = association.find(bpmn("assignment")) is not None
    if not targets:
        yield NO_TARGET.at(where, node=words)
    if is_input and not sources and not (transformed or assigned):
        yield NO_SOURCE.at(where, node=words)
    if len(sources) > 1 and not transformed:
        yield SEVERAL_SOURCES.at(where, node=words, count=len(sources))
    if len(sources) != 1 or len(targets) != 1:
        return
    source, target = model.resolve(sources[0].text or ""), model.resolve(targets[0].text or "")
    if source is None or target is None:
        return  # said as a reference
    data = model.kind[source] in DATA_KINDS and model.kind[target] in DATA_KINDS
    if not data:
        return  # said as a reference
    if is_input and not _belongs(model, target, owner, _INPUTS):
        yield INPUT_TARGET.at(where, node=words, data=model.words(target))
    if not is_input and not _belongs(model, source, owner, _OUTPUTS):
        yield OUTPUT_SOURCE.at(where, node=words, data=model.words(source))
    items = (_item(model, source), _item(model, target))
    if not (transformed or assigned) and all(items) and items[0] != items[1]:
        ends = {"source": model.words(source), "target": model.words(target)}
        yield DIFFERENT_ITEMS.at(where, node=words, **ends)


def _belongs(model: Model, data: Element, owner: Element, kinds: frozenset[str]) -> bool:
    """Whether the data are the owner's: its own, or of its ioSpecification or its loop."""
    if model.kind[data] not in kinds:
        return False
    holder = model.parent.get(data)
    return holder is owner or (holder is not None and model.parent.get(holder) is owner)


def _item(model: Model, data: Element) -> str:
    """The structure that the data have, empty where they do not say."""
    pointed = {"dataObjectReference": "dataObjectRef", "dataStoreReference": "dataStoreRef"}
    attribute = pointed.get(model.kind[data])
    held = model.resolve(data.get(attribute, "")) if attribute else None
    item = model.resolve((data if held is None else held).get("itemSubjectRef", ""))
    return item.get("structureRef", "") if item is not None else ""


def _specification(model: Model, specification: Element) -> Iterator[Finding]:
    owner = model.parent[specification]
    where, words = model.id_of(owner), model.words(owner)
    for data_kind, set_kind, references, missing, unused in (
        ("dataInput", "inputSet", "dataInputRefs", NO_INPUT_SET, INPUT_UNUSED),
        ("dataOutput", "outputSet", "dataOutputRefs", NO_OUTPUT_SET, OUTPUT_UNUSED),
    ):
        sets = model.children(specification, set_kind)
        if not sets:
            yield missing.at(where, node=words)
            continue
        used = {(r.text or "").strip() for each in sets for r in model.children(each, references)}
        for data in model.children(specification, data_kind):
            if data.get("id") not in used:
                shown = model.words(data) if data.get("id") else Words("–", "–")
                yield unused.at(where, node=words, data=shown)
