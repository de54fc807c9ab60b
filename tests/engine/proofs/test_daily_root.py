"""The daily root is found by the day alone, and is what all events of the day make of it."""

import hashlib
from datetime import date, timedelta

import pytest
from sqlalchemy import select, text

from engine.dossiers.claim import claim, release
from engine.proofs.daily_root import daily_root, merkle_root
from engine.store.partitions import AHEAD, make_months_ahead
from engine.store.tables import journal
from tests.engine.drawing import CLERK
from tests.engine.offices import START, VN
from tests.faults.permit import a_minute, open_permits, receive_permit

FIRST = date(2026, 3, 2)
DAYS = [FIRST + timedelta(days=number) for number in range(-1, 5)]
LAST_MINUTE, FIRST_MINUTE = (2026, 3, 3, 23, 59, 59), (2026, 3, 4, 0, 0, 0)


@pytest.fixture
def worked(database_url):
    """Some dossiers, with events at both sides of midnight in the office's zone."""
    ward = open_permits(database_url)
    clerk = ward.holder(*CLERK)
    make_months_ahead(ward.office.database, START)
    first, second = receive_permit(ward), receive_permit(ward)
    for moment in (LAST_MINUTE, FIRST_MINUTE):
        ward.at(*moment)
        claim(ward.office, clerk, first.opened[0].step_run_id)
        release(ward.office, clerk, first.opened[0].step_run_id)
    a_minute(ward)
    claim(ward.office, clerk, second.opened[0].step_run_id)
    receive_permit(ward)
    yield ward
    ward.office.database.close()


def of_all_events(ward, day):
    """The root by looking at every event there is."""
    with ward.office.database.read() as connection:
        rows = connection.execute(select(journal)).all()
    last = {}
    of_day = [row for row in rows if row.at.astimezone(VN).date() == day]
    for row in sorted(of_day, key=lambda row: row.seq):
        last[row.dossier_id] = row
    leaves = sorted(
        each.dossier_id.bytes + each.seq.to_bytes(8, "big") + each.hash for each in last.values()
    )
    return len(last), len(of_day), merkle_root(leaves)


@pytest.mark.parametrize("day", DAYS)
def test_the_root_is_what_every_event_of_the_day_makes_of_it(worked, day):
    with worked.office.database.read() as connection:
        found = daily_root(connection, worked.agency_id, day, VN)
    assert (found.dossiers, found.events, found.root) == of_all_events(worked, day)


def test_midnight_is_that_of_the_office(worked):
    with worked.office.database.read() as connection:
        events = [daily_root(connection, worked.agency_id, day, VN).events for day in DAYS]
    assert events == [0, 2, 2, 4, 0, 0]


def test_of_a_day_on_which_nothing_happened_the_root_is_that_of_nothing(worked):
    with worked.office.database.read() as connection:
        found = daily_root(connection, worked.agency_id, DAYS[0], VN)
    assert found.root == hashlib.sha256().digest()


INDEXED = """
SELECT count(*) FROM pg_indexes WHERE tablename LIKE 'journal\\_%'
AND indexdef LIKE '%USING brin (agency_id, at) WITH (autosummarize%'
"""


def test_the_day_is_looked_up_and_the_journal_not_read_through(worked):
    database = worked.office.database
    query = "SELECT dossier_id, seq FROM journal WHERE agency_id = 'x' AND at >= 5 AND at < 6"
    with database.read() as connection:
        if database.is_sqlite:
            (plan,) = connection.execute(text(f"EXPLAIN QUERY PLAN {query}")).scalars(3)
            assert "USING COVERING INDEX ix_journal_at (agency_id=? AND at>? AND at<?)" in plan
        else:  # a small table is read by what is nearest; every part has the index
            assert connection.execute(text(INDEXED)).scalar_one() == AHEAD + 2
