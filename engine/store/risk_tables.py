"""The tables of risk: how long steps took lately, and how far that has been read and applied."""

from sqlalchemy import Column, Index, Integer, String, Table, Uuid, and_, literal_column

from engine.store.columns import Document, Instant
from engine.store.schema import agency_column as _agency
from engine.store.schema import key as _key
from engine.store.schema import metadata

step_history = Table(
    "step_history",
    metadata,
    _agency(),
    Column("procedure_id", Uuid, nullable=False),
    Column("element_id", String(255), nullable=False),
    Column("own", Document, nullable=False),  # working seconds of the last runs, the newest last
    Column("whole", Document, nullable=False),  # [own, after], ... of those before handling ended
    Column("outlook", Document, nullable=False),  # what is worked out from both
    Column("at", Instant, nullable=False),
    _key("procedure_id", "element_id"),
)

risk_round = Table(
    "risk_round",
    metadata,
    _agency(),
    Column("read_to", Instant, nullable=False),  # of finished dossiers, by when they finished
    Column("read_id", Uuid, nullable=False),
    Column("looked_at", Instant, nullable=False),
    Column("rating", Integer, nullable=False, server_default="0"),  # 1: open steps are rated anew
    Column("rated_edition", Integer, nullable=False, server_default="0"),
    Column("rated_to", Uuid),  # open dossiers up to this one are
    _key(),
)


def risk_indexes(step_run: Table) -> None:
    """The order of the inbox and of a unit's list: what is safe for the shortest time first."""
    is_open = step_run.c.state == literal_column("'open'")
    inbox = ("agency_id", "position", "unit", "holder_id", "safe_at", "step_run_id", "paused_since")
    unit = ("agency_id", "unit", "safe_at", "step_run_id")
    timed = and_(is_open, step_run.c.safe_at.is_not(None))
    for name, columns, where in (
        ("ix_step_run_risk", inbox, is_open),
        ("ix_step_run_unit_risk", unit, timed),
    ):
        Index(
            name,
            *(step_run.c[column] for column in columns),
            sqlite_where=where,
            postgresql_where=where,
        )
