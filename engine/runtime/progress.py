"""What the runtime reports: steps that open, timers and events that wait, what an act brought."""

from dataclasses import dataclass

from engine.runtime.events import Happening
from engine.runtime.happening import Sent

__all__ = ["ArmedTimer", "OpenStep", "Progress", "Sent", "WaitingEvent"]


@dataclass(frozen=True, slots=True)
class OpenStep:
    """A step that waits for a person; `token` is its number in the dossier.

    instance: of a step that several people do at once or in turn, which of them, counted from 1;
    item: for what, where the step is done for each of a collection; instances: how many there are.
    """

    token: int
    element_id: str
    instance: int | None = None
    item: str | None = None
    instances: int | None = None


@dataclass(frozen=True, slots=True)
class ArmedTimer:
    """A timer event that waits; `rule` is what the diagram says of it.

    follows: of a repeating timer, the token under which it waited the time before.
    """

    token: int
    element_id: str
    rule: str
    follows: int | None = None


@dataclass(frozen=True, slots=True)
class WaitingEvent:
    """An event that waits for something to happen.

    kind: message | signal | conditional, or error | escalation on the border of a step, which
    only a person can report. name: what it waits for; of a condition its text. step: token of the
    open step that receives it or on whose border it waits. interrupts: what it waits beside ends.
    """

    token: int
    element_id: str
    kind: str
    name: str
    step: int | None = None
    interrupts: bool = False

    def meets(self, kind: str, name: str) -> bool:
        """Whether a happening of this kind and name is what it waits for."""
        return Happening(self.kind, self.name).meets(kind, name)


@dataclass(frozen=True, slots=True)
class Progress:
    """What an act brought about.

    passed: ids of drawn elements that were completed, in order; ended: end events among them.
    sent: what left the dossier. received: tokens of receive tasks that a delivery completed.
    """

    opened: tuple[OpenStep, ...]
    closed: tuple[int, ...]
    armed: tuple[ArmedTimer, ...]
    disarmed: tuple[int, ...]
    passed: tuple[str, ...]
    ended: tuple[str, ...]
    completed: bool
    sent: tuple[Sent, ...] = ()
    received: tuple[int, ...] = ()
