"""A dossier on its last working day: what it owes is told once, to whom can still act on it."""

import threading
from concurrent.futures import ThreadPoolExecutor

import orjson
import pytest

from engine.dossiers.claim import claim
from engine.dossiers.complete_step import LateReason, complete_step
from engine.dossiers.extend import extend
from engine.dossiers.pauses import resume, suspend
from engine.dossiers.receive import Reception, receive
from engine.outbox import DOSSIER_EVENTS
from engine.reminders import owed_round
from engine.reminders.consequences import consequences
from engine.reminders.ladder_settings import LadderSettings, read_settings
from engine.reminders.notices import notices
from engine.reminders.owed_round import tell_what_is_owed
from engine.store.reminder_tables import message, notice, reminder
from engine.store.tables import outbox
from tests.engine.delivery.receiver import wants
from tests.engine.drawing import draw, end, start, step, timer
from tests.engine.offices import datetime_of
from tests.engine.reminders.ladders import decides, holder, noticed, reachable_by

DIAGRAM = draw(start(), step("A"), step("B", status="9"), end(), flows=("S A", "A B", "B E"))
"""Five working days from Tuesday 3 March at 8:00: due Tuesday the 10th, owed from Monday."""
WAITING = draw(
    *(start(), step("A"), timer("W", at="2026-05-04T08:00:00"), step("B"), end()),
    flows=("S A", "A W", "W B", "B E"),
)


@pytest.fixture
def made(ward):
    return ward.received(DIAGRAM, 2026, 3, 3, 8, 0)


def ticks(ward, *when):
    ward.at(*when)
    return tell_what_is_owed(ward.office)


def test_it_is_told_one_working_day_before_and_once(ward, made):
    assert ticks(ward, 2026, 3, 9, 7, 59) == 0
    assert ticks(ward, 2026, 3, 9, 8, 0) == 1
    assert [ticks(ward, 2026, 3, day, 9, 0) for day in (9, 10, 11)] == [0, 0, 0]
    (mark,) = ward.stored(reminder)
    assert (mark.rung, mark.dossier_id, mark.due_at) == (
        *("owed", made.dossier_id),
        datetime_of(2026, 3, 10, 8, 0),
    )


def test_who_holds_the_step_and_who_may_put_it_off_are_told(ward, made):
    claim(ward.office, holder(ward), made.opened[0].step_run_id)
    reachable_by(ward, holder(ward), email="canbo@phuong.example.vn")
    reachable_by(ward, ward.head, email="lanhdao@phuong.example.vn")
    ticks(ward, 2026, 3, 9, 8, 0)
    heads = [each for each in ward.actors.values() if "head" in each.roles]
    assert noticed(ward, holder(ward).account_id) == ["owed"]
    assert all(noticed(ward, each.account_id) == ["owed"] for each in heads)
    (letter, *_) = ward.stored(outbox, destination="canbo@phuong.example.vn")
    said = orjson.loads(letter.body)
    assert "xin lỗi và hẹn lại ngày trả (mẫu 04)" in said["text"]
    assert "08:00 10/03/2026" in said["text"]
    assert "Lê Thị Hoa" not in said["text"]
    assert {row.event for row in ward.stored(message)} == {"owed"}


def test_nobody_is_told_while_the_office_is_closed(ward, made):
    assert ticks(ward, 2026, 3, 9, 20, 0) == 0
    assert ticks(ward, 2026, 3, 10, 7, 30) == 1


def test_after_a_new_date_the_result_alone_is_owed_and_told_anew(ward, made):
    ticks(ward, 2026, 3, 9, 8, 0)
    later = datetime_of(2026, 3, 13, 10, 0)
    extend(ward.office, ward.head, made.dossier_id, later, "Chờ kết quả đo đạc")
    assert ticks(ward, 2026, 3, 11, 10, 0) == 0
    assert ticks(ward, 2026, 3, 12, 10, 0) == 1
    assert noticed(ward, ward.head.account_id) == ["owed", "owed_result"]


