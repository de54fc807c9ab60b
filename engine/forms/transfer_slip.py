"""Phiếu chuyển: the dossier goes to another agency, with the work and the limit of each."""

from collections.abc import Mapping

from engine.forms.content import Content, Entry
from engine.forms.kinds import FormKind
from engine.forms.scene import Scene, head_facts
from engine.forms.words import moment_words

KIND = FormKind.TRANSFER_SLIP
ENTRIES = (
    Entry("to", "Cơ quan nhận", "Receiving agency", needed=True),
    Entry("work", "Nội dung đề nghị giải quyết", "What is asked", needed=True, long=True),
    Entry("until", "Thời hạn giải quyết", "Time limit", needed=True),
    Entry("attached", "Hồ sơ kèm theo", "Papers attached", long=True),
    Entry("signer_position", "Chức vụ người ký", "Position of the signer"),
    Entry("signer", "Người ký", "Signer"),
)


def content(scene: Scene, given: Mapping[str, str]) -> Content:
    """What was entered; the papers are those of the dossier unless others are named."""
    row, procedure = scene.file.row, scene.file.version.procedure
    papers = [
        component.name
        for code, forms in scene.file.present.items()
        if (component := procedure.component(code)) and set(forms) - {"waived", "produced"}
    ]
    facts = {
        **head_facts(KIND, scene.letterhead, scene.today),
        "code": row.code,
        "to": given["to"],
        "applicant": row.applicant,
        "matter": procedure.name,
        "received": moment_words(scene.local(row.received_at)),
        "work": given["work"],
        "until": given["until"],
        "attached": given.get("attached") or "\n".join(papers),
        "signer": given.get("signer", ""),
        "signer_position": given.get("signer_position") or "Thủ trưởng cơ quan, đơn vị",
    }
    return Content(facts)
