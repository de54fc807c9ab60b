"""Workflows of the old one-stop software become procedures; what they get wrong is said."""

import re
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processes.check import check
from processes.component import Requirement
from processes.data_field import FieldType
from processes.document import (
    DoctypeForbidden,
    EmptyFile,
    FileTooLarge,
    NotXml,
    TooComplex,
    UnknownEncoding,
    parse,
)
from processes.errors import InvalidInput
from processes.finding import Severity
from processes.layout import has_drawing
from processes.legacy import RULES, LegacyImport, NotLegacyWorkflow, import_legacy
from processes.legacy.fee import normal_fee
from processes.legacy.forms import field_code
from processes.legacy.source import NAMES
from processes.legacy.times import shared
from processes.procedure import Procedure
from processes.reader import read
from processes.step import ClockKind, NationalStatus
from processes.time_limit import TimeLimit, Unit
from tests.processes.tidiness import problems

FILES = Path(__file__).parent / "legacy"


def imported(name: str, form: bytes | None = None) -> LegacyImport:
    return import_legacy((FILES / f"{name}.xml").read_bytes(), form)


def procedure_of(result: LegacyImport) -> Procedure:
    reading = read(parse(result.bpmn))
    assert reading.findings == ()
    return reading.procedure


def rules(result: LegacyImport) -> list[str]:
    return [finding.rule for finding in result.findings]


def said(result: LegacyImport, rule: str) -> list[tuple[str | None, str]]:
    return [(f.element, f.en) for f in result.findings if f.rule == rule]


def days(amount: str) -> TimeLimit:
    return TimeLimit(Decimal(amount), Unit.WORKING_DAY)


def limits(procedure: Procedure) -> dict[str, str | None]:
    """Step -> its limit in working days as text, None without one."""
    return {
        step.element_id: f"{limit.amount.normalize():f}" if (limit := step.limit("")) else None
        for step in procedure.steps
    }


# a workflow without defects


def test_a_sound_workflow_needs_no_remark():
    assert rules(imported("stall_licence")) == []


def test_every_task_becomes_a_step_in_the_order_of_the_pointers():
    steps = procedure_of(imported("stall_licence")).steps
    assert [step.element_id for step in steps] == [
        "Task_TIEP_NHAN",
        "Task_BAN_GIAO",
        "Task_THU_LY",
        "Task_XET_DUYET",
        "Task_KY_DUYET",
        "Task_THU_PHI",
        "Task_TRA_KET_QUA",
    ]
    assert steps[2].name == "Thụ lý"


def test_times_are_working_days_with_a_point_or_a_comma():
    assert limits(procedure_of(imported("stall_licence"))) == {
        "Task_TIEP_NHAN": "0.25",
        "Task_BAN_GIAO": "0.25",
        "Task_THU_LY": "2",
        "Task_XET_DUYET": "1",
        "Task_KY_DUYET": "1",
        "Task_THU_PHI": "0.25",
        "Task_TRA_KET_QUA": "0.25",
    }


def test_the_total_is_the_limit_of_the_usual_case():
    procedure = procedure_of(imported("stall_licence"))
    assert [(case.code, case.limit) for case in procedure.cases] == [("normal", days("5"))]
    assert (procedure.code, procedure.name) == ("CH02", "Cấp giấy phép mở quầy hàng ở chợ")


def test_a_role_in_a_group_becomes_a_position_in_a_unit():
    assigned = {s.element_id: s.assignment for s in procedure_of(imported("stall_licence")).steps}
    officer = assigned["Task_THU_LY"]
    assert (officer.position, officer.unit) == ("xu_ly", "phong_quan_ly_cho")
    assert officer.name == "Phong quan ly cho - xử lý"
    head = assigned["Task_KY_DUYET"]
    assert (head.position, head.unit, head.name) == ("lanh_dao_don_vi", None, "Lãnh đạo đơn vị")
    assert assigned["Task_TIEP_NHAN"].name == "Bộ phận một cửa - tiếp nhận"


