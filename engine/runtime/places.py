"""Where dossiers of one version can stand, and the ways on from there: gone once, known to all.

What an act does to a process follows from where the process stands, from the act, and from what the
conditions answer that it asks on its way; from nothing else: form data are seen by conditions only,
time is asked for by conditions only, numbers of instances belong to the state. So the second
dossier of a version that does the same from the same place need not be run by the library: its
conditions are asked anew, in the order in which the first one asked them, and where all answer the
same, the same came of it. An act that asks anything else than conditions is never known.
"""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from engine.runtime.conditions import Question
from engine.runtime.progress import ArmedTimer, OpenStep, Progress

_ROOM = 1_000  # places of one version
_OPEN = 50  # steps and timers of a place: with more of them it would be many kB
_LARGEST = 8_192  # bytes of a state
_WAYS = 64  # out of one place
_QUESTIONS = 64  # of one act

Act = tuple[Any, ...]  # its name and what it is about, without data and time


@dataclass(frozen=True, slots=True)
class Way:
    """What came of an act, and the state that it led to."""

    progress: Progress
    state: bytes


@dataclass(frozen=True, slots=True)
class _Fork:
    """A condition that was asked on the way; ways: what followed from each answer."""

    question: Question
    ways: "dict[Any, _Fork | Way]" = field(default_factory=dict)


@dataclass(slots=True)
class Place:
    """A state, what is open in it, and the ways on. views: what else was asked about it."""

    state: bytes
    steps: Mapping[int, OpenStep]
    timers: Mapping[int, ArmedTimer]
    completed: bool
    views: dict[Any, Any] = field(default_factory=dict)
    _ways: dict[Any, _Fork | Way] = field(default_factory=dict)
    _learnt: int = 0

    def way(self, act: Act, data: Mapping[str, Any], at: datetime | None) -> Way | None:
        """What comes of the act, where it is known; errors of conditions as in the act itself."""
        found = self._ways.get(act)
        while type(found) is _Fork:
            found = found.ways.get(found.question.answer(data, at))
        return found if type(found) is Way else None

    def learn(self, act: Act, asked: Sequence[tuple[Question, bool]], way: Way) -> None:
        """Remember what came of an act that asked these questions, and was answered so."""
        if len(asked) > _QUESTIONS:
            return
        if self._learnt >= _WAYS:
            self._ways, self._learnt = {}, 0
        ways, key = self._ways, act
        for question, answer in asked:
            fork = ways.get(key)
            if type(fork) is not _Fork:
                fork = ways[key] = _Fork(question)
            ways, key = fork.ways, answer  # type: ignore[assignment]  # acts first, then answers
        ways[key] = way
        self._learnt += 1


class Places:
    """The places of one version that were met last. Safe for threads."""

    def __init__(self) -> None:
        self._known: dict[bytes, Place] = {}
        self._lock = threading.Lock()
        self.outside = Place(b"", {}, {}, completed=False)

    def find(self, state: bytes) -> Place | None:
        return self._known.get(state)

    def keep(self, place: Place) -> Place:
        """Remember a place; the one that was there before, if another was faster.

        A large one is not remembered: hardly any other dossier comes to stand there.
        """
        if len(place.steps) + len(place.timers) > _OPEN or len(place.state) > _LARGEST:
            return place
        with self._lock:
            known = self._known.setdefault(place.state, place)
            if len(self._known) > _ROOM:
                del self._known[next(iter(self._known))]
            return known

    def forget(self) -> None:
        """Know nothing any more."""
        with self._lock:
            self._known.clear()
            self.outside = Place(b"", {}, {}, completed=False)
