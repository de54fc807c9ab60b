"""One report for whoever asks: live, or as the period was closed."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from analysis.behind import Selection
from analysis.facts.facts import Facts
from analysis.facts.kept import KeptFacts
from analysis.facts.office import office_facts
from analysis.period import Period
from analysis.reports import electronic, form_06a
from analysis.reports.behind import in_cell
from analysis.reports.closed_figures import (
    KEPT_GROUPS,
    Differences,
    as_closed,
    differences,
    figures_to_close,
    names_when_closed,
)
from analysis.reports.counted import FEWEST, UnknownGroup, total_of
from analysis.reports.members import DEFINITION
from analysis.reports.names import Names, read_names
from analysis.reports.offered import REPORTS, Asked, Sources
from analysis.reports.table import Closed, Report, Words
from api.analysis_readers import ANALYSIS_READERS, PERSON_READERS
from api.reports.letterhead import Letterhead
from engine.actor import Actor
from engine.closed_periods import Closing, Figures, close_period, closing_in_force
from engine.forms.scene import read_letterhead
from engine.office import Office
from processes.errors import NotFound

Shown = TypeVar("Shown")
_WHO = "tổ cải cách, lãnh đạo (reform, head)"


_ANEW = Words(
    "Biểu 06a của kỳ này đã chốt; bảng này tính lại theo số liệu hiện nay nên có thể khác biểu đã "
    "chốt.",
    "Form 06a of this period is closed; this table is counted anew and may differ from it.",
)


class NoSuchReport(NotFound):
    """No report of that name."""

    code = "report.unknown"
    vi = "Không có báo cáo “{report}”. Các báo cáo: {known}."
    en = "There is no report '{report}'. Known: {known}."


def made(office: Office, kept: KeptFacts, actor: Actor, asked: Asked) -> Report:
    """The report; of a closed period form 06a is what was closed.

    What is not closed is counted from facts that are not older than a minute; `Report.at` tells.

    Errors: NotAllowed, NoSuchReport, UnknownGroup.
    """
    asked = settled(actor, asked)
    first, last = asked.period.first, asked.period.last
    with office.database.read() as connection:
        closing = closing_in_force(connection, actor, form_06a.CODE, first, last)
        if closing is not None and _is_kept(asked):
            calendar = office.calendar(connection, actor.agency_id)
            names = read_names(connection, actor.agency_id)
            return as_reported(closing, asked.group, names, calendar.local)
    with sources(office, kept, actor) as of:
        report = REPORTS[asked.report].make(of, asked)
    return report if closing is None else replace(report, notes=(*report.notes, _ANEW))


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
def sources(
    office: Office, kept: KeptFacts, actor: Actor, *, since: datetime | None = None
) -> Iterator[Sources]:
    """The facts of the actor's agency as they are kept, and its tables.

    since: the facts know what was done by then.
    """
    with (
        kept.of(actor.agency_id, office.clock.now(), since=since) as facts,
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
    office: Office,
    kept: KeptFacts,
    actor: Actor,
    asked: Asked,
    cell: str,
    shown: Callable[[Facts, Selection], Shown],
    *,
    tasks: bool = False,
) -> tuple[Shown, Names]:
    """The dossiers behind a number as somebody shows them, and how things are called.

    tasks: of a number of tasks the tasks themselves.

    Errors: NotAllowed, NoSuchReport, UnknownCell; NotFound of an officer with few dossiers.
    """
    asked = settled(actor, asked)
    with sources(office, kept, actor) as of:
        if asked.only.officer:
            known = total_of(of.facts, asked.period, asked.only, ("received",))
            if known["received"] < FEWEST:
                raise NotFound(what="số liệu riêng của cán bộ / figures of the officer")
        if cell in electronic.LISTED:
            chosen = electronic.dossiers_of(of.connection, of.agency_id, asked.period, cell)
        else:
            chosen = in_cell(of.facts, asked.period, cell, asked.only, tasks=tasks)
        return shown(of.facts, chosen), of.names


def close(office: Office, actor: Actor, period: Period, *, key: str | None = None) -> UUID:
    """Close form 06a of a period, counted this very moment. Errors: those of `close_period`."""

    def count() -> Figures:
        now = office.clock.now()
        with office.database.read() as connection:
            names = read_names(connection, actor.agency_id)
        with office_facts(office.database, actor.agency_id, now) as facts:
            kept = figures_to_close(facts, period, names=names)
            at = form_06a.at_of(facts)
        return Figures(DEFINITION, at, kept.figures, kept.members)

    return close_period(office, actor, form_06a.CODE, period.first, period.last, count, key=key)


def changed_since(office: Office, kept: KeptFacts, actor: Actor, closing: Closing) -> Differences:
    """What the facts say today of a closed period, told against what was closed."""
    require_reader(actor)
    with sources(office, kept, actor, since=closing.counted_at) as of:
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
        as_closed(closing.figures, group),
        period,
        names_when_closed(closing.figures, names),
        local(closing.counted_at),
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


def _is_kept(asked: Asked) -> bool:
    """Whether closing a period keeps what is asked for."""
    return asked.report == form_06a.CODE and not asked.only.names and asked.group in KEPT_GROUPS
