"""Signatures of documents are judged by the roots of the office, for the moment that is proved."""

import logging
import os
from dataclasses import replace
from datetime import timedelta

import pytest
from pyhanko.sign.fields import MDPPerm

from engine.signatures import verify
from engine.signatures.pdf import verify_pdf
from engine.signatures.preparing import prepare_pdf
from engine.signatures.trust import RevocationRule
from processes.digital_signature import (
    Coverage,
    Flaw,
    Later,
    Obstacle,
    Place,
    SignatureFindings,
    SignerKind,
)
from tests.engine.signatures.authority import (
    AGENCY,
    BORN,
    CHECKED,
    OFFICE,
    SIGNED,
    STRANGER,
    YEAR,
    document,
    increment,
    page_text,
    revocation_list,
    signed,
)

BESIDE = (300, 50, 450, 120)


@pytest.fixture(autouse=True)
def _silent_library():
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def found(data, trust=None, at=CHECKED):
    return verify_pdf(data, (trust or OFFICE().trust()).plain(), at)


def only(data, trust=None, at=CHECKED):
    (signature,) = found(data, trust, at).signatures
    return signature


def test_an_officers_signature_is_shown_with_who_and_what_it_covers():
    signature = only(signed(document(), OFFICE().officer))
    assert signature.holds
    assert (signature.name, signature.signer.organisation) == ("Nguyễn Văn An", "UBND phường")
    assert (signature.coverage, signature.later) == (Coverage.WHOLE, Later.NOTHING)


def test_the_time_is_that_of_a_timestamp_that_holds():
    signature = only(signed(document(), OFFICE().officer, stamped_by=OFFICE().stamps))
    assert signature.time_stamp.holds
    assert signature.signed_at == SIGNED
    assert signature.judged_at == SIGNED
    assert signature.time_stamp.authority == "TSA Chuyên dùng"


def test_a_timestamp_of_a_stranger_proves_no_time():
    signature = only(signed(document(), OFFICE().officer, stamped_by=STRANGER().stamps))
    assert signature.flaws == (Flaw.TIME_STAMP_UNTRUSTED,)
    assert signature.judged_at == CHECKED
    assert signature.holds  # the signature itself is the officer's all the same


def test_signed_by_the_officer_then_by_the_agency():
    once = signed(document(), OFFICE().officer)
    twice = signed(once, OFFICE().seal, "Dau", box=BESIDE)
    first, second = verify(twice, OFFICE().trust(), AGENCY, CHECKED).signatures
    assert (first.kind, first.login, first.later) == (
        SignerKind.PERSONAL,
        "an.nv",
        Later.SIGNATURES,
    )
    assert (first.coverage, second.coverage) == (Coverage.REVISION, Coverage.WHOLE)
    assert (second.kind, second.login) == (SignerKind.AGENCY, None)
    assert first.holds
    assert second.holds


def test_the_seal_of_one_agency_is_no_seal_at_another():
    data = signed(document(), OFFICE().seal)
    (signature,) = verify(data, OFFICE().trust(), "H29.18", CHECKED).signatures
    assert signature.kind is SignerKind.PERSONAL


def test_a_foreign_issuer_is_not_trusted():
    signature = only(signed(document(), STRANGER().officer))
    assert (signature.intact, signature.valid, signature.trusted) == (True, True, False)
    assert signature.flaws == (Flaw.FOREIGN,)


def test_without_roots_nobody_is_trusted():
    trust = replace(OFFICE().trust(), roots=())
    assert only(signed(document(), OFFICE().officer), trust).flaws == (Flaw.FOREIGN,)


def test_an_expired_certificate_counts_where_a_timestamp_proves_that_it_was_valid_then():
    later = CHECKED + YEAR
    assert only(signed(document(), OFFICE().expired), at=later).flaws == (Flaw.EXPIRED,)
    stamped = signed(document(), OFFICE().expired, stamped_by=OFFICE().stamps)
    assert only(stamped, at=later).holds


def test_a_certificate_from_before_its_time_does_not_hold():
    assert not only(signed(document(), OFFICE().officer), at=BORN - YEAR).holds


@pytest.mark.parametrize("rule", RevocationRule)
def test_a_revoked_certificate_does_not_hold(rule):
    trust = OFFICE().trust(rule=rule, crls=OFFICE().lists((OFFICE().revoked, SIGNED - YEAR)))
    assert only(signed(document(), OFFICE().revoked), trust).flaws == (Flaw.REVOKED,)
    stamped = signed(document(), OFFICE().revoked, stamped_by=OFFICE().stamps)
    assert only(stamped, trust).flaws == (Flaw.REVOKED,)


