"""The citizen sends what is missing: it waits for the clerk, and counts from the moment it came."""

import io

import pytest

from engine.actor import CITIZEN
from engine.documents.keeping import arrive_from
from engine.documents.reading import opened
from engine.documents.scanner import ScannerSilent
from engine.documents.taking_in import take_out
from engine.dossiers.components import Brought
from engine.dossiers.documents import release_document
from engine.dossiers.offered import (
    NotAskedFor,
    NothingAsked,
    NothingOffered,
    TooManyWaiting,
)
from engine.dossiers.pauses import receive_supplement
from engine.dossiers.refusals import NotYours
from engine.lookup.bringing import bring, look_before_bringing
from engine.proofs.rebuild import rebuild
from engine.store.tables import content
from processes.file_kind import KindNotAccepted, UnknownKind
from tests.engine.documents.files import pdf, picture
from tests.engine.offices import datetime_of


@pytest.fixture
def asked(window):
    """The dossier waits for DON since Monday, ten o'clock."""
    window.issue()
    window.ask(2026, 3, 2, 10)
    return window


def test_what_is_sent_waits_for_the_clerk_and_no_clock_goes_on(asked):
    asked.ward.at(2026, 3, 3, 9)
    asked.send()
    (document,) = asked.documents()
    assert (document.state, document.added_by, document.name) == ("offered", CITIZEN, "đơn.pdf")
    file = asked.ward.file(asked.outcome)
    assert (file.row.state, file.row.due_at) == ("paused", None)
    assert file.present == {}
    assert asked.event().kind == "document.offered"
    (sent,) = asked.look().view.missing.components[0].files
    assert (sent.name, sent.state) == ("đơn.pdf", "offered")


def test_accepted_it_counts_and_the_clock_goes_on_since_it_came(asked):
    """Five working days from Monday 9:00, one hour used, a day stood: until Tuesday 9:00."""
    asked.ward.at(2026, 3, 3, 10)
    asked.send()
    asked.ward.at(2026, 3, 5, 16)  # the clerk looks two days later
    asked.accept()
    file = asked.ward.file(asked.outcome)
    assert file.row.state == "open"
    assert file.row.due_at == datetime_of(2026, 3, 10, 9, 0)
    assert file.pauses[-1].until == datetime_of(2026, 3, 3, 10)
    assert file.present == {"DON": {"electronic": 1}}
    assert [step.due_at for step in file.open_steps] == [datetime_of(2026, 3, 10, 9, 0)]
    body = asked.event().body
    assert (asked.event().kind, body["policy"]) == ("supplement.received", "continue")
    assert body["accepted"] == [each.number for each in asked.documents()]


def test_the_last_file_decides_since_when_the_clock_goes_on(asked):
    for day, name in ((3, "a.pdf"), (4, "b.pdf")):
        asked.ward.at(2026, 3, day, 10)
        asked.send(pdf(name), name=name)
    asked.ward.at(2026, 3, 6, 10)
    asked.accept()
    assert asked.ward.file(asked.outcome).pauses[-1].until == datetime_of(2026, 3, 4, 10)


def test_files_are_accepted_while_the_papers_are_still_waited_for(asked):
    asked.send()
    asked.accept(resume=False)
    file = asked.ward.file(asked.outcome)
    assert (file.row.state, file.present) == ("paused", {"DON": {"electronic": 1}})
    assert asked.event().kind == "document.accepted"
    with pytest.raises(NothingOffered):
        asked.accept()


def test_only_who_handles_the_dossier_accepts(asked):
    asked.send()
    outsider = next(
        each
        for each in asked.ward.actors.values()
        if not {"chuyen_vien"} & {position for _, position in each.holdings}
    )
    with pytest.raises(NotYours):
        asked.accept(actor=outsider)


def test_what_the_clerk_does_not_take_is_told_with_the_reason(asked):
    asked.send()
    (document,) = asked.documents()
    where = asked.outcome.dossier_id, document.number
    take_out(asked.office, asked.officer, *where, "Ảnh mờ, chụp lại cả trang")
    (sent,) = asked.look().view.missing.components[0].files
    assert (sent.state, sent.reason) == ("removed", "Ảnh mờ, chụp lại cả trang")
    assert asked.ward.stored(content) == []


