"""A dossier in hand: what an act reads, the changes it gathers, and how it is put down again."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any, cast
from uuid import UUID

from sqlalchemy import and_, bindparam, select, update

from engine.actor import Actor
from engine.calendar import Calendar
from engine.dossiers.answered import KEPT, OWN_KEY, answered, keep, own_key, recall
from engine.dossiers.outcome import OpenedStep, Outcome
from engine.dossiers.refusals import (
    DossierClosed,
    DossierPaused,
    HeldByOther,
    NoSuchDossier,
    NoSuchStep,
    NotYours,
    ReasonNeeded,
)
from engine.journal import Event, append
from engine.ledger_clock import LedgerClock
from engine.office import Live, Office, Version
from engine.runtime.instance import Instance
from engine.store.database import Command, StaleState, Transaction
from engine.store.prepared import Prepared
from engine.store.tables import (
    account,
    dossier,
    dossier_component,
    execution,
    idempotency,
    journal,
    step_run,
)
from processes.data_entry import Value, from_stored, is_storable
from processes.errors import RuleError
from processes.step import StepSpec

_SHORTEST_REASON, _LONGEST_REASON = 5, 2000
MESSAGES = "~messages"  # beside the data of the reception; no field can be called so
OPEN, PAUSED, FINISHED, RETURNED, CLOSED = "open", "paused", "finished", "returned", "closed"


@dataclass
class InHand:
    """One dossier within one transaction.

    row: as read; changes: columns that the act changes; step: the step acted on, if any.
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

    @property
    def agency_id(self) -> str:
        return str(self.row.agency_id)

    @property
    def dossier_id(self) -> UUID:
        return cast("UUID", self.row.dossier_id)

    @property
    def spec(self) -> StepSpec:
        """What the diagram says of the step acted on."""
        return self.spec_of(self.step.element_id)

    def spec_of(self, element_id: str) -> StepSpec:
        spec = self.version.procedure.step(element_id)
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
        this = {"of_agency": self.agency_id, "of_step": self.step.step_run_id}
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
        stood = {"of_version": self.row.version}
        self.transaction.change(_dossier_row(tuple(changes)), changes | this | stood, must=True)
        if self.state_changed:
            self.transaction.change(_STATE, {"state": self.live.instance.encode(), **this})
        self.live.version, self.live.at = number, self.now
        self.office.live.put((self.agency_id, self.dossier_id), self.live)
        return self.outcome(number)

    def _clock_columns(self) -> dict[str, Any]:
        if self.clock is None:
            return {}
        return {"clock": self.clock.to_data(), "due_at": self.clock.due_at(self.calendar)}

    def outcome(self, number: int) -> Outcome:
        return Outcome(
            dossier_id=self.dossier_id,
            code=self.row.code,
            version=number,
            state=self.value("state"),
            national_status=self.value("national_status"),
            outcome=self.value("outcome"),
            due_at=self.clock.due_at(self.calendar) if self.clock else None,
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
    """Sets columns of a dossier that is still as it was read."""
    still = dossier.c.version == bindparam("of_version")
    return Prepared(update(dossier).where(*_THIS_DOSSIER, still), columns)


@cache
def _step_row(columns: tuple[str, ...]) -> Prepared:
    """Sets columns of a step run."""
    this = step_run.c.agency_id == bindparam("of_agency")
    return Prepared(
        update(step_run).where(this, step_run.c.step_run_id == bindparam("of_step")), columns
    )


Work = Callable[[InHand], Outcome]


def act_on_step(
    office: Office,
    actor: Actor,
    step_run_id: UUID,
    command: str,
    request: Mapping[str, Any],
    key: str | None,
    work: Work,
) -> Outcome:
    """Run an act on a step in one transaction, once per key."""
    return office.database.write(
        step_command(office, actor, step_run_id, command, request, key, work)
    )


def step_command(
    office: Office,
    actor: Actor,
    step_run_id: UUID,
    command: str,
    request: Mapping[str, Any],
    key: str | None,
    work: Work,
) -> Command[Outcome]:
    """An act on a step, to be run in one transaction, once per key."""

    def run(transaction: Transaction) -> Outcome:
        own = own_key(actor, key)
        asked = {"of_step": step_run_id, **own}
        row = transaction.row(_STEP_AND_DOSSIER, asked)
        kept = transaction.row(KEPT, own) if row is None else row
        if kept is not None and kept.request_hash is not None:
            return answered(kept, command, request)
        if row is None:
            raise NoSuchStep
        hand = _take(
            office, transaction, actor, row, lambda: transaction.row(_STEP_AND_DOSSIER, asked)
        )
        hand.step = _StepView(hand.row)
        outcome = _work_or_repeat(hand, command, request, key, work)
        return keep(transaction, actor, command, request, key, hand.now, outcome)

    return run


def act_on_dossier(
    office: Office,
    actor: Actor,
    dossier_id: UUID,
    command: str,
    request: Mapping[str, Any],
    key: str | None,
    work: Work,
) -> Outcome:
    """Run an act on a dossier in one transaction, once per key."""

    def run(transaction: Transaction) -> Outcome:
        kept = recall(transaction, actor, command, request, key)
        if kept is not None:
            return kept

        def read() -> Any:
            return transaction.execute(
                select(dossier).where(
                    dossier.c.agency_id == actor.agency_id, dossier.c.dossier_id == dossier_id
                )
            ).one_or_none()

        row = read()
        if row is None:
            raise NoSuchDossier(dossier=dossier_id)
        hand = _take(office, transaction, actor, row, read)
        outcome = _work_or_repeat(hand, command, request, key, work)
        return keep(transaction, actor, command, request, key, hand.now, outcome)

    return office.database.write(run)


_STEP_COLUMNS = [column.label(f"step_{column.name}") for column in step_run.c]
_STEP_AND_DOSSIER = Prepared(
    select(*dossier.c, *_STEP_COLUMNS, idempotency.c.request_hash, idempotency.c.answer)
    .select_from(step_run)
    .join(
        dossier,
        and_(
            dossier.c.agency_id == step_run.c.agency_id,
            dossier.c.dossier_id == step_run.c.dossier_id,
        ),
    )
    .outerjoin(idempotency, and_(*OWN_KEY))
    .where(
        step_run.c.agency_id == bindparam("of_agency"),
        step_run.c.step_run_id == bindparam("of_step"),
    )
)
"""The step, its dossier, and what was answered under the same key, if anything."""


class _StepView:
    """The step's columns of a joined row, by their own names."""

    def __init__(self, row: Any) -> None:
        self._row = row

    def __getattr__(self, name: str) -> Any:
        value = self.__dict__[name] = getattr(self._row, f"step_{name}")
        return value


def _take(
    office: Office, transaction: Transaction, actor: Actor, row: Any, read: Callable[[], Any]
) -> InHand:
    """The dossier, held against other threads; `read` reads its row again.

    Whoever waited for the hold has an old row in hand: the one in memory is newer then.
    """
    office.hold(transaction, row.dossier_id)
    key = (row.agency_id, row.dossier_id)
    transaction.if_undone(lambda: office.live.drop(key))
    version = office.version(transaction.connection, row.agency_id, row.version_id)
    live = office.live.get(key)
    if live is not None and live.version != row.version:
        row = read()
    if live is None or live.version != row.version:
        live = _load_live(transaction, row, version)
    return InHand(
        office=office,
        transaction=transaction,
        actor=actor,
        now=max(office.clock.now(), live.at),
        row=row,
        version=version,
        calendar=office.calendar(transaction.connection, row.agency_id),
        live=live,
        clock=None if row.clock is None else LedgerClock.from_data(row.clock),
    )


def _load_live(transaction: Transaction, row: Any, version: Version) -> Live:
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
    runs = transaction.execute(
        select(*(step_run.c[name] for name in _OF_LIVE)).where(
            step_run.c.agency_id == row.agency_id, step_run.c.dossier_id == row.dossier_id
        )
    ).all()
    attempts: dict[str, int] = {}
    for run in runs:
        attempts[run.element_id] = max(attempts.get(run.element_id, 0), run.attempt)
    return Live(
        version=row.version,
        instance=Instance.restore(version.specification, state),
        data=entered_data(version, row.data, runs),
        attempts=attempts,
        at=last,
    )


_OF_LIVE = ("element_id", "token", "attempt", "ended_at", "data")


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


def _work_or_repeat(
    hand: InHand, command: str, request: Mapping[str, Any], key: str | None, work: Work
) -> Outcome:
    """Do the work; where its twin with the same key was faster meanwhile, look again."""
    try:
        return work(hand)
    except RuleError as refusal:
        if recall(hand.transaction, hand.actor, command, request, key) is not None:
            raise StaleState from refusal
        if _overtaken(hand):  # refused for what is no longer so: look again and say what is
            raise StaleState from refusal
        raise


def _overtaken(hand: InHand) -> bool:
    """Whether another command changed the dossier after this one had read it."""
    version = hand.transaction.execute(
        select(dossier.c.version).where(
            dossier.c.agency_id == hand.agency_id, dossier.c.dossier_id == hand.dossier_id
        )
    ).scalar_one()
    return bool(version != hand.row.version)


def stated(reason: str | None) -> str:
    """The reason in words; refused where there is none."""
    words = in_words(reason)
    if len(words) < _SHORTEST_REASON:
        raise ReasonNeeded
    return words


def in_words(text: str | None) -> str:
    """A remark on one line, without what no database can keep; it may be empty."""
    return " ".join("".join(filter(is_storable, text or "")).split())[:_LONGEST_REASON]
