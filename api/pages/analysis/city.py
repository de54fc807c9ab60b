"""The whole city on one page: every agency of the lake, without a dossier or an officer."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response

from analysis.lake.city import City, city, spelt
from analysis.lake.names import Names, read_names
from analysis.lake.tiles import Verdicts as Counted
from analysis.on_time import Group, Verdicts
from analysis.source import agency_names, procedure_names
from api.city_readers import city_lake
from api.identity import settings_of
from api.pages.analysis.city_tables import TABLE_WORDS, CityTable, rows_of
from api.pages.analysis.lists import between
from api.pages.analysis.months import series
from api.pages.frame import Wrong, address, page
from api.pages.visit import Visit, Visiting
from api.table_files import Kind, table_file
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
    lake = _lake(request, seen)
    errors: list[Wrong] = []
    try:
        found = city(lake, _month(first), _month(last), procedure or None)
    except InvalidInput as wrong:
        if not (first or last):
            raise
        errors.append(("first", seen.said(wrong)))
        found = city(lake, procedure=procedure or None)
    names = _names(seen, lake)
    agencies, procedures = names.agencies, names.procedures
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
        nameless=[each.key for each in found.by_agency if each.key not in agencies],
        procedures=_groups(worst[:_MOST_PROCEDURES], procedures),
        left_out=max(0, len(worst) - _MOST_PROCEDURES),
        most_lines=_MOST_LINES,
        between=between,
        spelt=spelt,
        dashed=_dashed,
        procedure_names=procedures,
        files=[
            (
                seen.t(*words),
                [
                    (kind, address(f"/city/{table.value}.{kind}", **_asked(found, procedure)))
                    for kind in ("csv", "xlsx")
                ],
            )
            for table, words in TABLE_WORDS.items()
            if table is not CityTable.STEPS or found.steps
            if table is not CityTable.PROCEDURES or found.by_procedure
        ],
    )


def _lake(request: Request, seen: Visit) -> Path:
    who = seen.t("tổ cải cách, lãnh đạo", "the reform team, heads")
    return city_lake(seen.actor, settings_of(request), who)


def _asked(found: City, procedure: str) -> dict[str, str]:
    first, last = (_dashed(month) for month in found.months)
    return {"first": first, "last": last, "procedure": procedure}


@router.get("/city/{table}.{kind}")
def city_table(
    request: Request,
    seen: Visiting,
    table: CityTable,
    kind: Kind,
    first: Month = "",
    last: Month = "",
    procedure: str = "",
) -> Response:
    """A table of the page as a file, of the same months and procedure."""
    lake = _lake(request, seen)
    found = city(lake, _month(first), _month(last), procedure or None)
    name = f"city-{table.value}-{_dashed(found.months[0])}-{_dashed(found.months[1])}"
    rows = rows_of(table, found, _names(seen, lake))
    return table_file(kind, name, rows, seen.t(*TABLE_WORDS[table]))


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


def _names(seen: Visit, lake: Path) -> Names:
    """Of agencies and procedures: as this server calls them, else as their agency told the lake."""
    told = read_names(lake)
    with seen.office.database.read() as connection:
        agencies = connection.execute(agency_names())
        procedures = connection.execute(procedure_names(seen.actor.agency_id))
        return Names(
            {**told.agencies, **{row.agency_id: row.name for row in agencies}},
            {**told.procedures, **{row.code: row.name for row in procedures}},
        )
