"""A document goes out to be signed and comes back: the same, with signatures in its places."""

import logging

import pytest

from engine.signatures import prepare, require_same
from engine.signatures.preparing import compare_with_prepared, prepare_pdf
from engine.signatures.refusals import NothingSigned, NotPreparable, NotTheSameDocument
from processes.digital_signature import Difference, Place
from tests.engine.signatures.authority import (
    OFFICE,
    document,
    increment,
    page_text,
    signed,
)
from tests.engine.signatures.test_verify import SHADOWS, only

PLACES = (Place("KyCaNhan", "Người ký"), Place("KyCoQuan", "Cơ quan", column=1))
NAMES = ("KyCaNhan", "KyCoQuan")


@pytest.fixture(autouse=True)
def _silent_library():
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def prepared():
    return prepare_pdf(document(), PLACES)


def test_places_are_appended_and_the_document_stays_as_it_was(prepared):
    assert prepared.startswith(document())
    assert prepare_pdf(prepared, PLACES) == prepared


def test_preparing_gives_the_same_bytes_each_time(prepared):
    assert prepare_pdf(document(), PLACES) == prepared


def test_signed_in_its_place_it_is_the_same_document(prepared):
    once = signed(prepared, OFFICE().officer, "KyCaNhan", stamped_by=OFFICE().stamps)
    assert compare_with_prepared(len(prepared), once, NAMES) is None
    twice = signed(once, OFFICE().seal, "KyCoQuan")
    assert compare_with_prepared(len(once), twice, NAMES) is None
    assert compare_with_prepared(len(prepared), twice, NAMES) is None


@pytest.mark.parametrize("attack", SHADOWS)
def test_what_was_slipped_in_before_signing_is_found_though_the_signature_covers_it(
    prepared, attack
):
    hidden = increment(document(), {7: page_text("900.000 dong")})
    out = prepare_pdf(hidden, PLACES)
    back = signed(increment(out, SHADOWS[attack]), OFFICE().officer, "KyCaNhan")
    assert compare_with_prepared(len(out), back, NAMES) in (Difference.CHANGED, Difference.OUTSIDE)


def test_what_was_slipped_in_after_signing_is_found(prepared):
    back = signed(prepared, OFFICE().officer, "KyCaNhan")
    assert only(back).holds
    changed = increment(back, SHADOWS["a second page"])
    assert compare_with_prepared(len(prepared), changed, NAMES) is Difference.CHANGED


def test_a_place_moved_over_the_text_is_a_change(prepared):
    start = prepared.rindex(b"/T (KyCaNhan)")
    number = int(prepared[:start].split(b" 0 obj")[-2].split()[-1])
    body = prepared[prepared.rindex(b"%d 0 obj" % number) :].split(b"endobj")[0]
    rect = body[body.index(b"/Rect") : body.index(b"]", body.index(b"/Rect")) + 1]
    moved = body.split(b"obj", 1)[1].replace(rect, b"/Rect [72 690 400 720]")
    back = signed(increment(prepared, {number: moved}), OFFICE().officer, "KyCaNhan")
    assert compare_with_prepared(len(prepared), back, NAMES) is Difference.CHANGED


def test_a_visible_signature_elsewhere_may_cover_something(prepared):
    back = signed(prepared, OFFICE().officer, "Tuy y", box=(72, 690, 400, 720))
    assert compare_with_prepared(len(prepared), back, NAMES) is Difference.OUTSIDE
    assert compare_with_prepared(len(prepared), back, NAMES, anywhere=True) is None


def test_an_invisible_signature_covers_nothing(prepared):
    back = signed(prepared, OFFICE().officer, "Tuy y", visible=False)
    assert compare_with_prepared(len(prepared), back, NAMES) is None


def test_only_the_places_asked_for_may_be_signed(prepared):
    back = signed(prepared, OFFICE().seal, "KyCoQuan")
    assert compare_with_prepared(len(prepared), back, ["KyCaNhan"]) is Difference.OUTSIDE


def test_another_document_is_another(prepared):
    other = signed(document("Quyet dinh so 13"), OFFICE().officer, "KyCaNhan")
    with pytest.raises(NotTheSameDocument, match="another document"):
        require_same(prepared, other, NAMES)


def test_an_unsigned_document_is_not_signed(prepared):
    with pytest.raises(NothingSigned):
        require_same(prepared, prepared, NAMES)
    again = increment(prepared, {40: b"<< >>"})
    assert compare_with_prepared(len(prepared), again, NAMES) is not None


def test_the_process_prepares_and_compares():
    out = prepare(document(), PLACES)
    require_same(out, signed(out, OFFICE().officer, "KyCaNhan"), NAMES)


def test_what_cannot_be_prepared_is_refused_with_a_reason():
    with pytest.raises(NotPreparable, match="carries no signature"):
        prepare(b"PK\x03\x04", PLACES)
    with pytest.raises(NotPreparable, match="damaged"):
        prepare(b"%PDF-1.7 nothing follows", PLACES)
