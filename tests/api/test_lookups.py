"""The public door: looked up by code and secret, files sent by its token, nothing told to guessers."""

import pytest

from tests.api.desk import step_of
from tests.engine.documents.files import pdf, picture

LOOKUPS = "/api/v1/public/lookups"
BARE = {"Content-Type": "application/octet-stream"}
HOA = {"identity_number": "079089000128"}


class Citizen:
    """Somebody with a slip and no account."""

    def __init__(self, desk, **more):
        self.desk = desk
        received = desk.receive(applicant="Lê Thị Hoa", **{"contact": HOA, **more})
        self.dossier, self.code = received["dossier_id"], received["code"]
        self.step = step_of(received)
        answer = self.issue()
        assert answer.status_code == 201, answer.text
        self.secret = answer.json()["secret"]

    def issue(self, key=None, **body):
        return self.desk.lan.post(f"/dossiers/{self.dossier}/lookup-secret", body, key=key)

    def look(self, code=None, secret=None):
        body = {"code": self.code if code is None else code, "secret": secret or self.secret}
        return self.desk.client.post(LOOKUPS, json=body)

    def ask(self):
        body = {"components": ["DON"], "reason": "Đơn chưa ký"}
        answer = self.desk.lan.post(f"/steps/{self.step}/supplement", body)
        assert answer.status_code == 200, answer.text

    def send(self, data=None, component="DON", token=None, key=None, **more):
        token = token or self.look().json()["token"]
        headers = {"Authorization": f"Bearer {token}", **more.pop("headers", BARE)}
        if key is not None:
            headers["Idempotency-Key"] = key
        params = {"component": component, "file_name": "đơn.pdf"}
        sent = more or {"content": pdf() if data is None else data}
        return self.desk.client.post(f"{LOOKUPS}/files", params=params, headers=headers, **sent)


@pytest.fixture
def citizen(any_desk):
    return Citizen(any_desk)


def error_of(answer):
    return answer.status_code, answer.json()["error"]["code"]


def test_code_and_secret_tell_where_the_dossier_stands(citizen):
    answer = citizen.look(citizen.code.lower())
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert set(told) == {"token", "token_seconds", "dossier"}
    dossier = told["dossier"]
    assert (dossier["code"], dossier["applicant"]) == (citizen.code, "L. T. Hoa")
    assert (dossier["state"], len(dossier["steps"]), dossier["missing"]) == ("open", 1, None)
    assert "Lê Thị" not in answer.text
    assert "079089" not in answer.text
    assert answer.headers["cache-control"] == "no-store"


def test_no_such_dossier_and_a_wrong_secret_are_one_answer(citizen):
    wrong = citizen.look(secret="22222222")
    nobodys = citizen.look(code="H01-260302-9999")
    assert error_of(wrong) == error_of(nobodys) == (403, "lookup.wrong")
    assert wrong.content == nobodys.content
    assert wrong.headers.raw == nobodys.headers.raw


def test_what_is_no_code_is_told(citizen):
    assert error_of(citizen.look(code="không nhớ")) == (422, "lookup.unreadable_code")
    assert error_of(citizen.look(code="x" * 201)) == (422, "request.invalid")


def test_too_many_wrong_tries_rest(citizen):
    for _ in range(15):
        assert error_of(citizen.look(secret="22222222")) == (403, "lookup.wrong")
    answer = citizen.look()
    assert error_of(answer) == (429, "lookup.too_many")
    assert answer.headers["retry-after"] == "900"


def test_a_page_of_another_site_cannot_ask(citizen):
    body = {"code": citizen.code, "secret": citizen.secret}
    headers = {"Origin": "http://ke-xau.test"}
    answer = citizen.desk.client.post(LOOKUPS, json=body, headers=headers)
    assert error_of(answer) == (403, "session.foreign_page")


def test_the_secret_is_told_once_and_issued_again_for_the_identity_number(citizen):
    assert error_of(citizen.issue()) == (409, "lookup.already_issued")
    assert error_of(citizen.issue(identity_number="079089000129")) == (403, "lookup.wrong_identity")
    again = citizen.issue(key="k", **HOA)
    assert again.status_code == 201, again.text
    assert error_of(citizen.issue(key="k", **HOA)) == (422, "lookup.told_before")
    assert error_of(citizen.look()) == (403, "lookup.wrong")
    assert citizen.look(secret=again.json()["secret"]).status_code == 200


