"""Who, by when, with which form, how often: read as other engines write it, or not at all."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from processes.data_field import FieldType
from processes.dialects import (
    field_code,
    named_limit,
    names_in,
    read_assignee,
    read_collection,
    read_due_limit,
    read_form,
    read_timer,
)
from processes.timer import TimerKind

SPACES = {
    "b": "http://www.omg.org/spec/BPMN/20100524/MODEL",
    "camunda": "http://camunda.org/schema/1.0/bpmn",
    "zeebe": "http://camunda.org/schema/zeebe/1.0",
    "flowable": "http://flowable.org/bpmn",
    "activiti": "http://activiti.org/bpmn",
}


def element(text: str):
    """The first element of the text, inside a process."""
    declared = " ".join(f'xmlns:{prefix}="{space}"' for prefix, space in SPACES.items())
    return etree.fromstring(f"<b:process {declared}>{text}</b:process>")[-1]


def task(attributes: str = "", extensions: str = "", inner: str = ""):
    held = f"<b:extensionElements>{extensions}</b:extensionElements>" if extensions else ""
    return element(f'<b:userTask id="T" {attributes}>{held}{inner}</b:userTask>')


ASSIGNEES = {
    "camunda-group": (task('camunda:candidateGroups="dia chinh, thue"'), "dia chinh", ("thue",)),
    "camunda-person": (task('camunda:assignee="lan"'), "lan", ()),
    "group-first": (task('camunda:assignee="lan" camunda:candidateGroups="mot cua"'), "mot cua", ()),
    "flowable": (task('flowable:candidateUsers="an,binh"'), "an", ("binh",)),
    "zeebe": (task(extensions='<zeebe:assignmentDefinition candidateGroups="=[&quot;a&quot;, &quot;b&quot;]"/>'), "a", ("b",)),
    "activiti-role": (
        task(inner="<b:potentialOwner><b:resourceAssignmentExpression><b:formalExpression>user(kermit), group(management)</b:formalExpression></b:resourceAssignmentExpression></b:potentialOwner>"),
        "management", (),
    ),
    "standard-role": (task(inner='<b:humanPerformer name="Thủ kho"/>'), "Thủ kho", ()),
}  # fmt: skip


@pytest.mark.parametrize(("activity", "name", "others"), ASSIGNEES.values(), ids=ASSIGNEES.keys())
def test_who_does_a_step_is_read(activity, name, others):
    assignee = read_assignee(activity)
    assert (assignee.name, assignee.others) == (name, others)


@pytest.mark.parametrize(
    "computed", ["${initiator}", "#{boss}", "= manager"], ids=["juel", "hash", "zeebe"]
)
def test_who_is_found_at_run_time_elsewhere_is_nobody_here(computed):
    assert read_assignee(task(f'camunda:assignee="{computed}"')) is None


TIMERS = {
    "iso": (TimerKind.DURATION, "PT5S", "PT5S"),
    "quoted": (TimerKind.DURATION, '"PT5M"', "PT5M"),
    "juel": (TimerKind.DURATION, "${'P1D'}", "P1D"),
    "feel": (TimerKind.DURATION, '= duration("P2D")', "P2D"),
    "feel-at": (TimerKind.DURATION, '= @"PT1H"', "PT1H"),
    "python": (TimerKind.DURATION, "timedelta(days=1, hours=2)", "P1DT2H"),
    "python-module": (TimerKind.DURATION, "datetime.timedelta(minutes=90)", "PT1H30M"),
    "date": (TimerKind.DATE, "2026-01-05T08:00:00+07:00", "2026-01-05T08:00:00+07:00"),
    "cycle": (TimerKind.CYCLE, "R3/PT1H", "PT1H"),
}


@pytest.mark.parametrize(("kind", "text", "value"), TIMERS.values(), ids=TIMERS.keys())
def test_a_timer_is_read(kind, text, value):
    assert read_timer(kind, text).text == value


def test_a_cycle_stays_one_where_cycles_run():
    timer = read_timer(TimerKind.CYCLE, '"R3/PT1H"', cycles=True)
    assert (timer.kind, timer.text) == (TimerKind.CYCLE, "R3/PT1H")


@pytest.mark.parametrize(
    "text",
    ["", "${due}", "0 0 12 * * ?", "timedelta(fortnights=1)", "PT0S", "R3/P1H", "P1X"],
    ids=["empty", "computed", "cron", "unit", "zero", "wrong-iso", "no-iso"],
)
def test_a_time_that_is_not_stated_is_not_guessed(text):
    assert read_timer(TimerKind.DURATION, text) is None


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Chờ 3 ngày làm việc", "3 ngày làm việc"),
        ("Sau 30 phút", "30 phút"),
        ("24 hours", "24 giờ làm việc"),
        ("Wait 2 weeks", "14 ngày"),
    ],
    ids=["working-days", "minutes", "hours", "weeks"],
)
def test_a_name_that_says_one_time_is_taken_by_its_word(name, said):
    assert named_limit(name).format("vi") == said


@pytest.mark.parametrize(
    "name",
    ["", "Chờ", "3 ngày hoặc 5 ngày", "Mẫu 18", "2,5 ngày"],
    ids=["empty", "none", "two", "number", "half"],
)
def test_a_name_that_says_no_single_time_says_nothing(name):
    assert named_limit(name) is None


@pytest.mark.parametrize(
    ("stated", "said"),
    [
        ('camunda:dueDate="P3D"', "3 ngày"),
        ('flowable:dueDate="${dateTime().plusHours(4)}"', "4 giờ làm việc"),
        ("activiti:dueDate=\"${now.plus('PT30M')}\"", "30 phút"),
    ],
    ids=["iso", "joda", "quoted"],
)
def test_a_due_date_that_is_a_length_of_time_is_a_limit(stated, said):
    _, limit = read_due_limit(task(stated))
    assert limit.format("vi") == said


@pytest.mark.parametrize(
    "stated", ["${due}", "2026-01-05", "P1DT3H", "P1M2D"], ids=["data", "date", "mixed", "months"]
)
def test_a_due_date_that_cannot_be_counted_is_left_alone(stated):
    assert read_due_limit(task(f'camunda:dueDate="{stated}"')) is None


def test_a_zeebe_schedule_is_a_limit():
    _, limit = read_due_limit(
        task(extensions='<zeebe:taskSchedule dueDate="=now() + duration(&quot;PT2H&quot;)"/>')
    )
    assert limit.amount == Decimal(2)


def test_form_fields_become_ours_with_type_options_and_duty():
    form = (
        '<camunda:formData><camunda:formField id="so tien" label="Số tiền" type="long">'
        '<camunda:validation><camunda:constraint name="required"/></camunda:validation></camunda:formField>'
        '<camunda:formField id="loai" type="enum"><camunda:value id="a" name="A"/></camunda:formField>'
        "</camunda:formData>"
    )
    amount, kind = read_form(task(extensions=form))
    assert (amount.code, amount.name, amount.type, amount.required) == (
        "so_tien",
        "Số tiền",
        FieldType.NUMBER,
        True,
    )
    assert kind.type is FieldType.CHOICE
    assert [option.value for option in kind.options] == ["a"]


def test_flowable_form_properties_are_fields_too():
    (field,) = read_form(
        task(extensions='<flowable:formProperty id="ngay" name="Ngày" type="date"/>')
    )
    assert (field.code, field.type) == ("ngay", FieldType.DATE)


def test_a_camunda_8_form_in_the_file_is_read():
    process = element(
        '<b:extensionElements><zeebe:userTaskForm id="F">{"components": [{"key": "ok", "type": '
        '"checkbox", "label": "Đạt"}, {"type": "text"}]}</zeebe:userTaskForm></b:extensionElements>'
        '<b:userTask id="T"><b:extensionElements><zeebe:formDefinition formKey="camunda-forms:bpmn:F"/>'
        "</b:extensionElements></b:userTask>"
    )
    (field,) = read_form(process)
    assert (field.code, field.name, field.type) == ("ok", "Đạt", FieldType.BOOLEAN)


COLLECTIONS = {
    "cardinality": ("", "<b:loopCardinality>3</b:loopCardinality>", "3"),
    "camunda": ('camunda:collection="people"', "", "people"),
    "flowable": ('flowable:collection="${list}"', "", "${list}"),
    "zeebe": ("", '<b:extensionElements><zeebe:loopCharacteristics inputCollection="= items"/></b:extensionElements>', "= items"),
    "standard": ("", "<b:loopDataInputRef>docs</b:loopDataInputRef>", "docs"),
    "nothing": ("", "", ""),
}  # fmt: skip


@pytest.mark.parametrize(("stated", "inner", "of"), COLLECTIONS.values(), ids=COLLECTIONS.keys())
def test_for_what_an_activity_is_repeated_is_read(stated, inner, of):
    marker = (
        f"<b:multiInstanceLoopCharacteristics {stated}>{inner}</b:multiInstanceLoopCharacteristics>"
    )
    assert read_collection(task(inner=marker)[0]).of == of


@given(st.text(max_size=30))
def test_every_variable_has_a_code_that_stays_what_it_is(name):
    code = field_code(name)
    assert field_code(code) == code
    assert names_in(f"{code} = 1") == {code}
