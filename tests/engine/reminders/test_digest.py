"""One e-mail a day, at the opening, to who has something due or late."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor

from engine.reminders import digest
from engine.reminders.digest import send_digests
from engine.store.reminder_tables import message
from tests.engine.reminders.ladders import decides, holder, letters, open_step, reachable_by


def test_a_digest_is_sent_once_a_day_in_office_hours_to_whom_it_concerns(ward):
    open_step(ward)
    reachable_by(ward, holder(ward), email="canbo@phuong.example.vn")
    reachable_by(ward, ward.actors["motcua1"], email="motcua1@phuong.example.vn")
    ward.at(2026, 3, 9, 7, 0)
    assert send_digests(ward.office) == 0
    ward.at(2026, 3, 9, 7, 30)
    assert send_digests(ward.office) == 1
    assert send_digests(ward.office) == 0
    [letter] = letters(ward)
    said = json.loads(letter.body)
    assert letter.destination == "canbo@phuong.example.vn"
    assert said["subject"] == "[Nhắc việc] 0 bước đã quá hạn, 1 bước đến hạn hôm nay"
    assert "Bước A, hạn 08:00 09/03/2026" in said["text"]
    assert "Lê Thị Hoa" not in said["text"]
    ward.at(2026, 3, 10, 9, 0)
    assert send_digests(ward.office) == 1
    assert {row.event for row in ward.stored(message)} == {"digest"}


def test_a_head_is_told_how_the_unit_stands(ward):
    open_step(ward)
    head = ward.actors["chanhvanphong"]
    reachable_by(ward, head, email="cvp@phuong.example.vn")
    ward.at(2026, 3, 10, 9, 0)
    send_digests(ward.office)
    [letter] = letters(ward)
    said = json.loads(letter.body)
    assert "Đơn vị của bạn: 1 bước đã quá hạn" in said["text"]
    assert "Bước A (chưa ai nhận), quá hạn từ 08:00 09/03/2026" in said["text"]
    assert said["page"] == "/morning"


def test_who_has_nothing_due_gets_no_letter_and_an_office_may_want_none(ward):
    open_step(ward)
    reachable_by(ward, holder(ward), email="canbo@phuong.example.vn")
    ward.at(2026, 3, 4, 9, 0)
    assert send_digests(ward.office) == 0
    decides(ward, digest=False)
    ward.at(2026, 3, 10, 9, 0)
    assert send_digests(ward.office) == 0


def test_of_many_workers_that_look_at_once_one_sends_the_digests(ward, monkeypatch):
    """Each has found that none was written yet before the first one writes."""
    open_step(ward)
    reachable_by(ward, holder(ward), email="canbo@phuong.example.vn")
    ward.at(2026, 3, 9, 7, 30)
    known, together = digest._written, threading.Barrier(4)

    def written(*asked):
        found = known(*asked)
        together.wait()
        return found

    monkeypatch.setattr(digest, "_written", written)
    with ThreadPoolExecutor(4) as pool:
        sent = list(pool.map(lambda _: send_digests(ward.office), range(4)))
    assert sorted(sent) == [0, 0, 0, 1]
    assert len(letters(ward)) == 1
