"""A program of its own that answers questions about an SQLite file in columns (Arrow).

It is run by `engine.store.snapshot`, never imported: the driver brings its own copy of SQLite,
and two copies in one process end each other's locks on a file (sqlite.org, "How to corrupt", 2.2).
All answers are of one transaction. A line is a question (JSON text); an answer is a line `ok`,
then an Arrow stream, or a line with what is wrong. The end of the questions ends the program.
"""

import json
import sys
from io import IOBase
from typing import cast

import adbc_driver_sqlite.dbapi as sqlite
import pyarrow as pa


def main(path: str) -> None:
    asked, told = sys.stdin.buffer, sys.stdout.buffer
    with sqlite.connect(path) as connection, connection.cursor() as cursor:
        cursor.execute("PRAGMA query_only = 1")
        for line in asked:
            try:
                cursor.execute(json.loads(line))
                reader = cursor.fetch_record_batch()
            except sqlite.Error as error:
                told.write(json.dumps(str(error)).encode() + b"\n")
            else:
                told.write(b"ok\n")
                with pa.ipc.new_stream(cast("IOBase", told), reader.schema) as stream:
                    for batch in reader:
                        stream.write_batch(batch)
            told.flush()


if __name__ == "__main__":
    main(sys.argv[1])
