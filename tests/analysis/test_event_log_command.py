"""`quytrinh analyse`: what a person reads, what a program reads, and what both read when it fails."""

import re
from pathlib import Path

import orjson
import pytest
import typer
from typer.testing import CliRunner

from analysis.event_log import invalid_log
from analysis.event_log.findings import RULES, Tally
from analysis.event_log.time_stamp import UnknownTimeZone
from analysis.weekly_hours import InvalidWeeklyHours
from api.cli.analyse import analyse
from processes.errors import InvalidInput

REFERENCE = Path(__file__).parents[2] / "docs" / "reference" / "analyse.md"
LOG = """case_id,activity,timestamp,start_timestamp,resource,deadline
HS-1,Tiếp nhận,2025-07-01T08:00:00+07:00,,Lan,2025-07-04T17:00:00+07:00
HS-1,Thẩm định,2025-07-04T10:00:00+07:00,2025-07-04T08:00:00+07:00,Minh,
HS-1,Thẩm định,2025-07-07T08:30:00+07:00,2025-07-07T08:00:00+07:00,Minh,
HS-2,Tiếp nhận,2025-07-02T08:00:00,,Lan,2025-07-04T17:00:00+07:00
HS-2,"Thẩm định\x1b[2J",2025-07-02T09:00:00+07:00,2025-07-02T08:30:00+07:00,Minh,
"""

app = typer.Typer()
app.command()(analyse)


@pytest.fixture
def log(tmp_path):
    file = tmp_path / "sổ.csv"
    file.write_text(LOG, encoding="utf-8")
    return str(file)


def run(*arguments):
    return CliRunner().invoke(app, arguments)


def test_json_is_one_object_with_the_measures(log):
    done = run(log, "--json")
    assert (done.exit_code, done.stderr) == (0, "")
    data = orjson.loads(done.stdout)
    assert (data["file"], data["format"], data["cases"]) == ("sổ.csv", "csv", 2)
    assert data["late"]["deadline"]["late"] == 1
    assert data["case_working_seconds"] is None
    assert data["findings"][0]["rule"] == "log-time-without-zone"


def test_office_hours_add_working_time(log):
    data = orjson.loads(run(log, "--json", "--hours", "T2-T6 7:30-11:30 13:00-17:00").stdout)
    arcs = {(arc["from"], arc["to"]): arc for arc in data["directly_follows"]}
    # Friday 10:00 to Monday 8:30: 1.5 h + 4 h on Friday, 1 h on Monday
    assert arcs["Thẩm định", "Thẩm định"]["working_seconds"]["sum"] == 6.5 * 3600
    assert data["case_working_seconds"]["n"] == 2


def test_the_zone_is_that_of_times_which_name_none(log):
    data = orjson.loads(run(log, "--json", "--zone", "UTC").stdout)
    assert "log-events-out-of-order" in {finding["rule"] for finding in data["findings"]}
    table = {row["activity"]: row for row in data["activities_table"]}
    # HS-2 is received at 8:00 UTC = 15:00 in Viet Nam, after its appraisal at 9:00
    assert table["Tiếp nhận"]["last_in_cases"] == 1


def test_the_report_is_for_people_vietnamese_first(log):
    done = run(log, "--hours", "T2-T6 7:30-11:30 13:00-17:00")
    assert done.exit_code == 0
    lines = done.stdout.splitlines()
    assert lines[0] == "NHẬT KÝ SỰ KIỆN / EVENT LOG: sổ.csv (csv)"
    assert [line.split()[-1] for line in lines if "cases  " in line] == ["2"]
    for heading in (
        "Thời gian một hồ sơ / case duration",
        "Thời gian làm việc một hồ sơ / case working time",
        "Trễ so với hẹn trả / deadline",
        "Điểm nghẽn: từ khi xong bước trước / bottlenecks: time since the step before",
        "Chờ / waiting",
        "Xử lý / handling",
        "Đường đi tốn thời gian nhất / ways that take most time",
        "Đường đi theo giờ làm việc / ways in working time",
        "Làm lại / rework: 1 hồ sơ / cases",
        "Cách đi phổ biến / most frequent variants",
        "Lưu ý về dữ liệu / findings",
    ):
        assert heading in lines
    assert "Tạm dừng / paused" not in lines
    assert "1 trễ / late (50,0 %), 1 đúng hạn / on time" in done.stdout


