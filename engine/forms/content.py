"""What a form says, before it has a number; and the entries that only a person can make."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from engine.forms.kinds import SAID, FormKind
from engine.forms.refusals import EntryInvalid, EntryNeeded, FormNotCalledFor
from engine.store.columns import spell
from processes.data_entry import is_storable

_NOT_MATTER = ("number", "place_date", "day", "replaces", "form", "basis", "description")
_LONGEST = 4_000
_LONGEST_LINE = 300


@dataclass(frozen=True, slots=True)
class Content:
    """facts: plain texts for the template. about: which of several things of the dossier the form
    is about (a request, an extension), "" where there is one only.
    """

    facts: Mapping[str, Any]
    about: str = ""

    @property
    def matter(self) -> dict[str, Any]:
        """What may not change silently: all but number, date and template."""
        return {name: fact for name, fact in self.facts.items() if name not in _NOT_MATTER}

    def spelt_matter(self) -> bytes:
        return spell(self.matter).encode()

    def spelt(self) -> bytes:
        """The facts as they are stored."""
        return spell(self.facts).encode()


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that a person says on a form.

    choices: value and its words; long: several lines.
    """

    name: str
    vi: str
    en: str
    needed: bool = False
    long: bool = False
    choices: Sequence[tuple[str, str, str]] = field(default=())


def read_entries(
    kind: FormKind, entries: Sequence[Entry], given: Mapping[str, str]
) -> dict[str, str]:
    """What was entered, every entry in its place; EntryInvalid, EntryNeeded."""
    known = {entry.name: entry for entry in entries}
    for name in given:
        if name not in known:
            raise EntryInvalid(field=name[:60], why_vi="không có mục này", why_en="no such entry")
    return {entry.name: _read(kind, entry, given.get(entry.name, "")) for entry in entries}


def _read(kind: FormKind, entry: Entry, text: str) -> str:
    kept = "".join(c for c in unicodedata.normalize("NFC", text) if is_storable(c))
    lines = [" ".join(line.split()) for line in kept.splitlines()]
    said = "\n".join(lines).strip() if entry.long else " ".join(" ".join(lines).split())
    if not said:
        if entry.needed:
            names = {"entry_vi": entry.vi, "entry_en": entry.en}
            forms = {"form_vi": SAID[kind].vi, "form_en": SAID[kind].en}
            raise EntryNeeded(field=entry.name, **names, **forms)
        return ""
    most = _LONGEST if entry.long else _LONGEST_LINE
    if len(said) > most:
        why = {"why_vi": f"dài quá {most} ký tự", "why_en": f"longer than {most} characters"}
        raise EntryInvalid(field=entry.name, **why)
    if entry.choices and said not in {value for value, _, _ in entry.choices}:
        known = ", ".join(value for value, _, _ in entry.choices)
        raise EntryInvalid(field=entry.name, why_vi=f"chọn {known}", why_en=f"one of {known}")
    return said


def not_called_for(kind: FormKind, why_vi: str, why_en: str) -> FormNotCalledFor:
    """The refusal of a form that the record gives no occasion for."""
    forms = {"form_vi": SAID[kind].vi.lower(), "form_en": SAID[kind].en}
    return FormNotCalledFor(**forms, why_vi=why_vi, why_en=why_en)
