"""Dossier components: codes that agree, groups that can be met, each asked for somewhere."""

from collections import Counter
from collections.abc import Iterator

from processes.component import Component, ComponentGroup, GroupRule, Requirement
from processes.finding import Finding, Severity
from processes.lint.expressions import Expressions
from processes.procedure import Procedure
from processes.rule import Rule, Words, listed
from processes.step import StepSpec

DUPLICATE = Rule(
    "qt-component-duplicate",
    Severity.ERROR,
    "Mã thành phần hồ sơ “{code}” được khai báo nhiều lần. Đặt mã riêng cho từng thành phần.",
    "The component code '{code}' is declared twice. Give each component a code of its own.",
)
UNKNOWN = Rule(
    "qt-component-unknown",
    Severity.ERROR,
    "Bước “{step}” đòi thành phần “{code}”, nhưng quy trình không khai báo. Các thành phần đã khai "
    "báo: {known}.",
    "Step '{step}' requires the component '{code}', which the procedure does not declare. "
    "Declared: {known}.",
)
NOT_ENFORCED = Rule(
    "qt-component-not-enforced",
    Severity.WARNING,
    "Bước “{step}” đòi “{name}”, nhưng thành phần này không bắt buộc nên bước vẫn hoàn thành được. "
    "Đổi required thành “required” hoặc “when”.",
    "Step '{step}' requires '{name}', which is optional, so the step can be completed without it. "
    "Make it 'required' or 'when'.",
)
UNASKED = Rule(
    "qt-component-unasked",
    Severity.WARNING,
    "Không bước nào đòi thành phần “{name}”. Thêm qt:requires ở bước kiểm tra thành phần này.",
    "No step asks for the component '{name}'. Add a qt:requires to the step that checks it.",
)
GROUP_DUPLICATE = Rule(
    "qt-group-duplicate",
    Severity.ERROR,
    "Mã nhóm thành phần “{code}” được khai báo nhiều lần. Đặt mã riêng cho từng nhóm.",
    "The group code '{code}' is declared twice. Give each group a code of its own.",
)
GROUP_UNKNOWN = Rule(
    "qt-group-unknown",
    Severity.ERROR,
    "Thành phần “{name}” thuộc nhóm “{group}”, nhưng không có nhóm đó. Khai báo qt:componentGroup.",
    "The component '{name}' belongs to the group '{group}', which does not exist. Declare a "
    "qt:componentGroup.",
)
GROUP_SMALL = Rule(
    "qt-group-small",
    Severity.ERROR,
    "Nhóm “{name}” cần {wanted} thành phần nhưng chỉ có {count}. Thêm thành phần vào nhóm hoặc bỏ "
    "nhóm.",
    "The group '{name}' needs {wanted} components but has {count}. Add components or remove it.",
)
WHEN_MISSING = Rule(
    "qt-when-missing",
    Severity.ERROR,
    'Thành phần “{name}” chỉ cần khi có điều kiện (required="when") nhưng chưa ghi điều kiện. Ghi '
    "thuộc tính when.",
    "Component '{name}' is conditional (required='when') but states no condition. Add the "
    "attribute when.",
)
WHEN_IGNORED = Rule(
    "qt-when-ignored",
    Severity.WARNING,
    "Thành phần “{name}” có điều kiện nhưng required là “{requirement}”, nên điều kiện không được "
    "xét. Ghi required là “when”.",
    "Component '{name}' has a condition but required is '{requirement}', so it is never weighed. "
    "Set required to 'when'.",
)
RULES = (
    *(DUPLICATE, UNKNOWN, NOT_ENFORCED, UNASKED, GROUP_DUPLICATE, GROUP_UNKNOWN, GROUP_SMALL),
    *(WHEN_MISSING, WHEN_IGNORED),
)


def judge_components(procedure: Procedure, expressions: Expressions) -> Iterator[Finding]:
    """Findings about the components, their groups, and the steps that ask for them."""
    element = procedure.process_id or None
    for code in _repeated([c.code for c in procedure.components]):
        yield DUPLICATE.at(element, code=code)
    for code in _repeated([g.code for g in procedure.component_groups]):
        yield GROUP_DUPLICATE.at(element, code=code)
    groups = {group.code: group for group in procedure.component_groups}
    for component in procedure.components:
        yield from _component(component, groups, element, expressions)
    yield from _groups(procedure, element)
    yield from _asked(procedure, groups, element)


def _component(
    component: Component,
    groups: dict[str, ComponentGroup],
    element: str | None,
    expressions: Expressions,
) -> Iterator[Finding]:
    if component.group is not None and component.group not in groups:
        yield GROUP_UNKNOWN.at(element, name=component.name, group=component.group)
    conditional = component.requirement is Requirement.WHEN
    if component.when is None:
        if conditional:
            yield WHEN_MISSING.at(element, name=component.name)
        return
    if not conditional:
        requirement = component.requirement.value
        yield WHEN_IGNORED.at(element, name=component.name, requirement=requirement)
    where = Words(f"Thành phần “{component.name}”", f"Component '{component.name}'")
    yield from expressions.judge(component.when, element, where)


def _groups(procedure: Procedure, element: str | None) -> Iterator[Finding]:
    members = Counter(component.group for component in procedure.components)
    for group in procedure.component_groups:
        wanted = group.at_least if group.rule is GroupRule.AT_LEAST else 1
        if members[group.code] < wanted:
            facts = {"name": group.name, "wanted": wanted, "count": members[group.code]}
            yield GROUP_SMALL.at(element, **facts)


def _asked(
    procedure: Procedure, groups: dict[str, ComponentGroup], element: str | None
) -> Iterator[Finding]:
    """A group is asked for as a whole as soon as a step asks for one of its members."""
    components = {component.code: component for component in procedure.components}
    known = listed(list(components), at_most=20)
    asked: set[str] = set()
    for step in procedure.steps:
        for code in step.requires:
            asked.add(code)
            if code not in components:
                facts = {"step": step.name or step.element_id, "code": code, "known": known}
                yield UNKNOWN.at(step.element_id, **facts)
            else:
                yield from _enforced(step, components[code], groups)
    asked_groups = {components[code].group for code in asked if code in components} - {None}
    for component in procedure.components:
        grouped = component.group in asked_groups
        needed = component.requirement is not Requirement.OPTIONAL
        if (
            needed
            and not grouped
            and component.code not in asked
            and not _is_note(component, groups)
        ):
            yield UNASKED.at(element, name=component.name)


def _enforced(
    step: StepSpec, component: Component, groups: dict[str, ComponentGroup]
) -> Iterator[Finding]:
    """An optional component on its own is never missing, whatever a step says."""
    group = groups.get(component.group or "")
    alone = group is None or group.rule is GroupRule.ALL
    optional = alone and component.requirement is Requirement.OPTIONAL
    if optional or _is_note(component, groups):
        facts = {"step": step.name or step.element_id, "name": component.name}
        yield NOT_ENFORCED.at(step.element_id, **facts)


def _is_note(component: Component, groups: dict[str, ComponentGroup]) -> bool:
    group = groups.get(component.group or "")
    return group is not None and group.rule is GroupRule.NOTE


def _repeated(codes: list[str]) -> list[str]:
    return [code for code, count in Counter(codes).items() if count > 1]
