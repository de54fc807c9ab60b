"""A file that a command writes is there whole, or what was there before is."""

import os
import threading

import orjson
import pytest
from typer.testing import CliRunner

from api.cli import app
from api.whole_file import FileNotWritten, whole_file

LOG = "case_id,activity,timestamp\n1,Nhận,2025-07-01T00:00:00Z\n1,Trả,2025-07-02T00:00:00Z\n"


@pytest.fixture
def log(tmp_path):
    file = tmp_path / "a.csv"
    file.write_text(LOG, encoding="utf-8")
    return file


def converted(log, out, *more):
    return CliRunner().invoke(app, ["convert-log", str(log), "--out", str(out), "--json", *more])


def test_what_was_there_stays_until_all_is_written(tmp_path):
    file = tmp_path / "x"
    file.write_bytes(b"before")

    def broken_off():
        with whole_file(file) as stream:
            stream.write(b"half")
            stream.flush()
            assert file.read_bytes() == b"before"
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        broken_off()
    assert [(each.name, each.read_bytes()) for each in tmp_path.iterdir()] == [("x", b"before")]


def test_a_link_still_leads_to_the_file_and_a_neighbour_is_let_be(tmp_path):
    (tmp_path / "x.part").write_bytes(b"of somebody else")
    (tmp_path / "link").symlink_to(tmp_path / "x")
    with whole_file(tmp_path / "link") as stream:
        stream.write(b"whole")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "x").read_bytes() == b"whole"
    assert (tmp_path / "x.part").read_bytes() == b"of somebody else"


def test_a_pipe_is_written_to_and_not_replaced(log, tmp_path):
    pipe, told = tmp_path / "pipe", []
    os.mkfifo(pipe)
    reading = threading.Thread(target=lambda: told.append(pipe.read_bytes()))
    reading.start()
    assert converted(log, pipe, "--format", "csv").exit_code == 0
    reading.join(10)
    assert pipe.is_fifo()
    assert told[0].startswith(b"\xef\xbb\xbfcase:concept:name")


@pytest.mark.parametrize("form", ["xes", "csv", "ocel-json", "ocel-xml", "ocel-sqlite"])
def test_a_full_disk_is_said_in_words(log, form):
    found = converted(log, "/dev/full", "--format", form)
    assert found.exit_code == 2, found.output
    assert orjson.loads(found.stdout)["error"]["code"] == "file.not_written"


def test_no_folder_or_a_folder_in_its_place_is_said_in_words(log, tmp_path):
    (tmp_path / "d").mkdir()
    for out in (tmp_path / "none" / "b.xes", tmp_path / "d", tmp_path / ("n" * 300)):
        found = converted(log, out)
        assert found.exit_code == 2, found.output
        assert orjson.loads(found.stdout)["error"]["code"] == FileNotWritten.code
    assert sorted(each.name for each in tmp_path.iterdir()) == ["a.csv", "d"]


def test_a_log_may_take_the_place_of_itself_and_says_how_far_it_is(log):
    found = converted(log, log, "--progress")
    assert found.exit_code == 0
    assert log.read_bytes().startswith(b"<?xml")
    stages = {orjson.loads(line)["stage"] for line in found.stderr.splitlines()}
    assert stages == {"reading", "cases", "writing"}