def test_statuses_go_from_received_over_processing_to_finished_and_returned():
    procedure = procedure_of(imported("stall_licence"))
    assert [step.status.value for step in procedure.steps] == ["2", "2", "4", "4", "4", "9", "9"]
    assert [outcome.status for outcome in procedure.outcomes] == [NationalStatus.RETURNED]


def test_without_a_mark_handling_ends_before_the_fee_and_the_result():
    """The old software ended it when the next task's role was THU_PHI or TRA_KET_QUA."""
    data = (FILES / "stall_licence.xml").read_bytes().replace(b' biz_done="true"', b"")
    steps = procedure_of(import_legacy(data)).steps
    assert [step.status.value for step in steps] == ["2", "2", "4", "4", "4", "9", "9"]


def test_the_fee_and_the_sequence_become_parts_of_the_procedure():
    parts = dict(procedure_of(imported("stall_licence")).parts)
    assert parts["fee"] == "50.000 đồng"
    assert parts["sequence"].startswith("1. Nhận hồ sơ (Bộ phận một cửa, 0,5 ngày làm việc); 2. ")


def test_nothing_of_the_source_is_lost():
    step = procedure_of(imported("stall_licence")).steps[0]
    for words in ("CH02::TIEP_NHAN", "Nhận hồ sơ", "BP_MOT_CUA", "TIEP_NHAN", "0,5", "0.25"):
        assert words in step.documentation


def test_a_sound_workflow_can_be_published():
    errors = [
        f for f in check(imported("stall_licence").bpmn).findings if f.severity is Severity.ERROR
    ]
    assert errors == []


@pytest.mark.parametrize("name", ["stall_licence", "land_tax", "defects", "side_branch", "endless"])
def test_every_import_is_drawn_tidily_and_stable(name):
    result = imported(name)
    root = parse(result.bpmn).root
    assert has_drawing(root)
    assert problems(root) == []
    assert imported(name) == result


@pytest.mark.parametrize("name", ["stall_licence", "land_tax", "defects", "side_branch", "endless"])
def test_every_remark_is_pinned_to_an_element_of_the_new_file(name):
    result = imported(name)
    ids = set(parse(result.bpmn).root.xpath("//@id"))
    for finding in result.findings:
        assert finding.element in ids
        assert finding.vi
        assert finding.en
        assert "{" not in finding.vi + finding.en


def test_every_rule_has_its_own_code():
    assert len({rule.code for rule in RULES}) == len(RULES)


# clock stops


def test_the_time_after_a_pause_is_the_citizens_until_the_clock_runs_again():
    result = imported("land_tax")
    clocks = {s.element_id: (s.clock, s.status.value) for s in procedure_of(result).steps}
    assert clocks == {
        "Task_TIEP_NHAN": (ClockKind.RUNS, "2"),
        "Task_TINH_THUE": (ClockKind.RUNS, "4"),
        "Task_TRA_THONG_BAO": (ClockKind.RUNS, "4"),
        "Task_NOP_THUE": (ClockKind.CITIZEN, "6"),
        "Task_NHAN_BIEN_LAI": (ClockKind.CITIZEN, "6"),
        "Task_SAU_THUE_XET_DUYET": (ClockKind.RUNS, "4"),
        "Task_TRA_KET_QUA": (ClockKind.RUNS, "9"),
    }
    assert [element for element, _ in said(result, "legacy-pause")] == ["Task_TRA_THONG_BAO"]


def test_the_office_gets_the_whole_time_of_the_step_and_the_citizen_no_limit():
    found = limits(procedure_of(imported("land_tax")))
    assert found["Task_TRA_THONG_BAO"] == "1"
    assert found["Task_NOP_THUE"] is None
    assert found["Task_NHAN_BIEN_LAI"] is None


# defects


