"""The `qt` vocabulary (docs/reference/vocabulary.md): its words and where they stand."""

import re
from collections.abc import Mapping
from decimal import Decimal

from lxml.etree import _Element as Element

from processes.time_limit import InvalidTimeLimit, TimeLimit, Unit

ATTRIBUTES: Mapping[str, frozenset[str]] = {
    name: frozenset(attributes.split())
    for name, attributes in {
        "procedure": "code kind field levels decisionNo decisionDate effectiveFrom dayCount "
        "retentionYears complaint",
        "case": "code name legalBasis",
        "limit": "amount unit cutoff case",
        "supplement": "policy atMost",
        "extension": "atMost",
        "componentGroup": "code name rule atLeast",
        "component": "code name required when group presentOnly reusable legalBasis accepts",
        "copies": "form number",
        "field": "code name type required default",
        "option": "value name",
        "legalBasis": "reference article title",
        "part": "kind",
        "step": "status clock onTimeout signature signs notSameAs legalBasis",
        "requires": "component",
        "produces": "code name",
        "assignment": "position unit name",
        "end": "outcome name status favourable",
    }.items()
}
"""Element -> its attributes."""

CHILDREN: Mapping[str, frozenset[str]] = {
    name: frozenset(children.split())
    for name, children in {
        "procedure": "case supplement extension componentGroup component field legalBasis part",
        "case": "limit",
        "supplement": "limit",
        "component": "copies",
        "field": "option",
        "step": "limit requires produces field",
    }.items()
}
"""Element -> the vocabulary's elements that may stand in it; none where not listed."""

PLACES: Mapping[str, frozenset[str]] = {
    "procedure": frozenset({"process"}),
    "step": frozenset({"task", "userTask", "manualTask", "sendTask", "receiveTask"}),
    "assignment": frozenset({"lane", "task", "userTask", "manualTask", "sendTask", "receiveTask"}),
    "end": frozenset({"endEvent"}),
    "limit": frozenset({"intermediateCatchEvent", "boundaryEvent"}),
}
"""Element -> the BPMN elements in whose extensionElements it may stand directly."""

PARTS = ("sequence", "manner", "subjects", "agency", "result", "fee", "forms", "conditions")
"""Parts of a procedure that are prose (NĐ 63/2010 art. 8.2)."""

LEVELS = ("ministry", "province", "commune")

_AMOUNT = re.compile(r"[0-9]{1,4}(?:\.[0-9]{1,2})?")
_UNITS = {unit.value: unit for unit in Unit}


def read_limit(element: Element) -> TimeLimit:
    """The limit that a qt:limit states.

    Errors: InvalidTimeLimit, also for an unknown unit and an amount that is not a plain number.
    """
    amount = element.get("amount", "").strip()
    unit = _UNITS.get(element.get("unit", "").strip())
    if unit is Unit.SAME_DAY and not amount:
        amount = "1"
    if unit is None or not _AMOUNT.fullmatch(amount):
        raise InvalidTimeLimit(text=f"{element.get('amount', '')} {element.get('unit', '')}")
    return TimeLimit(Decimal(amount), unit)
