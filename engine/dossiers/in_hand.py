"""A dossier in hand: what an act reads, the changes it gathers, and how it is put down again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select, update

from engine.actor import Actor
from engine.calendar import Calendar
from engine.dossiers.outcome import OpenedStep, Outcome
from engine.dossiers.refusals import (
    DossierClosed,
    DossierPaused,
    HeldByOther,
    NoSuchStep,
    NotYours,
)
from engine.journal import Event, append
from engine.legal_clock.kept_clock import written
from engine.legal_clock.ledger_clock import LedgerClock
from engine.office import Live, Office, Version
from engine.store.database import Transaction
from engine.store.prepared import Prepared
from engine.store.tables import (
    account,
    dossier,
    dossier_component,
    execution,
    step_run,
)
from engine.working_calendar.editions import FIRST, Edition
from processes.step import StepSpec

OPEN, PAUSED, FINISHED, RETURNED, CLOSED = "open", "paused", "finished", "returned", "closed"


@dataclass
class InHand:
    """One dossier within one transaction.

    row: as read; changes: columns that the act changes; step: the step acted on, if any. runs: the
    step runs in the order they were opened, where they were read beforehand. apart: `live` is of
    this act alone, and others see nothing of it. edition: of the calendar, that counts here.
    clock_as_read: as it is stored; where `clock` is still that, it need not be written.
    verdict: early, on time or late with its rule and measure, where the act ends handling.
    """

    office: Office
    transaction: Transaction
    actor: Actor
    now: datetime
    row: Any
    version: Version
    calendar: Calendar
    live: Live
    clock: LedgerClock | None
    step: Any = None
    changes: dict[str, Any] = field(default_factory=dict)
    opened: list[OpenedStep] = field(default_factory=list)
    state_changed: bool = False
    runs: Sequence[Any] | None = None
    apart: bool = False
    edition: Edition | None = None
    clock_as_read: LedgerClock | None = None
    verdict: Mapping[str, Any] | None = None
    _due: tuple[LedgerClock | None, datetime | None] = (None, None)

    def __post_init__(self) -> None:
        self.agency_id: str = self.row.agency_id
        self.dossier_id: UUID = self.row.dossier_id

    @property
    def spec(self) -> StepSpec:
        """What the diagram says of the step acted on."""
        return self.spec_of(self.step.element_id)

    def calendar_of(self, unit: str | None) -> Calendar:
        """The calendar by which a unit's steps are counted."""
        return self.calendar if self.edition is None else self.edition.calendar_of(unit)

    def spec_of(self, element_id: str) -> StepSpec:
        spec = self.version.steps.get(element_id)
        if spec is None:
            raise NoSuchStep
        return spec

    def value(self, column: str) -> Any:
        """A column of the dossier as it will be after the act."""
        return self.changes[column] if column in self.changes else getattr(self.row, column)

    def require_running(self) -> None:
        """Refuse where the dossier is paused or over."""
        self.require_alive()
        if self.row.state == PAUSED:
            raise DossierPaused(reason="chờ bổ sung hoặc đang tạm dừng")

    def require_alive(self) -> None:
        """Refuse where the dossier is over."""
        if self.row.state in (RETURNED, CLOSED):
            raise DossierClosed(dossier=self.row.code)

    def require_unfinished(self) -> None:
        """Refuse where handling is over, even while the result still waits to be returned."""
        if self.row.finished_at is not None:
            raise DossierClosed(dossier=self.row.code)

    def require_holder(self) -> None:
        """Refuse unless the actor holds the step's position and nobody else has claimed it."""
        if not self.actor.holds(self.step.position, self.step.unit):
            raise NotYours(step=self.step.name, position=self.position_name())
        if self.step.holder_id is not None and self.step.holder_id != self.actor.account_id:
            raise HeldByOther(step=self.step.name, holder=self.name_of(self.step.holder_id))

    def position_name(self) -> str:
        assignment = self.spec.assignment
        return assignment.name if assignment else (self.step.position or "–")

    def name_of(self, account_id: UUID | None) -> str:
        """An officer's name, for messages."""
        found = self.transaction.execute(
            select(account.c.name).where(
                account.c.agency_id == self.agency_id, account.c.account_id == account_id
            )
        ).scalar_one_or_none()
        return str(found or "hệ thống")

    def change_step(self, changes: Mapping[str, Any]) -> None:
        """Write columns of the step acted on."""
        self.change_run(self.step.step_run_id, changes)

    def change_run(self, step_run_id: UUID, changes: Mapping[str, Any]) -> None:
        """Write columns of a step run."""
        this = {"of_agency": self.agency_id, "of_dossier": self.dossier_id, "of_step": step_run_id}
        self.transaction.change(_step_row(tuple(changes)), {**changes, **this})

    def present(self) -> dict[str, dict[str, int]]:
        """Components in the dossier: code -> form -> number."""
        if self.live.present is None:
            this = {"of_agency": self.agency_id, "of_dossier": self.dossier_id}
            present: dict[str, dict[str, int]] = {}
            for row in self.transaction.rows(_PRESENT, this):
                present.setdefault(row.component, {})[row.form] = row.number
            self.live.present = present
        return self.live.present

    def components_changed(self) -> None:
        """To be called by whoever writes components: they are looked at anew."""
        self.live.present = None

    def open_runs(self) -> list[Any]:
        """The open step runs of the dossier, in the order they were opened."""
        if self.runs is not None:
            return [run for run in self.runs if run.state == OPEN]
        return list(
            self.transaction.execute(
                select(step_run)
                .where(
                    step_run.c.agency_id == self.agency_id,
                    step_run.c.dossier_id == self.dossier_id,
                    step_run.c.state == OPEN,
                )
                .order_by(step_run.c.enabled_at, step_run.c.token)
            )
        )

    def put_down(self, kind: str, body: Mapping[str, Any]) -> Outcome:
        """Write journal, state and dossier row; fails if somebody else was faster."""
        seq = self.row.events + 1
        if self.edition is not None and self.edition.number != FIRST:
            body = {**body, "calendar": self.edition.number}
        if self.verdict is not None:
            body = {**body, "verdict": self.verdict}
        event = Event(seq, self.now, self.actor.account_id, kind, body)
        head = append(self.transaction, self.agency_id, self.dossier_id, event, self.row.head_hash)
        number = self.row.version + 1
        changes = {
            **self.changes,
            **self._clock_columns(),
            "version": number,
            "events": seq,
            "head_hash": head,
        }
        this = {"of_agency": self.agency_id, "of_dossier": self.dossier_id}
        stood = {"of_version": self.row.version, "of_edition": self.row.calendar_edition}
        self.transaction.change(_dossier_row(tuple(changes)), changes | this | stood, must=True)
        if self.state_changed:
            self.transaction.change(_STATE, {"state": self.live.instance.encode(), **this})
        self.live.version, self.live.at = number, self.now
        if not self.apart:
            self.office.live.put((self.agency_id, self.dossier_id), self.live)
        return self.outcome(number)

    def _clock_columns(self) -> dict[str, Any]:
        clock = self.clock
        if clock is None:
            return {}
        due = self.due_at()
        if clock is self.clock_as_read and due == self.row.due_at:
            return {}
        return {"clock": written(clock), "due_at": due}

    def due_at(self) -> datetime | None:
        """When the dossier is due as its clock stands; None while nothing runs towards it.

        A clock that stopped was judged by the calendar of then, and is not counted again.
        """
        if self.clock is not None and self.clock.stopped and self.clock is self.clock_as_read:
            due_then: datetime | None = self.row.due_at
            return due_then
        clock, due = self._due
        if clock is not self.clock:
            due = None if self.clock is None else self.clock.due_at(self.calendar)
            self._due = self.clock, due
        return due

    def outcome(self, number: int) -> Outcome:
        return Outcome(
            dossier_id=self.dossier_id,
            code=self.row.code,
            version=number,
            state=self.value("state"),
            national_status=self.value("national_status"),
            outcome=self.value("outcome"),
            due_at=self.due_at(),
            opened=tuple(self.opened),
        )


