"""A dossier that turns out to need verification moves to that case, with its limit."""

import json

import pytest

from engine.dossier_file import dossier_file
from engine.dossiers.change_case import CaseFixed, SameCase, change_case
from engine.dossiers.extend import extend
from engine.dossiers.receive import Reception, receive
from engine.dossiers.refusals import NoSuchCase, NotYours, ReasonNeeded
from tests.engine.offices import BPMN, datetime_of
from tests.engine.test_real_procedures import brought

FILE = "1.000894-dang-ky-ket-hon.bpmn"


@pytest.fixture
def marriage(ward):
    ward.publish((BPMN / "procedures" / FILE).read_bytes(), FILE)
    scenarios = json.loads((BPMN / "scenarios" / "1.000894.json").read_text(encoding="utf-8"))
    usual = next(s for s in scenarios["scenarios"] if s["case"] == "normal")
    ward.at(2026, 3, 2, 8, 0)
    clerk = ward.holder("can_bo_mot_cua", "mot_cua")
    reception = Reception(
        procedure="1.000894",
        applicant="Phạm Văn Dũng",
        case="normal",
        data=usual["reception"],
        components=brought(usual["components"]),
    )
    return ward, clerk, receive(ward.office, clerk, reception)


def other_case(ward, outcome):
    with ward.office.database.read() as connection:
        file = dossier_file(ward.office, connection, ward.head, outcome.dossier_id)
    return next(c for c in file.version.procedure.cases if c.code != "normal")


def test_the_limit_of_the_new_case_counts_from_reception(marriage):
    ward, clerk, outcome = marriage
    assert outcome.due_at == datetime_of(2026, 3, 2, 17, 0)  # in the day
    case = other_case(ward, outcome)
    ward.at(2026, 3, 2, 10, 0)
    changed = change_case(
        ward.office, clerk, outcome.opened[0].step_run_id, case.code, "Cần xác minh hôn nhân"
    )
    assert case.limit.format("vi") == "5 ngày làm việc"
    assert changed.due_at == datetime_of(2026, 3, 9, 8, 0)
    with ward.office.database.read() as connection:
        file = dossier_file(ward.office, connection, clerk, outcome.dossier_id)
    assert file.row.case_code == case.code
    assert file.row.original_due_at == datetime_of(2026, 3, 2, 17, 0)  # what was promised is kept


def test_a_case_is_not_changed_without_reason_by_strangers_or_to_nothing(marriage):
    ward, clerk, outcome = marriage
    step = outcome.opened[0].step_run_id
    case = other_case(ward, outcome).code
    with pytest.raises(ReasonNeeded):
        change_case(ward.office, clerk, step, case, " ")
    with pytest.raises(NotYours):
        change_case(ward.office, ward.holder("van_thu", "van_thu"), step, case, "Cần xác minh")
    with pytest.raises(NoSuchCase):
        change_case(ward.office, clerk, step, "khac", "Cần xác minh")
    with pytest.raises(SameCase):
        change_case(ward.office, clerk, step, "normal", "Cần xác minh")


def test_after_an_extension_the_case_stays(marriage):
    ward, clerk, outcome = marriage
    step = outcome.opened[0].step_run_id
    extend(
        ward.office,
        ward.head,
        outcome.dossier_id,
        datetime_of(2026, 3, 4, 15, 0),
        "Cần thêm thời gian, xin lỗi ông bà",
    )
    with pytest.raises(CaseFixed):
        change_case(ward.office, clerk, step, other_case(ward, outcome).code, "Cần xác minh")
