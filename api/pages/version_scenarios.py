"""The scenario file of a draft: uploaded, taken out, handed out again."""

from fastapi import APIRouter
from fastapi.responses import Response

from api.pages.version import record_of
from api.pages.version_edits import act_on_version
from api.pages.visit import Posted, Visiting, id_of
from engine.draft_changes import keep_scenarios
from engine.rehearsal.scenario_file import MAX_BYTES
from processes.errors import InvalidInput

router = APIRouter(prefix="/procedures/versions/{version_id}")


class NoScenarioFile(InvalidInput):
    """The form came without a file."""

    code = "upload.no_scenario_file"
    vi = "Chọn tệp kịch bản (.yaml, .yml hoặc .json) rồi bấm lưu."
    en = "Choose a scenario file (.yaml, .yml or .json), then press keep."


@router.post("/scenarios")
def keep_scenarios_page(seen: Visiting, form: Posted, version_id: str) -> Response:
    known = id_of(version_id)
    takes_out = bool(form.text("remove"))

    def act() -> None:
        sent = form.file("file")
        if sent is None and not takes_out:
            raise NoScenarioFile(field="file")
        text = b"" if takes_out or sent is None else sent.file.read(MAX_BYTES + 1)
        keep_scenarios(seen.office, seen.actor, known, text, seen=form.seen, key=form.key)

    said = seen.t("Đã lưu kịch bản cùng bản dự thảo.", "The scenarios are kept with the draft.")
    if takes_out:
        said = seen.t("Đã bỏ kịch bản.", "The scenarios are taken out.")
    return act_on_version(seen, known, "rehearsal", form, act, said)


@router.get("/scenarios.yaml")
def scenarios_file(seen: Visiting, version_id: str) -> Response:
    return Response(
        record_of(seen, id_of(version_id)).scenarios or b"",
        media_type="application/yaml; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="scenarios.yaml"'},
    )
