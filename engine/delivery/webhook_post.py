"""One letter posted to a webhook: a CloudEvent as JSON, signed, within bounds of time and size."""

import http.client
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from http import HTTPStatus

from engine.delivery.address import InvalidAddress, Place, place_of, reachable
from engine.delivery.deliverer import Letter, NeverDelivered, NotDelivered
from engine.delivery.signature import signed_headers
from engine.delivery.webhooks import target
from engine.office import Office

_SECONDS = 10.0  # to connect, and between bytes
_LONGEST_SECONDS = 20.0  # in all
_LARGEST_ANSWER = 16_384  # bytes read
_KEPT = 500  # letters of the answer that people are shown
_TOO_LONG = "the receiver took too long"
_TYPE = "application/cloudevents+json; charset=utf-8"


@dataclass(frozen=True)
class WebhookPost:
    """Delivers letters of the kind `webhook`.

    private: whether addresses of private networks and of this machine may be sent to.
    """

    office: Office
    private: bool = False

    def __call__(self, letter: Letter, at: datetime) -> str:
        """Post it; the status and the beginning of the answer. Errors: NotDelivered."""
        found = target(self.office, letter.agency_id, letter.destination)
        if found is None:
            raise NeverDelivered("the webhook was removed or switched off")
        body = letter.body.encode()
        headers = {
            "Content-Type": _TYPE,
            "User-Agent": "quytrinh",
            "Connection": "close",
            **signed_headers(found.secret, letter.letter_id, at, body),
        }
        try:
            place = place_of(found.address)
        except InvalidAddress as error:
            raise NeverDelivered(str(error)) from error
        return post_over_http(place, reachable(place, private=self.private), body, headers)


def post_over_http(place: Place, ip: str, body: bytes, headers: dict[str, str]) -> str:
    """What was answered. Errors: NotDelivered, also where that is anything but a success."""
    try:
        connection = _connection(place, ip)
        try:
            with _bounded(connection) as too_long:
                connection.request("POST", place.path, body, headers)
                with connection.getresponse() as answer:
                    said = _read(answer)
        finally:
            connection.close()
    except (OSError, http.client.HTTPException) as error:
        raise NotDelivered(f"{type(error).__name__}: {error}") from error
    if too_long.is_set():
        raise NotDelivered(_TOO_LONG)
    told = f"{answer.status} {said}".strip()
    if HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES:
        return told
    if answer.status == HTTPStatus.GONE:  # so the scheme says: the receiver wants no more
        raise NeverDelivered("the receiver answered 410", told)
    raise NotDelivered(f"the receiver answered {answer.status}", told)


@contextmanager
def _bounded(connection: http.client.HTTPConnection) -> Iterator[threading.Event]:
    """Cut the connection where all of it takes too long, however busily it drips; whether it was.

    Errors: NotDelivered where it was and that was noticed.
    """
    too_long = threading.Event()
    sock = connection.sock

    def cut() -> None:
        too_long.set()
        with suppress(OSError):
            sock.shutdown(socket.SHUT_RDWR)

    watch = threading.Timer(_LONGEST_SECONDS, cut)
    watch.start()
    try:
        yield too_long
    except (OSError, http.client.HTTPException) as error:
        if too_long.is_set():
            raise NotDelivered(_TOO_LONG) from error
        raise
    finally:
        watch.cancel()


def _connection(place: Place, ip: str) -> http.client.HTTPConnection:
    """A connection to the address that was looked at, under the name that was stated."""
    plain = socket.create_connection((ip, place.port), timeout=_SECONDS)
    connection = http.client.HTTPConnection(place.host, place.port, timeout=_SECONDS)
    try:
        connection.sock = (
            _trusted().wrap_socket(plain, server_hostname=place.host) if place.secure else plain
        )
    except BaseException:
        plain.close()
        raise
    connection.default_port = 443 if place.secure else 80  # not named in the Host header
    return connection


@cache
def _trusted() -> ssl.SSLContext:
    return ssl.create_default_context()


def _read(answer: http.client.HTTPResponse) -> str:
    """The beginning of the answer, on one line."""
    words = answer.read(_LARGEST_ANSWER).decode("utf-8", "replace")[:_KEPT]
    return " ".join("".join(c if c.isprintable() else " " for c in words).split())
