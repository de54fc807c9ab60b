"""A report as PDF, drawn by Typst: PDF/A, accessible, the same bytes for the same report."""

from functools import cache
from pathlib import Path
from typing import Any

from analysis.reports.table import Line, Report, headings
from api.reports.cell_text import NOTHING, cell_text, closed_text, period_text, said
from api.reports.letterhead import Letterhead
from engine.forms.legible import BOX, legible
from engine.forms.press import pdf
from processes.errors import Unmet

MOST_LINES = 2_000
_BOXES = f"{BOX}: ký tự không in được; xem trên màn hình hoặc trong tệp Excel."
_SOURCE = Path(__file__).with_name("report.typ")


class TooLongToPrint(Unmet):
    """More lines than are printed at a time."""

    code = "report.too_long_to_print"
    vi = "Báo cáo có {lines} dòng, mỗi lần in tối đa {most}. Chọn kỳ ngắn hơn hoặc xuất Excel."
    en = "The report has {lines} lines, at most {most} are printed. Choose less, or export Excel."


def report_pdf(report: Report, head: Letterhead) -> bytes:
    """The report in Vietnamese. Errors: TooLongToPrint, FormFailed, FormTooCostly."""
    if len(report.lines) > MOST_LINES:
        raise TooLongToPrint(lines=len(report.lines), most=MOST_LINES)
    facts, has_boxes = legible(facts_of(report, head))
    if has_boxes:
        facts = {**facts, "notes": [*facts["notes"], _BOXES]}
    return pdf(_source(), facts, report.at)


def facts_of(report: Report, head: Letterhead) -> dict[str, Any]:
    """What the template is told: texts and nothing but texts."""
    kinds = [column.kind.value for column in report.columns]
    if report.columns[0].key == "no":
        kinds[0] = "first"
    drawn = [heading for row in headings(report.columns) for heading in row]
    at = f"Số liệu lấy lúc {report.at:%H:%M ngày %d/%m/%Y}; định nghĩa {report.definition}."
    return {
        "title": said(report.title, "vi"),
        "description": said(report.title, "vi"),
        "agency": head.agency,
        "above": head.above or NOTHING,
        "form": report.form or report.code,
        "form_number": report.form,
        "basis": head.legal_basis or at,
        "code": "",
        "number": "",
        "day": [report.at.year, report.at.month, report.at.day],
        "counts": said(report.counts, "vi"),
        "period": period_text(report, "vi"),
        "columns": kinds,
        "numbered": report.numbered,
        "head": [
            {
                "words": said(heading.words, "vi"),
                "row": heading.row,
                "column": heading.column,
                "rows": heading.rows,
                "columns": heading.columns,
            }
            for heading in drawn
        ],
        "lines": [_texts(report, line) for line in report.lines],
        "total": [] if report.total is None else _texts(report, report.total, nothing=""),
        "wrong": [said(words, "vi") for words in report.wrong],
        "notes": [
            *(said(words, "vi") for words in report.notes),
            at,
            closed_text(report, "vi"),
        ],
    }


def _texts(report: Report, line: Line, nothing: str = NOTHING) -> list[str]:
    return [
        nothing if cell is None else cell_text(cell, column.kind, "vi")
        for column, cell in zip(report.columns, line.cells, strict=True)
    ]


@cache
def _source() -> str:
    return _SOURCE.read_text(encoding="utf-8")
