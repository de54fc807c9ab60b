"""How is decided, who acts and by when: repairs of conditions, fields, owners, timers and limits."""

import pytest

from processes.check import Outcome, check
from processes.repair import NEEDS_DESIGNER
from tests.processes.drawn import process
from tests.processes.repair.sketch import AB, END, START, Repaired, line, repaired, sketch

GATE = '<b:exclusiveGateway id="G" name="Đạt?"/>'


def branch(to_b: str = "", to_e: str = "") -> bytes:
    """A -> G -> B or E, with what the two flows out of the gateway hold."""
    return sketch(
        START + AB + GATE + END
        + f'<b:sequenceFlow id="GB" name="Đạt" sourceRef="G" targetRef="B">{to_b}</b:sequenceFlow>'
        + f'<b:sequenceFlow id="GE" name="Không" sourceRef="G" targetRef="E">{to_e}</b:sequenceFlow>',
        *("S A", "A G", "B E"),
    )  # fmt: skip


def when(text: str) -> str:
    return f"<b:conditionExpression>{text}</b:conditionExpression>"


@pytest.mark.parametrize(
    ("foreign", "feel"),
    [
        ("${so_tien &gt; 1000}", "so_tien > 1000"),
        ("#{dat}", "dat = true"),
        ("${!dat}", "dat = false"),
        ("ket_qua == 'dat'", 'ket_qua = "dat"'),
        ("${a &gt; 1 &amp;&amp; b}", "a > 1 and b = true"),
    ],
    ids=["juel", "truth", "negation", "python", "junction"],
)
def test_a_condition_of_another_engine_is_said_in_feel_and_its_data_are_declared(foreign, feel):
    done = repaired(branch(when(foreign)))
    assert done.condition("GB") == feel
    assert "field.declared" in done.kinds
    assert done.element("G").get("default") == "GE"


def test_a_condition_that_cannot_be_said_becomes_a_person_s_choice_and_is_kept_to_read():
    done = repaired(branch(when("${order.check(this)}"), when("${else}")))
    (choice,) = [repair for repair in done.made if repair.kind == "gateway.choice"]
    assert "order.check(this)" in choice.before
    assert done.condition("GB") == 'dat = "dat"'
    assert "order.check(this)" in done.notes


def test_a_gateway_without_conditions_asks_the_step_before_it():
    done = repaired(branch())
    (field,) = done.element("A").xpath(".//*[local-name()='field']")
    assert [option.get("name") for option in field] == ["Đạt", "Không"]
    assert done.element("G").get("default") == "GE"


def test_an_inclusive_gateway_without_conditions_asks_yes_or_no_for_each_way():
    data = branch().replace(b"exclusiveGateway", b"inclusiveGateway")
    done = repaired(data)
    assert "gateway.several" in done.kinds
    types = done.element("A").xpath(".//*[local-name()='field']/@type")
    assert types == ["boolean", "boolean"]


def test_our_designers_own_slip_is_left_for_them_to_mend():
    data = process(
        '<b:extensionElements><qt:procedure code="1"><qt:field code="ket_qua" name="K" '
        'type="text"/></qt:procedure></b:extensionElements>'
        + START + AB + GATE + END
        + f'<b:sequenceFlow id="GB" sourceRef="G" targetRef="B">{when("ket_qua = = 1")}</b:sequenceFlow>'
        '<b:sequenceFlow id="SA" sourceRef="S" targetRef="A"/><b:sequenceFlow id="AG" sourceRef="A" targetRef="G"/>'
        '<b:sequenceFlow id="GE" sourceRef="G" targetRef="E"/><b:sequenceFlow id="BE" sourceRef="B" targetRef="E"/>'
    )  # fmt: skip
    assert Repaired(data).condition("GB") == "ket_qua = = 1"
    assert check(data).outcome is Outcome.REFUSED


def test_fields_of_a_foreign_form_are_declared_and_the_form_stays():
    form = (
        '<b:userTask id="A" name="A"><b:extensionElements><camunda:formData>'
        '<camunda:formField id="soTien" label="Số tiền" type="long"/></camunda:formData>'
        "</b:extensionElements></b:userTask>"
    )
    done = repaired(line(form))
    (field,) = done.element("A").xpath(".//*[local-name()='field']")
    assert (field.get("code"), field.get("name"), field.get("type")) == (
        "soTien",
        "Số tiền",
        "number",
    )
    assert b'<camunda:formField id="soTien" label="S' in done.data


def test_a_candidate_group_becomes_a_lane_with_its_position():
    done = repaired(line('<b:userTask id="A" name="A" camunda:candidateGroups="Địa chính"/>'))
    (lane,) = done.all("lane")
    assert lane.get("name") == "Địa chính"
    assert [ref.text for ref in lane.iterchildren("{*}flowNodeRef")] == ["A"]
    assert b'position="dia_chinh"' in done.data


def test_a_due_date_of_another_engine_becomes_the_step_s_limit():
    schedule = (
        '<b:userTask id="A" name="A"><b:extensionElements><zeebe:taskSchedule dueDate="P3D"/>'
        "</b:extensionElements></b:userTask>"
    )
    done = repaired(line(schedule))
    assert b'<qt:limit amount="3" unit="day"/>' in done.data


def timer(value: str = "", name: str = "Chờ") -> str:
    return (
        f'<b:intermediateCatchEvent id="A" name="{name}"><b:timerEventDefinition>{value}'
        '</b:timerEventDefinition></b:intermediateCatchEvent><b:userTask id="B" name="B"/>'
    )


@pytest.mark.parametrize(
    ("stated", "iso"),
    [
        ("timedelta(days=2)", "P2D"),
        ('"PT5M"', "PT5M"),
        ("${'P1D'}", "P1D"),
        ('= duration("PT2H")', "PT2H"),
    ],
    ids=["spiff", "quoted", "juel", "feel"],
)
def test_a_timer_in_another_tool_s_words_is_written_as_iso(stated, iso):
    duration = f"<b:timeDuration>{stated}</b:timeDuration>"
    done = repaired(line(timer(duration), "B"))
    assert [e.text for e in done.all("timeDuration")] == [iso]


def test_a_timer_whose_name_says_the_time_takes_it_from_there():
    done = repaired(line(timer(name="Chờ 3 ngày làm việc"), "B"))
    assert b'<qt:limit amount="3" unit="working_day"/>' in done.data


def test_a_timer_without_any_time_becomes_a_person_s_step():
    done = repaired(line(timer(), "B"))
    assert done.kind_of("A") == "userTask"


def test_name_code_and_case_are_given_but_no_limit_is_ever_invented():
    done = repaired(process(START + AB + END, 'id="P"'))
    assert done.element("P").get("name")
    assert b'code="P"' in done.data
    assert b"qt:limit" not in done.data
    left = {finding.rule for finding in check(done.data).findings if finding.severity == "error"}
    assert "qt-case-limit-missing" in left
    assert left <= NEEDS_DESIGNER


def test_every_repair_says_what_was_and_what_will_be_in_both_languages():
    for repair in repaired(branch(when("${x}"))).made:
        assert repair.vi
        assert repair.en
        assert repair.before != repair.after
        assert repair.id.startswith(f"{repair.kind}-")
