"""The server killed in the midst of work: what it acknowledged is there, the rest not or whole.

QUYTRINH_KILLS=20 kills so often on each kind of database; a few times are enough in CI.
"""

import os
import random
import sqlite3
import threading
import time
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from sqlalchemy import func, select

from engine.journal import verify
from engine.proofs.rebuild import rebuild
from engine.store.database import Database
from engine.store.tables import dossier, journal
from tests.api.desk import CODE, found_in, open_desk
from tests.faults.server_process import ServerProcess

KILLS = int(os.environ.get("QUYTRINH_KILLS", "3"))
CLIENTS = 4
MOST = 30  # commands acknowledged before a kill
PATIENCE = 60  # seconds
SEED = 9


@dataclass
class Sent:
    """A command, and what came back: None where nothing did."""

    path: str
    body: dict
    key: str
    answer: dict | None = None


@dataclass
class Client:
    """One officer's program: dossiers back to back, each command under a key of its own."""

    name: str
    tokens: dict[str, str]
    sent: list[Sent] = field(default_factory=list)

    def work(self, address: str, until: threading.Event) -> None:
        with httpx.Client(base_url=address, timeout=10, trust_env=False) as http:
            while not until.is_set():
                try:
                    self._one_dossier(http)
                except httpx.TransportError:
                    return

    def _one_dossier(self, http: httpx.Client) -> None:
        body = {
            "procedure": CODE,
            "applicant": f"Lê Văn {self.name}",
            "data": {"dien_tich": 120},
            "components": [
                {"component": "DON"},
                {"component": "BAN_VE", "form": "certified_copy", "number": 2},
            ],
        }
        received = self._post(http, "lan", "/dossiers", body)
        appraise = self._post(http, "lan", _complete(received), {})
        sign = self._post(http, "nam", _complete(appraise), {"data": {"ket_qua": "dat"}})
        self._post(http, "hung", _complete(sign), {})

    def _post(self, http: httpx.Client, who: str, path: str, body: dict) -> dict:
        sent = Sent(path, body, f"{who}.{self.name}-{len(self.sent)}")
        self.sent.append(sent)
        sent.answer = self.repeat(http, sent)
        return sent.answer

    def repeat(self, http: httpx.Client, sent: Sent) -> dict:
        who = sent.key.split(".")[0]
        headers = {"Authorization": f"Bearer {self.tokens[who]}", "Idempotency-Key": sent.key}
        answer = http.post(sent.path, json=sent.body, headers=headers)
        assert answer.status_code in (200, 201), answer.text
        return answer.json()


def _complete(outcome: dict) -> str:
    return f"/steps/{outcome['opened'][0]['step_run_id']}/complete"


def under_load(clients, server, enough):
    """Kill the server as soon as so many commands are acknowledged, while others are on their way."""
    over = threading.Event()
    threads = [threading.Thread(target=each.work, args=(server.address, over)) for each in clients]
    for thread in threads:
        thread.start()
    until = time.monotonic() + PATIENCE
    while acknowledged(clients) < enough and time.monotonic() < until:
        time.sleep(0.001)
    server.kill()
    over.set()
    for thread in threads:
        thread.join(30)


def acknowledged(clients):
    return sum(sent.answer is not None for each in clients for sent in list(each.sent))


def require_all_there(clients, address, url):
    """Each command told again is answered as before; then there is one event for each, once."""
    with httpx.Client(base_url=address, timeout=10, trust_env=False) as http:
        for client in clients:
            for sent in client.sent:
                answer = client.repeat(http, sent)
                assert sent.answer in (None, answer)
                sent.answer = answer
    database = Database(url)
    try:
        with database.read() as connection:
            _, breaks = verify(connection)
            events = connection.execute(select(func.count()).select_from(journal)).scalar_one()
            torn = connection.execute(
                select(dossier.c.code).where(dossier.c.version != dossier.c.events)
            ).all()
    finally:
        database.close()
    assert (breaks, torn) == ((), [])
    assert events == sum(len(client.sent) for client in clients)


def killed_again_and_again(url, kills, tmp_path):
    desk = open_desk(url, tmp_path)
    tokens = {who: desk.caller(who).token for who in ("lan", "nam", "hung")}
    desk.office.database.close()
    chance = random.Random(SEED)
    clients, told, untold = [], 0, 0
    server = ServerProcess(url)
    try:
        for kill in range(kills):
            new = [Client(f"{kill}-{number}", tokens) for number in range(CLIENTS)]
            under_load(new, server, chance.randint(1, MOST))
            clients += new
            told += acknowledged(new)
            untold += sum(len(each.sent) for each in new) - acknowledged(new)
            _require_whole_file(url)
            server = ServerProcess(url)
            require_all_there(clients, server.address, url)
    finally:
        server.kill()
    assert told
    print(f"{kills} kills: {told} acknowledged, {untold} unanswered, 0 lost, 0 doubled")  # noqa: T201  a figure, shown by pytest -rP
    database = Database(url)
    try:
        with database.read() as connection:
            assert all(made.differences == () for made in rebuild(connection))
    finally:
        database.close()


def _require_whole_file(url):
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(Path(url.removeprefix("sqlite:///")))) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"


def test_a_killed_server_keeps_what_it_acknowledged_on_sqlite(desk_files, tmp_path):
    killed_again_and_again(desk_files.fresh(tmp_path), KILLS, tmp_path)


def test_a_killed_server_keeps_what_it_acknowledged_on_postgresql(postgresql_url, tmp_path):
    found_in(postgresql_url)
    killed_again_and_again(postgresql_url, max(1, KILLS // 3 if KILLS < 10 else KILLS), tmp_path)
