"""The components of a dossier as JSON: what is there and what is missing."""

from collections.abc import Iterable

from api.condition_words import spoken_condition
from api.rest.answer import Answer
from api.rest.procedure_answer import CopiesAnswer
from processes.checklist import ChecklistItem, Missing
from processes.component import CopyForm, Requirement
from processes.data_field import DataField


class MissingAnswer(Answer):
    """One thing lacking: so many more of a component, or of the members of a group.

    among: names of the members that would do, where it is a group that lacks them; `codes` are
    theirs and `name` is the group's then.
    """

    codes: list[str]
    name: str
    number: int
    form: CopyForm | None
    among: list[str]
    vi: str
    en: str


class ChecklistAnswer(Answer):
    """A component as it stands in the dossier; present: form -> number.

    when_vi, when_en: the condition that decided `required`, "" where there is none.
    """

    code: str
    name: str
    required: bool
    when_vi: str
    when_en: str
    legal_basis: str | None
    copies: list[CopiesAnswer]
    group: str | None
    present_only: bool
    present: dict[str, int]
    missing: list[MissingAnswer]


def missing_answers(found: Iterable[Missing]) -> list[MissingAnswer]:
    """What is lacking, in words."""
    return [
        MissingAnswer(
            codes=list(item.codes),
            name=item.name,
            number=item.number,
            form=item.form,
            among=list(item.among),
            vi=item.describe("vi"),
            en=item.describe("en"),
        )
        for item in found
    ]


def checklist_answer(item: ChecklistItem, fields: Iterable[DataField]) -> ChecklistAnswer:
    """One component: what is there of it, what is lacking, and why it is asked for."""
    conditional = item.component.requirement is Requirement.WHEN
    condition = item.component.when or "" if conditional else ""
    fields = tuple(fields)
    return ChecklistAnswer(
        code=item.component.code,
        name=item.component.name,
        required=item.required,
        when_vi=spoken_condition(condition, fields, "vi"),
        when_en=spoken_condition(condition, fields, "en"),
        legal_basis=item.component.legal_basis,
        copies=[CopiesAnswer.model_validate(each) for each in item.component.copies],
        group=None if item.group is None else item.group.code,
        present_only=item.component.present_only,
        present=dict(item.present),
        missing=missing_answers(item.missing),
    )
