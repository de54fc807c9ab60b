"""March 2026 in an office with the country's calendar: runs of steps with times known by hand."""

from datetime import date, datetime

from analysis.period import Period
from analysis.queues.open_hours import OpenHours
from analysis.queues.scope import Scope
from engine.working_calendar.viet_nam import vietnam
from tests.analysis.made_facts import VN, number

CALENDAR = vietnam(2026, 2026)
MARCH = Scope.of(Period(date(2026, 3, 1), date(2026, 3, 31)))
HOURS = {"A": OpenHours.of(CALENDAR, MARCH.start_us, MARCH.end_us)}
AN, BINH = number(1), number(2)
HOUR = 3600


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=VN)


def us(moment: datetime | None) -> int | None:
    return None if moment is None else int(moment.timestamp()) * 1_000_000


def run(n: int, enabled: datetime, started: datetime, ended: datetime, **columns):
    usual = {
        "step_run_id": number(1000 + n),
        "dossier_id": number(n),
        "person_id": AN,
        "enabled_us": us(enabled),
        "started_us": us(started),
        "ended_us": us(ended),
        "waiting_ws": CALENDAR.elapsed(enabled, started),
        "handling_ws": CALENDAR.elapsed(started, ended),
    }
    return usual | columns
