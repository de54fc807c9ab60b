"""How forms say days, moments and numbers (NĐ 30/2020: noughts before days and early months)."""

from datetime import date, datetime

_WITH_NOUGHT = 2


def day_words(day: date) -> str:
    """Such as: ngày 02 tháng 3 năm 2026."""
    month = f"{day.month:02d}" if day.month <= _WITH_NOUGHT else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def moment_words(at: datetime) -> str:
    """Such as: 08 giờ 00 phút, ngày 02 tháng 3 năm 2026; `at` in the office's local time."""
    return f"{at:%H} giờ {at:%M} phút, {day_words(at)}"


def short_moment(at: datetime) -> str:
    """Such as: 08:00 02/03/2026."""
    return f"{at:%H:%M %d/%m/%Y}"


def number_words(number: int, symbol: str) -> str:
    """Such as: 02/HDHS."""
    return f"{number:02d}/{symbol}"
