"""Getting in: by cookie or bearer token, five tries, twelve hours, and only from pages of ours."""

import threading
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.identity import LoginGate
from api.refusals import LoginsBusy
from api.settings import Settings
from engine.accounts import WrongLogin
from tests.api.desk import PASSWORD

ORIGIN = "http://quytrinh.test"


def log_in(desk, login="lan", password=PASSWORD, **headers):
    body = {"login": login, "password": password}
    return desk.client.post("/api/v1/login", json=body, headers=headers)


def test_a_token_comes_back_and_stands_for_the_officer(desk):
    answer = log_in(desk)
    assert answer.status_code == 200
    officer = answer.json()["officer"]
    assert officer["name"] == "Nguyễn Thị Lan"
    assert officer["agency_id"] == "H01"
    assert officer["roles"] == ["staff"]
    assert officer["holdings"] == [{"unit": "mot_cua", "position": "can_bo_mot_cua"}]
    desk.client.cookies.clear()
    me = desk.client.get(
        "/api/v1/me", headers={"Authorization": f"Bearer {answer.json()['token']}"}
    )
    assert me.json() == officer


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(desk):
    cookie = log_in(desk).headers["set-cookie"]
    assert cookie.startswith("quytrinh=")
    assert {"HttpOnly", "Path=/", "SameSite=lax"} <= set(cookie.split("; "))
    assert desk.client.get("/api/v1/me").json()["login"] == "lan"


def test_behind_https_the_cookie_is_bound_to_the_host(desk):
    app = create_app(desk.office, Settings(tick_seconds=0, secure_cookies=True), with_pages=False)
    client = TestClient(app, base_url="https://quytrinh.test")
    answer = client.post("/api/v1/login", json={"login": "lan", "password": PASSWORD})
    assert answer.headers["set-cookie"].startswith("__Host-quytrinh=")
    assert "Secure" in answer.headers["set-cookie"]
    assert "max-age=31536000" in answer.headers["strict-transport-security"]
    assert client.get("/api/v1/me").status_code == 200


def test_wrong_password_and_unknown_login_are_told_alike(desk):
    wrong, unknown = log_in(desk, password="sai"), log_in(desk, login="khong-co")
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.json() == unknown.json()
    assert wrong.json()["error"]["code"] == "login.wrong"
    assert "set-cookie" not in wrong.headers


def test_after_five_wrong_passwords_the_account_rests_for_five_minutes(desk):
    for _ in range(5):
        assert log_in(desk, password="sai").status_code == 401
    locked = log_in(desk)
    assert locked.status_code == 429
    assert locked.json()["error"]["code"] == "login.locked"
    assert locked.headers["retry-after"] == "300"
    desk.clock.advance(timedelta(minutes=5, seconds=1))
    assert log_in(desk).status_code == 200


def test_too_many_tries_are_told_alike_whether_the_login_exists_or_not(any_desk):
    desk = any_desk
    told = []
    for login in ("lan", "khong-co"):
        answers = [log_in(desk, login=login, password="sai") for _ in range(6)]
        assert [answer.status_code for answer in answers] == [401] * 5 + [429]
        told.append((answers[-1].json(), answers[-1].headers["retry-after"]))
    assert told[0] == told[1]


def test_a_session_lasts_twelve_hours(desk):
    log_in(desk)
    desk.clock.advance(timedelta(hours=12) - timedelta(seconds=1))
    assert desk.client.get("/api/v1/me").status_code == 200
    desk.clock.advance(timedelta(seconds=1))
    late = desk.client.get("/api/v1/me")
    assert late.status_code == 401
    assert late.headers["www-authenticate"] == "Bearer"


def test_logging_out_ends_the_session_everywhere(desk):
    token = log_in(desk).json()["token"]
    answer = desk.client.post("/api/v1/logout", headers={"Origin": ORIGIN})
    assert answer.status_code == 204
    assert not desk.client.cookies
    again = desk.client.get("/api/v1/me", headers={"Authorization": f"Bearer {token}"})
    assert again.status_code == 401


@pytest.mark.parametrize("scheme", ["bearer", "BEARER"])
def test_the_word_bearer_may_be_written_as_one_likes(desk, scheme):
    headers = {"Authorization": f"{scheme} {desk.lan.token}"}
    assert desk.client.get("/api/v1/me", headers=headers).status_code == 200


def test_a_proxy_s_own_login_does_not_hide_the_cookie(desk):
    log_in(desk)
    answer = desk.client.get("/api/v1/me", headers={"Authorization": "Basic bGFuOmxhbg=="})
    assert answer.status_code == 200


