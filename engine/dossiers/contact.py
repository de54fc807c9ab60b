"""How to reach the applicant: entries are mended where that is safe, doubted or refused."""

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from processes.contact_entry import Doubt, InvalidContact, Judged
from processes.data_entry import is_storable
from processes.email_address import judge_email
from processes.errors import InvalidInput
from processes.identity_number import judge_identity_number
from processes.phone_number import judge_phone_number

_LONGEST_ADDRESS = 500


class DoubtfulContact(InvalidInput):
    """An entry that is unlikely, and nobody has said that it is right."""

    code = "applicant.doubtful_contact"
    vi = "{what_vi} Sửa lại, hoặc xác nhận đã đối chiếu với giấy tờ."
    en = "{what_en} Put it right, or confirm that it was compared with the papers."


@dataclass(frozen=True, slots=True)
class Contact:
    """How to reach the applicant; all optional."""

    identity_number: str = ""
    address: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class JudgedContact:
    """kept: what is written down, without what is empty. Both others: in the order of the form."""

    kept: Mapping[str, str]
    faults: tuple[InvalidContact, ...]
    doubts: tuple[Doubt, ...]


def judge_contact(contact: Contact, today: date, born: date | None = None) -> JudgedContact:
    """What becomes of the entries; today: in the office's zone, born: of the applicant."""

    def identity(text: str) -> Judged:
        return judge_identity_number(text, today, born)

    judges: dict[str, Callable[[str], Judged]] = {
        "identity_number": identity,
        "address": _address,
        "phone": judge_phone_number,
        "email": judge_email,
    }
    kept: dict[str, str] = {}
    faults: list[InvalidContact] = []
    doubts: list[Doubt] = []
    for name, judge in judges.items():
        given = "".join(filter(is_storable, getattr(contact, name)))
        try:
            judged = judge(given)
        except InvalidContact as fault:
            faults.append(fault)
            continue
        doubts += judged.doubts
        if judged.value:
            kept[name] = judged.value
    return JudgedContact(kept, tuple(faults), tuple(doubts))


def require_contact(contact: Contact, today: date, *, confirmed: bool) -> dict[str, str]:
    """What is written down (InvalidContact; DoubtfulContact unless somebody confirmed them)."""
    judged = judge_contact(contact, today)
    if judged.faults:
        raise judged.faults[0]
    if judged.doubts and not confirmed:
        first = judged.doubts[0]
        raise DoubtfulContact(field=first.field, what_vi=first.vi, what_en=first.en)
    return dict(judged.kept)


def recorded_contact(contact: Contact) -> dict[str, str]:
    """What was written down before, as it was."""
    stated = {name: getattr(contact, name) for name in Contact.__slots__}
    return {name: value for name, value in stated.items() if value}


def _address(text: str) -> Judged:
    return Judged(" ".join(unicodedata.normalize("NFC", text).split())[:_LONGEST_ADDRESS])
