"""A conformance case: a small diagram, the acts upon it, and exactly what BPMN says comes of each.

    Case(
        "line",
        covers=("sequenceFlow",),
        nodes=(start(), step("A"), end()),
        flows=("S A", "A E"),
        script=(begin(passes="S", opens="A"), complete("A", passes="A E", done=True)),
    )

Every case is run straight, and with a save and restore between any two acts; cases with
`office=True` also through the acts of the office, on each database.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest

from engine.dossiers.complete_step import LateReason, complete_step
from engine.dossiers.deliver_message import deliver_message
from engine.dossiers.late_cause import LateCause
from engine.dossiers.outcome import Outcome
from engine.dossiers.send_back import send_back as send_back_act
from engine.dossiers.timeouts import let_time_pass
from engine.runtime.instance import Instance, Progress
from engine.runtime.specification import Specification
from engine.store import tables
from processes.check import Checked, check
from processes.errors import RuleError
from processes.finding import Finding, Severity
from tests.engine.drawing import Drawn, draw
from tests.engine.offices import Ward

YEARS = '<qt:case code="normal" name="Thường"><qt:limit amount="400" unit="working_day"/></qt:case>'
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True)
class Act:
    """One act and what comes of it.

    kind: begin | complete | fire | deliver | deliver_at | send_back. element: the step, timer or
    event, "A#2" for the second instance of step A; for deliver "message M". given: what is entered.
    passes: ids of what was completed, in order; opens: what is open afterwards (all of it), waits:
    timers and events that wait afterwards; ends: end events of the process that were reached;
    sent: "message M" for what went out. refused: the code of the refusal, then nothing changes.
    """

    kind: str
    element: str = ""
    to: str = ""
    given: Mapping[str, Any] = field(default_factory=dict)
    passes: str | None = None
    opens: str = ""
    waits: str = ""
    ends: str | None = None
    sent: str | None = None
    done: bool = False
    refused: str = ""


@dataclass(frozen=True)
class Case:
    """id: short and stable. covers: codes of `processes.support.table`. beside: see `draw`.

    unsound: runs as drawn, but is refused at upload for it (`processes.soundness`).
    """

    id: str
    covers: tuple[str, ...]
    nodes: tuple[Drawn, ...]
    script: tuple[Act, ...]
    flows: tuple[str, ...] = ()
    beside: str = ""
    head: str = ""
    office: bool = False
    unsound: bool = False

    def drawn(self) -> bytes:
        return draw(*self.nodes, flows=self.flows, cases=YEARS, head=self.head, beside=self.beside)


def begin(at: str = "", **stated: Any) -> Act:
    """The dossier is received; at: the start event that opened it, where it is not the none start."""
    return Act("begin", at, **stated)


def complete(element: str, **stated: Any) -> Act:
    return Act("complete", element, **stated)


def fire(element: str, **stated: Any) -> Act:
    return Act("fire", element, **stated)


def deliver(what: str, **stated: Any) -> Act:
    """what: "message M", "signal X"; to the first who waits, or to all."""
    return Act("deliver", what, **stated)


def deliver_at(element: str, **stated: Any) -> Act:
    """This very event happens."""
    return Act("deliver_at", element, **stated)


def send_back(element: str, to: str, **stated: Any) -> Act:
    return Act("send_back", element, to, **stated)


def checked(case: Case) -> Checked:
    """The case's file, judged; it must be fit to be published.

    A case that no office plays may open with a wait: only a dossier has to be received first.
    """
    found = check(case.drawn())
    errors = {f"{f.rule} {f.element}: {f.en}" for f in errors_of(found.findings)}
    unsound = {error for error in errors if error.startswith("soundness-")}
    opening = set() if case.office else {e for e in errors if e.startswith("qt-opens-with-wait ")}
    assert errors == unsound | opening, errors
    assert bool(unsound) == case.unsound, unsound
    return found


def errors_of(findings: Iterable[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.severity is Severity.ERROR]


class Play:
    """A case on its way; saving: saved and taken up again after each act."""

    def __init__(self, case: Case, *, saving: bool) -> None:
        found = checked(case)
        self.case = case
        self.specification = Specification.parse(found.document.root, found.procedure.process_id)
        self.saving = saving
        self.data: dict[str, Any] = {}
        self.instance: Instance

    def run(self) -> None:
        for number, act in enumerate(self.case.script):
            self.data |= act.given
            where = f"{self.case.id}, act {number}: {act.kind} {act.element}"
            if act.refused:
                self._refused(act, where)
            else:
                _compare(_progressed(self._do(act)) | self._standing(), act, where)
            if self.saving:
                self._save(where)

    def _refused(self, act: Act, where: str) -> None:
        before = self.instance.encode()
        with pytest.raises(RuleError) as refusal:
            self._do(act)
        assert refusal.value.code == act.refused, where
        self.instance = Instance.restore(self.specification, before)

    def _save(self, where: str) -> None:
        state = self.instance.encode()
        self.instance = Instance.restore(self.specification, state)
        assert self.instance.encode() == state, f"{where}: not restored as it was"

    def _do(self, act: Act) -> Progress:
        match act.kind:
            case "begin":
                at = {"at": act.element} if act.element else {}
                self.instance, progress = Instance.start(self.specification, self.data, **at)
                return progress
            case "complete":
                return self.instance.complete(_token(self._open(), act.element), self.data)
            case "fire":
                return self.instance.fire(_token(self._timers(), act.element), self.data)
            case "deliver":
                return self.instance.deliver(*act.element.split(), self.data)
            case "deliver_at":
                return self.instance.deliver_at(_token(self._events(), act.element), self.data)
            case "send_back":
                token = _token(self._open(), act.element)
                return self.instance.send_back(token, act.to, self.data)
        raise AssertionError(act.kind)

    def _open(self) -> dict[int, str]:
        return {token: _shown(one) for token, one in self.instance.open_steps().items()}

    def _timers(self) -> dict[int, str]:
        return {token: one.element_id for token, one in self.instance.waiting_timers().items()}

    def _events(self) -> dict[int, str]:
        waiting = getattr(self.instance, "waiting_events", dict)()
        return {token: one.element_id for token, one in waiting.items()}

    def _standing(self) -> dict[str, Any]:
        return {
            "opens": sorted(self._open().values()),
            "waits": sorted([*self._timers().values(), *self._events().values()]),
            "done": self.instance.completed,
        }


class OfficePlay:
    """The same case, played by the people of an office; memory is lost after every second act."""

    def __init__(self, case: Case, ward: Ward) -> None:
        self.case = case
        self.ward = ward
        self.outcome: Outcome

    def run(self) -> None:
        for number, act in enumerate(self.case.script):
            where = f"{self.case.id}, act {number}: {act.kind} {act.element}"
            if act.refused:
                self._refused(act, where)
            else:
                self._do(act)
                # Where the diagram waits is the runtime's affair; what was sent, the outbox's.
                plain = replace(act, waits="", sent=None, ends=None)
                _compare(self._standing(), plain, where)
            if number % 2:
                self.ward.forget()

    def _refused(self, act: Act, where: str) -> None:
        before = self._standing()
        with pytest.raises(RuleError) as refusal:
            self._do(act)
        assert refusal.value.code == act.refused, where
        assert self._standing() == before, where

    def _do(self, act: Act) -> None:
        match act.kind:
            case "begin":
                self.outcome = self.ward.received(self.case.drawn(), data=dict(act.given))
            case "complete":
                run = self._run(act.element)
                who = self.ward.holder(run.position, run.unit)
                complete_step(self.ward.office, who, run.step_run_id, act.given, self._late(run))
            case "send_back":
                run = self._run(act.element)
                who = self.ward.holder(run.position, run.unit)
                send_back_act(self.ward.office, who, run.step_run_id, act.to, "Làm lại bước này")
            case "fire":
                due = min(row.due_at for row in self._rows(tables.timer))
                self.ward.clock.set(due + _MICROSECOND)
                let_time_pass(self.ward.office, most=1)
            case "deliver":
                kind, name = act.element.split()
                steps = self.ward.file(self.outcome).open_steps
                run = steps[0] if steps else self.ward.file(self.outcome).steps[-1]
                who = self.ward.holder(run.position, run.unit)
                dossier = self.outcome.dossier_id
                deliver_message(self.ward.office, who, dossier, name, act.given, kind=kind)
            case _:
                raise AssertionError(f"not an act of the office yet: {act.kind}")

    def _late(self, run: Any) -> LateReason | None:
        """Timers that fired may have taken the step past its own limit."""
        late = run.due_at is not None and run.due_at < self.ward.clock.now()
        return LateReason(LateCause.OTHER.value, "Chờ sự kiện hẹn giờ") if late else None

    def _run(self, element: str) -> Any:
        open_steps = self._open()
        token = _token({token: shown for token, (shown, _) in open_steps.items()}, element)
        return open_steps[token][1]

    def _open(self) -> dict[int, tuple[str, Any]]:
        """Open runs of steps, by token, as the worklist has them."""
        (stored,) = self._rows(tables.execution)
        file = self.ward.file(self.outcome)
        steps = Instance.restore(file.version.specification, stored.state).open_steps()
        assert {run.token for run in file.open_steps} == steps.keys()
        return {run.token: (_shown(steps[run.token]), run) for run in file.open_steps}

    def _rows(self, table: Any) -> list[Any]:
        return self.ward.stored(table, dossier_id=self.outcome.dossier_id)

    def _standing(self) -> dict[str, Any]:
        last = max(self._rows(tables.journal), key=lambda row: row.seq)
        body = json.loads(last.body)
        ended = self.ward.file(self.outcome).row.state in ("finished", "returned", "closed")
        opened = sorted(shown for shown, _ in self._open().values())
        passed = {"passes": body["passed"]} if "passed" in body else {}
        return passed | {"opens": opened, "waits": [], "done": ended and not opened}


def _token(standing: Mapping[int, str], element: str) -> int:
    """The oldest token at the element."""
    found = sorted(token for token, shown in standing.items() if shown == element)
    assert found, f"{element} is not among {sorted(standing.values())}"
    return found[0]


def _shown(one: Any) -> str:
    number = getattr(one, "instance", None)
    return one.element_id if number is None else f"{one.element_id}#{number}"


def _progressed(progress: Progress) -> dict[str, Any]:
    sent = [f"{one.kind} {one.name}" for one in getattr(progress, "sent", ())]
    return {"passes": list(progress.passed), "ends": list(progress.ended), "sent": sent}


def _compare(found: Mapping[str, Any], act: Act, where: str) -> None:
    wanted: dict[str, Any] = {
        "opens": sorted(act.opens.split()),
        "waits": sorted(act.waits.split()),
        "done": act.done,
    }
    if act.passes is not None:
        wanted["passes"] = act.passes.split()
    if act.ends is not None:
        wanted["ends"] = act.ends.split()
    if act.sent is not None:
        wanted["sent"] = [part.strip() for part in act.sent.split(",") if part.strip()]
    assert {key: found[key] for key in wanted if key in found} == {
        key: value for key, value in wanted.items() if key in found
    }, where
