"""The tables of the city's page as files: all rows, not only those that the page has room for."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from enum import StrEnum
from typing import Any

from analysis.comparison.intervals import wilson
from analysis.lake.city import City
from analysis.lake.names import Names
from analysis.lake.tiles import Verdicts

Row = Mapping[str, Any]


class CityTable(StrEnum):
    """What can be taken along."""

    AGENCIES = "agencies"
    MONTHS = "months"
    PROCEDURES = "procedures"
    STEPS = "steps"
    OWED = "owed"
    LACKING = "lacking"


TABLE_WORDS: Mapping[CityTable, tuple[str, str]] = {
    CityTable.MONTHS: ("từng tháng", "by month"),
    CityTable.STEPS: ("các bước", "steps"),
    CityTable.OWED: ("trễ vì bước nào", "which steps made dossiers late"),
    CityTable.PROCEDURES: ("từng thủ tục", "by procedure"),
    CityTable.AGENCIES: ("từng cơ quan", "by agency"),
    CityTable.LACKING: ("thành phần thiếu", "missing components"),
}


def rows_of(table: CityTable, city: City, names: Names) -> list[Row]:
    """The rows, with names where they are known."""
    return list(_MADE[table](city, names))


def _verdicts(groups: Iterable[Verdicts], names: Mapping[str, str]) -> Iterable[Row]:
    for each in groups:
        yield {
            "key": each.key,
            "name": names.get(each.key, ""),
            **{name: getattr(each, name) for name in ("n", "early", "on_time", "late", "late_ws")},
            "share": each.rate,
            "interval": wilson(each.rate.part, each.rate.whole),
        }


def _of_procedures(rows: Iterable[Any], names: Names) -> Iterable[Row]:
    for each in rows:
        told = asdict(each)
        yield {"procedure": names.procedures.get(told["procedure_code"], ""), **told}


_MADE: Mapping[CityTable, Callable[[City, Names], Iterable[Row]]] = {
    CityTable.AGENCIES: lambda city, names: _verdicts(city.by_agency, names.agencies),
    CityTable.MONTHS: lambda city, _: _verdicts(city.by_month, {}),
    CityTable.PROCEDURES: lambda city, names: _verdicts(city.by_procedure, names.procedures),
    CityTable.STEPS: lambda city, _: (asdict(each) for each in city.steps),
    CityTable.OWED: lambda city, names: _of_procedures(city.owed, names),
    CityTable.LACKING: lambda city, names: _of_procedures(city.lacking, names),
}
