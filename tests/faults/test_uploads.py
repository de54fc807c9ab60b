"""Uploads that go wrong: cut, killed, without room, the same from many sides. Nothing is half there."""

import hashlib
import os
import resource
import socket
import threading
import time
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from sqlalchemy import select

from engine.documents.disk_store import DiskStore
from engine.documents.keeping import held, tidy
from engine.documents.place import Documents
from engine.store.tables import content, document
from tests.api.desk import found_in, open_desk
from tests.engine.documents.files import pdf
from tests.faults.server_process import ServerProcess

KILLS = int(os.environ.get("QUYTRINH_KILLS", "2"))
CLIENTS = 3
PATIENCE = 60  # seconds


@pytest.fixture
def upload_desk(desk_files, tmp_path):
    """On SQLite."""
    opened = open_desk(desk_files.fresh(tmp_path), tmp_path)
    yield opened
    opened.office.database.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def any_upload_desk(request, desk_files, tmp_path):
    if request.param == "sqlite":
        url = desk_files.fresh(tmp_path)
    else:
        url = request.getfixturevalue("postgresql_url")
        found_in(url)
    opened = open_desk(url, tmp_path)
    yield opened
    opened.office.database.close()


@contextmanager
def served(desk, monkeypatch):
    monkeypatch.setenv("QUYTRINH_DOCUMENTS_FOLDER", str(desk.documents))
    server = ServerProcess(desk.office.database.url)
    try:
        yield server
    finally:
        server.kill()


def files_of(desk):
    return [path for path in desk.documents.rglob("*") if path.is_file()]


def until(condition):
    """Wait for what another process is about to do."""
    for _ in range(PATIENCE * 50):
        if condition():
            return
        time.sleep(0.02)
    raise AssertionError("it never came to that")


def post(address, token, dossier, data, key):
    return httpx.post(
        f"{address}/dossiers/{dossier}/documents",
        params={"component": "DON", "file_name": f"{key}.pdf"},
        content=data,
        headers={"Authorization": f"Bearer {token}", "Idempotency-Key": key},
        timeout=30,
        trust_env=False,
    )


def test_a_connection_cut_in_the_middle_leaves_nothing(upload_desk, monkeypatch):
    desk = upload_desk
    dossier, token = desk.appraised()["dossier_id"], desk.nam.token
    with served(desk, monkeypatch) as server:
        at = urlsplit(server.address)
        head = (
            f"POST {at.path}/dossiers/{dossier}/documents?component=DON HTTP/1.1\r\n"
            f"Host: {at.netloc}\r\nAuthorization: Bearer {token}\r\n"
            "Content-Type: application/octet-stream\r\nContent-Length: 20000000\r\n\r\n"
        )
        with socket.create_connection((at.hostname, at.port), timeout=30) as line:
            line.sendall(head.encode() + pdf() + bytes(3_000_000))
            until(lambda: files_of(desk))  # it is on its way
        until(lambda: not files_of(desk))
        assert post(server.address, token, dossier, pdf(), "k").status_code == 201
    assert len(desk.nam.get(f"/dossiers/{dossier}/documents").json()["documents"]) == 1


def test_a_full_disk_is_told_and_nothing_stays(upload_desk, monkeypatch):
    """The server may write no file larger than 3 MB, as on a disk with no more room."""
    desk = upload_desk
    dossier, token = desk.appraised()["dossier_id"], desk.nam.token
    with served(desk, monkeypatch) as server:
        most = (3_000_000, resource.RLIM_INFINITY)
        resource.prlimit(server._process.pid, resource.RLIMIT_FSIZE, most)
        large = pdf() + b"% " + bytes(5_000_000)
        answer = post(server.address, token, dossier, large, "large")
        assert (answer.status_code, answer.json()["error"]["code"]) == (
            507,
            "document.storage_full",
        )
        assert files_of(desk) == []
        assert post(server.address, token, dossier, pdf(), "small").status_code == 201


