"""A log of another system written in any format says what it said before."""

import gzip

import pytest
from typer.testing import CliRunner

from analysis.event_log.reading import read_log
from analysis.log_export.foreign import LeftOut, foreign_pieces
from analysis.log_measures import measure_log
from api.cli import app
from api.log_files import LogForm, written

ENDINGS = {
    LogForm.XES: "xes",
    LogForm.CSV: "csv",
    LogForm.OCEL_JSON: "json",
    LogForm.OCEL_XML: "xml",
    LogForm.OCEL_SQLITE: "sqlite",
}
INTERVALS = (
    "case_id,activity,assigned_at,start_timestamp,timestamp,resource,case:deadline\n"
    "1,Tiếp nhận,2025-07-01T00:00Z,2025-07-01T00:30Z,2025-07-01T01:00Z,Lan,2025-07-03\n"
    "1,Thẩm định,2025-07-01T01:00Z,2025-07-01T02:30Z,2025-07-01T05:00Z,Nam,2025-07-03\n"
    "1,Thẩm định,2025-07-01T05:00Z,2025-07-01T05:10Z,2025-07-01T06:00Z,Yến,2025-07-03\n"
    "2,Tiếp nhận,2025-07-02T00:00Z,2025-07-02T00:30Z,,Lan,\n"
)


def again(log, form, folder):
    """The log, written and read; and what was left out."""
    left_out = LeftOut()
    file = folder / f"log.{ENDINGS[form]}"
    file.write_bytes(b"".join(written(form, foreign_pieces(log, left_out))))
    return read_log(file), left_out


def said(log):
    """What must be the same whatever the format."""
    found = measure_log(log)
    return {
        "cases": found.cases,
        "runs": found.runs,
        "resources": found.resources,
        "variants": found.variants,
        "steps": {
            s.activity: (s.runs, s.since_previous, s.waiting, s.handling) for s in found.steps
        },
        "late": (found.deadline, found.planned_end),
        "duration": found.case_duration,
    }


def read(text, folder, name="a.csv"):
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return read_log(file)


@pytest.mark.parametrize("form", list(LogForm))
def test_waiting_and_handling_survive_in_every_format(form, tmp_path):
    log = read(INTERVALS, tmp_path)
    found, left_out = again(log, form, tmp_path)
    assert said(found) == said(log)
    assert left_out == LeftOut()


@pytest.mark.parametrize("form", list(LogForm))
def test_words_of_other_lifecycles_stay(form, tmp_path):
    text = (
        "case_id,activity,timestamp,lifecycle\n"
        '1,"Duyệt, ký",2025-07-01T00:00:00.5Z,"In ""Progress"", A"\n'
        "1,<b>&x</b>,2025-07-01T01:00Z,schedule\n"
    )
    log = read(text, tmp_path)
    found, _ = again(log, form, tmp_path)
    assert [[e[:3] for e in t.events] for t in found.traces] == [
        [e[:3] for e in t.events] for t in log.traces
    ]


def test_what_cannot_be_written_is_counted(tmp_path):
    text = "case_id,activity,timestamp\n1,a,2025-07-01T00:00Z\n1,b,\n2,a,\n"
    found, left_out = again(read(text, tmp_path), LogForm.XES, tmp_path)
    assert [trace.case_id for trace in found.traces] == ["1"]
    assert left_out == LeftOut(events=2, cases=1)


def test_cases_of_one_name_stay_apart(tmp_path):
    trace = (
        '<trace><string key="concept:name" value="{}"/><event>'
        '<string key="concept:name" value="a"/>'
        '<date key="time:timestamp" value="2025-07-01T00:00:00Z"/></event></trace>'
    )
    text = "<log>" + "".join(map(trace.format, ("A", "A", "A (2)", "A"))) + "</log>"
    found, left_out = again(read(text, tmp_path, "a.xes"), LogForm.CSV, tmp_path)
    assert sorted(t.case_id for t in found.traces) == ["A", "A (2)", "A (3)", "A (4)"]
    assert left_out.renamed == 2


def test_a_cell_that_a_spreadsheet_would_run_is_made_harmless(tmp_path):
    text = "case_id,activity,timestamp\n1,=cmd|' /c calc'!A0,2025-07-01T00:00Z\n"
    pieces = foreign_pieces(read(text, tmp_path), LeftOut())
    assert b",=cmd" not in b"".join(written(LogForm.CSV, pieces))


@pytest.mark.corpus
@pytest.mark.parametrize("form", list(LogForm))
@pytest.mark.parametrize(
    "name", ["running-example.xes", "roadtraffic100traces.xes", "receipt.xes.gz"]
)
def test_published_logs_come_back_as_they_were(corpora, name, form, tmp_path):
    log = read_log(corpora / "logs" / name)
    found, left_out = again(log, form, tmp_path)
    assert said(found) == said(log)
    assert left_out == LeftOut()


def test_the_command_writes_it_packed_and_says_so(tmp_path):
    source, out = tmp_path / "a.csv", tmp_path / "b.xes.gz"
    source.write_text(INTERVALS, encoding="utf-8")
    words = ["convert-log", str(source), "--out", str(out), "--format", "xes", "--gzip", "--json"]
    ran = CliRunner().invoke(app, words)
    assert ran.exit_code == 0, ran.output
    assert '"cases":2' in ran.output
    assert gzip.decompress(out.read_bytes()).startswith(b"<?xml")
