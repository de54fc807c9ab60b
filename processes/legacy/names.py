"""Names of the new diagram: ids from the old codes, words for groups and roles."""

import re

from processes.document import MAX_ID_CHARS
from processes.legacy.source import Workflow
from processes.search_key import search_key

_LETTERS = re.compile(r"[^A-Za-z0-9]+")
_LONGEST = MAX_ID_CHARS - 60  # room for what is put before and after
_GROUPS = {
    "BP_MOT_CUA": "Bộ phận một cửa",
    "BP_THUE": "Bộ phận thuế",
    "CAN_BO": "Cán bộ",
    "DIA_CHINH_CAP_XA": "Địa chính cấp xã",
    "LANH_DAO_DON_VI": "Lãnh đạo đơn vị",
    "LANH_DAO_PHONG": "Lãnh đạo phòng",
    "PHONG_KINH_TE_HA_TANG": "Phòng Kinh tế và Hạ tầng",
    "PHONG_LAO_DONG_THUONG_BINH_XA_HOI": "Phòng Lao động, Thương binh và Xã hội",
    "PHONG_QUAN_LY_DO_THI": "Phòng Quản lý đô thị",
    "PHONG_TAI_CHINH_KE_HOACH": "Phòng Tài chính - Kế hoạch",
    "PHONG_TAI_NGUYEN_MOI_TRUONG": "Phòng Tài nguyên và Môi trường",
    "PHONG_TU_PHAP": "Phòng Tư pháp",
    "VAN_PHONG_DANG_KY_QSD_DAT": "Văn phòng đăng ký quyền sử dụng đất",
}
_ROLES = {
    "TIEP_NHAN": "tiếp nhận",
    "BAN_GIAO": "bàn giao",
    "PHAN_CONG": "phân công",
    "XU_LY": "xử lý",
    "THU_LY": "thụ lý",
    "XET_DUYET": "xét duyệt",
    "KY_DUYET": "ký duyệt",
    "THU_PHI": "thu phí",
    "TRA_KET_QUA": "trả kết quả",
}


class Names:
    """Ids of one import: readable, stable, unique, and names as XML wants them."""

    def __init__(self, workflow: Workflow) -> None:
        self.code = workflow.code or "QUY_TRINH"
        self.process = f"Process_{_plain(self.code)}"
        self._tasks: dict[str, str] = {}
        taken = {self.process}
        for step in workflow.steps:
            for task in step.tasks:
                if task.code not in self._tasks:
                    name = _free(f"Task_{_plain(_without(task.code, self.code))}", taken)
                    self._tasks[task.code] = name
                    taken.add(name)

    def task(self, code: str) -> str:
        """The id of the task with that code."""
        return self._tasks[code]


def group_name(code: str) -> str:
    """The unit as people call it; an unknown code is written in plain words."""
    return _GROUPS.get(code.upper()) or _words(code)


def lane_name(group: str, role: str) -> str:
    """The lane of a role in a group: "Bộ phận một cửa - thu phí"."""
    unit = group_name(group)
    if not role:
        return unit
    return f"{unit} - {_ROLES.get(role.upper()) or _words(role).lower()}"


def position_code(text: str) -> str:
    """A group or role as the code of a position or unit: "XU_LY" -> "xu_ly"."""
    return _plain(text).lower()


def _words(code: str) -> str:
    return " ".join(code.replace("_", " ").split()).capitalize() or "Chưa rõ"


def _without(code: str, procedure: str) -> str:
    """The task's code less the procedure's: "TNMT::TN07::XET_DUYET" -> "TNMT::XET_DUYET"."""
    return "::".join(part for part in code.split("::") if part != procedure) or code


def _plain(text: str) -> str:
    key = "".join(c if c.isascii() else search_key(c) for c in text)
    return _LETTERS.sub("_", key).strip("_")[:_LONGEST] or "X"


def _free(wanted: str, taken: set[str]) -> str:
    name, number = wanted, 1
    while name in taken:
        number += 1
        name = f"{wanted}_{number}"
    return name
