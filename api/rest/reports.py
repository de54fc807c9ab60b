"""Reports of a period: as JSON, Excel, CSV and PDF, and the dossiers behind a number."""

from collections.abc import Callable
from datetime import date, datetime, tzinfo
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Response

from analysis.behind import Behind, Selection, behind_by_code
from analysis.facts.facts import Facts
from analysis.facts.kept import KeptFacts
from analysis.period import Period
from analysis.rate import Rate
from analysis.reports.members import Only
from analysis.reports.offered import REPORTS, Asked
from analysis.reports.table import Cell, Line, Report, Words
from api.identity import Officer, TheFacts, TheOffice
from api.reports.cell_text import file_name
from api.reports.letterhead import Letterhead
from api.reports.making import letterhead, listed, made, require_reader
from api.reports.printed import report_pdf
from api.reports.table_csv import report_csv
from api.reports.workbook import workbook
from api.rest.answer import Answer
from api.rest.returns import First, Last
from engine.actor import Actor
from engine.office import Office
from engine.store.columns import from_microseconds

router = APIRouter(tags=["reports"])
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
PDF = "application/pdf"
_LONG = 200
By = Annotated[
    str, Query(max_length=40, description="unit, field, procedure, handling_unit or officer.")
]
Name = Annotated[str, Path(max_length=20, description="06a, 07a, late, ...: as offered.")]
One = Annotated[str | None, Query(max_length=_LONG, description="Only this one, by its code.")]


def _asked(
    report: Name,
    first: First,
    last: Last,
    by: By = "",
    unit: One = None,
    field: One = None,
    procedure: One = None,
) -> Asked:
    """What an address asks for."""
    return Asked(report, Period(first, last), by, Only(unit=unit, field=field, procedure=procedure))


class ReportWordsAnswer(Answer):
    """A text in both languages."""

    vi: str
    en: str


class ReportRateAnswer(Answer):
    """percent: two decimals, truncated; null where the whole is 0."""

    part: int
    whole: int
    percent: str | None


CellAnswer = str | int | ReportRateAnswer | ReportWordsAnswer | None


class ReportColumnAnswer(Answer):
    """head: headings from the outermost to its own. cell: what lists the dossiers behind it."""

    key: str
    head: list[ReportWordsAnswer]
    kind: str
    cell: str


class ReportLineAnswer(Answer):
    """key: of its group. Cells that nothing is known of are null, never 0."""

    key: str
    cells: list[CellAnswer]


class ReportClosedAnswer(Answer):
    """That the figures are those of a closed period."""

    closing_id: UUID
    edition: int
    closed_at: datetime
    closed_by: str
    sha256: str


class ReportAnswer(Answer):
    """A report; answer says it in one sentence, wrong which sums do not hold; empty is good."""

    report: str
    form: str
    title: ReportWordsAnswer
    counts: ReportWordsAnswer
    first: date
    last: date
    by: str
    definition: str
    at: datetime
    answer: ReportWordsAnswer | None
    columns: list[ReportColumnAnswer]
    lines: list[ReportLineAnswer]
    total: ReportLineAnswer | None
    notes: list[ReportWordsAnswer]
    wrong: list[ReportWordsAnswer]
    closed: ReportClosedAnswer | None


class ReportKindAnswer(Answer):
    """A report that is offered; by: what it can be made by, the usual first."""

    report: str
    title: ReportWordsAnswer
    by: list[str]


class ReportDossierAnswer(Answer):
    """A dossier behind a number: how it arrived and where it stands in the period.

    Behind tasks neither is said.
    """

    dossier_id: UUID
    code: str
    procedure_code: str
    unit: str
    arrival: str
    standing: str
    received_at: datetime
    due_at: datetime | None
    ended_at: datetime | None


@router.get("/reports", summary="Các báo cáo / reports")
def get_reports(actor: Officer) -> list[ReportKindAnswer]:
    """The reports that are offered."""
    require_reader(actor)
    return [
        ReportKindAnswer(report=name, title=_words(kind.title), by=list(kind.groups))
        for name, kind in REPORTS.items()
    ]


def _exported(media: str) -> dict[int | str, dict[str, object]]:
    return {200: {"content": {media.split(";", maxsplit=1)[0]: {}}}}


@router.get(
    "/reports/{report}.xlsx",
    summary="Báo cáo, Excel / report as Excel",
    response_class=Response,
    responses=_exported(XLSX),
)
def get_workbook(
    office: TheOffice, kept: TheFacts, actor: Officer, asked: Annotated[Asked, Depends(_asked)]
) -> Response:
    """The report with the head of the form."""
    return exported(office, kept, actor, asked, "xlsx")


@router.get(
    "/reports/{report}.csv",
    summary="Báo cáo, CSV / report as CSV",
    response_class=Response,
    responses=_exported(CSV),
)
def get_csv(
    office: TheOffice, kept: TheFacts, actor: Officer, asked: Annotated[Asked, Depends(_asked)]
) -> Response:
    """The report as a plain table (UTF-8 with its mark)."""
    return exported(office, kept, actor, asked, "csv")


