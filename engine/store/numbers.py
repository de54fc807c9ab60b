"""Series of numbers without gaps: a number that a failed command drew is drawn again."""

from dataclasses import dataclass

from sqlalchemy import Integer, bindparam, case, insert, literal_column, update

from engine.store.database import Transaction
from engine.store.prepared import Prepared
from engine.store.tables import counter

_ONE = literal_column("1", Integer)
_OF_SERIES = (
    counter.c.agency_id == bindparam("of_agency"),
    counter.c.series == bindparam("of_series"),
)
_DRAW = Prepared(
    update(counter).where(*_OF_SERIES).values(last=counter.c.last + _ONE).returning(counter.c.last)
)
_TODAY = bindparam("today", type_=Integer)
_SAME_DAY = counter.c.day >= _TODAY
_DRAW_IN_DAY = Prepared(
    update(counter)
    .where(*_OF_SERIES)
    .values(
        last=counter.c.last + _ONE,
        of_day=case((_SAME_DAY, counter.c.of_day + _ONE), else_=_ONE),
        day=case((_SAME_DAY, counter.c.day), else_=_TODAY),
    )
    .returning(counter.c.last, counter.c.day, counter.c.of_day)
)


@dataclass(frozen=True, slots=True)
class InDay:
    """Numbers of a series that also counts by the day: of the series, the day, of the day."""

    of_series: int
    day: int
    of_day: int


def next_number(transaction: Transaction, agency_id: str, series: str) -> int:
    """The next number of the series, from 1; held until the transaction ends."""
    drawn = transaction.row(_DRAW, {"of_agency": agency_id, "of_series": series})
    if drawn is not None:
        return int(drawn.last)
    transaction.execute(insert(counter), {"agency_id": agency_id, "series": series, "last": 1})
    return 1


def next_in_day(transaction: Transaction, agency_id: str, series: str, today: int) -> InDay:
    """The next number of the series, and that of the day (yymmdd), which never goes back."""
    given = {"of_agency": agency_id, "of_series": series, "today": today}
    drawn = transaction.row(_DRAW_IN_DAY, given)
    if drawn is not None:
        return InDay(int(drawn.last), int(drawn.day), int(drawn.of_day))
    first = {"agency_id": agency_id, "series": series, "last": 1, "day": today, "of_day": 1}
    transaction.execute(insert(counter), first)
    return InDay(1, today, 1)
