"""The command line: what it prints, and the exit code that scripts rely on."""

import json
import os
import re
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
import typer
from sqlalchemy import text
from typer.testing import CliRunner

from api.cli import app
from api.settings import Settings
from engine.store.database import Database
from tests.api.desk import DIAGRAM, PASSWORD, found_in, open_desk

ROOT = Path(__file__).parents[2]
BROKEN = DIAGRAM.replace(b'ket_qua = "dat"', b"ket_qua = = dat")


def run(*arguments):
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture
def files(tmp_path):
    good, bad, none = (tmp_path / name for name in ("good.bpmn", "bad.bpmn", "none.bpmn"))
    good.write_bytes(DIAGRAM)
    bad.write_bytes(BROKEN)
    return good, bad, none


def test_check_says_yes_only_if_all_can_be_published(files):
    good, bad, none = files
    assert run("check", good).exit_code == 0
    assert run("check", good, bad).exit_code == 1
    assert run("check", good, none).exit_code == 1


def test_check_prints_one_json_line_a_file(files):
    done = run("check", "--json", *files)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line["file"] for line in lines] == [str(file) for file in files]
    assert [line["outcome"] for line in lines] == ["publishable", "refused", "refused"]
    for line in lines:
        assert set(line) == {"file", "outcome", "findings", "repairs", "remaining", "seconds"}
        for finding in line["findings"]:
            assert set(finding) == {"rule", "severity", "element", "vi", "en"}
    assert lines[2]["findings"][0]["rule"] == "file.unreadable"


def test_check_tells_people_in_both_languages(files):
    done = run("check", files[1])
    assert "chưa ban hành được / refused" in done.stdout
    assert "LỖI" in done.stdout


def test_check_of_an_endless_file_ends(tmp_path):
    done = run("check", "--json", "/dev/zero")
    assert json.loads(done.stdout)["outcome"] == "refused"


def test_import_copies_bpmn_byte_for_byte_with_its_findings(files, tmp_path):
    good, bad, none = files
    out = tmp_path / "out"
    done = run("import", good, bad, none, "--out", out, "--json")
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.exit_code == 1
    assert [line["outcome"] for line in lines] == ["publishable", "refused", "refused"]
    assert [line["out"] for line in lines] == [
        str(out / "good.bpmn"),
        str(out / "bad.bpmn"),
        None,
    ]
    assert (out / "good.bpmn").read_bytes() == DIAGRAM
    assert (out / "bad.bpmn").read_bytes() == BROKEN
    assert run("import", good, "--out", out).exit_code == 0


def test_import_repairs_a_foreign_diagram_and_keeps_it_beside_the_repaired_one(tmp_path):
    foreign = tmp_path / "foreign.bpmn"
    foreign.write_bytes(
        b'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL">'
        b'<process id="P"><serviceTask id="A" name="A"/></process></definitions>'
    )
    out = tmp_path / "out"
    done = run("import", foreign, "--out", out, "--json")
    line = json.loads(done.stdout)
    assert done.exit_code == 1  # limits and owners are for the designer
    assert line["outcome"] == "refused"  # nothing is left that a repair mends
    assert {"start.added", "end.added", "task.person"} <= {r["kind"] for r in line["repairs"]}
    for repair in line["repairs"]:
        assert set(repair) == {"id", "kind", "element", "vi", "en", "before", "after"}
    assert {"qt-limit-missing", "qt-owner-missing"} <= {f["rule"] for f in line["remaining"]}
    assert (out / "foreign.bpmn.original").read_bytes() == foreign.read_bytes()
    assert json.loads((out / "foreign.repairs.json").read_bytes()) == line["repairs"]
    assert json.loads(run("check", foreign, "--json").stdout)["outcome"] == "repairable"


