"""The post: every few seconds, letters of the outbox that are due go out."""

import random

from api.background import Background
from api.settings import Settings
from engine.delivery.deliverer import Deliverer, Deliverers
from engine.delivery.mail_post import MailPost, MailServer
from engine.delivery.round import Post, deliver_what_is_due
from engine.delivery.text_post import Gateway, TextPost
from engine.delivery.webhook_post import WebhookPost
from engine.office import Office
from engine.outbox import WEBHOOK
from engine.reminders.messages import EMAIL, TEXT


class OutgoingPost(Background):
    """Delivers the letters of an office. Any number of them may run on one database."""

    def __init__(self, office: Office, settings: Settings) -> None:
        chance = random.Random().random  # noqa: S311 - spreads retries, guards nothing
        post = Post(office, deliverers(office, settings), chance)
        super().__init__(
            "outgoing-post", lambda: deliver_what_is_due(post), office.clock, settings.every_seconds
        )


def deliverers(office: Office, settings: Settings) -> Deliverers:
    """Who delivers which kind of letter; what nobody delivers waits."""
    private = settings.private_webhooks
    found: dict[str, Deliverer] = {WEBHOOK: WebhookPost(office, private=private)}
    if settings.smtp_host:
        server = MailServer(
            host=settings.smtp_host,
            port=settings.smtp_port,
            sender=settings.smtp_sender or settings.smtp_user,
            security=settings.smtp_security,
            user=settings.smtp_user,
            password=settings.smtp_password.get_secret_value(),
            authority=settings.smtp_authority,
        )
        found[EMAIL] = MailPost(server, settings.public_address)
    if settings.text_address:
        secret = settings.text_secret.get_secret_value()
        gateway = Gateway(settings.text_address, settings.text_body, settings.text_headers, secret)
        found[TEXT] = TextPost(gateway, private=private)
    return found
