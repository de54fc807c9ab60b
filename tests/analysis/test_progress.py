"""Whoever waits for a log hears how far it is, from nothing to all of it."""

import gzip

import pytest

from analysis.event_log.reading import read_log
from analysis.log_measures import measure_log
from analysis.progress import counted

ROWS = 40_000
LOG = "case_id,activity,timestamp\n" + "".join(
    f"{n // 4},bước {n % 4},2025-07-{n % 28 + 1:02d}T00:00Z\n" for n in range(ROWS)
)


@pytest.mark.parametrize("packed", [False, True])
def test_bytes_of_the_file_as_it_lies_there_are_told_to_the_last(tmp_path, packed):
    file, heard = tmp_path / "a.csv", []
    file.write_bytes(gzip.compress(LOG.encode()) if packed else LOG.encode())
    log = read_log(file, progress=lambda *told: heard.append(told))
    measure_log(log, progress=lambda *told: heard.append(told))
    size = file.stat().st_size
    read = [done for stage, done, of in heard if stage == "reading" and of == size]
    assert read == sorted(read)
    assert (read[0], read[-1]) == (0, size)
    stages = list(dict.fromkeys(stage for stage, _, _ in heard))
    assert stages == ["reading", "cases", "times", "ways", "rework"]
    assert {of for stage, _, of in heard if stage in ("cases", "times")} == {ROWS // 4}


def test_counting_takes_nothing_away():
    heard = []
    things = list(counted(range(2_500), "x", 2_500, lambda *told: heard.append(told)))
    assert things == list(range(2_500))
    assert heard == [("x", 0, 2_500), ("x", 1_000, 2_500), ("x", 2_000, 2_500)]