def test_import_does_not_mix_two_files_of_one_name(files, tmp_path):
    other = tmp_path / "other" / "good.bpmn"
    other.parent.mkdir()
    other.write_bytes(BROKEN)
    run("import", files[0], other, "--out", tmp_path / "out")
    assert (tmp_path / "out" / "good.bpmn").read_bytes() == DIAGRAM
    assert (tmp_path / "out" / "good-2.bpmn").read_bytes() == BROKEN


def test_import_refuses_what_is_neither_bpmn_nor_a_workflow(tmp_path):
    file = tmp_path / "x.xml"
    file.write_text("<html/>")
    done = run("import", file, "--out", tmp_path / "out", "--json")
    line = json.loads(done.stdout)
    assert (done.exit_code, line["out"], line["outcome"]) == (1, None, "refused")
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.corpus
def test_import_makes_bpmn_of_every_one_stop_workflow(corpora, tmp_path):
    workflows = sorted((corpora / "vn-onestop" / "workflows").glob("*_workflow.xml"))[:5]
    done = run("import", *workflows, "--out", tmp_path, "--json")
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(lines) == len(workflows) == 5
    for line in lines:
        assert line["outcome"] == "publishable", line["findings"]
        assert {"rule", "severity", "element", "vi", "en"} == set(line["repairs"][0])
        assert Path(line["out"]).read_bytes().startswith(b"<?xml")
    with_form = json.loads(run("import", workflows[0], "--out", tmp_path, "--json").stdout)
    assert b"qt:component " in Path(with_form["out"]).read_bytes()


@pytest.fixture
def database(tmp_path):
    url = f"sqlite:///{tmp_path}/q.db"
    found_in(url)
    return url


def test_verify_finds_the_altered_event(database, tmp_path):
    desk = open_desk(database, tmp_path)
    received = desk.receive()
    desk.lan.post(f"/dossiers/{received['code']}/withdraw", {"reason": "đổi ý rồi"})
    desk.office.database.close()
    whole = run("verify", "--database", database, "--json")
    assert (whole.exit_code, json.loads(whole.stdout)) == (
        0,
        {"events": 2, "breaks": [], "altered": []},
    )
    store = Database(database)
    store.write(lambda t: t.execute(text("UPDATE journal SET body = '{}' WHERE seq = 2")))
    store.close()
    altered = run("verify", "--database", database, "--json")
    assert altered.exit_code == 1
    assert json.loads(altered.stdout)["breaks"] == [
        {"agency_id": "H01", "dossier_id": received["dossier_id"], "seq": 2}
    ]
    assert "1 chỗ hỏng" in run("verify", "--database", database).stdout


def test_migrate_makes_the_schema(empty_database_url):
    assert run("migrate", "--database", empty_database_url).exit_code == 0
    assert run("migrate", "--database", empty_database_url).exit_code == 0


