"""A dossier taken into memory from what is stored of it: where it stands, and what was entered."""

from collections import UserDict
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import and_, bindparam, func, select

from engine.office import Live, Version
from engine.runtime.instance import Instance
from engine.store.among import Among
from engine.store.database import Transaction
from engine.store.prepared import Prepared
from engine.store.tables import execution, journal, step_run
from processes.data_entry import Value, from_stored

MESSAGES = "~messages"  # beside the data of the reception; no field can be called so


def load_live(transaction: Transaction, row: Any, version: Version) -> Live:
    state = transaction.execute(
        select(execution.c.state).where(
            execution.c.agency_id == row.agency_id, execution.c.dossier_id == row.dossier_id
        )
    ).scalar_one()
    last = transaction.execute(
        select(journal.c.at).where(
            journal.c.agency_id == row.agency_id,
            journal.c.dossier_id == row.dossier_id,
            journal.c.seq == row.events,
        )
    ).scalar_one()
    this = step_run.c.agency_id == row.agency_id, step_run.c.dossier_id == row.dossier_id
    opened = transaction.execute(_ATTEMPTS.where(*this)).all()
    entered = transaction.execute(_last_entries(this)).all()
    return Live(
        version=row.version,
        instance=Instance.restore(version.specification, state),
        data=entered_data(version, row.data, entered),
        attempts={run.element_id: run.attempt for run in opened},
        at=last,
    )


_ATTEMPTS = select(step_run.c.element_id, func.max(step_run.c.attempt).label("attempt")).group_by(
    step_run.c.element_id
)


_OF_LIVE = ("dossier_id", "element_id", "token", "attempt", "ended_at", "data")


def _last_entries(this: tuple[Any, ...]) -> Any:
    """What was entered when each step was last completed.

    Completing a step enters all of its fields anew, the empty ones too, so what was entered there
    before is seen no more and need not leave the database. It is still looked for among all runs
    of the dossier: some microseconds for each (docs/benchmarks.md).
    """
    latest = step_run.c.ended_at.desc(), step_run.c.attempt.desc(), step_run.c.token.desc()
    place = func.row_number().over(
        partition_by=(step_run.c.dossier_id, step_run.c.element_id), order_by=latest
    )
    ended = step_run.c.ended_at.is_not(None), step_run.c.data.is_not(None)
    runs = select(step_run.c.agency_id, step_run.c.step_run_id, place.label("place"))
    last = runs.where(*this, *ended).subquery()
    return (
        select(*(step_run.c[name] for name in _OF_LIVE))
        .join_from(
            last,
            step_run,
            and_(
                step_run.c.agency_id == last.c.agency_id,
                step_run.c.step_run_id == last.c.step_run_id,
            ),
        )
        .where(last.c.place == 1)
    )


_OF_THESE = (
    step_run.c.agency_id == bindparam("of_agency"),
    Among(step_run.c.dossier_id, "of_dossiers"),
)
OPEN_RUNS = Prepared(
    select(*(column for column in step_run.c if column.name != "data"))
    .where(*_OF_THESE, step_run.c.state == "open")
    .order_by(step_run.c.enabled_at, step_run.c.token)
)
"""The open step runs of dossiers, in the order they were opened; nothing is entered there yet."""

ATTEMPTS = Prepared(
    select(
        step_run.c.dossier_id,
        step_run.c.element_id,
        func.max(step_run.c.attempt).label("attempt"),
    )
    .where(*_OF_THESE)
    .group_by(step_run.c.dossier_id, step_run.c.element_id)
)
"""How often each step of dossiers was opened."""

LAST_ENTRIES = Prepared(_last_entries(_OF_THESE))
"""What was entered in dossiers when each step was last completed."""


class EnteredLater(UserDict[str, Value]):
    """Everything entered in a dossier, read when it is first asked for: most timers never do."""

    def __init__(self, read: Callable[[], dict[str, Value]]) -> None:
        self._read = read

    @cached_property
    def data(self) -> dict[str, Value]:  # type: ignore[override]  # what the others stand on
        return self._read()


def entered_data(version: Version, reception: Any, runs: Iterable[Any]) -> dict[str, Value]:
    """Everything entered so far: at reception, then at steps and by messages, the later over all.

    What came with messages stands beside the reception's data, with the moment it came.
    """
    at_first = {code: value for code, value in reception.items() if code != MESSAGES}
    data = from_stored(version.fields, at_first)
    entries = [
        (run.ended_at, run.attempt, run.token, run.data)
        for run in runs
        if run.ended_at is not None and run.data
    ]
    entries += [
        (datetime.fromisoformat(at), number, 0, said)
        for number, (at, said) in enumerate(reception.get(MESSAGES, ()))
    ]
    for *_, entered in sorted(entries, key=lambda entry: entry[:3]):
        data |= from_stored(version.fields, entered)
    return data
