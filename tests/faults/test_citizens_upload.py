"""A citizen's line is cut in the middle of a file: nothing of it stays, and it may be sent again."""

import socket
from urllib.parse import urlsplit

import httpx

from tests.api.test_lookups import Citizen
from tests.engine.documents.files import pdf
from tests.faults.test_uploads import files_of, served, until, upload_desk

__all__ = ["upload_desk"]


def test_a_cut_connection_leaves_nothing_and_the_file_is_sent_again(upload_desk, monkeypatch):
    desk = upload_desk
    citizen = Citizen(desk)
    citizen.ask()
    slip = {"code": citizen.code, "secret": citizen.secret}
    with served(desk, monkeypatch) as server:
        lookups = f"{server.address}/public/lookups"
        looked = httpx.post(lookups, json=slip, timeout=30, trust_env=False)
        token = {"Authorization": f"Bearer {looked.json()['token']}"}
        at = urlsplit(lookups)
        head = (
            f"POST {at.path}/files?component=DON HTTP/1.1\r\n"
            f"Host: {at.netloc}\r\nAuthorization: {token['Authorization']}\r\n"
            "Content-Type: application/octet-stream\r\nContent-Length: 20000000\r\n\r\n"
        )
        with socket.create_connection((at.hostname, at.port), timeout=30) as line:
            line.sendall(head.encode() + pdf() + bytes(3_000_000))
            until(lambda: files_of(desk))  # it is on its way
        until(lambda: not files_of(desk))
        sent = httpx.post(
            f"{lookups}/files",
            params={"component": "DON", "file_name": "đơn.pdf"},
            content=pdf(),
            headers={**token, "Idempotency-Key": "k"},
            timeout=30,
            trust_env=False,
        )
        assert sent.status_code == 201, sent.text
    assert len(sent.json()["dossier"]["missing"]["components"][0]["files"]) == 1
