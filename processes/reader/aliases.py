"""Time limits that other tools can state: a property named `timeLimit` in their own namespace."""

import re
from collections.abc import Iterator
from decimal import Decimal

from lxml.etree import _Element as Element

from processes.document import bpmn, namespace
from processes.time_limit import TimeLimit, Unit

NAMES = ("qt.timeLimit", "timeLimit")
NAMESPACES = {
    "http://camunda.org/schema/1.0/bpmn": "camunda",
    "http://camunda.org/schema/zeebe/1.0": "zeebe",
    "http://flowable.org/bpmn": "flowable",
    "http://activiti.org/bpmn": "activiti",
    "http://spiffworkflow.org/bpmn/schema/1.0/core": "spiffworkflow",
}

_ISO = re.compile(r"PT(?:([0-9]{1,4})H)?(?:([0-9]{1,4})M)?")


def alias_limits(element: Element) -> Iterator[tuple[str, str]]:
    """Limits that the element's foreign properties state: ("camunda", "PT8H")."""
    for extensions in element.iterchildren(bpmn("extensionElements")):
        for prop in extensions.iter("{*}property"):
            if namespace(prop) in NAMESPACES and prop.get("name") in NAMES:
                yield NAMESPACES[namespace(prop)], prop.get("value", "")


def parse_alias(text: str) -> TimeLimit:
    """A limit in words ("1,5 ngày làm việc") or in ISO 8601 hours and minutes ("PT8H").

    Hours and minutes of an office are working time. "P2D" is refused: it does not say whether
    the days are working days. Errors: InvalidTimeLimit.

    >>> parse_alias("PT8H").format("en")
    '8 working hours'
    """
    stated = _ISO.fullmatch(text.strip())
    if stated is None or not any(stated.groups()):
        return TimeLimit.parse(text)
    hours, minutes = (int(part or 0) for part in stated.groups())
    if not minutes:
        return TimeLimit(Decimal(hours), Unit.WORKING_HOUR)
    return TimeLimit(Decimal(60 * hours + minutes), Unit.MINUTE)
