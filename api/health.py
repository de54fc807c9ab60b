"""Whether the server lives, and whether it can do its work."""

from typing import Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel

from api.background import Background
from api.identity import TheOffice, settings_of
from api.refusals import NotReady
from engine.office import Office
from engine.store.condition import UNAVAILABLE, has_newest_schema

router = APIRouter(prefix="/health", tags=["health"])
_FAILURES = 3  # looks of the worker that may fail in a row


class Health(BaseModel):
    """The server's own opinion of itself."""

    status: Literal["live", "ready"]


@router.get("/live", summary="Máy chủ còn chạy / the process answers")
async def live() -> Health:
    """Whether the process answers; restart it where it does not."""
    return Health(status="live")


@router.get("/ready", summary="Máy chủ làm việc được / the server can do its work")
def ready(request: Request, office: TheOffice) -> Health:
    """Whether the database answers with the newest schema and time is being let pass."""
    _require_database(office)
    for worker in (request.app.state.worker, request.app.state.post):
        if settings_of(request).tick_seconds and worker is not None:
            _require_worker(worker)
    return Health(status="ready")


def _require_database(office: Office) -> None:
    try:
        newest = has_newest_schema(office.database)
    except UNAVAILABLE:
        raise NotReady(
            detail_vi="cơ sở dữ liệu không trả lời.", detail_en="the database does not answer."
        ) from None
    if not newest:
        raise NotReady(
            detail_vi="lược đồ dữ liệu chưa mới nhất; chạy “quytrinh migrate”.",
            detail_en="the schema is not the newest; run 'quytrinh migrate'.",
        )


def _require_worker(worker: Background) -> None:
    if not worker.running or worker.failures >= _FAILURES:
        raise NotReady(
            detail_vi="bộ xử lý đến hạn không chạy; xem nhật ký máy chủ.",
            detail_en="what falls due is not being done; see the server's log.",
        )
