"""What a dossier waits for, in words, and what follows when somebody says that it has come."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from api.condition_words import spoken_condition
from api.pages.visit import Visit
from engine.dossier_file import DossierFile
from engine.dossiers.waiting import Wait
from processes.data_field import DataField

KIND_WORDS = {
    "message": ("thông điệp", "message"),
    "signal": ("tín hiệu", "signal"),
    "error": ("lỗi", "error"),
    "escalation": ("báo lên cấp trên", "escalation"),
    "conditional": ("điều kiện", "condition"),
    "timer": ("hẹn giờ", "timer"),
}
_REPORTED = ("error", "escalation")
_WITH_DATA = ("message", "signal")


@dataclass(frozen=True, slots=True)
class WaitingLine:
    """One event that is waited for.

    words: what the drawing calls it; detail: kind and name, where they say more. beside: name of
    the step on whose border it waits. fields: what may be entered with it. part: its form.
    """

    wait: Wait
    words: str
    detail: str
    beside: str
    mine: bool
    consequences: tuple[str, ...]
    fields: tuple[DataField, ...]
    part: str


def waiting_lines(seen: Visit, file: DossierFile) -> tuple[WaitingLine, ...]:
    """What the dossier as a whole waits for; a step that waits itself is shown as the step."""
    own = {step.element_id for step in file.open_steps}
    return tuple(
        line
        for line in _lines(seen, file)
        if line.wait.element_id not in own and line.wait.kind not in _REPORTED
    )


def reports(seen: Visit, file: DossierFile) -> dict[int, tuple[WaitingLine, ...]]:
    """Errors and escalations that the visitor may report, by the token of the step."""
    found: dict[int, tuple[WaitingLine, ...]] = {}
    for line in _lines(seen, file):
        if line.wait.kind in _REPORTED and line.mine and line.wait.step is not None:
            found[line.wait.step] = (*found.get(line.wait.step, ()), line)
    return found


def _lines(seen: Visit, file: DossierFile) -> Iterator[WaitingLine]:
    names = {step.token: step.name for step in file.open_steps}
    for number, wait in enumerate(file.waits):
        beside = "" if wait.step is None else names.get(wait.step, "")
        yield WaitingLine(
            wait,
            words=wait.title or _about(seen, file, wait) or seen.t(*KIND_WORDS[wait.kind]),
            detail=_detail(seen, file, wait),
            beside=beside,
            mine=file.may_tell(seen.actor, wait),
            consequences=tuple(_consequences(seen, wait, beside)),
            fields=tuple(_fields(file)) if wait.kind in _WITH_DATA else (),
            part=f"told-{wait.token}-{number}",
        )


def _about(seen: Visit, file: DossierFile, wait: Wait) -> str:
    if wait.kind == "conditional":
        return spoken_condition(wait.name, file.version.fields, seen.language)
    return wait.name


def _detail(seen: Visit, file: DossierFile, wait: Wait) -> str:
    kind, about = seen.t(*KIND_WORDS[wait.kind]), _about(seen, file, wait)
    if not wait.title:
        return kind if about else ""
    return f"{kind}: {about}" if about not in ("", wait.title) else kind


def _consequences(seen: Visit, wait: Wait, beside: str) -> Iterator[str]:
    if wait.interrupts and beside:
        yield seen.t(
            f"Bước “{beside}” kết thúc tại đây, không làm tiếp nữa.",
            f"The step '{beside}' ends here and is not completed.",
        )
    elif wait.interrupts:
        yield seen.t(
            "Các bước đang mở mà sự kiện này ngắt sẽ kết thúc.",
            "Open steps that this event interrupts end.",
        )
    else:
        yield seen.t("Hồ sơ đi tiếp ngay theo sơ đồ.", "The dossier goes on at once.")
    if wait.kind == "signal":
        yield seen.t(
            "Mọi chỗ của hồ sơ đang chờ tín hiệu này đều đi tiếp.",
            "Whatever in the dossier waits for this signal goes on.",
        )
    yield seen.t(
        "Được ghi vào diễn biến với tên bạn, không rút lại được.",
        "It is written to the history in your name and cannot be taken back.",
    )


def _fields(file: DossierFile) -> Iterator[DataField]:
    """Fields that nobody has entered yet; none of them must be."""
    seen: set[str] = set()
    for field in file.version.fields:
        if field.code not in seen and file.data.get(field.code) is None:
            yield replace(field, required=False, default=None)
        seen.add(field.code)
