"""Whether a file writes the day or the month first: decided by all its dates, never by one."""

from dataclasses import dataclass

from analysis.event_log.findings import shown
from analysis.event_log.invalid_log import LogDateOrderUnclear
from analysis.event_log.time_stamp import DateOrder, date_parts

_MONTHS = 12


@dataclass(slots=True)
class DateOrderEvidence:
    """The first date that can be meant in only one way, of either way, and one that fits both."""

    day_first: str = ""
    month_first: str = ""
    either: str = ""

    def see(self, text: str) -> None:
        """Weigh one date as the file writes it; dates that begin with the year say nothing."""
        if text[:4].isdigit() or (parts := date_parts(text.strip())) is None:
            return
        if parts[0] > _MONTHS:
            self.day_first = self.day_first or text
        elif parts[1] > _MONTHS:
            self.month_first = self.month_first or text
        else:
            self.either = self.either or text

    @property
    def assumed(self) -> str:
        """A date that could be meant both ways in a file where none decides; else empty."""
        return "" if self.day_first or self.month_first else self.either

    def order(self, name: str) -> DateOrder:
        """The order of the whole file; the day first, as in Viet Nam, where nothing decides."""
        if self.day_first and self.month_first:
            raise LogDateOrderUnclear(
                name=name, day_first=shown(self.day_first), month_first=shown(self.month_first)
            )
        return DateOrder.MONTH_FIRST if self.month_first else DateOrder.DAY_FIRST
