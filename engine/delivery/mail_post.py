"""One letter of the outbox sent as e-mail through the office's mail server (SMTP)."""

import smtplib
import ssl
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from enum import StrEnum

import orjson

from engine.delivery.deliverer import Letter, NeverDelivered, NotDelivered

_SECONDS = 10.0  # to connect, and for each answer
_FOR_GOOD = 500  # replies from here on say that it is of no use to try again
_LOGIN_REFUSED = (530, 534, 535, 538)  # but these are of the server's settings, not of the letter


class Security(StrEnum):
    """How the connection is kept from being read."""

    NONE = "none"
    STARTTLS = "starttls"
    TLS = "tls"


@dataclass(frozen=True)
class MailServer:
    """Where mail is handed in. sender: the address it comes from.

    authority: a file with the certificate of whoever vouches for the server, where that is the
    office's own; "" = those that the machine trusts. Who nobody vouches for is not talked to.
    """

    host: str
    port: int
    sender: str
    security: Security = Security.STARTTLS
    user: str = ""
    password: str = ""
    authority: str = ""

    def __repr__(self) -> str:
        return f"MailServer({self.host}:{self.port})"  # what is logged by accident: no password


@dataclass(frozen=True)
class MailPost:
    """Delivers letters of the kind `email`. site: the product's own address, "" = no links."""

    server: MailServer
    site: str = ""

    def __call__(self, letter: Letter, at: datetime) -> str:
        """Hand it in; what the server said. Errors: NotDelivered."""
        body = orjson.loads(letter.body)
        if at > datetime.fromisoformat(body["good_until"]):
            raise NeverDelivered("it says nothing new any more")
        try:
            with self._connection() as connection:
                connection.send_message(self._message(letter, body, at))
        except smtplib.SMTPRecipientsRefused as refused:
            code, said = next(iter(refused.recipients.values()))
            raise _failure(code, _text(said)) from refused
        except smtplib.SMTPResponseException as refused:
            raise _failure(refused.smtp_code, _text(refused.smtp_error)) from refused
        except (OSError, smtplib.SMTPException, ValueError) as error:
            raise NotDelivered(f"{type(error).__name__}: {error}") from error
        return "handed in"

    def _connection(self) -> smtplib.SMTP:
        server = self.server
        if server.security is Security.TLS:
            opened: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, timeout=_SECONDS, context=self._trust()
            )
        else:
            opened = smtplib.SMTP(server.host, server.port, timeout=_SECONDS)
        try:
            if server.security is Security.STARTTLS:
                opened.starttls(context=self._trust())
            if server.user:
                opened.login(server.user, server.password)
        except BaseException:
            opened.close()
            raise
        return opened

    def _trust(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self.server.authority or None)

    def _message(self, letter: Letter, body: dict[str, str], at: datetime) -> EmailMessage:
        message = EmailMessage()
        message["From"] = self.server.sender
        message["To"] = letter.destination
        message["Subject"] = " ".join(body["subject"].split())
        message["Date"] = format_datetime(at)
        message["Message-ID"] = f"<{letter.letter_id}@quytrinh>"
        message["Auto-Submitted"] = "auto-generated"
        page = body.get("page", "")
        link = f"\n{self.site}{page}\n" if self.site and page else ""
        message.set_content(body["text"] + link)
        return message


def _failure(code: int, said: str) -> NotDelivered:
    told = f"{code} {said}"
    if code >= _FOR_GOOD and code not in _LOGIN_REFUSED:
        return NeverDelivered("the mail server refused it", told)
    return NotDelivered("the mail server did not take it", told)


def _text(said: bytes | str) -> str:
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else said
