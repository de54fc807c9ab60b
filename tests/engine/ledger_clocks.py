"""Ledger clocks for tests: started, paused, resumed and stopped at moments of March 2026."""

from datetime import timedelta

from hypothesis import strategies as st

from engine.legal_clock.ledger_clock import LedgerClock
from engine.legal_clock.pause import PauseKind
from processes.procedure import DayCount, SupplementPolicy
from processes.time_limit import TimeLimit
from tests.engine.working_calendars import VIET_NAM, at, shown

CONTINUE, PAUSE, RESET = (
    SupplementPolicy.CONTINUE,
    SupplementPolicy.PAUSE,
    SupplementPolicy.RESET,
)
SUPPLEMENT, TAX = PauseKind.CITIZEN_SUPPLEMENT, PauseKind.TAX


def started(limit="5 ngày làm việc", when="02/03/2026 09:00", **how):
    return LedgerClock.start(VIET_NAM, at(when), TimeLimit.parse(limit), **how)


def paused(clock=None, since="04/03/2026 10:00", kind=SUPPLEMENT, **how):
    return (clock or started()).pause(VIET_NAM, at(since), kind, **how)


def resumed(clock=None, until="10/03/2026 14:00", policy=CONTINUE):
    return (clock or paused()).resume(VIET_NAM, at(until), policy)


def stopped(clock=None, when="06/03/2026 10:00"):
    return (clock or started()).stop(VIET_NAM, at(when))


def due(clock, calendar=VIET_NAM):
    return shown(clock.due_at(calendar))


words = st.sampled_from(["", "thue", "Chờ “thông báo”\nvà nộp tiền"])


@st.composite
def histories(draw):
    """A clock with up to four pauses, hours apart, on any kind of limit."""
    limit = draw(st.sampled_from(["5 ngày làm việc", "12 giờ", "20 ngày", "1 tháng", "trong ngày"]))
    clock = started(limit, day_count=draw(st.sampled_from(DayCount)))
    moment = at("02/03/2026 09:00")
    for _ in range(draw(st.integers(0, 4))):
        moment += timedelta(minutes=draw(st.integers(0, 3000)))
        clock = clock.pause(
            VIET_NAM, moment, draw(st.sampled_from([SUPPLEMENT, TAX])), charged_to=draw(st.none() | words),
            legal_ground="NĐ 61", reason=draw(words),
        )  # fmt: skip
        moment += timedelta(minutes=draw(st.integers(0, 9000)))
        reset = clock.pauses[-1].kind is SUPPLEMENT and draw(st.booleans())
        clock = clock.resume(VIET_NAM, moment, RESET if reset else CONTINUE)
    return clock, moment + timedelta(minutes=draw(st.integers(0, 9000)))
