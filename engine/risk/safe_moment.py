"""The latest safe moment of an open step: until then its dossier is not likely to be late.

It is a moment, and not a figure that grows with the hour, so that a million open steps lie in its
order in an index. It changes only where a due time, a calendar or what is known of the past does.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.calendar import Calendar
from engine.risk.outlook import Curve, Outlook
from engine.working_calendar.open_axis import OutsideCalendar


@dataclass(frozen=True, slots=True)
class Running:
    """Something that runs towards a due time.

    began: what the working clock of its calendar would read where the age is nothing: when the
    step was opened, later by what it stood.
    """

    calendar: Calendar
    began: int
    due_at: datetime

    @classmethod
    def since(
        cls, calendar: Calendar, enabled_at: datetime, paused_ws: int, due_at: datetime | None
    ) -> "Running | None":
        """Of what was opened then and stood for so long; None where nothing runs."""
        if due_at is None:
            return None
        return cls(calendar, calendar.clock_at(enabled_at) + paused_ws, due_at)

    @property
    def allowed(self) -> int:
        """Working seconds from the beginning to the due time."""
        return self.calendar.clock_at(self.due_at) - self.began

    def age(self, at: datetime) -> int:
        """Working seconds from the beginning to a moment."""
        return self.calendar.clock_at(at) - self.began

    def moment(self, age: int, allowed: int) -> datetime:
        """When that age is reached; never after the due time."""
        if age >= allowed:
            return self.due_at
        try:
            return min(self.calendar.moment_of(self.began + age), self.due_at)
        except OutsideCalendar:  # so much is too little that the calendar does not go back so far
            return self.calendar.moment_of(0)


def safe_moment(
    step: Running | None, dossier: Running | None, outlook: Outlook | None, after_ws: int | None
) -> datetime | None:
    """The earlier of the step's and the dossier's; None where neither runs.

    after_ws: what the diagram allows for what follows the step. Where there is not enough past the
    step is safe until it is due, and the dossier as long as what follows can take its limits.
    """
    curves = (None, None) if outlook is None else (outlook.own_curve, outlook.whole_curve)
    if step is not None and dossier is not None and step.calendar is dossier.calendar:
        # Both are counted alike: which is first is known before either is looked up.
        mine, own = _age(step, curves[0], 0)
        its, whole = _age(dossier, curves[1], after_ws or 0)
        return step.moment(mine, own) if mine <= its else dossier.moment(its, whole)
    found = [
        running.moment(*_age(running, curve, after))
        for running, curve, after in ((step, curves[0], 0), (dossier, curves[1], after_ws or 0))
        if running is not None
    ]
    return min(found, default=None)


def carried_over(old: Calendar, new: Calendar, run: Any) -> datetime | None:
    """The moment of an open step run on another calendar: as much working time after it was opened.

    Where a limit ends with a day that is only nearly so; the worker rates those steps anew.
    """
    safe_at: datetime | None = run.safe_at
    if safe_at is None:
        return None
    try:
        age = old.elapsed(run.enabled_at, safe_at)
        return new.moment_of(new.clock_at(run.enabled_at) + age)
    except OutsideCalendar:
        return safe_at


def _age(running: Running, curve: Curve | None, after_ws: int) -> tuple[int, int]:
    """From which age on lateness is likely, and which age is the due time."""
    allowed = running.allowed
    return (allowed - after_ws if curve is None else curve.safe_age(allowed)), allowed
