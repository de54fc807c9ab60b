"""E-mail addresses: refused where no letter can arrive, doubted where a known name is misspelt."""

import re

from processes.contact_entry import SHOWN, Doubt, InvalidContact, Judged

FIELD = "email"
_SHAPE = re.compile(r"[^@\s]{1,64}@[^@\s]+\.[^@\s]{2,}")
_LONGEST = 200
_MISSPELT = {
    **dict.fromkeys(
        ("gmai.com", "gmail.con", "gmial.com", "gmail.co", "gmail.vn", "gmal.com", "gamil.com"),
        "gmail.com",
    ),
    **dict.fromkeys(("gmail.com.vn", "gmaill.com", "gnail.com"), "gmail.com"),
    **dict.fromkeys(("yaho.com", "yahoo.con", "yahooo.com"), "yahoo.com"),
    **dict.fromkeys(("hotmail.con", "hotmai.com", "hotmal.com"), "hotmail.com"),
    **dict.fromkeys(("outlook.con", "outlok.com"), "outlook.com"),
}


def judge_email(text: str) -> Judged:
    """The address as it is kept, "" for none (InvalidContact)."""
    address = text.strip()
    if not address:
        return Judged("")
    if len(address) > _LONGEST or not _SHAPE.fullmatch(address):
        raise InvalidContact(
            field=FIELD,
            field_vi="Thư điện tử",
            field_en="E-mail",
            value=address[:SHOWN],
            hint_vi="Ví dụ: ten@coquan.gov.vn.",
            hint_en="For example: name@agency.gov.vn.",
        )
    local, _, domain = address.rpartition("@")
    meant = _MISSPELT.get(domain.lower())
    if meant is None:
        return Judged(address)
    doubt = Doubt(FIELD, f"Có phải {local}@{meant} không?", f"Is it {local}@{meant}?")
    return Judged(address, (doubt,))
