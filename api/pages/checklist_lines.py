"""The checklist as people read it: groups with their rule, and what this dossier does not need."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from api.condition_words import spoken_condition
from processes.checklist import ChecklistItem, Present, checklist, is_required, missing
from processes.component import GroupRule, Requirement
from processes.data_entry import Value, enter
from processes.data_field import DataField
from processes.errors import Language, RuleError
from processes.procedure import Procedure

_RULES = {
    GroupRule.ONE_OF: ("Nộp một trong các giấy tờ sau", "One of these papers"),
    GroupRule.AT_LEAST: ("Nộp ít nhất {n} trong các giấy tờ sau", "At least {n} of these papers"),
}

_ONLY = ("bắt buộc", "required")  # the group's other papers are for other cases


@dataclass(frozen=True, slots=True)
class Line:
    """One component: applies = asked for in this dossier; condition: when, in words."""

    item: ChecklistItem
    applies: bool
    condition: str


@dataclass(frozen=True, slots=True)
class Cluster:
    """Components that belong together; rule: what is asked of them, "" where each stands alone.

    complete: whether the group has what it needs; None where each component stands alone.
    """

    name: str
    rule: str
    lines: tuple[Line, ...]
    complete: bool | None


@dataclass(frozen=True, slots=True)
class Lines:
    """clusters: what the dossier needs or may have; not_needed: what its data rule out."""

    clusters: tuple[Cluster, ...]
    not_needed: tuple[Line, ...]


def checklist_lines(
    procedure: Procedure,
    fields: Iterable[DataField],
    data: Mapping[str, Value],
    present: Present,
    language: Language,
) -> Lines:
    """The components of a dossier with these data, in the procedure's order."""
    fields = tuple(fields)
    known = {field.code: data.get(field.code) for field in fields} | dict(data)
    clusters: dict[str, list[Line]] = {}
    not_needed = []
    for item in checklist(procedure, known, present):
        component = item.component
        conditional = component.requirement is Requirement.WHEN
        line = Line(
            item,
            applies=not conditional or is_required(component, known),
            condition=spoken_condition(component.when or "", fields, language),
        )
        if line.applies or item.present:
            # Papers of no group stand together in one cluster without a name.
            chosen = item.group is not None and item.group.rule in _RULES
            clusters.setdefault(component.group or "" if chosen else "", []).append(line)
        else:
            not_needed.append(line)
    return Lines(
        tuple(
            _cluster(procedure, code, lines, known, present, language)
            for code, lines in clusters.items()
        ),
        tuple(not_needed),
    )


def _cluster(
    procedure: Procedure,
    code: str,
    lines: list[Line],
    data: Mapping[str, Any],
    present: Present,
    language: Language,
) -> Cluster:
    group = next((group for group in procedure.component_groups if group.code == code), None)
    if group is None:
        return Cluster("", "", tuple(lines), None)
    vi, en = _RULES[group.rule] if len(lines) > 1 else _ONLY
    codes = [line.item.component.code for line in lines]
    lacking = [m for m in missing(procedure, data, present, codes) if m.among]
    rule = (vi if language == "vi" else en).format(n=group.at_least)
    return Cluster(group.name, rule, tuple(lines), complete=not lacking)


def typed_so_far(fields: Iterable[DataField], given: Mapping[str, str]) -> dict[str, Value]:
    """What can be understood of a form that is still being filled in."""
    typed: dict[str, Value] = {}
    for field in fields:
        raw = given.get(field.code)
        try:
            typed |= enter((field,), {} if raw is None else {field.code: raw})
        except RuleError:
            typed[field.code] = None
    return typed
