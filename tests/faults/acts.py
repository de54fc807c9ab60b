"""Every act on a dossier, made ready: who does it, on which step, after what."""

from collections.abc import Callable
from datetime import timedelta

from engine.dossiers.change_case import change_case
from engine.dossiers.claim import claim, hand_over, release
from engine.dossiers.complete_step import complete_step
from engine.dossiers.components import Brought, record_components, waive_component
from engine.dossiers.end_early import discontinue, refuse, withdraw
from engine.dossiers.extend import extend
from engine.dossiers.outcome import Outcome
from engine.dossiers.pauses import (
    SupplementRequest,
    receive_supplement,
    request_supplement,
    resume,
    suspend,
)
from engine.dossiers.return_result import return_result
from engine.dossiers.send_back import send_back
from tests.engine.drawing import CLERK, OFFICER
from tests.engine.offices import Ward
from tests.faults.permit import open_run, receive_permit

REASON = "Theo đề nghị của đơn vị"
Act = Callable[[str], Outcome | None]


def _at(ward: Ward, *completed: str) -> Outcome:
    """A dossier of which these steps are done."""
    outcome = receive_permit(ward)
    others = {"D": 1}
    for element in completed:
        run = open_run(ward, outcome, element)
        able = ward.holders(run.position, run.unit)
        complete_step(ward.office, able[others.get(element, 0)], run.step_run_id)
    return outcome


def _on(ward: Ward, element: str, *completed: str):
    outcome = _at(ward, *completed)
    run = open_run(ward, outcome, element)
    return outcome, run.step_run_id, ward.holder(run.position, run.unit)


def _receive(ward: Ward) -> Act:
    return lambda key: receive_permit(ward, key)


def _claim(ward: Ward) -> Act:
    _, run, actor = _on(ward, "B", "A")
    return lambda key: claim(ward.office, actor, run, key=key)


def _release(ward: Ward) -> Act:
    _, run, actor = _on(ward, "B", "A")
    claim(ward.office, actor, run)
    return lambda key: release(ward.office, actor, run, key=key)


def _hand_over(ward: Ward) -> Act:
    _, run, actor = _on(ward, "B", "A")
    other = ward.holders(*OFFICER)[1]
    return lambda key: hand_over(ward.office, actor, run, other, REASON, key=key)


def _split(ward: Ward) -> Act:
    _, run, actor = _on(ward, "A")
    return lambda key: complete_step(ward.office, actor, run, {"so_trang": 3}, key=key)


def _join(ward: Ward) -> Act:
    _, run, actor = _on(ward, "B", "A", "C")
    return lambda key: complete_step(ward.office, actor, run, {"ghi_chu": "đủ"}, key=key)


def _last(ward: Ward) -> Act:
    outcome = _at(ward, "A", "C", "B")
    run = open_run(ward, outcome, "D").step_run_id
    other = ward.holders(*OFFICER)[1]
    return lambda key: complete_step(ward.office, other, run, {"y_kien": "dong_y"}, key=key)


def _send_back(ward: Ward) -> Act:
    _, run, actor = _on(ward, "D", "A", "C", "B")
    return lambda key: send_back(ward.office, actor, run, "A", REASON, key=key)


def _request_supplement(ward: Ward) -> Act:
    _, run, actor = _on(ward, "B", "A")
    asked = SupplementRequest(("ANH",), REASON)
    return lambda key: request_supplement(ward.office, actor, run, asked, key=key)


def _receive_supplement(ward: Ward) -> Act:
    outcome, run, actor = _on(ward, "B", "A")
    request_supplement(ward.office, actor, run, SupplementRequest(("ANH",), REASON))
    brought = (Brought("ANH", "plain_copy", 3),)
    return lambda key: receive_supplement(ward.office, actor, outcome.dossier_id, brought, key=key)


def _suspend(ward: Ward) -> Act:
    _, run, actor = _on(ward, "B", "A")
    return lambda key: suspend(ward.office, actor, run, REASON, "NĐ 61/2018", key=key)


def _resume(ward: Ward) -> Act:
    outcome, run, actor = _on(ward, "B", "A")
    suspend(ward.office, actor, run, REASON, "NĐ 61/2018")
    return lambda key: resume(ward.office, actor, outcome.dossier_id, REASON, key=key)


def _extend(ward: Ward) -> Act:
    outcome = _at(ward, "A")
    due = outcome.due_at + timedelta(days=2)
    return lambda key: extend(ward.office, ward.head, outcome.dossier_id, due, REASON, key=key)


def _change_case(ward: Ward) -> Act:
    _, run, actor = _on(ward, "B", "A")
    return lambda key: change_case(ward.office, actor, run, "remote", REASON, key=key)


def _record_components(ward: Ward) -> Act:
    outcome, brought = _at(ward), (Brought("DON", number=0), Brought("ANH"))
    clerk = ward.holder(*CLERK)
    return lambda key: record_components(ward.office, clerk, outcome.dossier_id, brought, key=key)


def _waive_component(ward: Ward) -> Act:
    outcome = _at(ward)
    return lambda key: waive_component(
        ward.office, ward.head, outcome.dossier_id, "ANH", REASON, key=key
    )


def _refuse(ward: Ward) -> Act:
    _, run, actor = _on(ward, "B", "A")
    return lambda key: refuse(ward.office, actor, run, REASON, key=key)


def _withdraw(ward: Ward) -> Act:
    outcome, clerk = _at(ward, "A"), ward.holder(*CLERK)
    return lambda key: withdraw(ward.office, clerk, outcome.dossier_id, REASON, key=key)


def _discontinue(ward: Ward) -> Act:
    outcome, clerk = _at(ward, "A"), ward.holder(*CLERK)
    return lambda key: discontinue(ward.office, clerk, outcome.dossier_id, REASON, key=key)


def _return_result(ward: Ward) -> Act:
    outcome, clerk = _at(ward, "A", "C", "B", "D"), ward.holder(*CLERK)
    return lambda key: return_result(ward.office, clerk, outcome.dossier_id, key=key)


ACTS: dict[str, Callable[[Ward], Act]] = {
    "receive": _receive,
    "claim": _claim,
    "release": _release,
    "hand over": _hand_over,
    "complete, splitting": _split,
    "complete, joining": _join,
    "complete the last": _last,
    "send back": _send_back,
    "request supplement": _request_supplement,
    "receive supplement": _receive_supplement,
    "suspend": _suspend,
    "resume": _resume,
    "extend": _extend,
    "change case": _change_case,
    "record components": _record_components,
    "waive component": _waive_component,
    "refuse": _refuse,
    "withdraw": _withdraw,
    "discontinue": _discontinue,
    "return result": _return_result,
}
"""Acts of people: prepared in an office, then done under a key."""

__all__ = ["ACTS", "REASON", "Act"]
