"""Changes of the sample ward's calendar, proposed and approved by whoever may."""

from datetime import date

from engine.calendar_change.change import approve, change, newest_edition, preview, propose
from engine.calendar_change.reprojection import follow_calendars
from engine.working_calendar.editions import layers_of
from engine.working_calendar.layer import DayRule, Layer, Level, RuleKind, WeekRule
from engine.working_calendar.office_hours import WeekPattern, read_sessions

STORM = "Nghỉ tránh bão số 3 theo công điện"
DECISION = "QĐ 12/QĐ-UBND"


def closure(*days, name="Nghỉ tránh bão", **how):
    """A rule that closes the office from one day (to another) in 2026, written (month, day)."""
    first, last = date(2026, *days[0]), date(2026, *days[-1])
    return DayRule(first, last, RuleKind.CLOSURE, name, "Công điện 01/CĐ-UBND", **how)


def office_layer(*rules, weeks=()):
    return Layer(Level.OFFICE, weeks, rules)


def unit_layer(unit, *rules, weeks=()):
    return Layer(Level.UNIT, weeks, rules, unit=unit)


def mornings(valid_from=date(2026, 3, 2)):
    """Mondays to Fridays in the morning only."""
    hours = read_sessions("07:30-11:30")
    return WeekRule(WeekPattern(valid_from, (hours,) * 5 + ((), ())), "QĐ 5/QĐ-UBND")


def proposed(ward, *layers, reason=STORM, **how):
    return propose(ward.office, ward.actors["quantri"], layers, reason, **how)


def approved(ward, draft):
    preview(ward.office, ward.actors["quantri"], draft.change_id)
    return approve(ward.office, ward.actors["chutich"], draft.change_id, DECISION)


def changed(ward, *layers, **how):
    """The calendar changed and all open dossiers brought over; the change as it is then."""
    done = approved(ward, proposed(ward, *layers, **how))
    follow_calendars(ward.office)
    return look(ward, done)


def look(ward, made):
    with ward.office.database.read() as connection:
        return change(connection, ward.agency_id, made.change_id)


def layers_now(ward):
    with ward.office.database.read() as connection:
        return layers_of(connection, ward.agency_id, newest_edition(connection, ward.agency_id))
