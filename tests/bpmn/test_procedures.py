"""The procedures that come with the product are publishable, complete and lawful."""

from decimal import Decimal

import pytest

from processes.component import Requirement
from processes.diagram import NodeKind
from processes.finding import Severity
from processes.layout import has_drawing
from processes.limits import path_totals
from processes.procedure import DayCount, ProcedureKind, SupplementPolicy
from processes.step import ClockKind, NationalStatus, OnTimeout, Signature
from processes.time_limit import Unit
from processes.vocabulary import PARTS
from tests.bpmn.catalogue import NAMES, checked, diagram, office, procedure

PUBLIC = [name for name in NAMES if procedure(name).kind is ProcedureKind.PUBLIC]
LAND = "1.013831-bien-dong-dat-dai.bpmn"
BIRTH = "1.001193-dang-ky-khai-sinh.bpmn"
MARRIAGE = "1.000894-dang-ky-ket-hon.bpmn"
PERMIT = "1.013225-cap-giay-phep-xay-dung.bpmn"
COPY = "2.000908-cap-ban-sao-tu-so-goc.bpmn"
CERTIFIED = "2.000815-chung-thuc-ban-sao-dien-tu.bpmn"
SIGNATURE = "2.000884-chung-thuc-chu-ky.bpmn"
EXTRACT = "2.000635-cap-ban-sao-trich-luc-ho-tich.bpmn"
COMPLAINT = "KN-01-giai-quyet-khieu-nai-lan-dau.bpmn"
OUTGOING = "VB-DI-phat-hanh-van-ban-di.bpmn"
SUBMISSION = "TRINH-LD-trinh-ho-so-cong-viec.bpmn"
TASK = "NV-01-theo-doi-nhiem-vu-duoc-giao.bpmn"
INCOMING = "VB-DEN-xu-ly-van-ban-den.bpmn"

DRAWN_WITH = {
    *(NodeKind.START, NodeKind.END, NodeKind.USER_TASK),
    *(NodeKind.EXCLUSIVE, NodeKind.PARALLEL, NodeKind.INCLUSIVE),
}

# The total that the decision or the law states, and the longest way of steps, in working hours.
TOTALS = {
    (LAND, "normal"): (64, 64),  # 8 working days, sum exactly 8.0
    (LAND, "remote"): (144, 144),  # 10 working days more
    (BIRTH, "normal"): (8, 8),
    (MARRIAGE, "normal"): (8, 8),
    (MARRIAGE, "verification"): (40, 40),  # 5 working days, Luật Hộ tịch art. 18
    (COPY, "normal"): (8, 8),  # QĐ 663/QĐ-TTPVHCC: 2 + 3 + 2 + 1 hours
    (CERTIFIED, "normal"): (8, 8),
    (SIGNATURE, "normal"): (8, 8),
    (EXTRACT, "normal"): (8, 8),
    (PERMIT, "house"): (56, 56),
    (PERMIT, "works"): (80, 80),
    (INCOMING, "normal"): (80, 80),
    (INCOMING, "urgent"): (24, 24),
    (OUTGOING, "normal"): (40, 40),
    (OUTGOING, "urgent"): (8, 8),
    (SUBMISSION, "regulation"): (80, 76),  # the rest is for collating opinions
    (SUBMISSION, "ordinary"): (64, 60),
    (TASK, "normal"): (120, 120),
    (TASK, "urgent"): (40, 40),
}


def test_there_are_thirteen_procedures():
    assert len(NAMES) == 13


@pytest.mark.parametrize("name", NAMES)
def test_a_procedure_is_publishable_without_a_warning(name):
    worth_a_look = [f for f in checked(name).findings if f.severity is not Severity.INFO]
    assert worth_a_look == []
    assert checked(name).outcome == "publishable"


@pytest.mark.parametrize("name", NAMES)
def test_a_file_is_named_after_the_procedure_s_code(name):
    assert name.startswith(procedure(name).code + "-")
    assert name.isascii()


@pytest.mark.parametrize("name", NAMES)
def test_everything_is_drawn(name):
    document = checked(name).document
    assert document is not None
    assert has_drawing(document.root)


@pytest.mark.parametrize("name", NAMES)
def test_only_plain_bpmn_is_used(name):
    assert {node.kind for node in diagram(name).nodes} <= DRAWN_WITH


