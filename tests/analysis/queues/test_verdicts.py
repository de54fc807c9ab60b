"""Verdicts by month and unit out of the facts are those that the office's tables tell."""

import pytest

from analysis.facts.office import office_facts
from analysis.on_time import on_time_by_month, on_time_by_unit
from analysis.period import Period
from analysis.queues.scope import Scope
from analysis.queues.verdicts import verdicts_by_month, verdicts_by_unit
from tests.analysis.made_facts import made_facts, number
from tests.analysis.office_day import play
from tests.engine.offices import open_ward


@pytest.fixture
def ward(sqlite_files, tmp_path):
    opened = open_ward(sqlite_files.fresh(tmp_path))
    yield opened
    opened.office.database.close()


def test_months_and_units_are_those_of_the_tables(ward):
    play(ward)
    now = ward.clock.now()
    period = Period.last_days(now.date(), 400)
    with ward.office.database.read() as connection:
        months = on_time_by_month(connection, ward.agency_id, period)
        units = on_time_by_unit(connection, ward.agency_id, period)
    scope = Scope.of(period)
    with office_facts(ward.office.database, ward.agency_id, now) as facts:
        found = verdicts_by_month(facts, scope), verdicts_by_unit(facts, scope)
    for groups, rows in zip((months, units), found, strict=True):
        assert rows
        assert [(g.key, g.verdicts.early, g.verdicts.on_time, g.verdicts.late) for g in groups] == [
            (row.key, row.early, row.on_time, row.late) for row in rows
        ]
        assert [g.verdicts.rate for g in groups] == [row.share for row in rows]
        assert [g.verdicts.late_ws for g in groups] == [row.late_ws for row in rows]


def test_what_has_no_verdict_is_told_apart_and_in_no_share():
    facts = made_facts(
        dossier_fact=[
            {"dossier_id": number(n), "finished_us": 1, "finished_month": 202603, "result": result}
            for n, result in enumerate(("early", "late", None))
        ]
    )
    (row,) = verdicts_by_month(facts, Scope(0, 10))
    assert (row.early, row.late, row.unjudged) == (1, 1, 1)
    assert (row.share.part, row.share.whole) == (1, 2)
    assert verdicts_by_month(facts, Scope(5, 10)) == ()
