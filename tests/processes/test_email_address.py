"""E-mail addresses: refused, doubted, kept."""

import pytest

from processes.contact_entry import InvalidContact
from processes.email_address import judge_email


@pytest.mark.parametrize("address", ["hoa@gmail.com", "a.b@phuong.hanoi.gov.vn", ""])
def test_an_address_is_kept(address):
    judged = judge_email(f" {address} ")
    assert (judged.value, judged.doubts) == (address, ())


@pytest.mark.parametrize("address", ["hoa", "hoa@gmail", "h oa@gmail.com", f"hoa@{'a' * 200}.vn"])
def test_what_no_letter_reaches_is_refused(address):
    with pytest.raises(InvalidContact):
        judge_email(address)


def test_a_well_known_name_that_is_misspelt_is_doubted():
    (doubt,) = judge_email("hoa@Gmai.com").doubts
    assert doubt.vi == "Có phải hoa@gmail.com không?"
