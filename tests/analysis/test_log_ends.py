"""A case that still has a step in hand has not ended, whatever is asked of the log."""

import io
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from analysis.comparison.logs import compare_logs
from analysis.conformance.conformance import conformance
from analysis.event_log.part import begun_in
from analysis.event_log.reading import read_log_stream
from analysis.log_measures import measure_log
from analysis.period import Period
from api.cli import app
from processes.document import parse
from processes.reader import read

HEAD = "case_id,activity,timestamp,lifecycle:transition,deadline\n"
DUE = "2025-07-01T12:00:00Z"
LIFECYCLE = (
    f"ended,Nhận,2025-07-01T08:00:00Z,complete,{DUE}\n"
    f"ended,Ký,2025-07-01T09:00:00Z,start,\nended,Ký,2025-07-01T10:00:00Z,complete,\n"
    f"only begun,Nhận,2025-07-01T08:00:00Z,start,{DUE}\n"
    f"beside,Nhận,2025-07-01T08:00:00Z,complete,{DUE}\nbeside,Hỏi,2025-07-01T08:30:00Z,assign,\n"
    "beside,Ký,2025-07-01T09:00:00Z,start,\nbeside,Ký,2025-07-01T13:00:00Z,complete,\n"
)
INTERVALS = """case_id,activity,start_time,end_time,deadline
1,Nhận,2025-07-01T08:00:00Z,2025-07-01T09:00:00Z,2025-07-01T12:00:00Z
1,Ký,2025-07-01T10:00:00Z,2025-07-01T11:00:00Z,2025-07-01T12:00:00Z
2,Nhận,2025-07-01T08:00:00Z,2025-07-01T09:00:00Z,2025-07-01T12:00:00Z
2,Ký,2025-07-01T13:00:00Z,,2025-07-01T12:00:00Z
"""
DATED = """case_id,activity,timestamp,deadline,enddate
1,Nhận,2025-07-01T08:00:00Z,2025-07-02T08:00:00Z,2025-07-01T09:00:00Z
2,Nhận,2025-08-01T08:00:00Z,2025-08-02T08:00:00Z,
3,Nhận,2025-09-01T08:00:00Z,2025-09-02T08:00:00Z,2025-09-03T08:00:00Z
"""


def log(text):
    return read_log_stream(io.BytesIO(text.encode()), "log.csv")


def late(text):
    return measure_log(log(text)).to_data()["late"]["deadline"]


def test_a_case_with_a_step_that_is_only_begun_or_handed_over_is_open():
    found = late(HEAD + LIFECYCLE)
    assert (found["n"], found["on_time"], found["late"]) == (1, 1, 0)
    assert (found["open"], found["open_overdue"], found["ended_by"]) == (2, 2, "last_event")


def test_a_line_with_a_start_and_no_end_keeps_its_case_open():
    found = late(INTERVALS)
    assert (found["n"], found["on_time"], found["open"], found["open_overdue"]) == (1, 1, 1, 1)


def test_that_a_case_is_open_by_its_steps_is_told():
    measures = measure_log(log(HEAD + LIFECYCLE))
    assert measures.open_cases == 2
    (told,) = [f for f in measures.findings if f.rule == "log-case-open"]
    assert told.element == "only begun"
    assert told.en.startswith("2 cases have a step that is never completed")


def test_an_open_case_is_in_no_time_of_those_that_ended_and_marked_in_its_way():
    data = measure_log(log(INTERVALS)).to_data()
    assert data["case_duration_seconds"]["n"] == 2
    assert (data["ended_case_seconds"]["n"], data["ended_case_seconds"]["max"]) == (1, 3 * 3600)
    (way,) = data["top_variants"]
    assert (way["n"], way["open"], way["activities"]) == (2, 1, ["Nhận", "Ký"])


def test_the_start_of_a_step_is_never_taken_for_its_end():
    data = measure_log(log(INTERVALS)).to_data()
    (sign,) = [row for row in data["activities_table"] if row["activity"] == "Ký"]
    assert (sign["n"], sign["sum_seconds"], sign["open"]) == (1, 2 * 3600, 1)
    (arc,) = data["directly_follows"]
    assert (arc["n"], arc["timed"], arc["sum_seconds"]) == (2, 1, 2 * 3600)


def test_a_part_of_a_log_with_end_dates_has_open_cases_where_none_of_them_ended():
    august = begun_in(log(DATED), Period(date(2025, 8, 1), date(2025, 8, 31)))
    found = measure_log(august).to_data()["late"]["deadline"]
    assert (found["ended_by"], found["n"], found["open"]) == ("case", 0, 1)
    assert found["open_overdue"] == 1, "by the end of the whole log"


def test_a_case_that_ended_at_an_unknown_time_is_neither_late_nor_on_time():
    found = late(
        "case_id,activity,timestamp,deadline\n"
        f"1,Nhận,2025-07-01T08:00:00Z,{DUE}\n1,Trả,,{DUE}\n2,Nhận,2025-07-01T08:00:00Z,{DUE}\n"
    )
    assert (found["n"], found["open"], found["untimed"]) == (1, 0, 1)


def test_a_comparison_of_whole_cases_is_of_those_that_ended():
    done = "case_id,activity,start_time,end_time\n" + "".join(
        f"{n},{name},2025-07-01T0{at}:00:00Z,2025-07-01T0{at}:30:00Z\n"
        for n in range(40)
        for at, name in ((1, "Nhận"), (5, "Ký"))
    )
    going_on = done.replace("2025-07-01T05:30:00Z", "") + "x,Nhận,2025-07-01T01:00:00Z,\n"
    found = compare_logs(log(done), log(going_on))
    assert (found.cases.n_a, found.cases.n_b) == (40, 0)
    assert (found.open_a, found.open_b, found.ways_p) == (0, 41, None)
    assert [step.n_b for step in found.steps] == []


@pytest.mark.parametrize("open_too", [True, False])
def test_a_step_that_an_open_case_has_not_come_to_is_not_missing(open_too):
    model = "http://www.omg.org/spec/BPMN/20100524/MODEL"
    bpmn = (
        f'<definitions xmlns="{model}"><process id="p"><startEvent id="s"/><userTask id="Nhận"/>'
        '<userTask id="Ký"/><endEvent id="e"/>'
        '<sequenceFlow id="f" sourceRef="s" targetRef="Nhận"/>'
        '<sequenceFlow id="g" sourceRef="Nhận" targetRef="Ký"/>'
        '<sequenceFlow id="h" sourceRef="Ký" targetRef="e"/></process></definitions>'
    )
    found = conformance(
        log(INTERVALS), read(parse(bpmn.encode())).diagram, open_too=open_too
    ).to_data()
    assert (found["cases"], found["open_cases"]) == ((2, 0) if open_too else (1, 1))
    assert found["fitting"] == 1
    assert [each["name"] for each in found["deviations"]] == (["Ký"] if open_too else [])
    assert found["not_in_log"] == []


def test_what_a_page_and_a_program_ask_leaves_open_cases_aside(tmp_path):
    Path(tmp_path, "a.csv").write_text(INTERVALS, encoding="utf-8")
    told = CliRunner().invoke(app, ["analyse", str(tmp_path / "a.csv")]).stdout
    assert "Chưa xong / open" in told
    assert "1 hồ sơ chưa xong / open, trong đó 1 đã quá hạn / overdue" in told
