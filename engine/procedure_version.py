"""A stored version of a procedure: its diagram as it runs, as it was uploaded, how it stands."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select, update

from engine.actor import Actor
from engine.office import Office
from engine.store.tables import procedure_version
from processes.errors import NotFound


@dataclass(frozen=True, slots=True)
class VersionRecord:
    """A stored version: its diagram as it runs and as it was uploaded.

    repairs: those that its designer accepted, as `processes.repair.Repair.to_data` states them.
    scenarios: the file of scenarios, which publishing plays first.
    """

    version_id: UUID
    procedure_id: UUID
    number: int
    state: str
    diagram: bytes
    original: bytes
    file_name: str
    created_at: datetime
    published_at: datetime | None
    decision_no: str | None
    repairs: list[dict[str, Any]] | None
    summary: dict[str, Any]
    scenarios: bytes | None = None

    @property
    def tag(self) -> str:
        """Stands for what a designer sees of it: the diagram, its scenarios, whether in force."""
        seen = hashlib.sha256(self.state.encode() + b"\0" + self.diagram)
        if self.scenarios is not None:
            seen.update(b"\0" + self.scenarios)
        return seen.hexdigest()[:32]


def stored(office: Office, actor: Actor, version_id: UUID) -> VersionRecord:
    """A version of the actor's agency as it stands now."""
    with office.database.read() as connection:
        return version(connection, actor, version_id)


def version(connection: Connection, actor: Actor, version_id: UUID) -> VersionRecord:
    """A stored version of the actor's agency."""
    row = connection.execute(
        select(procedure_version).where(
            procedure_version.c.agency_id == actor.agency_id,
            procedure_version.c.version_id == version_id,
        )
    ).one_or_none()
    if row is None:
        raise NotFound(what=f"phiên bản quy trình {version_id}")
    return _record(row)


def versions_of(
    connection: Connection, actor: Actor, procedure_id: UUID
) -> tuple[VersionRecord, ...]:
    """All versions of a procedure, the newest first."""
    rows = connection.execute(
        select(procedure_version)
        .where(
            procedure_version.c.agency_id == actor.agency_id,
            procedure_version.c.procedure_id == procedure_id,
        )
        .order_by(procedure_version.c.number.desc())
    )
    return tuple(_record(row) for row in rows)


def of_procedure(table: Any, actor: Actor, **keys: UUID) -> Any:
    """An update of the actor's own rows with these keys."""
    return update(table).where(
        table.c.agency_id == actor.agency_id, *(table.c[name] == key for name, key in keys.items())
    )


def _record(row: Any) -> VersionRecord:
    return VersionRecord(**{name: getattr(row, name) for name in VersionRecord.__slots__})