@pytest.mark.parametrize("rule", RevocationRule)
def test_what_was_signed_before_the_revocation_holds_if_a_timestamp_says_so(rule):
    soon = SIGNED + timedelta(minutes=5)
    trust = OFFICE().trust(rule=rule, crls=OFFICE().lists((OFFICE().revoked, soon)))
    assert only(signed(document(), OFFICE().revoked, stamped_by=OFFICE().stamps), trust).holds
    assert only(signed(document(), OFFICE().revoked), trust).flaws == (Flaw.REVOKED,)


def test_without_a_list_the_hard_rule_refuses_and_the_soft_one_does_not():
    data = signed(document(), OFFICE().officer)
    hard = OFFICE().trust(rule=RevocationRule.HARD)
    assert only(data, hard).flaws == (Flaw.REVOCATION_UNKNOWN,)
    assert only(data, replace(hard, crls=OFFICE().lists())).holds
    assert only(data, OFFICE().trust()).holds


def test_a_list_that_the_issuer_did_not_sign_revokes_nobody():
    forged = revocation_list(
        replace(STRANGER().issuer, certificate=OFFICE().issuer.certificate),
        [(OFFICE().officer, SIGNED - YEAR)],
    )
    trust = OFFICE().trust(crls=(forged,))
    assert only(signed(document(), OFFICE().officer), trust).holds


def test_a_revoked_issuer_takes_its_officers_along():
    trust = OFFICE().trust(
        crls=(revocation_list(OFFICE().root, [(OFFICE().issuer, SIGNED - YEAR)]),)
    )
    assert only(signed(document(), OFFICE().officer), trust).flaws == (Flaw.REVOKED,)


def test_a_certificate_for_other_uses_does_not_sign_documents():
    assert only(signed(document(), OFFICE().not_for_signing)).flaws == (Flaw.WRONG_USE,)


def test_one_altered_byte_breaks_the_signature():
    data = signed(document(), OFFICE().officer)
    assert only(data.replace(b"500.000", b"900.000")).flaws == (Flaw.ALTERED,)


def test_a_certification_says_so_and_what_it_allows():
    places = prepare_pdf(document(), [Place("Ky1", column=1), Place("Dau")])
    certified = signed(places, OFFICE().officer, certify=MDPPerm.FILL_FORMS)
    assert only(certified).certifies
    first, second = found(signed(certified, OFFICE().seal, "Dau")).signatures
    assert (first.holds, second.holds) == (True, True)
    assert not second.certifies


def test_a_form_filled_in_after_signing_is_a_change_unless_the_certification_allows_it():
    filled = {
        6: document(form=True).split(b"6 0 obj\n")[1].split(b"\nendobj")[0].replace(b"500", b"900")
    }
    plain = increment(signed(document(form=True), OFFICE().officer), filled)
    assert not only(plain).holds
    allowed = signed(document(form=True), OFFICE().officer, certify=MDPPerm.FILL_FORMS)
    assert only(increment(allowed, filled)).later in (Later.FILLED, Later.CHANGED)
    strict = signed(document(form=True), OFFICE().officer, certify=MDPPerm.NO_CHANGES)
    assert not only(increment(strict, filled)).holds


PAGE = (
    b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %s "
    b"/Resources << /Font << /F1 5 0 R >> >> %s >>"
)
SHADOWS = {
    "the text of the page replaced": {4: page_text("Quyet dinh so 12: cap 900.000 dong")},
    "the page shows another text, hidden until now": {3: PAGE % (b"7 0 R", b"")},
    "a note laid over the amount": {
        30: b"<< /Type /Annot /Subtype /FreeText /Rect [72 690 400 720] /Contents (900.000) /F 4 >>",
        3: PAGE % (b"4 0 R", b"/Annots [30 0 R]"),
    },
    "a second page": {
        30: PAGE % (b"4 0 R", b""),
        2: b"<< /Type /Pages /Kids [3 0 R 30 0 R] /Count 2 >>",
    },
    "another font under the same name": {5: b"<< /Type /Font /Subtype /Type1 /BaseFont /Symbol >>"},
}


@pytest.mark.parametrize("attack", SHADOWS)
def test_a_document_changed_after_signing_is_not_what_was_signed(attack):
    hidden = increment(document(), {7: page_text("Quyet dinh so 12: cap 900.000 dong")})
    signature = only(increment(signed(hidden, OFFICE().officer), SHADOWS[attack]))
    assert (signature.coverage, signature.later) == (Coverage.REVISION, Later.CHANGED)
    assert Flaw.CHANGED_LATER in signature.flaws
    assert not signature.holds


