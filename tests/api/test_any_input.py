"""Whatever is sent, the answer is one of ours: never a failure of the server, always the one shape."""

from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.api.desk import CODE, step_of

UUIDS = st.sampled_from(["01960000-0000-7000-8000-000000000000"])
TEXTS = st.text(max_size=20)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(min_value=2**60, max_value=2**200),
    st.floats(allow_nan=False, allow_infinity=False),
    TEXTS,
    st.sampled_from([CODE, "DON", "original", "dat", "overload", "2026-03-13T10:00:00+07:00"]),
    st.sampled_from(
        ["", "1,5 ngày làm việc", "Task_Receive", "yen", "cần làm rõ thêm", "9" * 5000]
    ),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["component", "form", "number", "cause", "words"]), inner)
        | st.dictionaries(TEXTS, inner, max_size=3)
    ),
    max_leaves=8,
)


def body_routes(document):
    for path, operations in document["paths"].items():
        for method in ("post", "put", "patch"):
            body = operations.get(method, {}).get("requestBody")
            if body and "application/json" in body["content"] and not path.endswith("login"):
                yield method.upper(), path, body["content"]["application/json"]["schema"]


def properties(document, schema):
    schemas = [schema, *schema.get("anyOf", [])]
    for each in schemas:
        name = each.get("$ref", "").rpartition("/")[2]
        if name:
            return sorted(document["components"]["schemas"][name]["properties"])
    return []


@pytest.mark.slow
def test_no_body_breaks_the_server(any_desk):
    desk = any_desk
    document = desk.app.openapi()
    routes = list(body_routes(document))
    assert len(routes) > 12
    appraised = desk.appraised()
    known = {"step_run_id": step_of(appraised), "dossier": appraised["code"]}
    callers = [desk.nam, desk.hung, desk.designer, desk.lan]

    @settings(
        max_examples=150,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.data())
    def run(data):
        method, path, schema = data.draw(st.sampled_from(routes))
        names = properties(document, schema)
        body = data.draw(
            st.dictionaries(st.sampled_from(names) if names else TEXTS, VALUES) | VALUES
        )
        for name in ("step_run_id", "dossier", "version_id"):
            if f"{{{name}}}" in path:
                value = known.get(name) or data.draw(UUIDS)
                path = path.replace(f"{{{name}}}", value)
        caller = data.draw(st.sampled_from(callers))
        answer = caller.send(method, path.removeprefix("/api/v1"), json=body)
        assert answer.status_code < 500, (method, path, body, answer.text)
        if answer.status_code >= 400:
            assert {"code", "vi", "en", "facts"} <= set(answer.json()["error"])

    run()


@pytest.mark.slow
def test_no_address_breaks_the_server(any_desk):
    desk = any_desk
    desk.receive()
    lists = ["/dossiers", "/procedures", "/worklist", "/officers"]
    names = ["search", "after", "limit", "state", "only", "procedure", "late", "in_force", "unit"]

    @settings(
        max_examples=150,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(
        st.sampled_from(lists),
        st.dictionaries(
            st.sampled_from(names),
            st.binary(max_size=12) | TEXTS.map(lambda text: text.encode("utf-8", "replace")),
        ),
        TEXTS,
    )
    def run(path, query, name):
        asked = "&".join(f"{key}={quote(value)}" for key, value in query.items())
        assert desk.lan.get(f"{path}?{asked}").status_code < 500, (path, query)
        assert (
            desk.lan.get(f"/dossiers/{quote(name.encode('utf-8', 'replace'), safe='')}").status_code
            < 500
        ), name

    run()
