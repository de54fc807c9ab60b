"""Personal data shown to who need not know all of it: enough to recognise, too little to use.

Kept are the given name, and the ends of numbers: who owns them knows them again (Law on personal
data protection 91/2025/QH15; public look-ups by code).
"""

import re

_STAR = "*"
_LONE = r"(?<![\w.@+-])"  # not within a code, an id or a longer number
_IDENTITY = re.compile(_LONE + r"(?:\d{12}|\d{9})(?![\w@-])(?!\.\d)")
_PHONE = re.compile(_LONE + r"(?:\+84|84|0)(?:[ .]?\d){9}(?![\w@-])(?!\.\d)")
_EMAIL = re.compile(r"[\w.%+-]+@[\w-]+(?:\.[\w-]+)+")
_PARAMETERS = re.compile(r"\[parameters: .*?(?:\]\n|\]$|\Z)", re.DOTALL)
_DETAIL = re.compile(r"^(\s*DETAIL:).*$", re.MULTILINE)
_HIDDEN = "***"


def masked_name(name: str) -> str:
    """A person's name: "Nguyễn Văn An" is "N. V. An"."""
    *before, last = name.split() or [""]
    return " ".join([*(f"{word[0]}." for word in before), last])


def masked_number(number: str) -> str:
    """An identity or telephone number: the last three digits are kept."""
    digits = [at for at, sign in enumerate(number) if sign.isdigit()]
    hidden = set(digits[:-3])
    return "".join(_STAR if at in hidden else sign for at, sign in enumerate(number))


def masked_email(address: str) -> str:
    """An e-mail address: the first letter and the domain are kept."""
    local, at, domain = address.partition("@")
    return f"{local[:1]}{_HIDDEN}{at}{domain}"


def masked_text(text: str) -> str:
    """A text such as a line of a log: identity numbers, telephones and addresses are masked.

    What databases say of the values of a statement goes altogether: names stand in it, which
    nobody can tell from other words.
    """
    said = _PARAMETERS.sub(f"[parameters: {_HIDDEN}]\n", text)
    said = _DETAIL.sub(rf"\1 {_HIDDEN}", said)
    said = _EMAIL.sub(lambda found: masked_email(found[0]), said)
    said = _PHONE.sub(lambda found: masked_number(found[0]), said)
    return _IDENTITY.sub(lambda found: masked_number(found[0]), said)
