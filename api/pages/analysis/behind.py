"""The list behind a number of a measure or a report: the dossiers, or runs of steps, it counts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query
from fastapi.responses import HTMLResponse, Response

from analysis.behind import Behind, Page, Selection, dossiers_behind, every_one
from analysis.counted.question import NOBODYS, Counted, Question
from analysis.counted.selecting import selected
from analysis.facts.facts import Facts
from analysis.queues.open_hours import OpenHours
from analysis.queues.scope import Scope
from analysis.queues.utilisation import utilisation
from analysis.reports.behind import UnknownCell
from analysis.reports.four_cells import LISTED
from analysis.reports.members import GROUPS, Only
from analysis.reports.offered import REPORTS, Asked
from api.analysis_readers import positions_for
from api.opening_hours import hours_of
from api.pages.analysis.counted_names import names_of
from api.pages.analysis.counted_words import (
    AT_MOMENT,
    AT_PRESENT,
    COUNTED_WORDS,
    SPENT_WORDS,
    USUAL_SPENT,
)
from api.pages.analysis.filters import USUAL_DAYS, Days, Filters, filters_of, require_reader
from api.pages.analysis.rooms import fresh
from api.pages.frame import address, local_path, page
from api.pages.report_words import CELL_WORDS, STANDING_WORDS
from api.pages.visit import Visit, Visiting
from api.reports.cell_text import said
from api.reports.making import listed, settled
from api.table_files import table_file
from engine.store.columns import from_microseconds
from processes.errors import NotFound

router = APIRouter()
_PATH = "/dossiers/counted"
_IN_A_FILE = 100_000
_LONGEST = 1 << 50
Text = Annotated[str, Query(max_length=300)]
Seconds = Annotated[int | None, Query(ge=0, le=_LONGEST)]


@dataclass(frozen=True)
class _Asked:
    """Every filter is in the address. A number of a measure is named by `counted`; one of a report
    by `report`, `cell` and, of a row, `key`. back: the page it stands on.
    """

    counted: Counted | None = None
    report: Text = ""
    cell: Text = ""
    by: Text = ""
    key: Annotated[str | None, Query(max_length=300)] = None
    procedure: Text = ""
    version: Text = ""
    step: Text = ""
    unit: Text = ""
    position: Text = ""
    component: Text = ""
    way: Text = ""
    cause: Text = ""
    sent_from: Text = ""
    day: Text = ""
    within: Seconds = None
    days: Days = USUAL_DAYS
    first: Text = ""
    last: Text = ""
    back: Annotated[str, Query(max_length=2000)] = ""

    def query(self, filters: Filters) -> dict[str, Any]:
        """The address again, with the period as it was understood."""
        names = self.__dataclass_fields__.keys() - {"days", "first", "last", "key"}
        own = {name: getattr(self, name) for name in self.__dataclass_fields__ if name in names}
        counted = self.counted.value if self.counted else ""
        return own | {"counted": counted} | filters.query

    def question(self, counted: Counted, filters: Filters) -> Question:
        return Question(
            counted,
            filters.period,
            self.procedure,
            self.step,
            self.unit,
            self.component,
            self.version,
            self.position,
            self.way,
            self.cause,
            self.sent_from,
            self.day,
            self.within,
        )


AskedFor = Annotated[_Asked, Depends()]
_Read = Callable[[Facts, Selection], Any]


@dataclass(frozen=True, slots=True)
class _Head:
    """What the list is: its words, what it is narrowed to, and where it was come from.

    spent: what the time of a run means, "" where the rows are no runs. requests: they are
    supplements that were asked for. now: it is so now, whatever the period.
    """

    title: str
    named: list[str]
    of_step: bool
    back: tuple[str, str]
    spent: str = ""
    requests: bool = False
    day: str = ""
    now: bool = False


@dataclass(frozen=True, slots=True)
class _List:
    """A page of the list, and how fresh it is."""

    head: _Head
    found: Page
    fresh: datetime
    local: Callable[[int], datetime]


@router.get(_PATH)
def behind_page(seen: Visiting, asked: AskedFor, after: str = "") -> HTMLResponse:
    """What is asked for narrows what the reader may see anyway."""
    require_reader(seen)
    filters = filters_of(seen, asked.days, asked.first, asked.last)
    shown = _read(seen, asked, filters, _shown(after))
    listing = _List(*shown)
    base = _again(_PATH, asked, filters)
    return page(
        seen,
        "counted.html",
        nav="reports" if asked.report else "analysis",
        errors=list(filters.errors),
        filters=filters,
        shown=listing.head,
        fresh=listing.fresh,
        local=listing.local,
        found=listing.found,
        standing={name: seen.t(*words) for name, words in STANDING_WORDS.items()},
        more=f"{base}&after={listing.found.after}" if listing.found.after else None,
        start=base if after else None,
        files=[(kind, _again(f"{_PATH}.{kind}", asked, filters)) for kind in ("xlsx", "csv")],
    )


@router.get(_PATH + ".{kind}")
def behind_file(seen: Visiting, asked: AskedFor, kind: Literal["csv", "xlsx"]) -> Response:
    """The whole list for spreadsheets."""
    require_reader(seen)
    filters = filters_of(seen, asked.days, asked.first, asked.last).certain()
    head, rows, _, local = _read(seen, asked, filters, _all)
    return table_file(kind, "list", [_line(row, head, local) for row in rows], head.title)


def _line(row: Behind, head: _Head, local: Callable[[int], datetime]) -> dict[str, Any]:
    def day(us: int | None) -> str:
        return "" if us is None else local(us).strftime("%Y-%m-%d %H:%M")

    of_run = {
        "step": row.step,
        "attempt": row.attempt,
        "enabled": day(row.enabled_us),
        "ended": day(row.ended_us),
        "spent_ws": row.spent_ws,
    }
    of_request = {
        "request": row.attempt,
        "asked": day(row.enabled_us),
        "waited_until": day(row.ended_us),
    }
    return {
        "code": row.code,
        "procedure_code": row.procedure_code,
        "unit": row.unit,
        "received": day(row.received_us),
        "due": day(row.due_us),
        "finished": day(row.finished_us),
        "late_ws": row.late_ws,
        **(of_run if head.spent else of_request if head.requests else {"standing": row.standing}),
    }


def _again(path: str, asked: _Asked, filters: Filters) -> str:
    base = address(path, **asked.query(filters))
    if asked.key is None:
        return base
    return f"{base}&" + (address("", key=asked.key)[1:] or "key=")


def _read(seen: Visit, asked: _Asked, filters: Filters, read: _Read) -> tuple[Any, ...]:
    """The head of the list, what `read` makes of it, how fresh it is, and the office's zone."""
    if asked.counted is None:
        if not asked.report:
            raise UnknownCell(cell=asked.cell)
        return _of_report(seen, asked, filters, read)
    return _of_measure(seen, asked, asked.counted, filters, read)


