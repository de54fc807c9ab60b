"""What a walk shows is not said a second time; what a repair answers to stays."""

from processes.check import check
from processes.document import parse
from processes.judging import judge
from processes.said_once import said_once
from tests.engine.drawing import draw, end, start, step

ROUND = draw(start(), step("A"), step("B"), end(), flows=("S A", "A B", "B A"))


def rules(findings):
    return sorted(
        {found.rule for found in findings if found.rule.startswith(("qt-no", "soundness"))}
    )


def test_a_loop_without_a_way_out_is_said_once():
    assert rules(judge(parse(ROUND)).findings) == ["qt-no-way-out", "soundness-endless-loop"]
    assert rules(check(ROUND).findings) == ["soundness-endless-loop"]


def test_where_nothing_was_proved_all_that_was_found_stays():
    judged = judge(parse(ROUND))
    assert said_once(judged.findings, None, None, ()) == judged.findings
