"""The picture of a clock leaves nothing out: its parts add up to what was consumed."""

from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.calendar import Overrides, layer
from engine.calendar_change.recount import recounted
from engine.legal_clock.ledger_clock import LedgerClock
from engine.legal_clock.picture import MarkKind, PartKind, Stretch, clock_picture
from engine.legal_clock.statutory_measure import statutory_measure
from processes.procedure import SupplementPolicy
from processes.time_limit import TimeLimit
from tests.engine.calendar_change.test_recount import clocks, others
from tests.engine.ledger_clocks import RESET, TAX, paused, resumed, started, stopped
from tests.engine.working_calendars import DAY, HOUR, VIET_NAM, at, off, shown

USED, OVER, LEFT = PartKind.USED, PartKind.OVER, PartKind.LEFT
PAUSED, VOID, UNCOUNTED = PartKind.PAUSED, PartKind.VOID, PartKind.UNCOUNTED
POLICIES = st.sampled_from([SupplementPolicy.CONTINUE, RESET])


def drawn(clock, when, steps=(), calendar=VIET_NAM, **how):
    return clock_picture(clock, calendar, at(when), steps, **how)


def lengths(picture):
    return [(part.kind, part.seconds) for part in picture.parts]


def step(name, since, until=None):
    return Stretch(name, at(since), None if until is None else at(until))


def test_a_running_clock_shows_what_is_used_and_what_is_left():
    picture = drawn(started(), "04/03/2026 10:00")
    assert lengths(picture) == [(USED, 17 * HOUR), (LEFT, 23 * HOUR)]
    assert picture.mark(MarkKind.NOW).at == 17 * HOUR
    assert picture.mark(MarkKind.LIMIT).at == picture.length == 5 * DAY
    assert shown(picture.mark(MarkKind.LIMIT).moment) == "Mon 09/03/2026 09:00"
    assert picture.mark(MarkKind.ORIGINAL) is None
    assert not picture.late


def test_each_step_has_its_part_and_side_by_side_they_share_one():
    steps = [
        step("Tiếp nhận", "02/03/2026 09:00", "02/03/2026 11:00"),
        step("Thẩm định", "02/03/2026 11:00", "04/03/2026 10:00"),
        step("Lấy ý kiến", "03/03/2026 08:00", None),
    ]
    picture = drawn(started(), "04/03/2026 11:00", steps)
    used = [(part.steps, part.seconds) for part in picture.of_kind(USED)]
    assert used == [
        (("Tiếp nhận",), 2 * HOUR),
        (("Thẩm định",), 5 * HOUR),
        (("Thẩm định", "Lấy ý kiến"), 10 * HOUR),
        (("Lấy ý kiến",), HOUR),
    ]
    assert [part.since for part in picture.of_kind(USED)][2] == at("03/03/2026 08:00")


def test_time_in_which_no_step_was_open_is_a_part_without_a_name():
    steps = [
        step("Tiếp nhận", "02/03/2026 09:00", "02/03/2026 10:00"),
        step("Trả kết quả", "03/03/2026 09:00"),
    ]
    picture = drawn(started(), "03/03/2026 10:00", steps)
    assert [(p.steps, p.seconds) for p in picture.of_kind(USED)] == [
        (("Tiếp nhận",), HOUR),
        ((), 7 * HOUR),
        (("Trả kết quả",), HOUR),
    ]


def test_pauses_are_gaps_that_say_what_for_and_whose():
    tax = resumed(paused(since="03/03/2026 09:00", kind=TAX, charged_to="thue"), "04/03/2026 09:00")
    clock = resumed(paused(tax), "12/03/2026 10:00")
    gaps = drawn(clock, "12/03/2026 15:00").of_kind(PAUSED)
    assert [(gap.pause.charged_to, gap.seconds) for gap in gaps] == [("thue", DAY), (None, 6 * DAY)]


def test_a_pause_over_night_has_no_working_time_and_is_shown_all_the_same():
    clock = resumed(paused(since="04/03/2026 17:30"), "04/03/2026 20:00")
    (gap,) = drawn(clock, "05/03/2026 09:00").of_kind(PAUSED)
    assert gap.seconds == 0


def test_while_it_stands_the_picture_says_when_it_would_end_if_it_went_on_now():
    picture = drawn(paused(), "10/03/2026 14:00")
    assert picture.paused
    assert [part.kind for part in picture.parts] == [USED, PAUSED, LEFT]
    assert picture.left == 23 * HOUR
    assert picture.mark(MarkKind.LIMIT).moment == resumed().due_at(VIET_NAM)


def test_while_it_stands_and_will_be_counted_from_zero_all_of_the_limit_is_left():
    picture = drawn(paused(), "10/03/2026 14:00", policy=RESET)
    assert picture.restarts
    assert picture.left == 5 * DAY
    assert picture.consumed == picture.shown_consumed == 17 * HOUR


