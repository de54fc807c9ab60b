"""Edits of the table are written into the designer's file, and nothing else of it changes."""

import difflib
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processes.check import Outcome, check
from processes.component import Component, Copies, CopyForm, Requirement
from processes.document import parse
from processes.editing import (
    EditedTwice,
    LaneEdit,
    NothingToEdit,
    ProcedureEdit,
    StepEdit,
    apply_edits,
)
from processes.errors import InvalidInput
from processes.file_kind import FileKind
from processes.reader import read
from processes.step import Assignment
from processes.time_limit import TimeLimit, Unit
from tests.processes.drawn import process, transfer


def days(amount):
    return TimeLimit(Decimal(amount), Unit.WORKING_DAY)


def edit(*edits, data=None):
    return apply_edits(transfer() if data is None else data, edits)


def procedure(data):
    return read(parse(data)).procedure


def changed(before, after):
    """The lines that differ, as a person sees them in a comparison."""
    lines = difflib.ndiff(before.decode().splitlines(), after.decode().splitlines())
    return [line for line in lines if line[:1] in "+-"]


def test_without_edits_every_byte_stays():
    assert edit() == transfer()


def test_an_edit_that_says_what_is_there_changes_nothing():
    same = (
        StepEdit("Task_Receive", {"": days("0.5")}, ("DON", "GCN", "HOP_DONG", "UY_QUYEN")),
        LaneEdit("Lane_Desk", "mot_cua", "ttpvhcc"),
        ProcedureEdit({"normal": days(8)}, {c.code: c for c in procedure(transfer()).components}),
    )
    assert edit(*same) == transfer()


def test_a_limit_is_changed_in_its_place():
    after = edit(StepEdit("Task_Appraise", {"": days("2.5")}))
    assert procedure(after).step("Task_Appraise").limit("normal") == days("2.5")
    assert changed(transfer(), after) == [
        '-           <qt:limit amount="3.5" unit="working_day"/>',
        '+           <qt:limit amount="2.5" unit="working_day"/>',
    ]


def test_a_cutoff_survives_a_new_limit():
    hours = TimeLimit(Decimal(2), Unit.WORKING_HOUR)
    step = procedure(edit(StepEdit("Task_Receive", {"": hours}))).step("Task_Receive")
    assert (step.limit("normal"), step.cutoff.hour) == (hours, 15)


def test_a_limit_for_a_case_is_added_and_taken_out():
    added = edit(StepEdit("Task_Receive", {"remote": days(1)}))
    assert procedure(added).step("Task_Receive").limit("remote") == days(1)
    assert changed(transfer(), added) == [
        '+           <qt:limit amount="1" unit="working_day" case="remote"/>'
    ]
    assert edit(StepEdit("Task_Receive", {"remote": None}), data=added) == transfer()


def test_required_components_are_added_and_taken_out():
    after = edit(StepEdit("Task_Receive", requires=("DON", "UY_QUYEN", "DI_CHUC")))
    assert procedure(after).step("Task_Receive").requires == ("DON", "UY_QUYEN", "DI_CHUC")
    assert changed(transfer(), after) == [
        '-           <qt:requires component="GCN"/>',
        '-           <qt:requires component="HOP_DONG"/>',
        '+           <qt:requires component="DI_CHUC"/>',
    ]


def test_a_step_of_another_tool_gets_its_first_limit():
    before = transfer(
        (
            '<bpmn:extensionElements><qt:step status="6" clock="citizen"/></bpmn:extensionElements>',
            "",
        )
    )
    after = edit(StepEdit("Task_Tax", {"": days(5)}, ("DON",)), data=before)
    step = procedure(after).step("Task_Tax")
    assert (step.limit("normal"), step.requires) == (days(5), ("DON",))
    assert changed(before, after) == [
        "+       <bpmn:extensionElements>",
        "+         <qt:step>",
        '+           <qt:limit amount="5" unit="working_day"/>',
        '+           <qt:requires component="DON"/>',
        "+         </qt:step>",
        "+       </bpmn:extensionElements>",
    ]


def test_extension_elements_follow_the_documentation_as_the_schema_wants():
    data = process(
        '<b:task id="T"><b:documentation>A</b:documentation><b:incoming>F</b:incoming></b:task>'
    )
    after = edit(StepEdit("T", {"": days(1)}), data=data)
    task = parse(after).root[0][0]
    assert [child.tag.rpartition("}")[2] for child in task] == [
        "documentation",
        "extensionElements",
        "incoming",
    ]


def test_what_other_tools_wrote_stays_byte_for_byte():
    after = edit(
        StepEdit("Task_Receive", {"": days(1)}, ()),
        LaneEdit("Lane_Head", "lanh_dao", "vpdkdd"),
        ProcedureEdit({"normal": days(9)}, {"GCN": None}),
    ).decode()
    for kept in (
        "<!-- Chuyển nhượng quyền sử dụng đất: 8 ngày làm việc, vùng sâu 18 -->",
        "<camunda:property name='other' value=\"giữ nguyên &lt;\"/>",
        "<![CDATA[Kiểm tra & tiếp nhận]]>",
        'camunda:formKey="embedded:receive"',
        '<dc:Bounds x="1" y="2" width="100" height="80" />',
    ):
        assert kept in after


