"""Parts of a file by HTTP (RFC 9110, 13-14): one range, if it is still of the same bytes."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from api.refusals import RangeNotThere

_ONE = re.compile(r"bytes=\s*([0-9]{0,18})-([0-9]{0,18})\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Portion:
    """The bytes that are sent: `number` from the one at `first`, counted from 0, of `size`."""

    first: int
    number: int
    size: int

    @property
    def status(self) -> int:
        return 200 if self.number == self.size else 206

    @property
    def headers(self) -> dict[str, str]:
        """What says which bytes these are."""
        told = {"Accept-Ranges": "bytes", "Content-Length": str(self.number)}
        if self.status == 206:  # noqa: PLR2004
            last = self.first + self.number - 1
            told["Content-Range"] = f"bytes {self.first}-{last}/{self.size}"
        return told


def entity_tag(content: str) -> str:
    """A strong validator of bytes that never change, such as their SHA-256."""
    return f'"{content}"'


def is_known(headers: Mapping[str, str], tag: str) -> bool:
    """Whether who asks has these very bytes already (If-None-Match)."""
    stated = headers.get("if-none-match", "")
    return tag in {each.strip().removeprefix("W/") for each in stated.split(",")}


def portion_asked(headers: Mapping[str, str], tag: str, size: int) -> Portion:
    """The part that is asked for; all of it where none is, several are, or of other bytes.

    Errors: RangeNotThere. Several ranges at once may be answered by the whole (RFC 9110, 14.2).
    """
    whole = Portion(0, size, size)
    asked = _ONE.fullmatch(headers.get("range", ""))
    if asked is None or headers.get("if-range", tag).strip() != tag:
        return whole
    first, last = asked.groups()
    if not first and not last:
        return whole
    if not first:  # the last so many
        number = min(int(last), size)
        if not number:
            raise RangeNotThere(size=size)
        return Portion(size - number, number, size)
    if last and int(last) < int(first):
        return whole
    if int(first) >= size:
        raise RangeNotThere(size=size)
    end = min(int(last), size - 1) if last else size - 1
    return Portion(int(first), end - int(first) + 1, size)
