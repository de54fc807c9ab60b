"""A log of another system is analysed apart from the server: watched, answered, refused, stopped."""

import orjson
import pytest

from api import foreign_logs
from api.foreign_logs import (
    AnalysisStopped,
    ForeignLogFailed,
    ForeignLogRefused,
    ForeignLogTooLong,
    analysed,
)

LOG = "case_id,activity,timestamp\n1,a,2025-07-01T00:00Z\n1,b,2025-07-01T01:00Z\n"


def going_on(_progress):
    return True


@pytest.fixture
def log(tmp_path):
    file = tmp_path / "-nhật ký.csv"
    file.write_text(LOG, encoding="utf-8")
    return file


def test_it_says_what_the_command_says(log):
    found = orjson.loads(analysed(log, ["--against", str(log)], going_on))
    assert (found["cases"], found["events"]) == (1, 2)
    assert found["comparison"]["case_seconds"]["n"] == 1


def test_what_the_command_refuses_is_refused_in_its_words(log):
    log.write_text("PK\x03\x04")
    with pytest.raises(ForeignLogRefused) as refused:
        analysed(log, [], going_on)
    assert "CSV UTF-8" in refused.value.message("vi")
    assert "workbook" in refused.value.message("en")


def test_it_tells_how_far_it_is_as_it_goes(log, monkeypatch):
    monkeypatch.setattr(foreign_logs, "_BEAT_SECONDS", 0.001)
    log.write_text("case_id,activity,timestamp\n" + "1,a,2025-07-01T00:00Z\n" * 60_000)
    heard = []
    analysed(log, [], lambda progress: bool(heard.append(progress) or True))
    sizes = {each.done for each in heard if each.stage == "reading"}
    assert len(sizes) > 1
    assert {each.of for each in heard if each.stage == "reading"} == {log.stat().st_size}


def test_whoever_does_not_want_it_any_more_has_it_stopped(log):
    with pytest.raises(AnalysisStopped):
        analysed(log, [], lambda _: False)


def test_what_takes_too_long_is_stopped(log):
    with pytest.raises(ForeignLogTooLong, match=r"0\.01 seconds"):
        analysed(log, [], going_on, seconds=0.01)


def test_what_wants_too_much_memory_comes_to_an_end(log, monkeypatch):
    monkeypatch.setattr(foreign_logs, "MOST_BYTES", 64 << 20)
    with pytest.raises(ForeignLogFailed):
        analysed(log, [], going_on)
