"""The file itself: ids, imports, languages, and that every element stands where it may stand."""

import re
from collections.abc import Iterator

from lxml.etree import _Element as Element

from processes.document import FLOW_NODES
from processes.drawing import truth
from processes.finding import Finding, Severity
from processes.standard.constraint import Constraint
from processes.standard.known import KNOWN
from processes.standard.model import CONTAINER_KINDS, Model

NAMESPACE = Constraint(
    "std-target-namespace",
    Severity.WARNING,
    "Tệp chưa ghi targetNamespace. Lưu lại sơ đồ bằng công cụ vẽ BPMN.",
    "The file states no targetNamespace. Save the diagram again with a BPMN tool.",
    "8.2.1",
)
IMPORT = Constraint(
    "std-import-incomplete",
    Severity.WARNING,
    "Một import thiếu {attribute}. Ghi đủ namespace, location và importType.",
    "An import has no {attribute}. State namespace, location and importType.",
    "8.2.2",
)
LANGUAGE = Constraint(
    "std-language-uri",
    Severity.WARNING,
    "{where}: {attribute} là “{language}”, phải là một URI. Sửa lại.",
    "{where}: its {attribute} is '{language}', which has to be a URI. Correct it.",
    "8.2.1",
)
TEXT_FORMAT = Constraint(
    "std-text-format",
    Severity.WARNING,
    "{where}: textFormat “{format}” không phải kiểu MIME (như text/plain). Sửa lại.",
    "{where}: the textFormat '{format}' is no MIME type (such as text/plain). Correct it.",
    "8.4.1",
)
EXTENSION = Constraint(
    "std-extension-required",
    Severity.WARNING,
    "Tệp đòi công cụ phải hiểu phần mở rộng “{name}” (mustUnderstand), nhưng hệ thống không biết. "
    "Kiểm tra lại ý nghĩa của sơ đồ.",
    "The file demands that tools understand the extension '{name}' (mustUnderstand), which is "
    "unknown here. Check what the diagram means.",
    "8.2.3",
)
ID_MISSING = Constraint(
    "std-id-missing",
    Severity.WARNING,
    "Có phần tử {tag} (“{name}”) chưa có mã (id). Lưu lại sơ đồ bằng công cụ vẽ BPMN.",
    "A {tag} ('{name}') has no id. Save the diagram again with a BPMN tool.",
    "8.2.1",
)
ID_INVALID = Constraint(
    "std-id-name",
    Severity.WARNING,
    "Mã (id) “{id}” không đúng chuẩn XML: phải bắt đầu bằng chữ hoặc _, không có dấu cách và dấu "
    "hai chấm. Đổi mã.",
    "The id '{id}' is no XML name: it has to begin with a letter or _, without blanks and colons. "
    "Change it.",
    "8.2.1",
)
UNKNOWN = Constraint(
    "std-element-unknown",
    Severity.WARNING,
    "Chuẩn BPMN 2.0 không có phần tử “{tag}”. Sửa tên phần tử hoặc xóa đi.",
    "BPMN 2.0 has no element '{tag}'. Correct its name or remove it.",
    "15.1",
)
MISPLACED = Constraint(
    "std-element-misplaced",
    Severity.ERROR,
    "{node} nằm trong {where}, nơi không được có phần tử này. Đặt vào một quy trình.",
    "{node} stands in {where}, where it may not be. Put it into a process.",
    "8.4.7",
)
ROOT_MISPLACED = Constraint(
    "std-root-element-misplaced",
    Severity.WARNING,
    "{node} nằm trong {where}, nhưng phải đặt ngay dưới definitions. Lưu lại bằng công cụ vẽ BPMN.",
    "{node} stands in {where}, but belongs directly under definitions. Save the diagram again with "
    "a BPMN tool.",
    "8.2.1",
)
PUBLIC_EXECUTABLE = Constraint(
    "std-process-public-executable",
    Severity.WARNING,
    "{node} có processType là Public nên không được là quy trình thực thi. Đổi thành Private.",
    "{node} has the processType Public, so it must not be executable. Make it Private.",
    "10.2",
)
RULES = (
    *(NAMESPACE, IMPORT, LANGUAGE, TEXT_FORMAT, EXTENSION, ID_MISSING, ID_INVALID),
    *(UNKNOWN, MISPLACED, ROOT_MISPLACED, PUBLIC_EXECUTABLE),
)

