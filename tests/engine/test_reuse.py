"""What the same person brought before is taken over with one click; nobody brings it twice."""

import io
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from engine.archive.destroying import destroy
from engine.documents.disk_store import DiskStore
from engine.documents.keeping import arrive_from
from engine.documents.place import Documents
from engine.documents.reading import documents_of, opened
from engine.documents.taking_in import Offered, take_in, take_out
from engine.dossier_file import history
from engine.dossiers.components import Brought
from engine.dossiers.end_early import withdraw
from engine.dossiers.receive import Contact
from engine.dossiers.refusals import NoSuchComponent, NotYours
from engine.dossiers.reuse import NothingToReuse, NotReusable, NotSamePerson, reuse_component
from engine.forms.issuing import issue
from engine.forms.kinds import FormKind
from engine.journal import verify
from engine.proofs.rebuild import rebuild
from engine.reception.reusable import reusable
from engine.store.tables import component_reuse, document_access
from processes.errors import NotFound
from processes.procedure import ProcedureKind
from tests.engine.documents.files import pdf
from tests.engine.drawing import OFFICER, component, draw, end, start, step
from tests.engine.offices import Ward, stranger

HOA = Contact(identity_number="079089000128")
HEAD = (
    component("CCCD", reusable="csdl-dan-cu")
    + component("BAN_VE", "certified_copy 2", reusable="kho-so-hoa")
    + component("DON")
)
DIAGRAM = draw(start(), step("A"), end(), flows=("S A", "A E"), head=HEAD)
NO_YEARS = dict.fromkeys(ProcedureKind, 1)


@dataclass
class Counter:
    """One person's earlier dossier with its files, and a later one."""

    ward: Ward
    folder: Path
    files: tuple[bytes, ...] = (pdf("mat truoc"), pdf("mat sau"))
    papers: tuple[Brought, ...] = (
        Brought("BAN_VE", "certified_copy", 2),
        Brought("CCCD", "original", 1),
    )
    earlier: object = field(init=False)
    later: object = field(init=False)

    def __post_init__(self) -> None:
        self.store = DiskStore(self.folder)
        self.ward.office.documents = Documents(self.store)
        self.officer = self.ward.holder(*OFFICER)
        self.earlier = self.received(1, contact=HOA, components=self.papers)
        for data in self.files:
            self.bring(data)
        self.later = self.received(9, contact=HOA)

    def received(self, day: int, **stated):
        return self.ward.received(DIAGRAM, 2026, 3, 2 + day, 9, 0, **stated)

    def bring(self, data: bytes, code: str = "CCCD") -> None:
        offered = Offered(self.earlier.dossier_id, code, "giấy.pdf")
        with arrive_from(self.ward.office, io.BytesIO(data)) as arrived:
            take_in(self.ward.office, self.officer, offered, arrived)

    def offers(self, number: str = HOA.identity_number, actor=None):
        actor = actor or self.officer
        file = self.ward.file(self.later)
        with self.ward.office.database.read() as connection:
            return reusable(
                self.ward.office,
                connection,
                actor,
                file.version.procedure,
                number,
                apart_from=self.later.dossier_id,
            )

    def take(self, code: str = "CCCD", source=None, **more):
        source = source or self.earlier
        actor = more.pop("actor", self.officer)
        where = self.later.dossier_id, code, source.dossier_id
        return reuse_component(self.ward.office, actor, *where, **more)

    def documents(self, outcome):
        with self.ward.office.database.read() as connection:
            return documents_of(connection, self.ward.agency_id, outcome.dossier_id)

    def received_papers(self):
        """The papers that the later dossier's receipt lists."""
        where = self.ward.office, self.officer, self.later.dossier_id
        return issue(*where, FormKind.RECEIPT, {}, replacing=True).facts["components"]

    def events(self, outcome):
        with self.ward.office.database.read() as connection:
            return history(connection, self.officer, outcome.dossier_id)

    def destroy(self, outcome) -> None:
        """End the dossier and destroy it when its years are over."""
        office, head = self.ward.office, self.ward.head
        if self.ward.file(outcome).row.state not in ("returned", "closed"):
            withdraw(office, self.officer, outcome.dossier_id, "Người nộp xin rút hồ sơ")
        now = self.ward.clock.now()
        self.ward.clock.set(now.replace(year=now.year + 2))
        why = "Hết thời hạn bảo quản"
        destroy(office, head, outcome.dossier_id, why, NO_YEARS, decision_no="7/QĐ-UBND")


@pytest.fixture
def counter(ward, tmp_path):
    return Counter(ward, tmp_path / "documents")


@pytest.fixture
def sqlite_counter(sqlite_ward, tmp_path):
    return Counter(sqlite_ward, tmp_path / "documents")


def test_what_the_person_brought_before_is_offered(counter):
    found = {each.component: each for each in counter.offers()}
    assert set(found) == {"CCCD", "BAN_VE"}
    assert (found["CCCD"].code, found["CCCD"].files) == (counter.earlier.code, 2)
    assert found["CCCD"].copies == (("original", 1),)
    assert found["BAN_VE"].copies == (("certified_copy", 2),)


def test_the_newest_dossier_that_has_it_is_the_one_that_is_offered(sqlite_counter):
    counter = sqlite_counter
    newer = counter.received(10, contact=HOA, components=(Brought("CCCD", "original", 1),))
    found = {each.component: each.code for each in counter.offers()}
    assert found == {"CCCD": newer.code, "BAN_VE": counter.earlier.code}


