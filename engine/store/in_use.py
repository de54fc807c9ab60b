"""Whether another program works on a database at this moment."""

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import make_url


def in_use(database_url: str) -> bool:
    """Whether another program has the SQLite file open; of PostgreSQL nothing is known here.

    Leaving the write-ahead log is given only to who is alone; it is entered again at once.
    """
    url = make_url(database_url)
    if url.get_backend_name() != "sqlite" or not Path(url.database or "").is_file():
        return False
    with closing(sqlite3.connect(str(url.database), timeout=0)) as connection:
        try:
            connection.execute("PRAGMA journal_mode = DELETE")
        except sqlite3.OperationalError:
            return True
        connection.execute("PRAGMA journal_mode = WAL")
    return False
