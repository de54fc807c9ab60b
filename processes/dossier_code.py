"""The dossier code (mã hồ sơ): unit, day, number of the day (TT 01/2018/TT-VPCP art. 19).

`V1V2V3.Z1Z2.Y1Y2.MX1X2-YYMMDD-XXXX`, such as 000.00.17.H29-250701-0001; since QĐ 20/2020/QĐ-TTg
many spell the unit the other way round and leave out what is nought: H29.17-250701-0001. Both say
the same. People type and scan codes as they come: `read_code` understands what can mean one thing
only and says what it had to mend.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

LONGEST = 80
"""Characters that a typed code may have; what is longer is no code."""
_WIDTHS = (3, 2, 2)  # digits of V, Z, Y
_LEAST_DIGITS = 4
_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212_\uff0d"), "-")
_DOTS = dict.fromkeys(map(ord, ",;\u3002\uff61\u00b7\u2022\u2027"), ".")
_QUOTES = dict.fromkeys(map(ord, "\"'`“”„‟‘’‚‛«»‹›()[]{}<>"))
_DIGITS = str.maketrans("OQIL", "0011")  # letters that are typed in place of digits
_D = "[0-9OQIL]"
_NUMBER = rf"-?(?P<day>{_D}{{6}})-?(?P<number>{_D}{{4,6}})"
_SHORT_NUMBER = rf"-(?P<day>{_D}{{6}})-(?P<number>{_D}{{1,3}})"
_FORWARD = rf"(?P<v>{_D}{{3}})\.?(?P<z>{_D}{{2}})\.?(?P<y>{_D}{{2}})\.?(?P<m>[A-Z]{_D}{{2}})"
_REVERSED = (
    rf"(?P<m>[A-Z]{_D}{{2}})(?:\.(?P<y>{_D}{{2}})(?:\.(?P<z>{_D}{{2}})(?:\.(?P<v>{_D}{{3}}))?)?)?"
)
_REVERSED_TIGHT = rf"(?P<m>[A-Z]{_D}{{2}})\.?(?P<y>{_D}{{2}})(?P<z>)(?P<v>)"
_SHAPES = tuple(
    re.compile(unit + number)
    for number in (_NUMBER, _SHORT_NUMBER)
    for unit in (_FORWARD, _REVERSED, _REVERSED_TIGHT)
)
_UNIT_SHAPES = (re.compile(_FORWARD), re.compile(_REVERSED))


class Spelling(StrEnum):
    """How the unit is spelt in codes that are given out."""

    AS_IS = "as_is"  # as the unit's identity code is written
    FORWARD = "forward"  # 000.00.17.H29
    REVERSED = "reversed"  # H29.17


class Mend(StrEnum):
    """What had to be mended before a code could be read."""

    WIDTH = "width"
    QUOTES = "quotes"
    SPACES = "spaces"
    CASE = "case"
    SIGNS = "signs"
    SEPARATORS = "separators"
    LETTERS = "letters"
    SHORT = "short"


MEND_WORDS = {
    Mend.WIDTH: ("chữ toàn khổ", "full-width letters"),
    Mend.QUOTES: ("dấu ngoặc", "quotation marks"),
    Mend.SPACES: ("khoảng trắng", "spaces"),
    Mend.CASE: ("chữ thường", "lower case"),
    Mend.SIGNS: ("dấu gạch, dấu chấm khác kiểu", "other dashes or dots"),
    Mend.SEPARATORS: ("thiếu dấu chấm hoặc gạch", "missing dots or dashes"),
    Mend.LETTERS: ("chữ cái thay chữ số", "letters in place of digits"),
    Mend.SHORT: ("thiếu số 0 ở số thứ tự", "missing noughts of the number"),
}
"""What was mended, in Vietnamese and English."""


@dataclass(frozen=True, slots=True)
class UnitCode:
    """The identity code of a unit, from the ministry or province (`m`) down to its third level."""

    m: str
    y: str = "00"
    z: str = "00"
    v: str = "000"

    @property
    def forward(self) -> str:
        """All four levels, the lowest first: 000.00.17.H29."""
        return f"{self.v}.{self.z}.{self.y}.{self.m}"

    @property
    def reversed(self) -> str:
        """From the top, without the levels that are nought: H29.17."""
        levels = [self.m, self.y, self.z, self.v]
        while len(levels) > 1 and not levels[-1].strip("0"):
            levels.pop()
        return ".".join(levels)


@dataclass(frozen=True, slots=True)
class DossierCode:
    """A code that was read; equal for every way to spell it."""

    unit: UnitCode
    day: date
    number: int

    @property
    def spellings(self) -> tuple[str, ...]:
        """Every way in which the code may have been given out."""
        tail = f"-{self.day:%y%m%d}-{self.number:04d}"
        units = dict.fromkeys((self.unit.forward, self.unit.reversed))
        return tuple(unit + tail for unit in units)


@dataclass(frozen=True, slots=True)
class Reading:
    """A typed code as it was understood.

    typed: as it came, less blanks around it; text: cleaned; code: None where it is not built as
    the law says (older codes, or none at all).
    """

    typed: str
    text: str
    code: DossierCode | None
    mends: tuple[Mend, ...]

    @property
    def candidates(self) -> tuple[str, ...]:
        """What it may be stored as."""
        known = self.code.spellings if self.code else ()
        return tuple(dict.fromkeys((self.text, self.typed, *known)))


def read_code(typed: str) -> Reading:
    """Understand a typed or scanned code; never fails. What could mean two codes means none.

    >>> read_code(" “h29.17–25O701–0001” ").code == read_code("000.00.17.H29-250701-0001").code
    True
    """
    given = typed[:LONGEST]
    text, mends = _cleaned(given)
    meant = {_code_of(found) for shape in _SHAPES if (found := shape.fullmatch(text))} - {None}
    if len(meant) != 1:
        return Reading(given.strip(), text, None, tuple(mends))
    (code,) = meant
    assert code is not None
    return Reading(given.strip(), text, code, tuple(mends + _misspelt(text, code)))


def read_unit_code(text: str) -> UnitCode | None:
    """A unit's identity code in either spelling; None where it is none."""
    for shape in _UNIT_SHAPES:
        found = shape.fullmatch(text.strip().upper())
        if found:
            return _unit_of(found)
    return None


