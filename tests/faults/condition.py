"""The condition of an office: all that its tables hold, and whether tables and memory agree."""

import hashlib
from typing import Any

from sqlalchemy import Connection, select

from engine.dossiers.live_dossier import entered_data
from engine.journal import verify
from engine.office import Office
from engine.proofs.sealed_entries import verify_entries
from engine.runtime.instance import Instance
from engine.store.tables import dossier, execution, journal, metadata, step_run, timer


def dump(office: Office) -> dict[str, list[str]]:
    """Every row of every table, in an order of its own."""
    with office.database.read() as connection:
        return {
            table.name: sorted(repr(tuple(row)) for row in connection.execute(select(table)))
            for table in metadata.sorted_tables
        }


def fingerprint(office: Office) -> str:
    return hashlib.sha256(repr(dump(office)).encode()).hexdigest()


def require_sound(office: Office) -> None:
    """The chains hold, and of each dossier row, step runs, timers, state and memory agree."""
    with office.database.read() as connection:
        _, breaks = verify(connection)
        assert breaks == ()
        assert verify_entries(connection) == ()
        for row in connection.execute(select(dossier)).all():
            _require_agreement(office, connection, row)


def _require_agreement(office: Office, connection: Connection, row: Any) -> None:
    def of(table: Any) -> list[Any]:
        here = table.c.agency_id == row.agency_id, table.c.dossier_id == row.dossier_id
        return connection.execute(select(table).where(*here)).all()

    version = office.version(connection, row.agency_id, row.version_id)
    (state,) = of(execution)
    stored = Instance.restore(version.specification, state.state)
    runs, events = of(step_run), of(journal)
    opened = {run.token: run.element_id for run in runs if run.state == "open"}
    assert {t: s.element_id for t, s in stored.open_steps().items()} == opened
    assert {each.token for each in of(timer)} == set(stored.waiting_timers())
    assert stored.encode() == state.state
    assert row.version == row.events == len(events)
    assert (row.state in ("returned", "closed")) <= (not opened)
    live = office.live.get((row.agency_id, row.dossier_id))
    if live is not None:
        assert live.version == row.version
        assert live.instance.encode() == state.state
        assert live.instance.open_steps() == stored.open_steps()
        assert live.data == entered_data(version, row.data, runs)
        assert live.at == max(event.at for event in events)
        newest: dict[str, int] = {}
        for run in runs:
            newest[run.element_id] = max(newest.get(run.element_id, 0), run.attempt)
        assert live.attempts == newest
