"""What a dossier waits for beside its steps, and who may say that it has come."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, partial
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import Connection, select

from engine.actor import Actor
from engine.journal import events_of
from engine.office import Version
from engine.runtime.instance import Instance, WaitingEvent
from engine.store.tables import execution, timer
from processes.procedure import Procedure

TIMER = "timer"
_REPORTED = ("error", "escalation")  # by who does the step on whose border they are drawn
_TOLD = ("message", "signal", *_REPORTED)


class OpenRun(Protocol):
    """An open run of a step, as a row or as a value."""

    @property
    def token(self) -> int: ...
    @property
    def unit(self) -> str | None: ...
    @property
    def position(self) -> str | None: ...
    @property
    def holder_id(self) -> UUID | None: ...


@dataclass(frozen=True, slots=True)
class Wait:
    """An event that a dossier waits for.

    kind: message | signal | error | escalation, which a person tells; conditional | timer, which
    come by themselves. name: of the message or signal, code of the error or escalation, text of
    the condition, "" of a timer. title: what the drawing calls the event. step: token of the open
    step that receives it or on whose border it waits. since: None where it is not known.
    interrupts: what it waits beside ends when it comes. due_at: when a timer fires; a clock that
    stands still puts it off.
    """

    token: int
    element_id: str
    kind: str
    name: str
    title: str
    step: int | None
    since: datetime | None
    interrupts: bool = False
    due_at: datetime | None = None


def may_tell(
    actor: Actor, procedure: Procedure, open_runs: Iterable[OpenRun], event: Wait | WaitingEvent
) -> bool:
    """Whether the actor may say that the event has come.

    An error or escalation at a step: who may complete the step. Messages and signals: whoever
    holds the position of an open step; where none is open, of any step at all.
    """
    runs = list(open_runs)
    if event.kind not in _TOLD:
        return False
    if event.kind in _REPORTED:
        beside = [run for run in runs if run.token == event.step]
        return any(
            actor.holds(run.position, run.unit) and run.holder_id in (None, actor.account_id)
            for run in beside
        )
    return is_at_work(actor, procedure, runs)


def is_at_work(actor: Actor, procedure: Procedure, open_runs: Iterable[OpenRun]) -> bool:
    """Whoever holds the position of an open step; where none is open, of any step at all."""
    places = {(run.position, run.unit) for run in open_runs}
    if not places:
        assigned = [step.assignment for step in procedure.steps if step.assignment is not None]
        places = {(each.position, each.unit) for each in assigned}
    return any(actor.holds(position, unit) for position, unit in places)


def waits_of(
    connection: Connection, agency_id: str, dossier_id: UUID, version: Version, runs: Iterable[Any]
) -> tuple[Wait, ...]:
    """What the dossier waits for, in the order in which the waiting began.

    runs: the dossier's step runs.
    """
    if not version.waiting:
        return ()
    stored = connection.execute(
        select(execution.c.state).where(
            execution.c.agency_id == agency_id, execution.c.dossier_id == dossier_id
        )
    ).scalar_one()
    instance = Instance.restore(version.specification, stored)
    opened = {run.token: run.enabled_at for run in runs if run.state == "open"}
    happened = _Happened(connection, agency_id, dossier_id)
    found = [
        Wait(
            *(event.token, event.element_id, event.kind, event.name),
            title=version.waiting.get(event.element_id, ""),
            step=event.step,
            since=happened.last(instance.comes_after(event.token))
            if event.step is None
            else opened.get(event.step),
            interrupts=event.interrupts,
        )
        for event in instance.possible_events()
    ]
    armed = instance.waiting_timers().values()
    due = _due_times(connection, agency_id, dossier_id) if armed else {}
    found += [
        Wait(
            *(one.token, one.element_id, TIMER, ""),
            title=version.waiting.get(one.element_id, ""),
            step=None,
            since=None,
            due_at=due.get(one.token),
        )
        for one in armed
    ]
    return tuple(sorted(found, key=lambda wait: wait.token))


class _Happened:
    """When elements of the drawing were last passed, as the journal has it; read when asked."""

    def __init__(self, connection: Connection, agency_id: str, dossier_id: UUID) -> None:
        self._events = partial(events_of, connection, agency_id, dossier_id)

    @cached_property
    def _at(self) -> Mapping[str, datetime]:
        return {e: event.at for event in self._events() for e in event.body.get("passed", ())}

    def last(self, elements: Iterable[str]) -> datetime | None:
        return max((self._at[each] for each in elements if each in self._at), default=None)


def _due_times(connection: Connection, agency_id: str, dossier_id: UUID) -> dict[int, datetime]:
    rows = connection.execute(
        select(timer.c.token, timer.c.due_at).where(
            timer.c.agency_id == agency_id, timer.c.dossier_id == dossier_id
        )
    )
    return {row.token: row.due_at for row in rows}
