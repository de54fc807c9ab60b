"""The outermost door: headers on everything, web files kept for ever, health, and the worker."""

import logging
import threading

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

from api import static_files
from api.app import create_app
from api.door import SECURITY_HEADERS
from api.passing_time import PassingTime
from api.settings import Settings
from engine.store.condition import has_newest_schema
from engine.store.database import Database


@pytest.mark.parametrize(
    "path", ["/api/v1/me", "/health/live", "/openapi.json", "/static/none.js", "/none"]
)
def test_every_answer_carries_the_security_headers(desk, path):
    headers = desk.client.get(path).headers
    for name, value in SECURITY_HEADERS.items():
        assert headers[name] == value
    assert "strict-transport-security" not in headers


def test_answers_with_people_in_them_are_not_stored(desk):
    assert desk.lan.get("/me").headers["cache-control"] == "no-store"


def test_large_answers_are_compressed(desk):
    answer = desk.client.get("/openapi.json", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.json()["openapi"].startswith("3.1")


@pytest.fixture
def web_files(tmp_path, monkeypatch, desk):
    folder = tmp_path / "dist"
    folder.mkdir()
    (folder / "app-AKKYEUHF.js").write_text("1")
    (folder / "THIRD-PARTY.txt").write_text("2")
    (tmp_path / "secret.txt").write_text("3")
    monkeypatch.setattr(static_files, "DIST", folder)
    return TestClient(create_app(desk.office, Settings(tick_seconds=0), with_pages=False))


def test_a_file_named_after_its_content_is_kept_for_ever(web_files):
    answer = web_files.get("/static/app-AKKYEUHF.js")
    assert answer.text == "1"
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-type"].startswith("text/javascript")


def test_other_files_are_asked_for_again(web_files):
    assert web_files.get("/static/THIRD-PARTY.txt").headers["cache-control"] == "no-cache"


@pytest.mark.parametrize("path", ["../secret.txt", "%2e%2e/secret.txt", "..%2fsecret.txt", ""])
def test_nothing_outside_the_folder_is_served(web_files, path):
    assert web_files.get(f"/static/{path}").status_code == 404


def test_the_server_lives_and_is_ready(any_desk):
    assert any_desk.client.get("/health/live").json() == {"status": "live"}
    assert any_desk.client.get("/health/ready").json() == {"status": "ready"}


def not_ready(client):
    answer = client.get("/health/ready")
    assert answer.status_code == 503
    error = answer.json()["error"]
    assert error["code"] == "server.not_ready"
    return error["en"]


def test_it_is_not_ready_without_its_database(desk, tmp_path):
    desk.office.database = Database(f"sqlite:///{tmp_path}/none/at/all.db")
    assert "does not answer" in not_ready(desk.client)
    desk.office.database.close()


def test_it_is_not_ready_with_an_old_schema(any_desk):
    database = any_desk.office.database
    assert has_newest_schema(database)
    database.write(lambda t: t.execute(text("UPDATE alembic_version SET version_num = '0000'")))
    assert not has_newest_schema(database)
    assert "migrate" in not_ready(any_desk.client)


def test_time_passes_while_the_server_runs(desk):
    appraised = desk.appraised()
    desk.at(2026, 3, 4, 8, 1)  # a minute after the appraisal was due
    app = create_app(desk.office, Settings(tick_seconds=0.01), with_pages=False)
    with TestClient(app) as client:
        worker = app.state.worker
        for _ in range(1000):
            (step,) = desk.file(appraised["code"])["open_steps"]
            if step["escalated_at"] is not None:
                break
            threading.Event().wait(0.01)
        assert step["escalated_at"] == "2026-03-04T01:01:00Z"
        assert client.get("/health/ready").status_code == 200
    assert not worker.running


def test_a_failure_of_the_worker_is_logged_and_it_goes_on(desk, monkeypatch, caplog):
    worker = PassingTime(desk.office, 0.01)

    def fail(_office):
        raise ZeroDivisionError

    monkeypatch.setattr("api.passing_time.let_time_pass", fail)
    assert [worker.look(), worker.look()] == [0, 0]
    assert worker.failures == 2
    assert [record.levelno for record in caplog.records] == [logging.ERROR] * 2
    monkeypatch.undo()
    assert worker.look() == 0
    assert worker.failures == 0
    assert worker.last_success == desk.clock.now()


def test_a_server_whose_worker_fails_is_not_ready(desk, monkeypatch, caplog):
    def fail(_office):
        raise ZeroDivisionError

    monkeypatch.setattr("api.passing_time.let_time_pass", fail)
    app = create_app(desk.office, Settings(tick_seconds=0.001), with_pages=False)
    with TestClient(app) as client:
        for _ in range(1000):
            if app.state.worker.failures >= 3:
                break
            threading.Event().wait(0.005)
        assert "falls due" in not_ready(client)
