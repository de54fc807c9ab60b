"""Logs of other systems: brought, measured while one waits or goes away, mapped, compared."""

from dataclasses import replace
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

import orjson
from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData

from analysis.period import VIET_NAM
from api.foreign_log_files import TakenForm, headers_of, taken
from api.foreign_log_question import DayUnreadable, LogQuestion, bring
from api.foreign_log_work import LogWork
from api.foreign_logs import LogWriters
from api.identity import require_own_page
from api.pages.analysis.filters import require_reader
from api.pages.analysis.foreign_log_drawn import (
    BY_NAME,
    HEATS,
    LEFT_OUT,
    STEP,
    UNMAPPED,
    Heat,
    elapsed,
    heat_of,
    heats_of,
    mapping_rows,
    number,
    share,
    told_mapping,
)
from api.pages.frame import address, go, page, refused
from api.pages.visit import Entered, Posted, Visit, Visiting, id_of
from api.rest.documents import ATTACHED
from api.rest.receiving import form_with_files
from api.rest.uploads import harmless_name
from api.upload_limit import LOG_MEGABYTES
from engine.accounts import names
from engine.foreign_logs.acts import ask_log, delete_log, stop_log
from engine.foreign_logs.kept import (
    KEPT_FOR,
    MOST_LOGS,
    KeptLog,
    LogState,
    answer_of,
    diagram_of,
    log_of,
    logs_of,
)
from engine.procedures import listed
from processes.document import MAX_BYTES
from processes.errors import InvalidInput, NotFound, RuleError

router = APIRouter()
HERE = "/analysis/log"
_FILES = ("log", "diagram")
_MOST_PROCEDURES = 200
_ROWS, _WAYS = 30, 10
_FORMS = (
    (TakenForm.XES, "XES"),
    (TakenForm.XES_GZ, "XES.gz"),
    (TakenForm.CSV, "CSV"),
    (TakenForm.OCEL_JSON, "OCEL 2.0 JSON"),
    (TakenForm.OCEL_XML, "OCEL 2.0 XML"),
    (TakenForm.OCEL_SQLITE, "OCEL 2.0 SQLite"),
)
_NOTHING_ASKED = dict.fromkeys(("procedure", "diagram", "before", "before_name", "object_type"), "")


class NoLog(InvalidInput):
    """The form came without a log."""

    code = "foreign_log.no_file"
    vi = "Chọn tệp nhật ký (XES, CSV hoặc OCEL) rồi bấm “Phân tích”."
    en = "Choose a log (XES, CSV or OCEL) and press 'Analyse'."


@router.get(HERE)
def logs_page(seen: Visiting) -> HTMLResponse:
    """The logs that are kept, and the form that brings another."""
    require_reader(seen)
    return page(seen, "analysis_logs.html", nav="analysis", **_of_all(seen))


@router.post(HERE)
async def bring_page(request: Request, seen: Visiting) -> Response:
    """Keep the log and have it analysed; the browser goes on to its page."""
    require_reader(seen)
    async with form_with_files(request, len(_FILES)) as fields:
        form = Entered(fields)
        require_own_page(request, seen.session, form.text("csrf_token"))
        return await run_in_threadpool(_brought, seen, form)


def _brought(seen: Visit, form: Entered) -> Response:
    try:
        sent = form.file("log")
        if sent is None:
            raise NoLog(field="log")
        question = _question(form).checked(seen.office, seen.actor)
        name = harmless_name(sent.filename or "")
        log_id = bring(seen.office, seen.actor, sent.file, name, question, form.key)
        _work(seen).start(seen.actor, log_id)
    except RuleError as error:
        return refused(
            seen,
            error,
            "analysis_logs.html",
            form=form,
            here=HERE,
            nav="analysis",
            **_of_all(seen),
        )
    return RedirectResponse(f"{HERE}/{log_id}", status_code=303)


@router.get(HERE + "/{log_id}")
def log_page(
    seen: Visiting, log_id: str, heat: Annotated[str, Query(max_length=20)] = "since"
) -> HTMLResponse:
    """How far the log is, and what it says once it does."""
    require_reader(seen)
    return page(seen, "analysis_log.html", nav="analysis", **_of_one(seen, id_of(log_id), heat))


@router.get(HERE + "/{log_id}/progress")
def progress_part(
    seen: Visiting, log_id: str, left: Annotated[bool, Query()] = False
) -> HTMLResponse:
    """How far it is, drawn again while one waits; once it is over the page is loaded anew.

    left: the page says that it was left undone and will be begun anew by itself.
    """
    require_reader(seen)
    log = _log(seen, id_of(log_id))
    answer = page(seen, "analysis_log_progress.html", log=log, number=_number(seen))
    if not (log.resumes if left else log.state.at_work):
        answer.headers["HX-Refresh"] = "true"
    return answer