def spelt(identity_code: str, spelling: Spelling) -> str:
    """A unit's identity code as it stands in the codes that are given out."""
    unit = read_unit_code(identity_code)
    if unit is None or spelling is Spelling.AS_IS:
        return identity_code
    return unit.forward if spelling is Spelling.FORWARD else unit.reversed


def _cleaned(typed: str) -> tuple[str, list[Mend]]:
    """Upper case, plain letters, one kind of dash and dot, no blanks or quotes; what was done."""
    mends: list[Mend] = []

    def step(mend: Mend, before: str, after: str) -> str:
        if before != after:
            mends.append(mend)
        return after

    text = step(Mend.SIGNS, typed, typed.translate(_DASHES).translate(_DOTS))
    text = step(Mend.WIDTH, text, unicodedata.normalize("NFKC", text))
    text = step(Mend.QUOTES, text, text.translate(_QUOTES))
    kept = "".join(c for c in text if unicodedata.category(c)[0] not in "ZC")
    text = step(Mend.SPACES, text, kept)
    text = step(Mend.CASE, text, text.upper())
    return text.strip(".-/"), mends


def _code_of(found: re.Match[str]) -> DossierCode | None:
    day, number = (found[name].translate(_DIGITS) for name in ("day", "number"))
    try:
        at = date(2000 + int(day[:2]), int(day[2:4]), int(day[4:]))
    except ValueError:
        return None
    return DossierCode(_unit_of(found), at, int(number)) if int(number) else None


def _unit_of(found: re.Match[str]) -> UnitCode:
    lower = [
        (found[name] or "").translate(_DIGITS) or "0" * width
        for name, width in zip("vzy", _WIDTHS, strict=True)
    ]
    v, z, y = lower
    m = found["m"]
    return UnitCode(m[0] + m[1:].translate(_DIGITS), y, z, v)


def _misspelt(text: str, code: DossierCode) -> list[Mend]:
    """What stood between the text and a proper spelling of the code that it means."""
    mends = []
    plain = text.translate(_DIGITS)
    proper = {spelling.translate(_DIGITS) for spelling in code.spellings}
    if plain in proper and text not in code.spellings:
        return [Mend.LETTERS]
    if "-" in text and len(text.rpartition("-")[2]) < _LEAST_DIGITS:
        mends.append(Mend.SHORT)
    elif plain not in proper:
        mends.append(Mend.SEPARATORS)
    return mends
