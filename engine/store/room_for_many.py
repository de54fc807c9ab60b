"""SQLite's writer while it changes very many rows: more pages at hand, copied less often.

With the usual two megabytes of pages it reads the same ones again and again, and after every few
hundred rows it copies what it wrote into the file, most of which is about to be written again.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from engine.store import prepared
from engine.store.database import Database, Transaction
from engine.store.prepared import Line

_USUAL = ("cache_size = -2000", "wal_autocheckpoint = 1000")  # SQLite's own
_MANY = ("cache_size = -65536", "wal_autocheckpoint = 8000")  # 64 MB; pages of 4 KB


@contextmanager
def room_for_many(database: Database) -> Iterator[None]:
    """Have the writer work so, and as usual again afterwards. Other databases need nothing."""
    if not database.is_sqlite:
        yield
        return
    _set(database, _MANY)
    try:
        yield
    finally:
        _set(database, _USUAL)
        # Else whoever writes next would wait until all of it is copied.
        database.look(lambda connection: Line(connection).say("PRAGMA wal_checkpoint(PASSIVE)"))


def _set(database: Database, settings: tuple[str, ...]) -> None:
    def command(transaction: Transaction) -> None:
        for each in settings:
            prepared.say(transaction.connection, f"PRAGMA {each}")

    database.write(command)
