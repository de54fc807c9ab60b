"""Form 02: what the applicant is asked to bring; one form for each request on record."""

from collections.abc import Mapping

from engine.dossier_file import PauseRecord
from engine.forms.content import Content, Entry, not_called_for
from engine.forms.kinds import FormKind
from engine.forms.scene import Scene, applicant_lines, head_facts
from engine.pause import PauseKind
from processes.component import PAPER_FORMS

KIND = FormKind.SUPPLEMENT_REQUEST
ENTRIES = (
    Entry("guide", "Người hướng dẫn", "Who gives guidance"),
    Entry("guide_phone", "Điện thoại hướng dẫn", "Telephone for guidance"),
    Entry("until", "Hạn bổ sung", "To be brought until"),
)
_STAGES = {"counter": "tiếp nhận tại một cửa", "appraisal": "thẩm định"}


def content(scene: Scene, given: Mapping[str, str]) -> Content:
    """The newest request on record; refused where there is none."""
    asked = [p for p in scene.file.pauses if p.kind == PauseKind.CITIZEN_SUPPLEMENT.value]
    if not asked:
        raise not_called_for(
            KIND, "hồ sơ chưa có yêu cầu bổ sung nào", "no supplement was asked for"
        )
    request = asked[-1]
    row = scene.file.row
    facts = {
        **head_facts(KIND, scene.letterhead, scene.today, of_desk=scene.desk),
        "code": row.code,
        "applicant": applicant_lines(scene, "Hồ sơ của"),
        "matter": scene.file.version.procedure.name,
        "components": _components(scene, request),
        "reason": request.reason,
        "legal_basis": request.legal_basis,
        "times": f"{len(asked):02d}",
        "stage": _STAGES.get(request.stage, request.stage),
        "until": given.get("until", ""),
        "guide": given.get("guide") or scene.person(request.asked_by),
        "guide_phone": given.get("guide_phone", ""),
        "signer": scene.person(request.asked_by),
    }
    return Content(facts, f"request {len(asked)}")


def _components(scene: Scene, request: PauseRecord) -> list[list[str]]:
    """What is asked for, and how many copies in which form the procedure wants."""
    lines = []
    for place, (code, name) in enumerate(request.components, 1):
        component = scene.file.version.procedure.component(code)
        wanted = {c.form: c.number for c in component.copies} if component else {}
        copies = [str(wanted[form]) if form in wanted else "" for form in PAPER_FORMS]
        lines.append([str(place), name, *copies])
    return lines