def _of_measure(
    seen: Visit, asked: _Asked, counted: Counted, filters: Filters, read: _Read
) -> tuple[Any, ...]:
    question = asked.question(counted, filters)
    with seen.facts() as facts:

        def hours() -> Mapping[str, OpenHours]:
            return hours_of(seen.office, seen.actor.agency_id, facts)

        if question.position:
            _require_position(seen, facts, question, hours())
        chosen = selected(facts, question, hours)
        named = names_of(seen, facts, question)
        found = _with_zone(read)(facts, chosen)
    head = _Head(
        title=seen.t(*COUNTED_WORDS[counted]),
        named=named,
        of_step=counted.runs,
        back=_back(seen, asked, address("/analysis", **filters.query)),
        spent=seen.t(*SPENT_WORDS.get(counted, USUAL_SPENT)) if counted.runs else "",
        requests=counted.requests,
        day=asked.day if counted in AT_MOMENT else "",
        now=counted in AT_PRESENT,
    )
    return (head, *found)


def _require_position(
    seen: Visit, facts: Facts, question: Question, hours: Mapping[str, OpenHours]
) -> None:
    """NotFound of a position whose figures this reader may not see: those of one person."""
    scope = Scope.of(question.period, procedure_code=question.procedure_code or None)
    posts = positions_for(seen.actor, utilisation(facts, scope, hours))
    known = {(post.unit or NOBODYS, post.position or NOBODYS) for post in posts}
    if (question.unit, question.position) not in known:
        raise NotFound(what=seen.t("số liệu của vị trí này", "figures of this position"))


def _of_report(seen: Visit, asked: _Asked, filters: Filters, read: _Read) -> tuple[Any, ...]:
    report = settled(seen.actor, Asked(asked.report, filters.period, asked.by))
    kind = REPORTS[report.report]
    group = report.group or kind.rows
    row = asked.key is not None and group in GROUPS
    if row:
        report = replace(report, group=report.group, only=Only(**{group: asked.key}))
    found, names = listed(
        seen.office, seen.kept_facts, seen.actor, report, asked.cell, _with_zone(read), tasks=True
    )
    named = [said(kind.title, seen.language)]
    if row:
        named.append(said(names.of(group, asked.key or ""), seen.language))
    period = {"first": filters.period.first, "last": filters.period.last}
    tasks = asked.cell in LISTED
    head = _Head(
        title=seen.t(*CELL_WORDS.get(asked.cell, (asked.cell, asked.cell))),
        named=named,
        of_step=tasks,
        spent=seen.t(*USUAL_SPENT) if tasks else "",
        back=_back(seen, asked, address(f"/reports/{report.report}", **period, by=report.group)),
    )
    return (head, *found)


def _back(seen: Visit, asked: _Asked, usual: str) -> tuple[str, str]:
    """Where the reader came from, as far as it is a page of this site."""
    came = local_path(asked.back) if asked.back else "/"
    url = usual if came == "/" else came
    words = ("Báo cáo", "Report") if url.startswith("/reports") else ("Phân tích", "Analysis")
    return url, seen.t(*words)


def _with_zone(read: _Read) -> Callable[[Facts, Selection], tuple[Any, datetime, Any]]:
    """What was read, how fresh it is, and moments in the office's zone."""

    def show(facts: Facts, selection: Selection) -> tuple[Any, datetime, Any]:
        zone = facts.zone
        found = read(facts, selection)
        return found, fresh(facts), lambda us: from_microseconds(us).astimezone(zone)

    return show


def _shown(after: str) -> _Read:
    return lambda facts, selection: dossiers_behind(facts, selection, after=after)


def _all(facts: Facts, selection: Selection) -> tuple[Behind, ...]:
    return every_one(facts, selection, _IN_A_FILE)
