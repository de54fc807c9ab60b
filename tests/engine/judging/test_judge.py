"""What a stranger's file is told is what the check says of it, wherever it was judged."""

import dataclasses

import pytest

from engine.judging import JudgingRoom, convert, judge, mend
from engine.judging.worker import spawn
from processes.check import check
from processes.errors import InvalidInput
from processes.repair import apply
from tests.engine.offices import BPMN

FILES = sorted((BPMN / "procedures").glob("*.bpmn"))[:3]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem[:8])
def test_a_judged_procedure_is_the_checked_one(path):
    data = path.read_bytes()
    judged, checked = judge(data), check(data)
    assert dataclasses.replace(judged, document=None) == dataclasses.replace(checked, document=None)
    assert judged.document.data == data


@pytest.mark.parametrize("data", [b"", b"<html/>", b"PK\3\4", b"\0" * 3_000_000])
def test_a_file_that_is_no_procedure_is_told_the_same(data):
    assert judge(data).to_data() == check(data).to_data()
    assert judge(data).document is None


def test_a_file_is_mended_by_the_judge_as_by_the_repairs():
    data = FILES[0].read_bytes().replace(b' isExecutable="true"', b"")
    assert mend(data, file_name="a.bpmn") == apply(data, file_name="a.bpmn")


def test_what_is_no_workflow_is_refused_by_the_converter():
    with pytest.raises(InvalidInput):
        convert(b"<html/>", None)


def test_a_judge_that_was_spawned_answers_as_one_that_was_forked():
    room = JudgingRoom(size=1, starting=lambda: spawn("-m", "engine.judging.child"))
    checked, was_read = room.ask("check", FILES[0].read_bytes(), "a.bpmn")
    room.close()
    assert was_read
    assert checked.outcome == judge(FILES[0].read_bytes()).outcome
