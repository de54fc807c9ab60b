"""Form 03: the dossier is not received or not handled, and why; only where it was refused."""

from collections.abc import Mapping

from engine.dossiers.end_early import REFUSED
from engine.forms.content import Content, Entry, not_called_for
from engine.forms.kinds import FormKind
from engine.forms.scene import Scene, applicant_lines, head_facts

KIND = FormKind.REFUSAL
ENTRIES = (
    Entry("submitter", "Người nộp (nếu khác chủ hồ sơ)", "Submitter, if another"),
    Entry("guidance", "Hướng dẫn người nộp", "Guidance for the applicant", long=True),
)


def content(scene: Scene, given: Mapping[str, str]) -> Content:
    """The refusal on record, in the officer's words."""
    refused = scene.last("dossier.refused")
    row = scene.file.row
    if refused is None or row.outcome != REFUSED:
        raise not_called_for(KIND, "hồ sơ không bị từ chối", "the dossier was not refused")
    facts = {
        **head_facts(KIND, scene.letterhead, scene.today, of_desk=scene.desk),
        "code": row.code,
        "applicant": applicant_lines(scene, "Tiếp nhận hồ sơ của"),
        "matter": scene.file.version.procedure.name,
        "reason": str(refused.body["reason"]),
        "guidance": given.get("guidance", ""),
        "submitter": given.get("submitter") or row.applicant,
        "receiver": scene.person(refused.actor_id),
    }
    return Content(facts)
