"""The office at work: dossiers arrive, officers take up what is due first, some are slow or absent.

A discrete-event play: every reception, claim, completion, supplement and return is the real act of
the engine at the played time, refused where the engine refuses.
"""

import heapq
import random
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from api.demo.pen import TrialPen
from api.demo.plan import Scenario, choose, identity_number, person
from api.demo.signing_step import sign_step
from engine.actor import Actor
from engine.calendar import Calendar
from engine.clock import SetClock
from engine.dossiers.claim import claim, hand_over
from engine.dossiers.complete_step import LateReason, complete_step
from engine.dossiers.components import Brought
from engine.dossiers.end_early import refuse, withdraw
from engine.dossiers.late_cause import WORDS, LateCause
from engine.dossiers.outcome import OpenedStep, Outcome
from engine.dossiers.pauses import SupplementRequest, receive_supplement, request_supplement
from engine.dossiers.receive import Contact, Reception, receive
from engine.dossiers.refusals import (
    AlreadyEnded,
    ComponentsMissing,
    DossierClosed,
    DossierPaused,
    HandlingFinished,
    LateReasonNeeded,
    SameHands,
    SupplementSpent,
    SupplementTooLate,
)
from engine.dossiers.send_back import send_back
from engine.dossiers.timeouts import let_time_pass
from engine.office import Office, Version
from engine.runtime.instance import CannotSendBack
from engine.worklist import open_steps
from processes.step import ClockKind, OnTimeout

_LACKING = 0.12  # dossiers received with a component missing
_SENT_BACK = 0.04  # completions that become returns
_WITHDRAWN = 0.01
_UNANSWERED = 0.3  # consultations nobody answers
_ABSENT = 0.06  # officer-days of absence
_SLOW = 1.6  # how much longer the slowest officers take
_USUAL_SHARE = 0.16  # of a step's limit that an officer's own work usually takes
_CAUSES = (LateCause.OVERLOAD, LateCause.ABSENCE, LateCause.COMPLEX, LateCause.WAITING_OTHER_UNIT)


@dataclass(slots=True)
class _Dossier:
    """What the play knows of a dossier: how it will go, and what its applicant still owes."""

    scenario: Scenario
    data: dict[str, deque[dict[str, Any]]]
    lacking: dict[str, dict[str, int]]
    version: Version
    over: bool = False


@dataclass(order=True, slots=True)
class _Moment:
    at: datetime
    order: int
    act: Callable[[datetime], None] = field(compare=False)


