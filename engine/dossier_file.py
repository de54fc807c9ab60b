"""Reading one dossier in full for its page; filtered by agency, always."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Connection,
    select,
)

from engine.accounts import names
from engine.actor import Actor
from engine.calendar import Calendar
from engine.dossiers.apology import Apology, apologies_of
from engine.dossiers.in_hand import CLOSED, OPEN, PAUSED, RETURNED
from engine.dossiers.live_dossier import entered_data
from engine.dossiers.refusals import NoSuchDossier, NoSuchStep
from engine.dossiers.waiting import Wait, may_tell, waits_of
from engine.journal import Event, events_of
from engine.legal_clock.duty import Duty, duty, is_same_day
from engine.legal_clock.ledger_clock import LedgerClock
from engine.legal_clock.refusals import UnreadableClock
from engine.legal_clock.statutory_measure import Measure, statutory_measure
from engine.office import Office, Version
from engine.risk.known_outlooks import Outlooks, outlooks_of
from engine.store.tables import dossier, dossier_component, draft, pause, step_run
from engine.working_calendar.editions import Edition
from processes.checklist import ChecklistItem, Missing, checklist, missing
from processes.data_entry import Value


@dataclass(frozen=True, slots=True)
class StepRun:
    """One run of a step, past or present.

    instance, instances, item: of a step done several times side by side or in turn, which of how
    many it is, and for what.
    """

    step_run_id: UUID
    element_id: str
    token: int
    name: str
    attempt: int
    instance: int | None
    instances: int | None
    item: str | None
    unit: str | None
    position: str | None
    state: str
    holder_id: UUID | None
    completed_by: UUID | None
    enabled_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    due_at: datetime | None
    safe_at: datetime | None
    limit_ws: int | None
    waiting_ws: int | None
    handling_ws: int | None
    paused_ws: int
    paused_since: datetime | None
    result: str | None
    result_rule: str | None
    late_ws: int | None
    late_cause: str | None
    reason: str | None
    sent_back_from: str | None
    escalated_at: datetime | None
    data: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class PauseRecord:
    """A pause of the dossier: a supplement request or a suspension."""

    kind: str
    stage: str
    since: datetime
    until: datetime | None
    paused_ws: int | None
    reason: str
    legal_basis: str
    components: tuple[tuple[str, str], ...]
    asked_by: UUID


@dataclass(frozen=True)
class DossierFile:
    """A dossier in full.

    row: the columns of the dossier; data: typed values entered so far; present: components by
    form; lacking: what the procedure asks for as a whole and is not there. waits: what it waits
    for beside its open steps. step_clocks: of open steps with a limit, with the unit's calendar.
    edition: of the calendar, by which it is counted. outlooks: what the past says of its steps.
    unreadable: ids of the dossier and of open steps whose stored clock is damaged.
    """

    row: Any
    version: Version
    stored_clock: LedgerClock | None
    calendar: Calendar
    steps: tuple[StepRun, ...]
    pauses: tuple[PauseRecord, ...]
    present: Mapping[str, Mapping[str, int]]
    data: Mapping[str, Value]
    people: Mapping[UUID, str]
    waits: tuple[Wait, ...]
    apologies: tuple[Apology, ...] = ()
    step_clocks: Mapping[UUID, tuple[LedgerClock, Calendar]] = field(default_factory=dict)
    edition: Edition | None = None
    outlooks: Outlooks = field(default_factory=dict)
    unreadable: frozenset[UUID] = frozenset()

    @property
    def clock(self) -> LedgerClock | None:
        """The dossier's clock; None where no limit is stated (UnreadableClock)."""
        if self.row.dossier_id in self.unreadable:
            raise UnreadableClock(detail=self.row.code)
        return self.stored_clock

    @property
    def open_steps(self) -> tuple[StepRun, ...]:
        return tuple(step for step in self.steps if step.state == "open")

    @property
    def checklist(self) -> tuple[ChecklistItem, ...]:
        return checklist(self.version.procedure, self.data, self.present)

    @property
    def lacking(self) -> tuple[Missing, ...]:
        return missing(self.version.procedure, self.data, self.present)

    def duty(self, at: datetime) -> Duty | None:
        """What is owed to the applicant at a moment: the result, or an apology and a new date."""
        if self.row.finished_at is not None:
            return None
        may_extend = self.row.extensions < self.version.procedure.extensions_at_most
        this = self.row.due_at, self.row.limit_ws, self.calendar, at
        return duty(*this, may_extend=may_extend, same_day=self.row.same_day)

    def measure(self, at: datetime) -> Measure | None:
        """How the dossier stands by QĐ 766; None where no limit is stated or none can be read."""
        clock = self.stored_clock
        return None if clock is None else statutory_measure(clock, self.calendar, at)

    def lacking_for(self, step: StepRun) -> tuple[Missing, ...]:
        """What stands against completing the step: the same call that the engine enforces."""
        spec = self.version.procedure.step(step.element_id)
        if spec is None or not spec.requires:
            return ()
        return missing(self.version.procedure, self.data, self.present, spec.requires)

    def may_tell(self, actor: Actor, wait: Wait) -> bool:
        """Whether the actor may say now that it has come: as the engine enforces it."""
        running = self.row.state not in (PAUSED, RETURNED, CLOSED)
        return running and may_tell(actor, self.version.procedure, self.open_steps, wait)


