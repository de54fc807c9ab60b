"""A big office: the dossiers of a played one, copied with other ids and times, on either database.

As in an office that has been at work: rows lie in the order of time, each dossier has moments,
readings of clocks and ids of its own, and the ids of one time begin alike. The journal's seals and
the applicants are the models': nothing that is read for the facts.
"""

from collections.abc import Sequence

from sqlalchemy import create_engine, text

from engine.store.tables import metadata

MONTHS = 24
TABLES = ("dossier", "step_run", "journal", "pause")
_IDS = ("dossier_id", "step_run_id", "pause_id")
_MOMENTS = (
    *("received_at", "finished_at", "returned_at", "original_due_at", "due_at"),
    *("enabled_at", "started_at", "ended_at"),
)
_READINGS = ("c_enabled", "c_started", "c_ended")
_MONTH_US = 30 * 86_400_000_000
_US_OF_OPEN_SECOND = 4_200_000  # 168 hours a week, of which an office is open 40

_ANY = "i * 2654435761 % 4294967296, i * 2246822519 % 4294967296"
"""Two numbers of 32 bits of each copy, as if they were random: what an id ends with."""


def copy(
    url: str,
    since: int,
    copies: int,
    months: int = MONTHS,
    tables: Sequence[str] = TABLES,
) -> int:
    """So many copies of every first dossier, spread over some months until now; how many runs.

    since: how many copies there are already. Two copies of a number would have the same ids.
    months: 0 for all of them now. tables: of which rows are copied.
    """
    engine = create_engine(url)
    is_sqlite = engine.dialect.name == "sqlite"
    first = "dossier_id" if is_sqlite else "cast(dossier_id as text)"
    series = (
        f"with recursive n(i) as (select cast({since + 1} as bigint) union all"
        f" select i + 1 from n where i < {since + copies}), own as materialized"
    )
    apart = months * _MONTH_US // copies
    back = f"(({since + copies} - i) * {apart} + i * 2654435761 % {apart + 1})"
    runs = 0
    with engine.begin() as connection:
        for table in tables:
            names = [column.name for column in metadata.tables[table].columns]
            values = [_copied(name, back, is_sqlite=is_sqlite) for name in names]
            written = connection.execute(
                text(
                    f"insert into {table} ({', '.join(names)}) {series}"
                    f" (select * from {table} where {first} not like 'f%')"  # no copy of a copy
                    f" select {', '.join(values)} from n, own".replace(":", "\\:")
                )
            )
            runs = written.rowcount if table == "step_run" else runs
    if not is_sqlite:  # as its own housekeeping would
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("vacuum analyze"))
    engine.dispose()
    return runs


def _copied(name: str, back: str, *, is_sqlite: bool) -> str:
    """The value of a column in copy `i`. back: microseconds before the model."""
    kind = "id" if name in _IDS else name
    of_either = {"code": "code || '-' || i", "register_no": "null"}
    if is_sqlite:
        local = f"(ended_at - {back}) / 1000000, 'unixepoch', '+7 hours'"
        own = {
            "id": f"printf('f%07x', i) || substr({name}, 9, 8) || printf('%08x%08x', {_ANY})",
            "month": f"cast(strftime('%Y%m', {local}) as integer)",
        }
    else:
        local = f"to_timestamp((ended_at - {back}) / 1000000) at time zone 'Asia/Ho_Chi_Minh'"
        any_ = (f"lpad(to_hex({each}), 8, '0')" for each in _ANY.split(", "))
        own_part = f"substr(replace(cast({name} as text), '-', ''), 9, 8)"
        spelt = f"'f' || lpad(to_hex(i), 7, '0') || {own_part} || {' || '.join(any_)}"
        own = {
            "id": f"cast({spelt} as uuid)",
            "month": f"cast(to_char({local}, 'YYYYMM') as integer)",
        }
    moved = {each: f"{each} - {back}" for each in _MOMENTS}
    moved |= {each: f"{each} - {back} / {_US_OF_OPEN_SECOND}" for each in _READINGS}
    return {**of_either, **moved, **own}.get(kind, name)
