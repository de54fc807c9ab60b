"""The words of a dossier: its statuses, what happened to it, and the values entered."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from api.pages.document_lines import file_size
from api.pages.visit import Visit
from api.pages.waiting_lines import KIND_WORDS
from engine.dossiers.late_cause import WORDS, LateCause
from engine.dossiers.reuse import LENT, REUSED
from engine.forms.issuing import ISSUED
from engine.forms.kinds import SAID
from engine.journal import Event
from processes.checklist import choice_words
from processes.data_field import DataField
from processes.procedure import Procedure

STATUS_WORDS = {
    "1": ("Mới đăng ký", "Registered"),
    "2": ("Được tiếp nhận", "Received"),
    "3": ("Không được tiếp nhận", "Not received"),
    "4": ("Đang xử lý", "Being handled"),
    "5": ("Yêu cầu bổ sung giấy tờ", "Supplement requested"),
    "6": ("Yêu cầu nghĩa vụ tài chính", "Financial obligation"),
    "7": ("Công dân rút hồ sơ", "Withdrawn"),
    "8": ("Dừng xử lý", "Discontinued"),
    "9": ("Đã xử lý xong", "Handled"),
    "10": ("Đã trả kết quả", "Result returned"),
}
"""Statuses of the national exchange by their numbers."""

EVENT_WORDS = {
    "case.changed": ("Đổi trường hợp", "Case changed"),
    "dossier.received": ("Tiếp nhận hồ sơ", "Dossier received"),
    "step.claimed": ("Nhận việc", "Step taken up"),
    "step.released": ("Trả việc", "Step released"),
    "step.handed_over": ("Bàn giao", "Step handed over"),
    "step.completed": ("Hoàn thành bước", "Step completed"),
    "step.deemed_consent": ("Im lặng là đồng ý", "Deemed consent"),
    "step.escalated": ("Quá hạn, báo lãnh đạo", "Overdue, escalated"),
    "step.sent_back": ("Trả lại bước trước", "Sent back"),
    "supplement.requested": ("Yêu cầu bổ sung", "Supplement requested"),
    "supplement.allowed": ("Cho phép bổ sung thêm một lần", "A further supplement allowed"),
    "supplement.received": ("Đã bổ sung", "Supplement received"),
    "dossier.suspended": ("Tạm đình chỉ", "Suspended"),
    "dossier.resumed": ("Tiếp tục giải quyết", "Resumed"),
    "dossier.extended": ("Gia hạn", "Extended"),
    "calendar.changed": ("Đổi hạn theo lịch làm việc", "Due times follow the calendar"),
    "dossier.refused": ("Từ chối", "Refused"),
    "dossier.withdrawn": ("Rút hồ sơ", "Withdrawn"),
    "dossier.discontinued": ("Dừng giải quyết", "Discontinued"),
    "promise.told": ("Đã báo công dân ngày hẹn bị dời", "The citizen was told of the moved date"),
    "components.recorded": ("Ghi thành phần hồ sơ", "Components recorded"),
    "component.waived": ("Miễn thành phần", "Component waived"),
    "document.added": ("Thêm tài liệu", "Document added"),
    "document.replaced": ("Thay tài liệu bằng bản mới", "Document replaced by a new version"),
    "document.released": ("Tài liệu được máy quét cho qua", "Document passed by the scanner"),
    "document.prepared": ("Chuẩn bị tài liệu để ký số", "Document prepared for signing"),
    "document.signed": ("Nhận bản đã ký số", "Signed document taken back"),
    "dossier.destroyed": ("Tiêu hủy hồ sơ", "Dossier destroyed"),
    "document.removed": ("Xóa tài liệu", "Document removed"),
    "document.offered": ("Người nộp gửi tài liệu", "The applicant sent a document"),
    "document.accepted": ("Nhận tài liệu người nộp gửi", "The applicant's documents accepted"),
    "component.reused": ("Dùng lại giấy tờ của hồ sơ trước", "Taken over from an earlier dossier"),
    "component.lent": ("Giấy tờ được dùng lại ở hồ sơ sau", "Taken over by a later dossier"),
    "lookup.issued": ("Cấp mã tra cứu", "Look-up secret issued"),
    "result.returned": ("Trả kết quả", "Result returned"),
    "form.issued": ("Phát hành biểu mẫu", "Form issued"),
    "timer.fired": ("Đến giờ hẹn", "Timer fired"),
    "message.delivered": ("Sự kiện đã xảy ra", "An event happened"),
}
OUTCOME_WORDS = {
    "refused": ("từ chối", "refused"),
    "withdrawn": ("đã rút", "withdrawn"),
    "discontinued": ("dừng giải quyết", "discontinued"),
}
"""Outcomes that no diagram draws; the others have the names of their end events."""

_CAUSES = {cause.value: words for cause, words in WORDS.items()}


def outcome_words(seen: Visit, procedure: Procedure, outcome: str | None) -> str:
    """How the dossier ended, "" while it has not."""
    if outcome is None:
        return ""
    if outcome in OUTCOME_WORDS:
        return seen.t(*OUTCOME_WORDS[outcome])
    return next((drawn.name for drawn in procedure.outcomes if drawn.code == outcome), outcome)


def late_causes(seen: Visit) -> list[tuple[str, str]]:
    """The causes of lateness to choose from, the undecided choice first."""
    causes = [(cause.value, seen.t(*WORDS[cause])) for cause in LateCause]
    return [("", seen.t("Chọn…", "Choose…")), *causes]


def option_name(seen: Visit, entry: DataField, value: Any) -> str:
    """A value as people read it."""
    if isinstance(value, bool):
        return seen.t("có", "yes") if value else seen.t("không", "no")
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, Decimal):
        return f"{value:f}".replace(".", seen.t(",", "."))
    return next((option.name for option in entry.options if option.value == value), str(value))


def typed_again(value: Any) -> str:
    """A value as it is typed into a form."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    return "" if value is None else str(value)


