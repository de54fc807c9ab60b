"""What each kind of pause does to which clock, and whose time it is, as docs/reference/pauses.md says."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.dossiers.complete_step import complete_step
from engine.dossiers.pauses import (
    SupplementRequest,
    receive_supplement,
    request_supplement,
    resume,
    suspend,
)
from engine.legal_clock.charged_time import charged_time
from engine.legal_clock.ledger_clock import LedgerClock
from engine.legal_clock.pause import PauseKind
from engine.legal_clock.statutory_measure import statutory_measure
from processes.procedure import SupplementPolicy
from processes.time_limit import TimeLimit
from tests.engine.drawing import OFFICER, component, draw, end, start, step
from tests.engine.offices import ROOT
from tests.engine.working_calendars import HOUR, VIET_NAM, at

WHY = "Đơn thiếu chữ ký"
BY_ACT = {PauseKind.CITIZEN_SUPPLEMENT, PauseKind.FORCE_MAJEURE}
CLOCKS = {PauseKind.CITIZEN_PAYMENT: "citizen"}


def documented():
    text = (ROOT / "docs" / "reference" / "pauses.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \|(.+)\|$", text, re.MULTILINE)
    known = {kind.value for kind in PauseKind}
    return {
        kind: [cell.strip() for cell in cells.split("|")] for kind, cells in rows if kind in known
    }


def paused(ward, kind):
    """A dossier that has stood from 9:00 to 11:00 for this kind; A's limit has begun."""
    stated = {} if kind in BY_ACT else {"clock": CLOCKS.get(kind, kind.value)}
    diagram = draw(
        start(),
        *(step("A", limit="4 working_day", **stated), step("B", limit="1 working_day"), end()),
        flows=("S A", "A B", "B E"),
        head='<qt:supplement policy="continue" atMost="1"/>' + component("DON", "original 1"),
    )
    outcome = ward.received(diagram, 2026, 3, 2, 9, 0)
    officer, run = ward.holder(*OFFICER), ward.run(outcome, "A")
    if kind is PauseKind.CITIZEN_SUPPLEMENT:
        asked = SupplementRequest(("DON",), WHY)
        request_supplement(ward.office, officer, run.step_run_id, asked)
    if kind is PauseKind.FORCE_MAJEURE:
        suspend(ward.office, officer, run.step_run_id, "Bão số 3, trụ sở đóng cửa", "BLDS 156")
    stands = ward.file(outcome).row.due_at is None, ward.run(outcome, "A").due_at is None
    ward.at(2026, 3, 2, 11, 0)
    if kind is PauseKind.CITIZEN_SUPPLEMENT:
        receive_supplement(ward.office, officer, outcome.dossier_id, ())
    elif kind is PauseKind.FORCE_MAJEURE:
        resume(ward.office, officer, outcome.dossier_id, "Trụ sở mở cửa lại")
    else:
        complete_step(ward.office, officer, run.step_run_id)
    return outcome, stands


@pytest.mark.parametrize("kind", PauseKind)
def test_a_pause_does_what_the_reference_says(sqlite_ward, kind):
    ward = sqlite_ward
    _, dossier_clock, step_clock, charged, taken_off = documented()[kind.value]
    outcome, stands = paused(ward, kind)
    words = {True: "stands", False: "runs"}
    assert tuple(words[each] for each in stands) == (dossier_clock, step_clock)
    clock, now = ward.file(outcome).clock, ward.clock.now()
    assert [pause.kind for pause in clock.pauses] == [kind]
    unit = ward.run(outcome, "A").unit
    whose = {"nobody": {}, "thue": {"thue": 2 * HOUR}}.get(charged, {unit: 2 * HOUR})
    time = charged_time(clock, ward.calendar, now)
    assert (time.others, time.own) == (whose, 0)
    assert time.nobody == (2 * HOUR if charged == "nobody" else 0)
    measure = statutory_measure(clock, ward.calendar, now)
    assert measure.supplement_ws == (2 * HOUR if taken_off == "yes" else 0)


def test_the_reference_has_every_kind():
    assert set(documented()) == {kind.value for kind in PauseKind}


# Laws of any history

kinds = st.sampled_from([kind for kind in PauseKind if kind is not PauseKind.CITIZEN_SUPPLEMENT])
whose = st.sampled_from([None, "thue", "dia_chinh"])
spans = st.lists(st.tuples(st.integers(0, 4000), st.integers(0, 4000), kinds, whose), max_size=6)


def lived(history, last):
    """A clock that ran and stood in turns, by minutes of the wall."""
    now = at("02/03/2026 09:00")
    clock = LedgerClock.start(VIET_NAM, now, TimeLimit.parse("20 ngày làm việc"))
    for ran, stood, kind, unit in history:
        now += _minutes(ran)
        clock = clock.pause(VIET_NAM, now, kind, charged_to=unit)
        now += _minutes(stood)
        clock = clock.resume(VIET_NAM, now, SupplementPolicy.CONTINUE)
    return clock, now + _minutes(last)


def _minutes(number):
    return (at("02/03/2026 10:00") - at("02/03/2026 09:00")) * number / 60


@given(spans, st.integers(0, 4000))
def test_pauses_never_overlap(history, last):
    clock, _ = lived(history, last)
    for before, after in zip(clock.pauses, clock.pauses[1:], strict=False):
        assert before.since <= before.until <= after.since <= after.until


@given(spans, st.integers(0, 4000))
def test_time_counted_and_time_stood_are_all_the_time(history, last):
    clock, now = lived(history, last)
    elapsed = VIET_NAM.elapsed(clock.started_at, now)
    stood = clock.paused_working_seconds(VIET_NAM, now)
    assert clock.consumed_at(VIET_NAM, now) + stood == elapsed


@given(spans, st.integers(0, 4000), st.booleans())
def test_what_is_charged_sums_to_the_total(history, last, stopped):
    clock, now = lived(history, last)
    if stopped:
        clock = clock.stop(VIET_NAM, now)
    time = charged_time(clock, VIET_NAM, now)
    assert time.total == VIET_NAM.elapsed(clock.started_at, now)
    assert time.own == clock.consumed_at(VIET_NAM, now)
    assert min(time.own, time.nobody, *time.others.values(), 0) == 0
    assert time.nobody + sum(time.others.values()) == clock.paused_working_seconds(VIET_NAM, now)
