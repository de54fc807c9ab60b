"""One play: dossiers arrive, wait for people, are worked on and go on, until nothing more happens.

A discrete-event simulation on the office's open clock. Each post has one queue, first come first
served; whoever of the post is there and free takes the first, and who serves several posts takes
what has waited longest. Work that the day's end interrupts goes on when the person is there again.

Events are integers, the moment in the upper bits, so that the heap compares numbers alone; this
loop is where the time goes, which is why it is one function over plain lists.
"""

from collections import deque
from dataclasses import dataclass
from heapq import heapify, heappop, heappush

import numpy as np
from numpy.typing import NDArray

from analysis.queues.open_hours import Ints
from analysis.replay.draws import Workload
from analysis.replay.staff import Staff

NEVER = -1
_MOMENT = 32
_REST = (1 << _MOMENT) - 1
_READY, _DONE = 2, 3  # 0: a day begins; before what happens at its first second


@dataclass(frozen=True, slots=True, eq=False)
class Played:
    """What became of a workload.

    finished: of each dossier when its handling ended, NEVER if it did not. uncounted: open seconds
    in which its clock stood; since: from when it was counted. waited, worked: of each post, of its
    runs taken up how long they had waited and what work they were; runs: how many.
    """

    finished: Ints
    uncounted: Ints
    since: Ints
    waited: list[int]
    worked: list[int]
    runs: list[int]


def play(load: Workload, staff: Staff) -> Played:
    """Play a workload to its end."""
    office = _Office(load, staff)
    office.run()
    return office.played()


class _Office:
    """The state of a play, in plain lists."""

    def __init__(self, load: Workload, staff: Staff) -> None:
        self.load, self.staff = load, staff
        self.finished = [NEVER] * len(load.arrived)
        self.uncounted: list[int] = load.paused.tolist()
        self.since: list[int] = load.arrived.tolist()
        posts = len(staff.posts)
        self.waited, self.worked, self.runs = ([0] * posts for _ in range(3))

    def played(self) -> Played:
        finished, uncounted, since = (
            np.array(each, dtype=np.int64) for each in (self.finished, self.uncounted, self.since)
        )
        return Played(finished, uncounted, since, self.waited, self.worked, self.runs)

    def _events(self) -> list[int]:
        """Every beginning of a day, and every first run when it can be taken up: a heap."""
        load = self.load
        roots = np.flatnonzero(load.waits == 0)
        ready = load.arrived[load.dossier[roots]] + load.delay[roots]
        days = np.array(self.staff.day_clock[: len(self.staff.here)], dtype=np.int64)
        runs = ((ready << _MOMENT) | (roots + 1 << 2) | _READY).tolist()
        events: list[int] = runs + (days << _MOMENT).tolist()
        heapify(events)
        return events

    def run(self) -> None:  # noqa: C901, PLR0912, PLR0915  # the hot loop, kept without calls
        staff, load = self.staff, self.load
        events = self._events()
        members, serves, here_on = staff.members, staff.serves, staff.here
        post_of, work, delay = load.post.tolist(), load.work.tolist(), load.delay.tolist()
        waits, follow, dossier = load.waits.tolist(), load.follow, load.dossier.tolist()
        finishes, stops, resets = (
            each.tolist() for each in (load.finishes, load.stops, load.resets)
        )
        persons = len(serves)
        free, here = [True] * persons, [False] * persons
        queues: list[deque[int]] = [deque() for _ in members]
        ready_at, who = [0] * len(post_of), [NEVER] * len(post_of)
        opened_at = load.arrived[load.dossier].tolist()
        finished, uncounted, since = self.finished, self.uncounted, self.since
        waited, worked, runs = self.waited, self.worked, self.runs
        finish, day = staff.finish, -1
        while events:
            event = heappop(events)
            now, what = event >> _MOMENT, event & _REST
            idle: list[int] | range | tuple[int, ...] = ()
            if what == 0:
                day += 1
                here = here_on[day]
                idle = range(persons)
            else:
                run, kind = (what >> 2) - 1, what & 3
                post = post_of[run]
                if kind == _READY:
                    ready_at[run] = now
                    if resets[run]:
                        since[dossier[run]] = now
                        uncounted[dossier[run]] = 0
                    if post >= 0:
                        queues[post].append(run)
                        for person in members[post]:
                            if free[person] and here[person]:
                                idle = (person,)
                                break
                if kind == _DONE or post < 0:
                    if who[run] >= 0:
                        free[who[run]] = True
                        idle = (who[run],)
                    if finishes[run]:
                        finished[dossier[run]] = now
                    if stops[run] and finished[dossier[run]] in {NEVER, now}:
                        uncounted[dossier[run]] += now - opened_at[run]
                    for distance in follow[run]:
                        after = run + distance
                        waits[after] -= 1
                        if not waits[after]:
                            opened_at[after] = now
                            at = now + delay[after]
                            heappush(events, at << _MOMENT | (after + 1) << 2 | _READY)
            for person in idle:
                if not (free[person] and here[person]):
                    continue
                best, taken_from = -1, -1
                for post in serves[person]:
                    queue = queues[post]
                    if queue and (best < 0 or ready_at[queue[0]] < ready_at[best]):
                        best, taken_from = queue[0], post
                if best < 0:
                    continue
                queues[taken_from].popleft()
                free[person], who[best] = False, person
                waited[taken_from] += now - ready_at[best]
                worked[taken_from] += work[best]
                runs[taken_from] += 1
                end = finish(person, now, work[best], day)
                if end is not None:
                    heappush(events, end << _MOMENT | (best + 1) << 2 | _DONE)


def consumed(played: Played, until: int) -> tuple[Ints, NDArray[np.bool_]]:
    """Open seconds that each dossier consumed of its limit until a moment, and whether it ended."""
    over = (played.finished != NEVER) & (played.finished <= until)
    end = np.where(over, played.finished, until)
    spent = np.maximum(end - played.since - played.uncounted, 0)
    return spent, over
