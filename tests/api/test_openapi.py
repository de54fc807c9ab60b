"""The published document is true: valid, complete, and the same as the page people read."""

import re
from pathlib import Path

import pytest
from fastapi.openapi.models import OpenAPI

from api.errors import STATUSES
from api.rest.openapi import _MEANINGS
from processes.check import Outcome
from tests.api.desk import step_of

ROOT = Path(__file__).parents[2]
METHODS = ("get", "post", "put", "patch", "delete")
OPEN = ("/api/v1/login", "/api/v1/public/lookups")
KEEPS_NOTHING = {
    "/login": "each opens a session of its own; there is no officer yet whose key it could be",
    "/public/lookups": "looks and is written down each time; there is no officer",
    "/applicants/look-up": "each look is written down; a key would keep a trace of the number",
    "/logout": "ends a session that is gone the second time",
    "/check": "judges a file and forgets it",
    "/import": "converts a file and forgets it",
    "/rehearse": "runs a file dry and forgets it",
    "/procedures/versions/{version_id}/rehearse": "runs a version dry; nothing is written",
    "/analysis/what-if": "plays the past again and forgets it",
    "/reminders/settings/preview": "works out what settings would have sent and forgets it",
}
"""Requests that change nothing which could be done twice, and why."""


@pytest.fixture
def document(desk):
    answer = desk.client.get("/openapi.json")
    assert answer.status_code == 200
    return answer.json()


def operations(document):
    return [
        (method.upper(), path, operation)
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
        if method in METHODS
    ]


def references(value):
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        for each in value.values():
            yield from references(each)
    elif isinstance(value, list):
        for each in value:
            yield from references(each)


def test_it_is_openapi_3_1(document):
    assert OpenAPI.model_validate(document).openapi.startswith("3.1")


def test_every_reference_leads_somewhere(document):
    found = set(references(document))
    assert "#/components/schemas/ErrorAnswer" in found
    for reference in found:
        at = document
        for part in reference.removeprefix("#/").split("/"):
            at = at[part]


def test_every_schema_is_used(document):
    used = {reference.rpartition("/")[2] for reference in references(document)}
    assert set(document["components"]["schemas"]) - used == set()


def test_no_schema_carries_the_name_of_a_module(document):
    assert [name for name in document["components"]["schemas"] if "__" in name] == []


def test_every_route_says_what_it_does_and_how_it_fails(document):
    ids = [operation["operationId"] for _, _, operation in operations(document)]
    assert len(ids) == len(set(ids))
    for method, path, operation in operations(document):
        assert " / " in operation["summary"], path  # Vietnamese / English
        assert operation["description"], path
        statuses = set(operation["responses"])
        assert statuses & {"200", "201", "204"}, path
        if path.startswith("/api/"):
            assert {"400", "401", "500", "503"} <= statuses, path
            assert operation.get("security") or path in OPEN
        if method != "GET":
            assert "403" in statuses, path
        for status in statuses - {"200", "201", "204", "206", "304"}:
            schema = operation["responses"][status]["content"]["application/json"]["schema"]
            assert schema == {"$ref": "#/components/schemas/ErrorAnswer"}, (path, status)
        for parameter in operation.get("parameters", []):
            named = parameter.get("description") or parameter["name"].endswith("_id")
            assert named, (path, parameter)


def test_every_status_of_an_error_has_a_meaning():
    routed = {str(int(status)) for status in STATUSES.values()} - {"405"}  # of the framework
    assert routed == set(_MEANINGS)


def test_acts_take_an_idempotency_key(document):
    for method, path, operation in operations(document):
        names = {parameter["name"] for parameter in operation.get("parameters", [])}
        expected = method != "GET" and path.removeprefix("/api/v1") not in KEEPS_NOTHING
        assert ("Idempotency-Key" in names) == expected, path


def test_answers_are_as_stated(desk, document):
    """The acts answer with engine values; the document says the same of them."""
    stated = document["components"]["schemas"]["Outcome"]
    received = desk.receive()
    assert set(received) == set(stated["required"])
    file = desk.file(received["code"])
    assert set(file) == set(document["components"]["schemas"]["DossierAnswer"]["required"])
    step = document["components"]["schemas"]["OpenStepAnswer"]
    assert set(file["open_steps"][0]) == set(step["required"])
    assert step_of(received) == file["open_steps"][0]["step_run_id"]


def test_a_check_knows_the_same_outcomes(document):
    schema = document["components"]["schemas"]["CheckAnswer"]["properties"]["outcome"]
    assert schema["enum"] == [outcome.value for outcome in Outcome]


def test_the_reference_page_lists_every_route(document):
    text = (ROOT / "docs" / "reference" / "api.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"^\| `(GET|POST|PUT|PATCH|DELETE) ([^ `]+)` \|", text, re.MULTILINE))
    assert listed == {(method, path) for method, path, _ in operations(document)}


def test_no_page_of_the_framework_loads_scripts_from_elsewhere(desk):
    for path in ("/docs", "/redoc"):
        assert desk.client.get(path).status_code == 404