def test_durations_are_written_with_the_unit_that_fits(log):
    text = run(log, "--hours", "T2-T6 7:30-11:30 13:00-17:00").stdout
    (elapsed,) = [line for line in text.splitlines() if line.startswith("  đã xong")]
    # 1 hour and 6 days 30 minutes
    assert re.findall(r"[\d.,]+ (?:ngày|giờ|phút|giây)", elapsed)[0] == "3,0 ngày"
    (working,) = [line for line in text.splitlines() if "giờ làm việc / working" in line]
    assert "ngày" not in working  # a working day is not 24 hours


def test_nothing_in_a_log_commands_the_terminal(log):
    assert "\x1b" not in run(log).stdout
    assert "Thẩm định�[2J" in run(log).stdout


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["none.csv"], "log.not_opened"),
        (["LOG", "--zone", "Mặt Trăng"], "time_zone.unknown"),
        (["LOG", "--hours", "cả ngày"], "weekly_hours.invalid"),
    ],
)
def test_a_refusal_is_said_in_both_languages_and_to_programs(log, arguments, code):
    arguments = [log if argument == "LOG" else argument for argument in arguments]
    done = run(*arguments, "--json")
    assert done.exit_code == 2
    error = orjson.loads(done.stdout)["error"]
    assert error["code"] == code
    assert done.stderr.splitlines() == [error["vi"], error["en"]]
    plain = run(*arguments)
    assert (plain.exit_code, plain.stdout, plain.stderr) == (2, "", done.stderr)


def keys(data):
    if isinstance(data, dict):
        for key, value in data.items():
            yield key
            yield from keys(value)
    elif isinstance(data, list):
        for value in data:
            yield from keys(value)


def test_every_key_finding_and_error_is_documented(log):
    prose = re.sub(r"```.*?```", "", REFERENCE.read_text(encoding="utf-8"), flags=re.DOTALL)
    documented = set(re.findall(r"`([^`]+)`", prose))
    data = orjson.loads(run(log, "--json", "--hours", "T2-T6 7:30-17:00").stdout)
    data["rework"] = {}  # its keys are names of activities
    assert set(keys(data)) - documented == set()
    assert set(RULES) - documented == set()
    errors = [InvalidWeeklyHours, UnknownTimeZone]
    errors += [e for e in vars(invalid_log).values() if isinstance(e, type)]
    codes = {error.code for error in errors} - {InvalidInput.code}
    assert codes - documented == set()
    assert {
        word for word in documented if re.fullmatch(r"(log|weekly_hours|time_zone)\.\w+", word)
    } == codes
    assert {word for word in documented if word.startswith("log-")} == set(RULES)


def test_every_finding_has_both_sentences():
    tally = Tally()
    for rule in RULES:
        tally.note(rule, "HS-1", "{ví dụ}", 7)
    findings = tally.findings()
    assert len(findings) == len(RULES)
    for finding in findings:
        assert finding.vi != finding.en
        assert "7" in finding.vi or "{ví dụ}" in finding.vi


def test_two_periods_of_one_log_are_compared(tmp_path):
    file = tmp_path / "a.csv"
    rows = "".join(f"{d},a,2025-07-0{d}T00:00Z\n{d},b,2025-07-0{d}T0{d}:00Z\n" for d in range(1, 9))
    file.write_text("case_id,activity,timestamp\n" + rows)
    words = ["--period", "2025-07-05..2025-07-08", "--against-period", "2025-07-01..2025-07-04"]
    answer = run(str(file), "--json", *words)
    found = orjson.loads(answer.stdout)
    assert (found["cases"], found["comparison"]["case_seconds"]["n_before"]) == (4, 4)
    assert found["comparison"]["case_seconds"]["shift"] == 4 * 3600


@pytest.mark.parametrize("period", ["2025-07-01", "2025-07-01..x", "2025-07-02..2025-07-01", ".."])
def test_a_period_that_is_none_is_refused_in_words(tmp_path, period):
    file = tmp_path / "a.csv"
    file.write_text("case_id,activity,timestamp\n1,a,2025-07-01T00:00Z\n")
    answer = run(str(file), "--json", "--period", period)
    assert answer.exit_code == 2
    assert orjson.loads(answer.stdout)["error"]["code"] in (
        "analyse.period_unreadable",
        "period.invalid",
    )