def test_an_officer_is_added_and_can_log_in(database, tmp_path):
    done = run(
        "officer", "add", "mai", "Hồ Thị Mai", "--agency", "H01", "--role", "staff",
        "--holding", "mot_cua/can_bo_mot_cua", "--database", database,
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    password = re.search(r"password: (\S+)", done.stdout)[1]
    desk = open_desk(database, tmp_path)
    desk.at(2100, 1, 4, 8)  # the position is held since the command ran
    answer = desk.client.post("/api/v1/login", json={"login": "mai", "password": password})
    assert answer.json()["officer"]["holdings"] == [
        {"unit": "mot_cua", "position": "can_bo_mot_cua"}
    ]
    desk.office.database.close()


def logged_in(database, folder, login, password):
    desk = open_desk(database, folder)
    answer = desk.client.post("/api/v1/login", json={"login": login, "password": password})
    desk.office.database.close()
    return answer.status_code


@pytest.mark.parametrize(
    ("options", "said"),
    [([], "mat-khau-moi\nmat-khau-moi\n"), (["--stdin"], "mat-khau-moi\r\n")],
)
def test_a_new_password_is_asked_for_twice_or_read_and_never_shown(
    database, tmp_path, options, said
):
    command = ["officer", "password", "lan", *options, "--database", database]
    done = CliRunner().invoke(app, command, input=said)
    assert done.exit_code == 0, done.output
    assert "mat-khau-moi" not in done.output
    assert logged_in(database, tmp_path, "lan", "mat-khau-moi") == 200
    assert logged_in(database, tmp_path, "lan", PASSWORD) == 401


@pytest.mark.parametrize(
    ("login", "options", "said"),
    [
        ("lan", [], "mat-khau-moi\nmat-khau-khac\n"),  # not the same twice
        ("lan", ["--stdin"], "ngan\n"),
        ("lan", ["--stdin"], ""),
        ("khong-co", ["--stdin"], "mat-khau-moi\n"),
    ],
)
def test_a_password_that_is_refused_changes_nothing(database, tmp_path, login, options, said):
    command = ["officer", "password", login, *options, "--database", database]
    assert CliRunner().invoke(app, command, input=said).exit_code != 0
    assert logged_in(database, tmp_path, "lan", PASSWORD) == 200


def test_a_login_is_one_person_s(database):
    done = run("officer", "add", "lan.khac", "Lan", "--agency", "H01", "--database", database)
    assert done.exit_code == 2
    assert "lan.khac" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--agency", "H99"], "H01, H02"),
        ([], "--agency"),
        (["--agency", "H01", "--holding", "mot_cua"], "unit/position"),
    ],
)
def test_an_officer_of_nowhere_is_refused_in_both_languages(database, arguments, said):
    done = run("officer", "add", "mai", "Mai", *arguments, "--database", database)
    assert done.exit_code == 2
    assert said in done.stderr
    assert len(done.stderr.strip().splitlines()) == 2


def test_a_setting_that_cannot_be_is_told(monkeypatch):
    monkeypatch.setenv("QUYTRINH_PORT", "http")
    done = run("migrate")
    assert done.exit_code == 2
    assert "QUYTRINH_PORT" in done.stderr


@pytest.fixture
def server(tmp_path):
    """The real program, as `make run` starts it, in a folder of its own."""
    with subprocess.Popen(
        [sys.executable, "-c", "from api.cli import main; main()", "serve", "--port", "0"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as started:
        yield started
        started.send_signal(signal.SIGINT)
        ended = started.wait(30)
    assert ended in (0, -signal.SIGINT)


@pytest.mark.slow
def test_serve_prints_the_address_and_the_first_login_and_answers(server):
    said = []
    while "http://" not in "".join(said[-1:]):
        said.append(server.stdout.readline())
        assert said[-1], "ended before it served"
    address = re.search(r"http://\S+?/", said[-1])[0]
    password = re.search(r"password, all accounts: (\S+)", "".join(said))[1]
    with urllib.request.urlopen(f"{address}health/ready", timeout=30) as answer:
        assert json.load(answer) == {"status": "ready"}
    body = json.dumps({"login": "motcua1", "password": password}).encode()
    request = urllib.request.Request(
        f"{address}api/v1/login", body, {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        assert json.load(answer)["officer"]["login"] == "motcua1"


def test_every_command_stands_in_the_reference():
    """In the page of the command line, or on a page of its own."""
    folder = ROOT / "docs" / "reference"
    reference = (folder / "cli.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"^## `quytrinh ([\w-]+)", reference, re.MULTILINE))
    commands = typer.main.get_command(app).commands
    assert listed <= set(commands)
    missing = [name for name in set(commands) - listed if not (folder / f"{name}.md").is_file()]
    assert missing == []
    for name, command in commands.items():
        assert "/" in (command.help or ""), name  # both languages


def test_every_setting_stands_in_the_reference():
    reference = (ROOT / "docs" / "reference" / "cli.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"^\| `QUYTRINH_(\w+)` \|", reference, re.MULTILINE))
    assert listed == {name.upper() for name in Settings.model_fields}
