"""Opening an office: an empty database becomes the sample office, any other is left as it is."""

import json
import shutil
import stat
from pathlib import Path

import pytest

from api import opening
from api.opening import (
    FirstLogin,
    NoSampleOffice,
    SampleRefused,
    bpmn_folder,
    make_folder,
    open_office,
)
from api.settings import Settings
from engine.accounts import actors, log_in, session
from engine.clock import SetClock
from engine.dossiers.receive import Reception, receive
from engine.ids import seeded_ids
from engine.procedure_version import version
from engine.procedures import listed
from engine.store.condition import agencies
from tests.api.desk import DIAGRAM, START, agency

ROOT = Path(__file__).parents[2]
REAL = sorted((ROOT / "bpmn" / "procedures").glob("*.bpmn"))


@pytest.fixture
def folder(tmp_path):
    """An office of five with one procedure."""
    made = tmp_path / "bpmn"
    (made / "procedures").mkdir(parents=True)
    (made / "office.json").write_text(json.dumps(agency("H01", "")), encoding="utf-8")
    (made / "procedures" / "cap-phep.bpmn").write_bytes(DIAGRAM)
    return made


@pytest.fixture
def settings(folder, tmp_path, empty_database_url):
    return Settings(
        database_url=empty_database_url, bpmn_folder=folder, var_folder=tmp_path / "var"
    )


def opened(settings, told=None):
    tell = (lambda _: None) if told is None else told.append
    return open_office(settings, SetClock(START), seeded_ids(1), tell)


def test_an_empty_database_becomes_the_sample_office(settings):
    told: list[FirstLogin] = []
    office = opened(settings, told)
    (first,) = told
    assert [login for login, _ in first.accounts] == ["lan", "nam", "yen", "hung", "thiet.ke"]
    token = log_in(office.database, office.clock, "lan", first.password)
    with office.database.read() as connection:
        lan = session(connection, office.clock, token).actor
        (procedure,) = listed(connection, lan, in_force=True)
    assert lan.holds("can_bo_mot_cua", "mot_cua")
    assert (procedure.code, procedure.number) == ("9.000001", 1)
    received = receive(office, lan, Reception("9.000001", "Lê Văn Tám", data={"dien_tich": 1}))
    assert received.due_at.isoformat() == "2026-03-09T08:00:00+07:00"
    office.database.close()


def test_the_first_login_is_written_for_the_owner_only(settings):
    told: list[FirstLogin] = []
    opened(settings, told).database.close()
    file = settings.var_folder / "first-login.txt"
    assert told[0].file == file
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    lines = file.read_text(encoding="utf-8").splitlines()
    assert lines[1] == told[0].password
    assert "thiet.ke\tĐặng Thu Trang" in lines
    assert len(told[0].password) == 19


def test_a_file_lying_there_does_not_keep_its_rights(settings):
    settings.var_folder.mkdir()
    file = settings.var_folder / "first-login.txt"
    file.write_text("old")
    file.chmod(0o644)
    opened(settings).database.close()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "old" not in file.read_text(encoding="utf-8")


def test_each_office_has_its_own_password():
    assert opening._password() != opening._password()


def test_a_database_with_an_agency_is_left_as_it_is(settings, folder):
    opened(settings).database.close()
    (settings.var_folder / "first-login.txt").unlink()
    shutil.rmtree(folder)  # nothing is read from it again
    told: list[FirstLogin] = []
    office = opened(settings, told)
    assert told == []
    assert agencies(office.database) == ("H01",)
    assert not (settings.var_folder / "first-login.txt").exists()
    office.database.close()


def test_a_start_that_was_killed_half_way_begins_again(settings, monkeypatch):
    def killed(*_args, **_more):
        raise KeyboardInterrupt

    monkeypatch.setattr(opening, "found_office", killed)
    with pytest.raises(KeyboardInterrupt):
        opened(settings)
    monkeypatch.undo()
    office = opened(settings)
    with office.database.read() as connection:
        people = actors(connection, "H01", START)
        (procedure,) = listed(connection, people["lan"])
    assert (procedure.number, procedure.draft_id) == (1, None)  # not uploaded twice
    office.database.close()


