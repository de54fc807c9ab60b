"""Who does a step, as other engines state it: a group, else a person's name."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml.etree import _Element as Element

from processes.dialects.names import engine_attributes, engine_elements, is_dynamic
from processes.document import BPMN, bpmn, local_name

_STATIC_LIST = re.compile(r'=\s*\[\s*"[^"]*"(?:\s*,\s*"[^"]*")*\s*\]')
_STATIC_TEXT = re.compile(r'=\s*"([^"]*)"')
_GROUP = re.compile(r"group\(([^()]*)\)")
_USER = re.compile(r"user\(([^()]*)\)")
_ROLES = frozenset({"performer", "humanPerformer", "potentialOwner", "resourceRole"})


@dataclass(frozen=True, slots=True)
class Assignee:
    """The position that shall do a step.

    name: the first group or person stated. source: where it is stated ("camunda:candidateGroups").
    others: further groups or persons that may do it too. is_person: stated as one person.
    """

    name: str
    source: str
    others: tuple[str, ...] = ()
    is_person: bool = False


def read_assignee(activity: Element) -> Assignee | None:
    """Who shall do the activity, None where nobody is named or only at run time.

    Groups win over persons: a group is nearer to a position.
    """
    stated = list(_stated(activity))
    for is_person in (False, True):
        for source, names, person in stated:
            if person is is_person and names:
                return Assignee(names[0], source, names[1:], person)
    return None


def _stated(activity: Element) -> Iterator[tuple[str, tuple[str, ...], bool]]:
    for attribute, person in (
        ("candidateGroups", False),
        ("assignee", True),
        ("candidateUsers", True),
    ):
        for engine, value in engine_attributes(activity, attribute):
            yield f"{engine}:{attribute}", _names(value), person
        for engine, definition in engine_elements(activity, "assignmentDefinition"):
            value = definition.get(attribute, "").strip()
            yield f"{engine}:assignmentDefinition {attribute}", _names(value), person
    yield from _standard(activity)


def _standard(activity: Element) -> Iterator[tuple[str, tuple[str, ...], bool]]:
    """BPMN's own roles; Activiti writes "user(kermit), group(management)" into them."""
    for role in activity.iterchildren(f"{{{BPMN}}}*"):
        if local_name(role) not in _ROLES:
            continue
        text = "".join(t for e in role.iter(bpmn("formalExpression")) for t in e.itertext()).strip()
        groups = tuple(name for found in _GROUP.findall(text) for name in _names(found))
        users = tuple(name for found in _USER.findall(text) for name in _names(found))
        yield local_name(role), groups, False
        yield local_name(role), users, True
        if not (groups or users):
            yield local_name(role), _names(text or role.get("name", "")), False


def _names(value: str) -> tuple[str, ...]:
    """The names in a list such as "a, b" or `=["a", "b"]`; none where they are computed."""
    if (text := _STATIC_TEXT.fullmatch(value)) is not None:
        value = text[1]
    elif _STATIC_LIST.fullmatch(value):
        value = value.lstrip("= ")[1:-1].replace('"', "")
    elif is_dynamic(value):
        return ()
    return tuple(
        name
        for part in value.split(",")
        if (name := " ".join(part.split())) and not is_dynamic(name)
    )
