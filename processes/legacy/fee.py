"""Fees as the old files write them: "50000", "50.000", "50,000 đ", nothing, "0"."""

import re

_AMOUNT = re.compile(
    r"(?P<whole>[0-9]{1,12}|[0-9]{1,3}(?:[., ][0-9]{3})+)\s*(?:đ|đồng|vnd|vnđ)?\.?", re.IGNORECASE
)


def normal_fee(text: str) -> str | None:
    """The fee as a sentence would have it, "" for no statement, None for what is unreadable.

    >>> normal_fee("50000"), normal_fee("50.000"), normal_fee("0"), normal_fee("tùy")
    ('50.000 đồng', '50.000 đồng', 'Không thu phí, lệ phí', None)
    """
    words = " ".join(text.split())
    if not words:
        return ""
    stated = _AMOUNT.fullmatch(words)
    if stated is None:
        return None
    amount = int(re.sub(r"[., ]", "", stated["whole"]))
    if amount == 0:
        return "Không thu phí, lệ phí"
    return f"{amount:,}".replace(",", ".") + " đồng"