@pytest.mark.parametrize(("name", "case"), TOTALS)
def test_the_steps_fill_the_limit_as_the_decision_says(name, case):
    total, steps = TOTALS[name, case]
    stated = procedure(name).case(case)
    assert stated is not None
    assert stated.limit is not None
    if stated.limit.unit is Unit.SAME_DAY:
        assert total == 8
    else:
        assert stated.limit.working_seconds == total * 3600
    (longest,) = [t for t in path_totals(procedure(name), diagram(name)) if t.case == case]
    assert longest.working_seconds == steps * 3600


def test_every_case_of_a_permit_for_works_takes_ten_working_days_and_a_house_seven():
    limits = {case.code: case.limit.format("vi") for case in procedure(PERMIT).cases if case.limit}
    assert limits.pop("house") == "7 ngày làm việc"
    assert len(limits) == 6
    assert set(limits.values()) == {"10 ngày làm việc"}


@pytest.mark.parametrize(
    ("case", "days"), [("normal", 30), ("complex", 45), ("remote", 45), ("remote_complex", 60)]
)
def test_a_complaint_with_a_dialogue_fills_its_calendar_days(case, days):
    """Luật Khiếu nại art. 28: 30 and 45 days, 45 and 60 in remote areas, from the acceptance."""
    complaint = procedure(COMPLAINT)
    assert complaint.day_count is DayCount.CIVIL_DAYS
    stated = complaint.case(case)
    assert stated is not None
    assert stated.limit is not None
    assert (stated.limit.amount, stated.limit.unit) == (days, Unit.DAY)
    counted = [s for s in complaint.steps if s.clock is ClockKind.RUNS]
    with_dialogue = [s for s in counted if s.element_id != "Task_Discontinue"]
    limits = [limit for s in with_dialogue if (limit := s.limit(case)) is not None]
    assert {limit.unit for limit in limits} == {Unit.DAY}
    assert sum(limit.amount for limit in limits) == days


def test_a_complaint_is_accepted_or_not_within_seven_working_days():
    """NĐ 155/2026: before that the dossier's clock does not run."""
    before = [s for s in procedure(COMPLAINT).steps if s.clock is ClockKind.OTHER_UNIT]
    accepted = [s for s in before if s.element_id != "Task_NoticeNotAdmitted"]
    limits = [limit for s in accepted if (limit := s.limit("normal")) is not None]
    assert sum(limit.amount for limit in limits) == 7
    assert {limit.unit for limit in limits} == {Unit.WORKING_DAY}
    assert procedure(COMPLAINT).supplement.policy is SupplementPolicy.CONTINUE


def test_the_time_of_the_tax_office_and_of_the_payer_is_not_the_office_s():
    land = procedure(LAND)
    paying = {s.element_id: s.clock for s in land.steps if s.status is NationalStatus.FINANCIAL}
    assert paying == {"Task_TaxNotice": ClockKind.TAX, "Task_Payment": ClockKind.CITIZEN}


def test_after_a_supplement_five_working_days_are_left_for_a_building_permit():
    permit = procedure(PERMIT)
    after = ("Task_Report", "Task_HeadReview", "Task_Decide", "Task_Stamp", "Task_Return")
    for case in ("house", "works"):
        limits = [step.limit(case) for code in after if (step := permit.step(code)) is not None]
        assert sum((limit.amount for limit in limits if limit), Decimal(0)) == 5
    assert permit.supplement.at_most == 1


def test_same_day_procedures_hold_the_rule_of_15_hours():
    for name in (BIRTH, MARRIAGE, COPY, SIGNATURE):
        reception = procedure(name).step("Task_Receive")
        assert reception is not None
        assert reception.cutoff is not None
        assert reception.cutoff.isoformat("minutes") == "15:00"


def test_silence_is_consent_only_where_the_rules_say_so():
    silent = {
        (name, step.element_id)
        for name in NAMES
        for step in procedure(name).steps
        if step.on_timeout is OnTimeout.DEEMED_CONSENT
    }
    assert silent == {
        (BIRTH, "Task_ConfirmDraft"),
        (SUBMISSION, "Task_Consult"),
        (INCOMING, "Task_Cooperate"),
    }


def test_nobody_checks_what_he_drafted_nor_approves_what_he_checked():
    """NĐ 30/2020 art. 11 and 12."""
    outgoing = procedure(OUTGOING)
    apart = {s.element_id: s.not_same_as for s in outgoing.steps if s.not_same_as}
    assert apart["Task_CheckContent"] == ("Task_Draft",)
    assert apart["Task_CheckFormat"] == ("Task_Draft",)
    assert set(apart["Task_Approve"]) == {"Task_Draft", "Task_CheckContent"}
    order = [s.element_id for s in outgoing.steps if s.signature is not Signature.NONE]
    assert order == ["Task_PersonalSign", "Task_AgencySign"]


