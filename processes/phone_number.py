"""Telephone numbers, read by Google's plan of the world's numbers (library `phonenumbers`).

Numbers of Viet Nam are kept as people say them, 0912345678; others as +33612345678. Mobile numbers
of eleven digits ended in 2018 (Quyết định 798/QĐ-BTTTT): the new one is told.
"""

import re

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat

from processes.contact_entry import SHOWN, Doubt, InvalidContact, Judged

FIELD = "phone"
HOME = "VN"
_CHANGES = (
    "120>70 121>79 122>77 126>76 128>78 123>83 124>84 125>85 127>81 129>82 162>32 163>33 "
    "164>34 165>35 166>36 167>37 168>38 169>39 186>56 188>58 199>59"
)
_NEW_PREFIX = dict(pair.split(">") for pair in _CHANGES.split())
_OLD_MOBILE = re.compile(r"(?:\+?84|0)(1[0-9]{2})([0-9]{7})")
_SIGNS = re.compile(r"[\s.\-()\u2010-\u2015]")
_READABLE = re.compile(r"\+?[0-9]{3,17}")
_SHAPED = re.compile(r"0[35789][0-9]{8}|02[0-9]{9}")
_LONGEST = 40


def judge_phone_number(text: str) -> Judged:
    """The number as it is kept, "" for none (InvalidContact)."""
    number = _SIGNS.sub("", text)
    if not number:
        return Judged("")
    if len(text) > _LONGEST or not number.isascii() or not _READABLE.fullmatch(number):
        raise _refused(
            text,
            "Chỉ ghi chữ số, ví dụ 0912 345 678 hoặc +84 912 345 678.",
            "Write digits only, for example 0912 345 678 or +84 912 345 678.",
        )
    old = _OLD_MOBILE.fullmatch(number)
    if old and old[1] in _NEW_PREFIX:
        new = f"0{_NEW_PREFIX[old[1]]}{old[2]}"
        raise _refused(
            text,
            f"Đầu số 11 chữ số 0{old[1]} đã đổi năm 2018; số mới là {new}.",
            f"The 11-digit prefix 0{old[1]} was changed in 2018; the number now is {new}.",
        )
    return _judged(text, number)


def _judged(text: str, number: str) -> Judged:
    try:
        read = phonenumbers.parse(number, HOME)
    except NumberParseException:
        raise _refused(text, *_BY_COUNTRY) from None
    home = read.country_code == phonenumbers.country_code_for_region(HOME)
    kept = _kept(read, home=home)
    if phonenumbers.is_valid_number(read):
        return Judged(kept)
    length = phonenumbers.is_possible_number_with_reason(read)
    if home and not _SHAPED.fullmatch(f"0{read.national_number}"):
        raise _refused(text, *_AT_HOME)
    if not home and length != phonenumbers.ValidationResult.IS_POSSIBLE:
        raise _refused(text, *_BY_COUNTRY)
    kept = f"0{read.national_number}" if home else kept
    doubt = Doubt(
        FIELD,
        f"Đầu số của {kept} không có trong kho số viễn thông. Hỏi lại người nộp.",
        f"{kept} begins as no number in use does. Ask the applicant again.",
    )
    return Judged(kept, (doubt,))


def _kept(read: PhoneNumber, *, home: bool) -> str:
    if home:
        return re.sub(r"\D", "", phonenumbers.format_number(read, PhoneNumberFormat.NATIONAL))
    return str(phonenumbers.format_number(read, PhoneNumberFormat.E164))


_AT_HOME = (
    "Số di động có 10 chữ số, đầu 03, 05, 07, 08, 09; số cố định 11 chữ số, đầu 02 (hoặc +84).",
    "Mobile numbers have 10 digits from 03, 05, 07, 08, 09; landlines 11 from 02 (or +84).",
)
_BY_COUNTRY = (
    "Số nước ngoài ghi đủ mã nước, ví dụ +33 6 12 34 56 78.",
    "Write numbers abroad with their country code, for example +33 6 12 34 56 78.",
)


def _refused(text: str, hint_vi: str, hint_en: str) -> InvalidContact:
    return InvalidContact(
        field=FIELD,
        field_vi="Số điện thoại",
        field_en="Phone number",
        value=text.strip()[:SHOWN],
        hint_vi=hint_vi,
        hint_en=hint_en,
    )
