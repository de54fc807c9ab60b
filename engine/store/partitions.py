"""Big tables of PostgreSQL in parts by month: made ahead, with one for whatever falls outside.

Ids hold the moment at which they came to be (UUID version 7), so a month is a range of ids: the
journal and the components lie in the month in which their dossier was received. SQLite has none.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, text

from engine.ids import uuid7
from engine.store.database import Database

MONTHLY = ("journal", "dossier_component")
"""Tables in parts by the month of their dossier_id; docs/decisions/0008 says why these."""

AHEAD = 3  # months that are made before they begin
_LOCK = 7_108_231_946  # of whoever makes parts, among all processes; any number
_PLAUSIBLE = range(2000, 2100)  # years; an id that says another one is no moment
_REST = "other"
_PATIENCE = "3s"  # with who reads the table; then the next look tries again


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A month in UTC, as ids count."""

    year: int
    number: int

    @classmethod
    def of(cls, at: datetime | date) -> "Month":
        return cls(at.year, at.month)

    def next(self) -> "Month":
        return Month(self.year + self.number // 12, self.number % 12 + 1)

    def first_id(self) -> UUID:
        """Every id of the month is at least this one, and less than that of the next month."""
        return UUID(int=uuid7(datetime(self.year, self.number, 1, tzinfo=UTC), 0).int >> 80 << 80)

    def part_of(self, table: str) -> str:
        """The name of the part that holds the month."""
        return f"{table}_{self.year}_{self.number:02}"


def month_of(some_id: UUID) -> Month | None:
    """The month in which an id came to be; None where it is not of version 7 or not plausible."""
    if some_id.version != 7:  # noqa: PLR2004 - RFC 9562
        return None
    at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=some_id.int >> 80)
    return Month.of(at) if at.year in _PLAUSIBLE else None


def months_of(ids: Iterable[UUID]) -> set[Month]:
    """The months in which ids came to be."""
    return {month for month in map(month_of, ids) if month is not None}


def months_ahead(at: datetime) -> Iterator[Month]:
    """The month of `at` and those that are made ahead of it."""
    month = Month.of(at.astimezone(UTC))
    for _ in range(AHEAD + 1):
        yield month
        month = month.next()


def make_months_ahead(database: Database, at: datetime) -> int:
    """Make what is missing of the coming months; how many parts were made.

    Any number of processes may do so at a time. Costs one look where nothing is missing.
    """
    if database.is_sqlite:
        return 0
    months = list(months_ahead(at))
    with database.read() as connection:
        if not list(_missing(connection, months)):
            return 0
    return database.write(lambda transaction: make_months(transaction.connection, months))


def make_months(connection: Connection, months: Iterable[Month]) -> int:
    """Make the parts of months where they are missing; how many were made.

    Rows of such a month that lay outside of all parts move into it.
    """
    if connection.dialect.name != "postgresql":
        return 0
    connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    missing = list(_missing(connection, months))
    if missing:  # acts must not queue behind this while it waits for a long report
        connection.execute(text(f"SET LOCAL lock_timeout = '{_PATIENCE}'"))
    for table, month in missing:
        _make(connection, table, month)
    return len(missing)


def gather_months(database: Database) -> int:
    """Make the parts of all months of which rows lie outside; how many parts were made."""
    if database.is_sqlite:
        return 0
    with database.read() as connection:
        found = {month for months in months_outside(connection).values() for month in months}
    months = [month for month in found if month is not None]
    return database.write(lambda transaction: make_months(transaction.connection, months))


def months_outside(connection: Connection) -> dict[str, dict[Month | None, int]]:
    """Rows that lie in no month's part: table -> month of their id (None: no moment) -> number."""
    if connection.dialect.name != "postgresql":
        return {}
    found: dict[str, dict[Month | None, int]] = {}
    for table in MONTHLY:
        rows = connection.execute(
            text(f"SELECT dossier_id, count(*) AS n FROM {table}_{_REST} GROUP BY dossier_id")  # noqa: S608 - names of ours
        )
        for row in rows:
            months = found.setdefault(table, {})
            month = month_of(row.dossier_id)
            months[month] = months.get(month, 0) + row.n
    return found


def _missing(connection: Connection, months: Iterable[Month]) -> Iterator[tuple[str, Month]]:
    parts = text(
        "SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid"
        " WHERE i.inhparent = CAST(:parent AS regclass)"
    )
    wanted = sorted(set(months))
    for table in MONTHLY:
        there = set(connection.execute(parts, {"parent": table}).scalars())
        yield from ((table, month) for month in wanted if month.part_of(table) not in there)


def _make(connection: Connection, table: str, month: Month) -> None:
    """Make one part; what the rest holds of the month is taken out first and put in again."""
    begin, end = month.first_id(), month.next().first_id()
    within = f"dossier_id >= '{begin}' AND dossier_id < '{end}'"
    rest, part = f"{table}_{_REST}", month.part_of(table)
    of_month = f"FROM {rest} WHERE {within}"
    held = connection.execute(text(f"SELECT EXISTS (SELECT {of_month})")).scalar()
    if held:
        aside = "CREATE TEMPORARY TABLE moving ON COMMIT DROP AS SELECT *"
        connection.execute(text(f"{aside} {of_month}"))
        connection.execute(text(f"DELETE {of_month}"))
    connection.execute(
        text(f"CREATE TABLE {part} PARTITION OF {table} FOR VALUES FROM ('{begin}') TO ('{end}')")
    )
    if held:
        connection.execute(text(f"INSERT INTO {table} SELECT * FROM moving"))  # noqa: S608
        connection.execute(text("DROP TABLE moving"))
