"""Cases as OCEL 2.0, whose events belong to several objects: dossier, unit, officer, component.

What is asked of the applicant is an event of its own, so that one sees which component came back.
Written as JSON (`ocel_json.py`), XML (`ocel_xml.py`) or SQLite (`ocel_sqlite.py`). Standard:
ocel-standard.org, version 2.0 (2023).
"""

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


def declared(attributes: dict[str, str]) -> list[dict[str, str]]:
    return [{"name": name, "type": kind} for name, kind in attributes.items()]
