"""A two-step procedure and a past of it, for tests of risk."""

from datetime import timedelta

from engine.dossiers.complete_step import LateReason, complete_step
from engine.dossiers.receive import Reception, receive
from engine.risk.anew import rate_open_steps
from engine.risk.gathering import EVERY, gather
from tests.engine.drawing import OFFICER, draw, end, start, step

TWO_STEPS = draw(
    start(),
    step("A", limit="2 working_day", lane=OFFICER),
    step("B", limit="1 working_day", lane=OFFICER),
    end(),
    flows=("S A", "A B", "B E"),
)
"""Of five working days two are for A and one for B."""

LATE = LateReason("overload", "Nhiều hồ sơ quá")


def one(ward, code="T-01"):
    """A dossier received now."""
    return receive(ward.office, ward.holders(*OFFICER)[0], Reception(code, "Lê Thị Hoa"))


def handled(ward, hours_a, hours_b, number=1):
    """Dossiers that took so many working hours at each step, one after the other."""
    officer = ward.holders(*OFFICER)[0]
    for _ in range(number):
        outcome = one(ward)
        for hours in (hours_a, hours_b):
            ward.clock.set(ward.calendar.add(ward.clock.now(), round(hours * 3600)))
            outcome = complete_step(ward.office, officer, outcome.opened[0].step_run_id, late=LATE)


def let_it_be_known(ward):
    """Have the past read and the open steps rated; how many dossiers were read."""
    ward.clock.set(ward.clock.now() + EVERY + timedelta(minutes=2))
    read = gather(ward.office)
    while rate_open_steps(ward.office):
        pass
    return read


def safe_at(ward, outcome, element="A"):
    return ward.run(outcome, element).safe_at
