"""What is wrong with an entry about the applicant, and what is only unlikely.

The impossible is refused. The unlikely is a doubt: somebody looks at the paper once more and says
that it is written there.
"""

from dataclasses import dataclass

from processes.errors import InvalidInput, Language


class InvalidContact(InvalidInput):
    """A contact detail that cannot be used."""

    code = "applicant.invalid_contact"
    vi = "{field_vi} “{value}” không hợp lệ. {hint_vi}"
    en = "{field_en} '{value}' is not valid. {hint_en}"


@dataclass(frozen=True, slots=True)
class Doubt:
    """An entry that is unlikely: of which field, and why, in both languages."""

    field: str
    vi: str
    en: str

    def message(self, language: Language) -> str:
        return self.vi if language == "vi" else self.en


@dataclass(frozen=True, slots=True)
class Judged:
    """An entry as it is kept, and what is unlikely about it."""

    value: str
    doubts: tuple[Doubt, ...] = ()


SHOWN = 60
"""Characters of an entry that are shown in a message."""
