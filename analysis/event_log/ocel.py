"""Read OCEL 2.0 as a log of cases: one kind of objects are the cases, each with its events.

An event that belongs to several of them is an event of each (flattening); what is said of other
objects is not read. The standard: ocel-standard.org, version 2.0 (2023).
"""

import codecs
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
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
    LogDamaged,
    LogFormatUnknown,
    LogObjectTypeUnknown,
    LogOcelIncomplete,
    LogTooLarge,
    LogWithoutEvents,
)
from analysis.event_log.log import EventLog
from analysis.progress import counted

_OURS = ("dossier", "hoso")
_CASES = (*_OURS, "case", "application", "order")
OF_EVENT = (Role.TRANSITION, Role.RESOURCE, Role.GROUP, Role.INSTANCE, Role.STARTED, Role.ENABLED)
"""What attributes of an event may tell; activity and time are of the event itself."""


OcelEvent = tuple[Mapping[Role, str], Sequence[str]]
"""What an event tells, and the ids of its objects."""


def read_ocel_json(text: BoundedText, zone: tzinfo, object_type: str | None = None) -> EventLog:
    """The log in a JSON stream; it is read at once, so it may be no larger than `whole_bytes`.

    OCEL 1.0 (`ocel:events`) is read like 2.0, which tells the same in other places.
    """
    document = _document(text)
    old = _OLD in document
    types: dict[str, str] = {}
    dates: dict[str, Mapping[Role, str]] = {}
    events: list[OcelEvent] = []
    again = Repeated()
    for where, each in _listed(document, "objects", old=old, name=text.log_name):
        try:
            identity, kind, values = _object(where, each) if old else _object_2(each)
            again.see(f"o{identity}", identity)
            types[identity], dates[identity] = kind, object_dates(values)
        except (KeyError, TypeError, AttributeError) as wrong:
            raise LogOcelIncomplete(name=text.log_name, where=f"objects[{shown(where)}]") from wrong
    for where, each in _listed(document, "events", old=old, name=text.log_name):
        try:
            identity, told, related = _event(where, each) if old else _event_2(each)
        except (KeyError, TypeError, AttributeError) as wrong:
            raise LogOcelIncomplete(name=text.log_name, where=f"events[{shown(where)}]") from wrong
        again.see(f"e{identity}", identity)
        events.append((told, related))
    return flattened(text, zone, object_type, types, events, dates, again)


_OLD = "ocel:events"


def _listed(
    document: Mapping[str, Any], what: str, *, old: bool, name: str
) -> Iterator[tuple[str, Any]]:
    """Each event or object with its place: its number, in the old form its id."""
    found = document[f"ocel:{what}" if old else what]
    if not isinstance(found, dict if old else list):
        raise LogOcelIncomplete(name=name, where=what)
    pairs = found.items() if isinstance(found, dict) else enumerate(found, start=1)
    return ((str(place), each) for place, each in pairs)


def _object_2(each: Mapping[str, Any]) -> tuple[str, str, list[tuple[str, str]]]:
    attributes = each.get("attributes") or ()
    values = [(_name(of["name"]), _value(of.get("value"))) for of in attributes]
    return _name(each["id"]), _name(each["type"]), values


def _event_2(each: Mapping[str, Any]) -> tuple[str, dict[Role, str], list[str]]:
    values = {_name(of["name"]): of.get("value") for of in each.get("attributes") or ()}
    related = [_name(to["objectId"]) for to in each.get("relationships") or ()]
    identity = _name(each.get("id", ""))
    return identity, told_by(_name(each["type"]), _value(each.get("time")), values), related


def _object(identity: str, each: Mapping[str, Any]) -> tuple[str, str, list[tuple[str, str]]]:
    values = (each.get("ocel:ovmap") or {}).items()
    return identity, _name(each["ocel:type"]), [(name, _value(value)) for name, value in values]


def _event(identity: str, each: Mapping[str, Any]) -> tuple[str, dict[Role, str], list[str]]:
    told = told_by(
        _name(each["ocel:activity"]),
        _value(each.get("ocel:timestamp")),
        each.get("ocel:vmap") or {},
    )
    return identity, told, [_name(to) for to in each.get("ocel:omap") or ()]


