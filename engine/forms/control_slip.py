"""Form 05 of 2018, 06 of 2025: who gave the dossier to whom and when, out of the journal.

Never typed, and never printed from a journal that was altered.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from engine.dossier_file import StepRun
from engine.dossiers.late_cause import WORDS
from engine.forms.content import Content, Entry
from engine.forms.kinds import FormKind
from engine.forms.scene import Scene, head_facts
from engine.forms.words import moment_words
from engine.journal import Event

KIND = FormKind.CONTROL_SLIP
ENTRIES: tuple[Entry, ...] = ()
_RESULTS = {"early": "Trước hạn", "on_time": "Đúng hạn", "late": "Quá hạn"}
_CAUSES = {cause.value: words[0] for cause, words in WORDS.items()}
_BESIDE = {
    "supplement.requested": "Yêu cầu bổ sung",
    "supplement.received": "Đã nhận bổ sung",
    "dossier.suspended": "Tạm đình chỉ",
    "dossier.resumed": "Tiếp tục giải quyết",
    "dossier.extended": "Xin lỗi, hẹn lại",
    "dossier.refused": "Từ chối",
    "dossier.withdrawn": "Người nộp rút hồ sơ",
    "dossier.discontinued": "Dừng giải quyết",
    "result.returned": "Trả kết quả",
}
"""Events that are no hand-over and stand on the slip all the same."""


def content(scene: Scene, given: Mapping[str, str]) -> Content:  # noqa: ARG001 - nothing is typed
    """Every hand-over so far, in order."""
    file, row = scene.file, scene.file.row
    units = list(dict.fromkeys(scene.unit(run.unit) for run in file.steps if run.unit))
    facts = {
        **head_facts(KIND, scene.letterhead, scene.today, of_desk=scene.desk),
        "code": row.code,
        "applicant": row.applicant,
        "matter": file.version.procedure.name,
        "received": moment_words(scene.local(row.received_at)),
        "due": moment_words(scene.local(row.original_due_at)) if row.original_due_at else "",
        "handled_by": units[1] if len(units) > 1 else scene.desk,
        "cooperating": "; ".join(units[2:]),
        "blocks": [block for _, _, block in sorted(_blocks(scene), key=lambda each: each[:2])],
        "result": _RESULTS.get(row.result or "", ""),
    }
    return Content(facts)


def _blocks(scene: Scene) -> list[tuple[Any, int, list[str]]]:
    """Time, place in order, and the block: giver and taker, times, result, remark."""
    found: list[tuple[Any, int, list[str]]] = []
    opened = _openings(scene)
    for run in scene.file.steps:
        event = opened.get(run.step_run_id)
        found.append((run.enabled_at, 1, _handed_over(scene, run, event)))
    for event in scene.events:
        if event.kind == "step.handed_over":
            found.append((event.at, 2, _between_officers(scene, event)))
        elif event.kind in _BESIDE:
            who = scene.person(event.actor_id)
            reason = str(event.body.get("reason", ""))
            words = f"{_BESIDE[event.kind]}: {who}"
            found.append((event.at, 3, [words, _moment(scene, event.at), "", reason]))
    return found


def _openings(scene: Scene) -> dict[UUID, Event]:
    """The event that opened each run of a step."""
    opened: dict[UUID, Event] = {}
    for event in scene.events:
        for _, step_run_id in event.body.get("opened", ()):
            opened[UUID(step_run_id)] = event
    return opened


def _handed_over(scene: Scene, run: StepRun, event: Event | None) -> list[str]:
    giver = scene.person(event.actor_id) if event else "Hệ thống"
    if event is not None and event.kind == "dossier.received":
        giver = f"{scene.file.row.applicant} (người nộp)"
    unit = scene.unit(run.unit) or scene.positions.get(run.position or "", "")
    taker = scene.person(run.completed_by or run.holder_id)
    who = f"{unit} — {run.name}\n1. Giao: {giver}\n2. Nhận: {taker or '…'}"
    times = f"Giao: {_moment(scene, run.enabled_at)}"
    if run.started_at is not None:
        times += f"\nNhận: {_moment(scene, run.started_at)}"
    if run.ended_at is not None:
        times += f"\nXong: {_moment(scene, run.ended_at)}"
    return [who, times, _RESULTS.get(run.result or "", ""), _remark(scene, run)]


def _remark(scene: Scene, run: StepRun) -> str:
    said = []
    if run.attempt > 1:
        said.append(f"lần {run.attempt}")
    if run.sent_back_from:
        spec = scene.file.version.procedure.step(run.sent_back_from)
        said.append(f"trả lại từ bước {spec.name if spec else run.sent_back_from}")
    if run.late_cause:
        said.append(f"lý do trễ: {_CAUSES.get(run.late_cause, run.late_cause)}")
    if run.reason:
        said.append(run.reason)
    if run.state == "open":
        said.append("đang giải quyết")
    return "; ".join(dict.fromkeys(said))


def _between_officers(scene: Scene, event: Event) -> list[str]:
    spec = scene.file.version.procedure.step(event.body["step"])
    taker = scene.person(UUID(str(event.body["to"])))
    name = spec.name if spec else str(event.body["step"])
    who = f"{name}\n1. Giao: {scene.person(event.actor_id)}\n2. Nhận: {taker}"
    return [who, f"Giao: {_moment(scene, event.at)}", "", str(event.body.get("reason", ""))]


def _moment(scene: Scene, at: Any) -> str:
    return moment_words(scene.local(at))