def dossier_file(
    office: Office, connection: Connection, actor: Actor, dossier_id: UUID
) -> DossierFile:
    """The dossier, if it is of the actor's agency."""
    row = connection.execute(
        select(dossier, is_same_day().label("same_day")).where(
            dossier.c.agency_id == actor.agency_id, dossier.c.dossier_id == dossier_id
        )
    ).one_or_none()
    if row is None:
        raise NoSuchDossier(dossier=dossier_id)
    version = office.version(connection, actor.agency_id, row.version_id)
    runs = connection.execute(
        select(step_run)
        .where(step_run.c.agency_id == actor.agency_id, step_run.c.dossier_id == dossier_id)
        .order_by(step_run.c.enabled_at, step_run.c.token)
    ).all()
    edition = office.edition_numbered(connection, actor.agency_id, row.calendar_edition)
    clocks, unreadable = _clocks(row, runs)
    return DossierFile(
        row=row,
        version=version,
        stored_clock=clocks.get(row.dossier_id),
        calendar=edition.office,
        steps=tuple(
            StepRun(**{name: getattr(run, name) for name in StepRun.__slots__}) for run in runs
        ),
        pauses=_pauses(connection, actor, dossier_id),
        present=_present(connection, actor, dossier_id),
        data=entered_data(version, row.data, runs),
        people=names(connection, actor.agency_id),
        waits=waits_of(connection, actor.agency_id, dossier_id, version, runs),
        apologies=(apologies_of(connection, actor.agency_id, dossier_id) if row.extensions else ()),
        edition=edition,
        outlooks=outlooks_of(office, connection, actor.agency_id, row.procedure_id),
        step_clocks={
            run.step_run_id: (clocks[run.step_run_id], edition.calendar_of(run.unit))
            for run in runs
            if run.step_run_id in clocks
        },
        unreadable=unreadable,
    )


def _clocks(row: Any, runs: Sequence[Any]) -> tuple[dict[UUID, LedgerClock], frozenset[UUID]]:
    """Clocks of the dossier and its open steps by id; and whose cannot be read.

    The rest of a dossier stays readable beside a damaged clock; who acts on it is refused.
    """
    stored = {row.dossier_id: row.clock}
    stored |= {run.step_run_id: run.clock for run in runs if run.state == OPEN}
    clocks, unreadable = {}, set()
    for whose, data in stored.items():
        try:
            if data is not None:
                clocks[whose] = LedgerClock.from_data(data)
        except UnreadableClock:
            unreadable.add(whose)
    return clocks, frozenset(unreadable)


def dossier_of_step(connection: Connection, actor: Actor, step_run_id: UUID) -> UUID:
    """The dossier that a step run belongs to."""
    found = connection.execute(
        select(step_run.c.dossier_id).where(
            step_run.c.agency_id == actor.agency_id, step_run.c.step_run_id == step_run_id
        )
    ).scalar_one_or_none()
    if found is None:
        raise NoSuchStep
    return UUID(str(found))


def history(connection: Connection, actor: Actor, dossier_id: UUID) -> tuple[Event, ...]:
    """The dossier's journal."""
    return events_of(connection, actor.agency_id, dossier_id)


def draft_of(connection: Connection, actor: Actor, step_run_id: UUID) -> dict[str, Any]:
    """What the actor had begun to enter at a step and not yet sent."""
    found = connection.execute(
        select(draft.c.data).where(
            draft.c.agency_id == actor.agency_id,
            draft.c.step_run_id == step_run_id,
            draft.c.account_id == actor.account_id,
        )
    ).scalar_one_or_none()
    return dict(found or {})


def _present(connection: Connection, actor: Actor, dossier_id: UUID) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for row in connection.execute(
        select(dossier_component).where(
            dossier_component.c.agency_id == actor.agency_id,
            dossier_component.c.dossier_id == dossier_id,
        )
    ):
        found.setdefault(row.component, {})[row.form] = row.number
    return found


def _pauses(connection: Connection, actor: Actor, dossier_id: UUID) -> tuple[PauseRecord, ...]:
    rows = connection.execute(
        select(pause)
        .where(pause.c.agency_id == actor.agency_id, pause.c.dossier_id == dossier_id)
        .order_by(pause.c.since)
    )
    return tuple(
        PauseRecord(
            row.kind,
            row.stage,
            row.since,
            row.until,
            row.paused_ws,
            row.reason,
            row.legal_basis,
            tuple((code, name) for code, name in row.components),
            row.asked_by,
        )
        for row in rows
    )
