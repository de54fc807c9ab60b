"""A program of its own that answers questions about an SQLite file in columns (Arrow).

It is run by `engine.store.snapshot`, never imported: the driver brings its own copy of SQLite,
and two copies in one process end each other's locks on a file (sqlite.org, "How to corrupt", 2.2).
All answers are of one transaction. A line is a question (JSON text); an answer is a line `ok`, an
Arrow stream and a line `end`, or a line with what is wrong. The end of the questions ends it.

It starts in a quarter of the time without PyArrow and NumPy: the driver is asked directly, and
nanoarrow writes the stream.
"""

import json
import signal
import sys

import adbc_driver_sqlite
from adbc_driver_manager import AdbcConnection, AdbcStatement, Error
from nanoarrow.ipc import StreamWriter

_ROWS = "4096"
"""Rows of a piece of an answer: of more, the memory that they fill is new each time."""


_WAIT = "PRAGMA busy_timeout = 30000"
"""For whoever has the file to himself: a restore, or the last one to close it."""


def main(path: str) -> None:
    asked, told = sys.stdin.buffer, sys.stdout.buffer
    with adbc_driver_sqlite.connect(path) as database, AdbcConnection(database) as connection:
        connection.set_autocommit(False)
        with AdbcStatement(connection) as statement:
            for told_once in (_WAIT, "PRAGMA query_only = 1"):
                statement.set_sql_query(told_once)
                statement.execute_update()
        for line in asked:
            with AdbcStatement(connection) as statement:
                try:
                    statement.set_options(**{"adbc.sqlite.query.batch_rows": _ROWS})
                    statement.set_sql_query(json.loads(line))
                    answer, _ = statement.execute_query()
                except Error as error:
                    told.write(json.dumps(str(error)).encode() + b"\n")
                else:
                    told.write(b"ok\n")
                    StreamWriter.from_writable(told).serialize_stream(answer)
                    told.write(b"end\n")
            told.flush()


if __name__ == "__main__":
    if hasattr(signal, "SIGPIPE"):  # who does not want the rest of an answer has ended
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    main(sys.argv[1])