@router.get(
    "/reports/{report}.pdf",
    summary="Báo cáo, PDF / report as PDF",
    response_class=Response,
    responses=_exported(PDF),
)
def get_pdf(
    office: TheOffice, kept: TheFacts, actor: Officer, asked: Annotated[Asked, Depends(_asked)]
) -> Response:
    """The report to sign, as PDF/A."""
    return exported(office, kept, actor, asked, "pdf")


@router.get("/reports/{report}", summary="Một báo cáo / one report")
def get_report(
    office: TheOffice, kept: TheFacts, actor: Officer, asked: Annotated[Asked, Depends(_asked)]
) -> ReportAnswer:
    """The report; of a closed period form 06a is what was closed. For heads, the reform team."""
    return report_answer(made(office, kept, actor, asked))


@router.get("/reports/{report}/dossiers", summary="Hồ sơ của một số liệu / dossiers behind it")
def get_behind(
    office: TheOffice,
    kept: TheFacts,
    actor: Officer,
    report: Name,
    first: First,
    last: Last,
    cell: Annotated[str, Query(max_length=40, description="As a column of the report says.")],
    unit: One = None,
    field: One = None,
    procedure: One = None,
    after: Annotated[str, Query(max_length=60, description="Only codes beyond this one.")] = "",
    limit: Annotated[int, Query(ge=1, le=200, description="At most so many.")] = 50,
) -> list[ReportDossierAnswer]:
    """The dossiers that a number counts, in the order of their codes."""
    asked = _asked(report, first, last, "", unit, field, procedure)

    def shown(facts: Facts, chosen: Selection) -> list[ReportDossierAnswer]:
        found = behind_by_code(facts, chosen, after=after, most=limit)
        return [_dossier(each, facts.zone) for each in found]

    return listed(office, kept, actor, asked, cell, shown)[0]


def _dossier(each: Behind, zone: tzinfo) -> ReportDossierAnswer:
    def local(us: int | None) -> datetime | None:
        return None if us is None else from_microseconds(us).astimezone(zone)

    return ReportDossierAnswer(
        dossier_id=each.dossier_id,
        code=each.code,
        procedure_code=each.procedure_code,
        unit=each.unit,
        arrival=each.arrival,
        standing=each.standing,
        received_at=from_microseconds(each.received_us).astimezone(zone),
        due_at=local(each.due_us),
        ended_at=local(each.finished_us),
    )


def report_answer(report: Report) -> ReportAnswer:
    """The report as JSON has it."""
    return ReportAnswer(
        report=report.code,
        form=report.form,
        title=_words(report.title),
        counts=_words(report.counts),
        first=report.period.first,
        last=report.period.last,
        by=report.group,
        definition=report.definition,
        at=report.at,
        answer=None if report.answer is None else _words(report.answer),
        columns=[
            ReportColumnAnswer(
                key=column.key,
                head=[_words(words) for words in column.head],
                kind=column.kind.value,
                cell=column.cell,
            )
            for column in report.columns
        ],
        lines=[_line(line) for line in report.lines],
        total=None if report.total is None else _line(report.total),
        notes=[_words(words) for words in report.notes],
        wrong=[_words(words) for words in report.wrong],
        closed=None if report.closed is None else ReportClosedAnswer.model_validate(report.closed),
    )


_MADE: dict[str, tuple[str, Callable[[Report, Letterhead], bytes]]] = {
    "xlsx": (XLSX, workbook),
    "csv": (CSV, lambda report, _: report_csv(report)),
    "pdf": (PDF, report_pdf),
}
ENDINGS = tuple(_MADE)
"""The files that a report can be had as."""


def exported(office: Office, kept: KeptFacts, actor: Actor, asked: Asked, ending: str) -> Response:
    """The report as a file to save."""
    media, make = _MADE[ending]
    report = made(office, kept, actor, asked)
    headers = {"Content-Disposition": f'attachment; filename="{file_name(report, ending)}"'}
    content = make(report, letterhead(office, actor))
    return Response(content, media_type=media, headers=headers)


def _words(words: Words) -> ReportWordsAnswer:
    return ReportWordsAnswer(vi=words.vi, en=words.en)


def _line(line: Line) -> ReportLineAnswer:
    return ReportLineAnswer(key=line.key, cells=[_cell(cell) for cell in line.cells])


def _cell(cell: Cell) -> CellAnswer:
    if isinstance(cell, Rate):
        percent = None if cell.percent is None else str(cell.percent)
        return ReportRateAnswer(part=cell.part, whole=cell.whole, percent=percent)
    if isinstance(cell, Words):
        return _words(cell)
    if cell is None or isinstance(cell, int | str):
        return cell
    return str(cell) if not isinstance(cell, date) else cell.isoformat()
