"""Which activity of a log is which step of the diagram: by id, by name, or as a file says."""

import csv
import io
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from analysis.conformance.invalid_conformance import MappingUnknownElement, MappingUnreadable
from analysis.event_log.columns import folded
from processes.diagram import Diagram

NOWHERE = ""
"""In a mapping file: this activity is none of the diagram's and is left out of the comparison."""


@dataclass(frozen=True, slots=True)
class Activities:
    """elements: activity -> ids of the steps it can be; several steps may carry one name.

    left_out: activities that the file says are none of the diagram's. unknown: those that no step
    is found for; each of their events is a deviation.
    """

    elements: Mapping[str, tuple[str, ...]]
    left_out: frozenset[str]
    unknown: frozenset[str]


def mapped(
    activities: Iterable[str],
    diagram: Diagram,
    steps: Collection[str],
    told: Mapping[str, str] = MappingProxyType({}),
) -> Activities:
    """Find the steps of activities: as told, else with that id, else with that name; case,
    accents, blanks and punctuation of names do not matter.

    steps: ids of elements that can be completed. told: activity -> id, or `NOWHERE`.
    """
    named: dict[str, list[str]] = {}
    for element in sorted(steps):
        node = diagram.node(element)
        if node is not None and (name := folded(node.name)):
            named.setdefault(name, []).append(element)
    for element in told.values():
        if element != NOWHERE and element not in steps:
            raise MappingUnknownElement(element=element)
    found: dict[str, tuple[str, ...]] = {}
    names = sorted(set(activities))
    for activity in names:
        if activity in told:
            if told[activity] != NOWHERE:
                found[activity] = (told[activity],)
        elif activity in steps:
            found[activity] = (activity,)
        elif folded(activity) in named:
            found[activity] = tuple(named[folded(activity)])
    left_out = frozenset(name for name in names if told.get(name) == NOWHERE)
    return Activities(
        MappingProxyType(found), left_out, frozenset(set(names) - set(found) - left_out)
    )


def read_mapping(text: str) -> dict[str, str]:
    """A mapping file: CSV, a line an activity, `activity,element id`; an empty id leaves it out.

    A first line "activity,element" is a heading.
    """
    found: dict[str, str] = {}
    rows = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    try:
        for number, row in enumerate(rows, start=1):
            if not row or (number == 1 and [cell.strip() for cell in row] == list(_HEADING)):
                continue
            if len(row) != len(_HEADING) or not row[0].strip():
                raise MappingUnreadable(line=number)
            found[row[0].strip()] = row[1].strip()
    except csv.Error as broken:
        raise MappingUnreadable(line="?") from broken
    return found


_HEADING = ("activity", "element")
