"""Form 02: what the applicant is asked to bring; one form for each request on record."""

from collections.abc import Mapping

from engine.dossier_file import PauseRecord
from engine.forms.content import Content, Entry, not_called_for
from engine.forms.kinds import FormKind
from engine.forms.scene import Scene, applicant_lines, head_facts
from engine.legal_clock.pause import PauseKind
from processes.checklist import choice_words
from processes.component import PAPER_FORMS, CopyForm

KIND = FormKind.SUPPLEMENT_REQUEST
ENTRIES = (
    Entry("guide", "Người hướng dẫn", "Who gives guidance"),
    Entry("guide_phone", "Điện thoại hướng dẫn", "Telephone for guidance"),
    Entry("until", "Hạn bổ sung", "To be brought until"),
)
_NO_COPIES = [""] * len(PAPER_FORMS)
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
    """What is asked for, and how many copies in which form the procedure wants.

    Papers that stand for each other are one line with its number, and below it a line for each.
    """
    names = dict(request.components)
    event = scene.last("supplement.requested")
    stated = event.body.get("choices", ()) if event else ()
    chosen = {code: (number, codes) for number, codes in stated for code in codes}
    lines: list[list[str]] = []
    place = 0
    for code, name in names.items():
        number, codes = chosen.get(code, (0, [code]))
        if codes[0] != code:
            continue
        place += 1
        if not number:
            lines.append([str(place), *_wanted(scene, code, name)])
            continue
        words = choice_words(number, len(codes), "vi")
        lines.append([str(place), f"{words[0].upper()}{words[1:]}:", *_NO_COPIES])
        lines.extend(["", *_wanted(scene, each, f"– {names[each]}")] for each in codes)
    return lines


def _wanted(scene: Scene, code: str, name: str) -> list[str]:
    """A component and how many copies; electronic ones, for which there is no column, by name."""
    component = scene.file.version.procedure.component(code)
    wanted = {c.form: c.number for c in component.copies} if component else {}
    files = wanted.get(CopyForm.ELECTRONIC, 0)
    said = f"{name} (bản điện tử: {files} tệp)" if files else name
    return [said, *(str(wanted[form]) if form in wanted else "" for form in PAPER_FORMS)]
