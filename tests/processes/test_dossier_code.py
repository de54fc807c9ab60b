"""Dossier codes: both spellings mean one code, and what people type is understood or left alone."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processes.dossier_code import DossierCode, Mend, Spelling, UnitCode, read_code, spelt

FORWARD, REVERSED = "000.00.17.H29-250701-0001", "H29.17-250701-0001"
CODE = DossierCode(UnitCode("H29", "17"), date(2025, 7, 1), 1)
LAWFUL = st.builds(
    DossierCode,
    st.builds(
        UnitCode,
        st.from_regex(r"[GHK][0-9]{2}", fullmatch=True),
        st.from_regex(r"[0-9]{2}", fullmatch=True),
        st.from_regex(r"[0-9]{2}", fullmatch=True),
        st.from_regex(r"[0-9]{3}", fullmatch=True),
    ),
    st.dates(date(2000, 1, 1), date(2099, 12, 31)),
    st.integers(1, 999_999),
)


@pytest.mark.parametrize("text", [FORWARD, REVERSED])
def test_both_spellings_are_one_code(text):
    reading = read_code(text)
    assert reading.code == CODE
    assert reading.mends == ()
    assert set(reading.candidates) == {FORWARD, REVERSED}


@given(LAWFUL)
def test_every_lawful_code_is_read_again_in_each_spelling(code):
    for text in code.spellings:
        assert read_code(text).code == code


@pytest.mark.parametrize(
    ("typed", "mends"),
    [
        ("  H29.17-250701-0001 ", {Mend.SPACES}),
        ("h29.17-250701-0001", {Mend.CASE}),
        ("Ｈ２９．１７－２５０７０１－０００１", {Mend.WIDTH, Mend.SIGNS}),
        ("“H29.17-250701-0001”", {Mend.QUOTES}),
        ("«H29.17–250701–0001»", {Mend.QUOTES, Mend.SIGNS}),
        ("H29.17-25O7O1-OOO1", {Mend.LETTERS}),
        ("H29172507010001", {Mend.SEPARATORS}),
        ("0000017H29-250701-0001", {Mend.SEPARATORS}),
        ("H29.17-250701-1", {Mend.SHORT}),
        ("000.00.17.H29\u200b-250701-0001", {Mend.SPACES}),
    ],
)
def test_what_can_mean_one_thing_only_is_understood_and_told(typed, mends):
    reading = read_code(typed)
    assert reading.code == CODE
    assert set(reading.mends) == mends


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "1.014955-Xoa",
        "BENCH-260302-0001",
        "H29.17-251332-0001",  # no such day
        "H29.17-250701-0000",
        "H29110112310001",  # H29, 11-01-12, 310001; or H29.11, 01-12-31, 0001
        "x" * 10_000,
        "\ud800",
        "H29.17-250701-00000000001",
    ],
)
def test_what_is_no_code_is_left_as_it_is(typed):
    assert read_code(typed).code is None


@given(st.text(max_size=120))
def test_nothing_that_is_typed_makes_it_fail(typed):
    reading = read_code(typed)
    assert all(len(each) <= 240 for each in reading.candidates)


@pytest.mark.parametrize(
    ("identity", "forward", "reversed_"),
    [
        ("000.00.17.H29", "000.00.17.H29", "H29.17"),
        ("H29.17.05", "000.05.17.H29", "H29.17.05"),
        ("001.05.17.H29", "001.05.17.H29", "H29.17.05.001"),
        ("G15", "000.00.00.G15", "G15"),
    ],
)
def test_a_unit_is_spelt_either_way(identity, forward, reversed_):
    assert spelt(identity, Spelling.FORWARD) == forward
    assert spelt(identity, Spelling.REVERSED) == reversed_
    assert spelt(identity, Spelling.AS_IS) == identity


def test_an_identity_code_of_another_shape_is_kept():
    assert spelt("BENCH", Spelling.REVERSED) == "BENCH"
