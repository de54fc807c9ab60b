"""What is stored comes back exactly, on both databases."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, select

from engine.store.columns import from_microseconds, to_microseconds
from engine.store.database import Database
from engine.store.tables import agency, calendar

MOMENTS = [
    datetime(2026, 3, 2, 8, 0, 0, 1, UTC),
    datetime(2026, 3, 2, 8, 0, 0, 999_999, UTC),
    datetime(1970, 1, 1, tzinfo=UTC),
    datetime(1969, 12, 31, 23, 59, 59, 999_999, UTC),
    datetime(2400, 12, 31, 23, 59, 59, 999_999, UTC),
    datetime(2026, 3, 2, 8, 0, 0, 123_456, timezone(timedelta(hours=7))),
]


@pytest.fixture
def database(database_url):
    opened = Database(database_url)
    yield opened
    opened.close()


@given(st.datetimes(timezones=st.just(UTC)))
def test_every_moment_has_one_number_of_microseconds(moment):
    assert from_microseconds(to_microseconds(moment)) == moment


def test_moments_come_back_to_the_microsecond_and_in_order(database):
    documents = [{"n": number, "tên": "Đất đai", "rỗng": None} for number in range(len(MOMENTS))]

    def write(transaction):
        transaction.execute(insert(agency), {"agency_id": "a", "name": "A"})
        for number, moment in enumerate(MOMENTS):
            row = {"agency_id": "a", "version": str(number), "in_force_from": moment}
            transaction.execute(insert(calendar), row | {"data": documents[number]})

    database.write(write)
    with database.read() as connection:
        rows = connection.execute(select(calendar).order_by(calendar.c.version)).all()
        ordered = connection.execute(
            select(calendar.c.in_force_from).order_by(calendar.c.in_force_from)
        ).scalars()
        assert list(ordered) == sorted(MOMENTS)
    assert [row.in_force_from for row in rows] == MOMENTS
    assert [row.data for row in rows] == documents
    assert all(row.in_force_from.tzinfo is UTC for row in rows)


def test_a_time_without_a_zone_is_no_moment():
    with pytest.raises(TypeError):
        to_microseconds(datetime(2026, 3, 2, 8, 0))  # noqa: DTZ001
