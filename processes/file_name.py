"""Names of files: shown as people gave them, without what deceives or leads astray."""

import re
import unicodedata

_LONGEST = 200
_NO_NAME = "tai-lieu"
_UNSHOWN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
"""Control, format (writing direction, zero width), surrogates, private, unassigned, line ends."""

_RESERVED = re.compile(r'[<>:"|?*]')


def shown_name(given: str, ending: str = "") -> str:
    r"""The last part of a path, without unseen characters, with the ending of what it is.

    >>> shown_name("C:\\scan\\đơn.PDF", ".pdf")
    'đơn.PDF'
    >>> shown_name("../../etc/passwd", ".pdf")
    'passwd.pdf'
    """
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", given))[-1]
    seen = "".join(each for each in last if unicodedata.category(each) not in _UNSHOWN)
    name = " ".join(_RESERVED.sub("_", seen).split()).strip(". ")
    stem, ending_of_name = _split(name)
    if ending and not _same(ending_of_name, ending):
        stem, ending_of_name = name, ending
    return (stem[: _LONGEST - len(ending_of_name)].strip() or _NO_NAME) + ending_of_name


def kept_name(given: str) -> str:
    """The name as it was given, as far as a database can hold it."""
    return "".join(_holdable(each) for each in given[:_LONGEST])


def visible(given: str) -> str:
    r"""A name in which every unseen character can be seen: for people who compare.

    >>> visible("hoa\u202efdp.exe")
    'hoa<U+202E>fdp.exe'
    """
    return "".join(
        f"<U+{ord(each):04X}>" if unicodedata.category(each) in _UNSHOWN else each for each in given
    )


def ascii_name(name: str) -> str:
    """The name in plain letters, for programs that know no others."""
    plain = unicodedata.normalize("NFD", name.replace("đ", "d").replace("Đ", "D"))
    kept = "".join(each for each in plain if not unicodedata.combining(each))
    return re.sub(r"[^A-Za-z0-9._ -]", "_", kept)


def _holdable(character: str) -> str:
    unholdable = character == "\0" or unicodedata.category(character) == "Cs"
    return "\ufffd" if unholdable else character


def _split(name: str) -> tuple[str, str]:
    stem, dot, ending = name.rpartition(".")
    return (stem, f".{ending}") if dot and stem and len(ending) <= 5 else (name, "")  # noqa: PLR2004


def _same(one: str, other: str) -> bool:
    alike = {".jpeg": ".jpg", ".tif": ".tiff"}
    one = one.lower()
    return alike.get(one, one) == other
