"""The office's event log is taken away at the door and by command, without a person's name."""

import io
import re

import pytest
from typer.testing import CliRunner

from analysis.event_log.reading import read_log, read_log_stream
from analysis.log_measures import measure_log
from api.cli import app
from tests.api.desk import open_desk, step_of
from tests.api.test_dossiers import refused

PERIOD = "?first=2026-01-01&last=2026-12-31"
FORMS = ("xes", "csv", "ocel-json", "ocel-xml", "ocel-sqlite")


@pytest.fixture
def worked(desk):
    """One dossier, its first step in hand."""
    received = desk.receive()
    assert desk.lan.post(f"/steps/{step_of(received)}/claim", {}).status_code == 200
    return received


@pytest.mark.parametrize("form", FORMS)
def test_each_format_holds_the_dossier_and_its_steps(desk, worked, form):
    answer = desk.hung.get(f"/analysis/event-log{PERIOD}&format={form}")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert re.search(
        r'filename="nhat-ky-2026-01-01-2026-12-31\.', answer.headers["content-disposition"]
    )
    measures = measure_log(read_log_stream(io.BytesIO(answer.content), form))
    assert measures.cases == 1
    assert sum(step.open for step in measures.steps) == 1
    assert worked["code"].encode() in answer.content


@pytest.mark.parametrize("form", FORMS)
def test_nobodys_name_leaves_the_office(desk, worked, form):
    content = desk.hung.get(f"/analysis/event-log{PERIOD}&format={form}").content
    assert "Lan" not in content.decode("utf-8", "replace")
    assert "Lê Văn Tám".encode() not in content
    again = desk.hung.get(f"/analysis/event-log{PERIOD}&format={form}").content
    told = [set(re.findall(rb"p-[0-9a-f]{12}", each)) for each in (content, again)]
    assert len(told[0]) == len(told[1]) == 1
    assert told[0] != told[1]  # a pseudonym holds within one file


def test_a_clerk_may_not_take_it_away(desk):
    refused(desk.lan.get(f"/analysis/event-log{PERIOD}"), 403, "not_allowed")


def test_only_one_procedure(desk, worked):
    content = desk.hung.get(f"/analysis/event-log{PERIOD}&format=csv&procedure=none").content
    assert len(content.splitlines()) == 1


def test_by_command(founded_files, tmp_path):
    url = founded_files.fresh(tmp_path)
    desk = open_desk(url, tmp_path)
    desk.receive()
    desk.office.database.close()
    told = ["export-log", "--database", url, "--out", str(tmp_path / "log.xes"), "--agency", "H01"]
    found = CliRunner().invoke(app, [*told, "--from", "2026-01-01", "--to", "2026-12-31"])
    assert found.exit_code == 0, found.output
    assert measure_log(read_log(tmp_path / "log.xes")).cases == 1
    wrong = CliRunner().invoke(app, [*told, "--from", "01/01/2026"])
    assert wrong.exit_code == 2
