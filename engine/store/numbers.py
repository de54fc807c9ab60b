"""Series of numbers without gaps: a number that a failed command drew is drawn again."""

from sqlalchemy import Integer, bindparam, insert, literal_column, update

from engine.store.database import Transaction
from engine.store.prepared import Prepared
from engine.store.tables import counter

_DRAW = Prepared(
    update(counter)
    .where(
        counter.c.agency_id == bindparam("of_agency"), counter.c.series == bindparam("of_series")
    )
    .values(last=counter.c.last + literal_column("1", Integer))
    .returning(counter.c.last)
)


def next_number(transaction: Transaction, agency_id: str, series: str) -> int:
    """The next number of the series, from 1; held until the transaction ends."""
    drawn = transaction.row(_DRAW, {"of_agency": agency_id, "of_series": series})
    if drawn is not None:
        return int(drawn.last)
    transaction.execute(insert(counter), {"agency_id": agency_id, "series": series, "last": 1})
    return 1