class OfficeLife:
    """Plays an office from `start` to `end`; the office's clock must be the given SetClock.

    pen: signs what steps demand; without one, procedures that demand signatures are not played.
    """

    def __init__(
        self,
        office: Office,
        clock: SetClock,
        actors: dict[str, Actor],
        calendar: Calendar,
        scenarios: dict[str, list[Scenario]],
        versions: dict[str, Version],
        seed: int,
        pen: TrialPen | None = None,
    ) -> None:
        self._office = office
        self._pen = pen
        self._clock = clock
        self._calendar = calendar
        self._scenarios = {
            code: found
            for code, found in scenarios.items()
            if pen is not None or not any(step.signs for step in versions[code].procedure.steps)
        }
        self._versions = versions
        self._chance = random.Random(seed)  # noqa: S311 - a play must be repeatable
        self._actors = sorted(actors.values(), key=lambda actor: actor.name)
        self._agency_id = self._actors[0].agency_id
        self._pace = {actor.account_id: self._chance.uniform(0.7, _SLOW) for actor in self._actors}
        self._busy: dict[UUID, bool] = {}
        self._queue: dict[UUID, OpenedStep] = {}
        self._owner: dict[UUID, UUID] = {}  # step run -> dossier
        self._dossiers: dict[UUID, _Dossier] = {}
        self._moments: list[_Moment] = []
        self._order = count()
        self.received = 0

    def play(self, dossiers: int, start: datetime, end: datetime) -> Iterator[int]:
        """Play; yields how many dossiers have been received whenever that changes."""
        for at in self._arrivals(dossiers, start, end):
            self._at(at, self._arrive)
        day = start
        while day < end:
            self._at(self._calendar.next_open(day), self._morning)
            self._at(self._calendar.next_open(day) + timedelta(hours=5), self._time_passes)
            day += timedelta(days=1)
        shown = 0
        while self._moments and self._moments[0].at < end:
            moment = heapq.heappop(self._moments)
            self._clock.set(max(moment.at, self._clock.now()))
            moment.act(self._clock.now())
            if self.received != shown:
                shown = self.received
                yield shown
        self._clock.set(end)
        let_time_pass(self._office)

    # What happens

    def _arrivals(self, dossiers: int, start: datetime, end: datetime) -> list[datetime]:
        first, last = self._calendar.clock_at(start), self._calendar.clock_at(end)
        begin = self._calendar.next_open(start)
        return sorted(
            self._calendar.add(begin, int(self._chance.uniform(0, last - first - 3600)))
            for _ in range(dossiers)
        )

    def _arrive(self, at: datetime) -> None:
        code = self._chance.choices(sorted(self._scenarios), self._weights())[0]
        scenario = choose(self._chance, self._scenarios[code])
        components = {c: dict(forms) for c, forms in scenario.components.items()}
        lacking: dict[str, dict[str, int]] = {}
        if components and self._chance.random() < _LACKING:
            left_at_home = self._chance.choice(sorted(components))
            lacking[left_at_home] = components.pop(left_at_home)
        clerk = self._receiver(code, scenario)
        if clerk is None:
            return
        outcome = receive(
            self._office,
            clerk,
            Reception(
                procedure=code,
                applicant=person(self._chance),
                case=scenario.case,
                contact=Contact(identity_number=identity_number(self._chance)),
                channel=self._chance.choices(("counter", "online", "post"), (6, 3, 1))[0],
                data=scenario.reception_on(self._calendar.local(at).date()),
                components=_brought(components),
            ),
        )
        self.received += 1
        steps: dict[str, deque[dict[str, Any]]] = {}
        for element, data in scenario.steps:
            steps.setdefault(element, deque()).append(dict(data))
        version = self._versions[code]
        self._dossiers[outcome.dossier_id] = _Dossier(scenario, steps, lacking, version)
        if self._chance.random() < _WITHDRAWN:
            delay = timedelta(days=self._chance.uniform(1, 6))
            self._at(at + delay, lambda _: self._withdraw(clerk, outcome.dossier_id))
        self._follow(outcome, at)

    def _weights(self) -> list[int]:
        """Everyday procedures come more often than rare ones."""
        usual = {"1.013831": 5, "1.001193": 8, "1.000894": 3, "1.013225": 3, "2.000908": 8}
        usual |= {"2.000635": 1, "2.000815": 1}  # their results are really signed, which takes long
        return [usual.get(code, 4) for code in sorted(self._scenarios)]

    def _receiver(self, code: str, scenario: Scenario) -> Actor | None:
        version = self._versions[code]
        first = version.procedure.step(scenario.steps[0][0])
        assignment = first.assignment if first else None
        able = [
            actor
            for actor in self._actors
            if assignment and actor.holds(assignment.position, assignment.unit)
        ]
        return self._chance.choice(able) if able else None

    def _withdraw(self, clerk: Actor, dossier_id: UUID) -> None:
        known = self._dossiers[dossier_id]
        if known.over:
            return
        try:
            withdraw(self._office, clerk, dossier_id, "Người nộp đề nghị rút hồ sơ")
        except DossierClosed:
            return  # handled meanwhile: the result waits for the applicant
        known.over = True
        self._forget(dossier_id)

    def _morning(self, at: datetime) -> None:
        for actor in self._actors:
            if self._chance.random() < _ABSENT and not self._busy.get(actor.account_id):
                self._busy[actor.account_id] = True
                self._at(at + timedelta(hours=10), self._back_at_work(actor))
        self._time_passes(at)
        self._assign(at)

    def _back_at_work(self, actor: Actor) -> Callable[[datetime], None]:
        def act(at: datetime) -> None:
            self._busy[actor.account_id] = False
            self._assign(at)

        return act

    def _time_passes(self, at: datetime) -> None:
        if let_time_pass(self._office):
            with self._office.database.read() as connection:
                for dossier_id, step in open_steps(connection, self._agency_id):
                    if step.step_run_id not in self._owner and dossier_id in self._dossiers:
                        self._wait(dossier_id, step, at)
            self._assign(at)

    # What officers do

    def _follow(self, outcome: Outcome, at: datetime) -> None:
        if outcome.state in ("returned", "closed"):
            self._dossiers[outcome.dossier_id].over = True
        for step in outcome.opened:
            self._wait(outcome.dossier_id, step, at)
        self._assign(at)

    def _wait(self, dossier_id: UUID, step: OpenedStep, at: datetime) -> None:
        self._owner[step.step_run_id] = dossier_id
        spec = self._dossiers[dossier_id].version.procedure.step(step.element_id)
        elsewhere = spec is not None and spec.clock is not ClockKind.RUNS
        silent = spec is not None and spec.on_timeout is OnTimeout.DEEMED_CONSENT
        if silent and self._chance.random() < _UNANSWERED:
            return
        if elsewhere:  # citizens and other agencies take days, not an officer's hours
            days = min(self._chance.lognormvariate(0.9, 0.6), 25)
            self._at(at + timedelta(days=days), lambda now: self._record_elsewhere(step, now))
        else:
            self._queue[step.step_run_id] = step

    def _record_elsewhere(self, step: OpenedStep, at: datetime) -> None:
        opening = self._calendar.next_open(at)
        if opening > at + timedelta(minutes=1):
            self._at(opening, lambda now: self._record_elsewhere(step, now))
            return
        able = [actor for actor in self._actors if actor.holds(step.position, step.unit)]
        if able and not self._dossiers[self._owner[step.step_run_id]].over:
            self._complete(self._chance.choice(able), step, at)

    def _assign(self, at: datetime) -> None:
        if not self._calendar.open_at(at):
            return
        free = [a for a in self._actors if not self._busy.get(a.account_id)]
        self._chance.shuffle(free)
        waiting = sorted(
            self._queue.values(),
            key=lambda s: (s.due_at or datetime.max.replace(tzinfo=at.tzinfo), str(s.step_run_id)),
        )
        for actor in free:
            step = next((s for s in waiting if actor.holds(s.position, s.unit)), None)
            if step is None:
                continue
            # Most take what is due first; now and then somebody takes what lies on top.
            waiting.remove(step)
            del self._queue[step.step_run_id]
            self._take_up(actor, step, at)

    def _take_up(self, actor: Actor, step: OpenedStep, at: datetime) -> None:
        if self._dossiers[self._owner[step.step_run_id]].over:
            return
        try:
            claim(self._office, actor, step.step_run_id)
        except AlreadyEnded:
            return
        except DossierPaused:
            tomorrow = self._calendar.next_open(at + timedelta(hours=16))
            self._at(tomorrow, lambda now: self._wait_again(step, now))
            return
        self._busy[actor.account_id] = True
        ends = self._calendar.add(at, self._effort(actor, step))

        def done(now: datetime) -> None:
            self._busy[actor.account_id] = False
            self._complete(actor, step, now)
            self._assign(now)

        self._at(ends, done)

    def _wait_again(self, step: OpenedStep, at: datetime) -> None:
        self._queue[step.step_run_id] = step
        self._assign(at)

    def _effort(self, actor: Actor, step: OpenedStep) -> int:
        """Working seconds of an officer's own work on the step."""
        version = self._dossiers[self._owner[step.step_run_id]].version
        spec = version.procedure.step(step.element_id)
        limit = spec.limit("") if spec else None
        allowed = limit.working_seconds if limit and limit.is_working_time else 2 * 8 * 3600
        share = self._chance.lognormvariate(0, 0.55) * _USUAL_SHARE * self._pace[actor.account_id]
        return max(180, int(min(allowed, 12 * 3600) * share))

    def _complete(self, actor: Actor, step: OpenedStep, at: datetime) -> None:
        dossier_id = self._owner[step.step_run_id]
        known = self._dossiers[dossier_id]
        if known.over:
            return
        data = self._data(known, step.element_id)
        try:
            if self._chance.random() < _SENT_BACK and self._send_back(actor, step, at):
                return
            self._follow(self._completed(actor, step, data), at)
        except AlreadyEnded:
            return  # silence was consent meanwhile, or a return took the step away
        except DossierPaused:
            self._at(at + timedelta(days=1), lambda now: self._complete(actor, step, now))
        except ComponentsMissing:
            self._ask_for_supplement(actor, step, dossier_id, at)
        except SameHands:
            self._queue[step.step_run_id] = step
            others = [a for a in self._actors if a != actor and a.holds(step.position, step.unit)]
            if others:
                del self._queue[step.step_run_id]
                self._pass_on(actor, self._chance.choice(others), step, data, at)

    def _pass_on(
        self, actor: Actor, other: Actor, step: OpenedStep, data: dict[str, Any], at: datetime
    ) -> None:
        hand_over(self._office, actor, step.step_run_id, other, "Người đã soạn không được duyệt")
        self._follow(self._completed(other, step, data), at)

    def _completed(self, actor: Actor, step: OpenedStep, data: dict[str, Any]) -> Outcome:
        dossier_id = self._owner[step.step_run_id]
        procedure = self._dossiers[dossier_id].version.procedure
        spec = procedure.step(step.element_id)
        if self._pen is not None and spec is not None and spec.signs:
            sign_step(self._office, self._pen, actor, dossier_id, procedure, spec)
        try:
            return complete_step(self._office, actor, step.step_run_id, data)
        except LateReasonNeeded:
            cause = self._chance.choice(_CAUSES)
            late = LateReason(cause.value, WORDS[cause][0])
            return complete_step(self._office, actor, step.step_run_id, data, late)

    def _data(self, known: _Dossier, element: str) -> dict[str, Any]:
        planned = known.data.get(element)
        if not planned:
            return {}
        return planned.popleft() if len(planned) > 1 else planned[0]

    def _send_back(self, actor: Actor, step: OpenedStep, at: datetime) -> bool:
        elements = [
            element for element, _ in self._dossiers[self._owner[step.step_run_id]].scenario.steps
        ]
        if step.element_id not in elements or elements.index(step.element_id) == 0:
            return False
        target = elements[elements.index(step.element_id) - 1]
        try:
            outcome = send_back(
                self._office, actor, step.step_run_id, target, "Nội dung chưa đạt, đề nghị làm lại"
            )
        except (CannotSendBack, HandlingFinished):
            return False
        self._follow(outcome, at)
        return True

    def _ask_for_supplement(
        self, actor: Actor, step: OpenedStep, dossier_id: UUID, at: datetime
    ) -> None:
        known = self._dossiers[dossier_id]
        asked = SupplementRequest(tuple(known.lacking), "Thiếu thành phần hồ sơ theo quy định")
        try:
            request_supplement(self._office, actor, step.step_run_id, asked)
        except (SupplementSpent, SupplementTooLate):
            known.over = True
            refuse(self._office, actor, step.step_run_id, "Hồ sơ không đủ thành phần theo quy định")
            self._forget(dossier_id)
            return
        days = min(self._chance.lognormvariate(1.0, 0.7), 30)
        self._at(at + timedelta(days=days), lambda now: self._supplemented(actor, step, now))

    def _supplemented(self, actor: Actor, step: OpenedStep, at: datetime) -> None:
        opening = self._calendar.next_open(at)
        if opening > at + timedelta(minutes=1):
            self._at(opening, lambda now: self._supplemented(actor, step, now))
            return
        dossier_id = self._owner[step.step_run_id]
        known = self._dossiers[dossier_id]
        if known.over:
            return
        receive_supplement(self._office, actor, dossier_id, _brought(known.lacking))
        known.lacking = {}
        self._at(at + timedelta(minutes=20), lambda now: self._complete(actor, step, now))

    def _forget(self, dossier_id: UUID) -> None:
        for run_id in [r for r in self._queue if self._owner[r] == dossier_id]:
            del self._queue[run_id]

    def _at(self, at: datetime, act: Callable[[datetime], None]) -> None:
        heapq.heappush(self._moments, _Moment(at, next(self._order), act))


def _brought(components: dict[str, dict[str, int]]) -> tuple[Brought, ...]:
    return tuple(
        Brought(code, form, number)
        for code, forms in components.items()
        for form, number in forms.items()
    )
