"""A receiver that is slow on purpose holds up its letter for seconds, and no other for longer."""

import socket
import threading
from contextlib import contextmanager

import pytest

from engine.delivery import webhook_post
from engine.delivery.address import Place
from engine.delivery.deliverer import NotDelivered
from engine.delivery.webhook_post import post_over_http

_BEGINNING = {
    True: b"\x16\x03\x03\x40\x00",  # of a TLS record of 16 KiB
    False: b"HTTP/1.1 200 OK\r\nX: ",
}


@contextmanager
def dripping(beginning):
    """Whoever connects gets the beginning of an answer, then a byte now and then; the port."""
    ended = threading.Event()

    def drip():
        sock, _ = server.accept()
        with sock:
            try:
                sock.sendall(beginning)
                while not ended.wait(0.05):
                    sock.sendall(b"\x02")
            except OSError:
                return

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=drip)
        thread.start()
        try:
            yield server.getsockname()[1]
        finally:
            ended.set()
            thread.join()


@pytest.mark.parametrize(
    ("secure", "bound", "said"),
    [(True, "_SECONDS", "timed out"), (False, "_LONGEST_SECONDS", "took too long")],
)
def test_who_drips_is_cut_off_also_before_anything_was_sent(monkeypatch, secure, bound, said):
    monkeypatch.setattr(webhook_post, bound, 0.3)
    with dripping(_BEGINNING[secure]) as port, pytest.raises(NotDelivered, match=said):
        post_over_http(Place(secure, "localhost", port, "/"), "127.0.0.1", b"{}", {})