@router.get(HERE + "/{log_id}/diagram.bpmn")
def diagram_file(seen: Visiting, log_id: str) -> Response:
    """The diagram that the log is laid against, for the drawing."""
    require_reader(seen)
    with seen.office.database.read() as connection:
        found = diagram_of(connection, seen.actor.agency_id, id_of(log_id), seen.clock.now())
    if found is None:
        raise NotFound(what="sơ đồ")
    return Response(found, media_type="application/xml", headers=ATTACHED)


@router.get(HERE + "/{log_id}/file")
def log_file(
    request: Request,
    seen: Visiting,
    log_id: str,
    form: Annotated[TakenForm, Query(alias="format")] = TakenForm.ORIGINAL,
) -> Response:
    """The log as it was brought, or in another format."""
    require_reader(seen)
    log = _log(seen, id_of(log_id))
    writers: LogWriters = request.app.state.log_writers
    found = taken(seen.office, writers, seen.actor.agency_id, log, form)
    return StreamingResponse(found.chunks, media_type=found.media_type, headers=headers_of(found))


@router.post(HERE + "/{log_id}/ask")
def ask_page(seen: Visiting, log_id: str, form: Posted) -> Response:
    """Analyse it once more: against another log or period, on a diagram, mapped by hand."""
    require_reader(seen)
    of = id_of(log_id)
    try:
        log, now = _log(seen, of), seen.clock.now()
        asked = _asked_again(seen, log, form)
        with seen.office.database.read() as connection:
            kept = diagram_of(connection, seen.actor.agency_id, of, now)
        question = asked.checked(seen.office, seen.actor, kept)
        ask_log(seen.office, seen.actor, of, question, key=form.key)
        _work(seen).start(seen.actor, of)
    except RuleError as error:
        context = _of_one(seen, of, "since")
        return refused(
            seen,
            error,
            "analysis_log.html",
            form=form,
            here=f"{HERE}/{of}",
            nav="analysis",
            **context,
        )
    return RedirectResponse(f"{HERE}/{of}", status_code=303)


@router.post(HERE + "/{log_id}/stop")
def stop_page(seen: Visiting, log_id: str, form: Posted) -> Response:
    """Stop the analysis; the file stays."""
    require_reader(seen)
    stop_log(seen.office, seen.actor, id_of(log_id), key=form.key)
    said = seen.t("Đã dừng. Tệp vẫn được giữ.", "Stopped. The file is kept.")
    return go(seen, f"{HERE}/{id_of(log_id)}", said)


@router.post(HERE + "/{log_id}/delete")
def delete_page(seen: Visiting, log_id: str, form: Posted) -> Response:
    """Delete the file and all that was found in it."""
    require_reader(seen)
    delete_log(seen.office, seen.actor, id_of(log_id), key=form.key)
    said = seen.t("Đã xóa nhật ký và kết quả.", "The log and its results are deleted.")
    return go(seen, HERE, said)


def _question(form: Entered) -> LogQuestion:
    """What the form asks."""
    drawn = form.file("diagram")
    before = form.text("before")
    return LogQuestion(
        procedure=form.text("procedure"),
        diagram=None if drawn is None else drawn.file.read(MAX_BYTES + 1),
        diagram_name="" if drawn is None else harmless_name(drawn.filename or ""),
        mapping=told_mapping(form),
        before=id_of(before) if before else None,
        first=_day(form.text("first")),
        last=_day(form.text("last")),
        before_first=_day(form.text("before_first")),
        before_last=_day(form.text("before_last")),
        object_type=form.text("object_type"),
    )


def _asked_again(seen: Visit, log: KeptLog, form: Entered) -> LogQuestion:
    """What the form asks; of what it has no fields, what was asked before."""
    asked = log.question
    days = [*_two_days(asked.get("period", "")), *_two_days(asked.get("before_period", ""))]
    usual = {
        "procedure": asked.get("procedure", ""),
        "before": asked.get("before", "") if _still_kept(seen, asked.get("before")) else "",
        "object_type": asked.get("object_type", ""),
        **dict(zip(("first", "last", "before_first", "before_last"), days, strict=True)),
    }
    missing = {name: value for name, value in usual.items() if name not in form.fields}
    question = _question(Entered(FormData([*form.fields.multi_items(), *missing.items()])))
    if question.diagram is not None:
        return replace(question, procedure="", mapping={})
    if question.procedure != asked.get("procedure", ""):
        return replace(question, mapping={})
    mapping = told_mapping(form, asked.get("mapping", {}))
    return replace(question, mapping=mapping, diagram_name=asked.get("diagram", ""))


