"""Open steps rated anew, batch by batch, after what is known of the past has changed.

It goes through the open dossiers in the order of their ids, and each batch says how far it came, so
that any worker goes on after a restart. A key is written where the due time is still the one it
was worked out for: an act that moves it meanwhile has rated the step itself.
"""

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, literal_column, select, text, update

from engine.calendar_change.open_cases import NOBODY, editions_of_open
from engine.office import Office
from engine.risk.known_outlooks import outlooks_of
from engine.risk.safe_moment import Running, safe_moment
from engine.store import prepared
from engine.store.columns import Instant
from engine.store.condition import agencies
from engine.store.database import Transaction
from engine.store.prepared import Prepared
from engine.store.risk_tables import risk_round
from engine.store.tables import dossier, step_run
from engine.working_calendar.editions import Edition
from processes.errors import RuleError

_log = logging.getLogger("quytrinh.risk")
_BATCH = 500
_EVERY_EDITION = 2**31 - 1
_OPEN = text("dossier.state IN ('open', 'paused', 'finished')")  # as the index says it


def rate_open_steps(office: Office, most: int = 5_000) -> int:
    """Go on where steps are to be rated; how many open dossiers were looked at."""
    done = 0
    for agency_id in agencies(office.database):
        looked_at = 1
        while looked_at and done < most:
            looked_at = _batch(office, agency_id)
            done += looked_at
    return done


def have_rated(transaction: Transaction, agency_id: str) -> None:
    """Have the open steps rated anew from the first; where that is under way, it begins again."""
    transaction.execute(
        update(risk_round)
        .where(risk_round.c.agency_id == agency_id)
        .values(rating=1, rated_edition=0, rated_to=None)
    )


def _batch(office: Office, agency_id: str) -> int:
    with office.database.read() as connection:
        row = connection.execute(
            select(risk_round).where(risk_round.c.agency_id == agency_id, risk_round.c.rating == 1)
        ).one_or_none()
        if row is None:
            return 0
        edition, after = row.rated_edition, row.rated_to or NOBODY
        found = _dossiers(connection, agency_id, edition, after)
        if not found:
            later = editions_of_open(connection, agency_id, _EVERY_EDITION)
            edition, after = min((each for each in later if each > edition), default=0), NOBODY
            found = _dossiers(connection, agency_id, edition, after)
        rated = _rated(office, connection, agency_id, edition, found) if found else []

    def write(transaction: Transaction) -> int:
        if not _put_forward(transaction, row, edition, found):
            return 0  # another worker did the same, or the past has changed again
        if rated:
            statement = _KEY.on(transaction.connection.dialect)
            values = [statement.values(each) for each in rated]
            prepared.execute_many(transaction.connection, statement, values)
        return len(found)

    return office.database.write(write)


def _dossiers(connection: Connection, agency_id: str, edition: int, after: UUID) -> Sequence[Any]:
    columns = [
        "dossier_id",
        "procedure_id",
        "version_id",
        "case_code",
        "state",
        "due_at",
        "finished_at",
    ]
    found: Sequence[Any] = connection.execute(
        select(*(dossier.c[name] for name in columns))
        .where(
            dossier.c.agency_id == agency_id,
            dossier.c.calendar_edition == edition,
            dossier.c.dossier_id > after,
            _OPEN,
        )
        .order_by(dossier.c.dossier_id)
        .limit(_BATCH)
    ).all()
    return found


def _rated(
    office: Office, connection: Connection, agency_id: str, number: int, found: Sequence[Any]
) -> list[dict[str, Any]]:
    """What is to be written of the steps whose moment is another now."""
    edition = office.edition_numbered(connection, agency_id, number)
    of = {row.dossier_id: row for row in found}
    columns = "dossier_id step_run_id element_id unit enabled_at paused_ws paused_since due_at"
    runs = connection.execute(
        select(*(step_run.c[name] for name in columns.split()), step_run.c.safe_at).where(
            step_run.c.agency_id == agency_id,
            step_run.c.dossier_id.in_(list(of)),
            step_run.c.state == "open",
            step_run.c.paused_since.is_(None),
        )
    ).all()
    rated = []
    for run in runs:
        row = of[run.dossier_id]
        try:
            version = office.version(connection, agency_id, row.version_id)
            known = outlooks_of(office, connection, agency_id, row.procedure_id)
            after = version.limits_after.get(row.case_code, {}).get(run.element_id)
            moment = moment_of(edition, run, row, known.get(run.element_id), after)
        except RuleError as refusal:  # it stays where it stood; the others are rated
            _log.error("step %s cannot be rated: %s", run.step_run_id, refusal.code)
            continue
        if moment != run.safe_at:
            this = {"of_agency": agency_id, "of_dossier": run.dossier_id}
            due = {"of_due": run.due_at, "of_dossier_due": row.due_at}
            rated.append({**this, **due, "of_step": run.step_run_id, "safe_at": moment})
    return rated


def moment_of(edition: Edition, run: Any, row: Any, outlook: Any, after: int | None) -> Any:
    """The latest safe moment of an open step run of a dossier, as both are stored."""
    if run.paused_since is not None or row.state == "paused":
        return None
    since = run.enabled_at, run.paused_ws
    dossier_due: datetime | None = None if row.finished_at is not None else row.due_at
    return safe_moment(
        Running.since(edition.calendar_of(run.unit), *since, run.due_at),
        Running.since(edition.office, *since, dossier_due),
        outlook,
        after,
    )


def _put_forward(transaction: Transaction, row: Any, edition: int, found: Sequence[Any]) -> bool:
    """Say how far it came; whether nobody else was faster."""
    this = risk_round.c
    stood = this.rated_to.is_(None) if row.rated_to is None else this.rated_to == row.rated_to
    changed = transaction.execute(
        update(risk_round)
        .where(
            this.agency_id == row.agency_id,
            this.rating == 1,
            this.rated_edition == row.rated_edition,
            stood,
        )
        .values(
            rating=1 if found else 0,
            rated_edition=edition if found else 0,
            rated_to=found[-1].dossier_id if found else None,
        )
    )
    return bool(changed.rowcount == 1)


_ITS_DUE = (
    select(dossier.c.due_at)
    .where(
        dossier.c.agency_id == bindparam("of_agency"),
        dossier.c.dossier_id == bindparam("of_dossier"),
    )
    .scalar_subquery()
)
_KEY = Prepared(
    update(step_run).where(
        step_run.c.agency_id == bindparam("of_agency"),
        step_run.c.dossier_id == bindparam("of_dossier"),
        step_run.c.step_run_id == bindparam("of_step"),
        step_run.c.state == literal_column("'open'"),
        step_run.c.paused_since.is_(None),
        step_run.c.due_at.is_not_distinct_from(bindparam("of_due", type_=Instant)),
        _ITS_DUE.is_not_distinct_from(bindparam("of_dossier_due", type_=Instant)),
    ),
    ("safe_at",),
)
