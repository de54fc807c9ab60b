"""Files of a dossier: brought by who handles it, counted when they pass, really deleted."""

import hashlib
import threading
from datetime import timedelta

import pytest

from engine.documents import taking_in
from engine.documents.reading import NotYourDocuments, accesses_of, opened
from engine.documents.store import MEGABYTE, DocumentTooLarge, NoContent
from engine.documents.taking_in import look_before
from engine.dossiers.complete_step import complete_step
from engine.dossiers.components import Brought, record_components
from engine.dossiers.documents import DossierTooLarge, NoSuchDocument, NotCurrent
from engine.dossiers.end_early import withdraw
from engine.dossiers.refusals import (
    ComponentsMissing,
    DossierClosed,
    InvalidCopies,
    KeyReused,
    NoSuchComponent,
    NoSuchDossier,
    NotYours,
    ReasonNeeded,
)
from engine.journal import verify
from engine.proofs.rebuild import rebuild
from processes.file_kind import KindNotAccepted, UnknownKind
from tests.engine.documents.files import pdf, picture
from tests.engine.documents.filing import DIAGRAM
from tests.engine.drawing import component, draw, end, start, step
from tests.engine.offices import stranger


def complete(filing, element="A"):
    run = filing.ward.run(filing.outcome, element)
    return complete_step(filing.office, filing.officer, run.step_run_id)


def test_a_step_that_demands_a_file_is_blocked_until_the_file_is_there(filing):
    with pytest.raises(ComponentsMissing, match="1 electronic copy of Giấy DON"):
        complete(filing)
    filing.bring()
    complete(filing)


def test_paper_is_no_file_and_a_file_is_no_paper(filing):
    filing.bring()
    complete(filing)
    filing.bring(pdf("mot"), "BAN_VE")
    filing.bring(pdf("hai"), "BAN_VE")
    with pytest.raises(ComponentsMissing, match="1 certified copy of Giấy BAN_VE"):
        complete(filing, "B")
    paper = (Brought("BAN_VE", "certified_copy"),)
    record_components(filing.office, filing.officer, filing.outcome.dossier_id, paper)
    complete(filing, "B")


def test_nobody_counts_files_by_hand(sqlite_filing):
    filing, by_hand = sqlite_filing, (Brought("DON", "electronic", 1),)
    with pytest.raises(InvalidCopies):
        record_components(filing.office, filing.officer, filing.outcome.dossier_id, by_hand)


def test_the_journal_says_what_was_brought(filing):
    data = pdf(pages=2)
    taken = filing.bring(data, name="C:\\quét\\đơn\u202e.pdf")
    event = filing.event()
    assert event.kind == "document.added"
    assert event.actor_id == filing.officer.account_id
    said = {name: event.body[name] for name in ("sha256", "size", "kind", "pages", "component")}
    assert said == {
        "sha256": hashlib.sha256(data).hexdigest(),
        "size": len(data),
        "kind": "pdf",
        "pages": 2,
        "component": "DON",
    }
    assert (event.body["name"], event.body["given_name"]) == (
        "đơn.pdf",
        "C:\\quét\\đơn\u202e.pdf",
    )
    assert taken.document.number == event.body["number"] == 2


def test_a_name_ends_in_what_the_file_is(sqlite_filing):
    taken = sqlite_filing.bring(picture("PNG"), "ANH", name="ảnh.pdf")
    assert taken.document.name == "ảnh.pdf.png"


def test_a_component_says_which_kinds_of_files_it_takes(sqlite_filing):
    with pytest.raises(KindNotAccepted, match=r"takes JPEG, PNG only"):
        sqlite_filing.bring(pdf(), "ANH")
    sqlite_filing.bring(picture("JPEG"), "ANH", name="a.jpg")


def test_of_a_refused_file_nothing_stays(filing):
    for data, code in ((b"MZ\x90\0", "DON"), (pdf(), "ANH"), (pdf(), "KHONG_CO")):
        with pytest.raises((UnknownKind, KindNotAccepted, NoSuchComponent)):
            filing.bring(data, code)
    assert (filing.lying(), filing.known(), filing.on_its_way()) == ([], [], [])
    assert filing.ward.events(filing.outcome) == ["dossier.received"]


