"""What most dossiers take a short way for comes to what the long way comes to, to the last byte."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.calendar import Overrides, layer
from engine.calendar_change.open_cases import NOBODY, read
from engine.calendar_change.plain_cases import Lines, NotPlain, PlainCases
from engine.dossiers.claim import claim
from engine.dossiers.follow_calendar import ToEdition
from engine.dossiers.receive import Reception, receive
from engine.working_calendar.editions import Edition, Grounds
from engine.working_calendar.office_hours import read_sessions
from tests.engine.drawing import OFFICER, draw, end, start, step, timer
from tests.engine.offices import datetime_of, open_ward
from tests.engine.working_calendars import off, worked

_PLAIN = draw(
    start(),
    step("A", limit="1 working_day"),
    step("B", limit="6 working_hour"),
    end(),
    flows=("S A", "A B", "B E"),
    cases='<qt:case code="normal" name="Thường"><qt:limit amount="3" unit="working_day"/></qt:case>',
)
_TIMED = draw(
    start(),
    step("A", limit="3 working_day"),
    timer("Work", limit="2 working_day", on="A", interrupting=False),
    end(),
    end("E2", None),
    flows=("S A", "A E", "Work E2"),
)


@pytest.fixture(scope="module")
def offices(sqlite_files, tmp_path_factory):
    """Dossiers received at all hours of a fortnight, some of them claimed, some with timers."""
    ward = open_ward(sqlite_files.fresh(tmp_path_factory.mktemp("plain")))
    officer = ward.holder(*OFFICER)
    for diagram, hours in ((_PLAIN, (2, 7, 9, 12, 15, 16, 20)), (_TIMED, (8,))):
        ward.publish(diagram)
        for day in range(2, 16):
            for hour in hours:
                ward.at(2026, 3, day, hour, 30)
                made = receive(ward.office, officer, Reception("T-01", "Lê Thị Hoa"))
                if hour in (9, 15):
                    ward.at(2026, 3, day, hour, 45)
                    claim(ward.office, officer, made.opened[0].step_run_id)
    yield ward
    ward.office.database.close()


def worked_out(ward, new, at):
    """The short way's lines and the long way's, of those that take the short one; how many not."""
    with ward.office.database.read() as connection:
        old = ward.office.edition_numbered(connection, ward.agency_id, 1)
        edition = Edition(2, at, new, {}, Grounds("Bão", "QĐ 1", None, None))
        short = PlainCases(ToEdition(old, edition), at)
        ours, theirs, others = Lines(), Lines(), 0
        for each in read(connection, ward.agency_id, 1, NOBODY, 1000, lock=False):
            try:
                short.add(each, ours)
            except NotPlain:
                others += 1
                continue
            case = each.case(not_before=at)
            moved = short.change.moved(case)
            if moved is None:
                theirs.stands(each)
            else:
                short.add_moved(each, case, moved, theirs)
        return ours, theirs, others


@given(
    st.lists(st.dates(date(2026, 3, 1), date(2026, 3, 25)), max_size=8, unique=True),
    st.sampled_from([None, "08:00-12:00", "15:00-19:00"]),
    st.integers(2, 20),
)
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_the_short_way_is_the_long_way(offices, days, hours, today):
    exceptions = (
        off(day) if hours is None else worked(day, sessions=read_sessions(hours)) for day in days
    )
    new = layer(offices.calendar, Overrides((), tuple(exceptions)))
    ours, theirs, others = worked_out(offices, new, datetime_of(2026, 3, today, 10))
    assert ours == theirs
    assert others == 14  # those that wait for a timer
    assert len(ours.dossiers) + len(ours.still) == 7 * 14


def test_what_is_moved_and_what_stands_is_both_there(offices):
    """Else the test above would show nothing."""
    new = layer(offices.calendar, Overrides((), (off(date(2026, 3, 11)),)))
    ours, _, _ = worked_out(offices, new, datetime_of(2026, 3, 3, 10))
    assert ours.still
    assert ours.dossiers
    assert ours.runs
