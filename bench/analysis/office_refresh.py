"""What a refresh costs a row, and how many rows a CPU second are exported, of a big SQLite office.

The dossiers of a played office are copied with other ids and months until there are enough; CPU is
that of this process and of the program that reads SQLite.
"""

import resource
import sqlite3
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from analysis.facts.source_sql import Scope, Source
from analysis.lake.refresh import refresh
from engine.store.migrations import upgrade
from engine.store.snapshot import snapshot_of
from tests.analysis.office_day import moment, play
from tests.engine.offices import Ward, open_ward

_TABLES = ("dossier", "step_run", "journal", "pause")
_IDS = ("dossier_id", "step_run_id", "pause_id")
_MONTH_US = 31 * 86_400_000_000


def measure(copies: int, passes: int) -> dict[str, Any]:
    """Nanoseconds a row of a first refresh and of the next; rows exported a CPU second."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "office.db"
        url = f"sqlite:///{path}"
        upgrade(url)
        ward = open_ward(url)
        play(ward)
        ward.clock.set(moment(9, 8))
        _copy(path, copies)
        rows, exported = _exported(ward, passes)
        first = [_refreshed(ward, Path(folder) / f"lake{i}") for i in range(passes)]
        again = [_refreshed(ward, Path(folder) / f"lake{i}") for i in range(passes)]
        ward.office.database.close()
    return {
        "step_runs": rows,
        "exported_rows_per_cpu_s": max(exported),
        "refresh_ns_per_step_run": min(first) / rows * 1e9,
        "nothing_new_ns_per_step_run": min(again) / rows * 1e9,
    }


def _copy(path: Path, copies: int) -> None:
    """As many copies of every dossier, spread over two years back."""
    connection = sqlite3.connect(path)
    series = f"with recursive n(i) as (select 1 union all select i + 1 from n where i < {copies})"
    for table in _TABLES:
        names = [row[1] for row in connection.execute(f"pragma table_info({table})")]
        moments = {"received_at", "finished_at", "enabled_at", "started_at", "ended_at", "since"}
        values = []
        for name in names:
            if name in _IDS:
                values.append(f"printf('%08x', i) || substr({name}, 9)")
            elif name == "code":
                values.append("code || '-' || i")
            elif name in moments:
                values.append(f"{name} - (i % 24) * {_MONTH_US}")
            elif name == "month":
                values.append("202603 - (i % 3) - (i % 2) * 100")
            elif name == "register_no":
                values.append("null")
            else:
                values.append(name)
        connection.execute(
            f"insert into {table} ({', '.join(names)})"
            f" {series} select {', '.join(values)} from {table}, n"
        )
    connection.commit()
    connection.close()


def _exported(ward: Ward, passes: int) -> tuple[int, list[float]]:
    def export() -> int:
        with snapshot_of(ward.office.database) as snapshot:
            sql = Source(snapshot.is_sqlite).step_runs(Scope(ward.agency_id))
            return int(snapshot.table(sql).num_rows)

    found = [_cpu(export) for _ in range(passes)]
    return found[0][1], [rows / cpu for cpu, rows in found]


def _refreshed(ward: Ward, lake: Path) -> float:
    now = ward.clock.now()
    return _cpu(lambda: refresh(ward.office.database, ward.agency_id, lake, now))[0]


def _cpu(ask: Callable[[], Any]) -> tuple[float, Any]:
    """CPU seconds of this process and of those it has waited for."""

    def spent() -> float:
        ended = resource.getrusage(resource.RUSAGE_CHILDREN)
        return time.process_time() + ended.ru_utime + ended.ru_stime

    begun = spent()
    answer = ask()
    return spent() - begun, answer
