"""The clocks of a dossier as its page and its answer show them: its own and its open steps'."""

from dataclasses import dataclass
from datetime import datetime

from engine.calendar import Calendar
from engine.dossier_file import DossierFile, StepRun
from engine.legal_clock.ledger_clock import LedgerClock
from engine.legal_clock.pause import PauseKind
from engine.legal_clock.picture import ClockPicture, Stretch, clock_picture
from engine.legal_clock.punctuality import Punctuality
from engine.legal_clock.sentence import clock_sentence
from processes.errors import Language
from processes.procedure import SupplementPolicy


@dataclass(frozen=True, slots=True)
class ShownClock:
    """A clock with its picture. step: of which open step; None: the dossier's own."""

    clock: LedgerClock
    calendar: Calendar
    at: datetime
    picture: ClockPicture
    step: StepRun | None = None
    result: Punctuality | None = None

    def sentence(self, language: Language) -> str:
        """How it stands, in one sentence."""
        this = self.clock, self.calendar, self.at, self.picture, language
        return clock_sentence(*this, result=self.result)


def dossier_clock(file: DossierFile, at: datetime) -> ShownClock | None:
    """The dossier's clock at a moment; None where no limit is stated or it cannot be read."""
    clock = file.stored_clock
    if clock is None:
        return None
    picture = clock_picture(
        clock,
        file.calendar,
        at,
        [Stretch(_named(step), step.enabled_at, step.ended_at) for step in file.steps],
        measure=file.measure(at),
        policy=_policy(file, clock),
    )
    stored = None if file.row.result is None else Punctuality(file.row.result)
    return ShownClock(clock, file.calendar, at, picture, None, stored)


def step_clocks(file: DossierFile, at: datetime) -> tuple[ShownClock, ...]:
    """The clocks of the open steps that have a limit, in the order the steps were opened."""
    found = []
    for step in file.open_steps:
        if step.step_run_id in file.step_clocks:
            clock, calendar = file.step_clocks[step.step_run_id]
            picture = clock_picture(clock, calendar, at, policy=_policy(file, clock))
            found.append(ShownClock(clock, calendar, at, picture, step))
    return tuple(found)


def _policy(file: DossierFile, clock: LedgerClock) -> SupplementPolicy:
    """How it goes on when the applicant has come back; other pauses are never counted anew."""
    asked = clock.paused and clock.pauses[-1].kind is PauseKind.CITIZEN_SUPPLEMENT
    return file.version.procedure.supplement.policy if asked else SupplementPolicy.CONTINUE


def _named(step: StepRun) -> str:
    return step.name if step.attempt == 1 else f"{step.name} ({step.attempt})"
