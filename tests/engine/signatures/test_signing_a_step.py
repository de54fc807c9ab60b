"""A step that demands signatures is completed with them, in their order, or not at all."""

import io
import logging

import pytest

from engine.documents import taking_in
from engine.documents.disk_store import DiskStore
from engine.documents.keeping import arrive_from
from engine.documents.place import Documents
from engine.documents.reading import documents_of
from engine.documents.taking_in import Offered, take_in
from engine.dossier_file import history
from engine.dossiers.complete_step import complete_step
from engine.dossiers.documents import NotCurrent
from engine.journal import verify
from engine.proofs.rebuild import rebuild
from engine.signatures.exchange import look_for_signatures, prepare_document, take_back
from engine.signatures.refusals import (
    NotGivenOut,
    NothingSigned,
    NotTheSameDocument,
    SignaturesMissing,
)
from engine.signatures.trust import TrustFolder
from tests.engine.drawing import CHIEF, OFFICER, draw, end, start, step
from tests.engine.offices import datetime_of
from tests.engine.signatures.authority import OFFICE, STRANGER, document, increment, issued, signed
from tests.engine.signatures.test_verify import SHADOWS

DIAGRAM = draw(
    start(),
    step("Draft", '<qt:produces code="QD" name="Quyết định"/>'),
    step("Sign", lane=CHIEF, signature="personal", signs="QD", name="Ký duyệt"),
    step("Seal", signature="agency", signs="QD", name="Đóng dấu"),
    end(),
    flows=("S Draft", "Draft Sign", "Sign Seal", "Seal E"),
)
BOTH = draw(
    start(),
    step(
        "Sign",
        '<qt:produces code="QD" name="Quyết định"/>',
        lane=CHIEF,
        signature="personal_then_agency",
        signs="QD",
    ),
    end(),
    flows=("S Sign", "Sign E"),
)


class Signing:
    """A dossier whose decision is to be signed; the chief's certificate bears the chief's name."""

    def __init__(self, ward, folder, diagram=DIAGRAM):
        self.ward = ward
        ward.office.documents = Documents(DiskStore(folder / "documents"))
        ward.office.trusted = self.trusted(folder)
        self.outcome = ward.received(diagram, 2026, 3, 2, 8, 0)
        self.officer, self.chief = ward.holder(*OFFICER), ward.holder(*CHIEF)
        self.identity = issued(self.chief.name, OFFICE().issuer)

    def trusted(self, folder):
        root = OFFICE().folder(folder / "trust")
        office = root / "agencies" / self.ward.agency_id / "seals"
        office.mkdir(parents=True)
        (office / "seal.pem").write_bytes(OFFICE().seal.pem)
        return TrustFolder(root)

    @property
    def office(self):
        return self.ward.office

    @property
    def dossier(self):
        return self.outcome.dossier_id

    def complete(self, actor):
        (run,) = self.ward.file(self.outcome).open_steps
        return complete_step(self.office, actor, run.step_run_id)

    def bring(self, data, actor, **more):
        offered = Offered(self.dossier, "QD", "quyet dinh.pdf", more.pop("replaces", None))
        with arrive_from(self.office, io.BytesIO(data)) as arrived:
            return take_in(self.office, actor, offered, arrived).document

    def newest(self):
        with self.office.database.read() as connection:
            known = documents_of(connection, self.ward.agency_id, self.dossier)
        return [each for each in known if each.current][-1]

    def given_out(self):
        with self.office.documents.store.open(self.ward.agency_id, self.newest().sha256) as lying:
            return lying.read()

    def prepared(self, actor):
        number = self.bring(document(), actor).number
        prepare_document(self.office, actor, self.dossier, number)
        return self.given_out()

    def send(self, data, actor):
        with arrive_from(self.office, io.BytesIO(data)) as arrived:
            return take_back(self.office, actor, self.dossier, self.newest().number, arrived)

    def signed_by_the_chief(self):
        """Drafted, prepared, signed by the chief and taken back."""
        out = self.prepared(self.officer)
        self.complete(self.officer)
        self.send(signed(out, self.identity, "KyCaNhan", stamped_by=OFFICE().stamps), self.chief)


@pytest.fixture(autouse=True)
def _uploads_are_looked_at(monkeypatch):
    monkeypatch.setitem(taking_in.EXAMINERS, "signatures", look_for_signatures)
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def work(sqlite_ward, tmp_path):
    return Signing(sqlite_ward, tmp_path)


def test_a_decision_goes_out_comes_back_signed_and_then_sealed(ward, tmp_path):
    work = Signing(ward, tmp_path)
    work.signed_by_the_chief()
    work.complete(work.chief)
    work.send(signed(work.given_out(), OFFICE().seal, "KyCoQuan"), work.officer)
    work.complete(work.officer)
    found = work.newest().findings["signatures"]["signatures"]
    assert [(each["kind"], each["holds"]) for each in found] == [
        ("personal", True),
        ("agency", True),
    ]
    assert ward.events(work.outcome)[1:] == [
        "document.added",
        "document.prepared",
        "step.completed",
        "document.signed",
        "step.completed",
        "document.signed",
        "step.completed",
    ]
    with work.office.database.read() as connection:
        assert verify(connection)[1] == ()
        assert [each.differences for each in rebuild(connection)] == [()]


def test_without_a_file_the_step_says_that_there_is_none(work):
    work.complete(work.officer)
    with pytest.raises(SignaturesMissing, match="'Quyết định' signed: there is no file"):
        work.complete(work.chief)


