"""Dossiers that give occasion for each form, in the sample ward, always the same."""

from datetime import date

from engine.dossiers.claim import claim
from engine.dossiers.complete_step import LateReason, complete_step
from engine.dossiers.components import Brought
from engine.dossiers.end_early import discontinue, refuse
from engine.dossiers.extend import extend
from engine.dossiers.pauses import SupplementRequest, request_supplement
from engine.dossiers.receive import Contact, Reception, receive
from engine.dossiers.return_result import return_result
from engine.forms.issued import pdf_of
from engine.forms.issuing import issue, issue_register
from engine.forms.kinds import FormKind
from engine.forms.register_book import period_of
from engine.registers.register_settings import set_registers
from tests.engine.drawing import CLERK, OFFICER, component, draw, end, needs, start, step
from tests.engine.offices import datetime_of

MARCH = period_of(date(2026, 3, 1), date(2026, 3, 31))
APPLICANT = "Nguyễn Thị Ứng Bưởi"
CONTACT = Contact(
    identity_number="079123456789",
    address="12 đường Nguyễn Huệ, phường Mẫu",
    phone="0901234567",
    email="ung.buoi@example.vn",
)
GIVEN = {
    FormKind.RECEIPT: {"sets": "2", "returned_by": "post", "fee": "50.000 đồng"},
    FormKind.SUPPLEMENT_REQUEST: {
        "guide_phone": "02838291234",
        "until": "ngày 20 tháng 3 năm 2026",
    },
    FormKind.REFUSAL: {"guidance": "Nộp tại Phòng Công chứng số 1."},
    FormKind.APOLOGY: {"signer_position": "Chủ tịch UBND"},
    FormKind.DISCONTINUATION: {"fee": "Hoàn trả 50.000 đồng", "signer_position": "Chủ tịch UBND"},
    FormKind.CONTROL_SLIP: {},
    FormKind.SUBMISSION_SLIP: {
        "to": "Chủ tịch UBND phường",
        "matter": "Cấp bản sao từ sổ gốc",
        "sort": "sign",
        "proposal": "Hồ sơ đủ thành phần.\nĐề xuất ký ban hành.",
        "attached": "Dự thảo Quyết định",
    },
    FormKind.TRANSFER_SLIP: {
        "to": "Chi cục Thuế khu vực 2",
        "work": "Xác định nghĩa vụ tài chính của hồ sơ.",
        "until": "05 ngày làm việc",
    },
    FormKind.COMPLAINT_ACCEPTED: {
        "complaint": "Không đồng ý mức bồi thường.\nĐề nghị tính lại.",
        "against": "Quyết định số 12/QĐ-UBND",
        "copies": "Thanh tra thành phố",
    },
    FormKind.COMPLAINT_NOT_ACCEPTED: {
        "complaint": "Không đồng ý mức bồi thường.",
        "reason": "Đã hết thời hiệu khiếu nại theo điều 9.",
    },
}


def diagram(**stated):
    """Two steps and four components, five working days."""
    return draw(
        start(),
        step("A", needs("DON"), lane=CLERK, name="Kiểm tra, tiếp nhận", status="2"),
        step("B", lane=OFFICER, name="Thẩm định hồ sơ", limit="4 working_hour"),
        end(status="9"),
        flows=("S A", "A B", "B E"),
        head="".join(
            (
                component("DON", "original 1"),
                component("BAN_VE", "original 1", "certified_copy 2", required="optional"),
                component("ANH", "plain_copy 3", required="optional"),
            )
        ),
        **stated,
    )


def opened(ward):
    """The ward, ready to receive."""
    ward.publish(diagram())
    admin = next(a for a in ward.actors.values() if "admin" in a.roles)
    set_registers(ward.office, admin, {"hotline": "1022"})
    return ward


def received(ward, *when):
    """A dossier with three papers."""
    ward.at(*(when or (2026, 3, 2, 8, 5)))
    reception = Reception(
        "T-01",
        APPLICANT,
        contact=CONTACT,
        components=(
            Brought("DON", "original", 1),
            Brought("BAN_VE", "certified_copy", 2),
            Brought("ANH", "plain_copy", 3),
        ),
    )
    return receive(ward.office, ward.holder(*CLERK), reception)


def occasion(ward, kind):
    """A dossier on which the form can be issued, and who issues it."""
    if kind in (FormKind.COMPLAINT_ACCEPTED, FormKind.COMPLAINT_NOT_ACCEPTED):
        ward.publish(diagram(complaint="true"))
    outcome = received(ward)
    clerk, officer = ward.holder(*CLERK), ward.holder(*OFFICER)
    run = ward.run(outcome, "A").step_run_id
    if kind is FormKind.SUPPLEMENT_REQUEST:
        ward.at(2026, 3, 2, 9, 0)
        asked = SupplementRequest(
            ("BAN_VE",), "Bản vẽ chưa có chữ ký của đơn vị thiết kế", "NĐ 61/2018, điều 17"
        )
        request_supplement(ward.office, clerk, run, asked)
    elif kind is FormKind.REFUSAL:
        ward.at(2026, 3, 2, 9, 30)
        refuse(ward.office, clerk, run, "Không thuộc thẩm quyền giải quyết của phường")
    elif kind is FormKind.APOLOGY:
        ward.at(2026, 3, 6, 9, 0)
        due = datetime_of(2026, 3, 12, 16, 0)
        extend(
            ward.office, ward.head, outcome.dossier_id, due, "Chờ kết quả xác minh của cơ quan khác"
        )
    elif kind is FormKind.DISCONTINUATION:
        ward.at(2026, 3, 3, 14, 0)
        discontinue(ward.office, clerk, outcome.dossier_id, "Người nộp đề nghị dừng giải quyết")
    elif kind in (FormKind.CONTROL_SLIP, FormKind.REGISTER):
        worked_through(ward, outcome, clerk, officer)
    return outcome, clerk


def worked_through(ward, outcome, clerk, officer):
    """Completed in time, then late with a cause, then returned."""
    ward.at(2026, 3, 2, 8, 30)
    run = ward.run(outcome, "A").step_run_id
    claim(ward.office, clerk, run)
    ward.at(2026, 3, 2, 9, 10)
    complete_step(ward.office, clerk, run)
    ward.at(2026, 3, 2, 10, 0)
    run = ward.run(outcome, "B").step_run_id
    claim(ward.office, officer, run)
    ward.at(2026, 3, 3, 15, 20)
    late = LateReason("overload", "Nhiều hồ sơ đến cùng lúc")
    complete_step(ward.office, officer, run, late=late)
    ward.at(2026, 3, 3, 16, 0)
    return_result(ward.office, clerk, outcome.dossier_id)


def issued(ward, kind, **how):
    """The form, issued on its occasion."""
    outcome, actor = occasion(ward, kind)
    if kind is FormKind.REGISTER:
        received(ward, 2026, 3, 4, 9, 0)
        return issue_register(ward.office, actor, MARCH)
    return issue(ward.office, actor, outcome.dossier_id, kind, GIVEN[kind], **how)


def pdf(ward, form):
    """The bytes that are kept of it."""
    with ward.office.database.read() as connection:
        return pdf_of(connection, form, ward.agency_id)
