"""The list behind a number: which dossiers it counts, whether a measure or a report counts them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from analysis.behind import Counted, Page, Question, Selection, dossiers_behind, selected
from analysis.facts.facts import Facts
from analysis.reports.behind import UnknownCell
from analysis.reports.members import GROUPS, Only
from analysis.reports.offered import REPORTS, Asked
from api.pages.analysis.filters import USUAL_DAYS, Days, Filters, filters_of, require_reader
from api.pages.analysis.rooms import fresh
from api.pages.frame import address, page
from api.pages.report_words import CELL_WORDS, STANDING_WORDS
from api.pages.visit import Visit, Visiting
from api.reports.cell_text import said
from api.reports.making import listed, settled
from engine.procedures import by_code
from engine.store.columns import from_microseconds

router = APIRouter()
WORDS = {
    Counted.FINISHED: ("Hồ sơ xử lý xong trong kỳ", "Dossiers finished in the period"),
    Counted.EARLY: ("Hồ sơ xong trước hạn", "Dossiers finished early"),
    Counted.ON_TIME: ("Hồ sơ xong đúng hạn", "Dossiers finished on time"),
    Counted.LATE: ("Hồ sơ xong quá hạn", "Dossiers finished late"),
    Counted.JUDGED: ("Hồ sơ xong, có kết luận về hạn", "Dossiers finished with a verdict"),
    Counted.IN_TIME: ("Hồ sơ xong trước và đúng hạn", "Dossiers finished early or on time"),
    Counted.RECEIVED: ("Hồ sơ tiếp nhận trong kỳ", "Dossiers received in the period"),
    Counted.OPEN: ("Hồ sơ đang xử lý", "Dossiers being handled"),
    Counted.OVERDUE: ("Hồ sơ đang xử lý đã quá hạn", "Dossiers being handled, overdue"),
    Counted.PAUSED: ("Hồ sơ đang dừng đồng hồ", "Dossiers whose clock stands still"),
    Counted.SUPPLEMENTED: ("Hồ sơ phải bổ sung", "Dossiers asked for a supplement"),
    Counted.OWED: ("Hồ sơ trễ vì bước", "Dossiers that the step made late"),
    Counted.OWED_BETWEEN: (
        "Hồ sơ trễ mà không bước nào vượt hạn",
        "Late dossiers in which no step overran",
    ),
    Counted.STEP_ENDED: ("Hồ sơ đã qua bước", "Dossiers that passed the step"),
    Counted.STEP_EARLY: ("Hồ sơ qua bước trước hạn", "Dossiers that passed the step early"),
    Counted.STEP_ON_TIME: ("Hồ sơ qua bước đúng hạn", "Dossiers that passed the step on time"),
    Counted.STEP_LATE: ("Hồ sơ trễ ở bước", "Dossiers late at the step"),
    Counted.STEP_SENT_BACK: ("Hồ sơ bị trả lại từ bước", "Dossiers sent back from the step"),
    Counted.STEP_AGAIN: ("Hồ sơ phải làm lại bước", "Dossiers that did the step again"),
    Counted.STEP_OPEN: ("Hồ sơ đang ở bước", "Dossiers at the step now"),
}


@dataclass(frozen=True, slots=True)
class _List:
    """What is shown: of which number, in what words, and where it was come from."""

    found: Page
    fresh: datetime
    local: Callable[[int], datetime]
    title: str
    named: list[str]
    of_step: bool
    back: tuple[str, str]


@router.get("/dossiers/counted")
def behind_page(
    seen: Visiting,
    counted: Counted | None = None,
    report: str = "",
    cell: str = "",
    by: str = "",
    key: str | None = None,
    procedure: str = "",
    step: str = "",
    unit: str = "",
    component: str = "",
    days: Days = USUAL_DAYS,
    first: str = "",
    last: str = "",
    after: str = "",
) -> HTMLResponse:
    """Every filter is in the address; what is asked for narrows what the reader may see anyway.

    A number of a measure is named by `counted`; one of a report by `report`, `cell` and, of a row,
    `key`.
    """
    require_reader(seen)
    filters = filters_of(seen, days, first, last)
    own: dict[str, Any] = {
        "counted": counted.value if counted else "",
        "report": report,
        "cell": cell,
        "by": by,
        "procedure": procedure,
        "step": step,
        "unit": unit,
        "component": component,
        **filters.query,
    }
    if counted is None:
        if not report:
            raise UnknownCell(cell=cell)
        shown = _of_report(seen, filters, Asked(report, filters.period, by), cell, key, after)
    else:
        question = Question(counted, filters.period, procedure, step, unit, component)
        shown = _of_measure(seen, filters, question, after)
    base = address("/dossiers/counted", **own) + ("" if key is None else _of_row(key))
    return page(
        seen,
        "counted.html",
        nav="reports" if report else "analysis",
        errors=list(filters.errors),
        filters=filters,
        shown=shown,
        found=shown.found,
        standing={name: seen.t(*words) for name, words in STANDING_WORDS.items()},
        more=f"{base}&after={shown.found.after}" if shown.found.after else None,
        start=base if after else None,
    )


def _of_row(key: str) -> str:
    return "&" + (address("", key=key)[1:] or "key=")


def _of_measure(seen: Visit, filters: Filters, question: Question, after: str) -> _List:
    with seen.facts() as facts:
        found, at, local = _shown(after)(facts, selected(facts, question))
        names = _names(seen, facts, question.procedure_code, question.element_id)
    return _List(
        found,
        at,
        local,
        title=seen.t(*WORDS[question.counted]),
        named=[name for name in (*names, question.unit, question.component) if name],
        of_step=question.counted.value.startswith("step_"),
        back=(address("/analysis", **filters.query), seen.t("Phân tích", "Analysis")),
    )


def _of_report(
    seen: Visit, filters: Filters, asked: Asked, cell: str, key: str | None, after: str
) -> _List:
    asked = settled(seen.actor, asked)
    kind = REPORTS[asked.report]
    group = asked.group or kind.rows
    if key is not None and group in GROUPS:
        asked = Asked(asked.report, asked.period, asked.group, Only(**{group: key}))
    (found, at, local), names = listed(
        seen.office, seen.kept_facts, seen.actor, asked, cell, _shown(after)
    )
    named = [said(kind.title, seen.language)]
    if key is not None and group in GROUPS:
        named.append(said(names.of(group, key), seen.language))
    period = {"first": filters.period.first, "last": filters.period.last}
    return _List(
        found,
        at,
        local,
        title=seen.t(*CELL_WORDS.get(cell, (cell, cell))),
        named=named,
        of_step=cell.startswith("tasks"),
        back=(
            address(f"/reports/{asked.report}", **period, by=asked.group),
            seen.t("Báo cáo", "Report"),
        ),
    )


def _shown(
    after: str,
) -> Callable[[Facts, Selection], tuple[Page, datetime, Callable[[int], datetime]]]:
    """A page of the dossiers, how fresh they are, and moments in the office's zone."""

    def show(
        facts: Facts, selection: Selection
    ) -> tuple[Page, datetime, Callable[[int], datetime]]:
        zone = facts.zone
        found = dossiers_behind(facts, selection, after=after)
        return found, fresh(facts), lambda us: from_microseconds(us).astimezone(zone)

    return show


def _names(seen: Visit, facts: Facts, procedure: str, step: str) -> list[str]:
    """Of the procedure asked for (NoSuchProcedure where there is none), and of the step."""
    found = []
    if procedure:
        with seen.office.database.read() as connection:
            found.append(by_code(connection, seen.actor, procedure).name)
    if step:
        sql = "select max(name) as name from step_interval where element_id = $step"
        found.append(facts.rows(sql, step=step)[0]["name"] or step)
    return found
