"""Search without accents: "lay y kien" finds "Lấy ý kiến", "ho so dat" finds "Hồ sơ đất"."""

import unicodedata

_UNSEARCHABLE = ("Cc", "Cs")  # no database is asked for what none can keep
_STROKED = str.maketrans("đĐ", "dD")


def search_key(text: str) -> str:
    """Lower case, no accents, single spaces; the same on every database.

    >>> search_key("Cấp  Giấy phép ĐẤT")
    'cap giay phep dat'
    """
    plain = unicodedata.normalize("NFD", text.translate(_STROKED))
    letters = "".join(c for c in plain if not unicodedata.combining(c))
    kept = "".join(c if unicodedata.category(c) not in _UNSEARCHABLE else " " for c in letters)
    return " ".join(kept.casefold().split())
