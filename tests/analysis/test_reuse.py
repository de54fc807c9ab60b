"""How many dossiers were spared a paper that the person had brought before (QĐ 766, 4.3)."""

from datetime import date

import pytest

from analysis.period import Period
from analysis.reuse import reused_rate
from tests.engine.offices import open_ward
from tests.engine.test_reuse import Counter

MARCH = Period(date(2026, 3, 1), date(2026, 3, 31))


@pytest.fixture
def counter(database_url, tmp_path):
    ward = open_ward(database_url)
    yield Counter(ward, tmp_path / "documents")
    ward.office.database.close()


def rate(counter, period=MARCH, agency_id=None):
    with counter.ward.office.database.read() as connection:
        return reused_rate(connection, agency_id or counter.ward.agency_id, period)


def test_a_dossier_counts_once_however_much_was_taken_over(counter):
    assert (rate(counter).part, rate(counter).whole) == (0, 2)
    for component in ("CCCD", "BAN_VE"):
        counter.take(component)
    assert (rate(counter).part, rate(counter).whole) == (1, 2)


def test_it_stays_counted_when_the_dossiers_are_destroyed(counter):
    counter.take()
    counter.destroy(counter.earlier)
    counter.destroy(counter.later)
    assert (rate(counter).part, rate(counter).whole) == (1, 2)


def test_only_dossiers_of_the_agency_received_in_the_period_count(counter):
    counter.take()
    april = Period(date(2026, 4, 1), date(2026, 4, 30))
    assert rate(counter, april).whole == 0
    assert rate(counter, agency_id="000.00.99.H29").whole == 0
