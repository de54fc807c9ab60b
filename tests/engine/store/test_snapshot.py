"""A state of the office is read as it was at the first question, whatever happens meanwhile."""

import pytest

from engine.store.snapshot import UnreadableTables, snapshot_of
from tests.analysis.test_returns import Life

NUMBER = "select count(*) as n from dossier"


def number(snapshot):
    return snapshot.table(NUMBER).to_pylist()[0]["n"]


def test_what_is_received_meanwhile_is_not_seen(ward):
    life = Life(ward)
    with snapshot_of(ward.office.database) as snapshot:
        assert number(snapshot) == 1
        life.another(2026, 3, 3, 8, 0)
        assert number(snapshot) == 1
    with snapshot_of(ward.office.database) as snapshot:
        assert number(snapshot) == 2


def test_a_snapshot_changes_nothing(ward):
    with snapshot_of(ward.office.database) as snapshot, pytest.raises(UnreadableTables):
        snapshot.table("update agency set name = 'x'")


def test_a_question_that_cannot_be_answered_says_why(ward):
    with (
        snapshot_of(ward.office.database) as snapshot,
        pytest.raises(UnreadableTables, match="no_such_table"),
    ):
        snapshot.table("select * from no_such_table")
