"""Repairing a draft with the designer's consent, and taking all changes back."""

from fastapi import APIRouter
from fastapi.responses import Response

from api.pages.version_edits import act_on_version
from api.pages.visit import Posted, Visiting, id_of
from engine.draft_changes import repair, take_back
from processes.errors import InvalidInput
from processes.repair.proposal import MAX_REPAIRS

router = APIRouter(prefix="/procedures/versions/{version_id}")


class NothingTicked(InvalidInput):
    """The form of repairs came without any."""

    code = "repair.none_ticked"
    vi = "Đánh dấu ít nhất một đề xuất rồi bấm sửa."
    en = "Tick at least one proposal, then press repair."


@router.post("/repairs")
def repair_page(seen: Visiting, form: Posted, version_id: str) -> Response:
    known = id_of(version_id)
    ticked = form.texts("repair")[:MAX_REPAIRS]

    def act() -> None:
        if not form.text("all") and not ticked:
            raise NothingTicked
        accepted = None if form.text("all") else ticked
        repair(seen.office, seen.actor, known, accepted, seen=form.seen, key=form.key)

    said = seen.t(
        "Đã sửa. Tệp gốc vẫn được giữ và có thể trở về.",
        "Repaired. The uploaded file is kept, and you can go back to it.",
    )
    return act_on_version(seen, known, "check", form, act, said)


@router.post("/take-back")
def take_back_page(seen: Visiting, form: Posted, version_id: str) -> Response:
    known = id_of(version_id)

    def act() -> None:
        take_back(seen.office, seen.actor, known, seen=form.seen, key=form.key)

    said = seen.t("Bản dự thảo lại là tệp đã tải lên.", "The draft is the uploaded file again.")
    return act_on_version(seen, known, "check", form, act, said)
