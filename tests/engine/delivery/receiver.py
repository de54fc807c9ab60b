"""A real HTTP receiver on this machine, and an office that sends to it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from engine.actor import Actor
from engine.delivery.round import Post
from engine.delivery.webhook_post import WebhookPost
from engine.delivery.webhooks import NewWebhook, add_webhook
from engine.dossiers.complete_step import complete_step
from tests.conformance.event_drawing import declared, throw
from tests.engine.drawing import draw, end, start, step
from tests.engine.offices import Ward

MESSAGE = "vn.quytrinh.dossier.message"
_SENDING = (start(), step("A"), throw("T", "message M"), step("B"), end())


@dataclass
class Received:
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]


@dataclass
class Receiver:
    """What came; `answers` are given in order, the last again and again."""

    address: str
    answers: list[int] = field(default_factory=lambda: [200])
    headers: dict[str, str] = field(default_factory=dict)
    said: bytes = b"ok"
    received: list[Received] = field(default_factory=list)

    def next_answer(self) -> int:
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@contextmanager
def receiving() -> Iterator[Receiver]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            receiver.received.append(Received(self.path, headers, body))
            self.send_response(receiver.next_answer())
            for name, value in receiver.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(receiver.said)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    receiver = Receiver(f"http://127.0.0.1:{server.server_address[1]}/hook?a=1")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def administrator(ward: Ward) -> Actor:
    return next(actor for actor in ward.actors.values() if "admin" in actor.roles)


def wants(ward: Ward, address: str, *events: str) -> NewWebhook:
    return add_webhook(ward.office, administrator(ward), address, bytes, events)


def post_of(ward: Ward, *, private: bool = True, chance=lambda: 0.5, **deliverers) -> Post:
    deliverers = deliverers or {"webhook": WebhookPost(ward.office, private=private)}
    return Post(ward.office, deliverers, chance)


def sends_a_message(ward: Ward):
    """A dossier whose diagram throws a message that nobody in it catches."""
    diagram = draw(*_SENDING, flows=("S A", "A T", "T B", "B E"), beside=declared(_SENDING))
    outcome = ward.received(diagram, 2026, 3, 2, 9, 0)
    run = ward.run(outcome, "A")
    complete_step(ward.office, ward.holder(run.position, run.unit), run.step_run_id)
    return outcome
