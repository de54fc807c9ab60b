"""A big office: the dossiers of a played one, copied with other ids and months, on either database.

The journal's seals and the applicants are the models': nothing that is read for the facts.
"""

from sqlalchemy import create_engine, text

from engine.store.tables import metadata

MONTHS = 24
_TABLES = ("dossier", "step_run", "journal", "pause")
_IDS = ("dossier_id", "step_run_id", "pause_id")
_MOMENTS = ("received_at", "finished_at", "returned_at", "enabled_at", "started_at", "ended_at")
_MONTH_US = 30 * 86_400_000_000


def copy(url: str, since: int, copies: int, months: int = MONTHS) -> int:
    """So many copies of every first dossier, spread over some months back; how many runs.

    since: how many copies there are already. Two copies of a number would have the same ids.
    """
    engine = create_engine(url)
    is_sqlite = engine.dialect.name == "sqlite"
    first = "dossier_id" if is_sqlite else "cast(dossier_id as text)"
    series = (
        f"with recursive n(i) as (select {since + 1} union all"
        f" select i + 1 from n where i < {since + copies}), own as materialized"
    )
    runs = 0
    with engine.begin() as connection:
        for table in _TABLES:
            names = [column.name for column in metadata.tables[table].columns]
            values = [_copied(name, months, is_sqlite=is_sqlite) for name in names]
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


def _copied(name: str, months: int, *, is_sqlite: bool) -> str:
    """The value of a column in copy `i`."""
    back = f"(i % {months}) * {_MONTH_US}"
    kind = "id" if name in _IDS else name
    of_either = {"code": "code || '-' || i", "register_no": "null"}
    if is_sqlite:
        local = f"(ended_at - {back}) / 1000000, 'unixepoch', '+7 hours'"
        own = {
            "id": f"printf('f%07x', i) || substr({name}, 9)",
            "month": f"cast(strftime('%Y%m', {local}) as integer)",
        }
    else:
        local = f"to_timestamp((ended_at - {back}) / 1000000) at time zone 'Asia/Ho_Chi_Minh'"
        spelt = f"'f' || lpad(to_hex(i), 7, '0') || substr(cast({name} as text), 9)"
        own = {
            "id": f"cast({spelt} as uuid)",
            "month": f"cast(to_char({local}, 'YYYYMM') as integer)",
        }
    moments = {each: f"{each} - {back}" for each in _MOMENTS}
    return {**of_either, **moments, **own}.get(kind, name)
