"""The register of returns: who gave which dossier back to its applicant, when and why."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from analysis.period import Period
from analysis.returns import Returns, returns
from api.analysis_readers import ANALYSIS_READERS
from api.identity import Officer, TheOffice
from api.rest.answer import Answer
from api.returns_csv import returns_csv
from engine.actor import Actor
from engine.office import Office

router = APIRouter(tags=["registers"])
_MOST = 2_000
_BEGIN, _END = date(2000, 1, 1), date(2100, 12, 31)
First = Annotated[date, Query(ge=_BEGIN, le=_END, description="First day.")]
Last = Annotated[date, Query(ge=_BEGIN, le=_END, description="Last day, included.")]


class ReturnAnswer(Answer):
    """One return. kind: supplement, refusal or discontinued; components: code and name."""

    at: datetime
    kind: str
    stage: str
    dossier_id: UUID
    code: str
    procedure_code: str
    procedure_name: str
    components: list[tuple[str, str]]
    reason: str
    legal_basis: str
    officer: str
    unit: str
    unit_name: str


class ShareAnswer(Answer):
    """How many returns name it, and of how many dossiers."""

    name: str
    returns: int
    dossiers: int


class ReturnsAnswer(Answer):
    """total: returns of the period; lines: the newest of them, at most 2,000."""

    total: int
    by_kind: list[ShareAnswer]
    by_component: list[ShareAnswer]
    by_reason: list[ShareAnswer]
    by_officer: list[ShareAnswer]
    by_unit: list[ShareAnswer]
    lines: list[ReturnAnswer]


@router.get("/registers/returns", summary="Sổ trả hồ sơ / register of returns")
def get_returns(office: TheOffice, actor: Officer, first: First, last: Last) -> ReturnsAnswer:
    """Supplements asked for, refusals, dossiers discontinued; for heads and the reform team."""
    found = _found(office, actor, first, last)
    return ReturnsAnswer(
        total=len(found.lines),
        by_kind=_shares(found, "by_kind"),
        by_component=_shares(found, "by_component"),
        by_reason=_shares(found, "by_reason"),
        by_officer=_shares(found, "by_officer"),
        by_unit=_shares(found, "by_unit"),
        lines=[ReturnAnswer.model_validate(line) for line in found.lines[:_MOST]],
    )


@router.get(
    "/registers/returns.csv",
    summary="Sổ trả hồ sơ, CSV / register of returns as CSV",
    response_class=Response,
    responses={200: {"content": {"text/csv": {}}}},
)
def get_returns_csv(office: TheOffice, actor: Officer, first: First, last: Last) -> Response:
    """All lines of the period as a table for spreadsheets (UTF-8)."""
    return csv_answer(_found(office, actor, first, last), Period(first, last))


def csv_answer(found: Returns, period: Period) -> Response:
    """The table, to be saved as a file."""
    name = f"so-tra-ho-so-{period.first}-{period.last}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(returns_csv(found.lines), media_type="text/csv; charset=utf-8", headers=headers)


def _found(office: Office, actor: Actor, first: date, last: date) -> Returns:
    actor.require(*ANALYSIS_READERS, who="tổ cải cách, lãnh đạo (reform, head)")
    period = Period(first, last)
    with office.database.read() as connection:
        return returns(connection, actor.agency_id, period)


def _shares(found: Returns, name: str) -> list[ShareAnswer]:
    return [ShareAnswer.model_validate(share) for share in getattr(found, name)]
