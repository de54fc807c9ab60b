"""A procedure that opens with a wait gets a reception step, if its designer consents."""

import pytest

from processes.check import check
from tests.processes.drawn import flows, process
from tests.processes.repair.sketch import repaired

WAIT = '<b:intermediateCatchEvent id="W" name="Chờ">{}</b:intermediateCatchEvent>'
ONE_HOUR = "<b:timerEventDefinition><b:timeDuration>PT1H</b:timeDuration></b:timerEventDefinition>"
AROUND = '<b:startEvent id="S" name="Nộp"/><b:userTask id="T" name="Xử lý"/><b:endEvent id="E"/>'
OPENINGS = {
    "timer": (WAIT.format(ONE_HOUR), ("S W", "W T", "T E")),
    "behind-a-choice": (
        WAIT.format(ONE_HOUR) + '<b:exclusiveGateway id="G" default="G_T"/>'
        '<b:sequenceFlow id="G_W" sourceRef="G" targetRef="W">'
        "<b:conditionExpression>1 = 1</b:conditionExpression></b:sequenceFlow>",
        ("S G", "G T", "W T", "T E"),
    ),
}


@pytest.mark.parametrize(("nodes", "ways"), OPENINGS.values(), ids=OPENINGS.keys())
def test_a_reception_step_is_put_behind_the_start(nodes, ways):
    data = process(AROUND + nodes + flows(*ways))
    proposed = [each for each in check(data).repairs if each.kind == "reception.step"]
    assert [each.element for each in proposed] == ["S"]
    assert "Tiếp nhận hồ sơ" in proposed[0].after
    done = repaired(data)
    assert "S Receive_S" in done.ways
    assert done.element("Receive_S").get("name") == "Tiếp nhận hồ sơ"
    assert not any(way.startswith("S ") for way in done.ways - {"S Receive_S"})


def test_a_procedure_that_opens_with_a_step_is_left_as_it_is():
    data = process(AROUND + WAIT.format(ONE_HOUR) + flows("S T", "T W", "W E"))
    assert "reception.step" not in {each.kind for each in check(data).repairs}
