"""The application: JSON doors, pages where they are installed, web files, and the worker."""

import importlib
import importlib.metadata
import importlib.util
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.telemetry import TelemetryConfig
from starlette.middleware.gzip import DEFAULT_EXCLUDED_CONTENT_TYPES, GZipMiddleware

from analysis.facts.kept import KeptFacts
from analysis.replay.apart import Players
from api import health, rest
from api.assets import PREFIX
from api.background import Background
from api.door import Door
from api.errors import answer_errors
from api.foreign_log_work import LEFT_SECONDS, LogWork
from api.foreign_logs import LogWriters
from api.identity import LoginGate
from api.judgement import Judgements
from api.lookup_gate import LookupGate
from api.outgoing_post import OutgoingPost
from api.passing_time import PassingTime
from api.rest.openapi import describe
from api.settings import Settings
from api.short_way import SMALLEST_COMPRESSED, ShortWay
from api.static_files import WebFiles
from api.upload_limit import UploadLimit
from engine.office import Office
from processes.file_kind import FileKind

_PAGES = "api.pages"
_UNWATCHED: TelemetryConfig = {"tracing": False, "metrics": False, "logs": False}
"""Nothing is told to others of what is asked and of what fails; to see so each time takes time."""


def create_app(office: Office, settings: Settings, *, with_pages: bool = True) -> FastAPI:
    """The application that serves one office; who opened the office also closes it."""
    app = FastAPI(
        title="Quy trình nội bộ / quytrinh",
        version=_version(),
        openapi_url="/openapi.json",
        docs_url=None,  # the usual pages load scripts from elsewhere
        redoc_url=None,
        telemetry=_UNWATCHED,
        lifespan=_lifespan,
    )
    app.state.office = office
    app.state.settings = settings
    app.state.login_gate = LoginGate()
    app.state.lookup_gate = LookupGate()
    app.state.judgements = Judgements()
    app.state.facts = KeptFacts(office.database)
    app.state.players = Players(settings.what_if_seconds)
    app.state.log_work = LogWork(office)
    app.state.log_writers = LogWriters()
    app.state.worker = app.state.post = None
    answer_errors(app)
    app.include_router(rest.router)
    app.include_router(health.router)
    app.mount(PREFIX, WebFiles(), name="static")
    if with_pages and importlib.util.find_spec(_PAGES) is not None:
        _add_pages(app)
    app.add_middleware(
        GZipMiddleware,
        minimum_size=SMALLEST_COMPRESSED,
        exclude_content_types=(*DEFAULT_EXCLUDED_CONTENT_TYPES, *(k.media_type for k in FileKind)),
    )
    app.add_middleware(ShortWay)
    app.add_middleware(
        Door,
        secure=settings.secure_cookies,
        limit=UploadLimit(settings),
        incident_id=lambda: office.ids(office.clock.now()).hex[-12:],
    )
    describe(app, settings)
    return app


def _version() -> str:
    try:
        return importlib.metadata.version("quytrinh")
    except importlib.metadata.PackageNotFoundError:  # run from a checkout that is not installed
        return "checkout"


def _add_pages(app: FastAPI) -> None:
    """Pages bring a router, and a page for errors: `error_page(request, error, status, fields)`."""
    pages = importlib.import_module(_PAGES)
    app.include_router(pages.router, include_in_schema=False)
    app.state.error_page = getattr(pages, "error_page", None)


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    settings: Settings = app.state.settings
    log_work: LogWork = app.state.log_work
    left = Background("foreign-logs-left", log_work.look, app.state.office.clock, LEFT_SECONDS)
    left.start()
    try:
        if settings.tick_seconds:
            async with _passing_time(app, settings):
                yield
        else:
            yield
    finally:
        left.stop()
        log_work.stop()


@asynccontextmanager
async def _passing_time(app: FastAPI, settings: Settings) -> AsyncIterator[None]:
    """The worker and the post, beside the answering of requests."""
    worker = PassingTime(app.state.office, settings.tick_seconds)
    post = OutgoingPost(app.state.office, settings)
    app.state.worker, app.state.post = worker, post
    worker.start()
    post.start()
    try:
        yield
    finally:
        worker.stop()
        post.stop()