def test_a_new_version_stands_in_the_place_of_the_old_one_which_is_kept(filing):
    first = filing.bring(pdf("mot")).document
    second = filing.bring(pdf("hai"), replaces=first.number).document
    assert [(d.edition, d.state) for d in filing.listed()] == [(1, "replaced"), (2, "current")]
    assert second.first_number == first.number
    assert filing.event().body["replaces"] == first.number
    assert filing.ward.file(filing.outcome).present["DON"] == {"electronic": 1}
    with pytest.raises(NotCurrent):
        filing.bring(pdf("ba"), replaces=first.number)
    with pytest.raises(NoSuchDocument):
        filing.bring(pdf("ba"), replaces=99)


def test_removing_really_deletes_and_the_journal_remembers(filing):
    document = filing.bring().document
    with pytest.raises(ReasonNeeded):
        filing.remove(document.number, "")
    filing.remove(document.number)
    assert (filing.listed(), filing.lying(), filing.known()) == ((), [], [])
    event = filing.event()
    assert event.kind == "document.removed"
    assert event.body["sha256"] == document.sha256
    assert event.body["reason"] == "Nộp nhầm giấy của người khác"
    assert "DON" not in filing.ward.file(filing.outcome).present
    with pytest.raises(NoSuchDocument):
        filing.remove(document.number)


def test_a_content_goes_with_the_last_document_that_refers_to_it(filing):
    other = filing.ward.received(DIAGRAM)
    first, second = filing.bring().document, filing.bring(into=other).document
    assert first.sha256 == second.sha256
    filing.remove(first.number)
    assert filing.lying() == [second.sha256]
    record, stream = opened(
        filing.office, filing.officer, other.dossier_id, second.number, "download"
    )
    with stream:
        assert hashlib.sha256(stream.read()).hexdigest() == record.sha256


def test_the_same_request_brings_one_document(filing):
    one, again = filing.bring(key="k1"), filing.bring(key="k1")
    assert one == again
    assert len(filing.listed()) == 1
    with pytest.raises(KeyReused):
        filing.bring(pdf("khác"), key="k1")
    assert len(filing.lying()) == 1
    filing.remove(one.document.number, key="k2")
    filing.remove(one.document.number, key="k2")
    assert filing.bring(key="k1").document is None
    assert (filing.lying(), filing.known()) == ([], [])


def test_a_dossier_has_room_for_so_much(filing):
    size = len(pdf())
    filing.has(most_dossier_bytes=2 * size)
    filing.bring()
    filing.bring(code="BAN_VE")
    with pytest.raises(DossierTooLarge):
        filing.bring(pdf("a"))
    assert len(filing.lying()) == 1


def test_who_may_not_bring_is_told_before_the_bytes_come(sqlite_filing):
    filing = sqlite_filing
    offered = taking_in.Offered(filing.outcome.dossier_id, "DON", "a.pdf")
    look_before(filing.office, filing.officer, offered, 10, None)
    with pytest.raises(NotYours):
        look_before(filing.office, filing.outsider, offered, 10, None)
    with pytest.raises(NoSuchDossier):
        look_before(filing.office, stranger(filing.officer), offered, 10, None)
    with pytest.raises(DocumentTooLarge):
        look_before(filing.office, filing.officer, offered, 51 * MEGABYTE, None)
    filing.has(most_dossier_bytes=10)
    with pytest.raises(DossierTooLarge):
        look_before(filing.office, filing.officer, offered, 11, None)


def test_who_may_not_bring_brings_nothing(filing):
    with pytest.raises(NotYours):
        filing.bring(actor=filing.outsider)
    with pytest.raises(NoSuchDossier):
        filing.bring(actor=stranger(filing.officer))
    withdraw(filing.office, filing.officer, filing.outcome.dossier_id, "Người nộp rút hồ sơ")
    with pytest.raises(DossierClosed):
        filing.bring()
    assert (filing.lying(), filing.known()) == ([], [])


def test_a_head_removes_what_should_never_have_been_brought_even_afterwards(filing):
    document = filing.bring().document
    withdraw(filing.office, filing.officer, filing.outcome.dossier_id, "Người nộp rút hồ sơ")
    with pytest.raises(DossierClosed):
        filing.remove(document.number)
    filing.remove(document.number, actor=filing.ward.head)
    assert filing.lying() == []