def test_the_same_content_from_many_sides_at_once_lies_there_once(any_upload_desk, monkeypatch):
    desk, data, answers = any_upload_desk, pdf("cung mot to"), []
    dossiers = [desk.appraised()["dossier_id"] for _ in range(CLIENTS)]
    token = desk.nam.token
    with served(desk, monkeypatch) as server:

        def bring(dossier, number):
            answers.append(post(server.address, token, dossier, data, f"k{number}").status_code)

        threads = [
            threading.Thread(target=bring, args=(dossier, number))
            for number, dossier in enumerate(dossiers * 2)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert answers == [201] * 2 * CLIENTS
    assert [path.name for path in files_of(desk)] == [hashlib.sha256(data).hexdigest()]


def test_a_content_taken_away_by_one_is_there_for_the_other(any_upload_desk):
    """One removes its document again and again while the other brings and reads the same bytes."""
    desk, data = any_upload_desk, pdf("tranh chap")
    mine, yours = (desk.appraised()["dossier_id"] for _ in range(2))
    sent = {"params": {"component": "DON"}, "content": data}
    bare = {"Content-Type": "application/octet-stream"}
    over, failures = threading.Event(), []

    def come_and_go():
        while not over.is_set():
            brought = desk.nam.post(f"/dossiers/{mine}/documents", headers=bare, **sent)
            number = brought.json()["document"]["number"]
            path = f"/dossiers/{mine}/documents/{number}/remove"
            desk.nam.post(path, {"reason": "Nộp nhầm hồ sơ khác"})

    other = threading.Thread(target=come_and_go)
    other.start()
    try:
        for _ in range(8):
            brought = desk.yen.post(f"/dossiers/{yours}/documents", headers=bare, **sent)
            number = brought.json()["document"]["number"]
            got = desk.yen.get(f"/dossiers/{yours}/documents/{number}/content")
            if got.content != data:
                failures.append(got.text[:200])
            path = f"/dossiers/{yours}/documents/{number}/remove"
            assert desk.yen.post(path, {"reason": "Nộp nhầm hồ sơ khác"}).status_code == 200
    finally:
        over.set()
        other.join()
    assert failures == []
    assert files_of(desk) == []


def test_a_killed_server_loses_nothing_acknowledged_and_keeps_nothing_else(
    any_upload_desk, monkeypatch
):
    desk = any_upload_desk
    dossiers = [desk.appraised()["dossier_id"] for _ in range(CLIENTS)]
    token, acknowledged = desk.nam.token, {}
    for turn in range(KILLS):
        with served(desk, monkeypatch) as server:
            threads = [
                threading.Thread(
                    target=_bring_until_killed,
                    args=(server.address, token, dossier, f"{turn}-{number}", acknowledged),
                )
                for number, dossier in enumerate(dossiers)
            ]
            for thread in threads:
                thread.start()
            before = len(acknowledged)
            until(lambda before=before: len(acknowledged) >= before + 2 * CLIENTS)
            server.kill()
            for thread in threads:
                thread.join()
    desk.clock.set(desk.clock.now() + timedelta(days=2))
    for part in desk.documents.glob("incoming/*"):
        os.utime(part, (1, 1))  # the office's clock stands apart from the machine's
    tidy(desk.office)
    _require_whole(desk, acknowledged)


def _bring_until_killed(address, token, dossier, name, acknowledged):
    for number in range(10_000):
        key = f"{name}-{number}"
        try:
            answer = post(address, token, dossier, pdf(key) + b"%" * 50_000 + b"\n%%EOF", key)
        except httpx.TransportError:
            return
        assert answer.status_code == 201, answer.text
        acknowledged[key] = answer.json()["document"]["sha256"]


def _require_whole(desk, acknowledged):
    """What was acknowledged is there, all that is there is whole, and somebody refers to it."""
    with desk.office.database.read() as connection:
        referred = set(connection.execute(select(document.c.sha256)).scalars())
        known = set(connection.execute(select(content.c.sha256)).scalars())
    lying = {path.name: path for path in files_of(desk)}
    assert set(acknowledged.values()) <= referred
    assert referred == known == set(lying)
    for sha256, path in lying.items():
        assert hashlib.sha256(path.read_bytes()).hexdigest() == sha256


def test_an_upload_that_died_is_tidied_away(upload_desk):
    """Killed between its hold and its document: the content is held a day, then deleted."""
    desk = upload_desk
    desk.office.documents = Documents(DiskStore(desk.documents))
    with desk.office.documents.store.arrive(1000) as arrived:
        arrived.write(b"%PDF-")
        dying = held(desk.office, "H01", arrived)
        dying.__enter__()
    assert len(files_of(desk)) == 1
    assert tidy(desk.office) == 0
    desk.clock.set(desk.clock.now() + timedelta(days=1, minutes=1))
    assert tidy(desk.office) == 1
    assert files_of(desk) == []


def test_hundreds_of_megabytes_come_whole_where_they_are_allowed(upload_desk, monkeypatch):
    """The server holds none of it in memory, and gives back its last bytes alone.

    QUYTRINH_LARGE_UPLOAD: how many megabytes, e.g. 2000.
    """
    desk, tail = upload_desk, b"% the end"
    megabytes = int(os.environ.get("QUYTRINH_LARGE_UPLOAD", "300"))
    dossier, token = desk.appraised()["dossier_id"], desk.nam.token
    monkeypatch.setenv("QUYTRINH_DOCUMENT_MEGABYTES", "2000")
    monkeypatch.setenv("QUYTRINH_DOSSIER_MEGABYTES", "2000")

    def much():
        yield pdf()
        for _ in range(megabytes - 1):
            yield b"% " + bytes(999_998)
        yield tail

    with served(desk, monkeypatch) as server:
        before = _peak(server)
        path = f"{server.address}/dossiers/{dossier}/documents"
        told = {"Authorization": f"Bearer {token}"}
        params = {"component": "DON", "file_name": "lon.pdf"}
        with httpx.Client(headers=told, timeout=900, trust_env=False) as client:
            answer = client.post(path, params=params, content=much())
            assert answer.status_code == 201, answer.text
            document = answer.json()["document"]
            part = {"Range": f"bytes=-{len(tail)}"}
            last = client.get(f"{path}/{document['number']}/content", headers=part)
        assert document["size"] > (megabytes - 1) * 1_000_000
        assert (last.status_code, last.content) == (206, tail)
        assert _peak(server) - before < 150_000  # kB


def _peak(server):
    """The most memory that the server ever held, in kB."""
    status = Path(f"/proc/{server._process.pid}/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0])
