"""The checklist: which components a dossier needs now, why, and what is missing."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from processes.component import Component, ComponentGroup, CopyForm, GroupRule, Requirement
from processes.feel import compile_expression
from processes.procedure import Procedure

WAIVED = "waived"
PRODUCED = "produced"

Present = Mapping[str, Mapping[str, int]]
"""Component code -> form ("original", ..., "waived", "produced") -> number present."""


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing the dossier lacks.

    codes: one component, or those of a group that are not complete and of which `number` more are
    needed. form: the form that is lacking, None where any form will do. among: the names of those
    components, where it is a group that lacks them; `name` is the group's then.
    """

    codes: tuple[str, ...]
    name: str
    number: int
    form: CopyForm | None = None
    among: tuple[str, ...] = ()

    def describe(self, language: str) -> str:
        """E.g. "1 bản chính Đơn đề nghị" / "1 original of Đơn đề nghị"; of a group "một trong các
        giấy tờ sau: (1) Hợp đồng, (2) Văn bản".
        """
        if len(self.among) > 1:
            names = ", ".join(f"({place}) {name}" for place, name in enumerate(self.among, 1))
            return f"{choice_words(self.number, len(self.among), language)}: {names}"
        vi, en = _FORM_WORDS[self.form]
        name = self.among[0] if self.among else self.name
        return f"{self.number} {vi} {name}" if language == "vi" else f"{self.number} {en} of {name}"


_FORM_WORDS = {
    CopyForm.ORIGINAL: ("bản chính", "original"),
    CopyForm.CERTIFIED: ("bản sao chứng thực", "certified copy"),
    CopyForm.PLAIN: ("bản sao", "plain copy"),
    CopyForm.ELECTRONIC: ("bản điện tử", "electronic copy"),
    None: ("bản", "copy"),
}


def choice_words(number: int, of: int, language: str) -> str:
    """How many of so many papers are wanted: "một trong các giấy tờ sau"."""
    if number >= of:
        vi, en = f"cả {of} giấy tờ sau", f"all {of} of the following"
    elif number == 1:
        vi, en = "một trong các giấy tờ sau", "one of the following"
    else:
        vi, en = f"ít nhất {number} trong các giấy tờ sau", f"at least {number} of the following"
    return vi if language == "vi" else en


@dataclass(frozen=True, slots=True)
class ChecklistItem:
    """A component as it stands in one dossier; `required` after its condition was weighed."""

    component: Component
    required: bool
    present: Mapping[str, int]
    group: ComponentGroup | None
    missing: tuple[Missing, ...]


def is_required(component: Component, data: Mapping[str, object]) -> bool:
    """Whether the component is required given the dossier's data.

    A condition over data that nobody has entered yet does not hold.
    """
    if component.requirement is Requirement.WHEN:
        return compile_expression(component.when or "false").evaluate(data) is True
    return component.requirement is Requirement.REQUIRED


def checklist(
    procedure: Procedure, data: Mapping[str, object], present: Present
) -> tuple[ChecklistItem, ...]:
    """Every component of the procedure, in its order, with what is present and what is missing."""
    groups = {group.code: group for group in procedure.component_groups}
    return tuple(
        ChecklistItem(
            component=component,
            required=(needed := is_required(component, data) and _stands_alone(component, groups)),
            present=present.get(component.code, {}),
            group=groups.get(component.group or ""),
            missing=tuple(_lacking(component, present.get(component.code, {}))) if needed else (),
        )
        for component in procedure.components
    )


def missing(
    procedure: Procedure,
    data: Mapping[str, object],
    present: Present,
    codes: Collection[str] | None = None,
) -> tuple[Missing, ...]:
    """What the dossier lacks, of the components named (None: of all the procedure asks for).

    The page greys its button and the engine refuses the act with this same call.
    """
    asked = None if codes is None else set(codes)
    groups = {group.code: group for group in procedure.component_groups}
    lacking: list[Missing] = []
    for component in procedure.components:
        wanted = asked is None or component.code in asked
        if wanted and _stands_alone(component, groups) and is_required(component, data):
            lacking.extend(_lacking(component, present.get(component.code, {})))
    for group in procedure.component_groups:
        members = [c for c in procedure.components if c.group == group.code]
        if asked is None or asked.intersection(c.code for c in members):
            lacking.extend(_lacking_of_group(group, members, data, present))
    return tuple(lacking)


def _stands_alone(component: Component, groups: Mapping[str, ComponentGroup]) -> bool:
    group = groups.get(component.group or "")
    return group is None or group.rule is GroupRule.ALL


def _lacking(component: Component, present: Mapping[str, int]) -> list[Missing]:
    if WAIVED in present or PRODUCED in present:
        return []
    if not component.copies:
        enough = sum(present.values()) > 0
        return [] if enough else [Missing((component.code,), component.name, 1)]
    return [
        Missing((component.code,), component.name, copies.number - have, copies.form)
        for copies in component.copies
        if (have := present.get(copies.form.value, 0)) < copies.number
    ]


def _lacking_of_group(
    group: ComponentGroup,
    members: list[Component],
    data: Mapping[str, object],
    present: Present,
) -> list[Missing]:
    if group.rule in (GroupRule.NOTE, GroupRule.ALL):
        return []
    applicable = [
        c for c in members if c.requirement is not Requirement.WHEN or is_required(c, data)
    ]
    open_ = [c for c in applicable if _lacking(c, present.get(c.code, {}))]
    complete = len(applicable) - len(open_)
    wanted = min(1 if group.rule is GroupRule.ONE_OF else group.at_least, len(applicable))
    if complete >= wanted:
        return []
    codes, names = tuple(c.code for c in open_), tuple(c.name for c in open_)
    return [Missing(codes, group.name, wanted - complete, among=names)]
