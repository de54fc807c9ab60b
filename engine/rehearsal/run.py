"""What a rehearsal is told and what it tells: a script in, a run out."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from processes.repair import Repair
from processes.soundness import Move

COMPLETED, STUCK, REFUSED, FAILED = "completed", "stuck", "refused", "failed"


@dataclass(frozen=True, slots=True)
class Passed:
    """An activity or event of the diagram that was completed."""

    id: str
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class Run:
    """One rehearsal: how it ended, what it passed, with which data.

    trace: completed activities and events in order. ended: ids of the end events among them.
    elements, flows: ids of all that a token passed, gateways included. error: for people.
    repaired: repairs without which the diagram could not have been run; they are made in memory.
    name: of the scenario. moves: the way as tokens go it, as far as a page plays it.
    """

    number: int
    outcome: str
    trace: tuple[Passed, ...]
    data: Mapping[str, Any]
    error: str | None = None
    name: str = ""
    ended: tuple[str, ...] = ()
    elements: frozenset[str] = frozenset()
    flows: frozenset[str] = frozenset()
    repaired: tuple[Repair, ...] = ()
    moves: tuple[Move, ...] = ()

    def to_data(self, file: str) -> dict[str, Any]:
        """As `quytrinh rehearse --json` prints it."""
        told: dict[str, Any] = {
            "file": file,
            "run": self.number,
            "outcome": self.outcome,
            "trace": [{"id": p.id, "name": p.name, "kind": p.kind} for p in self.trace],
            "data": dict(self.data),
            "error": self.error,
        }
        if self.name:
            told["scenario"] = self.name
        if self.repaired:
            told["repaired"] = [repair.to_data() for repair in self.repaired]
        return told


@dataclass(frozen=True, slots=True)
class Cue:
    """What happens next in a scenario.

    kind: step | message | signal | event | timer; what: id of the element, of messages and signals
    the name. data: what is entered or comes with it. by: position that does the step.
    """

    kind: str
    what: str
    data: Mapping[str, Any] = field(default_factory=dict)
    by: str | None = None


@dataclass(frozen=True)
class Script:
    """What people enter: start data, and answers by element, a list for repeated visits.

    chance: fills fields that no answer is given for; None leaves them to their defaults.
    cues: what happens in which order; without any, everything possible happens as it comes.
    """

    data: Mapping[str, Any] = field(default_factory=dict)
    answers: Mapping[str, Any] = field(default_factory=dict)
    chance: random.Random | None = None
    cues: tuple[Cue, ...] = ()
