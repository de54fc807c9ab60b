"""Mail goes only to a mail server that somebody trusted vouches for; nothing is said before."""

import socket
import ssl
from contextlib import contextmanager
from datetime import UTC, datetime
from uuid import UUID

import orjson
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from engine.delivery.deliverer import Letter, NeverDelivered, NotDelivered
from engine.delivery.mail_post import MailPost, MailServer, Security
from tests.engine.delivery.certificates import Authority

HERE = "127.0.0.1"
NOW = datetime(2026, 3, 9, 8, 0, tzinfo=UTC)
_BODY = {"subject": "Nhắc việc", "text": "Đã đến hạn", "good_until": "2026-03-11T08:00:00+00:00"}
LETTER = Letter(
    "ubnd", UUID(int=7), "email", "due", "canbo@example.vn", orjson.dumps(_BODY).decode(), 0
)


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("ca"))


def is_secret(server):
    return server.transport.get_extra_info("ssl_object") is not None


class Box:
    """What a server was told, and whether nobody could read it on the way."""

    def __init__(self):
        self.mails, self.logins = [], []

    async def handle_DATA(self, server, _session, _envelope):  # noqa: N802
        self.mails.append(is_secret(server))
        return "250 taken"

    def login(self, server, _session, _envelope, _mechanism, given):
        self.logins.append((given.password, is_secret(server)))
        return AuthResult(success=True)


class AnyPort(Controller):
    """At whichever port is free."""

    def _trigger_server(self):
        self.port = self.server.sockets[0].getsockname()[1]
        with socket.create_connection((HERE, self.port), 60):
            assert self._factory_invoked.wait(60)  # by the connection, in the server's own loop


@contextmanager
def serving(certificate, security):
    """A real mail server with that certificate, or without any."""
    box, how = Box(), {}
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        name = "ssl_context" if security is Security.TLS else "tls_context"
        how = {name: context, "auth_require_tls": security is not Security.TLS}
        # of implicit TLS the library does not know that it is secure
    else:
        how = {"auth_require_tls": False}
    server = AnyPort(box, hostname=HERE, port=0, authenticator=box.login, ready_timeout=60, **how)
    server.start()
    try:
        yield box, server.port
    finally:
        server.stop()


def hand_in(port, security, authority=""):
    known = {"user": "quytrinh", "password": "mat khau", "security": security}
    server = MailServer(HERE, port, "qt@example.vn", authority=str(authority), **known)
    return MailPost(server)(LETTER, NOW)


BOTH = pytest.mark.parametrize("security", [Security.STARTTLS, Security.TLS])


@BOTH
def test_mail_and_password_go_to_a_server_that_the_offices_authority_vouches_for(
    authority, security
):
    with serving(authority.vouches_for(HERE), security) as (box, port):
        assert hand_in(port, security, authority.file) == "handed in"
    assert box.mails == [True]
    assert box.logins == [(b"mat khau", True)]


def refused(box, port, security, authority):
    """It may be another server in its place: tried again later, for it may be mended."""
    with pytest.raises(NotDelivered) as refusal:
        hand_in(port, security, authority)
    assert not isinstance(refusal.value, NeverDelivered)
    assert (box.mails, box.logins) == ([], [])
    assert "mat khau" not in str(refusal.value)
    return str(refusal.value)


@BOTH
def test_a_server_that_nobody_vouches_for_is_told_nothing(authority, security):
    with serving(authority.vouches_for(HERE), security) as (box, port):
        assert "CERTIFICATE_VERIFY_FAILED" in refused(box, port, security, "")


@BOTH
def test_a_certificate_of_another_server_is_not_this_ones(authority, security):
    with serving(authority.vouches_for("127.0.0.9"), security) as (box, port):
        assert "127.0.0.1" in refused(box, port, security, authority.file)


@BOTH
def test_a_certificate_that_has_run_out_counts_no_more(authority, security):
    ended = datetime(2021, 1, 1, tzinfo=UTC)
    with serving(authority.vouches_for(HERE, ended), security) as (box, port):
        assert "expired" in refused(box, port, security, authority.file)


def test_a_server_without_starttls_is_not_talked_to_in_the_open(authority):
    with serving(None, Security.NONE) as (box, port):
        refused(box, port, Security.STARTTLS, authority.file)
