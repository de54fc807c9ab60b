"""Calendars and moments that the tests of lawful time share."""

from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import strategies as st

from engine.calendar import Calendar, DayException, ExceptionKind, Session, WeekPattern
from engine.working_calendar.office_hours import read_sessions
from engine.working_calendar.viet_nam import ZONE, vietnam

VIET_NAM = vietnam(2024, 2027)
HOUR, DAY = 3600, 8 * 3600
FIRST, LAST = date(2026, 1, 5), date(2026, 3, 31)  # of drawn calendars; a Monday


def at(text: str) -> datetime:
    """A moment in Viet Nam: `at("12/02/2026 15:10")`."""
    return datetime.strptime(text, "%d/%m/%Y %H:%M").replace(tzinfo=VIET_NAM.tz)


def shown(moment: datetime | None) -> str:
    """A moment as the slip prints it, in Viet Nam."""
    return "–" if moment is None else f"{VIET_NAM.local(moment):%a %d/%m/%Y %H:%M}"


def off(day: date, name: str = "Nghỉ bão", basis: str = "Công điện 01") -> DayException:
    return DayException(day, ExceptionKind.OFF, name, basis)


def worked(day: date, **how) -> DayException:
    return DayException(day, ExceptionKind.WORK, "Làm bù", "Công văn 02", **how)


@contextmanager
def refused(error: type):
    """The block is refused with that error, whose sentences are whole in both languages."""
    with pytest.raises(error) as caught:
        yield caught
    for language in ("vi", "en"):
        sentence = caught.value.message(language)
        assert len(sentence) > 30
        assert "{" not in sentence
        assert "–" not in sentence, f"a fact is missing in: {sentence}"


@st.composite
def sessions(draw, at_least: int = 0):
    """Up to three sessions of a day, apart."""
    number = draw(st.integers(at_least, 3))
    minutes = st.integers(0, 24 * 60 - 1)
    edges = sorted(draw(st.lists(minutes, min_size=2 * number, max_size=2 * number, unique=True)))
    clocks = [time(edge // 60, edge % 60) for edge in edges]
    pairs = zip(clocks[::2], clocks[1::2], strict=True)
    return tuple(Session(opens, closes) for opens, closes in pairs)


@st.composite
def patterns(draw, first=FIRST, partial=False):
    """A week: Mondays are worked; `partial` leaves some weekdays to the layer below."""
    monday, other = draw(sessions(at_least=1)), draw(sessions())
    kinds = st.sampled_from([monday, other, None if partial else ()])
    return WeekPattern(first, (monday, *(draw(kinds) for _ in range(6))))


def days():
    return st.dates(FIRST, LAST)


HOURS = [None, read_sessions("08:00-12:00"), read_sessions("00:00-00:01", "13:00-23:59")]


@st.composite
def exceptions(draw):
    """A day off (None), or worked in other hours than the week's."""
    hours = draw(st.sampled_from(HOURS))
    kind = ExceptionKind.OFF if hours is None else ExceptionKind.WORK
    undecided = draw(st.booleans())
    return DayException(draw(days()), kind, "Ngày lễ", "CV 1", hours, undecided=undecided)


def exception_lists():
    return st.lists(exceptions(), max_size=3, unique_by=lambda e: e.day).map(tuple)


@st.composite
def calendars(draw):
    """Twelve weeks of 2026 in Viet Nam, with a change of hours and exceptional days."""
    later = draw(st.lists(patterns(first=date(2026, 2, 9)), max_size=1))
    return Calendar(ZONE, FIRST, LAST, (draw(patterns()), *later), draw(exception_lists()))


@st.composite
def moments(draw):
    """A second within the drawn calendars, in UTC."""
    begin = datetime.combine(FIRST, time.min, VIET_NAM.tz).astimezone(UTC)
    seconds = int(((LAST - FIRST) + timedelta(days=1)).total_seconds())
    return begin + timedelta(seconds=draw(st.integers(0, seconds)))
