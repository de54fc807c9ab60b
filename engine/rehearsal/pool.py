"""One process of the file in a rehearsal: its tokens, what waits in it, when its timers are due."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from engine.calendar import Calendar
from engine.dossiers.timer_rules import due_of
from engine.rehearsal.readiness import Part
from engine.runtime.instance import Instance
from engine.runtime.progress import Progress
from processes.diagram import EventKind, Node, NodeKind

_MESSAGE, _SIGNAL = "message", "signal"


class Pool:
    """A process, once it has begun. now: the rehearsal's clock, moved by the timers that fire."""

    def __init__(self, part: Part, calendar: Calendar) -> None:
        self.diagram = part.diagram
        self._specification = part.specification
        self._calendar = calendar
        self._instance: Instance | None = None
        self.due: dict[int, datetime] = {}
        self._timers: dict[int, str] = {}

    @property
    def begun(self) -> bool:
        return self._instance is not None

    @property
    def completed(self) -> bool:
        return self._instance is not None and self._instance.completed

    def begin(self, data: Mapping[str, Any], now: datetime, at: str | None = None) -> Progress:
        """Start at that start event, or at its own."""
        self._instance, progress = Instance.start(self._specification, data, at, now=now)
        return self._noted(progress, now)

    def starts_by(self, kind: EventKind, name: str) -> str | None:
        """The start event that a message or signal of that name begins the process with."""
        if self.begun:
            return None
        return next((s.id for s in self.diagram.starts() if s.reference(kind) == name), None)

    def steps(self) -> Iterator[tuple[int, str]]:
        """Open steps: token and element."""
        if self._instance is not None:
            for step in self._instance.open_steps().values():
                yield step.token, step.element_id

    def timers(self) -> Iterator[tuple[datetime, int, str]]:
        """Timers that wait: when they are due, token and element."""
        for token, due in self.due.items():
            yield due, token, self._timers[token]

    def events(self) -> Iterator[tuple[int, str, str, str]]:
        """Other events that wait: token, element, kind and name."""
        if self._instance is not None:
            for event in self._instance.waiting_events().values():
                yield event.token, event.element_id, event.kind, event.name

    def complete(self, token: int, data: Mapping[str, Any], now: datetime) -> Progress:
        return self._do(lambda here: here.complete(token, data, now=now), now)

    def tell(self, token: int, data: Mapping[str, Any], now: datetime) -> Progress:
        return self._do(lambda here: here.deliver_at(token, data, now=now), now)

    def deliver(self, kind: str, name: str, data: Mapping[str, Any], now: datetime) -> Progress:
        return self._do(lambda here: here.deliver(kind, name, data, now=now), now)

    def fire(self, token: int, data: Mapping[str, Any], now: datetime) -> tuple[Progress, datetime]:
        """The timer's time comes; the clock is moved there."""
        now = max(now, self.due.pop(token)) + timedelta(microseconds=1)
        return self._do(lambda here: here.fire(token, data, now=now), now), now

    def _do(self, act: Callable[[Instance], Progress], now: datetime) -> Progress:
        assert self._instance is not None
        return self._noted(act(self._instance), now)

    def _noted(self, progress: Progress, now: datetime) -> Progress:
        for token in progress.disarmed:
            self.due.pop(token, None)
        for armed in progress.armed:
            self.due[armed.token] = due_of(armed.rule, now, self._calendar)
            self._timers[armed.token] = armed.element_id
        return progress


def waits_outside(node: Node) -> bool:
    """Whether a start event begins only when something comes from elsewhere."""
    return node.kind is NodeKind.START and bool(node.events)
