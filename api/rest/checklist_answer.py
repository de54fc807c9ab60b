"""The components of a dossier as JSON: what is there and what is missing."""

from collections.abc import Iterable

from api.rest.answer import Answer
from api.rest.procedure_answer import CopiesAnswer
from processes.checklist import ChecklistItem, Missing
from processes.component import CopyForm


class MissingAnswer(Answer):
    """One thing lacking: so many more of a component, or of the members of a group."""

    codes: list[str]
    name: str
    number: int
    form: CopyForm | None
    vi: str
    en: str


class ChecklistAnswer(Answer):
    """A component as it stands in the dossier; present: form -> number."""

    code: str
    name: str
    required: bool
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
            vi=item.describe("vi"),
            en=item.describe("en"),
        )
        for item in found
    ]


def checklist_answer(item: ChecklistItem) -> ChecklistAnswer:
    """One component: what is there of it, and what is lacking."""
    return ChecklistAnswer(
        code=item.component.code,
        name=item.component.name,
        required=item.required,
        copies=[CopiesAnswer.model_validate(each) for each in item.component.copies],
        group=None if item.group is None else item.group.code,
        present_only=item.component.present_only,
        present=dict(item.present),
        missing=missing_answers(item.missing),
    )