def test_every_defect_is_said_once():
    assert sorted(rules(imported("defects"))) == [
        "legacy-fee-unreadable",
        "legacy-fee-without-step",
        "legacy-next-absent",
        "legacy-next-missing",
        "legacy-pause-open",
        "legacy-step-commented-out",
        "legacy-step-time-absent",
        "legacy-task-times-exceed",
        "legacy-task-times-short",
        "legacy-task-twice",
        "legacy-task-unreached",
        "legacy-time-unreadable",
        "legacy-total-absent",
        "legacy-unknown",
        "legacy-unknown",
        "legacy-unknown",
        "legacy-unknown",
        "legacy-unpause-alone",
    ]


def test_an_absent_total_becomes_the_sum_of_the_steps():
    result = imported("defects")
    assert procedure_of(result).cases[0].limit == days("2")  # 1 + 1 + unreadable
    assert "2 working days" in said(result, "legacy-total-absent")[0][1]


def test_task_times_that_exceed_their_step_shrink_to_it():
    """1 day of [6, 1] is 6/7 and 1/7; in quarter days, the smallest part being one: 3 and 1."""
    result = imported("defects")
    found = limits(procedure_of(result))
    assert (found["Task_THU_LY"], found["Task_XET_DUYET"]) == ("0.75", "0.25")
    ((element, text),) = said(result, "legacy-task-times-exceed")
    assert element == "Task_THU_LY"
    assert "[6; 1] became [0.75; 0.25]" in text


def test_a_pointer_to_nothing_leads_to_the_end():
    result = imported("defects")
    assert "LOI 01::KHONG_CO" in said(result, "legacy-next-missing")[0][1]
    diagram = read(parse(result.bpmn)).diagram
    assert [f.target for f in diagram.flows if f.source == "Task_KY_DUYET"] == ["End_1"]


def test_a_task_without_pointer_leads_to_the_next_one_in_the_file():
    diagram = read(parse(imported("defects").bpmn)).diagram
    assert [f.target for f in diagram.flows if f.source == "Task_XET_DUYET"] == ["Task_KY_DUYET"]


def test_what_is_not_drawn_or_not_known_stands_in_the_documentation():
    text = imported("defects").bpmn.decode("utf-8")
    for words in (
        "Việc bị bỏ quên",
        "Thụ lý lần hai",
        "owner: Phòng A",
        "colour: red",
        "remind: sms",
        "&lt;notify&gt;: to=citizen",
        "Bước trong chú thích: Thu phí",
    ):
        assert words in text


def test_ids_are_names_even_where_the_codes_are_not():
    result = imported("defects")
    assert procedure_of(result).process_id == "Process_LOI_01"
    assert (result.code, result.name) == ("LOI 01", "Quy trình nhiều lỗi")


def test_a_loop_without_a_way_out_cannot_be_published():
    result = imported("endless")
    ((element, _),) = said(result, "legacy-loop")
    assert element == "Task_KIEM_TRA"
    assert any(f.severity is Severity.ERROR for f in check(result.bpmn).findings)


def test_steps_that_need_more_than_the_total_are_told_and_kept():
    data = (FILES / "stall_licence.xml").read_bytes().replace(b'totaltime="5"', b'totaltime="4"')
    result = import_legacy(data)
    assert rules(result) == ["legacy-total-exceeded"]
    assert procedure_of(result).cases[0].limit == days("4")


# side branches


def test_a_side_branch_runs_in_parallel_and_nobody_waits_for_it():
    result = imported("side_branch")
    diagram = read(parse(result.bpmn)).diagram
    after = {flow.target for flow in diagram.flows if flow.source == "Split_Task_TIEP_NHAN"}
    assert after == {"Task_THU_LY", "Task_LAY_Y_KIEN"}
    assert rules(result) == ["legacy-side-branch", "legacy-task-without-time"]
    assert [f.target for f in diagram.flows if f.source == "Task_TONG_HOP"] == ["End_side"]
    assert not any(f.severity is Severity.ERROR for f in check(result.bpmn).findings)


def test_the_time_of_a_side_branch_is_not_in_the_total():
    assert "legacy-total-exceeded" not in rules(imported("side_branch"))


# sharing out the time of a step

