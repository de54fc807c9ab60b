"""Cases as OCEL 2.0, whose events belong to several objects: dossier, unit, officer, component.

What is asked of the applicant is an event of its own, so that one sees which component came back.
Written as JSON (`ocel_json.py`) or SQLite (`ocel_sqlite.py`). Standard: ocel-standard.org, version
2.0 (2023).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from analysis.event_log.time_stamp import write_instant
from analysis.log_export.cases import LoggedCase, LoggedEvent

DOSSIER, UNIT, OFFICER, COMPONENT = "dossier", "unit", "officer", "component"
SUPPLEMENT = "Yêu cầu bổ sung"
"""The event in which components are asked for."""
_DOSSIER = {
    "agency": "string", "procedure": "string", "version": "string", "case": "string",
    "channel": "string", "state": "string", "outcome": "string", "result": "string",
    "received": "time", "deadline": "time", "enddate_planned": "time", "enddate": "time",
}  # fmt: skip
EVENT_ATTRIBUTES = {
    "lifecycle:transition": "string", "concept:instance": "string", "org:resource": "string",
    "org:group": "string", "element": "string", "attempt": "integer", "limit_ws": "integer",
    "result": "string",
}  # fmt: skip
OBJECT_TYPES = {DOSSIER: _DOSSIER, UNIT: {}, OFFICER: {}, COMPONENT: {"name": "string"}}
BEGINNING = "1970-01-01T00:00:00Z"


@dataclass(frozen=True, slots=True)
class OcelObject:
    id: str
    type: str
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class OcelEvent:
    """objects: (id, qualifier)."""

    id: str
    type: str
    at_us: int
    values: dict[str, Any]
    objects: tuple[tuple[str, str], ...]


def objects_of(case: LoggedCase) -> Iterator[OcelObject]:
    times = {
        "received": case.received_us, "deadline": case.due_us,
        "enddate_planned": case.original_due_us, "enddate": case.ended_us,
    }  # fmt: skip
    texts = {
        "agency": case.agency_id, "procedure": case.procedure_code, "version": case.version_id,
        "case": case.case_code, "channel": case.channel, "state": case.state,
        "outcome": case.outcome, "result": case.result,
    }  # fmt: skip
    values = {name: value for name, value in texts.items() if value}
    values |= {name: write_instant(us) for name, us in times.items() if us is not None}
    yield OcelObject(f"{DOSSIER}:{case.code}", DOSSIER, values)
    for unit in dict.fromkeys(e.unit for e in case.events if e.unit):
        yield OcelObject(f"{UNIT}:{unit}", UNIT, {})
    for person in dict.fromkeys(e.person for e in case.events if e.person):
        yield OcelObject(f"{OFFICER}:{person}", OFFICER, {})
    for _, code, name in case.missing:
        yield OcelObject(f"{COMPONENT}:{case.procedure_code}:{code}", COMPONENT, {"name": name})


def events_of(case: LoggedCase) -> Iterator[OcelEvent]:
    dossier = (f"{DOSSIER}:{case.code}", DOSSIER)
    for number, event in enumerate(case.events, start=1):
        others = [(f"{UNIT}:{event.unit}", UNIT)] if event.unit else []
        others += [(f"{OFFICER}:{event.person}", OFFICER)] if event.person else []
        yield OcelEvent(
            f"{case.code}/{number}", event.activity, event.at_us, _values(event), (dossier, *others)
        )
    asked: dict[int, list[str]] = {}
    for at_us, code, _ in case.missing:
        asked.setdefault(at_us, []).append(code)
    for number, (at_us, codes) in enumerate(asked.items(), start=1):
        components = ((f"{COMPONENT}:{case.procedure_code}:{code}", "missing") for code in codes)
        happened = f"{case.code}/s{number}"
        yield OcelEvent(happened, SUPPLEMENT, at_us, {}, (dossier, *components))


def _values(event: LoggedEvent) -> dict[str, Any]:
    values = {
        "lifecycle:transition": event.transition,
        "concept:instance": str(event.run),
        "org:resource": event.person,
        "org:group": event.unit,
        "element": event.element_id,
        "attempt": event.attempt,
        "limit_ws": event.limit_ws,
        "result": event.result if event.transition == "complete" else None,
    }
    return {name: value for name, value in values.items() if value is not None}


def declared(attributes: dict[str, str]) -> list[dict[str, str]]:
    return [{"name": name, "type": kind} for name, kind in attributes.items()]
