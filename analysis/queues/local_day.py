"""Days and weekdays of the office's zone out of columns of moments, in portable SQL."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

DAY_US = 86_400_000_000
WEEK = 7
_THURSDAY = 3  # 1970-01-01


def offset_us(zone: ZoneInfo, at_us: int) -> int:
    """What local time is ahead of UTC at a moment."""
    at = datetime.fromtimestamp(at_us // 1_000_000, zone)
    return (at.utcoffset() or timedelta()) // timedelta(microseconds=1)


def day_number(moment: str, offset: int) -> str:
    """SQL: the local day of a column as a number, 0 = 1970-01-01."""
    local = f"({moment} + {offset})"
    return f"cast(({local} - {local} % {DAY_US}) / {DAY_US} as bigint)"


def weekday(moment: str, offset: int) -> str:
    """SQL: the weekday of a column, 0 = Monday."""
    return f"(({day_number(moment, offset)} + {_THURSDAY}) % {WEEK})"
