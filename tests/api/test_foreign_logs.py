"""A log of another system is analysed apart from the server: answered, refused, or stopped."""

import threading

import pytest

from api import foreign_logs
from api.foreign_logs import (
    ForeignLogFailed,
    ForeignLogRefused,
    ForeignLogs,
    ForeignLogsBusy,
    ForeignLogTooLong,
)

LOG = "case_id,activity,timestamp\n1,a,2025-07-01T00:00Z\n1,b,2025-07-01T01:00Z\n"


@pytest.fixture
def log(tmp_path):
    file = tmp_path / "-nhật ký.csv"
    file.write_text(LOG, encoding="utf-8")
    return file


def test_it_says_what_the_command_says(log):
    found = ForeignLogs().analyse(log, ["--against", str(log)])
    assert (found["cases"], found["events"]) == (1, 2)
    assert found["comparison"]["case_seconds"]["n"] == 1


def test_what_the_command_refuses_is_refused_in_its_words(log):
    log.write_text("PK\x03\x04")
    with pytest.raises(ForeignLogRefused) as refused:
        ForeignLogs().analyse(log, [])
    assert "CSV UTF-8" in refused.value.message("vi")
    assert "workbook" in refused.value.message("en")


def test_what_takes_too_long_is_stopped(log):
    with pytest.raises(ForeignLogTooLong, match=r"0\.01 seconds"):
        ForeignLogs(seconds=0.01).analyse(log, [])


def test_what_wants_too_much_memory_comes_to_an_end(log, monkeypatch):
    monkeypatch.setattr(foreign_logs, "MOST_BYTES", 64 << 20)
    with pytest.raises(ForeignLogFailed):
        ForeignLogs().analyse(log, [])


def test_one_at_a_time(log, monkeypatch):
    logs, begun, go_on = ForeignLogs(), threading.Event(), threading.Event()

    def slowly(*_):
        begun.set()
        go_on.wait()
        return {}

    monkeypatch.setattr(foreign_logs, "_answer", slowly)
    first = threading.Thread(target=logs.analyse, args=(log, []))
    first.start()
    begun.wait()
    with pytest.raises(ForeignLogsBusy):
        logs.analyse(log, [])
    go_on.set()
    first.join()
    assert logs.analyse(log, []) == {}
