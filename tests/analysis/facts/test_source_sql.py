"""What is read for a refresh: what has not ended and what was touched, each row once."""

from collections import Counter

import pytest

from analysis.facts.source_sql import NOT_ENDED, Scope, Source
from engine.store.snapshot import snapshot_of
from tests.analysis.office_day import play
from tests.analysis.test_returns import Life


@pytest.fixture
def busy(ward):
    """Two dossiers that are over and one in work."""
    play(ward)
    Life(ward)
    return ward


def runs(ward, scope):
    with snapshot_of(ward.office.database) as snapshot:
        source = Source(snapshot.is_sqlite)
        return source.told(snapshot, source.step_runs(scope)).to_pylist()


def ids(rows):
    return Counter(str(row["step_run_id"]) for row in rows)


def test_a_run_is_open_exactly_as_long_as_it_has_not_ended(busy):
    everything = runs(busy, Scope(busy.agency_id))
    states = {(row["state"] == "open", row["ended_at"] is None) for row in everything}
    assert states == {(True, True), (False, False)}


def test_of_what_has_not_ended_and_what_was_touched_each_run_is_read_once(busy):
    everything = runs(busy, Scope(busy.agency_id))
    still = [row for row in everything if row["ended_at"] is None]
    assert ids(runs(busy, Scope(busy.agency_id, part=NOT_ENDED))) == ids(still)
    assert ids(runs(busy, Scope(busy.agency_id, touched=[]))) == ids(still)
    for dossier in {str(row["dossier_id"]) for row in everything}:
        touched = runs(busy, Scope(busy.agency_id, touched=[dossier]))
        expected = [row for row in everything if row in still or str(row["dossier_id"]) == dossier]
        assert ids(touched) == ids(expected)
        assert set(ids(touched).values()) == {1}


def test_all_agencies_are_read_as_one_is(busy):
    assert ids(runs(busy, Scope())) == ids(runs(busy, Scope(busy.agency_id)))


def test_fewer_columns_can_be_asked_for(busy):
    with snapshot_of(busy.office.database) as snapshot:
        source, scope = Source(snapshot.is_sqlite), Scope(busy.agency_id)
        for only in (["dossier_id", "month"], ["dossier_id", "unit", "state"]):
            asked = source.step_runs(scope, only)
            assert source.told(snapshot, asked).column_names == only