@pytest.mark.parametrize("number", ["", "079089000129", "\0", "079089000128 "])
def test_another_number_is_another_person(sqlite_counter, number):
    assert sqlite_counter.offers(number) == ()


def test_another_agency_is_offered_nothing(sqlite_counter):
    assert sqlite_counter.offers(actor=stranger(sqlite_counter.officer)) == ()
    with pytest.raises(NotFound):
        sqlite_counter.take(actor=stranger(sqlite_counter.officer))


def test_one_click_takes_over_papers_and_files_and_copies_no_byte(counter):
    before = sorted(each.kept.sha256 for each in counter.store.all())
    counter.take(key="k")
    mine = counter.documents(counter.later)
    theirs = counter.documents(counter.earlier)
    assert [each.sha256 for each in mine] == [each.sha256 for each in theirs]
    assert sorted(each.kept.sha256 for each in counter.store.all()) == before
    assert counter.ward.file(counter.later).present == {"CCCD": {"original": 1, "electronic": 2}}
    for record, data in zip(mine, counter.files, strict=True):
        where = counter.later.dossier_id, record.number
        with opened(counter.ward.office, counter.officer, *where, "download")[1] as stream:
            assert stream.read() == data


def test_the_journals_of_both_say_so_and_the_look_is_written_down(counter):
    counter.take()
    mine = [each for each in counter.events(counter.later) if each.kind == "component.reused"]
    theirs = [each for each in counter.events(counter.earlier) if each.kind == "component.lent"]
    assert [each.body["from"] for each in mine] == [counter.earlier.code] * 2
    assert [each.body["to"] for each in theirs] == [counter.later.code] * 2
    assert mine[0].body["copies"] == [["original", 1]]
    looks = counter.ward.stored(document_access, dossier_id=counter.earlier.dossier_id)
    assert [each.way for each in looks] == ["reuse", "reuse"]
    with counter.ward.office.database.read() as connection:
        assert verify(connection)[1] == ()
        assert [each.differences for each in rebuild(connection)] == [(), ()]


def test_pressed_twice_it_is_taken_over_once(counter):
    assert counter.take(key="k") == counter.take(key="k")
    with pytest.raises(NothingToReuse):
        counter.take()
    assert len(counter.documents(counter.later)) == 2


def test_papers_alone_are_taken_over(sqlite_counter):
    sqlite_counter.take("BAN_VE")
    assert sqlite_counter.ward.file(sqlite_counter.later).present == {
        "BAN_VE": {"certified_copy": 2}
    }


def test_the_receipt_says_what_was_taken_over_and_counts_nothing_as_handed_in(counter):
    counter.take("CCCD")
    counter.take("BAN_VE")
    told = f"(không nộp lại: dùng lại từ hồ sơ {counter.earlier.code})"
    assert counter.received_papers() == [
        ["1", f"Giấy CCCD {told}", "", "", ""],
        ["2", f"Giấy BAN_VE {told}", "", "", ""],
    ]


def test_a_file_that_was_taken_out_again_is_not_on_the_receipt(sqlite_ward, tmp_path):
    counter = Counter(sqlite_ward, tmp_path / "documents", papers=())
    counter.take("CCCD")
    assert len(counter.received_papers()) == 1
    for each in counter.documents(counter.later):
        take_out(
            counter.ward.office,
            counter.officer,
            counter.later.dossier_id,
            each.number,
            "Bản cũ, người nộp có bản mới",
        )
    assert counter.received_papers() == []


def test_only_what_the_procedures_say_may_be_taken_over(sqlite_counter):
    with pytest.raises(NotReusable):
        sqlite_counter.take("DON")
    with pytest.raises(NoSuchComponent):
        sqlite_counter.take("KHAC")


def test_nothing_of_another_persons_is_taken_over(sqlite_counter):
    counter = sqlite_counter
    lan = counter.received(3, contact=Contact(identity_number="001190000011"))
    nobody = counter.received(4)
    for other in (lan, nobody):
        with pytest.raises(NotSamePerson):
            counter.take(source=other)
    counter.later = nobody
    with pytest.raises(NotSamePerson):
        counter.take()


def test_only_who_handles_the_later_dossier_takes_over(sqlite_counter):
    outsider = next(
        each
        for each in sqlite_counter.ward.actors.values()
        if not {"chuyen_vien"} & {position for _, position in each.holdings}
    )
    with pytest.raises(NotYours):
        sqlite_counter.take(actor=outsider)


def test_a_file_goes_when_the_last_dossier_that_refers_to_it_is_gone(counter):
    counter.take()
    counter.destroy(counter.earlier)
    assert len(list(counter.store.all())) == 2
    assert counter.offers() == ()
    with pytest.raises(NotSamePerson):
        counter.take("BAN_VE")
    counter.destroy(counter.later)
    assert list(counter.store.all()) == []


def test_what_is_removed_from_one_stays_in_the_other(sqlite_counter):
    counter = sqlite_counter
    counter.take()
    (first, _) = counter.documents(counter.later)
    where = counter.later.dossier_id, first.number
    take_out(counter.ward.office, counter.officer, *where, "Bản cũ, người nộp có bản mới")
    assert len(counter.documents(counter.earlier)) == 2
    assert len(list(counter.store.all())) == 2


def test_that_something_was_taken_over_stays_counted_for_ever(counter):
    counter.take()
    counter.destroy(counter.earlier)
    (row,) = counter.ward.stored(component_reuse)
    assert (row.dossier_id, row.component, row.source_id) == (
        counter.later.dossier_id,
        "CCCD",
        None,
    )
