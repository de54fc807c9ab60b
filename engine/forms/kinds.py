"""The kinds of forms, by what they say; the law numbers them otherwise from time to time."""

from dataclasses import dataclass
from enum import StrEnum

from processes.procedure import Procedure


class FormKind(StrEnum):
    """What a form says."""

    RECEIPT = "receipt"  # giấy tiếp nhận và hẹn trả
    SUPPLEMENT_REQUEST = "supplement_request"  # phiếu yêu cầu bổ sung
    REFUSAL = "refusal"  # phiếu từ chối
    APOLOGY = "apology"  # phiếu xin lỗi và hẹn lại
    DISCONTINUATION = "discontinuation"  # thông báo dừng giải quyết
    CONTROL_SLIP = "control_slip"  # phiếu kiểm soát
    REGISTER = "register"  # sổ theo dõi
    SUBMISSION_SLIP = "submission_slip"  # phiếu trình
    TRANSFER_SLIP = "transfer_slip"  # phiếu chuyển
    COMPLAINT_ACCEPTED = "complaint_accepted"  # 01-KN
    COMPLAINT_NOT_ACCEPTED = "complaint_not_accepted"  # 02-KN


@dataclass(frozen=True, slots=True)
class Said:
    """vi, en: the form's name. symbol: after its number, unless the office chose another.

    grows: later issues continue earlier ones, so another content is no surprise to anybody.
    """

    vi: str
    en: str
    symbol: str
    grows: bool = False


SAID = {
    FormKind.RECEIPT: Said(
        "Giấy tiếp nhận hồ sơ và hẹn trả kết quả", "Receipt and appointment", "TTPVHCC"
    ),
    FormKind.SUPPLEMENT_REQUEST: Said(
        "Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ", "Supplement request", "HDHS"
    ),
    FormKind.REFUSAL: Said("Phiếu từ chối tiếp nhận, giải quyết hồ sơ", "Refusal", "PTC"),
    FormKind.APOLOGY: Said(
        "Phiếu xin lỗi và hẹn lại ngày trả kết quả", "Apology and new appointment", "PXL"
    ),
    FormKind.DISCONTINUATION: Said(
        "Thông báo dừng giải quyết hồ sơ", "Notice of discontinuation", "TBD"
    ),
    FormKind.CONTROL_SLIP: Said(
        "Phiếu kiểm soát quá trình giải quyết hồ sơ", "Control slip", "PKS", grows=True
    ),
    FormKind.REGISTER: Said("Sổ theo dõi hồ sơ", "Register of dossiers", "STD", grows=True),
    FormKind.SUBMISSION_SLIP: Said(
        "Phiếu trình giải quyết công việc", "Submission slip", "PTr", grows=True
    ),
    FormKind.TRANSFER_SLIP: Said("Phiếu chuyển hồ sơ", "Transfer slip", "PC", grows=True),
    FormKind.COMPLAINT_ACCEPTED: Said(
        "Thông báo thụ lý giải quyết khiếu nại", "Complaint accepted", "TB-TLKN"
    ),
    FormKind.COMPLAINT_NOT_ACCEPTED: Said(
        "Thông báo không thụ lý giải quyết khiếu nại", "Complaint not accepted", "TB-KTLKN"
    ),
}
"""What each kind is called."""

_OF_COMPLAINTS = (FormKind.COMPLAINT_ACCEPTED, FormKind.COMPLAINT_NOT_ACCEPTED)
OF_DOSSIER = tuple(kind for kind in FormKind if kind is not FormKind.REGISTER)
"""Kinds that are issued on a dossier."""


def belongs(kind: FormKind, procedure: Procedure) -> bool:
    """Whether dossiers of the procedure can ever have the form."""
    return kind not in _OF_COMPLAINTS or procedure.complaint
