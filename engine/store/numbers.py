"""Series of numbers without gaps: a number that a failed command drew is drawn again."""

from sqlalchemy import insert, update

from engine.store.database import Transaction
from engine.store.tables import counter


def next_number(transaction: Transaction, agency_id: str, series: str) -> int:
    """The next number of the series, from 1; held until the transaction ends."""
    drawn = transaction.execute(
        update(counter)
        .where(counter.c.agency_id == agency_id, counter.c.series == series)
        .values(last=counter.c.last + 1)
        .returning(counter.c.last)
    ).scalar_one_or_none()
    if drawn is not None:
        return int(drawn)
    transaction.execute(insert(counter), {"agency_id": agency_id, "series": series, "last": 1})
    return 1
