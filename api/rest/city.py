"""Where the time goes in the whole city, as data: aggregates of every agency in the lake."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request

from analysis.lake.city import city
from api.city_readers import city_lake
from api.identity import Officer, settings_of
from api.rest.answer import Answer

router = APIRouter(tags=["analysis"], prefix="/analysis/city")

Month = Annotated[
    int | None, Query(ge=200_001, le=210_012, description="Tháng, yyyymm / a month, yyyymm.")
]
Code = Annotated[str | None, Query(min_length=1, max_length=120, description="Chỉ thủ tục này.")]


class CityVerdicts(Answer):
    """Finished dossiers of one group. key: an agency, a month (yyyymm) or a procedure's code."""

    key: str
    n: int
    early: int
    on_time: int
    late: int
    late_ws: int


class CityOwed(Answer):
    """Working seconds of lateness that a step owes; element_id "" is what lies between steps."""

    procedure_code: str
    element_id: str
    name: str
    late_ws: int
    dossiers: int


class CityLacking(Answer):
    """A component that `returned` dossiers lacked of `required` that need it."""

    procedure_code: str
    component: str
    name: str
    returned: int
    required: int


class CityStepRow(Answer):
    """One step in all agencies; times are working seconds, p50, p80 and p95 within 2.5 %."""

    element_id: str
    name: str
    n: int
    late: int
    late_ws: int
    waiting_ws: int
    handling_ws: int
    paused_ws: int
    limit_ws: int | None
    p50: int
    p80: int
    p95: int


class CityFigures(Answer):
    """months: the first and the last, yyyymm. steps: only where one procedure is asked for."""

    months: tuple[int, int]
    procedure: str | None
    fresh_at: datetime
    whole: CityVerdicts
    before: CityVerdicts
    by_agency: list[CityVerdicts]
    by_month: list[CityVerdicts]
    by_procedure: list[CityVerdicts]
    owed: list[CityOwed]
    lacking: list[CityLacking]
    steps: list[CityStepRow]


@router.get("", summary="Toàn thành phố / the whole city")
def get_city(
    request: Request,
    actor: Officer,
    first: Month = None,
    last: Month = None,
    procedure: Code = None,
) -> CityFigures:
    """Every agency of the lake together; for the reform team and heads of the city's agency.

    Without months the last twelve that have figures.
    """
    lake = city_lake(actor, settings_of(request), "tổ cải cách, lãnh đạo (reform, head)")
    return CityFigures.model_validate(city(lake, first, last, procedure))
