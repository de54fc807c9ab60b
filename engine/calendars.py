"""Calendars in force: entered with the reason, the newest one counts."""

from datetime import datetime

from sqlalchemy import insert

from engine.calendar import Calendar
from engine.store.database import Transaction
from engine.store.tables import calendar as calendar_table


def keep_calendar(
    transaction: Transaction, agency_id: str, calendar: Calendar, at: datetime, reason: str
) -> None:
    """Put a calendar in force for the agency from `at` on."""
    transaction.execute(
        insert(calendar_table),
        {
            "agency_id": agency_id,
            "version": calendar.version,
            "data": calendar.to_data(),
            "in_force_from": at,
            "reason": reason,
        },
    )
