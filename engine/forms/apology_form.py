"""Form 04: apology and new appointment, of an extension on record, signed by who made it."""

from collections.abc import Mapping

from engine.forms.content import Content, Entry, not_called_for
from engine.forms.kinds import FormKind
from engine.forms.scene import Scene, head_facts
from engine.forms.words import moment_words

KIND = FormKind.APOLOGY
ENTRIES: tuple[Entry, ...] = (
    Entry("signer_position", "Chức vụ người ký", "Position of the signer"),
)


def content(scene: Scene, given: Mapping[str, str]) -> Content:
    """The newest appointment given anew; refused where there is none or too many."""
    apologies, row = scene.file.apologies, scene.file.row
    procedure = scene.file.version.procedure
    if not apologies:
        raise not_called_for(
            KIND, "hồ sơ chưa được gia hạn, hẹn lại", "no new appointment was given"
        )
    if len(apologies) > procedure.extensions_at_most:
        raise not_called_for(
            KIND, "số lần gia hạn vượt mức cho phép", "there are more extensions than allowed"
        )
    apology = apologies[-1]
    calendar = scene.file.calendar
    longer = calendar.working_days(
        scene.local(apology.due_before).date(), scene.local(apology.due).date()
    )
    facts = {
        **head_facts(KIND, scene.letterhead, scene.today),
        "code": row.code,
        "to": row.applicant,
        "received": moment_words(scene.local(row.received_at)),
        "matter": procedure.name,
        "due_before": moment_words(scene.local(apology.due_before)),
        "due": moment_words(scene.local(apology.due)),
        "longer_days": f"{max(longer - 1, 0):02d}",
        "reason": apology.reason,
        "signer": scene.person(apology.made_by),
        "signer_position": given.get("signer_position") or "Thủ trưởng cơ quan, đơn vị",
    }
    return Content(facts, f"extension {len(apologies)}")
