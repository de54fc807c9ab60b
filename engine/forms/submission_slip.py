"""Phiếu trình: a matter is submitted to a leader, with room for what they decide."""

from collections.abc import Mapping

from engine.forms.content import Content, Entry
from engine.forms.kinds import FormKind
from engine.forms.scene import Scene, head_facts

KIND = FormKind.SUBMISSION_SLIP
_SORTS = (
    ("decide", "Trình giải quyết", "For decision"),
    ("sign", "Trình ký văn bản", "For signature"),
    ("report", "Báo cáo, xin ý kiến", "For information and advice"),
)
ENTRIES = (
    Entry("to", "Kính gửi", "To", needed=True),
    Entry("matter", "Vấn đề trình", "Matter"),
    Entry("sort", "Loại phiếu trình", "Kind", choices=_SORTS),
    Entry("times", "Lần trình", "Which submission"),
    Entry("proposal", "Báo cáo, đề xuất của Văn phòng", "Report and proposal", True, True),
    Entry("attached", "Dự thảo kèm theo", "Attached drafts", long=True),
)


def content(scene: Scene, given: Mapping[str, str]) -> Content:
    """What was entered, with the dossier it belongs to."""
    row = scene.file.row
    words = {value: vi for value, vi, _ in _SORTS}
    submitter = next(
        (s for s in reversed(scene.file.steps) if s.state == "open" and s.holder_id), None
    )
    facts = {
        **head_facts(KIND, scene.letterhead, scene.today),
        "code": row.code,
        "to": given["to"],
        "matter": given.get("matter") or scene.file.version.procedure.name,
        "sort": words[given.get("sort") or "decide"],
        "times": given.get("times") or "01",
        "proposal": given["proposal"],
        "attached": given.get("attached", ""),
        "writer": scene.person(submitter.holder_id) if submitter else scene.issuer_name,
    }
    return Content(facts)
