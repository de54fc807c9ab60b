"""The facts of a real office say the same as the measures that read the engine's own tables."""

from datetime import date

import pytest

from analysis.facts.office import office_facts
from analysis.on_time import still_open
from analysis.period import Period
from analysis.step_durations import step_durations
from engine.dossiers.claim import claim
from engine.dossiers.pauses import receive_supplement, resume, suspend
from engine.dossiers.receive import receive
from engine.store.tables import step_run
from tests.analysis.office_day import HOUR, RECEPTION, moment, play
from tests.analysis.test_returns import GROUND, Life
from tests.analysis.verdicts import verdicts_of

MARCH = Period(date(2026, 3, 1), date(2026, 3, 31))


@pytest.fixture
def played(ward):
    """Two dossiers that are over and one that is open."""
    play(ward)
    ward.clock.set(moment(5, 8))
    clerk = ward.holder("can_bo_mot_cua", "mot_cua")
    step = receive(ward.office, clerk, RECEPTION).opened[0]
    ward.clock.set(moment(5, 9))
    claim(ward.office, clerk, step.step_run_id)
    return ward


def facts_at(ward, *when):
    return office_facts(ward.office.database, ward.agency_id, moment(*when))


def test_every_verdict_is_that_of_the_tables(played):
    with played.office.database.read() as connection:
        said = verdicts_of(connection, played.agency_id, MARCH)
        open_now = still_open(connection, played.agency_id, moment(5, 10))
    with facts_at(played, 5, 10) as facts:
        (row,) = facts.rows(
            "select count(*) filter (result = 'early') as early,"
            " count(*) filter (result = 'on_time') as on_time,"
            " count(*) filter (result = 'late') as late, sum(late_ws) as late_ws"
            " from dossier_fact where finished_month = 202603"
        )
        assert row == {
            "early": said.early,
            "on_time": said.on_time,
            "late": said.late,
            "late_ws": said.late_ws,
        }
        (still,) = facts.rows("select count(*) as n from dossier_fact where finished_us is null")
        assert still["n"] == open_now.total == 1


def test_the_times_of_every_step_are_those_of_the_tables(played):
    with played.office.database.read() as connection:
        said = {s.element_id: s for s in step_durations(connection, played.agency_id, MARCH)}
    with facts_at(played, 5, 10) as facts:
        found = facts.rows(
            "select element_id, count(*) as n, sum(waiting_ws) as waiting, sum(handling_ws) as"
            " handling, sum(paused_ws) as paused, sum(ended_us - enabled_us) as calendar_us,"
            " max(waiting_ws + handling_ws) as longest, max(limit_ws) as limit_ws,"
            " sum(late_ws) as late_ws from step_interval where ended_us is not null"
            " and state <> 'cancelled' group by element_id"
        )
    assert {row["element_id"] for row in found} == set(said)
    for row in found:
        step = said[row["element_id"]]
        assert (row["n"], row["limit_ws"], row["late_ws"]) == (step.n, step.limit_ws, step.late_ws)
        means = [row[name] / step.n for name in ("waiting", "handling", "paused")]
        assert means == [step.waiting.mean, step.handling.mean, step.paused.mean]
        assert row["longest"] == step.sojourn.p95
        assert row["calendar_us"] / step.n / 1_000_000 == step.calendar_seconds


def test_every_row_of_the_tables_is_a_fact_and_no_value_is_lost(played):
    rows = played.stored(step_run)
    with facts_at(played, 5, 10) as facts:
        found = {row["step_run_id"]: row for row in facts.rows("select * from step_interval")}
    assert set(found) == {row.step_run_id for row in rows}
    for row in rows:
        fact = found[row.step_run_id]
        for name in ("agency_id", "dossier_id", "version_id", "element_id", "name", "attempt"):
            assert fact[name] == getattr(row, name)
        for name in ("unit", "position", "state", "c_enabled", "c_started", "c_ended", "month"):
            assert fact[name] == getattr(row, name)
        for name in ("calendar_version", "result", "late_cause", "sent_back_from", "limit_ws"):
            assert fact[name] == getattr(row, name)
        assert fact["person_id"] == (row.completed_by or row.holder_id)
        assert fact["procedure_code"] == "2.000908"


def test_a_finished_dossier_has_used_its_limit_and_what_it_is_late(played):
    with facts_at(played, 5, 10) as facts:
        used = facts.rows(
            "select result, limit_ws, work_ws, late_ws from dossier_fact order by received_us"
        )
    # 02/03: 08:00 until it was signed at 13:45; 03/03 08:00 until 04/03 09:00: 7.5 h and 1.5 h.
    assert [row["work_ws"] for row in used] == [4.25 * HOUR, 9 * HOUR, None]
    assert used[1]["work_ws"] == used[1]["limit_ws"] + used[1]["late_ws"]


def test_an_open_step_has_no_end_and_its_holder_is_named(played):
    with facts_at(played, 5, 10) as facts:
        (run,) = facts.rows("select * from step_interval where state = 'open'")
    assert (run["ended_us"], run["month"], run["handling_ws"], run["result"]) == (None,) * 4
    assert run["waiting_ws"] == HOUR
    assert run["person_id"] == played.holder("can_bo_mot_cua", "mot_cua").account_id
    assert run["age_ws"] == 2 * HOUR


def test_what_was_missing_and_what_is_required_are_named_by_component(ward):
    life = Life(ward)
    life.ask(life.first, "A", life.clerk, ("DON", "ANH"), "Thiếu chữ ký")
    ward.at(2026, 3, 3, 8, 0)
    with facts_at(ward, 3, 8) as facts:
        (pause,) = facts.rows("select * from pause_fact")
        assert (pause["until_us"], pause["paused_ws"]) == (None, None)
    receive_supplement(ward.office, life.clerk, life.first.dossier_id, ())
    with facts_at(ward, 3, 9) as facts:
        (pause,) = facts.rows("select * from pause_fact")
        missing = facts.rows("select component, name, asked_us from missing_component order by 1")
        required = facts.rows("select component, requirement from required_component order by 1")
    assert (pause["kind"], pause["stage"], pause["asked_by"]) == (
        "supplement",
        "counter",
        life.clerk.account_id,
    )
    assert pause["paused_ws"] == 8 * HOUR
    assert [(row["component"], row["name"]) for row in missing] == [
        ("ANH", "Giấy ANH"),
        ("DON", "Giấy DON"),
    ]
    assert {row["asked_us"] for row in missing} == {pause["since_us"]}
    assert [(row["component"], row["requirement"]) for row in required] == [
        ("ANH", "optional"),
        ("DON", "required"),
    ]


def test_a_suspension_is_a_pause_once(ward):
    life = Life(ward)
    run = ward.run(life.first, "A").step_run_id
    suspend(ward.office, life.clerk, run, "Bão số 3", GROUND)
    ward.at(2026, 3, 3, 8, 0)
    resume(ward.office, life.clerk, life.first.dossier_id, "Hết bão")
    with facts_at(ward, 3, 9) as facts:
        assert facts.rows("select kind, paused_ws from pause_fact") == [
            {"kind": "force_majeure", "paused_ws": 8 * HOUR}
        ]


def test_another_agency_sees_nothing_and_the_database_everything(played):
    database = played.office.database
    with office_facts(database, "000.00.99.H29", moment(5, 10)) as facts:
        assert facts.rows("select 1 from dossier_fact union all select 1 from step_interval") == []
    with office_facts(database, None, moment(5, 10)) as facts:
        assert facts.rows("select count(*) as n from dossier_fact") == [{"n": 3}]