def test_only_the_decision_that_we_know_is_named():
    decided = {name: procedure(name).decision_no for name in NAMES if procedure(name).decision_no}
    assert decided == {COPY: "663/QĐ-TTPVHCC"}


@pytest.mark.parametrize("name", PUBLIC)
def test_a_public_procedure_has_the_parts_of_decree_63(name):
    """NĐ 63/2010 art. 8.2; name, components and limits stand elsewhere in the file."""
    assert [kind for kind, _ in procedure(name).parts] == list(PARTS)
    assert procedure(name).components
    assert all(case.limit for case in procedure(name).cases)


@pytest.mark.parametrize("name", NAMES)
def test_every_procedure_cites_the_law_and_explains_itself(name):
    assert procedure(name).legal_basis
    document = checked(name).document
    assert document is not None
    (text,) = document.root.findall("{*}process/{*}documentation")
    assert "minh họa" in (text.text or "").lower()


@pytest.mark.parametrize("name", NAMES)
def test_every_component_that_is_not_optional_is_asked_for_at_some_step(name):
    asked = {code for step in procedure(name).steps for code in step.requires}
    wanted = [c for c in procedure(name).components if c.requirement is not Requirement.OPTIONAL]
    assert asked == {component.code for component in wanted}


@pytest.mark.parametrize("name", NAMES)
def test_every_step_has_a_limit_in_every_case(name):
    for step in procedure(name).steps:
        for case in procedure(name).cases:
            assert step.limit(case.code) is not None, (step.element_id, case.code)


def test_no_time_is_given_only_for_handing_over_the_result_and_for_what_is_not_of_the_case():
    """Returning takes no time (decision on land); nobody verifies within a same-day marriage."""
    none = {
        (name, step.element_id)
        for name in NAMES
        for step in procedure(name).steps
        if (limit := step.limit(procedure(name).cases[0].code)) is not None and not limit.amount
    }
    assert none == {
        (LAND, "Task_Return"),
        (LAND, "Task_ReturnRefusal"),
        (MARRIAGE, "Task_AskCommune"),
        (MARRIAGE, "Task_CommuneAnswer"),
    }


@pytest.mark.parametrize("name", NAMES)
def test_a_dossier_can_end_well_and_badly(name):
    assert {outcome.favourable for outcome in procedure(name).outcomes} == {True, False}
    codes = [outcome.code for outcome in procedure(name).outcomes]
    assert len(set(codes)) == len(codes)


@pytest.mark.parametrize("name", NAMES)
def test_every_decision_is_a_choice_that_somebody_must_make_or_has_a_default(name):
    """So that a condition always has a value to look at."""
    found = procedure(name)
    fields = [*found.fields, *(field for step in found.steps for field in step.fields)]
    conditions = " ".join(flow.condition or "" for flow in diagram(name).flows)
    deciding = [field for field in fields if f"{field.code} =" in conditions]
    assert deciding
    for field in deciding:
        assert field.required or field.default is not None, field.code
    codes = [field.code for field in fields]
    assert len(set(codes)) == len(codes)


@pytest.mark.parametrize("name", NAMES)
def test_every_exclusive_decision_has_a_default_way(name):
    for node in diagram(name).nodes:
        ways = diagram(name).outgoing(node.id)
        if node.kind in (NodeKind.EXCLUSIVE, NodeKind.INCLUSIVE) and len(ways) > 1:
            assert node.default in {flow.id for flow in ways}
            unconditional = [flow.id for flow in ways if flow.condition is None]
            assert unconditional == [node.default]


@pytest.mark.parametrize("name", NAMES)
def test_every_position_that_a_step_needs_is_held_by_somebody(name):
    held = {
        (holding["unit"], holding["position"])
        for officer in office()["officers"]
        for holding in officer["holdings"]
    }
    for step in procedure(name).steps:
        assert step.assignment is not None
        position, unit = step.assignment.position, step.assignment.unit
        assert any(p == position and unit in (u, None) for u, p in held), step.element_id


@pytest.mark.parametrize(
    ("name", "code"), [(CERTIFIED, "BAN_SAO_DT"), (EXTRACT, "TRICH_LUC"), (CERTIFIED, "VB_TRA_LOI")]
)
def test_an_electronic_result_carries_a_personal_and_then_the_agency_s_signature(name, code):
    signing = [step.signature for step in procedure(name).steps if code in step.signs]
    assert signing == [Signature.PERSONAL, Signature.AGENCY]
