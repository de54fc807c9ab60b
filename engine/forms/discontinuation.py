"""Form 05 of 2025: handling stops before the result is decided, by request or decision."""

from collections.abc import Mapping

from engine.dossiers.end_early import DISCONTINUED, WITHDRAWN
from engine.forms.content import Content, Entry, not_called_for
from engine.forms.kinds import FormKind
from engine.forms.scene import Scene, applicant_lines, head_facts
from engine.forms.words import moment_words

KIND = FormKind.DISCONTINUATION
ENTRIES = (
    Entry("fee", "Xử lý phí, lệ phí", "What becomes of the fee"),
    Entry("signer_position", "Chức vụ người ký", "Position of the signer"),
    Entry("signer", "Người ký", "Signer"),
)


def content(scene: Scene, given: Mapping[str, str]) -> Content:
    """The end on record; refused where the dossier goes on, was decided or refused."""
    row = scene.file.row
    ended = scene.last(f"dossier.{row.outcome}")
    if row.outcome not in (WITHDRAWN, DISCONTINUED) or ended is None:
        raise not_called_for(
            KIND, "hồ sơ chưa dừng giải quyết hoặc không được rút", "its handling was not stopped"
        )
    asked = row.outcome == WITHDRAWN
    open_then = [
        run for run in scene.file.steps if run.ended_at == ended.at and run.state != "completed"
    ]
    facts = {
        **head_facts(KIND, scene.letterhead, scene.today),
        "code": row.code,
        "applicant": applicant_lines(scene, "Kính gửi"),
        "matter": scene.file.version.procedure.name,
        "received": moment_words(scene.local(row.received_at)),
        "stopped": moment_words(scene.local(ended.at)),
        "ground": "Theo đề nghị của người nộp hồ sơ" if asked else "Theo quyết định của cơ quan",
        "stage": "; ".join(run.name for run in open_then),
        "reason": str(ended.body["reason"]),
        "fee": given.get("fee", ""),
        "signer": given.get("signer", ""),
        "signer_position": given.get("signer_position") or "Thủ trưởng cơ quan, đơn vị",
    }
    return Content(facts)
