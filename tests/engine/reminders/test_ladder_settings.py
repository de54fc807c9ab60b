"""The office decides its ladder: nonsense is refused, what follows is seen, it can be undone."""

from datetime import time

import pytest

from engine.outbox import DOSSIER_EVENTS
from engine.reminders.consequences import consequences
from engine.reminders.digest import send_digests
from engine.reminders.ladder_history import (
    LadderOvertaken,
    decided,
    set_ladder,
    undo_ladder,
)
from engine.reminders.ladder_settings import (
    InvalidLadder,
    LadderSettings,
    SenselessLadder,
    read_settings,
    settings_of,
    silent_until,
)
from engine.reminders.rungs import Rung
from processes.errors import NotAllowed, NotFound
from tests.engine.reminders.ladders import (
    decides,
    holder,
    letters,
    noticed,
    open_step,
    reachable_by,
    ticks,
)
from tests.engine.working_calendars import VIET_NAM, at

TEXTS = {"due": {"holder": ["text"]}}


def head_or_admin(ward):
    return next(actor for actor in ward.actors.values() if "admin" in actor.roles)


def in_force(ward):
    with ward.office.database.read() as connection:
        return settings_of(connection, head_or_admin(ward).agency_id)


def decisions(ward):
    with ward.office.database.read() as connection:
        return decided(connection, head_or_admin(ward))


def foreseen(ward, **stated):
    actor = head_or_admin(ward)
    with ward.office.database.read() as connection:
        calendar = ward.office.calendar(connection, actor.agency_id)
        known = settings_of(connection, actor.agency_id)
        wanted = read_settings(stated)
        now = ward.office.clock.now()
        return consequences(connection, actor, now, calendar, known, wanted)


