"""The played office is a real one: every act was the engine's, and it can be played again."""

from datetime import date, datetime

import pytest
from sqlalchemy import func, select
from typer.testing import CliRunner

from analysis.facts.office import office_facts
from analysis.period import Period
from analysis.queues.attribution import lateness_by_step
from analysis.queues.scope import Scope
from api.cli import app
from api.demo.office_life import OfficeLife
from api.demo.plan import read_scenarios
from engine.clock import SetClock
from engine.journal import verify
from engine.store.in_use import in_use
from engine.store.tables import dossier, step_run
from tests.analysis.verdicts import verdicts_of
from tests.engine.offices import BPMN, VN, open_ward

START = datetime(2026, 3, 2, 7, 30, tzinfo=VN)
END = datetime(2026, 4, 29, 17, 0, tzinfo=VN)
DOSSIERS = 40
BIRTH = "1.001193-dang-ky-khai-sinh.bpmn"


def life_of(ward, seed):
    ward.clock.set(START)
    codes, versions = {}, {}
    for file in sorted((BPMN / "procedures").glob("*.bpmn")):
        record = ward.publish(file.read_bytes(), file.name)
        with ward.office.database.read() as connection:
            version = ward.office.version(connection, ward.agency_id, record.version_id)
        codes[file.name] = version.procedure.code
        versions[version.procedure.code] = version
    scenarios = read_scenarios(BPMN / "scenarios", codes)
    return OfficeLife(
        ward.office, ward.clock, ward.actors, ward.calendar, scenarios, versions, seed
    )


def play(ward, seed):
    return list(life_of(ward, seed).play(DOSSIERS, START, END))


def test_a_played_office_has_received_worked_and_kept_its_journal(sqlite_url):
    ward = open_ward(sqlite_url)
    progress = play(ward, seed=3)
    assert progress == list(range(1, DOSSIERS + 1))
    period = Period(START.date(), END.date())
    with ward.office.database.read() as connection:
        assert connection.execute(select(func.count()).select_from(dossier)).scalar() == DOSSIERS
        finished = verdicts_of(connection, ward.agency_id, period)
        assert finished.judged > DOSSIERS / 2
        with office_facts(ward.office.database, ward.agency_id, END) as facts:
            owed = lateness_by_step(facts, Scope.of(period))
        assert sum(part.late_ws for part in owed.owed) == owed.total_ws == finished.late_ws
        events, breaks = verify(connection)
        assert events > DOSSIERS * 5
        assert breaks == ()
        gaps = connection.execute(
            select(func.count()).where(
                step_run.c.state == "completed",
                step_run.c.waiting_ws + step_run.c.handling_ws + step_run.c.paused_ws
                != step_run.c.c_ended - step_run.c.c_enabled,
            )
        ).scalar()
        assert gaps == 0
    ward.office.database.close()


def test_the_same_seed_plays_the_same_months(sqlite_files, tmp_path):
    heads = []
    for name in ("first", "second"):
        folder = tmp_path / name
        folder.mkdir()
        ward = open_ward(sqlite_files.fresh(folder))
        play(ward, seed=5)
        with ward.office.database.read() as connection:
            heads.append(
                [
                    tuple(row)
                    for row in connection.execute(
                        select(
                            dossier.c.code, dossier.c.state, dossier.c.events, dossier.c.late_ws
                        ).order_by(dossier.c.code)
                    )
                ]
            )
        ward.office.database.close()
    assert heads[0] == heads[1]


# Each of these days once stopped the play: a decided dossier was sent back to its drafting.
DAYS = [
    datetime(2026, 11, 22, 7, 33, tzinfo=VN),
    datetime(2026, 11, 28, 17, 51, tzinfo=VN),
    datetime(2027, 2, 17, 23, 5, tzinfo=VN),
]


@pytest.mark.parametrize("today", DAYS, ids=["sunday", "saturday", "after-tet"])
def test_the_command_plays_once_and_refuses_to_mix_with_what_is_there(tmp_path, monkeypatch, today):
    monkeypatch.setattr("api.cli.demo.SystemClock", lambda: SetClock(today))
    monkeypatch.setenv("QUYTRINH_VAR_FOLDER", str(tmp_path))
    monkeypatch.setenv("QUYTRINH_PORT", "1")  # nobody serves there
    arguments = ["demo", "--dossiers", "5", "--months", "1"]
    arguments += ["--database", f"sqlite:///{tmp_path}/demo.db"]
    first = CliRunner().invoke(app, arguments)
    assert first.exit_code == 0, first.output
    assert "5 hồ sơ" in first.output
    second = CliRunner().invoke(app, arguments)
    assert second.exit_code == 2
    assert "đã có 5 hồ sơ" in second.output


def test_nothing_is_played_into_an_office_that_a_server_has_open(sqlite_url):
    ward = open_ward(sqlite_url)  # at whatever address it serves
    arguments = ["demo", "--dossiers", "1", "--database", sqlite_url]
    refused = CliRunner().invoke(app, arguments)
    assert refused.exit_code == 2
    assert "Chương trình khác đang mở" in refused.output
    assert in_use(sqlite_url)
    ward.office.database.close()
    assert not in_use(sqlite_url)


def test_months_before_the_scenarios_were_written_have_no_child_that_is_yet_to_be_born():
    (usual, *_) = read_scenarios(BPMN / "scenarios", {BIRTH: "1.001193"})["1.001193"]
    born = usual.reception["ngay_sinh"]
    assert usual.reception_on(date(2024, 5, 6)) == dict(usual.reception) | {
        "ngay_sinh": "2024-05-06"
    }
    assert usual.reception_on(date(2026, 5, 6))["ngay_sinh"] == born


@pytest.mark.parametrize("number", ["0", "-3", "many"])
def test_a_number_of_dossiers_that_makes_no_sense_is_refused(number):
    assert CliRunner().invoke(app, ["demo", "--dossiers", number]).exit_code == 2


def test_who_withdraws_what_was_handled_meanwhile_comes_too_late(sqlite_url):
    ward = open_ward(sqlite_url)
    life = life_of(ward, seed=3)
    assert list(life.play(DOSSIERS, START, END))
    over = dossier.c.state.in_(("finished", "returned"))
    query = select(dossier.c.dossier_id).where(over).order_by(dossier.c.dossier_id)
    with ward.office.database.read() as connection:
        handled = list(connection.execute(query).scalars())
    known = next(each for each in handled if each in life._dossiers)
    life._dossiers[known].over = False
    life._withdraw(next(iter(ward.actors.values())), known)
    with ward.office.database.read() as connection:
        assert list(connection.execute(query).scalars()) == handled
    ward.office.database.close()