def test_who_had_the_dossier_in_hand_reads_it_and_each_look_is_written_down(filing):
    document = filing.bring().document
    dossier_id = filing.outcome.dossier_id
    for actor, way in ((filing.officer, "download"), (filing.ward.head, "preview")):
        filing.ward.clock.set(filing.ward.clock.now() + timedelta(minutes=1))
        opened(filing.office, actor, dossier_id, document.number, way)[1].close()
    with pytest.raises(NotYourDocuments):
        opened(filing.office, filing.outsider, dossier_id, document.number, "download")
    with pytest.raises(NoSuchDossier):
        opened(filing.office, stranger(filing.officer), dossier_id, document.number, "download")
    with filing.office.database.read() as connection:
        looks = accesses_of(connection, filing.officer, dossier_id)
    assert [(look.account_id, look.way) for look in looks] == [
        (filing.ward.head.account_id, "preview"),
        (filing.officer.account_id, "download"),
    ]


def test_bytes_that_are_gone_are_told_as_such(sqlite_filing):
    filing = sqlite_filing
    document = filing.bring().document
    filing.store.remove(filing.ward.agency_id, document.sha256)
    with pytest.raises(NoContent):
        opened(
            filing.office, filing.officer, filing.outcome.dossier_id, document.number, "download"
        )


def test_what_examiners_find_stands_with_the_document_and_in_its_journal(filing, monkeypatch):
    def count(_office, _actor, path, facts):
        return {"bytes": path.stat().st_size} if facts.kind == "pdf" else None

    monkeypatch.setitem(taking_in.EXAMINERS, "counted", count)
    data = pdf()
    document = filing.bring(data).document
    assert document.findings == filing.event().body["findings"]
    assert document.findings["counted"] == {"bytes": len(data)}
    assert filing.bring(picture("PNG"), "ANH", name="a.png").document.findings == {}


def test_an_open_dossier_keeps_a_component_that_a_newer_version_no_longer_has(filing):
    newer = draw(start(), step("A"), end(), flows=("S A", "A E"), head=component("KHAC"))
    filing.ward.publish(newer)
    with pytest.raises(NoSuchComponent):
        filing.bring(code="KHAC")
    filing.bring()
    complete(filing)


@pytest.mark.parametrize(
    "name", ["../../../etc/passwd", "/etc/cron.d/x.pdf", "C:\\Windows\\x.pdf", "..", "a/b/../../c"]
)
def test_a_path_in_a_file_name_leads_nowhere(sqlite_filing, name):
    before = {path for path in sqlite_filing.folder.parent.rglob("*") if path.is_file()}
    document = sqlite_filing.bring(name=name).document
    assert not set("/\\") & set(document.name)
    assert document.name not in (".", "..")
    new = {path for path in sqlite_filing.folder.parent.rglob("*") if path.is_file()} - before
    assert [path for path in new if sqlite_filing.folder in path.parents] == [
        sqlite_filing.store._place(sqlite_filing.ward.agency_id, document.sha256)
    ]
    assert document.sha256 in {path.name for path in new}


def test_of_two_new_versions_at_once_one_stands_in_the_old_one_s_place(filing):
    number = filing.bring().document.number
    together, outcomes = threading.Barrier(2), []

    def replace_by(pages):
        together.wait()
        try:
            outcomes.append(filing.bring(pdf(pages=pages), replaces=number).document.number)
        except NotCurrent as refusal:
            outcomes.append(refusal)

    threads = [threading.Thread(target=replace_by, args=(pages,)) for pages in (2, 3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [type(each) for each in outcomes].count(NotCurrent) == 1
    (current,) = [each for each in filing.listed() if each.current]
    assert current.number in outcomes
    assert len(filing.lying()) == 2  # of the refused one nothing stays


def test_two_uploads_at_once_both_come_into_the_dossier(filing):
    together = threading.Barrier(2)

    def one(pages):
        together.wait()
        filing.bring(pdf(pages=pages))

    threads = [threading.Thread(target=one, args=(pages,)) for pages in (2, 3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(each.pages for each in filing.listed()) == [2, 3]
    assert len(filing.lying()) == 2


def test_a_dossier_with_documents_comes_to_be_again_from_its_journal(filing):
    first = filing.bring(pdf("mot")).document
    filing.bring(pdf("hai"), replaces=first.number)
    third = filing.bring(picture("PNG"), "ANH", name="a.png").document
    filing.remove(third.number)
    complete(filing)
    with filing.office.database.read() as connection:
        assert verify(connection)[1] == ()
        assert [each.differences for each in rebuild(connection)] == [()]