def test_a_folder_without_an_office_is_told(settings, folder):
    (folder / "office.json").unlink()
    with pytest.raises(NoSampleOffice, match=r"office\.json"):
        opened(settings)


def test_a_diagram_that_cannot_be_put_in_force_is_named(settings, folder):
    (folder / "procedures" / "hong.bpmn").write_bytes(
        DIAGRAM.replace(b"ket_qua = ", b"ket_qua == ")
    )
    with pytest.raises(SampleRefused, match=r"hong\.bpmn"):
        opened(settings)


@pytest.mark.slow
def test_the_real_office_opens_with_every_real_procedure(tmp_path):
    settings = Settings(database_url=f"sqlite:///{tmp_path}/q.db", var_folder=tmp_path)
    told: list[FirstLogin] = []
    office = open_office(settings, SetClock(START), seeded_ids(1), told.append)
    with office.database.read() as connection:
        (agency_id,) = agencies(office.database)
        people = actors(connection, agency_id, START)
        found = listed(connection, people["quantri"], in_force=True)
    assert len(found) == len(REAL) >= 10
    assert {login for login, _ in told[0].accounts} == set(people)
    assert len(people) > 20
    office.database.close()


def test_the_folder_is_the_product_s_own_unless_set(tmp_path):
    assert bpmn_folder(Settings()) == ROOT / "bpmn"
    assert bpmn_folder(Settings(bpmn_folder=tmp_path)) == tmp_path


def test_the_folder_of_the_database_is_for_its_owner_only(tmp_path):
    make_folder(f"sqlite:///{tmp_path}/a/b/q.db?x=1")
    assert stat.S_IMODE((tmp_path / "a" / "b").stat().st_mode) == 0o700
    make_folder("sqlite:///q.db")
    make_folder("postgresql+psycopg://somewhere/else")
    assert [each.name for each in tmp_path.iterdir()] == ["a"]


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("postgresql://a@b/c", "postgresql+psycopg://a@b/c"),
        ("postgres://a@b/c", "postgresql+psycopg://a@b/c"),
        ("postgresql+psycopg://a@b/c", "postgresql+psycopg://a@b/c"),
        ("sqlite:///x.db", "sqlite:///x.db"),
    ],
)
def test_postgresql_is_spoken_to_through_psycopg(given, read):
    assert Settings(database_url=given).database_url == read


def test_settings_come_from_the_environment(monkeypatch):
    monkeypatch.setenv("QUYTRINH_PORT", "9001")
    monkeypatch.setenv("QUYTRINH_SECURE_COOKIES", "true")
    monkeypatch.setenv("QUYTRINH_TEST_POSTGRESQL", "is none of ours")
    assert (Settings().port, Settings().secure_cookies) == (9001, True)


GRANTED = {
    "name": "Đạt thì cấp",
    "reception": {"dien_tich": 120},
    "steps": [{"element": "Task_Appraise", "data": {"ket_qua": "dat"}}],
}


def with_scenario(folder, outcome):
    """The folder of the office with a scenario under its procedure's code."""
    (folder / "scenarios").mkdir()
    text = json.dumps({"scenarios": [{**GRANTED, "outcome": outcome}]})
    (folder / "scenarios" / "9.000001.json").write_text(text, encoding="utf-8")
    return text.encode()


def test_scenarios_beside_the_procedures_are_kept_with_them(settings, folder):
    text = with_scenario(folder, "granted")
    office = opened(settings)
    with office.database.read() as connection:
        founder = next(iter(actors(connection, "H01", START).values()))
        (line,) = listed(connection, founder)
        assert version(connection, founder, line.version_id).scenarios == text
    office.database.close()


def test_an_office_whose_scenarios_fail_is_not_opened(settings, folder):
    with_scenario(folder, "refused")
    with pytest.raises(SampleRefused) as refused:
        opened(settings)
    assert "kịch bản “Đạt thì cấp” không đạt" in refused.value.message("vi")