def test_a_position_is_changed_and_added():
    after = edit(LaneEdit("Lane_Desk", "van_thu"), LaneEdit("Lane_Head", "chu_tich", "ubnd"))
    steps = procedure(after)
    assert steps.step("Task_Receive").assignment == Assignment("van_thu", None, "Bộ phận một cửa")
    assert steps.step("Task_Approve").assignment == Assignment("chu_tich", "ubnd", "Lãnh đạo")
    assert check(after).outcome is Outcome.PUBLISHABLE


def test_the_total_limit_of_a_case_is_changed_and_taken_out():
    after = procedure(edit(ProcedureEdit({"normal": days(10), "remote": None})))
    assert [case.limit for case in after.cases] == [days(10), None]


NEW = Component(
    "BAN_VE",
    'Bản vẽ "hiện trạng" & <thiết kế>',
    Requirement.WHEN,
    (Copies(CopyForm.ORIGINAL, 2), Copies(CopyForm.PLAIN, 1)),
    'ket_qua = "dat"',
    "CHUYEN_QUYEN",
    True,
    "csdl-dat-dai",
    "NĐ 175/2024",
)


def test_a_component_is_added_behind_the_others():
    after = edit(ProcedureEdit(components={"BAN_VE": NEW}))
    assert procedure(after).components[-1] == NEW
    assert procedure(after).components[:-1] == procedure(transfer()).components
    assert len(changed(transfer(), after)) == 4  # the element, two lines of copies, its end


def test_a_component_is_changed_in_every_respect():
    after = edit(
        ProcedureEdit(components={"GCN": NEW, "UY_QUYEN": Component("UY_QUYEN", "Giấy ủy quyền")})
    )
    found = procedure(after)
    assert [c.code for c in found.components] == [
        "DON",
        "BAN_VE",
        "HOP_DONG",
        "DI_CHUC",
        "UY_QUYEN",
    ]
    assert found.component("BAN_VE") == NEW
    assert found.component("UY_QUYEN") == Component("UY_QUYEN", "Giấy ủy quyền")


def test_a_component_is_taken_out_with_its_line():
    after = edit(ProcedureEdit(components={"HOP_DONG": None}))
    assert procedure(after).component("HOP_DONG") is None
    (line,) = changed(transfer(), after)
    assert line.startswith("-")
    assert 'code="HOP_DONG"' in line


def test_a_procedure_without_a_head_gets_one():
    before = process('<b:task id="T"/>')
    after = edit(
        ProcedureEdit(components={"A": Component("A", "Đơn")}),
        StepEdit("T", {"": days(1)}),
        data=before,
    )
    assert procedure(after).components == (Component("A", "Đơn"),)
    assert procedure(after).step("T").limit("x") == days(1)


PLAIN = '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="D"><process id="P">{}</process></definitions>'


def test_a_file_that_never_heard_of_our_vocabulary_learns_it_where_it_is_used():
    after = edit(StepEdit("T", {"": days(1)}), data=PLAIN.format('<task id="T" />').encode())
    assert after.decode() == PLAIN.format(
        '<task id="T"><extensionElements><qt:step xmlns:qt="urn:vn:quy-trinh:1.0">'
        '<qt:limit amount="1" unit="working_day"/></qt:step></extensionElements></task>'
    )


def test_our_vocabulary_may_have_any_prefix():
    before = PLAIN.format(
        '<task id="T"><extensionElements><x:step xmlns:x="urn:vn:quy-trinh:1.0" xmlns:qt="urn:other"/>'
        "</extensionElements></task>"
    ).encode()
    after = edit(StepEdit("T", {"": days(1)}), data=before)
    assert procedure(after).step("T").limit("a") == days(1)
    assert b'<x:limit amount="1" unit="working_day"/></x:step>' in after


ENCODINGS = {
    "UTF-8 with a mark": ("utf-8-sig", "UTF-8"),
    "UTF-16": ("utf-16", "UTF-16"),
    "Latin": ("latin-1", "ISO-8859-1"),
}


@pytest.mark.parametrize(("codec", "name"), ENCODINGS.values(), ids=ENCODINGS.keys())
def test_the_file_keeps_its_encoding(codec, name):
    text = f'<?xml version="1.0" encoding="{name}"?>\r\n' + PLAIN.format(
        '\r\n  <task id="T" name="Müller"/>\r\n'
    )
    before = text.encode(codec)
    assert apply_edits(before, ()) == before
    after = edit(
        ProcedureEdit(components={"A": Component("A", "Đơn đề nghị")}),
        StepEdit("T", {"": days(1)}),
        data=before,
    )
    assert after[:2] == before[:2]
    assert procedure(after).components[0].name == "Đơn đề nghị"
    assert procedure(after).steps[0].name == "Müller"
    assert "\n" not in after.decode(codec).replace("\r\n", "")  # line ends as in the file