def test_the_clerk_looks_at_it_before_accepting(asked):
    data = pdf("cua cong dan")
    asked.send(data)
    (document,) = asked.documents()
    where = asked.outcome.dossier_id, document.number
    record, stream = opened(asked.office, asked.officer, *where, "download")
    with stream:
        assert stream.read() == data
    assert record.state == "offered"


def test_nothing_is_taken_where_nothing_is_asked_for(window):
    window.issue()
    with pytest.raises(NothingAsked):
        window.send()
    window.ask()
    with pytest.raises(NotAskedFor):
        window.send(picture(), code="ANH", name="anh.png")
    token = window.look().token
    don = (Brought("DON"),)
    receive_supplement(window.office, window.officer, window.outcome.dossier_id, don)
    with pytest.raises(NothingAsked):
        window.send(token=token)


def test_a_request_that_ends_while_the_file_is_on_its_way_takes_nothing(asked):
    known = look_before_bringing(asked.office, asked.look().token, "DON", None, None)
    receive_supplement(asked.office, asked.officer, asked.outcome.dossier_id, (Brought("DON"),))
    with (
        arrive_from(asked.office, io.BytesIO(pdf())) as arrived,
        pytest.raises(NothingAsked),
    ):
        bring(asked.office, known, "DON", "a.pdf", arrived, key=None)
    assert asked.documents() == ()
    assert list(asked.store.all()) == []


@pytest.mark.parametrize(
    ("data", "refusal"),
    [(picture(), KindNotAccepted), (b"MZ" + bytes(200), UnknownKind), (b"<html>", UnknownKind)],
    ids=["picture", "program", "page"],
)
def test_files_go_through_the_same_examination(sqlite_window, data, refusal):
    sqlite_window.issue()
    sqlite_window.ask()
    with pytest.raises(refusal):
        sqlite_window.send(data)
    assert sqlite_window.documents() == ()
    assert list(sqlite_window.store.all()) == []


def test_pressed_twice_it_is_sent_once(asked):
    token = asked.look().token
    first = asked.send(token=token, key="k")
    assert asked.send(token=token, key="k") == first
    assert len(asked.documents()) == 1


def test_two_citizens_may_choose_the_same_key(window):
    window.issue()
    window.ask()
    window.send(key="k")
    other = type(window)(window.ward, window.folder)
    other.issue()
    other.ask()
    other.send(key="k")
    assert [len(each.documents()) for each in (window, other)] == [1, 1]


def test_nobody_fills_a_dossier_before_a_clerk_looks(sqlite_window, monkeypatch):
    monkeypatch.setattr("engine.dossiers.offered.MOST_WAITING", 2)
    sqlite_window.issue()
    sqlite_window.ask()
    for number in range(2):
        sqlite_window.send(pdf(str(number)))
    with pytest.raises(TooManyWaiting):
        sqlite_window.send(pdf("3"))
    sqlite_window.accept(resume=False)
    sqlite_window.send(pdf("3"))


class Silent:
    def scan(self, _stream):
        raise ScannerSilent


def test_what_no_scanner_has_passed_is_not_accepted_and_released_still_waits(sqlite_window):
    window = sqlite_window
    window.issue()
    window.ask()
    documents = window.office.documents
    window.office.documents = type(documents)(window.store, scanner=Silent())
    window.send()
    (document,) = window.documents()
    assert document.state == "quarantined"
    with pytest.raises(NothingOffered):
        window.accept()
    where = window.outcome.dossier_id, document.number
    release_document(window.office, window.officer, *where, "clamd")
    assert [each.state for each in window.documents()] == ["offered"]
    window.accept()


def test_a_dossier_with_files_of_its_applicant_comes_to_be_again(asked):
    asked.ward.at(2026, 3, 3, 10)
    asked.send()
    asked.accept(resume=False)
    asked.ward.at(2026, 3, 4, 10)
    asked.send(pdf("hai"))
    asked.ward.at(2026, 3, 6, 10)
    asked.accept()
    with asked.office.database.read() as connection:
        assert [each.differences for each in rebuild(connection)] == [()]


def test_an_offer_is_an_act_like_others(asked):
    """It counts in the dossier's version, so it never overwrites what an officer did meanwhile."""
    before = asked.ward.file(asked.outcome).row.version
    asked.send()
    assert asked.ward.file(asked.outcome).row.version == before + 1
