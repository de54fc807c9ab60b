"""Numbers of identity papers: citizen cards, old cards, passports, tax codes.

A citizen's number has twelve digits (NĐ 137/2015 art. 13, TT 59/2021/TT-BCA): where the birth was
registered (3), century and sex (1), year of birth (2), and six by chance. The old card of nine
digits is no longer valid since 1 January 2025 (Luật Căn cước 26/2023/QH15 art. 46).
"""

import re
import unicodedata
from datetime import date

from processes.contact_entry import SHOWN, Doubt, InvalidContact, Judged

FIELD = "identity_number"
_PROVINCES = frozenset(
    f"{code:03d}"
    for code in (
        *(1, 2, 4, 6, 8, 10, 11, 12, 14, 15, 17, 19, 20, 22, 24, 25, 26, 27, 30, 31, 33, 34, 35),
        *(36, 37, 38, 40, 42, 44, 45, 46, 48, 49, 51, 52, 54, 56, 58, 60, 62, 64, 66, 67, 68, 70),
        *(72, 74, 75, 77, 79, 80, 82, 83, 84, 86, 87, 89, 91, 92, 93, 94, 95, 96),
    )
)
_OF_NOBODY = "000"  # in samples: no place has it
_ABROAD = 100  # from here on: born in another country
_OLDEST = 120  # years
_OLD_CARDS_END = date(2025, 1, 1)
_CITIZEN, _OLD_CARD = re.compile(r"[0-9]{12}"), re.compile(r"[0-9]{9}")
_TAX_CODE = re.compile(r"([0-9]{10})(?:-[0-9]{3})?")
_PASSPORT, _FOREIGN_PASSPORT = re.compile(r"[A-Z][0-9]{7,8}"), re.compile(r"[A-Z0-9]{6,9}")
_TAX_WEIGHTS = (31, 29, 23, 19, 17, 13, 7, 5, 3)
_SIGNS = str.maketrans("", "", " .\u00a0\u2009\u202f")
_NEEDED = (
    "Căn cước gồm 12 chữ số, CMND 9 chữ số, mã số thuế 10 hoặc 13 chữ số, hộ chiếu 6-9 chữ và số.",
    "12 digits (citizen card), 9 (old card), 10 or 13 (tax code), 6-9 signs (passport).",
)


def judge_identity_number(text: str, today: date, born: date | None = None) -> Judged:
    """The number as it is kept, "" for none; spaces and dots go (InvalidContact).

    today: in the office's zone. born: the date of birth, where it is known.
    """
    number = unicodedata.normalize("NFC", text).translate(_SIGNS).strip().upper()
    if not number:
        return Judged("")
    if _CITIZEN.fullmatch(number):
        return Judged(number, _doubts_of_citizen(number, today, born))
    if _OLD_CARD.fullmatch(number):
        return Judged(number, _doubts_of_old_card(today))
    tax_code = _TAX_CODE.fullmatch(number)
    if tax_code:
        return Judged(number, _doubts_of_tax_code(tax_code[1]))
    if _PASSPORT.fullmatch(number):
        return Judged(number)
    if _FOREIGN_PASSPORT.fullmatch(number) and re.search("[A-Z]", number):
        return Judged(number, _doubts_of_foreign_passport())
    vi, en = _NEEDED
    if number.isascii() and number.isdigit():
        vi = f"Số đã nhập có {len(number)} chữ số. {vi}"
        en = f"It has {len(number)} digits. {en}"
    raise _refused(number, vi, en)


def birth_year(number: str) -> int | None:
    """The year of birth that a citizen's number states; None where it is none, or of nobody."""
    if not _CITIZEN.fullmatch(number) or number.startswith(_OF_NOBODY):
        return None
    return 1900 + 100 * (int(number[3]) // 2) + int(number[4:6])


def _doubts_of_citizen(number: str, today: date, born: date | None) -> tuple[Doubt, ...]:
    found = []
    place, year = number[:3], birth_year(number)
    if place not in _PROVINCES and int(place) < _ABROAD:
        found.append(
            Doubt(
                FIELD,
                f"Ba số đầu “{place}” không phải mã tỉnh, thành phố nào. Đối chiếu lại với thẻ.",
                f"The first three digits '{place}' are the code of no province. Look at the card.",
            )
        )
    if year is None:
        return tuple(found)
    if year > today.year:
        raise _refused(
            number,
            f"Chữ số thứ tư đến thứ sáu ({number[3:6]}) cho năm sinh {year}, chưa tới.",
            f"Digits four to six ({number[3:6]}) say born in {year}, which is yet to come.",
        )
    if year < today.year - _OLDEST:
        found.append(
            Doubt(
                FIELD,
                f"Số này của người sinh năm {year}. Đối chiếu lại chữ số thứ tư đến thứ sáu.",
                f"The number says born in {year}. Look at digits four to six again.",
            )
        )
    if born is not None and born.year != year:
        found.append(
            Doubt(
                FIELD,
                f"Số này của người sinh năm {year}, ngày sinh đã nhập là {born:%d/%m/%Y}.",
                f"The number says born in {year}; the date of birth entered is {born:%d/%m/%Y}.",
            )
        )
    return tuple(found)


def _doubts_of_old_card(today: date) -> tuple[Doubt, ...]:
    if today < _OLD_CARDS_END:
        return ()
    return (
        Doubt(
            FIELD,
            "CMND 9 số không còn giá trị từ 01/01/2025. Ghi số căn cước 12 số nếu người nộp có.",
            "Old cards of 9 digits are not valid since 01/01/2025. Enter the 12 digits if known.",
        ),
    )


def _doubts_of_tax_code(ten: str) -> tuple[Doubt, ...]:
    total = sum(int(d) * weight for d, weight in zip(ten[:9], _TAX_WEIGHTS, strict=True))
    if 10 - total % 11 == int(ten[9]):
        return ()
    return (
        Doubt(
            FIELD,
            "Số kiểm tra (chữ số thứ mười) của mã số thuế không khớp. Đối chiếu lại từng chữ số.",
            "The check digit (the tenth) of the tax code does not fit. Compare every digit.",
        ),
    )


def _doubts_of_foreign_passport() -> tuple[Doubt, ...]:
    return (
        Doubt(
            FIELD,
            "Không phải dạng số hộ chiếu Việt Nam (một chữ cái và 7 hoặc 8 chữ số). Đúng nếu là hộ "
            "chiếu nước ngoài.",
            "Not a Vietnamese passport (a letter and 7 or 8 digits). Right for a foreign one.",
        ),
    )


def _refused(number: str, hint_vi: str, hint_en: str) -> InvalidContact:
    return InvalidContact(
        field=FIELD,
        field_vi="Số giấy tờ",
        field_en="Identity number",
        value=number[:SHOWN],
        hint_vi=hint_vi,
        hint_en=hint_en,
    )
