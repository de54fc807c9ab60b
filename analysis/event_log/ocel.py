"""Read OCEL 2.0 as a log of cases: one kind of objects are the cases, each with its events.

An event that belongs to several of them is an event of each (flattening); what is said of other
objects is not read. The standard: ocel-standard.org, version 2.0 (2023).
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import tzinfo
from functools import lru_cache
from typing import Any

import orjson

from analysis.event_log.assembly import Assembly
from analysis.event_log.bounded_text import BoundedText
from analysis.event_log.columns import Role, case_date, folded, map_columns
from analysis.event_log.findings import shown
from analysis.event_log.invalid_log import (
    LogBroken,
    LogFormatUnknown,
    LogObjectTypeUnknown,
    LogTooLarge,
)
from analysis.event_log.log import EventLog

_CASES = ("dossier", "hoso", "case", "application", "order")
OF_EVENT = (Role.TRANSITION, Role.RESOURCE, Role.GROUP, Role.INSTANCE, Role.STARTED, Role.ENABLED)
"""What attributes of an event may tell; activity and time are of the event itself."""


OcelEvent = tuple[Mapping[Role, str], Sequence[str]]
"""What an event tells, and the ids of its objects."""


def read_ocel_json(text: BoundedText, zone: tzinfo, object_type: str | None = None) -> EventLog:
    """The log in a JSON stream; it is read at once, so it may be no larger than `whole_bytes`."""
    document = _document(text)
    try:
        types = {each["id"]: each["type"] for each in document["objects"]}
        dates = {
            each["id"]: object_dates(
                (str(of["name"]), str(of.get("value") or "")) for of in each.get("attributes") or ()
            )
            for each in document["objects"]
        }
        events = [
            (_told(each), [to["objectId"] for to in each.get("relationships") or ()])
            for each in document["events"]
        ]
        return flattened(text, zone, object_type, types, events, dates)
    except (KeyError, TypeError, AttributeError) as broken:
        raise LogBroken(name=text.log_name, line="?") from broken


def flattened(
    text: BoundedText,
    zone: tzinfo,
    object_type: str | None,
    types: Mapping[str, str],
    events: Sequence[OcelEvent],
    dates: Mapping[str, Mapping[Role, str]],
) -> EventLog:
    """The log whose cases are the objects of one type. types: of each object; dates: of objects."""
    chosen = chosen_type(
        Counter(types[to] for _, of in events for to in of if to in types),
        object_type,
        text.log_name,
    )
    cases: dict[str, list[Mapping[Role, str]]] = {}
    for told, of in events:
        for to in dict.fromkeys(of):
            if types.get(to) == chosen:
                cases.setdefault(to, []).append(told)
    return assembled(text, zone, cases.items(), dates)


def chosen_type(numbers: Mapping[str, int], wanted: str | None, name: str) -> str:
    """The type of objects that are cases: as asked for, else one called so, else that with most
    events. numbers: type -> events of its objects.
    """
    if not numbers or (wanted is not None and wanted not in numbers):
        found = ", ".join(shown(each, 30) for each in sorted(numbers)[:30])
        raise LogObjectTypeUnknown(name=name, wanted=shown(wanted or "–"), found=found or "–")
    if wanted is not None:
        return wanted
    called = {folded(each): each for each in sorted(numbers, reverse=True)}
    for usual in _CASES:
        if usual in called:
            return called[usual]
    return min(numbers, key=lambda each: (-numbers[each], each))


def assembled(
    text: BoundedText,
    zone: tzinfo,
    cases: Iterable[tuple[str, Iterable[Mapping[Role, str]]]],
    dates: Mapping[str, Mapping[Role, str]],
) -> EventLog:
    """The log of cases whose events stand in the order of the file: they are put in that of time.

    Objects of our own export are called "dossier:CODE"; the code is the name of the case.
    """
    assembly = Assembly(text.log_name, text.limits, zone)
    for case, rows in cases:
        case_id = str(case).removeprefix("dossier:")
        events = [e for row in rows if (e := assembly.event(case_id, row)) is not None]
        events.sort(key=lambda event: (event.at_us is None, event.at_us or 0))
        assembly.case(case_id, events, dates.get(case, {}))
    return assembly.log("ocel")


def roles_of(names: Iterable[str]) -> dict[str, Role]:
    """Which attributes of events tell something: name -> role."""
    named = list(names)
    found = map_columns(named)
    return {named[place]: role for role, place in found.items() if role in OF_EVENT}


def _document(text: BoundedText) -> Any:
    pieces, size = [], 0
    while piece := text.read():
        text.mark()
        pieces.append(piece)
        size += len(piece)
        if size > (most := text.limits.whole_bytes):
            raise LogTooLarge(name=text.log_name, bound="bytes", most=most)
    try:
        document = orjson.loads(b"".join(pieces).removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError as broken:
        raise LogBroken(name=text.log_name, line=broken.lineno) from broken
    if not isinstance(document, dict) or not {"events", "objects"} <= set(document):
        raise LogFormatUnknown(name=text.log_name)
    return document


def _told(event: Mapping[str, Any]) -> dict[Role, str]:
    values = {each["name"]: each["value"] for each in event.get("attributes") or ()}
    return told_by(str(event["type"]), str(event["time"]), values)


def told_by(activity: str, time: str, values: Mapping[str, Any]) -> dict[Role, str]:
    """What an event tells: its type is the activity, its attributes may tell more."""
    told = {
        role: str(values[name])
        for name, role in _roles(tuple(values)).items()
        if values[name] is not None
    }
    return told | {Role.ACTIVITY: activity, Role.TIME: time}


@lru_cache(maxsize=1024)
def _roles(names: tuple[str, ...]) -> Mapping[str, Role]:
    return roles_of(names)


def object_dates(attributes: Iterable[tuple[str, str]]) -> dict[Role, str]:
    """The dates of a case that attributes of its object tell, by name and value."""
    named = ((case_date(name), value) for name, value in attributes if value)
    return {role: value for role, value in named if role is not None}
