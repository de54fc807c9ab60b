"""Logs of other systems by programs: brought, watched, asked, mapped, compared, taken, deleted."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request, status
from fastapi.responses import Response, StreamingResponse
from pydantic import Field
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile

from api.analysis_readers import ANALYSIS_READERS
from api.foreign_log_files import TakenForm, headers_of, taken
from api.foreign_log_question import MOST_MAPPED, LogQuestion, bring
from api.foreign_log_work import LogWork
from api.identity import Officer, TheOffice
from api.refusals import WrongMediaType
from api.rest.answer import Answer
from api.rest.bodies import Body, Key
from api.rest.receiving import form_with_files, receive_body
from api.rest.uploads import FileMissing, file_body, harmless_name
from api.upload_limit import LOG_MEGABYTES
from engine.actor import Actor
from engine.answered_once import answer_once
from engine.documents.store import MEGABYTE
from engine.foreign_logs.acts import Question, ask_log, bring_log, delete_log, stop_log
from engine.foreign_logs.kept import KeptLog, LogState, answer_of, diagram_of, log_of, logs_of
from engine.office import Office

router = APIRouter(tags=["analysis"], prefix="/analysis/foreign-logs")
_FORM, _BARE = "multipart/form-data", "application/octet-stream"
_WHO = "tổ cải cách, lãnh đạo (reform, head)"
_BEGIN, _END = date(1970, 1, 1), date(2100, 12, 31)
_JSON = "application/json"

LogId = Annotated[UUID, Path(description="Id of a kept log.")]
Day = Annotated[date, Field(ge=_BEGIN, le=_END)]
Text = Annotated[str, Field(max_length=200)]
Activity = Annotated[str, Field(min_length=1, max_length=10_000)]
FileName = Annotated[str, Query(max_length=1000, description="Name of a file that is sent bare.")]
ObjectType = Annotated[str, Query(max_length=200, description="OCEL: which objects are the cases.")]


class LogPeriodBody(Body):
    """Cases that begin on these days, both included."""

    first: Day
    last: Day


class ForeignLogQuestionBody(Body):
    """What is asked of a log. All of it is optional; nothing asked is the plain analysis.

    procedure: code of one in force; diagram: BPMN as text, goes before it; with neither, and
    keep_diagram, the one that the log was laid against. mapping: activity -> id of an element, "" =
    left out. before: another kept log; with before_period alone two periods of this one.
    hours: office hours of a week, as `quytrinh analyse --hours` reads them.
    """

    procedure: Text = ""
    diagram: Annotated[str, Field(max_length=2_000_000)] | None = None
    keep_diagram: bool = False
    mapping: Annotated[
        dict[Activity, Annotated[str, Field(max_length=255)]], Field(max_length=MOST_MAPPED)
    ] = Field(default_factory=dict)
    before: UUID | None = None
    period: LogPeriodBody | None = None
    before_period: LogPeriodBody | None = None
    object_type: Text = ""
    hours: Text = ""

    def question(self, kept: str) -> LogQuestion:
        """kept: what the diagram is called that the log was laid against."""
        period, before = self.period, self.before_period
        return LogQuestion(
            procedure=self.procedure,
            diagram=None if self.diagram is None else self.diagram.encode(),
            diagram_name=kept if self.keep_diagram and self.diagram is None else "",
            mapping=self.mapping,
            before=self.before,
            first=period.first if period else None,
            last=period.last if period else None,
            before_first=before.first if before else None,
            before_last=before.last if before else None,
            object_type=self.object_type,
            hours=self.hours,
        )


class LogProgressAnswer(Answer):
    """stage: reading | reading_before (bytes), cases, times, ways, rework, comparing, conformance
    (ways of cases). of: 0 where it is not known.
    """

    stage: str
    done: int
    of: int


class LogRefusalAnswer(Answer):
    """Why an analysis came to nothing."""

    code: str
    vi: str
    en: str


class ForeignLogAnswer(Answer):
    """A kept log. run: which analysis of it, from 1. question: what that one was asked.

    resumes: interrupted, and a server begins it anew by itself.
    """

    log_id: UUID
    name: str
    size: int
    sha256: str
    brought_by: UUID
    brought_at: datetime
    kept_until: datetime
    run: int
    state: LogState
    resumes: bool
    progress: LogProgressAnswer
    refusal: LogRefusalAnswer | None
    question: dict[str, Any]


_UPLOAD: dict[str, Any] = {
    "requestBody": file_body(
        f"The log, at most {LOG_MEGABYTES} MB: bare (its name in `file_name`), or as the field "
        "`file` of a form. XES, CSV, OCEL 2.0 (JSON, XML, SQLite), each also packed by gzip; what "
        "it is, is found out by its content.",
        bare=_BARE,
    )
}


@router.get("", summary="Các nhật ký đang giữ / kept logs")
def get_logs(office: TheOffice, actor: Officer) -> list[ForeignLogAnswer]:
    """The logs that the agency keeps, the latest first; for heads and the reform team."""
    _require(actor)
    with office.database.read() as connection:
        return [_told(each) for each in logs_of(connection, actor, office.clock.now())]


@router.post(
    "",
    status_code=status.HTTP_201_CREATED,
    response_model=ForeignLogAnswer,
    openapi_extra=_UPLOAD,
    summary="Đưa nhật ký vào / bring a log",
)
async def post_log(
    request: Request,
    office: TheOffice,
    actor: Officer,
    file_name: FileName = "",
    object_type: ObjectType = "",
    key: Key = None,
) -> Response:
    """Keep a log for 30 days and begin to analyse it; ask `GET .../{log_id}` how far it is."""
    _require(actor)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    question = LogQuestion(object_type=object_type).checked(office, actor)
    if kind == _BARE:
        with office.documents.store.arrive(LOG_MEGABYTES * MEGABYTE) as arrived:
            await receive_body(request, arrived)
            name = harmless_name(file_name or "log")
            log_id = await run_in_threadpool(
                bring_log, office, actor, arrived, name, question, key=key
            )
    elif kind == _FORM:
        log_id = await _of_form(request, office, actor, question, key)
    else:
        raise WrongMediaType(given=kind[:60] or "–", expected=f"{_FORM}, {_BARE}")
    return await run_in_threadpool(
        _answered, request, office, actor, log_id, key, status.HTTP_201_CREATED
    )


@router.get("/{log_id}", summary="Một nhật ký / one log")
def get_log(office: TheOffice, actor: Officer, log_id: LogId) -> ForeignLogAnswer:
    """How far its analysis is, and until when it is kept."""
    _require(actor)
    with office.database.read() as connection:
        return _told(log_of(connection, actor, log_id, office.clock.now()))


@router.get(
    "/{log_id}/analysis", response_model=dict[str, Any], summary="Kết quả phân tích / the answer"
)
def get_analysis(office: TheOffice, actor: Officer, log_id: LogId) -> Response:
    """What the log says, as docs/reference/analyse.md describes: measures, `comparison` where it
    was compared, `conformance` (token replay, alignments, mapping) where it was laid on a diagram.
    """
    _require(actor)
    with office.database.read() as connection:
        said = answer_of(connection, actor, log_id, office.clock.now())
    return Response(said, media_type=_JSON)


@router.post(
    "/{log_id}/analysis",
    response_model=ForeignLogAnswer,
    summary="Hỏi nhật ký lần nữa / ask the log again",
)
def post_analysis(
    request: Request,
    office: TheOffice,
    actor: Officer,
    log_id: LogId,
    body: ForeignLogQuestionBody,
    key: Key = None,
) -> Response:
    """Analyse it once more: on a diagram, mapped, against another log or between two periods.

    The new answer takes the place of the one before.
    """
    _require(actor)
    now = office.clock.now()
    with office.database.read() as connection:
        log = log_of(connection, actor, log_id, now)
        kept = diagram_of(connection, actor.agency_id, log_id, now)
    question = body.question(log.question.get("diagram", "")).checked(office, actor, kept)
    ask_log(office, actor, log_id, question, key=key)
    return _answered(request, office, actor, log_id, key, status.HTTP_200_OK)


@router.post(
    "/{log_id}/stop", response_model=ForeignLogAnswer, summary="Dừng phân tích / stop the analysis"
)
def post_stop(
    request: Request, office: TheOffice, actor: Officer, log_id: LogId, key: Key = None
) -> Response:
    """Stop it where it is, or keep it from being begun anew; the file stays. One that is over stays
    as it is.
    """
    _require(actor)
    stop_log(office, actor, log_id, key=key)
    return _answered(request, office, actor, log_id, key, status.HTTP_200_OK)


@router.delete(
    "/{log_id}", status_code=status.HTTP_204_NO_CONTENT, summary="Xóa nhật ký / delete a log"
)
def delete_kept_log(office: TheOffice, actor: Officer, log_id: LogId, key: Key = None) -> None:
    """Really delete the file, its answer and its mapping."""
    _require(actor)
    delete_log(office, actor, log_id, key=key)


@router.get(
    "/{log_id}/file",
    response_class=StreamingResponse,
    responses={200: {"content": {_BARE: {}}, "description": "The file, as an attachment."}},
    summary="Tải nhật ký, đổi định dạng / take the log away",
)
def get_file(
    request: Request,
    office: TheOffice,
    actor: Officer,
    log_id: LogId,
    form: Annotated[
        TakenForm, Query(alias="format", description="Định dạng / the format.")
    ] = TakenForm.ORIGINAL,
) -> StreamingResponse:
    """The log as it was brought, or in another format; names and persons stay as it has them.

    `X-Events-Left-Out`: events without a time, which no format can say. `X-Cases-Renamed`: cases
    that have the name of another. One at a time is written.
    """
    _require(actor)
    with office.database.read() as connection:
        log = log_of(connection, actor, log_id, office.clock.now())
    found = taken(office, request.app.state.log_writers, actor.agency_id, log, form)
    return StreamingResponse(found.chunks, media_type=found.media_type, headers=headers_of(found))


async def _of_form(
    request: Request, office: Office, actor: Actor, question: Question, key: str | None
) -> UUID:
    async with form_with_files(request, 1) as form:
        sent = form.get("file")
        if not isinstance(sent, UploadFile):
            raise FileMissing
        name = harmless_name(sent.filename or "")
        return await run_in_threadpool(bring, office, actor, sent.file, name, question, key)


def _answered(
    request: Request, office: Office, actor: Actor, log_id: UUID, key: str | None, code: int
) -> Response:
    """The log as it stood when the request was done first; its analysis begins where it waits."""

    def make() -> bytes:
        with office.database.read() as connection:
            log = log_of(connection, actor, log_id, office.clock.now())
        return _told(log).model_dump_json().encode()

    body = answer_once(office, actor, key, make)
    work: LogWork = request.app.state.log_work
    work.start(actor, log_id)
    return Response(body, status_code=code, media_type=_JSON)


def _told(log: KeptLog) -> ForeignLogAnswer:
    return ForeignLogAnswer.model_validate(log)


def _require(actor: Actor) -> None:
    actor.require(*ANALYSIS_READERS, who=_WHO)
