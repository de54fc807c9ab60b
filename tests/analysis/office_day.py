"""Two dossiers of "cấp bản sao từ sổ gốc" (2 h, 3 h, 2 h, 1 h; in the day) with times known by hand.

Office hours 07:30-11:30 and 13:00-17:00. Dossier one keeps every limit; dossier two is late.
"""

from datetime import datetime

from engine.dossiers.claim import claim
from engine.dossiers.complete_step import LateReason, complete_step
from engine.dossiers.components import Brought
from engine.dossiers.receive import Reception, receive
from tests.engine.offices import BPMN, VN, Ward

RECEIVE, APPRAISE, SIGN, ISSUE = "Task_Receive", "Task_Appraise", "Task_Sign", "Task_Issue"
HOUR = 3600
FILE = "2.000908-cap-ban-sao-tu-so-goc.bpmn"
RECEPTION = Reception(
    procedure="2.000908",
    applicant="Trần Thị Bình",
    data={
        "loai_giay_to": "Bằng tốt nghiệp",
        "so_ban": 2,
        "quan_he": "chinh_chu",
        "gui_buu_chinh": False,
    },
    components=(Brought("GIAY_TO_TUY_THAN", "original", 1),),
)


def moment(day: int, hour: int, minute: int = 0) -> datetime:
    """A time of March 2026 at the office."""
    return datetime(2026, 3, day, hour, minute, tzinfo=VN)


def play(ward: Ward) -> None:
    ward.publish((BPMN / "procedures" / FILE).read_bytes(), FILE)
    # On time, 02/03: received 08:00; each step is claimed, then completed.
    _dossier(
        ward,
        received=moment(2, 8),
        steps=[
            (moment(2, 8, 30), moment(2, 9)),  # waiting 0.5 h, handling 0.5 h of 2 h
            (moment(2, 9, 30), moment(2, 11)),  # waiting 0.5 h, handling 1.5 h of 3 h
            (
                moment(2, 13, 15),
                moment(2, 13, 45),
            ),  # waiting 0.75 h over lunch, handling 0.5 h of 2 h
            (moment(2, 14, 0), moment(2, 14, 30)),  # waiting 0.25 h, handling 0.5 h of 1 h
        ],
    )
    # Late, 03/03: the signature waits until the next morning; due 03/03 17:00.
    _dossier(
        ward,
        received=moment(3, 8),
        steps=[
            (moment(3, 8, 0), moment(3, 9)),  # 1 h of 2 h
            (moment(3, 9, 0), moment(3, 14)),  # 3.5 h of 3 h: 0.5 h late
            (
                moment(4, 8, 0),
                moment(4, 9),
            ),  # from 14:00: 3 h, then 1.5 h: 4.5 h of 2 h, 2.5 h late
            (moment(4, 9, 0), moment(4, 9, 30)),  # 0.5 h of 1 h
        ],
    )


def _dossier(ward: Ward, received: datetime, steps: list[tuple[datetime, datetime]]) -> None:
    ward.clock.set(received)
    clerk = ward.holder("can_bo_mot_cua", "mot_cua")
    outcome = receive(ward.office, clerk, RECEPTION)
    for (taken, done), data in zip(
        steps, [{}, {"ket_qua_doi_chieu": "co_thong_tin"}, {}, {}], strict=True
    ):
        step = outcome.opened[0]
        actor = ward.holder(step.position, step.unit)
        ward.clock.set(taken)
        claim(ward.office, actor, step.step_run_id)
        ward.clock.set(done)
        late = None
        if step.due_at is not None and done > step.due_at:
            late = LateReason("overload", "Nhiều hồ sơ cùng lúc")
        outcome = complete_step(ward.office, actor, step.step_run_id, data, late)
    assert outcome.state == "returned"
