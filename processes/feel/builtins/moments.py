"""Functions of dates (DMN 1.3, 10.3.4.8), `now` and `today`."""

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from processes.feel.builtins.registry import builtin
from processes.feel.meter import Meter

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_VIET_NAM = "Asia/Ho_Chi_Minh"


@builtin("now")
def now(meter: Meter) -> datetime:
    """The moment the evaluation was given."""
    return meter.moment().astimezone(ZoneInfo(_VIET_NAM))


@builtin("today")
def today(meter: Meter) -> date:
    """The date in Viet Nam at the moment the evaluation was given."""
    return now(meter).date()


@builtin("day of year", "date: date or date and time")
def day_of_year(_meter: Meter, day: date) -> Decimal:
    return Decimal(day.timetuple().tm_yday)


@builtin("day of week", "date: date or date and time")
def day_of_week(_meter: Meter, day: date) -> str:
    return _DAYS[day.weekday()]


@builtin("month of year", "date: date or date and time")
def month_of_year(_meter: Meter, day: date) -> str:
    return _MONTHS[day.month - 1]


@builtin("week of year", "date: date or date and time")
def week_of_year(_meter: Meter, day: date) -> Decimal:
    """By ISO 8601: the week with the year's first Thursday is the first."""
    return Decimal(day.isocalendar().week)
