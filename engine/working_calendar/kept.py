"""Calendars put in force at once, as when an office opens; later ones are proposed and approved."""

from datetime import datetime

from engine.calendar import Calendar
from engine.store.database import Transaction
from engine.working_calendar.editions import Grounds, keep_edition
from engine.working_calendar.layer import country_layer

_HOURS_BASIS = "Giờ làm việc thông lệ của cơ quan; thay bằng quy định của địa phương"
_SEEDED_BY = "Lịch mẫu"


def keep_calendar(
    transaction: Transaction, agency_id: str, calendar: Calendar, at: datetime, reason: str
) -> int:
    """Put a calendar in force for the agency from `at` on, as the country's layer; its edition."""
    layer = country_layer(calendar, _HOURS_BASIS, _SEEDED_BY)
    return keep_edition(transaction, agency_id, (layer,), at, Grounds(reason))
