"""The procedure that is measured: a chain of user steps with one decision in the middle.

The same shape as the closest peer was measured with: after the middle step an exclusive gateway,
whose condition reads what was entered there; its default flow leads to a second end.
"""

import random
import string
from collections.abc import Sequence
from datetime import time
from decimal import Decimal
from itertools import pairwise

from processes.component import Component, Copies, CopyForm
from processes.data_field import DataField, FieldType, Option
from processes.diagram import NodeKind
from processes.procedure import Case, Outcome, Procedure, ProcedureKind
from processes.step import Assignment, NationalStatus, StepSpec
from processes.time_limit import TimeLimit, Unit
from processes.writing import Arrow, End, Gateway, Plan, Start, write

CHAINS = (6, 30, 100)  # steps
TEXT_BYTES = 2_000  # entered anew at every step
COMPONENT = "DON"
DECISION = "ket_qua"
CONDITION = f'{DECISION} = "dat"'
LANES = (
    Assignment("mot_cua", "mot_cua", "Cán bộ một cửa"),
    Assignment("chuyen_vien", "chuyen_mon", "Chuyên viên"),
    Assignment("lanh_dao", "lanh_dao", "Lãnh đạo"),
)
_LETTERS = string.ascii_letters + string.digits


def procedure_code(steps: int, suffix: str = "") -> str:
    return f"BENCH-{steps}{suffix}"


def diagram(steps: int, lanes: Sequence[Assignment] = LANES, suffix: str = "") -> bytes:
    """The BPMN file of a chain of so many steps; suffix: where there are several, which one."""
    names = [f"Task_{number}" for number in range(1, steps + 1)]
    middle = steps // 2
    before, after = names[:middle], names[middle:]
    chain = ["Event_Submitted", *before, "Gateway_Decision"]
    arrows = [Arrow(source, target) for source, target in pairwise(chain)]
    arrows += [
        Arrow("Gateway_Decision", after[0], when=CONDITION),
        Arrow("Gateway_Decision", "Event_Refused", id="Flow_Refused"),
    ]
    rest = [*after, "Event_Granted"]
    arrows += [Arrow(source, target) for source, target in pairwise(rest)]
    plan = Plan(
        _procedure(steps, lanes, suffix),
        nodes=(
            Start("Event_Submitted", "Hồ sơ nộp"),
            Gateway("Gateway_Decision", NodeKind.EXCLUSIVE, "Đạt?", default="Flow_Refused"),
            End("Event_Granted", "Đã cấp"),
            End("Event_Refused", "Từ chối"),
        ),
        arrows=tuple(arrows),
        pool="Cơ quan đo thử",
    )
    return write(plan)


def entries(number: int, steps: int, chance: random.Random) -> dict[str, str]:
    """What is entered at a step: 2,000 new letters, and the decision where it is asked."""
    data = {f"noi_dung_{number}": "".join(chance.choices(_LETTERS, k=TEXT_BYTES))}
    if number == steps // 2:
        data[DECISION] = "dat"
    return data


def entered_bytes(steps: int) -> int:
    """Bytes that people enter in a dossier which takes the whole chain."""
    return steps * TEXT_BYTES + len("dat")


def _procedure(steps: int, lanes: Sequence[Assignment], suffix: str) -> Procedure:
    return Procedure(
        process_id=f"Bench_{steps}",
        code=procedure_code(steps, suffix),
        name=f"Chuỗi {steps} bước",
        kind=ProcedureKind.INTERNAL,
        field="Đo thử",
        cases=(Case("normal", "Thông thường", TimeLimit(Decimal(steps), Unit.WORKING_DAY)),),
        components=(Component(COMPONENT, "Đơn đề nghị", copies=(Copies(CopyForm.ORIGINAL),)),),
        steps=tuple(_step(number, steps, lanes) for number in range(1, steps + 1)),
        outcomes=(
            Outcome("Event_Granted", "granted", "Đã cấp", NationalStatus.RETURNED),
            Outcome(
                "Event_Refused", "refused", "Từ chối", NationalStatus.RETURNED, favourable=False
            ),
        ),
    )


def _step(number: int, steps: int, lanes: Sequence[Assignment]) -> StepSpec:
    fields = [DataField(f"noi_dung_{number}", f"Nội dung xử lý bước {number}", required=True)]
    if number == steps // 2:
        options = (Option("dat", "Đạt"), Option("khong_dat", "Không đạt"))
        fields.append(DataField(DECISION, "Kết quả", FieldType.CHOICE, True, options))
    return StepSpec(
        element_id=f"Task_{number}",
        name=f"Xử lý bước {number}",
        order=number,
        assignment=lanes[(number - 1) % len(lanes)],
        limits={"": TimeLimit(Decimal(1), Unit.WORKING_DAY)},
        cutoff=time(15) if number == 1 else None,
        status=NationalStatus.RECEIVED if number == 1 else NationalStatus.PROCESSING,
        requires=(COMPONENT,) if number == 1 else (),
        fields=tuple(fields),
    )
