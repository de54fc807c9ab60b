"""Where names of repetitions are known, and where a dossier can be received."""

import pytest

from tests.processes.drawn import broken, findings
from tests.processes.test_lint import opening, repeated

RECEIVED = {
    "the step comes first": opening('<b:intermediateCatchEvent id="W"/>', "S T", "T W", "W E"),
    "a step beside it receives": opening(
        '<b:parallelGateway id="G"/><b:intermediateCatchEvent id="W"/>', "S G", "G T", "G W", "T E"
    ),
    "a step that waits is a step": opening(
        '<b:receiveTask id="R" name="Nhận"/>', "S R", "R T", "T E"
    ),
}


@pytest.mark.parametrize("data", RECEIVED.values(), ids=RECEIVED.keys())
def test_a_procedure_that_opens_with_a_step_can_be_received(data):
    assert not findings(data, "qt-opens-with-wait")


@pytest.mark.parametrize("condition", ["loopCounter &gt; 1", "nguoi = 1"], ids=["count", "item"])
def test_inside_a_repeated_part_its_count_and_item_are_known(condition):
    found = broken(repeated(condition, inside=True))
    assert found.isdisjoint({"qt-name-out-of-scope", "qt-name-unknown"})


def test_behind_a_repeated_part_nobody_knows_its_item():
    (finding,) = findings(repeated("nguoi = 1", inside=False), "qt-name-out-of-scope")
    assert "“nguoi”" in finding.vi
    assert not findings(repeated("nguoi = 1", inside=False), "qt-name-unknown")