_THIS_DOSSIER = (
    dossier.c.agency_id == bindparam("of_agency"),
    dossier.c.dossier_id == bindparam("of_dossier"),
)
_STATE = Prepared(
    update(execution).where(
        execution.c.agency_id == bindparam("of_agency"),
        execution.c.dossier_id == bindparam("of_dossier"),
    ),
    ("state",),
)
_PRESENT = Prepared(
    select(
        dossier_component.c.component, dossier_component.c.form, dossier_component.c.number
    ).where(
        dossier_component.c.agency_id == bindparam("of_agency"),
        dossier_component.c.dossier_id == bindparam("of_dossier"),
    )
)


@cache
def _dossier_row(columns: tuple[str, ...]) -> Prepared:
    """Sets columns of a dossier that is still as it was read, and counted as it was then."""
    still = dossier.c.version == bindparam("of_version")
    as_counted = dossier.c.calendar_edition == bindparam("of_edition")
    return Prepared(update(dossier).where(*_THIS_DOSSIER, still, as_counted), columns)


@cache
def _step_row(columns: tuple[str, ...]) -> Prepared:
    """Sets columns of a step run.

    The dossier is named too: before PostgreSQL knows how many rows there are, it may take the
    index of dossiers for that of steps, and read all of the agency's.
    """
    return Prepared(
        update(step_run).where(
            step_run.c.agency_id == bindparam("of_agency"),
            step_run.c.dossier_id == bindparam("of_dossier"),
            step_run.c.step_run_id == bindparam("of_step"),
        ),
        columns,
    )
