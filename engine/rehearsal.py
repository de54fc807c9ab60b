"""Rehearsal: a procedure run dry, on a clock of its own, with given or random answers.

Nothing is stored and nobody is told. People answer at once, so a timer fires only when nothing
else can happen; the one due first goes first, and waiting costs nothing.
"""

import random
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from engine.calendar import Calendar
from engine.dossiers.timer_rules import due_of
from engine.runtime.instance import Instance, Progress
from engine.runtime.specification import Specification
from processes.check import Checked, check
from processes.data_entry import Value, enter, to_stored
from processes.data_field import DataField, FieldType
from processes.diagram import Diagram
from processes.errors import RuleError
from processes.finding import Finding, Severity
from processes.procedure import Procedure

COMPLETED, STUCK, REFUSED, FAILED = "completed", "stuck", "refused", "failed"
_MOST_VISITS = 2_000
_BLOCKING = ("document.", "support.", "start-", "end-", "no-", "single-", "soundness-")
_WORDS = ("đạt", "bổ sung", "đồng ý", "xem lại", "hoàn thành")


@dataclass(frozen=True, slots=True)
class Passed:
    """An element of the diagram that was completed: activity or event, in order."""

    id: str
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class Run:
    """One rehearsal: how it ended, what it passed, with which data."""

    number: int
    outcome: str
    trace: tuple[Passed, ...]
    data: Mapping[str, Any]
    error: str | None = None

    def to_data(self, file: str) -> dict[str, Any]:
        """As `quytrinh rehearse --json` prints it."""
        return {
            "file": file,
            "run": self.number,
            "outcome": self.outcome,
            "trace": [{"id": p.id, "name": p.name, "kind": p.kind} for p in self.trace],
            "data": dict(self.data),
            "error": self.error,
        }


@dataclass(frozen=True)
class Script:
    """What people enter: start data, and answers by element, a list for repeated visits.

    chance: fills fields that no answer is given for; None leaves them to their defaults.
    """

    data: Mapping[str, Any] = field(default_factory=dict)
    answers: Mapping[str, Any] = field(default_factory=dict)
    chance: random.Random | None = None


class Rehearsal:
    """A diagram ready to be run dry, as often as wanted; refused ones say why."""

    def __init__(self, data: bytes, calendar: Calendar, start: datetime) -> None:
        self._checked = check(data)
        self._calendar = calendar
        self._start = start
        self._refusal = _refusal(self._checked)
        self._specification: Specification | None = None

    def run(self, script: Script, number: int = 1) -> Run:
        """Run once from start to end."""
        procedure, document = self._checked.procedure, self._checked.document
        if self._refusal is not None or procedure is None or document is None:
            said = self._refusal.vi if self._refusal else "–"
            return Run(number, REFUSED, (), {}, said)
        if self._specification is None:
            self._specification = Specification.parse(document.root, procedure.process_id)
        diagram = self._checked.diagram
        assert diagram is not None
        stage = _Stage(procedure, diagram, self._specification, self._calendar, self._start, script)
        return stage.run(number)

    def random_runs(self, number: int, seed: int, data: Mapping[str, Any]) -> Iterator[Run]:
        """So many runs with all choices at random; the same seed gives the same runs."""
        for index in range(1, number + 1):
            chance = random.Random(f"{seed}/{index}")  # noqa: S311 - repeatability is the purpose
            yield self.run(Script(data=data, chance=chance), index)

    @property
    def elements(self) -> frozenset[str]:
        """Ids of what a run can pass, for coverage."""
        diagram = self._checked.diagram
        return frozenset() if diagram is None else frozenset(node.id for node in diagram.nodes)


def _refusal(checked: Checked) -> Finding | None:
    """The first finding that makes the diagram impossible to run, if there is one."""
    return next(
        (
            finding
            for finding in checked.findings
            if finding.severity is Severity.ERROR and finding.rule.startswith(_BLOCKING)
        ),
        None,
    )