def test_only_a_supplement_is_counted_from_zero():
    picture = drawn(paused(kind=TAX), "10/03/2026 14:00", policy=RESET)
    assert not picture.restarts
    assert picture.left == 23 * HOUR


def test_what_was_used_before_a_count_from_zero_is_void():
    picture = drawn(resumed(policy=RESET), "11/03/2026 14:00")
    assert [part.kind for part in picture.parts] == [VOID, PAUSED, USED, LEFT]
    assert picture.consumed == picture.shown_consumed == DAY
    assert picture.left == 4 * DAY


def test_what_lies_past_the_limit_is_apart():
    picture = drawn(started("2 ngày làm việc"), "05/03/2026 09:00")
    assert lengths(picture) == [(USED, 2 * DAY), (OVER, DAY)]
    assert picture.mark(MarkKind.LIMIT).at == 2 * DAY
    assert picture.left == -DAY
    assert shown(picture.of_kind(OVER)[0].since) == "Wed 04/03/2026 09:00"


def test_a_part_of_a_step_past_the_limit_keeps_its_name():
    steps = [step("Thẩm định", "02/03/2026 09:00")]
    picture = drawn(started("2 ngày làm việc"), "05/03/2026 09:00", steps)
    assert [(part.kind, part.steps) for part in picture.parts] == [
        (USED, ("Thẩm định",)),
        (OVER, ("Thẩm định",)),
    ]


def test_what_was_late_when_it_paused_stays_as_late():
    clock = paused(started("1 ngày làm việc"), "04/03/2026 10:00")
    picture = drawn(clock, "10/03/2026 14:00")
    assert [part.kind for part in picture.parts] == [USED, OVER, PAUSED]
    assert picture.left == -9 * HOUR
    assert picture.mark(MarkKind.LIMIT).at == DAY


def test_finished_early_leaves_what_was_not_used():
    picture = drawn(stopped(), "01/04/2026 10:00")
    assert picture.stopped
    assert picture.mark(MarkKind.NOW) is None
    assert picture.mark(MarkKind.ENDED).moment == at("06/03/2026 10:00")
    assert lengths(picture) == [(USED, 33 * HOUR), (LEFT, 7 * HOUR)]


def test_finished_late_shows_by_how_much():
    picture = drawn(stopped(when="10/03/2026 10:00"), "01/04/2026 10:00")
    assert lengths(picture) == [(USED, 5 * DAY), (OVER, 9 * HOUR)]


def test_finished_on_time_to_the_second_leaves_nothing():
    picture = drawn(stopped(when="09/03/2026 09:00"), "01/04/2026 10:00")
    assert lengths(picture) == [(USED, 5 * DAY)]
    assert picture.mark(MarkKind.LIMIT).at == picture.mark(MarkKind.ENDED).at
    assert not picture.late


def test_late_by_closed_time_only_is_late_without_a_part():
    clock = started("1 ngày làm việc", "02/03/2026 07:30")
    picture = drawn(clock, "02/03/2026 19:00")
    assert picture.late
    assert picture.of_kind(OVER) == ()


def test_an_extension_shows_the_first_due_time_and_the_new_one():
    clock = started().extend(VIET_NAM, at("06/03/2026 10:00"), at("12/03/2026 09:00"))
    picture = drawn(clock, "06/03/2026 11:00")
    assert picture.extended
    assert picture.mark(MarkKind.ORIGINAL).at == 5 * DAY
    assert picture.mark(MarkKind.LIMIT).at == 8 * DAY


def test_a_changed_calendar_moves_the_limit_and_leaves_what_was_promised():
    storm = layer(VIET_NAM, Overrides((), (off(date(2026, 3, 5)), off(date(2026, 3, 6)))))
    clock = recounted(started(), storm)
    picture = drawn(clock, "04/03/2026 10:00", calendar=storm)
    assert lengths(picture) == [(USED, 17 * HOUR), (LEFT, 23 * HOUR)]
    assert picture.mark(MarkKind.ORIGINAL).at == 3 * DAY
    assert shown(picture.mark(MarkKind.LIMIT).moment) == "Wed 11/03/2026 09:00"


def test_a_calendar_changed_after_the_end_leaves_a_difference_that_is_said():
    storm = layer(VIET_NAM, Overrides((), (off(date(2026, 3, 3)),)))
    clock = stopped(resumed(paused(since="04/03/2026 10:00"), "05/03/2026 10:00"))
    picture = drawn(clock, "01/04/2026 10:00", calendar=storm)
    assert picture.difference == DAY
    assert picture.shown_consumed + picture.difference == picture.consumed


def test_a_limit_of_nothing_is_due_at_once():
    clock = started("0 ngày làm việc")
    picture = drawn(clock, "02/03/2026 09:00")
    assert picture.budget == 0
    assert picture.length == 1
    assert [mark.at for mark in picture.marks] == [0, 0]
    assert lengths(drawn(clock, "02/03/2026 10:00")) == [(OVER, HOUR)]