def test_only_staff_of_the_dossier_issue_secrets(citizen):
    path, body = f"/dossiers/{citizen.dossier}/lookup-secret", HOA
    assert citizen.desk.nam.post(path, body).status_code == 403
    assert citizen.desk.stranger.post(path, body).status_code == 404


def test_what_is_missing_is_sent_and_waits_for_the_clerk(citizen):
    citizen.ask()
    (asked,) = citizen.look().json()["dossier"]["missing"]["components"]
    assert (asked["code"], asked["files"]) == ("DON", [])
    assert "pdf" in asked["accepts"]
    answer = citizen.send()
    assert answer.status_code == 201, answer.text
    (file,) = answer.json()["dossier"]["missing"]["components"][0]["files"]
    assert (file["name"], file["state"]) == ("đơn.pdf", "offered")
    assert answer.json()["dossier"]["state"] == "paused"
    accepted = citizen.desk.lan.post(f"/dossiers/{citizen.dossier}/accept-offered", {})
    assert accepted.status_code == 200, accepted.text
    assert accepted.json()["state"] == "open"
    accesses = citizen.desk.lan.get(f"/dossiers/{citizen.dossier}/documents/accesses").json()
    assert {(each["by"], each["way"]) for each in accesses["accesses"]} == {
        ("Người nộp hồ sơ", "lookup")
    }


def test_a_form_sends_a_file_too(citizen):
    citizen.ask()
    files = {"file": ("../../etc/đơn.pdf", pdf(), "text/html")}
    answer = citizen.send(headers={}, files=files)
    assert answer.status_code == 201, answer.text


def test_sent_twice_it_is_there_once(citizen):
    citizen.ask()
    token = citizen.look().json()["token"]
    for _ in range(2):
        answer = citizen.send(token=token, key="k")
        assert answer.status_code == 201, answer.text
        assert len(answer.json()["dossier"]["missing"]["components"][0]["files"]) == 1


def test_what_will_not_do_is_answered_clearly(citizen):
    assert error_of(citizen.send()) == (409, "supplement.not_asked")
    citizen.ask()
    for data, component, said in (
        (b"MZ" + bytes(99), "DON", "document.unknown_kind"),
        (b"", "DON", "file.empty"),
        (picture(), "BAN_VE", "supplement.component_not_asked"),
        (picture(), "khác", "supplement.component_not_asked"),
    ):
        assert error_of(citizen.send(data, component)) == (422, said)
    assert error_of(citizen.send(headers={**BARE, "Content-Length": "60000000"}))[0] == 413


@pytest.mark.parametrize("token", ["", "sai", "a.b.c", "ế"])
def test_without_the_token_of_a_look_up_nothing_is_taken(citizen, token):
    citizen.ask()
    headers = {"Authorization": f"Bearer {token}".encode()}
    path = f"{LOOKUPS}/files?component=DON"
    answer = citizen.desk.client.post(path, content=pdf(), headers={**BARE, **headers})
    assert error_of(answer) == (401, "lookup.pass_over")


def test_an_officers_session_is_no_token(citizen):
    citizen.ask()
    assert error_of(citizen.send(token=citizen.desk.lan.token)) == (401, "lookup.pass_over")


def test_the_token_opens_nothing_that_officers_open(citizen):
    token = citizen.look().json()["token"]
    headers = {"Authorization": f"Bearer {token}"}
    for path in (f"/dossiers/{citizen.dossier}", f"/dossiers/{citizen.dossier}/documents", "/me"):
        answer = citizen.desk.client.get(f"/api/v1{path}", headers=headers)
        assert error_of(answer) == (401, "login.required")


def test_what_was_brought_before_is_listed_and_taken_over(desk):
    first = Citizen(desk)
    later = desk.receive(applicant="Lê Thị Hoa", contact=HOA)
    path = f"/dossiers/{later['dossier_id']}"
    assert desk.lan.get(f"{path}/reusable").json() == []  # the procedure lets nothing be reused
    body = {"component": "DON", "source": first.dossier}
    assert error_of(desk.lan.post(f"{path}/reuse", body)) == (422, "reuse.not_reusable")
