"""The whole city on one page: every agency of the lake, without a dossier or an officer."""

from collections.abc import Iterable, Mapping
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from analysis.lake.city import city, spelt
from analysis.lake.tiles import Verdicts as Counted
from analysis.on_time import Group, Verdicts
from analysis.source import agency_names, procedure_names
from api.city_readers import city_lake
from api.identity import settings_of
from api.pages.analysis.lists import between
from api.pages.analysis.months import series
from api.pages.frame import Wrong, page
from api.pages.visit import Visit, Visiting
from processes.errors import InvalidInput

router = APIRouter()
_MOST_PROCEDURES = 50
_MOST_LINES = 12

Month = Annotated[str, Query(max_length=10)]


class UnreadMonth(InvalidInput):
    """What was sent is no month."""

    code = "city.unread_month"
    vi = "Chưa đọc được tháng “{given}”. Chọn lại, ví dụ 2026-03."
    en = "Cannot read the month '{given}'. Choose again, for example 2026-03."


@router.get("/city")
def city_page(
    request: Request, seen: Visiting, first: Month = "", last: Month = "", procedure: str = ""
) -> HTMLResponse:
    who = seen.t("tổ cải cách, lãnh đạo", "the reform team, heads")
    lake = city_lake(seen.actor, settings_of(request), who)
    errors: list[Wrong] = []
    try:
        found = city(lake, _month(first), _month(last), procedure or None)
    except InvalidInput as wrong:
        if not (first or last):
            raise
        errors.append(("first", seen.said(wrong)))
        found = city(lake, procedure=procedure or None)
    agencies, procedures = _names(seen)
    months = _groups(found.by_month, {m.key: spelt(int(m.key)) for m in found.by_month})
    worst = sorted(found.by_procedure, key=lambda each: (-each.late_ws, each.key))
    return page(
        seen,
        "city.html",
        nav="analysis",
        errors=errors,
        city=found,
        whole=_verdicts(found.whole),
        before=_verdicts(found.before),
        months=months,
        series=series(seen, months),
        agencies=_groups(found.by_agency, agencies),
        procedures=_groups(worst[:_MOST_PROCEDURES], procedures),
        left_out=max(0, len(worst) - _MOST_PROCEDURES),
        most_lines=_MOST_LINES,
        between=between,
        spelt=spelt,
        dashed=_dashed,
        procedure_names=procedures,
    )


def _month(given: str) -> int | None:
    """As the field of a month sends it, 2026-03."""
    if not given:
        return None
    year, dash, month = given.partition("-")
    if not (dash and year.isdecimal() and month.isdecimal() and len(year) == len("2026")):
        raise UnreadMonth(given=given)
    if not (2000 <= int(year) <= 2100 and 1 <= int(month) <= 12):  # noqa: PLR2004
        raise UnreadMonth(given=given)
    return int(year) * 100 + int(month)


def _dashed(month: int) -> str:
    return f"{month // 100}-{month % 100:02d}"


def _verdicts(counted: Counted) -> Verdicts:
    judged = counted.early + counted.on_time + counted.late
    return Verdicts(
        counted.early, counted.on_time, counted.late, counted.n - judged, counted.late_ws
    )


def _groups(counted: Iterable[Counted], names: Mapping[str, str]) -> tuple[Group, ...]:
    return tuple(
        Group(each.key, names.get(each.key, each.key), _verdicts(each)) for each in counted
    )


def _names(seen: Visit) -> tuple[dict[str, str], dict[str, str]]:
    """Of agencies and procedures, those that this server knows; others are shown by their codes."""
    with seen.office.database.read() as connection:
        agencies = connection.execute(agency_names())
        procedures = connection.execute(procedure_names(seen.actor.agency_id))
        return (
            {row.agency_id: row.name for row in agencies},
            {row.code: row.name for row in procedures},
        )
