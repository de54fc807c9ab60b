"""Link events: a throwing one leads to the catching one of the same name on the same level."""

from collections.abc import Iterator

from lxml.etree import _Element as Element

from processes.finding import Finding, Severity
from processes.standard.constraint import Constraint
from processes.standard.model import CONTAINER_KINDS, Model

UNNAMED = Constraint(
    "std-link-name",
    Severity.ERROR,
    "{node} là sự kiện liên kết nhưng chưa có tên liên kết, nên không biết dẫn tới đâu. Đặt tên.",
    "{node} is a link event without a link name, so nobody knows where it leads. Name the link.",
    "10.5.5",
)
NO_TARGET = Constraint(
    "std-link-target-missing",
    Severity.ERROR,
    "{node} dẫn tới liên kết “{name}”, nhưng cùng cấp không có sự kiện chờ mang tên đó. Thêm sự "
    "kiện đích hoặc sửa tên.",
    "{node} leads to the link '{name}', but no catching event of this level has that name. Add it, "
    "or correct the name.",
    "10.5.5",
)
SEVERAL_TARGETS = Constraint(
    "std-link-target-several",
    Severity.ERROR,
    "{node}: liên kết “{name}” đã có một sự kiện đích khác. Mỗi tên liên kết chỉ có một đích.",
    "{node}: the link '{name}' has another target already. Each link name has one target only.",
    "10.5.5",
)
NO_SOURCE = Constraint(
    "std-link-source-missing",
    Severity.ERROR,
    "{node} đợi liên kết “{name}”, nhưng cùng cấp không có sự kiện phát mang tên đó. Thêm sự kiện "
    "phát hoặc bỏ sự kiện này.",
    "{node} is the target of the link '{name}', but no throwing event of this level has that name. "
    "Add one, or remove this.",
    "10.5.5",
)
SOURCE_OUTGOING = Constraint(
    "std-link-source-outgoing",
    Severity.ERROR,
    "{node} phát liên kết nên không được có luồng ra: liên kết thay cho luồng. Bỏ luồng ra.",
    "{node} throws a link, which stands for its flow, so no flow may leave it. Remove the flow.",
    "10.5.5",
)
TARGET_INCOMING = Constraint(
    "std-link-target-incoming",
    Severity.ERROR,
    "{node} là đích của liên kết nên không được có luồng vào. Bỏ luồng vào.",
    "{node} is the target of a link, so no flow may lead into it. Remove the flow.",
    "10.5.5",
)
SOURCE_INCOMING = Constraint(
    "std-link-source-incoming",
    Severity.ERROR,
    "{node} phát liên kết nhưng không có luồng vào, nên không bao giờ tới. Nối từ phần tử đứng "
    "trước.",
    "{node} throws a link but no flow leads into it, so it is never reached. Connect it.",
    "10.5.5",
)
TARGET_OUTGOING = Constraint(
    "std-link-target-outgoing",
    Severity.ERROR,
    "{node} là đích của liên kết nhưng không có luồng ra. Nối tới bước tiếp theo.",
    "{node} is the target of a link but no flow leaves it. Connect it to the next step.",
    "10.5.5",
)
RULES = (
    *(UNNAMED, NO_TARGET, SEVERAL_TARGETS, NO_SOURCE),
    *(SOURCE_OUTGOING, TARGET_INCOMING, SOURCE_INCOMING, TARGET_OUTGOING),
)


def judge_links(model: Model) -> Iterator[Finding]:
    """Findings about link events, level by level (10.5.5)."""
    if "linkEventDefinition" not in model.by_kind:
        return
    for container in model.of(*sorted(CONTAINER_KINDS)):
        sources = list(_links(model, container, "intermediateThrowEvent"))
        targets = list(_links(model, container, "intermediateCatchEvent"))
        yield from _pairs(model, sources, targets)
        for event, _ in sources:
            if model.outgoing.get(event):
                yield SOURCE_OUTGOING.at(model.id_of(event), node=model.words(event))
            if not model.incoming.get(event):
                yield SOURCE_INCOMING.at(model.id_of(event), node=model.words(event))
        for event, _ in targets:
            if model.incoming.get(event):
                yield TARGET_INCOMING.at(model.id_of(event), node=model.words(event))
            if not model.outgoing.get(event):
                yield TARGET_OUTGOING.at(model.id_of(event), node=model.words(event))


def _links(model: Model, container: Element, kind: str) -> Iterator[tuple[Element, str]]:
    for event in model.children(container, kind):
        for defined, definition in model.events.get(event, ()):
            if defined == "link":
                yield event, (definition.get("name") or event.get("name") or "").strip()


def _pairs(
    model: Model, sources: list[tuple[Element, str]], targets: list[tuple[Element, str]]
) -> Iterator[Finding]:
    thrown = {name for _, name in sources}
    caught = {name for _, name in targets}
    for event, name in (*sources, *targets):
        if not name:
            yield UNNAMED.at(model.id_of(event), node=model.words(event))
    for event, name in sources:
        if name and name not in caught:
            yield NO_TARGET.at(model.id_of(event), node=model.words(event), name=name)
    seen: set[str] = set()
    for event, name in targets:
        if name and name not in thrown:
            yield NO_SOURCE.at(model.id_of(event), node=model.words(event), name=name)
        if name and name in seen:
            yield SEVERAL_TARGETS.at(model.id_of(event), node=model.words(event), name=name)
        seen.add(name)