def test_a_greater_sign_inside_an_attribute_does_not_confuse_places():
    before = PLAIN.format('<task id="T" name="a > b /> c" x=\'"\'/><task id="U"/>').encode()
    after = edit(StepEdit("T", {"": days(1)}), StepEdit("U", {"": days(2)}), data=before)
    assert [s.limit("a") for s in procedure(after).steps] == [days(1), days(2)]
    assert procedure(after).steps[0].name == "a > b /> c"


UNKNOWN = {
    "a step": StepEdit("Task_Gone", {"": days(1)}),
    "a gateway as a step": StepEdit("Gateway_Result", {"": days(1)}),
    "a lane": LaneEdit("Lane_Gone", "x"),
    "a case": ProcedureEdit({"island": days(1)}),
    "a component": ProcedureEdit(components={"GONE": None}),
}


@pytest.mark.parametrize("unknown", UNKNOWN.values(), ids=UNKNOWN.keys())
def test_what_is_not_there_cannot_be_edited(unknown):
    with pytest.raises(NothingToEdit) as refusal:
        edit(unknown)
    assert "–" not in refusal.value.message("vi")


def test_two_edits_of_one_step_are_refused():
    with pytest.raises(EditedTwice):
        edit(StepEdit("Task_Tax", {"": days(1)}), StepEdit("Task_Tax", {"": days(2)}))


def test_a_file_that_is_refused_is_not_edited():
    with pytest.raises(InvalidInput):
        apply_edits(b"<!DOCTYPE x><x/>", ())


def test_an_edit_cannot_make_a_file_that_we_refuse():
    with pytest.raises(InvalidInput):
        edit(ProcedureEdit(components={"A": Component("A", "x" * 20_000)}))
    with pytest.raises(InvalidInput):
        edit(ProcedureEdit(components={"A": Component("A", "\x00")}))


texts = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Co", "Cn")),
    min_size=1,
    max_size=12,
)
codes = st.from_regex(r"[A-Z]{1,3}[0-9]?", fullmatch=True)
limits = st.one_of(
    st.builds(TimeLimit, st.decimals(0, 999, places=2), st.just(Unit.WORKING_DAY)),
    st.builds(TimeLimit, st.integers(0, 999).map(Decimal), st.just(Unit.DAY)),
    st.none(),
)
components = st.builds(
    Component,
    code=codes,
    name=texts.map(str.strip).filter(bool),
    requirement=st.sampled_from([Requirement.REQUIRED, Requirement.OPTIONAL]),
    copies=st.lists(
        st.builds(Copies, st.sampled_from(CopyForm), st.integers(1, 9)), max_size=2
    ).map(tuple),
    group=st.none() | codes,
    present_only=st.booleans(),
    accepts=st.sets(st.sampled_from(FileKind)).map(
        lambda some: tuple(k for k in FileKind if k in some)
    ),
)


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(st.sampled_from(["", "normal", "remote"]), limits),
    st.none() | st.lists(codes, max_size=4, unique=True).map(tuple),
    st.dictionaries(st.sampled_from(["DON", "GCN", "HOP_DONG", "NEW"]), components),
)
def test_what_is_written_reads_back_and_nothing_else_moves(step_limits, requires, changes):
    before = procedure(transfer())
    after = procedure(
        edit(StepEdit("Task_Appraise", step_limits, requires), ProcedureEdit(components=changes))
    )
    step, old = after.step("Task_Appraise"), before.step("Task_Appraise")
    expected = {**old.limits, **step_limits}
    assert dict(step.limits) == {
        case: limit for case, limit in expected.items() if limit is not None
    }
    assert step.requires == (old.requires if requires is None else requires)
    written = [changes.get(c.code, c) for c in before.components]
    assert after.components == (*written, *(c for code, c in changes.items() if code == "NEW"))
    assert [s for s in after.steps if s is not step] == [s for s in before.steps if s is not old]
    assert (after.cases, after.outcomes, after.fields) == (
        before.cases,
        before.outcomes,
        before.fields,
    )


def test_a_step_is_given_to_a_position_beside_its_first_limit():
    data = PLAIN.format('<task id="T" />').encode()
    mended = apply_edits(data, (StepEdit("T", {"": days(1)}, (), "chuyen_vien", "tu_phap"),))
    assert mended.count(b"extensionElements>") == 2  # opened once, closed once
    step = procedure(mended).step("T")
    assert step.assignment == Assignment("chuyen_vien", "tu_phap", "chuyen_vien")
    assert step.limits == {"": days(1)}
    again = apply_edits(mended, (StepEdit("T", position="truong_phong", owner="Trưởng phòng"),))
    assert procedure(again).step("T").assignment == Assignment("truong_phong", None, "Trưởng phòng")