class _Stage:
    """One run in progress."""

    def __init__(
        self,
        procedure: Procedure,
        diagram: Diagram,
        specification: Specification,
        calendar: Calendar,
        start: datetime,
        script: Script,
    ) -> None:
        self._procedure = procedure
        self._nodes = {node.id: node for node in diagram.nodes}
        self._specification = specification
        self._calendar = calendar
        self._now = start
        self._script = script
        self._answers = {key: _queue(value) for key, value in script.answers.items()}
        self._data: dict[str, Value] = {}
        self._trace: list[Passed] = []
        self._due: dict[int, datetime] = {}

    def run(self, number: int) -> Run:
        try:
            outcome = self._play()
        except RuleError as error:
            return self._ended(number, FAILED, error.message("vi"))
        return self._ended(number, outcome)

    def _ended(self, number: int, outcome: str, error: str | None = None) -> Run:
        return Run(number, outcome, tuple(self._trace), to_stored(self._data), error)

    def _play(self) -> str:
        self._data = self._entered(self._procedure.fields, self._script.data)
        self._data |= {
            key: _exact(value) for key, value in self._script.data.items() if key not in self._data
        }
        instance, progress = Instance.start(self._specification, self._data)
        self._note(progress)
        for _ in range(_MOST_VISITS):
            if instance.completed:
                return COMPLETED
            if not self._go_on(instance):
                return STUCK
        return STUCK

    def _go_on(self, instance: Instance) -> bool:
        steps = list(instance.open_steps().values())
        if steps:
            chance = self._script.chance
            step = chance.choice(steps) if chance else steps[0]
            self._data |= self._answer(step.element_id)
            self._note(instance.complete(step.token, self._data))
            return True
        if self._due:
            token = min(self._due, key=lambda each: (self._due[each], each))
            self._now = max(self._now, self._due.pop(token)) + timedelta(microseconds=1)
            self._note(instance.fire(token, self._data))
            return True
        return False

    def _note(self, progress: Progress) -> None:
        for element in progress.passed:
            node = self._nodes.get(element)
            name, kind = (node.name, node.kind.value) if node else ("", "")
            self._trace.append(Passed(element, name, kind))
        for token in progress.disarmed:
            self._due.pop(token, None)
        for armed in progress.armed:
            self._due[armed.token] = due_of(armed.rule, self._now, self._calendar)

    def _answer(self, element: str) -> dict[str, Value]:
        spec = self._procedure.step(element)
        fields = spec.fields if spec else ()
        queue = self._answers.get(element)
        given: Mapping[str, Any] = {}
        if queue:
            given = queue.popleft() if len(queue) > 1 else queue[0]
        values = self._entered(fields, given)
        return values | {key: _exact(each) for key, each in given.items() if key not in values}

    def _entered(self, fields: Sequence[DataField], given: Mapping[str, Any]) -> dict[str, Value]:
        known = {field.code for field in fields}
        stated = {key: value for key, value in given.items() if key in known}
        if self._script.chance is not None:
            for each in fields:
                if each.code not in stated:
                    stated[each.code] = _random_value(each, self._script.chance, self._now)
        return enter(fields, stated)


def _queue(value: Any) -> deque[Mapping[str, Any]]:
    return deque(value if isinstance(value, list) else [value])


def _exact(value: Any) -> Any:
    """Numbers without rounding, all else as it is."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return Decimal(str(value))
    return value


def _random_value(asked: DataField, chance: random.Random, now: datetime) -> Any:
    if asked.type is FieldType.CHOICE and asked.options:
        return chance.choice(asked.options).value
    if asked.type is FieldType.BOOLEAN:
        return chance.random() < 0.5  # noqa: PLR2004 - a coin
    if asked.type is FieldType.NUMBER:
        return chance.choice((0, 1, 5, 10, 100, 1000, 1_000_000))
    if asked.type is FieldType.DATE:
        return (now + timedelta(days=chance.randrange(-30, 30))).date()
    return chance.choice(_WORDS)