@pytest.mark.parametrize("token", ["", "sai", "ẩ"])
def test_a_token_that_nobody_was_given_is_no_login(desk, token):
    headers = {"Authorization": f"Bearer {token}".encode()}
    assert desk.client.get("/api/v1/me", headers=headers).status_code == 401


FOREIGN = {
    "no origin": {},
    "another site": {"Origin": "http://ke-xau.test"},
    "another port": {"Origin": f"{ORIGIN}:8080"},
    "a sandbox": {"Origin": "null"},
    "another site with the token": {"Origin": "http://ke-xau.test", "X-CSRF-Token": "right"},
    "a wrong token": {"X-CSRF-Token": "wrong"},
    "a wrong token from our page": {"Origin": ORIGIN, "X-CSRF-Token": "wrong"},
    "the browser says cross-site": {"Origin": ORIGIN, "Sec-Fetch-Site": "cross-site"},
}
OWN = {
    "our origin": {"Origin": ORIGIN},
    "the token": {"X-CSRF-Token": "right"},
    "both": {"Origin": ORIGIN, "X-CSRF-Token": "right", "Sec-Fetch-Site": "same-origin"},
}


def with_cookie(desk, headers):
    csrf_token = log_in(desk).json()["officer"]["csrf_token"]
    sent = {k: csrf_token if v == "right" else v for k, v in headers.items()}
    body = {"components": [{"component": "DON"}]}
    return desk.client.post("/api/v1/dossiers/khong-co/components", json=body, headers=sent)


@pytest.mark.parametrize("headers", FOREIGN.values(), ids=FOREIGN.keys())
def test_a_page_of_another_site_changes_nothing(desk, headers):
    answer = with_cookie(desk, headers)
    assert answer.status_code == 403
    assert answer.json()["error"]["code"] == "session.foreign_page"


@pytest.mark.parametrize("headers", OWN.values(), ids=OWN.keys())
def test_a_page_of_ours_may(desk, headers):
    assert with_cookie(desk, headers).status_code == 404  # it got through to the dossiers


def test_another_site_cannot_log_anybody_in(desk):
    answer = log_in(desk, origin="http://ke-xau.test")
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


def test_a_form_of_another_site_is_no_login(desk):
    answer = desk.client.post(
        "/api/v1/login",
        content='{"login": "lan", "password": "mat-khau-thu"}',
        headers={"Content-Type": "text/plain"},
    )
    assert answer.status_code == 422
    assert "set-cookie" not in answer.headers


def test_few_passwords_are_checked_at_once_and_few_people_wait(desk, monkeypatch):
    inside, most = 0, 0
    lock, arrived, go_on = threading.Lock(), threading.Semaphore(0), threading.Event()

    def slow(*_):
        nonlocal inside, most
        with lock:
            inside += 1
            most = max(most, inside)
        arrived.release()
        go_on.wait(10)
        with lock:
            inside -= 1
        raise WrongLogin

    monkeypatch.setattr("engine.accounts.log_in", slow)
    gate = LoginGate(at_once=2, waiting=3)
    answers = []

    def try_in():
        try:
            gate.log_in(desk.office, "lan", "x")
        except (WrongLogin, LoginsBusy) as refusal:
            answers.append(type(refusal))

    first = [threading.Thread(target=try_in) for _ in range(5)]
    for thread in first:
        thread.start()
    arrived.acquire(timeout=10)
    arrived.acquire(timeout=10)
    while gate._places.acquire(blocking=False):  # until all five are inside or wait
        gate._places.release()
    try_in()  # the sixth is told at once
    assert answers == [LoginsBusy]
    go_on.set()
    for thread in first:
        thread.join(10)
    assert answers == [LoginsBusy] + [WrongLogin] * 5
    assert most == 2


def test_colleagues_are_those_of_the_own_agency(desk):
    experts = desk.lan.get("/officers", params={"position": "chuyen_vien"}).json()
    assert [each["login"] for each in experts] == ["yen", "nam"]  # Cao …, Trần …
    everybody = desk.lan.get("/officers").json()
    assert {each["login"] for each in everybody} == {"lan", "nam", "yen", "hung", "thiet.ke"}
    assert desk.lan.get("/officers", params={"unit": "mot_cua"}).json() == [
        {
            "login": "lan",
            "name": "Nguyễn Thị Lan",
            "holdings": [{"unit": "mot_cua", "position": "can_bo_mot_cua"}],
        }
    ]