def test_a_signature_taken_out_of_the_document_is_missed():
    data = signed(document(), OFFICE().officer)
    stripped = increment(data, {1: b"<< /Type /Catalog /Pages 2 0 R >>"})
    assert found(stripped).obstacle is Obstacle.STRIPPED


def test_the_second_signature_does_not_heal_what_was_changed_after_the_first():
    changed = increment(signed(document(), OFFICE().officer), SHADOWS["a second page"])
    first, second = found(signed(changed, OFFICE().seal, "Dau", box=BESIDE)).signatures
    assert not first.holds
    assert second.holds


def test_bytes_behind_the_end_of_the_file_are_a_change():
    data = signed(document(), OFFICE().officer)
    assert only(data + b"x" * 1000).flaws == (Flaw.CHANGED_LATER,)
    assert only(data + b"\n").holds


def _byte_range(data, first, second):
    start = data.index(b"/ByteRange")
    end = data.index(b"]", start)
    words = b"/ByteRange [" + b" ".join(b"%d" % n for n in (*first, *second))
    return data[:start] + words.ljust(end - start) + data[end:]


@pytest.mark.parametrize(
    "forged",
    [
        lambda data: _byte_range(data, (0, 10), (20, 30)),
        lambda data: _byte_range(data, (0, 0), (0, 0)),
        lambda data: _byte_range(data, (0, 99999999), (1, 99999999)),
        lambda data: data.replace(b"/ByteRange", b"/ByteRang3"),
        lambda data: data.replace(b"/Contents <", b"/C0ntents <"),
        lambda data: data.replace(b"/SubFilter", b"/SubFi1ter"),
        lambda data: data.replace(b"/ETSI.CAdES.detached", b"/adbe.x509.rsa_sha1_"),
    ],
)
def test_a_signature_that_says_nonsense_of_itself_never_holds(forged):
    answer = found(forged(signed(document(), OFFICE().officer)))
    assert not answer.hold


def test_a_signature_cut_out_of_another_document_does_not_hold():
    own = signed(document("Quyet dinh so 99"), OFFICE().officer)
    other = signed(document("Quyet dinh so 12"), OFFICE().officer)
    blob = own[own.index(b"/Contents <") :].split(b">", 1)[0]
    place = other.index(b"/Contents <")
    end = other.index(b">", place)
    spliced = other[:place] + blob.ljust(end - place, b"0")[: end - place] + other[end:]
    assert only(spliced).flaws == (Flaw.ALTERED,)


def test_an_encrypted_file_is_said_to_be_one():
    from io import BytesIO  # noqa: PLC0415

    from pyhanko.pdf_utils.reader import PdfFileReader  # noqa: PLC0415
    from pyhanko.pdf_utils.writer import copy_into_new_writer  # noqa: PLC0415

    writer = copy_into_new_writer(PdfFileReader(BytesIO(signed(document(), OFFICE().officer))))
    writer.encrypt(owner_pass="bimat", user_pass="bimat")
    out = BytesIO()
    writer.write(out)
    answer = verify(out.getvalue(), OFFICE().trust(), AGENCY, CHECKED)
    assert answer.obstacle in (Obstacle.ENCRYPTED, None)
    assert not answer.hold
    assert found(out.getvalue()).obstacle is Obstacle.ENCRYPTED


def test_what_is_no_document_of_that_kind_is_said_to_be_none():
    trust = OFFICE().trust()
    assert verify(b"MZ", trust, AGENCY, CHECKED).obstacle is Obstacle.NOT_SIGNABLE
    plain = verify(document(), trust, AGENCY, CHECKED)
    assert (plain.obstacle, plain.signed, plain.hold) == (None, False, False)
    broken = b"%PDF-1.7 /ByteRange" + os.urandom(500)
    assert verify(broken, trust, AGENCY, CHECKED).obstacle is Obstacle.BROKEN


def test_a_cut_file_never_holds():
    data = signed(document(), OFFICE().officer)
    for cut in range(100, len(data) - 1, len(data) // 23):
        assert not found(data[:cut]).hold


def test_findings_are_read_back_as_they_were_written():
    data = signed(document(), OFFICE().officer, stamped_by=OFFICE().stamps)
    answer = verify(
        signed(data, STRANGER().seal, "Dau", box=BESIDE), OFFICE().trust(), AGENCY, CHECKED
    )
    assert SignatureFindings.from_data(answer.to_data()) == answer
    assert answer.trust == OFFICE().trust().digest
