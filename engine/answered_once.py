"""Commands that are no acts on a dossier, done once per idempotency key and answered alike.

What came of the command, an id or a number, is kept in its own transaction. Where the door makes
more of it, the first answer made is kept beside it before anybody is told, and told ever after.
"""

import threading
from base64 import b85decode, b85encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

import zstandard
from sqlalchemy import Connection, select, update

from engine.actor import Actor
from engine.dossiers.answered import KEPT, OWN_KEY, keep_data, own_key, require_same
from engine.office import Office
from engine.store.database import Command, Transaction
from engine.store.tables import idempotency
from processes.errors import RuleError

Done = TypeVar("Done", UUID, int)
_LARGEST = 64 * 1024 * 1024


class _OfThread(threading.local):
    def __init__(self) -> None:
        self.compressor = zstandard.ZstdCompressor()
        self.decompressor = zstandard.ZstdDecompressor()


_own = _OfThread()


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it came: whose, for what, and under which key; None keeps nothing."""

    actor: Actor
    command: str
    request: Mapping[str, Any]
    key: str | None

    def done(self, connection: Connection) -> Any:
        """What came of it when it was asked for before, else None (InvalidKey, KeyReused)."""
        own = own_key(self.actor, self.key)
        rows = [] if self.key is None else KEPT.rows(connection, own)
        if not rows:
            return None
        require_same(rows[0], self.command, self.request)
        done = rows[0].answer["done"]
        return UUID(done) if isinstance(done, str) else done

    def keep(self, transaction: Transaction, at: datetime, done: UUID | int) -> None:
        """Write down under the key what came of it."""
        if self.key is not None:
            kept = {"done": done.hex if isinstance(done, UUID) else done}
            keep_data(transaction, self.actor, self.command, self.request, self.key, at, kept)


def do_once(office: Office, asked: Asked, prepare: Callable[[], Command[Done]]) -> Done:
    """Do what is asked for unless it was done before; what came of it.

    prepare: reads and judges what the command needs, before a transaction is begun. Errors: those
    of both, unless a twin of the request was faster.
    """
    done: Done | None = _looked(office, asked)
    if done is not None:
        return done
    try:
        return office.database.write(_keeping(office, asked, prepare()))
    except RuleError:
        done = _looked(office, asked)  # the twin may be what stands against it
        if done is None:
            raise
        return done


def _looked(office: Office, asked: Asked) -> Any:
    if asked.key is None:
        return None
    with office.database.read() as connection:
        return asked.done(connection)


def _keeping(office: Office, asked: Asked, command: Command[Done]) -> Command[Done]:
    def run(transaction: Transaction) -> Done:
        done: Done | None = asked.done(transaction.connection)
        if done is None:
            done = command(transaction)
            asked.keep(transaction, office.clock.now(), done)
        return done

    return run


def answer_once(office: Office, actor: Actor, key: str | None, make: Callable[[], bytes]) -> bytes:
    """What to tell of a command that was done under the key: the first answer made.

    key: None makes a new one each time.
    """
    if key is None:
        return make()
    kept = _kept_answer(office, actor, key)
    if kept is not None:
        return kept
    made = make()

    def command(transaction: Transaction) -> bytes:
        own = own_key(actor, key)
        # Locked until the end: of twins that both have made one, the first one's stands.
        row = transaction.execute(
            select(idempotency.c.answer).where(*OWN_KEY).with_for_update(), own
        ).one()
        if "body" in row.answer:
            return _unpacked(row.answer)
        packed = b85encode(_own.compressor.compress(made)).decode()
        transaction.execute(
            update(idempotency).where(*OWN_KEY).values(answer={**row.answer, "body": packed}), own
        )
        return made

    return office.database.write(command)


def _kept_answer(office: Office, actor: Actor, key: str) -> bytes | None:
    with office.database.read() as connection:
        rows = KEPT.rows(connection, own_key(actor, key))
    answer = rows[0].answer
    return _unpacked(answer) if "body" in answer else None


def _unpacked(answer: Mapping[str, Any]) -> bytes:
    packed = b85decode(answer["body"])
    return _own.decompressor.decompress(packed, max_output_size=_LARGEST)
