"""Rehearsals of strangers' files are bounded, and their runs can be played as moves of tokens."""

import json
from collections import Counter

import pytest

from engine.judging import JudgingRoom
from engine.rehearsal import plain, room
from engine.rehearsal.room import RehearsalTooLong, Wanted, rehearse, stated_scenarios
from processes.document import MAX_BYTES, FileTooLarge
from tests.engine.offices import BPMN

LAND = (BPMN / "procedures" / "1.013831-bien-dong-dat-dai.bpmn").read_bytes()
PROCEDURES = sorted((BPMN / "procedures").glob("*.bpmn"))
TWO_BRANCHES = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"><process id="P">
<startEvent id="s"/><parallelGateway id="g"/><userTask id="a"/><userTask id="b"/>
<parallelGateway id="j"/><endEvent id="e"/>{}</process></definitions>"""
FLOWS = {"sg": "s g", "ga": "g a", "gb": "g b", "aj": "a j", "bj": "b j", "je": "j e"}


def two_branches():
    flows = (
        f'<sequenceFlow id="{name}" sourceRef="{ends[0]}" targetRef="{ends[2]}"/>'
        for name, ends in FLOWS.items()
    )
    return TWO_BRANCHES.format("".join(flows)).encode()


def moves(run):
    return [(move.element, set(move.takes), set(move.gives)) for move in run.moves]


def test_a_rehearsal_that_takes_too_long_is_killed_and_the_next_one_is_not(monkeypatch):
    hurried = JudgingRoom(size=1, seconds=0.05)
    monkeypatch.setattr(room, "_room", hurried)
    with pytest.raises(RehearsalTooLong):
        rehearse(LAND, Wanted(random=100))
    hurried.close()
    monkeypatch.undo()
    assert rehearse(LAND, Wanted(every_path=True)).well


def test_a_file_beyond_the_largest_size_is_not_even_asked_about():
    with pytest.raises(FileTooLarge):
        rehearse(b" " * (MAX_BYTES + 1), Wanted())


def test_runs_that_grow_too_long_together_are_cut_and_it_is_said(monkeypatch):
    whole = rehearse(LAND, Wanted(random=20), trusted=True)
    assert (len(whole.runs), whole.cut) == (20, False)
    monkeypatch.setattr(plain, "_MOST_PASSED", 10)
    cut = rehearse(LAND, Wanted(random=20), trusted=True)
    assert len(cut.runs) < 20
    assert cut.cut
    assert cut.runs == whole.runs[: len(cut.runs)]


def test_in_a_process_of_its_own_the_runs_are_the_same_as_in_ours():
    wanted = Wanted(random=5, seed=3)
    assert rehearse(LAND, wanted) == rehearse(LAND, wanted, trusted=True)


def test_tokens_split_and_meet_again():
    (run,) = rehearse(two_branches(), Wanted(), trusted=True).runs
    played = moves(run)
    assert played[0] == ("s", set(), {"sg"})
    assert played[1] == ("g", {"sg"}, {"ga", "gb"})
    assert sorted(played[2:4], key=str) == sorted(
        [("a", {"ga"}, {"aj"}), ("b", {"gb"}, {"bj"})], key=str
    )
    assert played[4:] == [("j", {"aj", "bj"}, {"je"}), ("e", {"je"}, set())]


@pytest.mark.parametrize("file", PROCEDURES, ids=[file.stem[:8] for file in PROCEDURES])
def test_no_run_of_a_real_procedure_takes_a_token_that_is_not_there_or_leaves_one(file):
    for run in rehearse(file.read_bytes(), Wanted(every_path=True), trusted=True).runs:
        held = Counter()
        for move in run.moves:
            for flow in move.takes:
                assert held[flow] > 0, (run.told["run"], move)
                held[flow] -= 1
            held.update(move.gives)
        assert +held == Counter()


def test_a_scenario_that_fails_is_no_run_that_went_well():
    stated = json.loads((BPMN / "scenarios" / "1.013831.json").read_text(encoding="utf-8"))
    wrong = {"scenarios": [{**stated["scenarios"][0], "outcome": "khong_co"}]}
    done = rehearse(LAND, Wanted(scenarios=stated_scenarios(json.dumps(wrong).encode())))
    assert [run.told["outcome"] for run in done.runs] == ["failed"]
    assert not done.well
