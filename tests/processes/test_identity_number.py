"""Numbers of papers: what cannot be is refused, what is unlikely is said and may stand."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processes.contact_entry import InvalidContact
from processes.identity_number import birth_year, judge_identity_number

TODAY = date(2026, 3, 2)


def doubts(text, today=TODAY, born=None):
    return [doubt.vi for doubt in judge_identity_number(text, today, born).doubts]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("001085012345", "001085012345"),
        (" 001 085 012 345 ", "001085012345"),
        ("001.085.012.345", "001085012345"),
        ("079203000001", "079203000001"),  # a boy born in 2003 in Ho Chi Minh City
        ("c1234567", "C1234567"),
        ("P12345678", "P12345678"),
        ("0100109106", "0100109106"),  # a tax code whose check digit fits
        ("0100109106-001", "0100109106-001"),
        ("", ""),
        ("  ", ""),
    ],
)
def test_a_proper_number_is_kept_without_blanks(typed, kept):
    judged = judge_identity_number(typed, TODAY)
    assert (judged.value, judged.doubts) == (kept, ())


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        ("00108501234", "có 11 chữ số"),
        ("0010850123456", "có 13 chữ số"),
        ("12345", "có 5 chữ số"),
        ("00108501234a", "12 chữ số"),
        ("ABC", "hộ chiếu"),
        ("٠٠١٠٨٥٠١٢٣٤٥", "12 chữ số"),
        ("0100109106-1", "mã số thuế"),
        ("001245012345", "năm sinh 2045, chưa tới"),
        ("001485012345", "năm sinh 2185, chưa tới"),
    ],
)
def test_what_no_paper_can_say_is_refused_with_what_is_wrong(typed, hint):
    with pytest.raises(InvalidContact) as refused:
        judge_identity_number(typed, TODAY)
    assert refused.value.facts["field"] == "identity_number"
    assert hint in refused.value.message("vi")


@pytest.mark.parametrize(
    ("typed", "doubt"),
    [
        ("003085012345", "không phải mã tỉnh"),
        ("000123456789", "không phải mã tỉnh"),
        ("001001012345", "sinh năm 1901"),
        ("123456789", "không còn giá trị từ 01/01/2025"),
        ("0100109107", "Số kiểm tra"),
        ("AB123456", "hộ chiếu nước ngoài"),
    ],
)
def test_what_is_unlikely_is_said_and_kept(typed, doubt):
    judged = judge_identity_number(typed, TODAY)
    assert judged.value == typed
    (said,) = judged.doubts
    assert doubt in said.vi
    assert said.message("en") == said.en != said.vi


def test_a_child_registered_abroad_has_a_code_beyond_the_provinces():
    assert doubts("220203000001") == []


def test_the_old_card_was_good_until_the_end_of_2024():
    assert doubts("123456789", date(2024, 12, 31)) == []
    assert doubts("123456789", date(2025, 1, 1)) != []


def test_the_year_in_the_number_is_compared_with_the_date_of_birth():
    assert doubts("001085012345", born=date(1985, 5, 1)) == []
    (said,) = doubts("001085012345", born=date(1986, 5, 1))
    assert "sinh năm 1985" in said
    assert "01/05/1986" in said


@given(st.sampled_from(["001", "048", "079", "096"]), st.integers(1900, 2026), st.booleans())
def test_the_number_says_century_and_year(place, year, woman):
    number = f"{place}{2 * ((year - 1900) // 100) + woman}{year % 100:02d}000001"
    assert birth_year(number) == year
    assert judge_identity_number(number, TODAY).value == number


@given(st.text(max_size=30))
def test_any_text_is_kept_or_refused(text):
    try:
        judged = judge_identity_number(text, TODAY)
    except InvalidContact:
        return
    assert judge_identity_number(judged.value, TODAY) == judged
