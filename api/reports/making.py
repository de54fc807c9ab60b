"""One report for whoever asks: live, or as the period was closed."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from uuid import UUID

from sqlalchemy import Connection

from analysis.facts.facts import Facts
from analysis.facts.office import office_facts
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
from analysis.reports.behind import MOST, Behind, behind
from analysis.reports.closed_figures import (
    KEPT_GROUPS,
    Differences,
    as_closed,
    differences,
    figures_to_close,
)
from analysis.reports.counted import FEWEST, UnknownGroup, total_of
from analysis.reports.electronic import electronic
from analysis.reports.members import ALL, DEFINITION, Only
from analysis.reports.names import Names, read_names
from analysis.reports.table import Closed, Report, Words
from api.analysis_readers import ANALYSIS_READERS, PERSON_READERS
from api.reports.letterhead import Letterhead
from engine.actor import Actor
from engine.closed_periods import Closing, Figures, close_period, closing_in_force
from engine.forms.scene import read_letterhead
from engine.office import Office
from processes.errors import NotFound

_WHO = "tổ cải cách, lãnh đạo (reform, head)"


class NoSuchReport(NotFound):
    """No report of that name."""

    code = "report.unknown"
    vi = "Không có báo cáo “{report}”. Các báo cáo: {known}."
    en = "There is no report '{report}'. Known: {known}."


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
    """A report that is offered; groups: by what it can be made, the usual one first."""

    title: Words
    make: Make
    groups: tuple[str, ...] = ()
    restricted: bool = False  # whether it can be made of some dossiers only


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
        ),
        "tasks": Kind(Words("Công việc theo bốn ô", "Tasks in four cells"), _tasks),
        "years": Kind(Words("So sánh các năm", "Years compared"), _years, restricted=True),
        "ranking": Kind(
            Words("Xếp hạng đơn vị", "Ranking of units"),
            _ranking,
            ("unit", "handling_unit", "field", "procedure"),
            restricted=True,
        ),
        "coverage": Kind(Words("Độ phủ quy trình", "Coverage of procedures"), _coverage),
        "numbers": Kind(Words("Số liệu chung", "The office's numbers"), _numbers),
    }
)
"""Every report by its name, in the order they are offered."""


def made(office: Office, actor: Actor, asked: Asked) -> Report:
    """The report; of a closed period form 06a is what was closed.

    Errors: NotAllowed, NoSuchReport, UnknownGroup.
    """
    asked = settled(actor, asked)
    with office.database.read() as connection:
        closing = _closing(connection, actor, asked)
        if closing is not None:
            calendar = office.calendar(connection, actor.agency_id)
            names = read_names(connection, actor.agency_id)
            return as_reported(closing, asked.group, names, calendar.local)
    with sources(office, actor) as of:
        return REPORTS[asked.report].make(of, asked)


def require_reader(actor: Actor) -> None:
    """NotAllowed for who may not read figures of the whole office."""
    actor.require(*ANALYSIS_READERS, who=_WHO)


def settled(actor: Actor, asked: Asked) -> Asked:
    """The request with its usual group, if this person may make it."""
    require_reader(actor)
    kind = REPORTS.get(asked.report)
    if kind is None:
        raise NoSuchReport(report=asked.report, known=", ".join(REPORTS))
    group = asked.group or (kind.groups[0] if kind.groups else "")
    if group and group not in kind.groups:
        raise UnknownGroup(group=group, known=", ".join(kind.groups) or "–")
    if group == "officer" or asked.only.officer is not None:
        actor.require(*PERSON_READERS, who="lãnh đạo (head)")
    return replace(asked, group=group)


@contextmanager
def sources(office: Office, actor: Actor) -> Iterator[Sources]:
    """The facts of the actor's agency as of now, and its tables."""
    at = office.clock.now()
    with (
        office_facts(office.database, actor.agency_id, at) as facts,
        office.database.read() as connection,
    ):
        names = read_names(connection, actor.agency_id)
        yield Sources(connection, facts, names, actor.agency_id)


def letterhead(office: Office, actor: Actor) -> Letterhead:
    """Who reports, and to whom."""
    with office.database.read() as connection:
        found = read_letterhead(connection, actor.agency_id)
    return Letterhead(found.agency, found.above, found.stated_place)


def listed(
    office: Office, actor: Actor, asked: Asked, cell: str, *, after: str = "", most: int = MOST
) -> tuple[tuple[Behind, ...], Names]:
    """The dossiers behind a number, and how things are called.

    Errors: NotAllowed, NoSuchReport, UnknownCell; NotFound of an officer with few dossiers.
    """
    asked = settled(actor, asked)
    with sources(office, actor) as of:
        if asked.only.officer:
            known = total_of(of.facts, asked.period, asked.only, ("received",))
            if known["received"] < FEWEST:
                raise NotFound(what="số liệu riêng của cán bộ / figures of the officer")
        found = behind(of.facts, asked.period, cell, asked.only, after=after, most=most)
        return found, of.names


def close(office: Office, actor: Actor, period: Period, *, key: str | None = None) -> UUID:
    """Close form 06a of a period. Errors: those of `close_period`."""

    def count() -> Figures:
        with sources(office, actor) as of:
            kept = figures_to_close(of.facts, period)
            at = form_06a.at_of(of.facts)
        return Figures(DEFINITION, at, kept.figures, kept.members)

    return close_period(office, actor, form_06a.CODE, period.first, period.last, count, key=key)


def changed_since(office: Office, actor: Actor, closing: Closing) -> Differences:
    """What the facts say today of a closed period, told against what was closed."""
    require_reader(actor)
    with sources(office, actor) as of:
        period = Period(closing.first, closing.last)
        return differences(closing.figures, closing.members, of.facts, period)


def as_reported(
    closing: Closing,
    group: str,
    names: Names,
    local: Callable[[datetime], datetime],
) -> Report:
    """The form as it was closed; a hash that does not fit is told in it."""
    period = Period(closing.first, closing.last)
    report = form_06a.drawn(
        as_closed(closing.figures, group), period, names, local(closing.counted_at)
    )
    damaged = Words(
        "Số liệu đã chốt không còn khớp với mã băm: dữ liệu đã bị sửa ngoài hệ thống.",
        "The closed figures do not fit their hash: somebody changed them outside of the system.",
    )
    return replace(
        report,
        definition=closing.definition,
        wrong=report.wrong if closing.intact else (damaged, *report.wrong),
        closed=Closed(
            str(closing.closing_id),
            closing.edition,
            local(closing.closed_at),
            closing.closed_by,
            closing.sha256,
        ),
    )


def _closing(connection: Connection, actor: Actor, asked: Asked) -> Closing | None:
    """The closing that answers the request, where it does."""
    if asked.report != form_06a.CODE or asked.only.names or asked.group not in KEPT_GROUPS:
        return None
    return closing_in_force(connection, actor, form_06a.CODE, asked.period.first, asked.period.last)
