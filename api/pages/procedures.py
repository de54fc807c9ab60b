"""The procedures of the office: find one, drop a file to have a new one checked."""

from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from api.pages.frame import address, go, page, refused
from api.pages.visit import Posted, Visit, Visiting
from engine.actor import Role
from engine.procedures import listed, upload
from processes.errors import InvalidInput, RuleError

router = APIRouter()
PAGE = 50


class NoFile(InvalidInput):
    """The form came without a file."""

    code = "upload.no_file"
    vi = "Chọn tệp BPMN (.bpmn hoặc .xml) rồi tải lên."
    en = "Choose a BPMN file (.bpmn or .xml) and upload it."


@router.get("/procedures")
def list_page(seen: Visiting, q: str = "", after: str = "") -> HTMLResponse:
    return page(seen, "procedures.html", nav="procedures", **_listed(seen, q, after))


def _listed(seen: Visit, q: str = "", after: str = "") -> dict[str, Any]:
    with seen.office.database.read() as connection:
        rows = listed(connection, seen.actor, search=q[:200], after=after, most=PAGE + 1)
    more = address("/procedures", q=q, after=rows[PAGE - 1].code) if len(rows) > PAGE else None
    return {
        "rows": rows[:PAGE],
        "q": q,
        "more": more,
        "first": address("/procedures", q=q) if after else None,
        "is_designer": Role.DESIGNER in seen.actor.roles,
    }


@router.post("/procedures")
def upload_page(seen: Visiting, form: Posted) -> Response:
    sent = form.file("file")
    try:
        if sent is None:
            raise NoFile(field="file")
        name = sent.filename or "quy-trinh.bpmn"
        record = upload(seen.office, seen.actor, sent.file.read(), name, key=form.key)
    except RuleError as error:
        return refused(
            seen,
            error,
            "procedures.html",
            form=form,
            here="/procedures",
            nav="procedures",
            **_listed(seen),
        )
    said = seen.t("Đã tải lên thành bản dự thảo.", "Uploaded as a draft.")
    return go(seen, f"/procedures/versions/{record.version_id}", said)
