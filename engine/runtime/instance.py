"""A running dossier: where it stands, and what an act brings it.

The library is asked only where a way is gone for the first time (`engine.runtime.places`).
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeVar

from engine.runtime.places import Act, Place, Way
from engine.runtime.progress import ArmedTimer, OpenStep, Progress, Sent, WaitingEvent
from engine.runtime.refusals import CannotSendBack, NothingWaits, NotOpen, NoWayOn, RunsAway
from engine.runtime.running import Running
from engine.runtime.specification import Specification

__all__ = [
    "ArmedTimer",
    "CannotSendBack",
    "Instance",
    "NoWayOn",
    "NotOpen",
    "NothingWaits",
    "OpenStep",
    "Progress",
    "RunsAway",
    "Sent",
    "WaitingEvent",
]


Found = TypeVar("Found")


class Instance:
    """One dossier in memory. Not thread-safe: the caller holds the dossier's lock.

    An act that fails, for whatever reason, leaves it where it stood.
    """

    def __init__(self, spec: Specification, place: Place, running: Running | None = None) -> None:
        self._spec = spec
        self._place = place
        self._running = running  # None: taken up from the place's state when it is needed

    @classmethod
    def start(
        cls,
        spec: Specification,
        data: Mapping[str, Any],
        at: str | None = None,
        *,
        now: datetime | None = None,
    ) -> tuple["Instance", Progress]:
        """Open a new dossier and run it to the first steps.

        at: id of the start event that opened it; without one, the start event of no kind, or the
        first of the file. now: the act's moment, which today() and now() in conditions mean.
        """
        outside = spec.places.outside
        act = ("start", at)
        known = outside.way(act, data, now)
        place = None if known is None else spec.places.find(known.state)
        if known is not None and place is not None:
            return cls(spec, place), known.progress
        running, progress = Running.start(spec, data, at, now=now)
        place = _place(spec, running)
        if running.asked is not None:
            outside.learn(act, running.asked, Way(progress, place.state))
        return cls(spec, place, running), progress

    @classmethod
    def restore(cls, spec: Specification, state: bytes) -> "Instance":
        """The dossier as `encode` left it."""
        place = spec.places.find(state)
        if place is not None:
            return cls(spec, place)
        running = Running.restore(spec, state)
        return cls(spec, _place(spec, running, state), running)

    def encode(self) -> bytes:
        """The state as bytes, for `restore`."""
        return self._place.state

    @property
    def completed(self) -> bool:
        return self._place.completed

    def open_steps(self) -> dict[int, OpenStep]:
        """Steps that wait for a person, by token."""
        return dict(self._place.steps)

    def waiting_timers(self) -> dict[int, ArmedTimer]:
        """Timer events that wait, by token."""
        return dict(self._place.timers)

    def waiting_events(self) -> dict[int, WaitingEvent]:
        """Events beside timers that wait to be told that they have happened, by token.

        Of several that one element waits for, the first.
        """
        found: dict[int, WaitingEvent] = {}
        for event in self.possible_events():
            found.setdefault(event.token, event)
        return found

    def possible_events(self) -> tuple[WaitingEvent, ...]:
        """All that can be told to have happened."""
        return self._seen(("events",), Running.possible_events)

    def comes_after(self, token: int) -> frozenset[str]:
        """The drawn elements whose flows lead to what waits under the token."""
        return self._seen(("after", token), lambda running: running.comes_after(token))

    def earlier_steps(self, token: int) -> tuple[OpenStep, ...]:
        """Completed steps on the way to this one, the nearest first, each element once."""
        return self._seen(("earlier", token), lambda running: running.earlier_steps(token))

    def _seen(self, what: Act, look: Callable[[Running], Found]) -> Found:
        views = self._place.views
        if what not in views:
            views[what] = look(self._in_hand())
        found: Found = views[what]
        return found

    def _in_hand(self) -> Running:
        if self._running is None:
            self._running = Running.restore(self._spec, self._place.state)
        return self._running

    def complete(
        self, token: int, data: Mapping[str, Any], *, now: datetime | None = None
    ) -> Progress:
        """A person completed the open step; run on to the next steps."""
        act = ("complete", token)
        return self._do(act, data, now, lambda running: running.complete(token, data, now=now))

    def fire(self, token: int, data: Mapping[str, Any], *, now: datetime | None = None) -> Progress:
        """The time of a waiting timer has come; run on."""
        act = ("fire", token)
        return self._do(act, data, now, lambda running: running.fire(token, data, now=now))

    def deliver(
        self,
        kind: str,
        name: str,
        data: Mapping[str, Any],
        *,
        token: int | None = None,
        now: datetime | None = None,
    ) -> Progress:
        """A message or signal has come: to the first that waits for it, a signal to all.

        token: only if this very event waits for it; it is the one that is told then.
        """
        return self._do(
            ("deliver", kind, name, token),
            data,
            now,
            lambda running: running.deliver(kind, name, data, token=token, now=now),
        )

    def deliver_at(
        self, token: int, data: Mapping[str, Any], *, now: datetime | None = None
    ) -> Progress:
        """This very event happens: the first thing that it still waits for."""
        act = ("deliver_at", token)
        return self._do(act, data, now, lambda running: running.deliver_at(token, data, now=now))

    def send_back(
        self, token: int, target: str, data: Mapping[str, Any], *, now: datetime | None = None
    ) -> Progress:
        """Go back to an earlier step: it opens anew, what came after it is undone.

        Refused unless exactly the target opens and nothing else is taken away.
        """
        act = ("send_back", token, target)
        return self._do(
            act, data, now, lambda running: running.send_back(token, target, data, now=now)
        )

    def cancel(self) -> Progress:
        """End everything: refused, withdrawn or discontinued."""
        return self._do(("cancel",), {}, None, Running.cancel)

    def _do(
        self,
        act: Act,
        data: Mapping[str, Any],
        now: datetime | None,
        run: Callable[[Running], Progress],
    ) -> Progress:
        """Go a way that is known, else have the library go it."""
        way = self._place.way(act, data, now)
        place = None if way is None else self._spec.places.find(way.state)
        if way is not None and place is not None:
            self._place, self._running = place, None
            return way.progress
        running, self._running = self._in_hand(), None
        progress = run(running)
        place = _place(self._spec, running)
        if running.asked is not None:
            self._place.learn(act, running.asked, Way(progress, place.state))
        self._place, self._running = place, running
        return progress


def _place(spec: Specification, running: Running, state: bytes | None = None) -> Place:
    """Where the process stands. state: as it was read, if it was."""
    stored = running.encode() if state is None else state
    known = spec.places.find(stored)
    if known is not None:
        return known
    place = Place(stored, running.open_steps(), running.waiting_timers(), running.completed)
    return spec.places.keep(place)
