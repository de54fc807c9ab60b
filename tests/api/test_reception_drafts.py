"""Drafts of receptions by programs: one's own, and found by nobody else."""

from uuid import UUID

import pytest

from tests.api.desk import CODE

ONE = UUID(int=1)
HERE = f"/reception-drafts/{ONE}"
TYPED = [
    {"name": "applicant", "value": "Lê Văn Tám"},
    {"name": "data:dien_tich", "value": "120,5"},
    {"name": "tick:DON:original", "value": "1"},
]


def draft(procedure=CODE, fields=TYPED):
    return {"procedure": procedure, "fields": fields}


def put(caller, body=None, path=HERE, key=None):
    headers = {"Idempotency-Key": key} if key else {}
    return caller.send("PUT", path, json=draft() if body is None else body, headers=headers)


def test_a_draft_is_kept_listed_masked_read_and_thrown_away(any_desk):
    lan = any_desk.lan
    assert put(lan, draft(fields=TYPED[:1])).status_code == 204
    assert put(lan, key="k-1").status_code == put(lan, key="k-1").status_code == 204
    (listed,) = lan.get("/reception-drafts").json()
    assert listed == {
        "draft_id": str(ONE),
        "procedure": CODE,
        "applicant": "L. V. Tám",
        "saved_at": "2026-03-02T01:00:00Z",
    }
    assert lan.get(HERE).json() == {"draft_id": str(ONE), "procedure": CODE, "fields": TYPED}
    for _ in range(2):
        assert lan.send("DELETE", HERE).status_code == 204
    assert lan.get("/reception-drafts").json() == []
    assert lan.get(HERE).status_code == 404


def test_it_goes_with_the_reception(desk):
    put(desk.lan)
    desk.receive(draft=str(ONE))
    assert desk.lan.get("/reception-drafts").json() == []


def test_a_colleague_s_draft_is_neither_found_nor_written_over_nor_deleted(desk):
    put(desk.lan)
    for other in (desk.nam, desk.hung, desk.stranger):
        assert other.get("/reception-drafts").json() == []
        assert other.get(HERE).status_code == 404
        assert other.send("DELETE", HERE).status_code == 204
    assert put(desk.stranger).status_code == 204  # a draft of its own, under the same number
    assert desk.stranger.get(HERE).json()["fields"] == TYPED
    assert put(desk.nam).json()["error"]["code"] == "dossier.cannot_receive"
    assert desk.lan.get(HERE).json()["fields"] == TYPED


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (draft("0"), 404, "not_found"),
        (draft(fields=[{"name": "applicant"}]), 422, "request.invalid"),
        (draft(fields=[{"name": "applicant", "value": "T\x00m"}]), 422, "request.invalid"),
        (draft(fields=[{"name": "a", "value": "b" * 20_000}] * 3), 422, "draft.too_large"),
        (draft(fields=[{"name": "a", "value": ""}] * 501), 422, "request.invalid"),
    ],
    ids=["unknown procedure", "no value", "NUL", "too large", "too many fields"],
)
def test_what_cannot_be_kept_is_refused(desk, body, status, code):
    answer = put(desk.lan, body)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert desk.lan.get("/reception-drafts").json() == []


def test_an_address_that_is_no_id_and_a_key_used_for_something_else_are_refused(desk):
    assert put(desk.lan, path="/reception-drafts/mot").status_code == 422
    assert put(desk.lan, key="k-1").status_code == 204
    answer = put(desk.lan, draft(fields=[]), key="k-1")
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "idempotency.reused")
