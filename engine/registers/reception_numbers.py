"""The numbers that a dossier gets at reception: its code, and its place in the year's register."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from engine.office import CALENDAR_KEPT, Office
from engine.registers.register_settings import RegisterSettings, settings_of
from engine.store.database import Transaction
from engine.store.numbers import next_in_day
from processes.dossier_code import spelt


@dataclass(frozen=True, slots=True)
class ReceptionNumbers:
    """code: of the dossier. register: the book, a year and where units count by themselves the
    unit's identity code; register_no: the number in it.
    """

    code: str
    register: str
    register_no: int


@dataclass(frozen=True, slots=True)
class KeptSettings:
    """Settings in memory, and when they were read."""

    settings: RegisterSettings
    read_at: datetime


def reception_numbers(
    office: Office, transaction: Transaction, agency_id: str, unit: str | None, local: datetime
) -> ReceptionNumbers:
    """Draw the numbers of a dossier received then (the office's local time) by that unit.

    One row counts by the year and by the day, so that one statement and one lock draw both. The day
    of the row never goes back: of two processes whose clocks differ at midnight none draws a number
    of a day that is over.
    """
    settings = register_settings_in_force(office, transaction.reading, agency_id)
    own = settings.identity_codes.get(unit or "")
    register = f"{local:%Y}/{own}" if own else f"{local:%Y}"
    today = int(f"{local:%y%m%d}")
    drawn = next_in_day(transaction, agency_id, f"dossier/{register}", today)
    spelling = spelt(own or agency_id, settings.spelling)
    return ReceptionNumbers(
        f"{spelling}-{drawn.day:06d}-{drawn.of_day:04d}", register, drawn.of_series
    )


def register_settings_in_force(
    office: Office, connection: Connection, agency_id: str
) -> RegisterSettings:
    """The agency's settings; read again after a minute, for another process may have set them."""
    now = office.clock.now()
    kept = office.registers.get(agency_id)
    if kept is None or not timedelta() <= now - kept.read_at < CALENDAR_KEPT:
        kept = KeptSettings(settings_of(connection, agency_id), now)
        office.registers.put(agency_id, kept)
    return kept.settings