_NAME = re.compile(r"[^\W\d][\w.\-]*")
_MIME_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+(\s*;.*)?")
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:\S+")
_REFERRED = (
    *("process", "participant", "message", "signal", "error", "escalation", "dataObject"),
    *("dataStore", "itemDefinition", "lane", "sequenceFlow", *sorted(FLOW_NODES)),
)
_ROOTS = frozenset(
    {
        *("process", "collaboration", "choreography", "message", "signal", "error", "escalation"),
        *("itemDefinition", "dataStore", "interface", "resource", "category", "globalTask"),
        *("correlationProperty", "partnerEntity", "partnerRole", "endPoint"),
    }
)
_LINTED = frozenset({*FLOW_NODES, "sequenceFlow", "lane", "process"})


def judge_definitions(model: Model) -> Iterator[Finding]:
    """Findings about the file as such (8.2, 8.4)."""
    if not model.target_namespace.strip():
        yield NAMESPACE.at(model.root.get("id"))
    yield from _imports(model)
    yield from _languages(model)
    yield from _ids(model)
    yield from _places(model)
    for kind in sorted(model.by_kind.keys() - KNOWN):
        for element in model.by_kind[kind]:
            yield UNKNOWN.at(model.id_of(element), tag=kind)
    for process in model.of("process"):
        public = process.get("processType", "").strip().lower() == "public"
        if public and truth(process.get("isExecutable")):
            yield PUBLIC_EXECUTABLE.at(model.id_of(process), node=model.words(process))


def _imports(model: Model) -> Iterator[Finding]:
    for each in model.of("import"):
        for attribute in ("namespace", "location", "importType"):
            if not each.get(attribute, "").strip():
                yield IMPORT.at(model.id_of(each), attribute=attribute)
    for each in model.of("extension"):
        if truth(each.get("mustUnderstand")):
            name = each.get("definition") or "–"
            yield EXTENSION.at(model.id_of(each), name=name)


def _languages(model: Model) -> Iterator[Finding]:
    for attribute in ("expressionLanguage", "typeLanguage"):
        yield from _language(model, model.root, attribute)
    for element in model.of("documentation", "textAnnotation"):
        stated = element.get("textFormat")
        if stated is not None and not _MIME_TYPE.fullmatch(stated.strip()):
            owner = model.visible(element)
            yield TEXT_FORMAT.at(model.id_of(element), where=owner, format=stated)


def _language(model: Model, element: Element, attribute: str) -> Iterator[Finding]:
    stated = element.get(attribute)
    if stated is not None and not _URI.fullmatch(stated.strip()):
        facts = {"where": model.visible(element), "attribute": attribute, "language": stated}
        yield LANGUAGE.at(model.id_of(element), **facts)


def _ids(model: Model) -> Iterator[Finding]:
    for element in model.of(*_REFERRED):
        element_id = element.get("id", "")
        linted = model.kind[element] in _LINTED and model.runs(element)
        if not element_id.strip() and not linted:
            facts = {"tag": model.kind[element], "name": element.get("name", "")}
            yield ID_MISSING.at(model.id_of(element), **facts)
    for element_id in model.by_id:
        if not _NAME.fullmatch(element_id):
            yield ID_INVALID.at(element_id, id=element_id)


def _places(model: Model) -> Iterator[Finding]:
    for kind in sorted(model.by_kind.keys() & (FLOW_NODES | {"sequenceFlow"})):
        homes = CONTAINER_KINDS | {"choreography", "subChoreography"}
        for element in model.by_kind[kind]:
            around = model.parent[element]
            if model.kind[around] not in homes:
                facts = {"node": model.words(element), "where": model.words(around)}
                yield MISPLACED.at(model.id_of(element), **facts)
    for kind in sorted(model.by_kind.keys() & _ROOTS):
        for element in model.by_kind[kind]:
            around = model.parent[element]
            if around is not model.root:
                facts = {"node": model.words(element), "where": model.words(around)}
                yield ROOT_MISPLACED.at(model.id_of(element), **facts)
