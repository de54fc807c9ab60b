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
CASE_DATES = {
    "received": "received_us", "deadline": "due_us", "enddate_planned": "original_due_us",
    "enddate": "ended_us",
}  # fmt: skip
"""Dates of a dossier, and the columns of a piece that tell them."""
CASE_TEXTS = {
    "procedure": "procedure_code", "version": "version_id", "case": "case_code",
    "channel": "channel", "state": "state", "outcome": "outcome", "result": "result",
}  # fmt: skip
"""Texts of a dossier that may be missing, likewise; its agency is always told."""
IN_MEMORY, PIECE = 8 << 20, 1 << 16
"""Bytes held back before a file is taken for them, and handed on at a time."""


def declared(attributes: dict[str, str]) -> list[dict[str, str]]:
    return [{"name": name, "type": kind} for name, kind in attributes.items()]
