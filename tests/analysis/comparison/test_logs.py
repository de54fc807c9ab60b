"""Two logs are compared: what takes longer now, is more often late, goes other ways."""

import io

import orjson
import pytest
from typer.testing import CliRunner

from analysis.comparison.logs import compare_logs
from analysis.event_log.reading import read_log_stream
from api.cli import app

HEAD = "case_id,activity,timestamp,deadline,enddate\n"


def log(minutes, *, cases=60, last="Trả", late=0):
    lines = []
    for case in range(cases):
        end = minutes + case % 5
        day = f"2025-07-{1 + case % 28:02d}"
        due = 5 if case < late else 59
        lines += [
            f"{case},Tiếp nhận,{day}T08:00:00Z,{day}T08:{due:02d}:00Z,{day}T08:{end:02d}:00Z",
            f"{case},Thẩm định,{day}T08:{end - 1:02d}:00Z,,",
            f"{case},{last},{day}T08:{end:02d}:00Z,,",
        ]
    return (HEAD + "\n".join(lines) + "\n").encode()


def read(text):
    return read_log_stream(io.BytesIO(text), "log.csv")


def test_what_takes_longer_now():
    found = compare_logs(read(log(10)), read(log(30, late=30)))
    assert (found.cases.shift_s, found.cases.differs) == (20 * 60, True)
    first, second = found.steps
    assert (first.name, first.shift_s, first.differs) == ("Thẩm định", 20 * 60, True)
    assert (second.name, second.shift_s, second.differs) == ("Trả", 0, False)
    assert (found.deadline.late_a, found.deadline.late_b, found.deadline.difference) == (0, 30, 0.5)
    assert found.deadline.interval.low > 0.3
    assert found.ways_p is None  # all go one way
    assert (found.only_a, found.only_b) == ((), ())


def test_other_ways_and_other_steps():
    found = compare_logs(read(log(10)), read(log(10, last="Gửi")))
    assert found.ways_p < 1e-9
    assert (found.only_a, found.only_b) == (("Trả",), ("Gửi",))
    assert not any(step.differs for step in found.steps)


def test_few_cases_say_no_difference():
    found = compare_logs(read(log(10, cases=20)), read(log(30, cases=20)))
    assert found.cases.p < 1e-6
    assert not found.cases.differs


@pytest.fixture
def files(tmp_path):
    (tmp_path / "truoc.csv").write_bytes(log(10))
    (tmp_path / "nay.csv").write_bytes(log(30))
    (tmp_path / "map.csv").write_text("activity,element\nTiếp nhận,A\nTrả,\n", encoding="utf-8")
    model = "http://www.omg.org/spec/BPMN/20100524/MODEL"
    (tmp_path / "p.bpmn").write_text(
        f'<definitions xmlns="{model}"><process id="p"><startEvent id="s"/><userTask id="A"/>'
        '<userTask id="B" name="tham dinh"/><endEvent id="e"/>'
        '<sequenceFlow id="f" sourceRef="s" targetRef="A"/>'
        '<sequenceFlow id="g" sourceRef="A" targetRef="B"/>'
        '<sequenceFlow id="h" sourceRef="B" targetRef="e"/></process></definitions>'
    )
    return tmp_path


def run(files, *more):
    told = ["analyse", str(files / "nay.csv"), "--against", str(files / "truoc.csv")]
    told += ["--procedure", str(files / "p.bpmn"), *more]
    return CliRunner().invoke(app, told)


def test_by_command(files):
    found = run(files, "--json", "--mapping", str(files / "map.csv"))
    assert found.exit_code == 0, found.output
    data = orjson.loads(found.stdout)
    assert data["comparison"]["case_seconds"]["shift"] == 20 * 60
    assert data["conformance"]["fitting"] == 60
    assert data["conformance"]["elements"] == {"Tiếp nhận": ["A"], "Thẩm định": ["B"]}
    assert data["conformance"]["left_out"] == ["Trả"]
    told = run(files).stdout
    assert "SO VỚI / AGAINST: truoc.csv" in told
    assert "0 / 60 hồ sơ đi đúng sơ đồ" in told
    assert "Không có trong sơ đồ / unknown to the diagram: Tiếp nhận, Trả" in told


def test_a_mapping_that_is_not_there_is_said(files):
    found = run(files, "--json", "--mapping", str(files / "none.csv"))
    assert found.exit_code == 2
    assert orjson.loads(found.stdout)["error"]["code"] == "analyse.file_not_opened"
