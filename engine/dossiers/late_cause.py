"""Why a step was late: the list that people choose from, so that causes can be counted."""

from enum import StrEnum


class LateCause(StrEnum):
    """Causes of lateness, each with its words in `WORDS`."""

    OVERLOAD = "overload"
    ABSENCE = "absence"
    WAITING_OTHER_UNIT = "waiting_other_unit"
    WAITING_APPLICANT = "waiting_applicant"
    COMPLEX = "complex"
    UNCLEAR_RULES = "unclear_rules"
    SYSTEM_FAILURE = "system_failure"
    SENT_BACK = "sent_back"
    OTHER = "other"


WORDS = {
    LateCause.OVERLOAD: ("Khối lượng hồ sơ quá lớn", "Too many dossiers"),
    LateCause.ABSENCE: ("Người xử lý vắng mặt", "The officer was absent"),
    LateCause.WAITING_OTHER_UNIT: ("Chờ đơn vị phối hợp", "Waiting for another unit"),
    LateCause.WAITING_APPLICANT: ("Chờ người nộp hồ sơ", "Waiting for the applicant"),
    LateCause.COMPLEX: ("Hồ sơ phức tạp, cần xác minh", "Complex, needed verification"),
    LateCause.UNCLEAR_RULES: ("Quy định chưa rõ", "Unclear rules"),
    LateCause.SYSTEM_FAILURE: ("Sự cố hệ thống", "System failure"),
    LateCause.SENT_BACK: ("Bị trả lại bước trước", "Was sent back"),
    LateCause.OTHER: ("Nguyên nhân khác", "Other cause"),
}
