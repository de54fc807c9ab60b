"""Time limits (thời hạn) as a decision states them: an amount and a unit, no calendar."""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Self

from processes.errors import InvalidInput, Language


class InvalidTimeLimit(InvalidInput):
    """The text or the numbers given do not state a limit we can count."""

    code = "time_limit.invalid"
    vi = (
        "“{text}” không phải là thời hạn hợp lệ. Ghi một số và một đơn vị, "
        "ví dụ “1,5 ngày làm việc”, “2 giờ làm việc”, “30 ngày”, “trong ngày”."
    )
    en = (
        "'{text}' is not a valid time limit. State a number and a unit, "
        "such as '1.5 working days', '2 working hours', '30 days', 'same day'."
    )


class Unit(StrEnum):
    """Units of limits; a working day is eight working hours (TT 01/2018/TT-VPCP practice)."""

    MINUTE = "minute"
    WORKING_HOUR = "working_hour"
    WORKING_DAY = "working_day"
    DAY = "day"
    MONTH = "month"
    SAME_DAY = "same_day"


_WORDS = {
    Unit.MINUTE: ("phút", "minute"),
    Unit.WORKING_HOUR: ("giờ làm việc", "working hour"),
    Unit.WORKING_DAY: ("ngày làm việc", "working day"),
    Unit.DAY: ("ngày", "day"),
    Unit.MONTH: ("tháng", "month"),
    Unit.SAME_DAY: ("trong ngày", "same day"),
}
_UNITS = {word: unit for unit, (vi, en) in _WORDS.items() for word in (vi, en, f"{en}s")}
_UNITS["giờ"] = Unit.WORKING_HOUR  # decisions drop "làm việc" after hours
_WORKING_SECONDS = {Unit.MINUTE: 60, Unit.WORKING_HOUR: 3600, Unit.WORKING_DAY: 8 * 3600}
_LARGEST = 9999
_WHOLE = (Unit.MINUTE, Unit.DAY, Unit.MONTH)
_STATED = re.compile(r"([0-9]{1,4}(?:[.,][0-9]{1,2})?) (\D+)")


@dataclass(frozen=True, slots=True)
class TimeLimit:
    """The longest a step or a procedure may take.

    amount: in `unit`, 0 to 9999; zero is real ("return the result: 0 days").
        Whole for minutes, calendar days and months; 1 for the same day.
    """

    amount: Decimal
    unit: Unit

    def __post_init__(self) -> None:
        broken = self.unit in _WHOLE and self.amount % 1 != 0
        counted = self.unit is Unit.SAME_DAY and self.amount != 1
        if broken or counted or not 0 <= self.amount <= _LARGEST:
            raise InvalidTimeLimit(text=f"{self.amount} {self.unit}")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a limit in Vietnamese or English; refuse what is not certain.

        >>> TimeLimit.parse("0,25 ngày làm việc").working_seconds
        7200
        """
        words = " ".join(unicodedata.normalize("NFC", text).casefold().split())
        if words in _WORDS[Unit.SAME_DAY]:
            return cls(Decimal(1), Unit.SAME_DAY)
        stated = _STATED.fullmatch(words)
        if stated is None or stated[2] not in _UNITS:
            raise InvalidTimeLimit(text=text)
        return cls(Decimal(stated[1].replace(",", ".")), _UNITS[stated[2]])

    @property
    def is_working_time(self) -> bool:
        """Whether the limit is counted in open office time, so that steps add up."""
        return self.unit in _WORKING_SECONDS

    @property
    def working_seconds(self) -> int:
        """Seconds of open office, so that steps add up; calendar time does not."""
        if self.unit not in _WORKING_SECONDS:
            raise InvalidTimeLimit(text=self.format("vi"))
        return round(self.amount * _WORKING_SECONDS[self.unit])

    def format(self, language: Language) -> str:
        """The limit as a person writes it, e.g. "1,5 ngày làm việc" / "1.5 working days"."""
        vi, en = _WORDS[self.unit]
        if self.unit is Unit.SAME_DAY:
            return vi if language == "vi" else en
        number = f"{self.amount.normalize():f}"
        if language == "vi":
            return f"{number.replace('.', ',')} {vi}"
        return f"{number} {en}" + ("" if self.amount == 1 else "s")
