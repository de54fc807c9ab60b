"""A clock that is at hand is the one that is stored, however often it changes."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import orjson
import pytest

from engine.legal_clock import kept_clock
from engine.legal_clock.kept_clock import clock_in, read_clock, written
from engine.legal_clock.ledger_clock import LedgerClock
from engine.legal_clock.pause import PauseKind
from engine.legal_clock.refusals import UnreadableClock
from engine.store.prepared import Row, Shape
from engine.working_calendar.viet_nam import vietnam
from processes.time_limit import TimeLimit, Unit

CALENDAR = vietnam(2026, 2027)
MONDAY = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)  # 9:00 in Viet Nam


def started(hours=0):
    limit = TimeLimit(Decimal(3), Unit.WORKING_DAY)
    return LedgerClock.start(CALENDAR, MONDAY + timedelta(hours=hours), limit)


def test_what_was_written_is_read_as_the_same_clock():
    clock = started()
    assert read_clock(written(clock).text) == clock


def test_what_is_at_hand_equals_what_would_be_read_anew():
    paused = started().pause(CALENDAR, MONDAY + timedelta(hours=1), PauseKind.COUNCIL)
    text = written(paused).text
    assert read_clock(text) == LedgerClock.from_data(orjson.loads(text)) == paused


def test_another_text_is_another_clock():
    texts = {written(started(hours)).text: started(hours) for hours in range(4)}
    assert [read_clock(text) for text in texts] == list(texts.values())


def test_a_row_is_read_as_it_is_stored():
    text = written(started()).text
    shape = Shape({"clock": (0, orjson.loads)})
    assert clock_in(Row((text,), shape)) == started()
    assert clock_in(Row((None,), shape)) is None


def test_what_is_no_clock_is_told():
    with pytest.raises(UnreadableClock):
        read_clock('{"limit":["x","day"]}')


def test_no_more_are_at_hand_than_there_is_room_for(monkeypatch):
    monkeypatch.setattr(kept_clock, "_MOST", 3)
    texts = [written(started(hours)).text for hours in range(8)]
    assert len(kept_clock._at_hand) <= 3
    assert [read_clock(text).started_at for text in texts] == [
        started(hours).started_at for hours in range(8)
    ]
