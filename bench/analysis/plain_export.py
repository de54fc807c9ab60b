"""The way of the study that the goal of exports comes from, for the ratio: ADBC, DuckDB, Parquet.

Run as a program of its own, never imported: the driver brings its own copy of SQLite
(`engine.store.sqlite_answers` says why that must be). Columns come as the table has them, ids as
text, in no order; everything is in memory at once; zstd, as the study packed. It prints the CPU
seconds of this, the start of the program and its imports apart.
"""

import sys
import time

import adbc_driver_sqlite.dbapi as sqlite
import duckdb


def main(database: str, columns: str, file: str) -> None:
    """Write columns of the table of runs of steps (SQL, commas between) as one Parquet file."""
    with sqlite.connect(database) as connection, connection.cursor() as cursor:
        cursor.execute(f"select {columns} from step_run")
        runs = cursor.fetch_arrow_table()
    packed = "copy (select * from runs) to ? (format parquet, compression zstd)"
    duckdb.connect().register("runs", runs).execute(packed, [file])


if __name__ == "__main__":
    begun = time.process_time()
    main(*sys.argv[1:])
    print(time.process_time() - begun)