def test_what_came_after_the_cutoff_shows_the_hours_that_do_not_count():
    clock = started("3 ngày làm việc", "12/02/2026 15:10", cutoff=time(15))
    early = drawn(clock, "12/02/2026 15:40")
    assert [part.kind for part in early.parts] == [UNCOUNTED, UNCOUNTED, LEFT]
    assert early.consumed == 0
    later = drawn(clock, "13/02/2026 08:30")
    assert [part.kind for part in later.parts] == [UNCOUNTED, USED, LEFT]
    assert later.mark(MarkKind.LIMIT).moment == clock.due_at(VIET_NAM)


def test_the_statutory_due_time_is_marked_where_it_differs():
    """After a restart the law gives the whole limit again; QĐ 766 only the citizen's time."""
    clock = resumed(policy=RESET)
    moment = at("11/03/2026 14:00")
    measure = statutory_measure(clock, VIET_NAM, moment)
    picture = clock_picture(clock, VIET_NAM, moment, measure=measure)
    mark = picture.mark(MarkKind.STATUTORY)
    assert mark.moment == measure.due
    assert mark.at < picture.mark(MarkKind.LIMIT).at


@pytest.mark.parametrize("clock", [started(), paused(), resumed()], ids=["runs", "stands", "goes"])
def test_the_statutory_due_time_is_not_marked_where_it_is_the_same(clock):
    moment = at("12/03/2026 09:00")
    measure = statutory_measure(clock, VIET_NAM, moment)
    assert clock_picture(clock, VIET_NAM, moment, measure=measure).mark(MarkKind.STATUTORY) is None


def test_working_days_are_ticks_and_many_are_thinned():
    picture = drawn(started(), "04/03/2026 10:00")
    assert [tick.day.day for tick in picture.days] == [3, 4, 5, 6, 9]
    assert [tick.at for tick in picture.days] == [6.5 * HOUR + day * DAY for day in range(5)]
    many = drawn(started("100 ngày làm việc"), "04/03/2026 10:00").days
    assert 12 <= len(many) <= 24


@st.composite
def openings(draw):
    """Steps that open and end as they like, one after another and side by side."""
    moments = st.integers(0, 60 * 24 * 40).map(
        lambda minutes: at("02/03/2026 09:00") + timedelta(minutes=minutes)
    )
    found = []
    for number in range(draw(st.integers(0, 6))):
        first, last = sorted([draw(moments), draw(moments)])
        found.append(Stretch(f"Bước {number}", first, draw(st.sampled_from([last, None]))))
    return found


@given(clocks(), openings(), st.integers(0, 60 * 24 * 30), POLICIES, others())
def test_the_parts_add_up_to_what_was_consumed_to_the_second(clock, steps, later, policy, other):
    counted = recounted(clock, other)
    moment = counted.as_of + timedelta(minutes=later)
    picture = clock_picture(counted, other, moment, steps, policy=policy)
    assert picture.difference == 0
    assert picture.shown_consumed == picture.consumed == counted.consumed_at(other, moment)
    paused_seconds = sum(part.seconds for part in picture.of_kind(PAUSED))
    assert paused_seconds == counted.paused_working_seconds(other, moment)
    past = [part for part in picture.parts if part.kind is not LEFT and part.begin < part.end]
    ahead = [p for p in past if p.kind is UNCOUNTED and p.begin >= picture.mark(MarkKind.NOW).at]
    assert sum(p.seconds for p in past if p not in ahead) == other.elapsed(
        counted.started_at, moment
    )
    if picture.left > 0:
        assert sum(part.seconds for part in picture.of_kind(LEFT)) == picture.left
    assert all(a.end == b.begin for a, b in zip(picture.parts, picture.parts[1:], strict=False))


@given(clocks(), openings(), st.integers(0, 60 * 24 * 30))
def test_after_the_end_the_parts_add_up_too(clock: LedgerClock, steps, later):
    end = clock.as_of + timedelta(minutes=later)
    done = clock.stop(VIET_NAM, end)
    picture = clock_picture(done, VIET_NAM, end + timedelta(days=9), steps)
    assert picture.difference == 0
    assert picture.shown_consumed == done.consumed_at(VIET_NAM, end)
    late = done.late_working_seconds(VIET_NAM, end)
    if not done.dated:
        assert sum(part.seconds for part in picture.of_kind(OVER)) <= max(late, 0)


def test_a_step_in_hours_has_a_picture_of_its_own():
    clock = LedgerClock.start(VIET_NAM, at("02/03/2026 09:00"), TimeLimit.parse("4 giờ"))
    assert lengths(drawn(clock, "02/03/2026 10:00")) == [(USED, HOUR), (LEFT, 3 * HOUR)]
