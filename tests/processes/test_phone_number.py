"""Telephone numbers: kept as people say them; what was changed in 2018 is told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processes.contact_entry import InvalidContact
from processes.phone_number import judge_phone_number


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("0912 345 678", "0912345678"),
        ("0912.345.678", "0912345678"),
        ("(+84) 912-345-678", "0912345678"),
        ("+84912345678", "0912345678"),
        ("84912345678", "0912345678"),
        ("024 3825 4321", "02438254321"),
        ("+33 6 12 34 56 78", "+33612345678"),
        ("", ""),
        (" - ", ""),
    ],
)
def test_a_number_is_kept_in_one_spelling(typed, kept):
    judged = judge_phone_number(typed)
    assert (judged.value, judged.doubts) == (kept, ())


@pytest.mark.parametrize(
    ("typed", "now"),
    [
        ("01234567890", "0834567890"),
        ("0169 876 5432", "0398765432"),
        ("+84 120 123 4567", "0701234567"),
        ("01991234567", "0591234567"),
        ("0186.123.4567", "0561234567"),
    ],
)
def test_eleven_digits_of_old_are_refused_and_the_new_number_told(typed, now):
    with pytest.raises(InvalidContact) as refused:
        judge_phone_number(typed)
    assert f"số mới là {now}" in refused.value.message("vi")
    assert judge_phone_number(now).value == now


@pytest.mark.parametrize(
    "typed", ["12", "091234567", "09123456789", "hoa", "+85 912345678", "٠٩١٢٣٤٥٦٧٨", "0" * 60]
)
def test_what_nobody_can_call_is_refused(typed):
    with pytest.raises(InvalidContact) as refused:
        judge_phone_number(typed)
    assert refused.value.facts["field"] == "phone"
    assert refused.value.facts["hint_en"] != refused.value.facts["hint_vi"]


def test_a_prefix_that_nobody_has_is_doubted_and_kept():
    judged = judge_phone_number("0540123456")
    assert judged.value == "0540123456"
    assert "kho số" in judged.doubts[0].vi


@given(st.text(alphabet="0123456789+ .-()", max_size=20))
def test_any_number_is_kept_or_refused_and_kept_again_as_it_is(text):
    try:
        kept = judge_phone_number(text).value
    except InvalidContact:
        return
    assert judge_phone_number(kept).value == kept