def event_title(seen: Visit, procedure: Procedure, event: Event) -> str:
    """What happened, with the step it happened at."""
    title = seen.t(*EVENT_WORDS.get(event.kind, (event.kind, event.kind)))
    step = event.body.get("step")
    return f"{title}: {_step_name(procedure, step)}" if step else title


def event_details(
    seen: Visit, procedure: Procedure, event: Event, people: Mapping[Any, str], local: Any
) -> list[str]:
    """What else the journal says of it: to whom, why, which components, until when."""
    body = event.body
    told = []
    if event.kind == "step.sent_back":
        told.append(seen.t("Về bước ", "Back to ") + _step_name(procedure, body["to"]))
    if event.kind == "step.handed_over":
        names = {str(account): name for account, name in people.items()}
        told.append(seen.t("Cho ", "To ") + names.get(str(body["to"]), "–"))
    if event.kind == "case.changed":
        cases = [procedure.case(body["from"]), procedure.case(body["to"])]
        told.append(" → ".join(case.name if case else "–" for case in cases))
    if event.kind == "dossier.extended":
        told.append(
            seen.t("Hẹn mới ", "New due time ")
            + f"{local(datetime.fromisoformat(body['due'])):%H:%M %d/%m/%Y}"
        )
    if event.kind == "calendar.changed" and body["due"]:
        moments = (
            f"{local(datetime.fromisoformat(at)):%H:%M %d/%m/%Y}" if at else "–"
            for at in body["due"]
        )
        told.append(" → ".join(moments))
    if event.kind == "message.delivered":
        kind = seen.t(*KIND_WORDS.get(body["kind"], (body["kind"], body["kind"])))
        told.append(f"{kind}: {body['name']}" if body["name"] else kind)
    if body.get("late"):
        cause, words = body["late"]
        named = seen.t(*_CAUSES.get(cause, (cause, cause)))
        told.append(seen.t("Trễ: ", "Late: ") + (named if words == named else f"{named}; {words}"))
    told += _form_words(seen, event)
    told += _document_words(seen, event)
    told += _components_asked(seen, procedure, body)
    if event.kind in (REUSED, LENT):
        told.append(body.get("from") or body["to"])
    if body.get("component"):
        told.append(_component_words(procedure, [body["component"]]))
    return told + _grounds(seen, body)


def _components_asked(seen: Visit, procedure: Procedure, body: Mapping[str, Any]) -> list[str]:
    """Each component by itself; those among which the applicant may choose in one line."""
    chosen = body.get("choices") or ()
    once = {code for _, codes in chosen for code in codes}
    told = [
        _component_words(procedure, each)
        for each in body.get("components") or ()
        if each[0] not in once
    ]
    for number, codes in chosen:
        words = choice_words(number, len(codes), seen.language)
        told.append(f"{words}: " + ", ".join(_component_words(procedure, [c]) for c in codes))
    return told


def _form_words(seen: Visit, event: Event) -> list[str]:
    """Which form was issued, and in place of which."""
    if event.kind != ISSUED:
        return []
    body = event.body
    told = [f"{form_name(seen, body['form'])} {seen.t('số', 'no.')} {body['number']}"]
    before = body.get("replaces")
    return [*told, seen.t("Thay số ", "In place of ") + before] if before else told


def _document_words(seen: Visit, event: Event) -> list[str]:
    """The file's name, how large it is and its hash, by which anybody can know it again."""
    body = event.body
    if not event.kind.startswith("document.") or "sha256" not in body:
        return []
    known = f"SHA-256 {body['sha256'][:16]}…"
    if "name" not in body:
        return [known]
    said = f"{body['name']} ({body['kind'].upper()}, {file_size(seen, body['size'])}, {known})"
    return (
        [f"{said} · {seen.t('chờ quét mã độc', 'waits for the scanner')}"]
        if body.get("quarantined")
        else [said]
    )


def form_name(seen: Visit, kind: str) -> str:
    """A form's name by its kind."""
    said = next((said for known, said in SAID.items() if known.value == kind), None)
    return seen.t(said.vi, said.en) if said else kind


def _grounds(seen: Visit, body: Mapping[str, Any]) -> list[str]:
    decision, reason = body.get("decision_no"), body.get("reason")
    told = [seen.t("Văn bản số ", "Decision ") + str(decision)] if decision else []
    return [*told, str(reason)] if reason else told


def _step_name(procedure: Procedure, element: str) -> str:
    step = procedure.step(element)
    return step.name if step else element


def _component_words(procedure: Procedure, entry: Any) -> str:
    """An entry is [code, name] of a request, or [code, form, number] of what came."""
    component = procedure.component(entry[0])
    name = component.name if component else str(entry[0])
    return f"{name}: {entry[2]}" if len(entry) == 3 else name  # noqa: PLR2004
