"""What past runs of a step say of one that is open: how likely the dossier is to be late.

A step that has lain for `age` will take what one of those past runs took that took longer, and what
follows it what it took before; the two are taken to be independent of each other. Times are working
seconds in which the clock ran; what a dossier is allowed counts from where the age does.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil

LIKELY = 0.2
"""From this forecast on a dossier is at high risk: one in five like it was late."""
ENOUGH = 30
"""Of fewer past runs no forecast is made (docs/reference/risk.md)."""
_FEW = 10  # where fewer lived so long, it is asked how those went on that lived a little less long
_KEPT = 200  # values kept of what a step took
_ATOMS = 40  # values kept of what came after it
_STEPS = 64  # points of a curve, and one


@dataclass(frozen=True, slots=True)
class Past:
    """How long past runs took, and what came after them; n: how many runs there were.

    own, after: ordered, the elements in the middle of equal shares of all.
    """

    n: int
    own: tuple[int, ...]
    after: tuple[int, ...]

    @classmethod
    def of(cls, own: Sequence[int], after: Sequence[int]) -> "Past":
        return cls(len(own), _thinned(sorted(own), _KEPT), _thinned(sorted(after), _ATOMS))

    @property
    def enough(self) -> bool:
        return self.n >= ENOUGH

    def late_share(self, age: int, allowed: int) -> float:
        """The share, 0 to 1, of runs of that age whose dossiers took longer than allowed.

        It never falls while time passes, and is 1 when nothing is left.
        """
        own, number = self.own, len(self.own)
        if age >= allowed:
            return 1.0
        lived = self._lived(age)
        late = 0.0
        for after in self.after:
            rest = allowed - after
            late += 1.0 if rest <= age else (number - bisect_right(own, rest)) / lived
        return late / len(self.after)

    def safe_age(self, allowed: int, least: int | None = None) -> int:
        """The age from which on lateness is likely (LIKELY), where so much is allowed.

        Negative: by so much the step was opened too late for that. least: `least_allowed`, where
        it is known.
        """
        if least is None:
            least = self.least_allowed()
        if allowed <= least:
            return allowed - least
        return _first(0, allowed, lambda age: self.late_share(age, allowed) >= LIKELY)

    def least_allowed(self) -> int:
        """What must be allowed when a step is opened, so that lateness is not likely."""
        most = self.own[-1] + self.after[-1]
        return _first(0, most, lambda allowed: self.late_share(0, allowed) < LIKELY)

    def _lived(self, age: int) -> int:
        """How many runs lived longer than that, of those by which it is judged."""
        own, number = self.own, len(self.own)
        few = min(number, max(1, ceil(_FEW * number / max(self.n, 1))))
        return max(number - bisect_right(own, age), few)


@dataclass(frozen=True, slots=True)
class Curve:
    """`Past.safe_age` for any time allowed, drawn beforehand: between the points, straight on.

    allowed, ages: the points, both rising.
    """

    allowed: tuple[int, ...]
    ages: tuple[int, ...]

    @classmethod
    def of(cls, past: Past) -> "Curve":
        """Closer together where little is allowed: there it bends."""
        least, most = past.least_allowed(), past.own[-1] + past.after[-1]
        between = {least + (most - least) * place**2 // _STEPS**2 for place in range(_STEPS + 1)}
        allowed = sorted({least, *between, most + 1})
        ages: list[int] = []
        for each in allowed:
            ages.append(max(past.safe_age(each, least), ages[-1] if ages else 0))
        return cls(tuple(allowed), tuple(ages))

    def safe_age(self, allowed: int) -> int:
        """The age from which on lateness is likely; never more than what is allowed."""
        points, ages = self.allowed, self.ages
        if allowed <= points[0]:
            return allowed - points[0] + ages[0]
        if allowed >= points[-1]:  # from here on both rise alike
            return ages[-1] + allowed - points[-1]
        right = bisect_left(points, allowed)
        left = right - 1
        rise = (ages[right] - ages[left]) * (allowed - points[left])
        return ages[left] + rise // (points[right] - points[left])


@dataclass(frozen=True, slots=True)
class Outlook:
    """Of one step of a procedure: its own past, and that of it with what came after it.

    own: how long it took, which is set against its own limit. whole: the same with what followed,
    until handling was over; None where it never came before that end. The curves: of each, where
    there is enough past.
    """

    own: Past
    whole: Past | None
    own_curve: Curve | None
    whole_curve: Curve | None


def _thinned(ordered: Sequence[int], most: int) -> tuple[int, ...]:
    """At most so many of the values: the middle element of each of so many equal shares."""
    n = len(ordered)
    if n <= most:
        return tuple(ordered)
    return tuple(ordered[(2 * place + 1) * n // (2 * most)] for place in range(most))


def _first(low: int, high: int, holds: Callable[[int], bool]) -> int:
    """The first whole number of a range for which something holds that holds from there on."""
    while low < high:
        middle = (low + high) // 2
        if holds(middle):
            high = middle
        else:
            low = middle + 1
    return low