@pytest.mark.parametrize(
    ("stated", "words"),
    [
        ({"part_percent": 0}, "0 %"),
        ({"part_percent": 400}, "400 %"),
        ({"text_cap": -1}, "-1"),
        ({"month_cap": -5}, "-5"),
        ({"quiet_hours": ["08:00", "08:00"]}, "cả ngày"),
        ({"quiet_hours": ["06:00", "18:00"]}, "hết giờ làm việc"),
        ({"digest_at": "23:00"}, "23:00"),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_sentence(ward, stated, words):
    with pytest.raises(SenselessLadder) as refused:
        decides(ward, **stated)
    assert words in refused.value.message("vi")
    assert "{" not in refused.value.message("en")
    assert in_force(ward) == LadderSettings()


@pytest.mark.parametrize(
    "stated",
    [{"off": ["never"]}, {"webhooks": 7}, {"part_percent": "70"}, {"quiet_hours": ["8h"]},
     {"digest_at": 8}, {"month_cap": "nhiều"}, {"history": []}],
)  # fmt: skip
def test_what_cannot_be_read_is_refused(stated):
    with pytest.raises(InvalidLadder):
        read_settings(stated)


def test_settings_are_written_and_read_back():
    stated = {
        "off": ["due"], "webhooks": ["overdue"], "part_percent": 55, "quiet": False,
        "quiet_hours": ["20:00", "06:30"], "digest_at": "09:15", "month_cap": 900_000,
    }  # fmt: skip
    settings = read_settings(stated)
    assert read_settings(settings.to_data()) == settings
    assert settings.quiet_hours == (time(20), time(6, 30))


def test_a_rung_that_is_off_tells_nobody_and_comes_back_as_it_was(ward):
    decides(ward, off=["part_used"])
    open_step(ward)
    ticks(ward, 2026, 3, 5, 17, 0)
    assert noticed(ward, holder(ward).account_id) == []
    assert in_force(ward).rungs[Rung.PART_USED] == LadderSettings().rungs[Rung.PART_USED]


def test_the_first_rung_is_told_at_the_offices_percentage(ward):
    """Four days from Tuesday 8:00: half is used on Thursday 8:00, 70 % on Thursday afternoon."""
    open_step(ward)
    assert ticks(ward, 2026, 3, 5, 8, 30) == []
    decides(ward, part_percent=50)
    assert ticks(ward, 2026, 3, 5, 8, 31) == ["part_used"]


def test_webhooks_are_told_of_the_rungs_that_the_office_chose(ward):
    decides(ward, webhooks=["due"])
    open_step(ward)
    ticks(ward, 2026, 3, 5, 17, 0)
    event = f"{DOSSIER_EVENTS}step.reminded"
    assert [letter for letter in letters(ward) if letter.event == event] == []


def test_quiet_hours_hold_until_they_end_and_the_office_is_open():
    settings = read_settings({"quiet_hours": ["11:00", "14:00"]})
    assert silent_until(VIET_NAM, at("02/03/2026 10:00"), settings) is None
    assert silent_until(VIET_NAM, at("02/03/2026 11:30"), settings) == at("02/03/2026 14:00")
    over_night = read_settings({"quiet": False, "quiet_hours": ["20:00", "06:00"]})
    assert silent_until(VIET_NAM, at("02/03/2026 21:00"), over_night) == at("03/03/2026 06:00")
    assert silent_until(VIET_NAM, at("03/03/2026 05:00"), over_night) == at("03/03/2026 06:00")
    both = read_settings({"quiet_hours": ["16:00", "08:30"]})
    assert silent_until(VIET_NAM, at("06/03/2026 16:30"), both) == at("09/03/2026 08:30")


def test_the_digest_waits_for_its_hour(ward):
    decides(ward, digest_at="10:00")
    reachable_by(ward, holder(ward), email="can.bo@example.vn")
    open_step(ward)
    ward.at(2026, 3, 9, 9, 59)
    assert send_digests(ward.office) == 0
    ward.at(2026, 3, 9, 10, 0)
    assert send_digests(ward.office) == 1


def test_who_when_and_why_are_kept_and_a_decision_is_undone(ward):
    actor = head_or_admin(ward)
    set_ladder(ward.office, actor, {"part_percent": 60}, "Nhắc sớm hơn")
    set_ladder(ward.office, actor, {"part_percent": 80}, "Quá nhiều tin", seen=1)
    assert [(each.number, each.reason) for each in decisions(ward)] == [
        (2, "Quá nhiều tin"),
        (1, "Nhắc sớm hơn"),
        (0, ""),
    ]
    assert decisions(ward)[0].by == actor.account_id
    undo_ladder(ward.office, actor, 1, "Trở lại", seen=2)
    assert in_force(ward).part_percent == 60
    undo_ladder(ward.office, actor, 0, "")
    assert in_force(ward) == LadderSettings()
    assert len(decisions(ward)) == 5
    with pytest.raises(NotFound):
        undo_ladder(ward.office, actor, 99, "")


def test_of_two_who_decide_at_once_the_second_is_told(ward):
    actor = head_or_admin(ward)
    set_ladder(ward.office, actor, {"part_percent": 60}, seen=0)
    with pytest.raises(LadderOvertaken):
        set_ladder(ward.office, actor, {"part_percent": 65}, seen=0)
    assert in_force(ward).part_percent == 60


def test_who_handles_dossiers_decides_nothing(ward):
    with pytest.raises(NotAllowed):
        set_ladder(ward.office, holder(ward), {"part_percent": 60})


def test_what_follows_is_worked_out_from_the_log(ward):
    open_step(ward)
    ticks(ward, 2026, 3, 5, 17, 0)
    ticks(ward, 2026, 3, 6, 9, 0)
    usual = foreseen(ward)
    assert (usual.rungs, usual.by_rung[Rung.PART_USED] > 0) == (2, True)
    assert foreseen(ward, off=["part_used", "day_before"]).by_way == {}
    assert foreseen(ward, webhooks=[]).by_way["webhook"] == 0


def test_what_text_messages_would_cost_is_said_with_what_the_caps_hold(ward):
    reachable_by(ward, holder(ward), phone="+84901234567")
    open_step(ward)
    ticks(ward, 2026, 3, 9, 8, 0)
    free = foreseen(ward, rungs=TEXTS, text_cost=0)
    assert (free.by_way["text"], free.cost, free.held) == (1, 0, 0)
    dear = foreseen(ward, rungs=TEXTS, text_cost=300)
    assert dear.cost in (300, 600)
    assert dear.texts_per_step == 1
    for cap in ({"text_cap": 100}, {"month_cap": 100}):
        held = foreseen(ward, rungs=TEXTS, text_cost=300, **cap)
        assert (held.by_way["text"], held.held, held.cost) == (0, 1, 0)
