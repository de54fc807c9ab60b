"""Every report that is offered, by its name, and how each is made."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from sqlalchemy import Connection

from analysis.facts.facts import Facts
from analysis.period import Period
from analysis.reports import (
    form_06a,
    form_07a,
    four_cells,
    indicators_766,
    late_list,
    office_numbers,
    procedures_in_use,
    ranking,
    years,
)
from analysis.reports.electronic import electronic
from analysis.reports.members import ALL, Only
from analysis.reports.names import Names
from analysis.reports.table import Report, Words


@dataclass(frozen=True, slots=True)
class Sources:
    """Where a report is counted from."""

    connection: Connection
    facts: Facts
    names: Names
    agency_id: str


@dataclass(frozen=True, slots=True)
class Asked:
    """Which report, of which period, by what, of which dossiers."""

    report: str
    period: Period
    group: str = ""
    only: Only = ALL


Make = Callable[[Sources, Asked], Report]


@dataclass(frozen=True, slots=True)
class Kind:
    """A report that is offered; groups: by what it can be made, the usual one first.

    rows: of a report without groups, what the key of a row is.
    """

    title: Words
    make: Make
    groups: tuple[str, ...] = ()
    restricted: bool = False  # whether it can be made of some dossiers only
    rows: str = ""


def _06a(of: Sources, asked: Asked) -> Report:
    return form_06a.report_06a(of.facts, asked.period, of.names, asked.group, asked.only)


def _07a(of: Sources, asked: Asked) -> Report:
    return form_07a.report_07a(of.facts, asked.period, of.names, asked.group, asked.only)


def _late(of: Sources, asked: Asked) -> Report:
    return late_list.report_late(of.facts, asked.period, of.names, asked.only)


def _766(of: Sources, asked: Asked) -> Report:
    known = electronic(of.connection, of.agency_id, asked.period)
    return indicators_766.report_766(of.facts, asked.period, known)


def _handling(of: Sources, asked: Asked) -> Report:
    return indicators_766.report_handling(of.facts, asked.period, of.names, asked.only)


def _tasks(of: Sources, asked: Asked) -> Report:
    return four_cells.report_tasks(of.facts, asked.period, of.names)


def _years(of: Sources, asked: Asked) -> Report:
    return years.report_years(of.facts, asked.period, asked.only)


def _ranking(of: Sources, asked: Asked) -> Report:
    return ranking.report_ranking(of.facts, asked.period, of.names, asked.group, asked.only)


def _coverage(of: Sources, asked: Asked) -> Report:
    return procedures_in_use.report_coverage(of.connection, of.facts, of.agency_id, asked.period)


def _numbers(of: Sources, asked: Asked) -> Report:
    return office_numbers.report_numbers(of.connection, of.facts, of.agency_id, asked.period)


_BY = ("unit", "field", "procedure", "handling_unit", "officer")
REPORTS: Mapping[str, Kind] = MappingProxyType(
    {
        "06a": Kind(
            Words("Biểu 06a: giải quyết TTHC", "Form 06a: handling"), _06a, _BY, restricted=True
        ),
        "07a": Kind(
            Words("Biểu 07a: số liệu bổ sung", "Form 07a: extras"), _07a, _BY, restricted=True
        ),
        "late": Kind(Words("Hồ sơ trễ hạn", "Late dossiers"), _late, restricted=True),
        "766": Kind(Words("Chỉ số QĐ 766", "QĐ 766 indicators"), _766),
        "766-2.2": Kind(
            Words("Thời gian bình quân (766-2.2)", "Mean time (766-2.2)"),
            _handling,
            restricted=True,
            rows="procedure",
        ),
        "tasks": Kind(Words("Công việc theo bốn ô", "Tasks in four cells"), _tasks, rows="unit"),
        "years": Kind(Words("So sánh các năm", "Years compared"), _years, restricted=True),
        "ranking": Kind(
            Words("Xếp hạng đơn vị", "Ranking of units"),
            _ranking,
            ("unit", "handling_unit", "field", "procedure"),
            restricted=True,
        ),
        "coverage": Kind(
            Words("Độ phủ quy trình", "Coverage of procedures"), _coverage, rows="procedure"
        ),
        "numbers": Kind(Words("Số liệu chung", "The office's numbers"), _numbers),
    }
)
"""Every report by its name, in the order they are offered."""
