"""Notices 01-KN and 02-KN: a complaint is accepted for resolution, or is not, and why."""

from collections.abc import Mapping
from typing import Any

from engine.forms.content import Content, Entry, not_called_for
from engine.forms.kinds import FormKind, belongs
from engine.forms.scene import Scene, head_facts
from engine.forms.words import day_words

_SIGNER = (
    Entry("signer_position", "Chức vụ người ký", "Position of the signer"),
    Entry("signer", "Người ký", "Signer"),
)
_MATTER = Entry("complaint", "Nội dung khiếu nại", "What is complained of", needed=True, long=True)
_COPIES = Entry("copies", "Nơi nhận khác", "Copies to", long=True)
ENTRIES_ACCEPTED = (
    _MATTER,
    Entry("against", "Khiếu nại quyết định, hành vi của", "Against whose act"),
    Entry("until", "Thời hạn giải quyết", "Time limit"),
    _COPIES,
    *_SIGNER,
)
ENTRIES_NOT_ACCEPTED = (
    _MATTER,
    Entry("reason", "Lý do không thụ lý", "Reason", needed=True, long=True),
    _COPIES,
    *_SIGNER,
)


def accepted(scene: Scene, given: Mapping[str, str]) -> Content:
    """01-KN: the complaint is accepted, and until when it is resolved (FormNotCalledFor)."""
    procedure = scene.file.version.procedure
    case = procedure.case(scene.file.row.case_code)
    limit = case.limit.format("vi") if case and case.limit else ""
    facts = {
        **_shared(FormKind.COMPLAINT_ACCEPTED, scene, given),
        "against": given.get("against", ""),
        "until": given.get("until") or limit,
    }
    return Content(facts)


def not_accepted(scene: Scene, given: Mapping[str, str]) -> Content:
    """02-KN: the complaint is not accepted, and why (FormNotCalledFor)."""
    kind = FormKind.COMPLAINT_NOT_ACCEPTED
    return Content({**_shared(kind, scene, given), "reason": given["reason"]})


def _shared(kind: FormKind, scene: Scene, given: Mapping[str, str]) -> dict[str, Any]:
    if not belongs(kind, scene.file.version.procedure):
        raise not_called_for(
            kind,
            "quy trình của hồ sơ không giải quyết khiếu nại",
            "the dossier's procedure does not settle complaints",
        )
    row = scene.file.row
    return {
        **head_facts(kind, scene.letterhead, scene.today),
        "code": row.code,
        "to": row.applicant,
        "address": row.applicant_contact.get("address", ""),
        "received_on": day_words(scene.local(row.received_at).date()),
        "complaint": given["complaint"],
        "copies": given.get("copies", ""),
        "signer": given.get("signer", ""),
        "signer_position": given.get("signer_position") or "Thủ trưởng cơ quan, đơn vị",
    }
