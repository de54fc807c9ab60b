"""The office's event log at the door, for tools of process mining: persons are pseudonyms."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse

from analysis.period import Period
from api.analysis_readers import ANALYSIS_READERS
from api.identity import Officer, TheOffice
from api.log_files import KINDS, LogForm, file_name, log_chunks

router = APIRouter(tags=["analysis"])
_BEGIN, _END = date(2000, 1, 1), date(2100, 12, 31)
First = Annotated[date, Query(ge=_BEGIN, le=_END, description="First day of receiving.")]
Last = Annotated[date, Query(ge=_BEGIN, le=_END, description="Last day, included.")]


@router.get(
    "/analysis/event-log",
    summary="Nhật ký sự kiện XES, OCEL, CSV / event log",
    response_class=StreamingResponse,
    responses={200: {"content": {kind.media_type: {} for kind in KINDS.values()}}},
)
def get_event_log(
    office: TheOffice,
    actor: Officer,
    first: First,
    last: Last,
    form: Annotated[
        LogForm, Query(alias="format", description="Định dạng / the format.")
    ] = LogForm.XES,
    procedure: Annotated[str | None, Query(max_length=60, description="Code.")] = None,
) -> StreamingResponse:
    """Dossiers received in the period, every step with its lifecycle, as a file that is written
    while it is sent. Pseudonyms of persons hold within one file only. For heads and reform teams.
    """
    actor.require(*ANALYSIS_READERS, who="tổ cải cách, lãnh đạo (reform, head)")
    period = Period(first, last)
    now = office.clock.now()
    key = office.ids(now).bytes
    chunks = log_chunks(office, actor.agency_id, form, period, procedure, key, now)
    headers = {
        "Content-Disposition": f'attachment; filename="{file_name(form, period)}"',
        "Cache-Control": "no-store",
    }
    return StreamingResponse(chunks, media_type=KINDS[form].media_type, headers=headers)
