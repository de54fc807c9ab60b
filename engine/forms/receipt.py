"""Form 01: receipt and appointment; only with the due time that the version's limit gives."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime

from engine.forms.content import Content, Entry
from engine.forms.kinds import FormKind
from engine.forms.refusals import DueTimeDiffers, EntryInvalid
from engine.forms.scene import Scene, applicant_lines, head_facts
from engine.forms.words import moment_words, short_moment
from engine.legal_clock.ledger_clock import LedgerClock
from processes.component import PAPER_FORMS, CopyForm

KIND = FormKind.RECEIPT
RETURN_WAYS = (
    ("counter", "Trực tiếp tại nơi nộp hồ sơ", "At the counter"),
    ("post", "Qua dịch vụ bưu chính công ích", "By post"),
    ("online", "Trực tuyến", "Online"),
)
ENTRIES = (
    Entry("sets", "Số bộ hồ sơ", "Number of sets"),
    Entry("returned_by", "Đăng ký nhận kết quả", "Receive the result", choices=RETURN_WAYS),
    Entry("submitter", "Người nộp (nếu khác chủ hồ sơ)", "Submitter, if another"),
    Entry("fee", "Phí, lệ phí", "Fee"),
)
_LONGEST_SETS = 3


def content(scene: Scene, given: Mapping[str, str]) -> Content:
    """What the receipt says; DueTimeDiffers where the record does not hold together."""
    row, procedure = scene.file.row, scene.file.version.procedure
    case = procedure.case(row.case_code)
    _require_lawful(scene)
    due = _promised(scene)
    said = {value: words for value, words, _ in RETURN_WAYS}
    usual = "online" if row.channel == "online" else "counter"
    facts = {
        **head_facts(KIND, scene.letterhead, scene.today, of_desk=scene.desk),
        "code": row.code,
        "applicant": applicant_lines(scene, "Tiếp nhận hồ sơ của"),
        "matter": procedure.name,
        "components": _components(scene),
        "sets": _sets(given.get("sets", "")),
        "limit": case.limit.format("vi") if case and case.limit else "không quy định",
        "received": moment_words(scene.local(row.received_at)),
        "due": moment_words(scene.local(due)) if due else "theo thông báo của cơ quan",
        "returned_by": said[given.get("returned_by") or usual],
        "fee": given.get("fee", ""),
        "volume": row.register or "",
        "register_no": "" if row.register_no is None else str(row.register_no),
        "submitter": given.get("submitter") or row.applicant,
        "receiver": scene.person(row.received_by),
        "notes": _notes(scene),
    }
    return Content(facts)


def _promised(scene: Scene) -> datetime | None:
    """The due time that the applicant is told: the first one, unless calendar or case moved it."""
    row, clock = scene.file.row, scene.file.clock
    first: datetime | None = row.original_due_at
    if row.finished_at is not None or row.extensions:
        return first
    if scene.promise is not None:
        return scene.promise.after
    if scene.last("case.changed") is not None and clock is not None:
        return clock.due_at(scene.file.calendar) or first
    return first


def _require_lawful(scene: Scene) -> None:
    """The first appointment must be what the limit gives by the calendar of the reception."""
    row, procedure = scene.file.row, scene.file.version.procedure
    calendar = scene.calendar_at_reception
    case = procedure.case(scene.received.body["case"])
    expected = None
    if case is not None and case.limit is not None:
        day_count = procedure.day_count
        started = LedgerClock.start(calendar, row.received_at, case.limit, day_count=day_count)
        expected = started.due_at(calendar)
    if row.original_due_at != expected:
        shown = [
            short_moment(scene.local(at)) if at else "–" for at in (row.original_due_at, expected)
        ]
        raise DueTimeDiffers(due=shown[0], expected=shown[1])


def _components(scene: Scene) -> list[list[str]]:
    """What was handed in at reception, as the journal has it: number, name, copies by form.

    The form has columns for papers only; electronic copies stand with the name, and so does what
    was not brought again but taken over from an earlier dossier.
    """
    procedure = scene.file.version.procedure
    counted: dict[str, dict[str, int]] = {}
    for code, form, number in scene.received.body["components"]:
        counted.setdefault(code, {})[form] = number
    files, reused = _files(scene), _reused(scene)
    for code in (*files, *reused):
        counted.setdefault(code, {})
    lines: list[list[str]] = []
    for code, forms in counted.items():
        component = procedure.component(code)
        name = component.name if component else code
        if component is not None and component.present_only and "xuất trình" not in name:
            name += " (xuất trình, đã trả lại)"
        if code in files:
            name += f" (bản điện tử: {files[code]} tệp)"
        if code in reused:
            name += f" (không nộp lại: dùng lại từ hồ sơ {', '.join(reused[code])})"
        copies = [str(forms[form]) if form in forms else "" for form in PAPER_FORMS]
        lines.append([str(len(lines) + 1), name, *copies])
    return lines


def _files(scene: Scene) -> Counter[str]:
    """Electronic copies handed in by component: what came before the first step was completed.

    Of a dossier that came on paper only where the procedure asks for electronic copies: other files
    are then scans that the office makes for itself.
    """
    there: dict[int, str] = {}
    for event in scene.events:
        if event.kind == "step.completed":
            break
        body = event.body
        if event.kind in ("document.added", "document.replaced"):
            there.pop(body.get("replaces", 0), None)
            there[body["number"]] = body["component"]
        elif event.kind == "document.removed":
            there.pop(body["number"], None)
    asked = {
        component.code
        for component in scene.file.version.procedure.components
        if scene.file.row.channel == "online"
        or any(copies.form is CopyForm.ELECTRONIC for copies in component.copies)
    }
    return Counter(code for code in there.values() if code in asked)


def _reused(scene: Scene) -> dict[str, dict[str, None]]:
    """By component, the codes of the earlier dossiers it was taken over from at reception.

    At reception is before the first step was completed. A file that was taken out again does not
    count; a document's number is the number of its event.
    """
    papers: list[tuple[str, str]] = []
    files: dict[int, tuple[str, str]] = {}
    for event in scene.events:
        body = event.body
        if event.kind == "step.completed":
            break
        if event.kind == "component.reused":
            taken = body["component"], body["from"]
            papers += [taken] if body["copies"] else []
            files |= {event.seq: taken} if body["document"] else {}
        elif event.kind == "document.removed":
            files.pop(body["number"], None)
    found: dict[str, dict[str, None]] = {}
    for code, source in (*papers, *files.values()):
        found.setdefault(code, {})[source] = None
    return found


def _sets(text: str) -> str:
    if not text:
        return "01"
    if not text.isdecimal() or len(text) > _LONGEST_SETS or not int(text):
        raise EntryInvalid(field="sets", why_vi="ghi một số", why_en="write a number")
    return f"{int(text):02d}"


def _notes(scene: Scene) -> list[str]:
    hotline = scene.settings.hotline
    return [
        "Ghi chú: Giấy này lập thành 02 liên, giao người nộp 01 liên; nộp lại khi nhận kết quả.",
        f"Đường dây nóng: {hotline}." if hotline else "",
    ]
