"""Reports on the screen: choose one and a period, see it with its sums checked, take it along."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from analysis.period import Period
from analysis.queues.data_quality import Flag
from analysis.queues.scope import Scope
from analysis.reports import form_06a
from analysis.reports.counted import FEW, UnknownGroup
from analysis.reports.names import GROUP_WORDS
from analysis.reports.offered import REPORTS, Asked
from analysis.reports.table import Column, Line, Report, headings
from api.analysis_readers import PERSON_READERS
from api.pages.analysis.filters import Filters, period_of
from api.pages.analysis.habits import flags_of, habit_words
from api.pages.frame import Wrong, address, go, page
from api.pages.report_words import STANDING_WORDS
from api.pages.visit import Posted, Visit, Visiting, id_of
from api.reports.cell_text import cell_text, said
from api.reports.making import changed_since, close, made, settled
from api.rest.reports import ENDINGS, exported
from engine.closed_periods import (
    CLOSERS,
    Closing,
    agree_to_reopen,
    ask_to_reopen,
    closing,
    closings,
)
from processes.errors import RuleError

router = APIRouter(prefix="/reports")
_SHOWN = 500  # lines on the page; files have all
_MOVED = 20
_WITH_SHARES = ("06a", "07a", "766", "years", "ranking", "numbers")
"""Reports whose shares are to be read with the habits of entry in mind."""
_QUARTERS = 3


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the address asks for; errors: why something of it is not shown, wrong: the same as an
    error.
    """

    asked: Asked
    errors: tuple[Wrong, ...]
    usual: tuple[tuple[str, Period], ...]
    wrong: RuleError | None = None

    def certain(self) -> "Chosen":
        """This, if it is what was asked for: neither a file nor a closed period is of another."""
        if self.wrong is not None:
            raise self.wrong
        return self

    @property
    def query(self) -> dict[str, Any]:
        period, group = self.asked.period, self.asked.group
        return {"first": period.first, "last": period.last, "by": group}


@router.get("")
def start(
    report: str = form_06a.CODE, first: str = "", last: str = "", by: str = ""
) -> RedirectResponse:
    """Each report has its own address; one that cannot be made by that group takes its usual."""
    kind = REPORTS.get(report)
    group = by if kind is not None and by in kind.groups else ""
    path = f"/reports/{quote(report, safe='')}"
    return RedirectResponse(address(path, first=first, last=last, by=group), status_code=303)


@router.get("/{report}.{ending}")
def export(
    seen: Visiting, report: str, ending: str, first: str = "", last: str = "", by: str = ""
) -> Response:
    """The report as a file; what is no file is a report's name with a point in it."""
    if ending not in ENDINGS:
        return report_page(seen, f"{report}.{ending}", first, last, by)
    asked = _chosen(seen, report, first, last, by).certain().asked
    return exported(seen.office, seen.kept_facts, seen.actor, asked, ending)


@router.get("/{report}")
def report_page(
    seen: Visiting, report: str, first: str = "", last: str = "", by: str = ""
) -> HTMLResponse:
    return _drawn(seen, _chosen(seen, report, first, last, by))


@router.post("/closings")
def close_page(seen: Visiting, form: Posted) -> Response:
    """Close the period that the page showed."""
    chosen = _chosen(seen, form_06a.CODE, form.text("first"), form.text("last"), form.text("by"))
    back = address(f"/reports/{form_06a.CODE}", **chosen.query)
    try:
        close(seen.office, seen.actor, chosen.certain().asked.period, key=form.key)
    except RuleError as error:
        return go(seen, back, seen.said(error), "warning")
    return go(seen, back, seen.t("Đã chốt kỳ báo cáo.", "The period is closed."))


@router.post("/closings/{closing_id}/reopening")
def ask_page(seen: Visiting, form: Posted, closing_id: str) -> Response:
    known = id_of(closing_id)
    try:
        ask_to_reopen(seen.office, seen.actor, known, form.text("reason"), key=form.key)
    except RuleError as error:
        return go(seen, _of_closing(seen, known), seen.said(error), "warning")
    said_so = seen.t(
        "Đã đề nghị mở lại kỳ; cần một người khác đồng ý.",
        "Asked to reopen; another person has to agree.",
    )
    return go(seen, _of_closing(seen, known), said_so)


@router.post("/closings/{closing_id}/agreement")
def agree_page(seen: Visiting, form: Posted, closing_id: str) -> Response:
    known = id_of(closing_id)
    try:
        agree_to_reopen(seen.office, seen.actor, known, key=form.key)
    except RuleError as error:
        return go(seen, _of_closing(seen, known), seen.said(error), "warning")
    return go(seen, _of_closing(seen, known), seen.t("Đã mở lại kỳ.", "The period is open again."))


def _of_closing(seen: Visit, closing_id: UUID) -> str:
    with seen.office.database.read() as connection:
        of = closing(connection, seen.actor, closing_id)
    return address(f"/reports/{form_06a.CODE}", first=of.first, last=of.last)