def test_an_unsigned_document_is_refused_with_whose_signature_lacks(work):
    work.prepared(work.officer)
    work.complete(work.officer)
    with pytest.raises(SignaturesMissing) as refused:
        work.complete(work.chief)
    assert f"thiếu chữ ký số cá nhân của {work.chief.name}" in refused.value.message("vi")
    assert work.ward.events(work.outcome)[-1] == "step.completed"  # of the draft: nothing since


def test_somebody_elses_signature_is_not_the_chiefs(work):
    out = work.prepared(work.officer)
    work.complete(work.officer)
    work.send(signed(out, OFFICE().colleague, "KyCaNhan"), work.chief)
    with pytest.raises(SignaturesMissing, match="there is that of Trần Thị Bình"):
        work.complete(work.chief)


def test_the_seal_does_not_stand_for_the_chief(work):
    out = work.prepared(work.officer)
    work.complete(work.officer)
    work.send(signed(out, OFFICE().seal, "KyCoQuan"), work.chief)
    with pytest.raises(SignaturesMissing, match="personal signature"):
        work.complete(work.chief)


def test_a_foreign_certificate_with_the_chiefs_name_is_refused(work):
    work.complete(work.officer)
    forged = issued(work.chief.name, STRANGER().issuer)
    work.bring(signed(document(), forged), work.chief)
    with pytest.raises(SignaturesMissing, match="the issuer is not one that this office trusts"):
        work.complete(work.chief)


def test_the_seal_comes_after_the_signature_also_within_one_step(sqlite_ward, tmp_path):
    work = Signing(sqlite_ward, tmp_path, BOTH)
    out = work.prepared(work.chief)
    wrong = signed(signed(out, OFFICE().seal, "KyCoQuan"), work.identity, "KyCaNhan")
    work.send(wrong, work.chief)
    with pytest.raises(SignaturesMissing, match="the agency signature is missing"):
        work.complete(work.chief)


def test_in_the_right_order_one_step_takes_both(sqlite_ward, tmp_path):
    work = Signing(sqlite_ward, tmp_path, BOTH)
    out = work.prepared(work.chief)
    work.send(signed(signed(out, work.identity, "KyCaNhan"), OFFICE().seal, "KyCoQuan"), work.chief)
    assert work.complete(work.chief).opened == ()


def test_another_document_does_not_come_back_in_its_place(work):
    work.prepared(work.officer)
    with pytest.raises(NotTheSameDocument, match="another document"):
        work.send(signed(document("Quyet dinh so 99"), work.identity), work.officer)
    with pytest.raises(NothingSigned):
        work.send(work.given_out(), work.officer)


@pytest.mark.parametrize("attack", SHADOWS)
def test_nothing_is_slipped_in_on_the_way(work, attack):
    out = work.prepared(work.officer)
    changed = increment(out, SHADOWS[attack])
    with pytest.raises(NotTheSameDocument):
        work.send(signed(changed, work.identity, "KyCaNhan"), work.officer)


def test_what_was_not_given_out_cannot_come_back(work):
    work.bring(document(), work.officer)
    with pytest.raises(NotGivenOut):
        work.send(signed(document(), work.identity), work.officer)


def test_a_plain_upload_in_place_of_the_prepared_one_does_not_count(work):
    work.prepared(work.officer)
    work.complete(work.officer)
    work.bring(
        signed(document("Quyet dinh so 99"), work.identity),
        work.chief,
        replaces=work.newest().number,
    )
    with pytest.raises(SignaturesMissing, match="not the prepared one that came back"):
        work.complete(work.chief)


def test_a_version_put_in_between_is_not_overwritten(work):
    out = work.prepared(work.officer)
    stale = work.newest().number
    work.send(signed(out, work.identity, "KyCaNhan"), work.officer)
    with (
        pytest.raises(NotCurrent),
        arrive_from(work.office, io.BytesIO(signed(out, OFFICE().seal, "KyCoQuan"))) as arrived,
    ):
        take_back(work.office, work.officer, work.dossier, stale, arrived)


def test_findings_stay_what_they_were_when_the_document_came(work):
    work.signed_by_the_chief()
    before = work.newest().findings
    work.ward.clock.set(datetime_of(2040, 1, 2, 8, 0))
    assert work.newest().findings == before
    assert before["signatures"]["trust"] == work.office.trusted.now().digest


def test_the_journal_tells_what_was_found(work):
    work.signed_by_the_chief()
    with work.office.database.read() as connection:
        event = history(connection, work.chief, work.dossier)[-1]
    assert event.kind == "document.signed"
    (found,) = event.body["findings"]["signatures"]["signatures"]
    assert found["signer"]["name"] == work.chief.name
    assert found["time_stamp"]["trusted"]


def test_one_key_prepares_and_takes_back_once(work):
    number = work.bring(document(), work.officer).number
    for _ in range(2):
        first = prepare_document(work.office, work.officer, work.dossier, number, key="k1")
    assert first.version == work.newest().number
    data, number = signed(work.given_out(), work.identity, "KyCaNhan"), work.newest().number
    for _ in range(2):
        with arrive_from(work.office, io.BytesIO(data)) as arrived:
            take_back(work.office, work.officer, work.dossier, number, arrived, key="k2")
    assert work.ward.events(work.outcome)[2:] == ["document.prepared", "document.signed"]