def _name(value: Any) -> str:
    """What names something is a text or a number; anything else is a mistake."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise TypeError(type(value))
    return str(value)


def _value(value: Any) -> str:
    return "" if value is None else str(value)


class Repeated:
    """Which ids were seen before; only their hashes are kept. first: such an id."""

    def __init__(self) -> None:
        self._seen: set[int] = set()
        self.number = 0
        self.first = ""

    def see(self, key: str, identity: str) -> None:
        """Note an id; `key` also says what it is of. An empty one is none."""
        if not identity:
            return
        size = len(self._seen)
        self._seen.add(hash(key))
        if len(self._seen) == size:
            self.number += 1
            self.first = self.first or identity


Note = tuple[str, str, int]
"""Rule, the text that shows it, and how often."""


def flattened(
    text: BoundedText,
    zone: tzinfo,
    object_type: str | None,
    types: Mapping[str, str],
    events: Sequence[OcelEvent],
    dates: Mapping[str, Mapping[Role, str]],
    again: Repeated,
) -> EventLog:
    """The log whose cases are the objects of one type. types: of each object; dates: of objects."""
    chosen = chosen_type(
        Counter(types[to] for _, of in events for to in of if to in types),
        object_type,
        text.log_name,
    )
    cases: dict[str, list[Mapping[Role, str]]] = {
        each: [] for each, kind in types.items() if kind == chosen
    }
    others = several = strange = 0
    stranger = ""
    for told, of in events:
        related = dict.fromkeys(of)
        mine = [to for to in related if to in cases]
        for to in mine:
            cases[to].append(told)
        others += not mine
        several += len(mine) > 1
        if unknown := [to for to in related if to not in types]:
            strange, stranger = strange + len(unknown), stranger or unknown[0]
    notes: list[Note] = [
        *told_of_type(chosen, len(cases), others, several, asked=object_type is not None),
        ("log-object-not-in-file", stranger, strange),
        ("log-identifier-repeated", again.first, again.number),
    ]
    return assembled(text, zone, cases.items(), dates, notes)


def told_of_type(
    chosen: str, objects: int, others: int, several: int, *, asked: bool
) -> Iterator[Note]:
    """What is to be said of cases that are objects of one type: events of others, of several."""
    if not asked and folded(chosen) not in _OURS:
        yield "log-case-type-chosen", chosen, objects
    yield "log-event-of-other-objects", chosen, others
    yield "log-event-of-several-cases", "", several


def chosen_type(numbers: Mapping[str, int], wanted: str | None, name: str) -> str:
    """The type of objects that are cases: as asked for, else one called so, else that with most
    events. numbers: type -> events of its objects.
    """
    if not numbers and wanted is None:
        raise LogWithoutEvents(name=name)
    if wanted is not None and wanted not in numbers:
        found = ", ".join(shown(each, 30) for each in sorted(numbers)[:30])
        raise LogObjectTypeUnknown(name=name, wanted=shown(wanted), found=found or "–")
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
    notes: Iterable[Note],
) -> EventLog:
    """The log of cases whose events stand in the order of the file: they are put in that of time.

    Objects of our own export are called "dossier:CODE"; the code is the name of the case.
    """
    assembly = Assembly(text.log_name, text.limits, zone)
    for rule, example, number in notes:
        if number:
            assembly.tally.note(rule, None, example, number)
    for case, rows in counted(cases, "cases", 0, text.progress):
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
        document = orjson.loads(_utf_8(b"".join(pieces)))
    except UnicodeDecodeError as broken:
        raise LogDamaged(name=text.log_name) from broken
    except orjson.JSONDecodeError as broken:
        raise LogBroken(name=text.log_name, line=broken.lineno) from broken
    if not isinstance(document, dict) or not (
        {"events", "objects"} <= set(document) or {_OLD, "ocel:objects"} <= set(document)
    ):
        raise LogFormatUnknown(name=text.log_name)
    return document


def told_by(activity: str, time: str, values: Mapping[str, Any]) -> dict[Role, str]:
    """What an event tells: its type is the activity, its attributes may tell more."""
    told = {
        role: str(values[name])
        for name, role in _roles(tuple(values)).items()
        if values[name] is not None
    }
    return told | {Role.ACTIVITY: activity, Role.TIME: time}


def _utf_8(document: bytes) -> bytes:
    if document.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return document.decode("utf-16").encode()
    return document.removeprefix(codecs.BOM_UTF8)


@lru_cache(maxsize=1024)
def _roles(names: tuple[str, ...]) -> Mapping[str, Role]:
    return roles_of(names)


def object_dates(attributes: Iterable[tuple[str, str]]) -> dict[Role, str]:
    """The dates of a case that attributes of its object tell, by name and value."""
    named = ((case_date(name), value) for name, value in attributes if value)
    return {role: value for role, value in named if role is not None}