def _drawn(seen: Visit, chosen: Chosen) -> HTMLResponse:
    asked = chosen.asked
    report = made(seen.office, seen.kept_facts, seen.actor, asked)
    closed, changed = _closed(seen, report)
    kind = REPORTS[asked.report]
    head = headings(report.columns)
    flags: tuple[Flag, ...] = ()
    if report.code in _WITH_SHARES:
        with seen.facts() as facts:
            flags = flags_of(seen, facts, Scope.of(report.period))
    return page(
        seen,
        "report.html",
        nav="reports",
        errors=list(chosen.errors),
        chosen=chosen,
        report=report,
        reports=[(name, said(k.title, seen.language)) for name, k in REPORTS.items()],
        groups=[
            (group, said(GROUP_WORDS[group], seen.language))
            for group in kind.groups
            if group != "officer" or not seen.actor.roles.isdisjoint(PERSON_READERS)
        ],
        head=head,
        flags=flags,
        filters=Filters(report.period, 0),
        habit_words=habit_words(seen),
        lines=report.lines[:_SHOWN],
        said=lambda words: said(words, seen.language),
        cell=lambda value, column: cell_text(value, column.kind, seen.language),
        label=lambda column: " – ".join(said(words, seen.language) for words in column.head),
        behind=lambda line, column, value: _behind(chosen, report, line, column, value),
        exports=[
            (ending, address(f"/reports/{asked.report}.{ending}", **chosen.query))
            for ending in ENDINGS
        ],
        usual=[
            (words, address(f"/reports/{asked.report}", first=p.first, last=p.last, by=asked.group))
            for words, p in chosen.usual
        ],
        closed=closed,
        changed=changed,
        moved_shown=_MOVED,
        standing={key: seen.t(*words) for key, words in STANDING_WORDS.items()},
        may_close=_may_close(seen, report),
        closer=not seen.actor.roles.isdisjoint(CLOSERS),
        closings=_closings(seen) if asked.report == form_06a.CODE else (),
        closing_address=lambda of: address(
            f"/reports/{form_06a.CODE}", first=of.first, last=of.last
        ),
    )


def _closed(seen: Visit, report: Report) -> tuple[Closing | None, Any]:
    """The closing whose figures are shown, and what is not as it was."""
    if report.closed is None:
        return None, None
    with seen.office.database.read() as connection:
        of = closing(connection, seen.actor, UUID(report.closed.closing_id))
    return of, changed_since(seen.office, seen.kept_facts, seen.actor, of)


def _closings(seen: Visit) -> tuple[Closing, ...]:
    with seen.office.database.read() as connection:
        return closings(connection, seen.actor, form_06a.CODE)


def _may_close(seen: Visit, report: Report) -> bool:
    return (
        report.code == form_06a.CODE
        and report.closed is None
        and not seen.actor.roles.isdisjoint(CLOSERS)
        and seen.clock.now() >= report.period.end
    )


def _behind(chosen: Chosen, report: Report, line: Line, column: Column, value: Any) -> str | None:
    """Where the dossiers behind a number are listed."""
    if line.dossier_id and column.key == "code":
        return f"/dossiers/{line.dossier_id}"
    cell = line.behind.get(column.key, column.cell)
    if not cell or not isinstance(value, int) or not value or line.key == FEW:
        return None
    period, group = line.period or chosen.asked.period, chosen.asked.group
    own = {"report": chosen.asked.report, "cell": cell, "by": group}
    path = address("/dossiers/counted", **own, first=period.first, last=period.last)
    kind = REPORTS[chosen.asked.report]
    if line is report.total or not (group or kind.rows):
        return path
    return path + "&" + address("", key=line.key)[1:] if line.key else f"{path}&key="


def _chosen(seen: Visit, report: str, first: str, last: str, by: str) -> Chosen:
    """What the address asks for; the usual period is the month before this one."""
    with seen.office.database.read() as connection:
        calendar = seen.office.calendar(connection, seen.actor.agency_id)
    usual = _usual(seen, calendar.local(seen.clock.now()).date())
    period = usual[1][1]
    wrong: RuleError | None = None
    if first or last:
        try:
            period = period_of(first, last)
        except RuleError as error:
            wrong = error
    errors: tuple[Wrong, ...] = () if wrong is None else (("first", seen.said(wrong)),)
    try:
        asked = settled(seen.actor, Asked(report, period, by))
    except UnknownGroup as error:
        asked = settled(seen.actor, Asked(report, period))
        errors, wrong = (*errors, ("by", seen.said(error))), error
    return Chosen(asked, errors, usual, wrong)


def _usual(seen: Visit, today: date) -> tuple[tuple[str, Period], ...]:
    """Periods that are asked for often, as whole months."""
    month = today.replace(day=1)
    before = _months_before(month, 1)
    quarter = _months_before(month, (month.month - 1) % _QUARTERS)
    last_quarter = _months_before(quarter, _QUARTERS)
    half = month.replace(month=1 if month.month <= 2 * _QUARTERS else 7)
    day = timedelta(days=1)
    return (
        (seen.t("Tháng này", "This month"), Period(month, _end_of_month(month))),
        (seen.t("Tháng trước", "Last month"), Period(before, month - day)),
        (seen.t("Quý trước", "Last quarter"), Period(last_quarter, quarter - day)),
        (
            seen.t("6 tháng", "Half a year"),
            Period(half, _end_of_month(half.replace(month=half.month + 5))),
        ),
        (seen.t("Năm nay", "This year"), Period(date(today.year, 1, 1), date(today.year, 12, 31))),
    )


def _months_before(month: date, months: int) -> date:
    years, place = divmod(month.year * 12 + month.month - 1 - months, 12)
    return date(years, place + 1, 1)


def _end_of_month(month: date) -> date:
    return _months_before(month, -1) - timedelta(days=1)
