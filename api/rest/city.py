"""Where the time goes in the whole city, as data: aggregates of every agency in the lake."""

from dataclasses import fields
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request

from analysis.lake.city import city
from analysis.lake.names import read_names
from api.city_readers import city_lake
from api.identity import Officer, settings_of
from api.rest.answer import Answer

router = APIRouter(tags=["analysis"], prefix="/analysis/city")

Month = Annotated[
    int | None, Query(ge=200_001, le=210_012, description="Tháng, yyyymm / a month, yyyymm.")
]
_USUAL_MOST = 200
Most = Annotated[int, Query(ge=1, le=2_000, description="Số dòng nhiều nhất / rows at most.")]
Code = Annotated[str | None, Query(min_length=1, max_length=120, description="Chỉ thủ tục này.")]


class CityVerdicts(Answer):
    """Finished dossiers of one group. key: an agency, a month (yyyymm) or a procedure's code.

    name: of an agency or procedure, as its agency told the lake; "" where it has not.
    """

    key: str
    name: str = ""
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


class CityOpen(Answer):
    """Still being handled at the last refresh: in time or without a limit, late, clock stopped."""

    within: int
    overdue: int
    paused: int


class CityFigures(Answer):
    """months: the first and the last, yyyymm. steps: only where one procedure is asked for.

    by_procedure, owed and lacking are the first of each, the largest first; left_out says how many
    more of each there are.
    """

    months: tuple[int, int]
    procedure: str | None
    fresh_at: datetime
    whole: CityVerdicts
    before: CityVerdicts
    open: CityOpen
    by_agency: list[CityVerdicts]
    by_month: list[CityVerdicts]
    by_procedure: list[CityVerdicts]
    owed: list[CityOwed]
    lacking: list[CityLacking]
    steps: list[CityStepRow]
    left_out: dict[str, int]


@router.get("", summary="Toàn thành phố / the whole city")
def get_city(
    request: Request,
    actor: Officer,
    first: Month = None,
    last: Month = None,
    procedure: Code = None,
    most: Most = _USUAL_MOST,
) -> CityFigures:
    """Every agency of the lake together; for the reform team and heads of the city's agency.

    Without months the last twelve that have figures.
    """
    lake = city_lake(actor, settings_of(request), "tổ cải cách, lãnh đạo (reform, head)")
    found = city(lake, first, last, procedure)
    by_late = sorted(found.by_procedure, key=lambda each: (-each.late, -each.n, each.key))
    lists = {"by_procedure": by_late, "owed": found.owed, "lacking": found.lacking}
    told = {field.name: getattr(found, field.name) for field in fields(found)}
    names = read_names(lake)
    answer = CityFigures.model_validate(
        told
        | {name: rows[:most] for name, rows in lists.items()}
        | {"left_out": {name: max(0, len(rows) - most) for name, rows in lists.items()}}
    )
    for groups, called in (
        (answer.by_agency, names.agencies),
        (answer.by_procedure, names.procedures),
    ):
        for each in groups:
            each.name = called.get(each.key, "")
    return answer