def test_of_what_stands_or_is_handled_nobody_is_told(ward, made):
    officer = holder(ward)
    suspend(ward.office, officer, made.opened[0].step_run_id, "Bão số 3", "CĐ 08")
    assert ticks(ward, 2026, 3, 20, 9, 0) == 0
    resume(ward.office, officer, made.dossier_id, "Hết bão")
    second = complete_step(ward.office, officer, made.opened[0].step_run_id).opened[0]
    complete_step(ward.office, officer, second.step_run_id)
    assert ticks(ward, 2026, 4, 20, 9, 0) == 0


def test_where_no_step_is_open_heads_are_told(ward):
    """A dossier that waits for a moment drawn too late: nobody holds it, and its time runs."""
    made = ward.received(WAITING, 2026, 3, 3, 8, 0)
    complete_step(ward.office, holder(ward), made.opened[0].step_run_id)
    assert ticks(ward, 2026, 3, 9, 8, 0) == 1
    assert noticed(ward, ward.head.account_id) == ["owed"]


def test_an_office_may_tell_nobody_and_is_not_asked_again(ward, made):
    decides(ward, off=["owed"])
    assert ticks(ward, 2026, 3, 9, 8, 0) == 1
    assert ward.stored(notice) == []
    assert ticks(ward, 2026, 3, 9, 9, 0) == 0


def test_other_systems_hear_of_it(ward, made):
    wants(ward, "https://nhan.example.vn/", f"{DOSSIER_EVENTS}owing")
    ticks(ward, 2026, 3, 9, 8, 0)
    (letter,) = ward.stored(outbox, kind="webhook")
    event = orjson.loads(letter.body)
    assert event["type"] == "vn.quytrinh.dossier.owing"
    assert (event["subject"], event["data"]["owes"]) == (made.code, "result_or_apology")


def test_a_dossier_of_which_nothing_can_be_said_holds_up_no_other(ward, made, monkeypatch):
    receive(ward.office, holder(ward), Reception("T-01", "Trần Văn Bình"))
    known = owed_round._owes

    def owes(office, connection, calendar, row, now):
        if row.dossier_id == made.dossier_id:
            raise ValueError("no such version")
        return known(office, connection, calendar, row, now)

    monkeypatch.setattr(owed_round, "_owes", owes)
    assert ticks(ward, 2026, 3, 9, 8, 0) == 1
    assert ticks(ward, 2026, 3, 9, 9, 0) == 0
    (told,) = ward.stored(notice, account_id=ward.head.account_id)
    assert told.dossier_id != made.dossier_id


def test_of_many_workers_one_tells(ward, made):
    ward.at(2026, 3, 9, 8, 0)
    together = threading.Barrier(4)

    def work(_number):
        together.wait()
        return tell_what_is_owed(ward.office)

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(work, range(4))) == 1
    assert noticed(ward, ward.head.account_id) == ["owed"]


def test_the_notice_of_a_handled_dossier_says_that_it_is_over(ward, made):
    officer = holder(ward)
    ticks(ward, 2026, 3, 9, 8, 0)
    with ward.office.database.read() as connection:
        assert [each.over for each in notices(connection, officer)] == [False]
    late = LateReason("overload", "Nhiều hồ sơ cùng lúc")
    second = complete_step(ward.office, officer, made.opened[0].step_run_id, {}, late)
    complete_step(ward.office, officer, second.opened[0].step_run_id)
    with ward.office.database.read() as connection:
        assert [each.over for each in notices(connection, officer)] == [True]


def test_the_preview_of_settings_counts_it(ward, made):
    ticks(ward, 2026, 3, 9, 8, 0)
    told, quiet = LadderSettings(), read_settings({"off": ["owed"]})
    with ward.office.database.read() as connection:
        now, calendar = ward.office.clock.now(), ward.calendar
        this = connection, ward.head, now, calendar, told
        assert consequences(*this, told).by_rung["owed"] > 0
        assert consequences(*this, quiet).by_rung["owed"] == 0
