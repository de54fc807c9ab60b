"""One event of a journal done again, by the act that wrote it.

Who was entitled was asked when it happened and is not asked again: everybody is entitled here.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import select

from engine.actor import Actor, Role
from engine.calendar_change.moved_promise import TOLD
from engine.dossiers.acting import act_on_dossier, have_follow
from engine.dossiers.allow_supplement import allow_supplement
from engine.dossiers.change_case import change_case
from engine.dossiers.claim import claim, hand_over, release
from engine.dossiers.complete_step import LateReason, complete_step
from engine.dossiers.components import Brought, record_components, waive_component
from engine.dossiers.deliver_message import deliver_message
from engine.dossiers.documents import (
    FileFacts,
    add_document,
    release_document,
    remove_document,
    replace_document,
)
from engine.dossiers.due_timers import fire_timer
from engine.dossiers.end_early import discontinue, refuse, withdraw
from engine.dossiers.extend import extend
from engine.dossiers.follow_calendar import CHANGED
from engine.dossiers.in_hand import OPEN, InHand
from engine.dossiers.live_dossier import MESSAGES
from engine.dossiers.offered import ACCEPT, OFFER, accept_offered, offer_document
from engine.dossiers.outcome import Outcome
from engine.dossiers.overdue import judge_overdue
from engine.dossiers.pauses import (
    SupplementRequest,
    receive_supplement,
    request_supplement,
    resume,
    suspend,
)
from engine.dossiers.receive import Contact, Reception, receive
from engine.dossiers.return_result import return_result
from engine.dossiers.reuse import LENT, REUSED, repeat_reused
from engine.dossiers.send_back import send_back
from engine.dossiers.signing import enter_prepared, enter_signed
from engine.dossiers.tell_moved_date import tell_moved_date
from engine.forms.issuing import ISSUED, put_down_form
from engine.journal import Event
from engine.lookup.issuing import LOOKUP_ISSUED
from engine.office import InForce, Office
from engine.store.tables import step_run, timer
from engine.working_calendar.editions import FIRST


class CannotRepeat(Exception):
    """The event names something that the dossier does not have, or is of an unknown kind."""


class _Entitled(Actor):
    """An officer of whom nobody asks for a position."""

    __slots__ = ()

    def holds(self, position: str | None, unit: str | None) -> bool:  # noqa: ARG002
        return True


@dataclass
class Replay:
    """A dossier that comes to be again in an office of its own.

    row, runs, pauses: what the tables hold of it, for what people entered. holdings: positions
    in the receiving unit, so that its reception finds the unit again.
    """

    office: Office
    procedure: str
    row: Any
    runs: Sequence[Any]
    pauses: Sequence[Any]
    holdings: frozenset[tuple[str, str]]
    dossier_id: UUID | None = None

    def repeat(self, event: Event) -> None:
        """Do what the event says. Errors: CannotRepeat, and those of the act."""
        act = _ACTS.get(event.kind)
        if act is None:
            raise CannotRepeat(event.kind)
        self.count_by(int(event.body.get("calendar", FIRST)), event.at)
        act(self, event)

    def count_by(self, edition: int, at: datetime) -> None:
        """Have that edition of the calendar in force, as it was for whoever acted."""
        agency_id = self.row.agency_id
        with self.office.database.read() as connection:
            known = self.office.edition_numbered(connection, agency_id, edition)
        self.office.calendars.put(agency_id, InForce(known, at))

    def follow_calendar(self) -> None:
        """Bring the dossier over to the edition in force."""
        have_follow(self.office, self.row.agency_id, self.dossier)

    @property
    def dossier(self) -> UUID:
        if self.dossier_id is None:
            raise CannotRepeat("dossier.received")
        return self.dossier_id

    def actor(self, account_id: UUID | None) -> Actor:
        known = UUID(int=0) if account_id is None else account_id
        return _Entitled(known, self.row.agency_id, "", frozenset(Role), self.holdings)

    def step(self, body: Mapping[str, Any]) -> UUID:
        """The step run that the event is about."""
        return self._one(
            step_run.c.token == body["token"],
            step_run.c.attempt == body["attempt"],
        )

    def open_step(self, actor_id: UUID | None, *conditions: Any) -> UUID:
        """An open step of which the officer can be the holder."""
        free = step_run.c.holder_id.is_(None) | (step_run.c.holder_id == actor_id)
        return self._one(step_run.c.state == OPEN, free, *conditions)

    def _one(self, *conditions: Any) -> UUID:
        with self.office.database.read() as connection:
            found = connection.execute(
                select(step_run.c.step_run_id)
                .where(step_run.c.dossier_id == self.dossier, *conditions)
                .limit(1)
            ).scalar_one_or_none()
        if found is None:
            raise CannotRepeat("step")
        return cast("UUID", found)

    def entered(self, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """What was entered at the step; it stands in the table, once."""
        for run in self.runs:
            if (run.token, run.attempt) == (body["token"], body["attempt"]):
                return cast("Mapping[str, Any]", run.data or {})
        raise CannotRepeat("data")

    def came_with(self, event: Event) -> Mapping[str, Any]:
        """What a message said: it stands with the step that it completed, or with the dossier."""
        codes = set(event.body["data"])
        kept = [said for at, said in self.row.data.get(MESSAGES, ()) if at == event.at.isoformat()]
        kept += [run.data for run in self.runs if run.ended_at == event.at and run.data]
        return next((said for said in kept if set(said) == codes), {})

    def ground_of(self, at: datetime) -> str:
        """The legal basis of the pause that began then."""
        return next((str(pause.legal_basis) for pause in self.pauses if pause.since == at), "")


def _receive(replay: Replay, event: Event) -> None:
    row, body = replay.row, event.body
    reception = Reception(
        procedure=replay.procedure,
        applicant=row.applicant,
        case=body["case"],
        contact=Contact(**row.applicant_contact),
        channel=body["channel"],
        data={code: value for code, value in row.data.items() if code != MESSAGES},
        components=_brought(body),
        recorded=True,
    )
    outcome = receive(replay.office, replay.actor(event.actor_id), reception)
    replay.dossier_id = outcome.dossier_id


def _brought(body: Mapping[str, Any]) -> tuple[Brought, ...]:
    return tuple(Brought(*stated) for stated in body["components"])


def _complete(replay: Replay, event: Event) -> None:
    body = event.body
    late = LateReason(*body["late"]) if body["late"] else None
    actor, data = replay.actor(event.actor_id), replay.entered(body)
    complete_step(replay.office, actor, replay.step(body), data, late)


def _send_back(replay: Replay, event: Event) -> None:
    body = event.body
    actor = replay.actor(event.actor_id)
    send_back(replay.office, actor, replay.step(body), body["to"], body["reason"])


def _hand_over(replay: Replay, event: Event) -> None:
    body = event.body
    actor, to = replay.actor(event.actor_id), replay.actor(UUID(body["to"]))
    hand_over(replay.office, actor, replay.step(body), to, body["reason"])


def _claim(replay: Replay, event: Event) -> None:
    claim(replay.office, replay.actor(event.actor_id), replay.step(event.body))


def _release(replay: Replay, event: Event) -> None:
    release(replay.office, replay.actor(event.actor_id), replay.step(event.body))


def _request_supplement(replay: Replay, event: Event) -> None:
    body = event.body
    codes = tuple(code for code, _ in body["components"])
    asked = SupplementRequest(codes, body["reason"], replay.ground_of(event.at))
    step = replay.open_step(event.actor_id, step_run.c.element_id == body["step"])
    request_supplement(replay.office, replay.actor(event.actor_id), step, asked)


def _allow_supplement(replay: Replay, event: Event) -> None:
    body, actor = event.body, replay.actor(event.actor_id)
    allow_supplement(replay.office, actor, replay.dossier, body["reason"], body["decision_no"])


def _tell(replay: Replay, event: Event) -> None:
    actor, body = replay.actor(event.actor_id), event.body
    tell_moved_date(replay.office, actor, replay.dossier, body["way"], body["words"])


def _receive_supplement(replay: Replay, event: Event) -> None:
    actor, brought = replay.actor(event.actor_id), _brought(event.body)
    if "accepted" in event.body:
        accept_offered(replay.office, actor, replay.dossier, resume=True)
        return
    receive_supplement(replay.office, actor, replay.dossier, brought)


def _suspend(replay: Replay, event: Event) -> None:
    body = event.body
    actor, step = replay.actor(event.actor_id), replay.open_step(event.actor_id)
    suspend(replay.office, actor, step, body["reason"], body["legal_basis"])


def _resume(replay: Replay, event: Event) -> None:
    resume(replay.office, replay.actor(event.actor_id), replay.dossier, event.body["reason"])


def _extend(replay: Replay, event: Event) -> None:
    body = event.body
    due = datetime.fromisoformat(body["due"])
    extend(replay.office, replay.actor(event.actor_id), replay.dossier, due, body["reason"])


def _change_case(replay: Replay, event: Event) -> None:
    body = event.body
    actor, step = replay.actor(event.actor_id), replay.open_step(event.actor_id)
    change_case(replay.office, actor, step, body["to"], body["reason"])


def _record_components(replay: Replay, event: Event) -> None:
    actor, brought = replay.actor(event.actor_id), _brought(event.body)
    record_components(replay.office, actor, replay.dossier, brought)


def _waive_component(replay: Replay, event: Event) -> None:
    body, actor = event.body, replay.actor(event.actor_id)
    waive_component(replay.office, actor, replay.dossier, body["component"], body["reason"])


def _add_document(replay: Replay, event: Event) -> None:
    actor, facts = replay.actor(event.actor_id), FileFacts.from_data(event.body)
    add_document(replay.office, actor, replay.dossier, facts)


def _replace_document(replay: Replay, event: Event) -> None:
    actor, facts = replay.actor(event.actor_id), FileFacts.from_data(event.body)
    replace_document(replay.office, actor, replay.dossier, event.body["replaces"], facts)


def _release_document(replay: Replay, event: Event) -> None:
    body, actor = event.body, replay.actor(event.actor_id)
    release_document(replay.office, actor, replay.dossier, body["number"], body["scanner"])


def _remove_document(replay: Replay, event: Event) -> None:
    body, actor = event.body, replay.actor(event.actor_id)
    remove_document(replay.office, actor, replay.dossier, body["number"], body["reason"])


def _prepare_document(replay: Replay, event: Event) -> None:
    body, actor, facts = event.body, replay.actor(event.actor_id), FileFacts.from_data(event.body)
    number, places = body["source"], body["places"]
    enter_prepared(replay.office, actor, replay.dossier, number, facts, places)


def _sign_document(replay: Replay, event: Event) -> None:
    actor, facts = replay.actor(event.actor_id), FileFacts.from_data(event.body)
    enter_signed(replay.office, actor, replay.dossier, event.body["replaces"], facts)


def _refuse(replay: Replay, event: Event) -> None:
    actor, step = replay.actor(event.actor_id), replay.open_step(event.actor_id)
    refuse(replay.office, actor, step, event.body["reason"])


def _withdraw(replay: Replay, event: Event) -> None:
    withdraw(replay.office, replay.actor(event.actor_id), replay.dossier, event.body["reason"])


def _discontinue(replay: Replay, event: Event) -> None:
    discontinue(replay.office, replay.actor(event.actor_id), replay.dossier, event.body["reason"])


def _return_result(replay: Replay, event: Event) -> None:
    return_result(replay.office, replay.actor(event.actor_id), replay.dossier)


def _fire(replay: Replay, event: Event) -> None:
    with replay.office.database.read() as connection:
        row = connection.execute(
            select(timer).where(
                timer.c.dossier_id == replay.dossier, timer.c.token == event.body["token"]
            )
        ).one_or_none()
    if row is None:
        raise CannotRepeat("timer")
    fire_timer(replay.office, row)


def _judge(replay: Replay, event: Event) -> None:
    step = replay.step(event.body)
    with replay.office.database.read() as connection:
        row = connection.execute(
            select(step_run.c.agency_id, step_run.c.dossier_id, step_run.c.step_run_id).where(
                step_run.c.step_run_id == step
            )
        ).one()
    judge_overdue(replay.office, row)


def _deliver(replay: Replay, event: Event) -> None:
    body, actor = event.body, replay.actor(event.actor_id)
    said = replay.came_with(event)
    stated = {"kind": body["kind"], "token": body.get("token")}
    deliver_message(replay.office, actor, replay.dossier, body["name"], said, **stated)


def _issue_form(replay: Replay, event: Event) -> None:
    """The form itself stands in the tables; of the dossier nothing changes but its journal."""
    actor, body = replay.actor(event.actor_id), event.body

    def note(hand: InHand) -> Outcome:
        return put_down_form(hand, body)

    act_on_dossier(replay.office, actor, replay.dossier, "issue_form", {}, None, note)


def _offer(replay: Replay, event: Event) -> None:
    actor, facts = replay.actor(event.actor_id), FileFacts.from_data(event.body)
    offer_document(replay.office, actor, replay.dossier, facts)


def _accept(replay: Replay, event: Event) -> None:
    accept_offered(replay.office, replay.actor(event.actor_id), replay.dossier, resume=False)


def _reuse(replay: Replay, event: Event) -> None:
    repeat_reused(replay.office, replay.actor(event.actor_id), replay.dossier, event.body)


def _note(replay: Replay, event: Event) -> None:
    """An event that changed nothing of the dossier itself."""
    actor, kind = replay.actor(event.actor_id), event.kind

    def note(hand: InHand) -> Outcome:
        return hand.put_down(kind, event.body)

    act_on_dossier(replay.office, actor, replay.dossier, kind, {}, None, note)


def _follow(replay: Replay, _event: Event) -> None:
    replay.follow_calendar()


_ACTS: Mapping[str, Callable[[Replay, Event], None]] = {
    CHANGED: _follow,
    "dossier.received": _receive,
    "step.claimed": _claim,
    "step.released": _release,
    "step.handed_over": _hand_over,
    "step.completed": _complete,
    "step.sent_back": _send_back,
    "step.deemed_consent": _judge,
    "step.escalated": _judge,
    "timer.fired": _fire,
    "message.delivered": _deliver,
    "supplement.allowed": _allow_supplement,
    TOLD: _tell,
    "supplement.requested": _request_supplement,
    "supplement.received": _receive_supplement,
    "dossier.suspended": _suspend,
    "dossier.resumed": _resume,
    "dossier.extended": _extend,
    "case.changed": _change_case,
    "components.recorded": _record_components,
    "component.waived": _waive_component,
    "document.added": _add_document,
    "document.replaced": _replace_document,
    "document.released": _release_document,
    "document.removed": _remove_document,
    "document.prepared": _prepare_document,
    "document.signed": _sign_document,
    OFFER: _offer,
    ACCEPT: _accept,
    REUSED: _reuse,
    LENT: _note,
    LOOKUP_ISSUED: _note,
    "dossier.refused": _refuse,
    "dossier.withdrawn": _withdraw,
    "dossier.discontinued": _discontinue,
    "result.returned": _return_result,
    ISSUED: _issue_form,
}

KINDS = frozenset(_ACTS)
"""The kinds of events that can be done again: all but the destruction, after which nothing is."""