SHARED = {
    "what agrees is kept": ("1", ["0", "1"], ["0", "1"]),
    "nothing stated: equal parts": ("0.5", ["0", "0"], ["0.25", "0.25"]),
    "the rest goes to those without time": ("2", ["0", "1"], ["1", "1"]),
    "the rest goes to the longest": ("3.5", ["2", "1"], ["2.5", "1"]),
    "too long: in proportion, by quarters": ("1", ["0", "6", "1"], ["0", "0.75", "0.25"]),
    "too short for quarters: smaller parts": ("0.5", ["0", "0", "0"], ["0.2", "0.15", "0.15"]),
    "no time at all": ("0", ["2", "1"], ["0", "0"]),
}


@pytest.mark.parametrize("why", SHARED)
def test_the_time_of_a_step_is_shared_out(why):
    total, times, expected = SHARED[why]
    assert shared(Decimal(total), [Decimal(t) for t in times]) == tuple(map(Decimal, expected))


quarters = st.integers(0, 80).map(lambda n: Decimal(n) / 4)


@given(quarters, st.lists(quarters, min_size=1, max_size=8))
def test_shares_always_add_up_to_the_step(total, times):
    limits_ = shared(total, times)
    assert sum(limits_) == total
    assert min(limits_) >= 0
    assert all(limit % Decimal("0.01") == 0 for limit in limits_)
    if sum(times) > total and total * 4 >= sum(time > 0 for time in times):
        assert all((limit > 0) == (time > 0) for limit, time in zip(limits_, times, strict=True))


FEES = {
    "50000": "50.000 đồng",
    "50.000": "50.000 đồng",
    "1,500,000 đ": "1.500.000 đồng",
    "0": "Không thu phí, lệ phí",
    "": "",
    "tùy": None,
    "50.00": None,
    "-5": None,
}


@pytest.mark.parametrize("text", FEES)
def test_fees_are_read_in_every_notation_or_not_at_all(text):
    assert normal_fee(text) == FEES[text]


# forms


def with_form() -> Procedure:
    return procedure_of(imported("stall_licence", (FILES / "reception_form.xml").read_bytes()))


def test_papers_of_the_form_become_components():
    found = {c.code: (c.name, c.requirement) for c in with_form().components}
    assert found == {
        "DON": ("Đơn đề nghị", Requirement.REQUIRED),
        "UY_QUYEN": ("Giấy ủy quyền (nếu có)", Requirement.OPTIONAL),
    }


def test_reception_asks_for_the_papers_that_are_required():
    assert [step.requires for step in with_form().steps][:2] == [("DON",), ()]


def test_entries_of_the_form_become_fields_of_the_reception():
    found = {f.code: (f.name, f.type, f.required, f.default) for f in with_form().fields}
    assert found == {
        "name": ("Họ tên", FieldType.TEXT, True, None),
        "ngay_sinh": ("Ngày sinh", FieldType.DATE, False, None),
        "so_cmt": ("Số chứng minh thư", FieldType.TEXT, False, None),
        "dien_tich": ("Diện tích", FieldType.NUMBER, True, "12.5"),
        "xa_phuong": ("Phường/Xã", FieldType.TEXT, True, None),
        "khan_cap": ("Khẩn cấp", FieldType.BOOLEAN, False, None),
        "dien_tich_2": ("Diện tích xây dựng", FieldType.TEXT, False, None),
        "tai_lieu_khac": ("Tài liệu khác", FieldType.TEXT, False, None),
    }


def test_what_cannot_be_taken_from_the_form_is_said():
    result = imported("stall_licence", (FILES / "reception_form.xml").read_bytes())
    assert rules(result) == ["legacy-form-item", "legacy-form-components"]
    assert "btnUpload" in said(result, "legacy-form-item")[0][1]


@pytest.mark.parametrize(
    ("id_", "code"),
    [("txtSoCMT", "so_cmt"), ("ckbDon", "don"), ("txt1", "o_1"), ("Địa chỉ", "dia_chi"), ("", "")],
)
def test_ids_of_the_form_become_names_for_conditions(id_, code):
    assert field_code(id_) == code


