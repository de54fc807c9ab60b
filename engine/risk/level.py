"""How an open step stands: a level with its word, the working time left, and the forecast."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select

from engine.legal_clock.duty import ONE_DAY
from engine.office import Office
from engine.risk.known_outlooks import Outlooks, outlooks_of
from engine.risk.outlook import Past
from engine.risk.safe_moment import Running
from engine.store.tables import step_run
from engine.working_calendar.editions import Edition


class Level(StrEnum):
    """From the gravest to what needs nothing."""

    LATE = "late"
    HIGH = "high"
    SOON = "soon"
    WELL = "well"
    PAUSED = "paused"
    UNTIMED = "untimed"


WORDS: Mapping[Level, tuple[str, str]] = {
    Level.LATE: ("Quá hạn", "Late"),
    Level.HIGH: ("Nguy cơ trễ cao", "High risk of being late"),
    Level.SOON: ("Sắp đến hạn", "Due soon"),
    Level.WELL: ("Còn thời gian", "In time"),
    Level.PAUSED: ("Tạm dừng", "Paused"),
    Level.UNTIMED: ("Không có thời hạn", "No limit"),
}


@dataclass(frozen=True, slots=True)
class Forecast:
    """How many of the past runs that lay as long were late with as much time left.

    share: 0 to 1, None where there is not enough past. n: how many runs there were.
    """

    share: float | None
    n: int

    @property
    def percent(self) -> int | None:
        return None if self.share is None else round(100 * self.share)


@dataclass(frozen=True, slots=True)
class Risk:
    """How an open step stands at a moment.

    step_left_ws, dossier_left_ws: working seconds until due, negative when late; None where
    nothing runs. safe_at: until then lateness is not likely. step, dossier: the forecasts of what
    runs and is not late yet.
    """

    level: Level
    step_left_ws: int | None
    dossier_left_ws: int | None
    safe_at: datetime | None
    step: Forecast | None
    dossier: Forecast | None

    @property
    def of_dossier(self) -> bool:
        """Whether `forecast` is the dossier's: it is what was promised, the step's where graver."""
        if self.step is None or self.dossier is None:
            return self.dossier is not None
        return (self.dossier.share or 0) >= (self.step.share or 0)

    @property
    def forecast(self) -> Forecast | None:
        """The graver of both."""
        return self.dossier if self.of_dossier else self.step


def risks(
    office: Office, connection: Connection, agency_id: str, rows: Iterable[Any], at: datetime
) -> dict[UUID, Risk]:
    """How the open steps of a list stand, by the ids of their runs; rows: of `worklist`."""
    edition = office.edition(connection, agency_id)
    return {
        row.step_run_id: risk_of(
            row,
            edition,
            outlooks_of(office, connection, agency_id, row.procedure_id),
            None if row.dossier_finished_at is not None else row.dossier_due_at,
            at,
            paused=row.dossier_state == "paused",
        )
        for row in rows
    }


def risk_of(
    run: Any,
    edition: Edition,
    outlooks: Outlooks,
    dossier_due: datetime | None,
    at: datetime,
    *,
    paused: bool,
) -> Risk:
    """How an open step run stands. dossier_due: None where the dossier's time no longer runs."""
    if paused or run.paused_since is not None:
        return Risk(Level.PAUSED, None, None, None, None, None)
    since = run.enabled_at, run.paused_ws
    step = Running.since(edition.calendar_of(run.unit), *since, run.due_at)
    dossier = Running.since(edition.office, *since, dossier_due)
    outlook = outlooks.get(run.element_id)
    own, whole = (None, None) if outlook is None else (outlook.own, outlook.whole)
    return Risk(
        level_of(step, dossier, run.safe_at, at),
        _left(step, at),
        _left(dossier, at),
        run.safe_at,
        _forecast(step, own, at),
        _forecast(dossier, whole, at),
    )


def level_of(
    step: Running | None, dossier: Running | None, safe_at: datetime | None, at: datetime
) -> Level:
    """The gravest that is true; from the latest safe moment on the risk is high."""
    running = [each for each in (step, dossier) if each is not None]
    if not running:
        return Level.UNTIMED
    if any(each.due_at < at for each in running):
        return Level.LATE
    if safe_at is not None and safe_at <= at:
        return Level.HIGH
    soon = any(each.allowed - each.age(at) <= ONE_DAY for each in running)
    return Level.SOON if soon else Level.WELL


def risks_of_dossiers(
    office: Office, connection: Connection, agency_id: str, rows: Iterable[Any], at: datetime
) -> dict[UUID, Risk]:
    """How dossiers of a list stand: each as its open step that is safe for the shortest time.

    rows: of `dossiers`. What has no open step is not among them. At most one statement, and one
    for each procedure that is not at hand.
    """
    of = {row.dossier_id: row for row in rows if row.state in ("open", "paused", "finished")}
    columns = (step_run.c[name] for name in _COLUMNS)
    runs = connection.execute(
        select(*columns).where(
            step_run.c.agency_id == agency_id,
            step_run.c.dossier_id.in_(list(of)),
            step_run.c.state == "open",
        )
    ).all()
    edition = office.edition(connection, agency_id)
    found: dict[UUID, Risk] = {}
    for run in sorted(runs, key=lambda run: (run.safe_at is None, run.safe_at or at)):
        if run.dossier_id in found:
            continue
        row = of[run.dossier_id]
        outlooks = outlooks_of(office, connection, agency_id, run.procedure_id)
        due = None if row.finished_at is not None else row.due_at
        paused = row.state == "paused"
        found[run.dossier_id] = risk_of(run, edition, outlooks, due, at, paused=paused)
    return found


_COLUMNS = (
    *("dossier_id", "step_run_id", "procedure_id", "element_id", "unit", "enabled_at"),
    *("paused_since", "paused_ws", "due_at", "safe_at"),
)


def _left(running: Running | None, at: datetime) -> int | None:
    """Late by closed time only is late all the same."""
    if running is None:
        return None
    left = running.allowed - running.age(at)
    return min(left, -1) if running.due_at < at else left


def _forecast(running: Running | None, past: Past | None, at: datetime) -> Forecast | None:
    if running is None or running.due_at < at:
        return None
    if past is None or not past.enough:
        return Forecast(None, 0 if past is None else past.n)
    return Forecast(past.late_share(max(0, running.age(at)), running.allowed), past.n)