def _still_kept(seen: Visit, log_id: str | None) -> bool:
    if log_id is None:
        return False
    with seen.office.database.read() as connection:
        known = logs_of(connection, seen.actor, seen.clock.now())
    return any(each.log_id.hex == log_id for each in known)


def _day(text: str) -> date | None:
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError as wrong:
        raise DayUnreadable(text=text[:40]) from wrong


def _log(seen: Visit, log_id: UUID) -> KeptLog:
    with seen.office.database.read() as connection:
        return log_of(connection, seen.actor, log_id, seen.clock.now())


def _work(seen: Visit) -> LogWork:
    work: LogWork = seen.request.app.state.log_work
    return work


def _of_all(seen: Visit) -> dict[str, Any]:
    with seen.office.database.read() as connection:
        logs = logs_of(connection, seen.actor, seen.clock.now())
        people = names(connection, seen.actor.agency_id)
        calendar = seen.office.calendar(connection, seen.actor.agency_id)
    return {
        "local": calendar.local,
        "logs": logs,
        "people": people,
        "most_logs": MOST_LOGS,
        "megabytes": LOG_MEGABYTES,
        "days_kept": KEPT_FOR.days,
        "procedures": _procedures(seen),
        "number": _number(seen),
        "State": LogState,
    }


def _of_one(seen: Visit, log_id: UUID, heat: str) -> dict[str, Any]:
    now = seen.clock.now()
    log = _log(seen, log_id)
    with seen.office.database.read() as connection:
        others = [each for each in logs_of(connection, seen.actor, now) if each.log_id != log_id]
        people = names(connection, seen.actor.agency_id)
        calendar = seen.office.calendar(connection, seen.actor.agency_id)
        done = log.state is LogState.DONE
        raw = answer_of(connection, seen.actor, log_id, now) if done else None
    found = None if raw is None else orjson.loads(raw)
    mapped = () if found is None else mapping_rows(found, log.question.get("mapping", {}))
    return {
        "log": log,
        "local": calendar.local,
        "State": LogState,
        "others": others,
        "people": people,
        "procedures": _procedures(seen),
        "days_kept": KEPT_FOR.days,
        "q": {**_NOTHING_ASKED, **log.question},
        "found": found,
        "rows": _ROWS,
        "ways": _WAYS,
        "mapped": mapped,
        "forms": _FORMS,
        "values": {"name": BY_NAME, "none": UNMAPPED, "out": LEFT_OUT, "step": STEP},
        "period": _two_days(log.question.get("period", "")),
        "before_period": _two_days(log.question.get("before_period", "")),
        "elapsed": lambda seconds: elapsed(seen, seconds),
        "number": _number(seen),
        "share": lambda value: share(seen, value),
        "day": _day_written,
        **_heat(seen, log, found, heat),
    }


def _heat(seen: Visit, log: KeptLog, found: dict[str, Any] | None, asked: str) -> dict[str, Any]:
    """What the diagram is coloured by, and the ways to colour it otherwise."""
    if found is None or not found.get("conformance") or not log.has_diagram:
        return {"overlay": None, "heats": ()}
    known = heats_of(found)
    heat: Heat = next((each for each in known if each == asked), known[0])
    return {
        "overlay": heat_of(seen, found, heat),
        "heats": [
            (
                address(f"{HERE}/{log.log_id}", heat=each) + "#heat",
                seen.t(*HEATS[each]),
                each == heat,
            )
            for each in known
        ],
    }


def _day_written(text: str) -> str:
    """A moment, or a day, as the day that it is in Viet Nam."""
    at = datetime.fromisoformat(text)
    return (at.astimezone(VIET_NAM) if at.tzinfo else at).strftime("%d/%m/%Y")


def _two_days(text: str) -> tuple[str, str]:
    first, _, last = text.partition("..")
    return first, last


def _procedures(seen: Visit) -> list[tuple[str, str]]:
    with seen.office.database.read() as connection:
        rows = listed(connection, seen.actor, search="", after="", most=_MOST_PROCEDURES)
    return [(row.code, row.name) for row in rows if row.version_id is not None]


def _number(seen: Visit) -> Any:
    return lambda value: number(seen, value)
