"""Personal data are masked: enough to recognise, too little to use."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processes.masking import masked_email, masked_name, masked_number, masked_text


def test_of_a_name_the_given_name_is_kept():
    assert masked_name("Nguyễn Văn An") == "N. V. An"
    assert masked_name("An") == "An"
    assert masked_name("  ") == ""


def test_of_a_number_the_end_is_kept():
    assert masked_number("079090001234") == "*********234"
    assert masked_number("0912.345.678") == "****.***.678"
    assert masked_email("an.nguyen@thuduc.vn") == "a***@thuduc.vn"


MASKED = {
    "CCCD 079090001234 không đúng": "CCCD *********234 không đúng",
    "CMND 280912345": "CMND ******345",
    "gọi 0912 345 678 hoặc +84912345678": "gọi **** *** 678 hoặc +********678",
    "mail=an@vi.du.vn;": "mail=a***@vi.du.vn;",
    "('Lê Thị Hoa')\n[parameters: {'applicant': 'Lê Thị Hoa'}]\n(Background)": (
        "('Lê Thị Hoa')\n[parameters: ***]\n(Background)"
    ),
    "ERROR:  null value\nDETAIL:  Failing row contains (H01, Lê Thị Hoa).": (
        "ERROR:  null value\nDETAIL: ***"
    ),
}
KEPT = [
    "dossier 019cac0f-2680-734a-8fb5-262703806912: step",
    "hồ sơ 000.00.17.H29-260302-0001",
    "1.013225 took 123456789.5 s",
    "sha256 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "tệp 12345678 byte, dòng 1234",
]


@pytest.mark.parametrize(("said", "masked"), MASKED.items())
def test_a_line_of_the_log_loses_what_identifies_people(said, masked):
    assert masked_text(said) == masked


@pytest.mark.parametrize("said", KEPT)
def test_codes_ids_and_measures_stay_readable(said):
    assert masked_text(said) == said


@given(st.integers(0, 10**12 - 1), st.sampled_from(["số {}", "({})", "{},", "'{}'"]))
def test_no_identity_number_is_left_whole(number, form):
    written = f"{number:012d}"
    assert written not in masked_text(form.format(written))


@given(st.text(max_size=200))
def test_masking_twice_masks_nothing_more(text):
    assert masked_text(masked_text(text)) == masked_text(text)