# hostile files

DOCTYPE = b'<!DOCTYPE process [<!ENTITY x "y">]><process code="&x;"/>'
TASKS = b'<step><task code="%d" name="x" next="NULL"/></step>'
HOSTILE = {
    "nothing": (b"  ", EmptyFile),
    "too many bytes": (b"<process>" + b" " * 600_000 + b"</process>", FileTooLarge),
    "a document type": (DOCTYPE, DoctypeForbidden),
    "a document type in UTF-16": (DOCTYPE.decode().encode("utf-16"), DoctypeForbidden),
    "no XML": (b"<process", NotXml),
    "an unknown entity": (b"<process code='&boom;'/>", NotXml),
    "a picture": (b"\x89PNG\r\n\x1a\n\xff\xfe", UnknownEncoding),
    "another root": (b"<form><line/></form>", NotLegacyWorkflow),
    "no task": (b"<process code='x'><step/></process>", NotLegacyWorkflow),
    "too many elements": (b"<process>" + b"<a/>" * 3000 + b"</process>", TooComplex),
    "too many tasks": (
        b"<process>" + b"".join(TASKS % n for n in range(300)) + b"</process>",
        TooComplex,
    ),
    "too deep": (b"<a>" * 300 + b"</a>" * 300, InvalidInput),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_hostile_files_are_refused(what):
    data, error = HOSTILE[what]
    with pytest.raises(error):
        import_legacy(data)


def test_a_file_with_a_byte_order_mark_is_read():
    data = (FILES / "stall_licence.xml").read_bytes()
    assert import_legacy(b"\xef\xbb\xbf" + data) == imported("stall_licence")


tokens = st.sampled_from(["A", "B", "C", "NULL", "", "Z", "A[B]", "B[C]", "[A]", "THU_PHI", "X::A"])
numbers = st.sampled_from(["0", "0.5", "1", "-1", "", "x", "9999", "1,25", "0.001"])
flags = st.sampled_from(["", ' pause="true"', ' unpause="true"', ' biz_done="true"'])
tasks = st.builds(
    lambda code, time, following, flag: (
        f'<task code="{code}" name="{code}" time="{time}" next="{following}"{flag}/>'
    ),
    tokens,
    numbers,
    tokens,
    flags,
)
steps = st.builds(
    lambda time, inner, side: (
        f'<step name="s" group="G" time="{time}"{side}>{"".join(inner)}</step>'
    ),
    numbers,
    st.lists(tasks, max_size=4),
    st.sampled_from(["", ' no_chain="true"']),
)


@given(numbers, st.lists(steps, min_size=1, max_size=5))
def test_any_workflow_is_refused_or_becomes_a_readable_drawn_procedure(total, made):
    data = f'<process code="Q" name="Q" totaltime="{total}">{"".join(made)}</process>'.encode()
    try:
        result = import_legacy(data)
    except NotLegacyWorkflow:
        return
    root = parse(result.bpmn).root
    assert has_drawing(root)
    assert problems(root) == []
    assert read(parse(result.bpmn)).findings == ()
    ids = set(root.xpath("//@id"))
    assert all(finding.element in ids for finding in result.findings)


# the reference page

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "reference" / "legacy-import.md").read_text(
    encoding="utf-8"
)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_every_rule_stands_on_the_reference_page_with_its_severity(rule):
    assert f"| `{rule.code}` | {rule.severity} |" in PAGE


def test_the_reference_page_has_no_rule_that_does_not_exist():
    codes = {rule.code for rule in RULES}
    assert set(re.findall(r"`(legacy-[a-z-]+)`", PAGE)) == codes


@pytest.mark.parametrize("element", NAMES)
def test_every_known_attribute_stands_on_the_reference_page(element):
    for attribute in NAMES[element]:
        assert re.search(rf"\| `{element}` [^|]*`{attribute}`", PAGE)
